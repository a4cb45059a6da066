"""What leads from the desk elsewhere: to a request, other screens, and dialogs of the desk."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from poc_tui.rules.text import one_line

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.screens.desk_memory import DeskMemory
    from poc_tui.screens.request_actions import RequestActions
    from poc_tui.screens.services.mail_scheduler import MailScheduler
    from poc_tui.screens.set_up import SetUp

NAMED = 50
"""Cells in which dropped files are named."""


class DeskCommands:
    """The commands of the desk as a whole."""

    def __init__(
        self,
        screen: QueueScreen,
        actions: RequestActions,
        mailing: MailScheduler,
        memory: DeskMemory,
    ) -> None:
        self._screen = screen
        self._session = screen.session
        self._actions = actions
        self._mailing = mailing
        self._memory = memory
        self.commands: dict[str, Callable[..., object]] = {
            "open": self.open,
            "new": self._new,
            "levels": self._levels,
            "departments": self._departments,
            "agenda": self._agenda,
            "mail": self._mail,
            "fetch": mailing.fetch,
            "chase_late": self._chase_late,
            "set_up": self._ask_to_set_up,
        }

    @cached_property
    def set_up(self) -> SetUp:
        """The questions to a new desk, and what it says until it has a request."""
        from poc_tui.screens.set_up import SetUp

        return SetUp(self._screen, self._actions, self._mailing, self._memory)

    def open(self) -> None:
        """Open what is highlighted: the request whole."""
        if not self._screen.queue.row_count and self.set_up.accept():
            return
        row = self._screen.queue.highlighted_row
        if row is not None:
            self.open_request(row.number)

    def open_request(self, number: int) -> None:
        """Open a request."""
        from poc_tui.screens.request import RequestScreen

        self._session.looked_at[number] = self._session.clock.now()
        self._screen.open_screen(RequestScreen(self._session, number))

    async def pasted(self, words: str) -> None:
        """Take down what was pasted on the desk, or the files that were dropped on it."""
        from poc_tui.system.dropped_files import dropped, words_of

        if not words.strip():
            return
        files = await asyncio.to_thread(dropped, words)
        if files:
            mails = [path for path in files if path.lower().endswith(".eml")]
            if mails:
                await self._take_in(mails)
            if not (others := [path for path in files if path not in mails]):
                return
            words = await asyncio.to_thread(words_of, others)
        await self._new(words)

    async def _take_in(self, mails: Sequence[str]) -> None:
        """Take in mails that lie in files, if the person agrees."""
        from poc_tui.screens.dialogs.confirm import agreed_to

        names = ", ".join(os.path.basename(path) for path in mails)
        what = f"the mail in {names}" if len(mails) == 1 else f"these {len(mails)} mails: {names}"
        if await agreed_to(self._screen, one_line(f"Take in {what}", NAMED) + "?", "take in"):
            self._mailing.fetch(mails)

    async def _new(self, pasted: str = "") -> None:
        from poc_tui.screens.dialogs.new import NewDialog

        done = await self._screen.app.push_screen_wait(NewDialog(self._session, pasted))
        if self._actions.tell(done) and done is not None:
            self._screen.point_at(done.numbers)

    async def _chase_late(self) -> None:
        """Chase every answer that is late, as one step."""
        from poc_tui.store.queries import queue, views
        from poc_tui.widgets.marks import MOST_MARKED

        now = self._session.clock.now()
        rows = queue.page(self._session.reader, views.TO_CHASE, now, 0, MOST_MARKED)
        if rows:
            self._screen.action_run("chase", None, rows)
        else:
            self._screen.warn("No department is late with an answer.")

    def first_steps(self) -> str:
        """What stands in the queue of a desk without a request."""
        return self.set_up.first_steps()

    async def _ask_to_set_up(self) -> None:
        await self.set_up.ask()

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
