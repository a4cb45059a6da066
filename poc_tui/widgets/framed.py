"""Lines in a frame, drawn one by one, at little cost to the rest of the screen.

The frame is part of the lines: no container around them, no border that is styled again, no
scrollbar that comes and goes, each of which has Textual lay out and paint the whole screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from poc_tui.rules.text import one_line
from poc_tui.widgets.inks import Inks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from textual.content import Content
    from textual.style import Style as VisualStyle

_NARROWEST, _LOWEST = 4, 2
"""Cells and lines of a frame with nothing in it."""


class Framed(ScrollView):
    """A frame with a title above and a remark below.

    Lines that stay come first, below them those that scroll, which come from `line`. How far they
    are scrolled stands as a sign in the right side of the frame.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Framed {
        padding: 1; overflow: hidden hidden; scrollbar-gutter: auto;
        color: $foreground; background: $background;
    }
    """

    foot = 0
    """Lines at the bottom that something else covers."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.auto_links = False  # the lines hold no links, and looking for them takes a fifth
        self._title = self._remark = ""
        self._head: Sequence[Content] = ()
        self._frame_inks: Inks | None = None

    @property
    def title(self) -> str:
        """What stands in the upper side of the frame."""
        return self._title

    @property
    def head(self) -> int:
        """How many lines stay at the top."""
        return len(self._head)

    @property
    def room(self) -> int:
        """Lines that there are for what scrolls."""
        return max(0, self.size.height - self.head - self.foot)

    @property
    def allow_vertical_scroll(self) -> bool:
        """Whether there is more than is seen; Textual asks for a scrollbar."""
        return self.max_scroll_y > 0

    def line(self, y: int, width: int) -> Strip:
        """What is seen `y` lines below those that stay, in `width` cells."""
        raise NotImplementedError

    def set_head(self, lines: Sequence[Content]) -> None:
        """Let these lines, safe and each cut to one, stay at the top."""
        before, self._head = self._head, lines
        if len(before) != len(lines):
            self.refresh()
            return
        for y, (old, new) in enumerate(zip(before, lines, strict=True)):
            if old != new:
                self.repaint_line(y)

    def entitle(self, title: str, remark: str | None = None) -> None:
        """Write into the frame; a remark that is None stays. Both may come from outside."""
        if title != self._title:
            self._title = title
            self._repaint_frame(-1)
        if remark is not None and remark != self._remark:
            self._remark = remark
            self._repaint_frame(self.size.height)

    def set_line_count(self, lines: int) -> None:
        """Say how many lines there are to scroll through.

        Textual lays out the whole screen when a `virtual_size` changes; nothing moves here.
        """
        size = Size(0, lines + self.head + self.foot)
        if size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)
            self._repaint_side()

    def repaint_line(self, y: int) -> None:
        """Paint line `y` below the upper side of the frame."""
        self.refresh(Region(0, y, self.size.width, 1))

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in `crop`, those of the frame among them."""
        width, height = self.outer_size
        background = self.background_colors[1]
        filters = self.get_line_filters()
        strips = []
        signs = self._signs(height)
        for y in crop.line_range:
            strip = self._whole_line(y, width, height, signs)
            for line_filter in filters:
                strip = strip.apply_filter(line_filter, background)
            strips.append(strip.crop(crop.x, crop.right))
        return strips

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._frame_inks = None

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._repaint_side()

    def _repaint_frame(self, y: int) -> None:
        self.refresh(Region(-1, y, self.outer_size.width, 1))

    def _repaint_side(self) -> None:
        self.refresh(Region(self.size.width, 0, 1, self.size.height))

    def _signs(self, height: int) -> range:
        """The lines of the side that show where in all of it one is."""
        seen, total = self.room, self.virtual_size.height - self.head - self.foot
        if not 0 < seen < total:
            return range(0)
        length = max(1, seen * seen // total)
        first = 1 + self.head + round((seen - length) * self.scroll_offset.y / (total - seen))
        return range(first, min(first + length, height - 1))

    def _whole_line(self, y: int, width: int, height: int, signs: range) -> Strip:
        if not self.styles.gutter.top:  # in a dialog, whose frame is enough
            sign = Segment("┃" if y + 1 in signs else " ", self._ink(""))
            return Strip([*self._inner_line(y, width - 1), sign], width)
        if width < _NARROWEST or height < _LOWEST:
            return Strip.blank(width, self.visual_style.rich_style)
        ink = self._ink("$primary" if self.has_focus else "$panel-lighten-2")
        if y == 0:
            words = self._ink("bold $text-primary" if self.has_focus else "bold")
            return _edge("╭╮", self._title, width, ink, words)
        if y == height - 1:
            return _edge("╰╯", self._remark, width, ink, self._ink("$text-muted"))
        inner = self._inner_line(y - 1, width - 2)
        return Strip([Segment("│", ink), *inner, Segment("┃" if y in signs else "│", ink)], width)

    def _inner_line(self, y: int, width: int) -> Strip:
        if y >= self.head:
            return self.line(y - self.head, width)
        return text_strip(self._head[y], width, self.visual_style)

    def _ink(self, name: str) -> Style:
        if self._frame_inks is None:
            self._frame_inks = Inks(self.visual_style)
        return self._frame_inks[name]


def text_strip(text: Content, width: int, style: VisualStyle) -> Strip:
    """One line of text in exactly `width` cells, with one free at each side."""
    if text.cell_length > max(0, width - 2):
        text = text.truncate(max(1, width - 2), ellipsis=True)
    fill = style.rich_style
    drawn = Strip([Segment(" ", fill), *text.render_segments(style)])
    return drawn.adjust_cell_length(width, fill)


def _edge(corners: str, said: str, width: int, ink: Style, words: Style) -> Strip:
    """A side of the frame with words in it, as many as there is room for."""
    left, right = corners[0], corners[1]
    shown = one_line(said, width - 6) if said and width > 6 else ""  # corners, lines and spaces
    if not shown:
        return Strip([Segment(left + "─" * (width - 2) + right, ink)], width)
    rest = width - 5 - cell_len(shown)
    parts = [Segment(f"{left}─ ", ink), Segment(shown, words)]
    return Strip([*parts, Segment(f" {'─' * rest}{right}", ink)], width)
