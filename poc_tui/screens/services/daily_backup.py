"""The day's backup, made while the desk is open by a program of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poc_tui.system.background_threads import in_background

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


async def back_up(session: Session) -> str:
    """Have the day's backup made if it is due; returns why it could not be, empty if it could.

    Waits for it without holding anything up; left before it is made, the desk closes at once and
    the backup goes on.
    """
    return await in_background(lambda: _made(session), "poc-backup") if session.backs_up else ""


def _made(session: Session) -> str:
    from poc_tui.store.backups.making import begin
    from poc_tui.system.locations import state_dir

    making = begin(session.path, state_dir(session.environ))
    if making is None:
        return ""
    _, said = making.communicate()
    return said.strip() if making.returncode else ""
