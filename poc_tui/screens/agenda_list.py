"""The lines of the agenda: read anew when the store or the minute changes, and chosen from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from textual.content import Content

from poc_tui.rules.agenda import REMINDERS, WEEK, Agenda, day_heading
from poc_tui.screens.list_screen import ListRows, ListScreen
from poc_tui.store.queries import queue, reminders
from poc_tui.store.queries.items import read_agenda
from poc_tui.widgets import agenda_rows
from poc_tui.widgets.agenda_rows import AgendaLine, Row
from poc_tui.widgets.inks import Runs
from poc_tui.widgets.section_list import SectionList
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.queries.reader import Reader
    from poc_tui.store.records import AgendaItem, QueueRow, ReminderRow

NOTHING = f"Nothing is late, new or due in the next {WEEK} days."
NOBODY = "Nobody is to be chased or called back, and no promise falls due."


class AgendaListScreen(ListScreen["Agenda[AgendaItem]"]):
    """A screen with the list of the agenda's lines, `#agenda`, within `#parts`."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "request", "list", "desk")
        self._agenda: Agenda[AgendaItem] | None = None
        self._by_whom = False
        self._rows = ListRows[Row]((), agenda_rows.key_of)
        self._wanted: Sequence[int] = ()

    def agenda_list(self) -> SectionList[Row]:
        """The list, to be put into `#parts`."""
        rows = SectionList[Row](
            key_of=agenda_rows.key_of,
            draw=self._draw,
            is_heading=agenda_rows.is_heading,
            id="agenda",
        )
        rows.set_source(self._rows)
        return rows

    def item(self) -> AgendaItem | None:
        """What the highlighted line is about."""
        row = self.queue.highlighted_row
        return row.item if isinstance(row, AgendaLine) else None

    def turn_over(self) -> None:
        """Change to the other reading; the highlight stays on its line if that has it."""
        row = self.queue.highlighted_row
        self._by_whom = not self._by_whom
        self._show()
        if row is None or self._rows.position(agenda_rows.key_of(row)) is None:
            self.queue.action_first()

    @property
    def queue(self) -> VirtualList[Any]:
        """The list of lines, which takes the place of the desk's queue."""
        return self.query_one("#agenda", VirtualList)

    def chosen(self) -> Sequence[QueueRow]:
        numbers = dict.fromkeys(item.number for item in self._items() if item.number is not None)
        return queue.by_number(self.session.reader, list(numbers))

    def reminder_at_hand(self) -> ReminderRow | None:
        item = None if self.queue.marked else self.item()
        if item is None or item.what not in REMINDERS:
            return None
        open_by_then = reminders.upcoming(self.session.reader, until=item.at, limit=-1)
        return next((row for row in open_by_then if row.id == item.of), None)

    def point_at(self, numbers: Sequence[int]) -> None:
        self._wanted = numbers

    def _point(self) -> None:
        """Highlight the first line of what `point_at` was told, now that it is read."""
        wanted, self._wanted = self._wanted, ()
        keys = [
            agenda_rows.key_of(row) for row in self._lines() if wanted and row.item.number in wanted
        ]
        self.queue.highlight_key(*keys[:1])

    def _lines(self) -> list[AgendaLine]:
        return [
            row for row in self._rows.page(0, self._rows.count()) if isinstance(row, AgendaLine)
        ]

    def _items(self) -> Sequence[AgendaItem]:
        marked = self.queue.marked
        if not marked:
            item = self.item()
            return [] if item is None else [item]
        return [line.item for line in self._lines() if agenda_rows.key_of(line) in marked]

    def find(self, reader: Reader, now: datetime) -> Agenda[AgendaItem]:
        return read_agenda(reader, now, self.session.clock.zone)

    def show(self, found: Agenda[AgendaItem]) -> None:
        self._agenda = found
        self._show()

    def _show(self) -> None:
        if self._agenda is None:
            return
        parts = self._agenda.by_whom() if self._by_whom else self._agenda.by_hour()
        self._rows.show(list(agenda_rows.rows(parts)))
        self.queue.set_empty(Content(NOBODY if self._by_whom else NOTHING))
        self.queue.refresh_rows()
        self._point()
        today = self._agenda.today
        until = day_heading(today + timedelta(days=WEEK - 1), today)
        reading = "whom to turn to" if self._by_whom else "by the hour"
        self.query_one("#parts").border_title = f"Agenda · {reading} · until {until}"

    def _draw(self, row: Row, width: int) -> Runs:
        return agenda_rows.draw(row, width, self.now, self.session.clock.zone)
