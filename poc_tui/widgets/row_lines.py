"""How one line of a virtual list looks: signs at the left, the row's content, padding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip

from poc_tui.widgets.inks import Inks, Runs, segments

if TYPE_CHECKING:
    from textual.widget import Widget

GUTTER = 3
"""Cells at the left of each line: the highlight's sign, the mark's sign and a space."""

HIGHLIGHT_SIGN = "▸"
MARK_SIGN = "●"
UNKNOWN: Runs = (("…", "dim"),)
"""Stands for a row that could not be read yet."""

EMPTY_MARGIN = 2


class LineInks:
    """The inks of a list: of its lines, of its highlighted line and of the mark.

    Args:
        widget: has the `virtual-list--...` component classes; asked for its styles now.
    """

    def __init__(self, widget: Widget) -> None:
        style = widget.visual_style
        lit = "highlight" if widget.has_focus else "highlight-blurred"
        self.plain = Inks(style)
        # Over the row's own colours, which were chosen for another background.
        self.lit = Inks(style, widget.get_visual_style(f"virtual-list--{lit}"))
        self.mark = widget.get_visual_style("virtual-list--marked").rich_style


def pointed_line(inks: LineInks, runs: Runs, width: int, *, lit: bool) -> Strip:
    """A line of exactly `width` cells of a list in which nothing is marked."""
    of_line = inks.lit if lit else inks.plain
    sign = Segment(HIGHLIGHT_SIGN if lit else " ", of_line[""])
    return Strip([sign, *segments(runs, max(0, width - 1), of_line)], width)


def row_line(inks: LineInks, runs: Runs, width: int, *, lit: bool, marked: bool) -> Strip:
    """A line of exactly `width` cells.

    Args:
        inks: the list's.
        runs: one line; what is wider than the line is cut with an ellipsis.
        width: cells, those of the signs included.
        lit: whether this is the highlighted line.
        marked: whether the row is marked.
    """
    of_line = inks.lit if lit else inks.plain
    plain = of_line[""]
    signs = [
        Segment(HIGHLIGHT_SIGN if lit else " ", plain),
        Segment(MARK_SIGN if marked else " ", inks.mark if marked and not lit else plain),
        Segment(" ", plain),
    ]
    if width <= GUTTER:
        return Strip(signs).adjust_cell_length(width, plain)
    return Strip([*signs, *segments(runs, width - GUTTER, of_line)], width)


def empty_line(widget: Widget, content: Content, width: int, y: int) -> Strip:
    """Line `y` of what is said when there are no rows: centred, below one empty line."""
    style = widget.visual_style
    inner = max(1, width - 2 * EMPTY_MARGIN)
    lines = content.wrap(inner)
    if not 0 < y <= len(lines):
        return Strip.blank(width, style.rich_style)
    line = lines[y - 1].rstrip()
    left = EMPTY_MARGIN + max(0, inner - line.cell_length) // 2
    drawn = [Segment(" " * left, style.rich_style), *line.render_segments(style)]
    return Strip(drawn).adjust_cell_length(width, style.rich_style)
