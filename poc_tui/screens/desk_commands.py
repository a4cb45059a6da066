"""What leads from the desk elsewhere: to a request, other screens, and dialogs of the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.screens.pane_moves import PaneMoves
    from poc_tui.screens.request_actions import RequestActions
    from poc_tui.screens.services.mail_scheduler import MailScheduler


class DeskCommands:
    """The commands of the desk as a whole."""

    def __init__(
        self, screen: QueueScreen, panes: PaneMoves, actions: RequestActions, mailing: MailScheduler
    ) -> None:
        self._screen = screen
        self._session = screen.session
        self._panes = panes
        self._actions = actions
        self._mailing = mailing
        self.commands: dict[str, Callable[[], object]] = {
            "open": self.open,
            "new": self._new,
            "levels": self._levels,
            "departments": self._departments,
            "agenda": self._agenda,
            "mail": self._mail,
            "fetch": mailing.fetch,
        }

    def open(self) -> None:
        """Open what is highlighted: the request whole."""
        row = self._screen.queue.highlighted_row
        if row is not None:
            self.open_request(row.number)

    def open_request(self, number: int) -> None:
        """Open a request."""
        from poc_tui.screens.request import RequestScreen

        self._screen.open_screen(RequestScreen(self._session, number))

    async def _new(self) -> None:
        from poc_tui.screens.dialogs.new import NewDialog

        done = await self._screen.app.push_screen_wait(NewDialog(self._session))
        if self._actions.tell(done) and done is not None:
            self._screen.point_at(done.numbers)

    async def _levels(self) -> None:
        from poc_tui.screens.dialogs.levels import LevelsDialog

        await self._actions.open(LevelsDialog(self._session))

    def _departments(self) -> None:
        from poc_tui.screens.departments import DepartmentsScreen

        self._screen.open_screen(DepartmentsScreen(self._session))

    def _agenda(self) -> None:
        from poc_tui.screens.agenda import AgendaScreen

        self._screen.open_screen(AgendaScreen(self._session))

    def _mail(self) -> None:
        from poc_tui.screens.mail import MailScreen

        self._screen.open_screen(MailScreen(self._session, self._mailing))
