"""The second line of the desk: the six views with their counts; a click goes there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from textual import events

SHORT_NAMES = {"with-departments": "Dept", "with-customer": "Customer"}
"""What views are called where their names have no room."""


class ViewTab(NamedTuple):
    """One view: its id, the key that shows it, and its name."""

    view: str
    key: str
    name: str


class ViewTabs(Widget):
    """`1 My turn 5   2 With departments 6 ...`, in own short names where there is no room."""

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
        for gap, short, say in _FORMS:
            parts, length = self._parts(gap, say, short=short)
            if length <= width:
                break
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        x = event.get_content_offset_capture(self).x
        for start, end, view in self._spans:
            if start <= x < end:
                self.post_message(self.Chosen(view))

    def _parts(
        self, gap: int, say: Callable[[int], str], *, short: bool
    ) -> tuple[list[tuple[str, str]], int]:
        parts: list[tuple[str, str]] = []
        self._spans = []
        at = 0
        for tab in self._tabs:
            chosen = tab.view == self.current
            name = SHORT_NAMES.get(tab.view, tab.name) if short else tab.name
            count = self.counts.get(tab.view)
            words = f"{tab.key} {name}" + ("" if count is None else say(count))
            parts.append((words, "bold underline $text-primary" if chosen else ""))
            parts.append((" " * gap, ""))
            self._spans.append((at, at + len(words), tab.view))
            at += len(words) + gap
        return parts, at - gap


def _whole(count: int) -> str:
    return f" {count:,}"


def _rounded(count: int) -> str:
    """A count in thousands or millions, rounded down: ` 999`, ` 1.9k`, ` 12k`, ` 1M`."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            tenths = count * 10 // size
            return f" {tenths / 10 if tenths < 100 else tenths // 10:g}{unit}"
    return f" {count}"


def _unsaid(_count: int) -> str:
    return ""


_FORMS: tuple[tuple[int, bool, Callable[[int], str]], ...] = (
    (3, False, _whole),
    (2, False, _whole),
    (1, False, _whole),
    (2, True, _whole),
    (1, True, _whole),
    (1, True, _rounded),
    (1, True, _unsaid),
)
"""The cells between two views, whether names are the short ones, and how counts are said; the first
that has room is taken."""
