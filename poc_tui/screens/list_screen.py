"""A screen of one list of lines, read anew when the store or the minute changes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual import events, on, work

from poc_tui.errors import PocError, StoreBusy
from poc_tui.rules.text import safe
from poc_tui.screens.key_bindings import bind
from poc_tui.screens.pane_navigation import PaneScreen
from poc_tui.settings.keymap import display_key
from poc_tui.store.connection import READ_BUSY_MS
from poc_tui.store.queries import queue
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.top_bar import TopBar
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from poc_tui.commands import Scope
    from poc_tui.screens.session import Session
    from poc_tui.store.queries.reader import Reader

R = TypeVar("R")
F = TypeVar("F")

POLL_SECONDS = 0.25
"""How often the store is asked whether somebody else wrote."""


class ListRows(ListSource[R]):
    """The rows as they now are; the list stays in its place when they change."""

    def show(self, rows: Sequence[R]) -> None:
        """Have these rows from now on; the list is told by whoever shows them."""
        self._rows = rows


class ListScreen(PaneScreen, Generic[F]):
    """Esc goes back. `F` is what is found in the store and shown."""

    def __init__(self, session: Session, *scopes: Scope) -> None:
        super().__init__(session)
        bind(self, session.keymap, *scopes)
        for key in ("escape", *session.keymap.keys("quit")):
            self._bindings.key_to_bindings.pop(key, None)
            self._bindings.bind(key, "leave", "back", key_display=display_key(key))
        self.now = session.clock.now()
        """When what is shown was read."""
        self._seen = self._minute = -1
        self._reading = self._again = False
        self._awaited = False
        """Whether keys wait for what is read: a person has done what changes it."""

    def find(self, reader: Reader, now: datetime) -> F:
        """What is to be shown; called on a thread. Raises what reading raises."""
        raise NotImplementedError

    def show(self, found: F) -> None:
        """Show it."""
        raise NotImplementedError

    @property
    def queue(self) -> VirtualList[Any]:
        """The list of lines, which takes the place of the desk's queue."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.reload()
        self.set_interval(POLL_SECONDS, self.look)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What needs the desk's views has no meaning here."""
        del parameters
        return hasattr(self, f"action_{action}")

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.dismiss()

    def action_refresh(self) -> None:
        """Read the store again."""
        self.reload()

    def acted(self) -> None:
        self.queue.action_mark_clear()

    def lags_behind(self, event: events.Key | events.Paste) -> bool:
        """What a verb changed is read anew; keys behind it are meant for that."""
        del event
        return self._awaited

    def reload(self) -> None:
        """Read anew, off the screen's thread; the highlight stays on its line."""
        self._awaited = True
        self._again = self._reading
        self._read_soon()

    def _read_soon(self) -> None:
        if not self._reading:
            self._reading = True
            self._read()

    @work(group="lines")
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
        """What is written meanwhile has another version than `_seen`, so it is read as well."""
        now = self.session.clock.now()
        try:
            self._seen = self.session.reader.data_version()
            counts = queue.counts(self.session.reader, now)
            found = await asyncio.to_thread(self._find, now)
        except StoreBusy:
            self._seen = -1
            return
        except PocError as error:
            self._trouble(error)
            return
        self.now = now
        bar = self.query_one(TopBar)
        bar.now, bar.counts, bar.trouble = now, counts, ""
        minute = int(now.timestamp()) // 60
        if minute != self._minute:
            self._minute = minute
            self.queue.redraw()
        self.show(found)

    def _find(self, now: datetime) -> F:
        with closing(self.session.patient_reader(READ_BUSY_MS)) as reader:
            return self.find(reader, now)

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
            self._read_soon()

    @on(VirtualList.MarksChanged)
    def _marks_changed(self, event: VirtualList.MarksChanged[Any]) -> None:
        self.query_one(TopBar).marked = event.count
