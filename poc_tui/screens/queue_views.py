"""The views of the queue and the search in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input

from poc_tui.errors import PocError
from poc_tui.screens.list_sources import ViewSource
from poc_tui.screens.workers import begin_work, later
from poc_tui.store.queries import views
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.view_tabs import ViewTab, ViewTabs

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.screens.services.finder import SearchRunner
    from poc_tui.store.records import Counts, QueueRow

VIEWS = (
    ("my-turn", "My turn"),
    ("with-departments", "With departments"),
    ("with-customer", "With customer"),
    ("snoozed", "Snoozed"),
    ("open", "Open"),
    ("resolved", "Resolved"),
)

ECHO_SECONDS = 0.03
"""How long a search waits for the next key, and lets the one before be painted."""

_EMPTY = {
    "my-turn": "Nothing waits for you. n takes a request down, 5 shows all that are open.",
    "with-departments": "No department owes you an answer.",
    "with-customer": "You wait for no customer.",
    "snoozed": "Nothing is snoozed.",
    "open": "No open request.",
    "resolved": "Nothing is resolved yet.",
}

_LEAVING = ("enter", "tab", "shift+tab")
"""Keys that go from the words of a search to what it found."""

_NOT_FOUND = "Nothing matches. Each word counts from its beginning."


class QueueViews:
    """Has the queue of `screen` show one of the views, or what was searched for in `#find`.

    `first_steps` says what stands there while there is no request at all.
    """

    def __init__(self, screen: QueueScreen, first_steps: Callable[[], str]) -> None:
        self._screen = screen
        self._first_steps = first_steps
        self._view = views.VIEWS["my-turn"]
        self._source: ViewSource | None = None
        self._found: Sequence[QueueRow] | None = None
        self._words = ""
        self._sought = ""
        """The words whose search is through."""
        self._finder: SearchRunner | None = None
        self._search_soon: Timer | None = None
        self.commands: dict[str, Callable[[], object]] = {"search": self._begin_search}
        self.commands |= {_command(view): partial(self.show_view, view) for view, _ in VIEWS}

    def tabs(self) -> ViewTabs:
        """The line of views, with the keys that show them."""
        keys = self._screen.session.keymap
        return ViewTabs([ViewTab(view, keys.display(_command(view)), name) for view, name in VIEWS])

    def close(self) -> None:
        """End the search that is under way."""
        if self._finder is not None:
            self._finder.close()

    def show_view(self, view: str) -> None:
        """Show another view of the queue; leaves a search."""
        self.leave_search()
        self._view = views.VIEWS[view]
        self._screen.queue.action_mark_clear()
        self._screen.reload()
        self._screen.queue.focus()

    @property
    def view(self) -> str:
        """The name of the view that is shown, or that a search is made over."""
        return self._view.name

    def leave_search(self) -> bool:
        """Take the search away; False if there was none."""
        field = self._field
        if not field.display:
            return False
        field.display = False
        self._screen.query_one(ViewTabs).display = True
        field.value = ""
        self._found = None
        return True

    def show(self, counts: Counts) -> None:
        """Show the view, or the search, as the store is now."""
        tabs = self._screen.query_one(ViewTabs)
        tabs.counts = {view: counts.of(view) for view, _ in VIEWS}
        if self._found is not None:
            self._search(self._field.value, again=True)
            return
        empty = not counts.open and not counts.resolved
        words = self._first_steps() if empty else _EMPTY[self._view.name]
        self._screen.queue.set_empty(Content(words))
        self._show_view()

    def typed(self, words: str) -> None:
        """Words were typed into the search: look for them unless more come at once."""
        if self._search_soon is not None:
            self._search_soon.stop()
        self._search_soon = later(self._screen, ECHO_SECONDS, lambda: self._search(words))

    def lags_behind(self, event: events.Key | events.Paste) -> bool:
        """Words go on; any other key is meant for what they find."""
        if not isinstance(event, events.Key) or event.key not in _LEAVING:
            return False
        field = self._field
        return field.display and field.has_focus and field.value != self._sought

    @property
    def _field(self) -> Input:
        return self._screen.query_one("#find", Input)

    def _begin_search(self) -> None:
        self._field.display = True
        self._screen.query_one(ViewTabs).display = False
        self._field.focus()

    def _show_view(self) -> None:
        screen, now = self._screen, self._screen.session.clock.now()
        if self._source is not None and self._source.view is self._view:
            self._source.now = now
            screen.queue.refresh_rows()
        else:
            self._source = ViewSource(screen.session.reader, self._view, now)
            screen.queue.set_source(self._source, keep=True)
        self._entitle(dict(VIEWS)[self._view.name], self._view.name)

    def _entitle(self, title: str, view: str) -> None:
        self._screen.queue.entitle(title)
        self._screen.query_one(ViewTabs).current = view

    def _search(self, words: str, *, again: bool = False) -> None:
        """Show what matches; each further key stops the search before it.

        The first row is highlighted, but for a search that is made `again`.
        """
        seek = partial(self._seek, words, again=again)
        begin_work(self._screen, seek, "search", exclusive=True)

    async def _seek(self, words: str, *, again: bool) -> None:
        await self._show_found(words, again=again)
        self._sought = words

    async def _show_found(self, words: str, *, again: bool) -> None:
        if not words.strip():
            if self._found is not None:
                self._found = None
                self._show_view()
            return
        if self._finder is None:
            from poc_tui.screens.services.finder import SearchRunner

            self._finder = SearchRunner(self._screen.session)
        try:
            found = await self._finder.find(words)
        except PocError as error:
            self._screen.trouble(error)
            return
        if found is None or not self._field.display or found == self._found:
            return
        again = again and words == self._words
        self._found, self._source, self._words = found, None, words
        self._entitle(f"Search: {len(found)} found", "")
        self._screen.queue.set_empty(Content(_NOT_FOUND))
        self._screen.queue.set_source(ListSource(found, lambda row: row.number), keep=again)


def _command(view: str) -> str:
    """The id of the command that shows a view."""
    return f"view_{view.replace('-', '_')}"
