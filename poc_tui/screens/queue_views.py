"""What the queue shows: one of its views, narrowed and sorted, or what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.timer import Timer

from poc_tui.commands import SAVED_VIEWS
from poc_tui.errors import PocError
from poc_tui.rules.text import one_line
from poc_tui.screens.list_sources import FoundSource, ViewSource
from poc_tui.screens.services.finder import QueueContents, SearchRunner
from poc_tui.screens.workers import begin_work, later
from poc_tui.store.queries import queue, views
from poc_tui.widgets.view_tabs import LinePrompt, ViewTab, ViewTabs

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.screens.services.finder import QueueFound
    from poc_tui.settings.saved_views import SavedView
    from poc_tui.store.records import Counts

VIEWS = (
    ("my-turn", "My turn"),
    ("with-departments", "With departments"),
    ("with-customer", "With customer"),
    ("snoozed", "Snoozed"),
    ("open", "Open"),
    ("resolved", "Resolved"),
)

ECHO_SECONDS = 0.02
"""How long a search waits for the next key, and lets the one before be painted."""

_EMPTY = {
    "my-turn": "Nothing waits for you. n takes a request down, 5 shows all that are open.",
    "with-departments": "No department owes you an answer.",
    "with-customer": "You wait for no customer.",
    "snoozed": "Nothing is snoozed.",
    "open": "No open request.",
    "resolved": "Nothing is resolved yet.",
}

_NOT_FOUND = {
    "view": "Nothing here matches. Each word counts from its beginning; esc shows all again.",
    "search": "Nothing matches. Each word counts from its beginning.",
    "customer": "No customer is called so, or none of that name has asked for anything.",
    "recent": "You have looked at no request yet, and done nothing to any.",
}

_LEAVING = ("enter", "tab", "shift+tab", "up", "down")
"""Keys that go from the words of a search to what it found."""

_SORTED = {
    "received": "the newest first",
    "customer": "by customer",
    "priority": "by priority",
    "untouched": "untouched longest first",
}
_TITLE_WIDTH = 40
"""Cells of words or of a name in the title."""


class QueueViews:
    """Has the queue of `screen` show one of the views, narrowed and sorted, or what was found.

    `first_steps` says what stands there while there is no request at all.
    """

    def __init__(self, screen: QueueScreen, first_steps: Callable[[], str]) -> None:
        self._screen = screen
        self._first_steps = first_steps
        self.contents = QueueContents(views.VIEWS["my-turn"])
        """What is wanted; it is shown a moment later where it must be found first."""
        self._shown: QueueContents | None = None
        self._found: QueueFound | None = None
        self._source: ViewSource | None = None
        self._goal: int | None = None
        """The request to highlight in what is wanted."""
        self._sorts: dict[str, str] = {}
        """How each view was sorted last."""
        self.saved: dict[str, SavedView] = dict(screen.session.settings.views)
        """By the number that shows it."""
        self._counts: Counts | None = None
        self.lines = 0
        """That the view has, or what is said where it is empty."""
        self._finder = SearchRunner(screen.session)
        self._search_soon: Timer | None = None
        self.commands: dict[str, Callable[[], object]] = {
            "search": self._begin_search,
            "filter": self._begin_filter,
            "sort": self._sort,
        }
        for view in (*dict(VIEWS), *SAVED_VIEWS):
            self.commands[_command(view)] = partial(self.show_view, view)

    @property
    def tabs(self) -> ViewTabs:
        """The line of views on the screen."""
        return self._screen.query_one(ViewTabs)

    def all_tabs(self) -> list[ViewTab]:
        """The views and the saved ones, with the keys that show them."""
        own = (number for number in SAVED_VIEWS if number in self.saved)
        names = dict(VIEWS) | {number: self.saved[number].name for number in own}
        key = self._screen.session.keymap.display
        return [ViewTab(view, key(_command(view)), name) for view, name in names.items()]

    def close(self) -> None:
        """End the search that is under way."""
        self._finder.close()

    def show_view(self, view: str) -> None:
        """Show another view of the queue, sorted as it was, or a saved one; leaves a search."""
        if view in views.VIEWS:
            self.want(QueueContents(views.VIEWS[view], self._sorts.get(view, "due")))
        elif view in self.saved:
            self.want(contents_of(self.saved[view]))
        else:
            save = self._screen.session.keymap.first("save_view")
            self._screen.warn(f"No view is saved as {view}; {save} saves what the queue shows.")

    def want(self, contents: QueueContents, goal: int | None = None) -> None:
        """Show other contents, and highlight the request `goal` in them."""
        self.contents, self._goal = contents, goal
        self._screen.queue.action_mark_clear()
        self._screen.reload()
        self._screen.set_focus(self._screen.queue)
        self.tabs.close()

    def ask(
        self, sign: str, hint: str, wanted: Callable[[str], QueueContents], words: str = ""
    ) -> None:
        """Ask for words behind a sign, at first these: shown is what is `wanted` by those that are
        typed, and Enter goes there."""

        def typed(words: str) -> None:
            self.contents = wanted(words)
            if self._search_soon is not None:  # it is shown unless more come at once
                self._search_soon.stop()
            self._search_soon = later(self._screen, ECHO_SECONDS, self._show)

        def entered(words: str) -> None:
            del words
            self._screen.set_focus(self._screen.queue)

        self.tabs.ask(LinePrompt(sign, hint, entered, typed), words)

    def leave(self) -> bool:
        """Leave the line, and what was found by it; False if there was none."""
        asked, self._goal = self.tabs.prompt, None
        self.tabs.close()
        if (asked is not None and asked.typed is None) or self.contents == self.bare():
            return asked is not None
        self.contents = self.bare()
        self._screen.reload()
        return True

    def show(self, counts: Counts) -> None:
        """Show what is wanted as the store is now."""
        self._counts, tabs = counts, self.tabs
        tabs.tabs = self.all_tabs()
        shown = {number: saved.view for number, saved in self.saved.items() if not saved.words}
        shown |= {view: view for view, _ in VIEWS}
        tabs.counts = {tab: counts.of(view) for tab, view in shown.items()}
        self.lines = counts.of(self.contents.view.name) or self._said_where_empty().count("\n") + 2
        self._show()

    def lags_behind(self, event: events.Key | events.Paste) -> bool:
        """Words go on; any other key is meant for what they find."""
        if self.contents == self._shown and not self._screen.queue.is_behind:
            return False
        asked = self.tabs.prompt is not None
        return not asked or (isinstance(event, events.Key) and event.key in _LEAVING)

    def bare(self) -> QueueContents:
        """The view that is narrowed, or that lies below what was found."""
        view = self.contents.view
        return QueueContents(view, self._sorts.get(view.name, "due"))

    def _show(self) -> None:
        """Show what is wanted: a view at once, all else when it is found."""
        if self._search_soon is not None:
            self._search_soon.stop()
        if self.contents.is_whole_view:
            self._show_view(self.contents)
        else:
            seek = partial(self._seek, self.contents)
            begin_work(self._screen, seek, "search", exclusive=True)

    def _show_view(self, contents: QueueContents) -> None:
        screen, now, view = self._screen, self._screen.session.clock.now(), contents.view
        screen.queue.set_empty(Content(self._said_where_empty()))
        if self._source is not None and self._source.view is view and self._goal is None:
            self._source.now = now
            screen.queue.refresh_rows()
        else:
            self._source = ViewSource(screen.session.reader, view, now)
            screen.queue.set_source(self._source, keep=True, goal=self._goal)
        self._settle(contents, None)

    def _said_where_empty(self) -> str:
        """What stands in the view where it has no request, or where there is none at all."""
        counts = self._counts
        if counts is not None and not counts.open and not counts.resolved:
            return self._first_steps()
        return _EMPTY.get(self.contents.view.name, "Nothing.")

    async def _seek(self, contents: QueueContents) -> None:
        """Find it and show it; each further key stops the search before it."""
        try:
            found = await self._finder.find(contents)
        except PocError as error:
            if self._is_there():
                self._shown = contents  # keys need not wait for it any more
                self._screen.trouble(error)
            return
        if found is None or contents != self.contents or not self._is_there():
            return
        resorted = self._shown is not None and contents == self._shown._replace(sort=contents.sort)
        if found != self._found or contents != self._shown:
            view = contents.view if contents.what == "view" else None
            source = FoundSource(self._screen.session.reader, found.numbers, found.rows, view)
            self._source = None
            self._screen.queue.set_empty(Content(_NOT_FOUND[contents.what]))
            self._screen.queue.set_source(source, keep=resorted, goal=self._goal)
        self._settle(contents, found)

    def _is_there(self) -> bool:
        """Whether the desk is not being taken down, which first takes what it is made of."""
        return len(self._screen.query("#queue, ViewTabs, TopBar")) == 3

    def _settle(self, contents: QueueContents, found: QueueFound | None) -> None:
        """It is shown: entitle it, and let keys go on."""
        self._shown, self._found, self._goal = contents, found, None
        saved = number_of(contents, self.saved)
        title = _title(contents, found)
        if saved:
            title = f"{one_line(self.saved[saved].name, _TITLE_WIDTH)} · {title}"
        self._screen.queue.entitle(title)
        tabs = self.tabs
        tabs.current = saved or (contents.view.name if contents.what == "view" else "")
        if contents.what == "customer" and found is not None:
            tabs.offer(found.names)

    def _begin_search(self) -> None:
        def wanted(words: str) -> QueueContents:
            bare = self.bare()
            return bare._replace(words=words, what="search") if words.strip() else bare

        hint = "words, customer, number; enter goes to the found, esc leaves the search"
        words = self.contents.words if self.contents.what == "search" else ""
        self.ask("/", hint, wanted, words)

    def _begin_filter(self) -> None:
        hint = "words of customer, subject, department, tag, priority; esc shows all again"
        words = self.contents.words if self.contents.what == "view" else ""
        self.ask("&", hint, lambda words: self.bare()._replace(words=words), words)

    def _sort(self) -> None:
        """Sort the view in the next way there is."""
        from poc_tui.store.queries import narrowing

        contents = self.contents
        if contents.what != "view":
            self._screen.warn("What was found stays as it is; only views are sorted.")
            return
        held = queue.total(
            self._screen.session.reader, contents.view, self._screen.session.clock.now()
        )
        if held > narrowing.MOST_READ:
            self._screen.warn(
                f"This view holds {held:,} requests; more than {narrowing.MOST_READ:,} are not"
                " sorted in another way."
            )
            return
        at = views.SORTS.index(contents.sort) + 1
        sort = views.SORTS[at % len(views.SORTS)]
        self._sorts[contents.view.name] = sort
        self.contents = contents._replace(sort=sort)
        self._show()


def _command(view: str) -> str:
    """The id of the command that shows a view, or the saved one of a number."""
    return f"view_{view.replace('-', '_')}"


def number_of(contents: QueueContents, saved: Mapping[str, SavedView]) -> str:
    """The number of the saved view that shows these contents; empty if none does."""
    return next((number for number in saved if contents_of(saved[number]) == contents), "")


def contents_of(saved: SavedView) -> QueueContents:
    """What a saved view shows."""
    return QueueContents(views.VIEWS[saved.view], saved.sort, saved.words, saved.what)


def _title(contents: QueueContents, found: QueueFound | None) -> str:
    name = dict(VIEWS).get(contents.view.name, contents.view.name.capitalize())
    if found is None:
        return name
    count, words = len(found.numbers), one_line(contents.words.strip(), _TITLE_WIDTH)
    said = f"{count:,}" if found.whole else f"the newest {count:,}"
    match contents.what:
        case "search":
            return f"Search: {said} found · “{words}”"
        case "customer":
            called = one_line(found.names[0], _TITLE_WIDTH) if found.names else words
            return f"{called}: {said} request{'' if count == 1 else 's'}"
        case "recent":
            return "Recent"
    title = f"{name} & {words}: {said} of {found.of:,}" if words else name
    return f"{title}, {_SORTED[contents.sort]}" if contents.sort in _SORTED else title
