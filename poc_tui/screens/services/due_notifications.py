"""What the open desk tells of its own accord: that something fell due, once each.

Told is what falls due while the desk is open, and at the start what did so since it was open last;
the store keeps in mind what was told. Looking may wait for a writer, so it is done on a thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing, suppress
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import ModalScreen

from poc_tui.errors import PocError
from poc_tui.rules.text import one_line
from poc_tui.screens.workers import begin_work
from poc_tui.system.background_threads import in_background

if TYPE_CHECKING:
    from datetime import datetime

    from textual.screen import Screen

    from poc_tui.rules.agenda import AgendaItem
    from poc_tui.screens.session import Session

MOST = 3
"""What is told by itself; of more, the first so many in one toast."""

TOAST_SECONDS = 8.0
TOAST_CELLS = 72
"""What one thing takes of a toast: two lines on a terminal of 80 columns."""

PAUSE_SECONDS = 0.5
"""Between two looks at the store, however often it is written to."""

Key = tuple[str, int, "datetime"]


class DueNotifications:
    """Tells on the screen of a desk what fell due."""

    def __init__(self, screen: Screen[None], session: Session) -> None:
        self._screen = screen
        self._session = session
        self._begun = self._looking = self._look_again = False
        self._since_last_open = True
        self._told: set[Key] = set()

    def begin(self) -> None:
        """Tell what fell due since the desk was open last; from now on, `look` looks."""
        self._begun = True
        self.look()

    def look(self) -> None:
        """Tell what fell due since the last look; returns at once."""
        if not self._begun:
            return
        self._look_again = True
        if not self._looking:
            self._looking = True
            begin_work(self._screen, self._keep_looking, "notices")

    async def _keep_looking(self) -> None:
        try:
            while self._look_again:
                self._look_again = False
                # A store that cannot be read is the desk's to complain about; what could not be
                # kept in mind is kept in mind at the next look.
                with suppress(PocError):
                    await self._tell_what_is_due()
                await asyncio.sleep(PAUSE_SECONDS)
        finally:
            self._looking = False

    async def _tell_what_is_due(self) -> None:
        from poc_tui.rules.agenda import without_echoes

        due = await in_background(self._read, "poc-notices")
        if self._is_busy():
            return
        fresh = [item for item in due if _key(item) not in self._told]
        self._told.update(map(_key, fresh))
        self._tell(without_echoes(fresh))
        self._since_last_open = False
        if due:
            from poc_tui.store.notices_told import tell

            await in_background(
                partial(tell, self._session.path, self._teller(), due), "poc-notices"
            )

    def _read(self) -> Sequence[AgendaItem]:
        from poc_tui.store.due_dates import wind_clocks
        from poc_tui.store.queries.dated_items import untold

        session, now = self._session, self._session.clock.now()
        wind_clocks(session.path, session.deadlines)
        with closing(session.patient_reader()) as reader:
            return untold(reader, session.clock.zone, now, self._teller())

    def _teller(self) -> str:
        from poc_tui.store.notices_told import DESK, teller

        return teller(DESK, self._session.settings.name)

    def _is_busy(self) -> bool:
        """Whether a dialog is open: a toast would lie over it, and what the dialog says when it
        closes takes every toast away.
        """
        return isinstance(self._screen.app.screen, ModalScreen)

    def _tell(self, items: Sequence[AgendaItem]) -> None:
        from poc_tui.words import due as due_words

        if not items:
            return
        if self._since_last_open:
            # Nobody has left a demo: what is over in it was so when it was made.
            if not self._session.demo:
                self._toast(
                    "Fell due since the desk was last open", self._first_of(items, dated=True)
                )
            return
        if len(items) > MOST:
            self._toast(due_words.how_many(len(items)).capitalize(), self._first_of(items))
        else:
            for item in items:
                about = one_line(due_words.about(item), TOAST_CELLS)
                self._toast(due_words.headline(item), about)
        if self._session.settings.bell:
            self._screen.app.bell()

    def _first_of(self, items: Sequence[AgendaItem], *, dated: bool = False) -> str:
        """The first of them, a line each, and where the rest is."""
        from poc_tui.words import due as due_words

        clock = self._session.clock
        say = (
            partial(due_words.line, now=clock.now(), zone=clock.zone)
            if dated
            else due_words.sentence
        )
        lines = [one_line(say(item), TOAST_CELLS) for item in items[:MOST]]
        if (more := len(items) - MOST) > 0:
            shown = self._session.keymap.bindings()
            key = next((key.shown for key in shown if key.command == "agenda"), "")
            where = f"; {key} shows the agenda" if key else ""
            lines.append(f"and {more:,} more{where}")
        return "\n".join(lines)

    def _toast(self, title: str, text: str) -> None:
        self._screen.app.notify(text, title=title, markup=False, timeout=TOAST_SECONDS)


def _key(item: AgendaItem) -> Key:
    return item.what, item.of, item.at
