"""Text in a pane of fixed size, wrapped once and painted line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip

from poc_tui.widgets.quiet_scroll import QuietScroll

LayOut = Callable[[int], Sequence[Content]]
"""A width in cells to the lines that are shown at that width; their text is safe."""


class TextLines(QuietScroll):
    """Lines of text that scroll. Showing others repaints this widget and moves nothing.

    A `Static` that is as high as its text has the whole screen laid out for every new text.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    TextLines { overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; }
    """

    def __init__(self, *, id: str, can_focus: bool = False) -> None:
        super().__init__(id=id)
        self.can_focus = can_focus
        self.auto_links = False
        self._lay_out: LayOut = lambda _width: ()
        self._lines: Sequence[Content] = ()
        self._strips: dict[int, Strip] = {}
        self._width = 0
        self._to_end = False

    @property
    def line_count(self) -> int:
        """How many lines there are at the present width."""
        return len(self._lines)

    def show(self, lay_out: LayOut, *, to_end: bool = False) -> None:
        """Show other lines; with `to_end`, scrolled to the last of them, else from where it is."""
        self._lay_out = lay_out
        self._to_end = to_end or (self._to_end and not self._width)
        if self._width:
            self._set_lines()

    def render_line(self, y: int) -> Strip:
        """The line of the screen `y` lines below the top."""
        index = y + self.scroll_offset.y
        strip = self._strips.get(index)
        if strip is None:
            style = self.visual_style
            drawn = self._lines[index].render_segments(style) if index < len(self._lines) else []
            strip = Strip(drawn).adjust_cell_length(self._width, style.rich_style)
            self._strips[index] = strip
        return strip

    def notify_style_update(self) -> None:
        """Draw lines anew when the theme has changed."""
        super().notify_style_update()
        self._strips.clear()

    def on_resize(self) -> None:
        """Lay the text out for the new width."""
        width = self.scrollable_content_region.width
        if width != self._width:
            self._width = width
            self._set_lines()

    def _set_lines(self) -> None:
        before = self._in_view()
        self._lines = self._lay_out(self._width) if self._width > 0 else ()
        self._strips.clear()
        self.set_line_count(len(self._lines))
        if self._to_end:
            self._to_end = False
            self.scroll_to(y=self.max_scroll_y, animate=False)
        for y, (old, new) in enumerate(zip(before, self._in_view(), strict=True)):
            if old != new:
                self.refresh(Region(0, y, self._width, 1))

    def _in_view(self) -> list[Strip]:
        return [self.render_line(y) for y in range(self.scrollable_content_region.height)]
