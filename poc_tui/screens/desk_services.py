"""What works behind the open desk: notices, mail, service levels and the backup."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from poc_tui.errors import PocError
from poc_tui.rules.text import safe
from poc_tui.screens.services.due_notifications import DueNotifications
from poc_tui.screens.services.mail_scheduler import MailScheduler
from poc_tui.screens.workers import begin_work, later
from poc_tui.system.background_threads import in_background

if TYPE_CHECKING:
    from collections.abc import Callable

    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.screens.session import Session
    from poc_tui.settings.active_levels import LevelsComparison

PAINTED_SECONDS, NOTICES_SECONDS, MAIL_SECONDS, BACKUP_SECONDS = 0.1, 1.0, 1.2, 4.0

_TURN_SECONDS = 0.001
"""How long a thread at work, such as a search, keeps the screen's thread waiting; 5 ms if nobody
says otherwise, for every turn that a key takes."""

_COLLECT_AFTER = 20_000
"""Objects made until garbage is looked for; with Python's own 700 keys met full collections that
took up to 0.1 s."""


class DeskServices:
    """Begins each when the first paint no longer waits for it.

    Args:
        screen: the desk; its timers and workers are used.
        loaded: called once the service levels are known, by which lines are drawn.
    """

    def __init__(self, screen: QueueScreen, loaded: Callable[[], object]) -> None:
        self._screen = screen
        self._loaded = loaded
        self.notices = DueNotifications(screen, screen.session)
        self.mail = MailScheduler(screen, screen.session)
        self._levels = LevelsWatch(screen.session)

    def begin(self) -> None:
        """From now on they work."""
        sys.setswitchinterval(_TURN_SECONDS)
        screen = self._screen
        later(screen, PAINTED_SECONDS, lambda: begin_work(screen, self._painted, "levels"))
        later(screen, NOTICES_SECONDS, self.notices.begin)
        later(screen, MAIL_SECONDS, self._begin_mail)
        later(screen, BACKUP_SECONDS, lambda: begin_work(screen, self._back_up, "backup"))

    def look(self) -> None:
        """The store was read anew: see what there is to tell and to do."""
        self.notices.look()
        self.mail.look()

    def watch_levels(self) -> None:
        """Say once that the file of the service levels is not, or not yet, in force."""
        if news := self._levels.news():
            self._screen.app.notify(safe(news, newline=True), markup=False, timeout=10)

    def _begin_mail(self) -> None:
        self.mail.begin()
        screen = self._screen
        if self.mail.aside and screen.display and not screen.queue.row_count:
            screen.reload()  # an empty desk says so

    async def _painted(self) -> None:
        """Do what the first paint could do without."""
        # A full collection looks at every object of the libraries, none of which ever goes; a page
        # of rows is painted without one.
        gc.freeze()
        gc.set_threshold(_COLLECT_AFTER)
        gc.enable()
        session = self._screen.session
        with suppress(PocError):  # a folder that cannot be written
            session.be_here()
        try:
            await session.know_levels()
            self.watch_levels()
        except PocError as error:
            self._screen.warn(str(error))
        if self._screen.display:  # not while it is being taken down
            self._loaded()

    async def _back_up(self) -> None:
        if trouble := await back_up(self._screen.session):
            self._screen.warn(trouble)


class LevelsWatch:
    """Says once of every state of the file that it is not in force, and why."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said: LevelsComparison | None = None

    def news(self) -> str | None:
        """What to tell the person, None where the file is in force or was spoken of already."""
        from poc_tui.settings import active_levels

        session = self._session
        if session.demo:
            return None  # it lives by the levels that ship with the program
        found = active_levels.compare(session.reader, session.settings.hours, session.environ)
        if not found.differs or found == self._said:
            return None
        self._said = found
        if found.problem:
            return f"{found.problem}\nThe old service levels stay in force."
        return f"The service levels have changed; {session.keymap.first('levels')} applies them."


async def back_up(session: Session) -> str:
    """Have the day's backup made if it is due; returns why it could not be, empty if it could.

    Waits for it without holding anything up; left before it is made, the desk closes at once and
    the backup goes on.
    """

    def made() -> str:
        from poc_tui.store.backups.making import begin
        from poc_tui.system.locations import state_dir

        making = begin(session.path, state_dir(session.environ))
        if making is None:
            return ""
        _, said = making.communicate()
        return said.strip() if making.returncode else ""

    return await in_background(made, "poc-backup") if session.backs_up else ""
