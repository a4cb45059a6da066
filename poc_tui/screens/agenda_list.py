"""The lines of the agenda: read anew when the store or the minute changes, and chosen from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.content import Content

from poc_tui.rules.agenda import WEEK, Agenda, AgendaItem, day_heading
from poc_tui.screens.list_screen import ListLines
from poc_tui.store.queries.dated_items import read_agenda
from poc_tui.widgets import agenda_rows
from poc_tui.widgets.agenda_rows import AgendaLine, Row

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.queries.reader import Reader

NOTHING = f"Nothing is late, new or due in the next {WEEK} days."
NOBODY = "Nobody is to be chased or called back, and no promise falls due."


class AgendaList(ListLines["Agenda", Row]):
    """The list of the agenda's lines, `#agenda`, in one of two readings."""

    heading = "Agenda"

    def __init__(self, session: Session) -> None:
        super().__init__(session, "agenda", agenda_rows.key_of, agenda_rows.draw)
        self._agenda: Agenda | None = None
        self._to_highlight: Sequence[int] = ()
        self.by_whom = False
        """Whether it is read by whom to turn to, and not by the hour."""

    @property
    def item(self) -> AgendaItem | None:
        """What the highlighted line is about."""
        row = self.highlighted_row
        return row.item if isinstance(row, AgendaLine) else None

    @property
    def is_read(self) -> bool:
        """Whether there was anything to show yet."""
        return self._agenda is not None

    def items(self) -> list[AgendaItem]:
        """What the chosen lines are about."""
        return [line.item for line in self.chosen() if isinstance(line, AgendaLine)]

    def lines(self) -> list[AgendaLine]:
        """Every line but the headings."""
        return [row for row in self.all() if isinstance(row, AgendaLine)]

    def turn_over(self) -> None:
        """Change to the other reading; the highlight stays on its line if that has it."""
        row = self.highlighted_row
        self.by_whom = not self.by_whom
        self._show()
        if row is None or self.rows.position(agenda_rows.key_of(row)) is None:
            self.action_first()

    def point_at(self, numbers: Sequence[int]) -> None:
        """Highlight the first line of these requests, as soon as it is read."""
        self._to_highlight = numbers

    def find(self, reader: Reader, now: datetime) -> Agenda:
        return read_agenda(reader, now, self._session.clock.zone)

    def show(self, found: Agenda, now: datetime) -> None:
        self._agenda, self._now = found, now
        self._show()

    def _show(self) -> None:
        if self._agenda is None:
            return
        parts = self._agenda.by_whom() if self.by_whom else self._agenda.by_hour()
        self.rows.show(list(agenda_rows.rows(parts)))
        self.set_empty(Content(NOBODY if self.by_whom else NOTHING))
        self.refresh_rows()
        wanted, self._to_highlight = self._to_highlight, ()
        there = [agenda_rows.key_of(row) for row in self.lines() if row.item.number in wanted]
        self.highlight_key(*there[:1])
        today = self._agenda.today
        until = day_heading(today + timedelta(days=WEEK - 1), today)
        reading = "whom to turn to" if self.by_whom else "by the hour"
        self.heading = f"Agenda · {reading} · until {until}"
