"""Where everything on the desk stands: worked out from its size and the rows of the view."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region
from textual.layout import ArrangeResult, Layout, WidgetPlacement

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.widget import Widget

PANES = ("queue", "request", "customer", "reminders")
"""Their ids, in the order of the Tab key."""

BARS = 2
"""Lines above the panes."""

TWO_COLUMNS, THREE_COLUMNS = 100, 160
"""From these widths on the customer stands beside the conversation, and the queue beside both."""

MOST_ROWS = 12
_FEWEST_ROWS = 3
_FRAME = 2
_LEAST = _FRAME + 1
"""Lines of a pane in which something is seen."""
_LOWEST = 4
"""Lines of a pane below which nothing can be read in it."""
_NARROWEST = 24
_BESIDE = (36, 48)
"""Cells that the customer needs, and those that are enough."""


class DeskColumns(Enum):
    """How the panes stand: one below the queue, two, or the queue beside them."""

    ONE = "one"
    TWO = "two"
    THREE = "three"

    @classmethod
    def at(cls, width: int) -> DeskColumns:
        """Those that a desk of so many cells has room for."""
        if width < TWO_COLUMNS:
            return cls.ONE
        return cls.TWO if width < THREE_COLUMNS else cls.THREE


class PaneSplits(NamedTuple):
    """What a person made of the splits: cells or lines more than the desk gives by itself."""

    queue: int = 0
    """Of the queue: lines, or with three columns cells."""
    conversation: int = 0
    """Of the conversation: cells."""


class DeskLayout(Layout):
    """Queue above, as high as its view; below it the conversation, and the customer beside it.

    The rows of the view and what is below the queue are set by whoever shows them, who then has
    the screen laid out.
    """

    name = "desk"

    def __init__(self) -> None:
        self.rows = self.reminders = 0
        """Lines that the queue and the reminders take, as far as they may."""
        self.beside = False
        """With one column: whether customer and reminders stand in place of the conversation."""
        self.splits: dict[DeskColumns, PaneSplits] = {}

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """The bars at the top and the panes, each where it belongs."""
        del parent, greedy
        at = self.panes(size)
        placed = []
        top = 0
        for child in children:
            if child.id in PANES:
                region = at.get(child.id, Region())
            else:
                region = Region(0, top, size.width, 1)
                top += 1
            if region.area:
                placed.append(WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child))
        return placed

    def panes(self, size: Size) -> dict[str, Region]:
        """The panes that are seen by their ids, below the bars."""
        columns = DeskColumns.at(size.width)
        body = Region(0, BARS, size.width, max(0, size.height - BARS))
        own = self.splits.get(columns, PaneSplits())
        if columns is DeskColumns.THREE:
            cells = _between(body.width * 2 // 5 + own.queue, _NARROWEST, body.width // 2)
            queue, below = body.split_vertical(cells)
        else:
            queue, below = body.split_horizontal(self._queue_lines(body.height, own.queue))
        if columns is DeskColumns.ONE:
            if not self.beside:
                return {"queue": queue, "request": below}
            if not below.area:
                queue, below = Region(), body
            customer, reminders = below.split_vertical(below.width // 2)
            return {"queue": queue, "customer": customer, "reminders": reminders}
        usual = below.width - _between(below.width // 3, *_BESIDE)
        cells = _between(usual + own.conversation, _NARROWEST, below.width - _NARROWEST)
        request, beside = below.split_vertical(cells)
        lines = beside.height - self._reminder_lines(beside.height)
        customer, reminders = beside.split_horizontal(lines)
        return {"queue": queue, "request": request, "customer": customer, "reminders": reminders}

    def keep_to_room(self, size: Size) -> None:
        """Let the splits be no more than what is seen of them: a step the other way is seen."""
        columns, seen = DeskColumns.at(size.width), self.panes(size)
        self.splits[columns] = PaneSplits()
        now, usual = seen["queue"], self.panes(size)["queue"]
        across = columns is DeskColumns.THREE
        more = now.width - usual.width if across else now.height - usual.height
        self.splits[columns] = own = PaneSplits(queue=more)
        if "request" in seen:
            more = seen["request"].width - self.panes(size)["request"].width
            self.splits[columns] = own._replace(conversation=more)

    def _queue_lines(self, height: int, more: int) -> int:
        most = min(MOST_ROWS + _FRAME, height * 2 // 5)
        usual = min(max(self.rows, _FEWEST_ROWS) + _FRAME, most)
        lines = _between(usual + more, _FEWEST_ROWS + _FRAME, max(_LEAST, height - _LOWEST))
        return lines if height - lines >= _LEAST else height

    def _reminder_lines(self, height: int) -> int:
        """None where a frame with a line in it has no room."""
        lines = min(height // 2, _between(self.reminders + _FRAME, _LOWEST, height * 2 // 5))
        return lines if lines >= _LEAST else 0


def _between(value: int, least: int, most: int) -> int:
    return max(0, least, min(value, most)) if most > least else max(0, most)
