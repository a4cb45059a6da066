"""The views of the queue and the search in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input

from poc_tui.errors import PocError
from poc_tui.screens.list_sources import ViewSource
from poc_tui.screens.pane_navigation import PaneScreen
from poc_tui.store.queries import queue
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.view_tabs import ViewTab, ViewTabs

if TYPE_CHECKING:
    from poc_tui.screens.services.finder import SearchRunner
    from poc_tui.screens.session import Session
    from poc_tui.store.records import Counts, QueueRow

VIEWS = (
    ("mine", "Mine"),
    ("departments", "Departments"),
    ("customers", "Customers"),
    ("snoozed", "Snoozed"),
    ("open", "Open"),
    ("resolved", "Resolved"),
)

ECHO_SECONDS = 0.03
"""How long a search waits for the next key, and lets the one before be painted."""

_EMPTY = {
    "mine": "Nothing waits for you. n takes a request down, 5 shows all that are open.",
    "departments": "No department owes you an answer.",
    "customers": "You wait for no customer.",
    "snoozed": "Nothing is snoozed.",
    "open": "No open request.",
    "resolved": "Nothing is resolved yet.",
}

_LEAVING = ("enter", "tab", "shift+tab")
"""Keys that go from the words of a search to what it found."""

_NOT_FOUND = "Nothing matches. Each word counts from its beginning."

FIRST_STEPS = (
    "This desk is empty.\n\n"
    "n takes your first request down,\n"
    "`poc add` does it from any other terminal,\n"
    "`poc import FILE` brings in many,\n"
    "`poc demo` shows a desk at work.\n\n"
    "? shows every key."
)


class ViewsScreen(PaneScreen):
    """A screen whose queue shows one of the views, or what was searched for."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._view = queue.VIEWS["mine"]
        self._source: ViewSource | None = None
        self._found: Sequence[QueueRow] | None = None
        self._words = ""
        self._sought = ""
        """The words whose search is through."""
        self._finder: SearchRunner | None = None
        self._search_soon: Timer | None = None

    def view_tabs(self) -> ViewTabs:
        """The line of views, with the keys that show them."""
        keys = self.session.keymap
        return ViewTabs([ViewTab(view, keys.display(f"view_{view}"), name) for view, name in VIEWS])

    def on_unmount(self) -> None:
        if self._finder is not None:
            self._finder.close()

    def show_view(self, view: str) -> None:
        """Show another view of the queue; leaves a search."""
        self.leave_search()
        self._view = queue.VIEWS[view]
        self.queue.action_mark_clear()
        self.reload()
        self.queue.focus()

    @on(ViewTabs.Chosen)
    def _tab_chosen(self, event: ViewTabs.Chosen) -> None:
        self.show_view(event.view)

    def action_view_mine(self) -> None:
        self.show_view("mine")

    def action_view_departments(self) -> None:
        self.show_view("departments")

    def action_view_customers(self) -> None:
        self.show_view("customers")

    def action_view_snoozed(self) -> None:
        self.show_view("snoozed")

    def action_view_open(self) -> None:
        self.show_view("open")

    def action_view_resolved(self) -> None:
        self.show_view("resolved")

    def action_search(self) -> None:
        """Find requests by their words, customer or number."""
        field = self.query_one("#find", Input)
        field.display = True
        field.focus()

    def leave_search(self) -> bool:
        """Take the search away; False if there was none."""
        field = self.query_one("#find", Input)
        if not field.display:
            return False
        field.display = False
        field.value = ""
        self._found = None
        return True

    def show_queue(self, counts: Counts) -> None:
        """Show the view, or the search, as the store is now."""
        tabs = self.query_one(ViewTabs)
        tabs.counts = {view: getattr(counts, view) for view, _ in VIEWS}
        if self._found is not None:
            self.search(self.query_one("#find", Input).value, again=True)
            return
        empty = not counts.open and not counts.resolved
        self.queue.set_empty(Content(FIRST_STEPS if empty else _EMPTY[self._view.name]))
        self._show_view()

    def _show_view(self) -> None:
        now = self.session.clock.now()
        if self._source is not None and self._source.view is self._view:
            self._source.now = now
            self.queue.refresh_rows()
        else:
            self._source = ViewSource(self.session.reader, self._view, now)
            self.queue.set_source(self._source, keep=True)
        self._entitle(dict(VIEWS)[self._view.name])
        self.query_one(ViewTabs).current = self._view.name

    def _entitle(self, title: str) -> None:
        left = self.query_one("#left")
        if left.border_title != title:
            left.border_title = title

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        if self._search_soon is not None:
            self._search_soon.stop()
        self._search_soon = self.set_timer(ECHO_SECONDS, lambda: self.search(event.value))

    def lags_behind(self, event: events.Key | events.Paste) -> bool:
        """Words go on; any other key is meant for what they find."""
        if not isinstance(event, events.Key) or event.key not in _LEAVING:
            return False
        field = self.query_one("#find", Input)
        return field.display and field.has_focus and field.value != self._sought

    @on(Input.Submitted, "#find")
    def _submitted(self) -> None:
        """Go to what was found."""
        self.set_focus(self.queue)

    @work(exclusive=True, group="search")
    async def search(self, words: str, *, again: bool = False) -> None:
        """Show what matches; each further key stops the search before it.

        The first row is highlighted, but for a search that is made `again`.
        """
        await self._search(words, again=again)
        self._sought = words

    async def _search(self, words: str, *, again: bool) -> None:
        if not words.strip():
            if self._found is not None:
                self._found = None
                self._show_view()
            return
        if self._finder is None:
            from poc_tui.screens.services.finder import SearchRunner

            self._finder = SearchRunner(self.session)
        try:
            found = await self._finder.find(words)
        except PocError as error:
            self.trouble(error)
            return
        if found is None or not self.query_one("#find").display:
            return
        if found == self._found:
            return
        again = again and words == self._words
        self._found, self._source, self._words = found, None, words
        self._entitle(f"Search: {len(found)} found")
        self.query_one(ViewTabs).current = ""
        self.queue.set_empty(Content(_NOT_FOUND))
        self.queue.set_source(ListSource(found, lambda row: row.number), keep=again)

    def trouble(self, error: PocError) -> None:
        """The store cannot be read: say so."""
        self.warn(str(error))
