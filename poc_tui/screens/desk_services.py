"""What works behind the open desk: what is loaded late, notices, mail, levels and the backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poc_tui.errors import PocError
from poc_tui.rules.text import safe
from poc_tui.screens.services.daily_backup import back_up
from poc_tui.screens.services.due_notifications import DueNotifications
from poc_tui.screens.services.gc_tuning import keep_turns_short, spare_what_stays
from poc_tui.screens.services.levels_watch import LevelsWatch
from poc_tui.screens.services.mail_scheduler import MailScheduler

if TYPE_CHECKING:
    from collections.abc import Callable

    from poc_tui.screens.command_screen import RequestsScreen

WARM_UP_SECONDS, NOTICES_SECONDS, MAIL_SECONDS, LOADED_SECONDS = 0.1, 1.0, 1.2, 3.0
BACKUP_SECONDS = 4.0


class DeskServices:
    """Begins each when the first paint no longer waits for it.

    Args:
        screen: the desk; its timers and workers are used.
        loaded: called once the service levels are known, by which lines are drawn.
    """

    def __init__(self, screen: RequestsScreen, loaded: Callable[[], object]) -> None:
        self._screen = screen
        self._loaded = loaded
        self.notices = DueNotifications(screen, screen.session)
        self.mail = MailScheduler(screen, screen.session)
        self._levels = LevelsWatch(screen.session)

    def begin(self) -> None:
        """From now on they work."""
        keep_turns_short()
        screen = self._screen
        screen.set_timer(
            WARM_UP_SECONDS, lambda: screen.run_worker(self._warm_up(), group="warm-up")
        )
        screen.set_timer(NOTICES_SECONDS, self.notices.begin)
        screen.set_timer(MAIL_SECONDS, self.mail.begin)
        screen.set_timer(LOADED_SECONDS, spare_what_stays)
        screen.set_timer(BACKUP_SECONDS, lambda: screen.run_worker(self._back_up(), group="backup"))

    def look(self) -> None:
        """The store was read anew: see what there is to tell and to do."""
        self.notices.look()
        self.mail.look()

    def watch_levels(self) -> None:
        """Say once that the file of the service levels is not, or not yet, in force."""
        if news := self._levels.news():
            self._screen.app.notify(safe(news, newline=True), markup=False, timeout=10)

    async def _warm_up(self) -> None:
        """Load what the first paint could do without."""
        self._screen.session.warm_up()
        try:
            await self._screen.session.know_levels()
            self.watch_levels()
        except PocError as error:
            self._screen.warn(str(error))
        self._loaded()

    async def _back_up(self) -> None:
        if trouble := await back_up(self._screen.session):
            self._screen.warn(trouble)
