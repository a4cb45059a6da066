"""A screen of one list of lines, read anew when the store or the minute changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult

from poc_tui.screens.command_screen import QueueScreen
from poc_tui.screens.pane_moves import PaneMoves
from poc_tui.screens.request_actions import RequestActions
from poc_tui.screens.services.store_watch import StoreWatch
from poc_tui.screens.workers import begin_work
from poc_tui.store.connection import READ_BUSY_MS
from poc_tui.store.queries import queue
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.section_list import SectionList
from poc_tui.widgets.top_bar import TopBar
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from poc_tui.commands import Scope
    from poc_tui.screens.session import Session
    from poc_tui.store.queries.reader import Reader
    from poc_tui.widgets.inks import Runs
    from poc_tui.widgets.key_bar import KeyHint

R = TypeVar("R")
F = TypeVar("F")


class ListRows(ListSource[R]):
    """The rows as they now are; the list stays in its place when they change."""

    def show(self, rows: Sequence[R]) -> None:
        """Have these rows from now on; the list is told by whoever shows them."""
        self._rows = rows


class ListLines(SectionList[R], Generic[F, R]):
    """The list of such a screen. `F` is what is found in the store, `R` a line.

    Args:
        session: the open desk.
        id: the widget's.
        key_of: the key of a line; below zero for headings.
        draw: a line in so many cells, at that moment in that zone.
    """

    heading: str
    """What stands in its frame."""

    def __init__(
        self,
        session: Session,
        id: str,
        key_of: Callable[[R], int],
        draw: Callable[[R, int, datetime, tzinfo], Runs],
    ) -> None:
        zone = session.clock.zone
        super().__init__(
            key_of=key_of, draw=lambda row, width: draw(row, width, self._now, zone), id=id
        )
        self._session = session
        self._now = session.clock.now()
        self.rows = ListRows[R]((), key_of)
        self.set_source(self.rows)

    def find(self, reader: Reader, now: datetime) -> F:
        """What is to be shown; called on a thread. Raises what reading raises."""
        raise NotImplementedError

    def show(self, found: F, now: datetime) -> None:
        """Show it."""
        raise NotImplementedError

    def chosen(self) -> list[R]:
        """The marked lines, else the highlighted one."""
        if not self.marked:
            return [] if self.highlighted_row is None else [self.highlighted_row]
        return [row for row in self.all() if self.rows.key_of(row) in self.marked]

    def all(self) -> Sequence[R]:
        """Every line, from above to below."""
        return self.rows.page(0, self.rows.count())


class ListScreen(QueueScreen):
    """Esc goes back."""

    DEFAULT_CSS = "ListScreen > VirtualList { height: 1fr; }"

    AUTO_FOCUS = "VirtualList"

    def __init__(self, session: Session, lines: ListLines[Any, Any], *scopes: Scope) -> None:
        super().__init__(session, *scopes)
        self.leaves_by("escape", *session.keymap.keys("quit"))
        self.lines = lines
        self.store_watch = StoreWatch(self, session, self._read_soon, self.trouble)
        self.actions = RequestActions(self)
        self.commands |= PaneMoves(self, self.AUTO_FOCUS).commands | self.actions.commands
        self.commands |= {"leave": self.dismiss, "open": self.open}
        self._reading = self._again = False
        self._awaited = True
        """Whether keys wait for what is read: a person has done what changes it."""

    def compose(self) -> ComposeResult:
        yield TopBar(self.session.clock.zone, "poc demo" if self.session.demo else "poc")
        yield self.lines
        yield self.footer.bar(self.keys)

    def keys(self, of_table: Sequence[KeyHint]) -> Sequence[KeyHint]:
        """The line of keys at the bottom, where these are what the table of commands gives it."""
        raise NotImplementedError

    def open(self) -> None:
        """Open what is highlighted."""
        raise NotImplementedError

    @property
    def queue(self) -> VirtualList[Any]:
        return self.lines

    def on_mount(self) -> None:
        self.store_watch.begin()

    def lags_behind(self, event: events.Key | events.Paste) -> bool:
        """What a verb changed is read anew; keys behind it are meant for that."""
        del event
        return self._awaited

    def reload(self) -> None:
        """Read anew, off the screen's thread; the highlight stays on its line."""
        self._awaited = True
        self._again = self._reading
        self._read_soon()

    def look(self) -> None:
        super().look()
        self._awaited = self._reading

    def _read_soon(self) -> None:
        if not self._reading:
            self._reading = True
            begin_work(self, self._read, "lines")

    async def _read(self) -> None:
        """Read, and once more if that began before a person's step was through."""
        try:
            await self._read_once()
            while self._again:
                self._again = False
                await self._read_once()
        finally:
            self._reading = self._awaited = False

    async def _read_once(self) -> None:
        """What is written meanwhile is seen to be new, so it is read as well."""

        def find() -> object:
            with closing(self.session.patient_reader(READ_BUSY_MS)) as reader:
                return self.lines.find(reader, now)

        with self.store_watch.reading() as begin:
            now, is_new_minute = begin()
            counts = queue.counts(self.session.reader, now)
            found = await asyncio.to_thread(find)
            bar = self.query_one(TopBar)
            bar.now, bar.counts, bar.trouble = now, counts, ""
            if is_new_minute:
                self.queue.redraw()
            self.lines.show(found, now)
            self.lines.entitle(self.lines.heading)

    @on(VirtualList.Chosen)
    def _line_chosen(self) -> None:
        self.open()
