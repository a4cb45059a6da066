"""The lines of the agenda: read anew when the store or the minute changes, and chosen from."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.content import Content

from poc_tui.errors import PocError, StoreBusy
from poc_tui.rules.agenda import REMINDERS, WEEK, Agenda, day_heading
from poc_tui.rules.text import safe
from poc_tui.screens.moving import MovingScreen
from poc_tui.store.backend import READ_BUSY_MS
from poc_tui.store.reading import agenda, queue, reminders
from poc_tui.widgets import agenda_rows
from poc_tui.widgets.agenda_rows import Line, Row
from poc_tui.widgets.inks import Runs
from poc_tui.widgets.list_source import ListSource
from poc_tui.widgets.section_list import SectionList
from poc_tui.widgets.top_bar import TopBar
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.records import Item, QueueRow, ReminderRow

NOTHING = f"Nothing is late, new or due in the next {WEEK} days."
NOBODY = "Nobody is to be chased or called back, and no promise falls due."


class _Rows(ListSource[Row]):
    """The rows as they now are; the list stays in its place when they change."""

    def __init__(self) -> None:
        super().__init__((), agenda_rows.key_of)

    def show(self, rows: Sequence[Row]) -> None:
        self._rows = rows


class AgendaLinesScreen(MovingScreen):
    """A screen with the list of the agenda's lines, `#agenda`, within `#parts`."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._agenda: Agenda[Item] | None = None
        self._by_whom = False
        self._rows = _Rows()
        self._wanted: Sequence[int] = ()
        self._seen = self._minute = -1
        self._reading = False
        self._now = session.clock.now()

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

    def item(self) -> Item | None:
        """What the highlighted line is about."""
        row = self.queue.highlighted_row
        return row.item if isinstance(row, Line) else None

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

    def _lines(self) -> list[Line]:
        return [row for row in self._rows.page(0, self._rows.count()) if isinstance(row, Line)]

    def acted(self) -> None:
        self.queue.action_mark_clear()

    def _items(self) -> Sequence[Item]:
        marked = self.queue.marked
        if not marked:
            item = self.item()
            return [] if item is None else [item]
        return [line.item for line in self._lines() if agenda_rows.key_of(line) in marked]

    def reload(self) -> None:
        """Read the agenda anew, off the screen's thread; the highlight stays on its line."""
        if not self._reading:
            self._reading = True
            self._read()

    @work(group="agenda")
    async def _read(self) -> None:
        """What is written meanwhile has another version than `_seen`, so it is read as well."""
        now = self.session.clock.now()
        try:
            self._seen = self.session.reader.data_version()
            counts = queue.counts(self.session.reader, now)
            self._agenda = await asyncio.to_thread(self._agenda_at, now)
        except StoreBusy:
            self._seen = -1
            return
        except PocError as error:
            self._trouble(error)
            return
        finally:
            self._reading = False
        self._now = now
        bar = self.query_one(TopBar)
        bar.now, bar.counts, bar.trouble = now, counts, ""
        minute = int(now.timestamp()) // 60
        if minute != self._minute:
            self._minute = minute
            self.queue.redraw()
        self._show()

    def _agenda_at(self, now: datetime) -> Agenda[Item]:
        with closing(self.session.patient_reader(READ_BUSY_MS)) as reader:
            return agenda.read(reader, now, self.session.clock.zone)

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

    def _trouble(self, error: PocError) -> None:
        """The store cannot be read: say so once, keep what is shown, and go on trying."""
        sentence = safe(str(error))
        bar = self.query_one(TopBar)
        if bar.trouble != sentence:
            bar.trouble = sentence
            self.warn(sentence)

    def look(self) -> None:
        """Read again if somebody wrote, or a minute has passed."""
        try:
            written = self.session.reader.data_version() != self._seen
        except StoreBusy:
            return
        except PocError as error:
            self._trouble(error)
            return
        if written or int(self.session.clock.now().timestamp()) // 60 != self._minute:
            self.reload()

    @on(VirtualList.MarksChanged)
    def _marks_changed(self, event: VirtualList.MarksChanged[Row]) -> None:
        self.query_one(TopBar).marked = event.count

    def _draw(self, row: Row, width: int) -> Runs:
        return agenda_rows.draw(row, width, self._now, self.session.clock.zone)
