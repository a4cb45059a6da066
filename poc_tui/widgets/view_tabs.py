"""The second line of the desk: the six views with their counts; a click goes there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from textual import events


class ViewTab(NamedTuple):
    """One view: its id, the key that shows it, and its name."""

    view: str
    key: str
    name: str


class ViewTabs(Widget):
    """`1 Mine 5   2 Departments 6 ...`, shortened where there is no room."""

    DEFAULT_CSS = """
    ViewTabs { height: 1; padding: 0 1; color: $text-muted; }
    """

    counts: reactive[dict[str, int]] = reactive(dict)
    current: reactive[str] = reactive("")

    class Chosen(Message):
        """A view was clicked."""

        def __init__(self, view: str) -> None:
            super().__init__()
            self.view = view

    def __init__(self, tabs: Sequence[ViewTab]) -> None:
        super().__init__()
        self._tabs = tabs
        self._spans: list[tuple[int, int, str]] = []

    def render(self) -> Content:
        width = self.content_size.width
        for gap, short in ((3, False), (2, False), (1, False), (1, True)):
            parts, length = self._parts(gap, short=short)
            if length <= width:
                break
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        x = event.get_content_offset_capture(self).x
        for start, end, view in self._spans:
            if start <= x < end:
                self.post_message(self.Chosen(view))

    def _parts(self, gap: int, *, short: bool) -> tuple[list[tuple[str, str]], int]:
        parts: list[tuple[str, str]] = []
        self._spans = []
        at = 0
        for tab in self._tabs:
            chosen = tab.view == self.current
            name = tab.name[:4] if short and not chosen else tab.name
            count = self.counts.get(tab.view)
            words = f"{tab.key} {name}" + ("" if count is None else f" {count:,}")
            parts.append((words, "bold underline $text-primary" if chosen else ""))
            parts.append((" " * gap, ""))
            self._spans.append((at, at + len(words), tab.view))
            at += len(words) + gap
        return parts, at - gap
