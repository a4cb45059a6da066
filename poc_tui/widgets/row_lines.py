"""How one line of a virtual list looks: signs at the left, the row's content, padding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.content import Content
from textual.strip import Strip
from textual.visual import Visual

if TYPE_CHECKING:
    from textual.widget import Widget

GUTTER = 3
"""Cells at the left of each line: the highlight's sign, the mark's sign and a space."""

HIGHLIGHT_SIGN = "▸"
MARK_SIGN = "●"
UNKNOWN = Content.styled("…", "dim")
"""Stands for a row that could not be read yet."""

EMPTY_MARGIN = 2


def row_line(widget: Widget, content: Content, width: int, *, lit: bool, marked: bool) -> Strip:
    """A line of exactly `width` cells, in the widget's component styles.

    Args:
        widget: has the `virtual-list--...` component classes.
        content: one line; what is wider than the line is cut with an ellipsis.
        lit: whether this is the highlighted line.
        marked: whether the row is marked.
    """
    style = sign = widget.visual_style
    if marked:
        sign = widget.get_visual_style("virtual-list--marked")
    if lit:
        name = "highlight" if widget.has_focus else "highlight-blurred"
        style = sign = widget.get_visual_style(f"virtual-list--{name}")
        # Over the row's own colours, which were chosen for another background.
        content = content.stylize(style)
    signs = [
        Segment(HIGHLIGHT_SIGN if lit else " ", style.rich_style),
        Segment(MARK_SIGN if marked else " ", sign.rich_style),
        Segment(" ", style.rich_style),
    ]
    drawn = Visual.to_strips(
        widget, content, max(1, width - GUTTER), 1, style, apply_selection=False
    )
    segments = [*signs, *(segment for strip in drawn for segment in strip)]
    return Strip(segments).adjust_cell_length(width, style.rich_style)


def empty_line(widget: Widget, content: Content, width: int, y: int) -> Strip:
    """Line `y` of what is said when there are no rows: centred, below one empty line."""
    style = widget.visual_style
    inner = max(1, width - 2 * EMPTY_MARGIN)
    lines = content.wrap(inner)
    if not 0 < y <= len(lines):
        return Strip.blank(width, style.rich_style)
    line = lines[y - 1].rstrip()
    left = EMPTY_MARGIN + max(0, inner - line.cell_length) // 2
    drawn = Visual.to_strips(widget, line, inner, 1, style, apply_selection=False)
    segments = [Segment(" " * left, style.rich_style), *(s for strip in drawn for s in strip)]
    return Strip(segments).adjust_cell_length(width, style.rich_style)
