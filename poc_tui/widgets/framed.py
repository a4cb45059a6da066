"""Lines in a frame, drawn one by one, at little cost to the rest of the screen.

The frame is part of the lines: no container around them, no border that is styled again, no
scrollbar that comes and goes, each of which has Textual lay out and paint the whole screen.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from poc_tui.rules.text import one_line
from poc_tui.widgets.inks import Inks, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.style import Style
    from textual.color import Color
    from textual.content import Content
    from textual.style import Style as VisualStyle

_NARROWEST, _LOWEST = 4, 2
"""Cells and lines of a frame with nothing in it."""


class Frame(NamedTuple):
    """How a frame is drawn: its cells and lines, the height of its upper side (none in a dialog),
    the lines of its right side that show where one is, and whether it has the focus.
    """

    width: int
    height: int
    edge: int
    signs: range
    has_focus: bool


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
        self.title = ""
        """What stands in the upper side of the frame."""
        self._remark = ""
        self._head: Sequence[Content] = ()
        self._head_strips: dict[int, Strip] = {}
        self._frame_inks: Inks | None = None
        self._ground: Color | None = None
        self._painted: dict[int, tuple[tuple[object, ...], Strip]] = {}
        """Of each line what it says, and how it was painted."""
        self._changes = 0
        """How many blocks there are in which it changes."""

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
        self._head = lines
        self._head_strips.clear()
        self.repaint()

    def entitle(self, title: str, remark: str | None = None) -> None:
        """Write into the frame; a remark that is None stays. Both may come from outside."""
        self.title = title
        self._remark = self._remark if remark is None else remark
        self.repaint()

    def set_line_count(self, lines: int) -> None:
        """Say how many lines there are to scroll through.

        Textual lays out the whole screen when a `virtual_size` changes; nothing moves here.
        """
        size = Size(0, lines + self.head + self.foot)
        if size != self.virtual_size:
            self.set_reactive(Widget.virtual_size, size)
            self._scroll_update(size)
            self.repaint()

    def scroll_top(self, top: int) -> None:
        """Scroll, at once, so that this line stands at the top, or as near to it as there is."""
        top = max(0, min(top, self.max_scroll_y))
        if not top == self.scroll_y == self.scroll_target_y:
            self.scroll_to(y=top, animate=False, force=True)

    def repaint(self) -> None:
        """Paint the lines that are no longer what they were when they were painted last.

        Of a line that is painted all is sent to the terminal but the side at the right, if that
        is as it was: Textual sends a line from its beginning on.
        """
        if self._changes or not self.is_mounted:
            return
        frame = self._frame()
        changed = []
        for y in range(frame.height):
            before = self._painted.get(y)
            if before is None or before[1] is not self._painted_line(y, frame):
                after = self._painted.get(y)
                ends_alike = before and after and before[0][1:] == after[0][1:]
                inner = ends_alike and 0 < y < frame.height - 1
                cells = frame.width - frame.edge * (2 if inner else 1)
                changed.append(Region(0, y - frame.edge, cells, 1))
        if changed:
            self.refresh(*changed)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """What changes within is painted at the end, all of it at once."""
        self._changes += 1
        try:
            yield
        finally:
            self._changes -= 1
        self.repaint()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in `crop`, those of the frame among them."""
        frame = self._frame()
        return [self._painted_line(y, frame).crop(crop.x, crop.right) for y in crop.line_range]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._frame_inks = self._ground = None
        self._head_strips.clear()
        self._painted.clear()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        if round(old_value) != round(new_value):
            self.repaint()

    def _signs(self) -> range:
        """The lines of the side that show where in all of it one is."""
        seen, total = self.room, self.virtual_size.height - self.head - self.foot
        if not 0 < seen < total:
            return range(0)
        length = max(1, seen * seen // total)
        first = 1 + self.head + round((seen - length) * self.scroll_offset.y / (total - seen))
        return range(first, min(first + length, self.size.height + 1))

    def _frame(self) -> Frame:
        width, height = self.outer_size
        return Frame(width, height, self.styles.gutter.top, self._signs(), self.has_focus)

    def _painted_line(self, y: int, frame: Frame) -> Strip:
        """Line `y` as it goes to the terminal: the same as before, unless it says another thing."""
        width, height, edge, signs, has_focus = frame
        inside: str | Strip
        if not edge:  # in a dialog, whose frame is enough
            inside = self._inner_line(y, width - 1)
        elif width < _NARROWEST or height < _LOWEST:
            return Strip.blank(width, self.visual_style.rich_style)
        elif y == 0:
            inside = self.title
        elif y == height - 1:
            inside = self._remark
        else:
            inside = self._inner_line(y - 1, width - 2)
        signed = y + 1 - edge in signs
        says = inside, width, height, signed, has_focus
        before = self._painted.get(y)
        if before is None or before[0] != says:
            strip = Strip(joined(self._framed(y, inside, width, signed=signed)), width)
            self._ground = self._ground or self.background_colors[1]
            for line_filter in self.get_line_filters():
                strip = strip.apply_filter(line_filter, self._ground)
            self._painted[y] = before = says, strip
        return before[1]

    def _framed(self, y: int, inside: str | Strip, width: int, *, signed: bool) -> list[Segment]:
        ink = self._ink("$primary" if self.has_focus else "$panel-lighten-2")
        if isinstance(inside, Strip):
            if not self.styles.gutter.top:
                return [*inside, Segment("┃" if signed else " ", self._ink(""))]
            return [Segment("│", ink), *inside, Segment("┃" if signed else "│", ink)]
        if y:
            return _edge("╰╯", inside, width, ink, self._ink("dim"))
        words = self._ink("bold $text-primary" if self.has_focus else "bold")
        return _edge("╭╮", inside, width, ink, words)

    def _inner_line(self, y: int, width: int) -> Strip:
        if y >= self.head:
            return self.line(y - self.head, width)
        strip = self._head_strips.get(y)
        if strip is None or strip.cell_length != width:
            strip = self._head_strips[y] = text_strip(self._head[y], width, self.visual_style)
        return strip

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


def _edge(corners: str, said: str, width: int, ink: Style, words: Style) -> list[Segment]:
    """A side of the frame with words in it, as many as there is room for."""
    left, right = corners[0], corners[1]
    shown = one_line(said, width - 6) if said and width > 6 else ""  # corners, lines and spaces
    if not shown:
        return [Segment(left + "─" * (width - 2) + right, ink)]
    rest = width - 5 - cell_len(shown)
    parts = [Segment(f"{left}─ ", ink), Segment(shown, words)]
    return [*parts, Segment(f" {'─' * rest}{right}", ink)]
