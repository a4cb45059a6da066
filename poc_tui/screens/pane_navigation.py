"""Moving about on the desk: between its panes, and within the one that has the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.screens.request_actions import RequestActionsScreen
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from poc_tui.store.records import QueueRow

PANES = ("#queue", "#entries", "#history", "#reminders")
"""What takes the focus, in the order of the Tab key."""

_SHOWN_WITH = {"entries": "request", "history": "customer", "reminders": "reminders"}
"""By what has the focus: the pane to show where there is room for one only."""


class PaneScreen(RequestActionsScreen):
    """A screen with a queue and panes beside it."""

    @property
    def queue(self) -> VirtualList[QueueRow]:
        """The list of requests."""
        return self.query_one("#queue", VirtualList)

    def focus_pane(self, pane: Widget) -> None:
        """Give a pane the focus; where there is room for one only, it is the one shown."""
        self.query_one("#body").set_classes(f"show-{_SHOWN_WITH.get(pane.id or '', 'queue')}")
        if pane is not self.queue:
            self.catch_up()
        self.set_focus(pane)

    def catch_up(self) -> None:
        """Let the panes show what is highlighted, which they otherwise do a moment later."""

    def action_next_pane(self) -> None:
        self._step_pane(1)

    def action_previous_pane(self) -> None:
        self._step_pane(-1)

    def action_cursor_down(self) -> None:
        self._move("cursor_down", "scroll_down")

    def action_cursor_up(self) -> None:
        self._move("cursor_up", "scroll_up")

    def action_page_down(self) -> None:
        self._move("page_down", "page_down")

    def action_page_up(self) -> None:
        self._move("page_up", "page_up")

    def action_first(self) -> None:
        self._move("first", "scroll_home")

    def action_last(self) -> None:
        self._move("last", "scroll_end")

    def action_mark(self) -> None:
        """Mark the highlighted request, so that the next verb acts on all marked."""
        self.queue.action_toggle_mark()

    def action_mark_none(self) -> None:
        self.queue.action_mark_clear()

    def _step_pane(self, by: int) -> None:
        panes = [pane for selector in PANES for pane in self.query(selector)]
        if len(panes) > 1:  # a screen of one list has no other
            at = next((i for i, pane in enumerate(panes) if pane is self.focused), 0)
            self.focus_pane(panes[(at + by) % len(panes)])

    def _move(self, in_list: str, in_text: str) -> None:
        pane = self.focused if self.focused is not None else self.queue
        name = in_list if isinstance(pane, VirtualList) else in_text
        act: Callable[[], object] | None = getattr(pane, f"action_{name}", None)
        if act is not None:
            act()
