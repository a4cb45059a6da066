"""Mails of ours that the person sends: given to a mail program, to the clipboard or to a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from poc_tui.errors import PocError
from poc_tui.store.queries import mail

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import CommandScreen
    from poc_tui.store.records import Done

PARTED = "\n----\n\n"
"""Between two mails on the clipboard."""


async def hand_over_of(screen: CommandScreen[Any], done: Done, step: int) -> None:
    """Hand over what the step of the journal queued, and say so below what the step did."""
    try:
        await screen.session.readable()
        ids = [row.id for row in mail.queued_by(screen.session.reader, step)]
    except PocError as error:
        screen.warn(str(error))
        return
    if ids:
        await hand_over(screen, ids, done.label, *done.remarks)


async def hand_over(screen: CommandScreen[Any], ids: Sequence[int], *before: str) -> None:
    """Hand over these, and say so; of several on the clipboard all are there in the end."""
    texts: list[str] = []

    def copy(text: str) -> str:
        texts.append(text)
        screen.app.call_from_thread(screen.app.copy_to_clipboard, PARTED.join(texts))
        return "on the clipboard"

    handed = await screen.session.mail.hand_over(ids, copy)
    say = screen.warn if handed.trouble else screen.say
    say("\n".join((*before, *handed.said, *handed.trouble)))
