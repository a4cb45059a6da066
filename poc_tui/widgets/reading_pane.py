"""Text to be read, in pieces that belong together, wrapped once and painted line by line."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.content import Content
from textual.strip import Strip

from poc_tui.widgets.framed import Framed, text_strip

Pieces = Sequence[Sequence[Content]]
"""The lines of each piece, such as a message; safe to show."""

LayOut = Callable[[int], tuple[Sequence[Content], Pieces]]
"""A width in cells to the lines that stay at the top, and the pieces below."""

_ENDS = (".", "!", "?", ":", "…")
"""What a sentence ends with, or the line before a list."""

_WORTH = 4
"""So many lines left over are filled with the end of the piece before."""


class ReadingPane(Framed, can_focus=True):
    """Shows the newest piece, and with it as many whole ones before it as there is room for.

    Where all have room, the first stands at the top. Who scrolls is left where they are.
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lay_out: LayOut = lambda _width: ((), ())
        self._lines: Sequence[Content] = ()
        self._starts: Sequence[int] = ()
        self._strips: dict[int, Strip] = {}
        self._newest = False
        """Whether it is scrolled to the newest, and is to stay so."""

    def show(self, lay_out: LayOut, *, newest: bool) -> None:
        """Show other text; with `newest` scrolled to that, else where it is."""
        self._lay_out = lay_out
        self._newest = newest or self._newest
        if self.size.width:
            self._set_lines()

    def cover(self, lines: int) -> None:
        """Something else covers so many lines at the bottom; what was read stays in sight."""
        if lines != self.foot:
            self.foot = lines
            with self.changing():
                self._fit()

    def line(self, y: int, width: int) -> Strip:
        index = y + self.scroll_offset.y
        strip = self._strips.get(index)
        if strip is None or strip.cell_length != width:
            known = 0 <= index < len(self._lines)
            text = self._lines[index] if known else Content()
            self._strips[index] = strip = text_strip(text, width, self.visual_style)
        return strip

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._strips.clear()

    def on_resize(self) -> None:
        """Lay the text out for the new size."""
        self._set_lines()

    def scroll_by(self, lines: int) -> None:
        """Scroll by so many lines, upwards if it is below zero."""
        self.scroll_top(self.scroll_offset.y + lines)

    def read(self, way: int) -> None:
        """Scroll on by half of what is seen, or back where `way` is -1."""
        self.scroll_by(way * max(1, self.room // 2))

    def action_scroll_down(self) -> None:
        self.scroll_by(1)

    def action_scroll_up(self) -> None:
        self.scroll_by(-1)

    def action_page_down(self) -> None:
        self.scroll_by(max(1, self.room - 1))

    def action_page_up(self) -> None:
        self.scroll_by(-max(1, self.room - 1))

    def action_scroll_home(self) -> None:
        self.scroll_top(0)

    def action_scroll_end(self) -> None:
        self.scroll_top(len(self._lines))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self._newest = round(new_value) >= self._top_of_newest()

    def _set_lines(self) -> None:
        width = self.size.width - 2
        if width <= 0:
            return
        head, pieces = self._lay_out(width)
        self._lines = [line for piece in pieces for line in piece]
        self._starts = _starts(pieces)
        self._strips.clear()
        with self.changing():
            self.set_head(head)
            self._fit()

    def _fit(self) -> None:
        top = self._top_of_newest()
        self.set_line_count(max(len(self._lines), top + self.room))
        self.scroll_top(top if self._newest else self.scroll_offset.y)

    def _top_of_newest(self) -> int:
        """The line at the top while the newest is shown: where a piece or a sentence begins."""
        total, room = len(self._lines), self.room
        if total <= room:
            return 0
        fits = [start for start in self._starts if total - start <= room]
        if not fits:
            return self._starts[-1]
        if room - (total - fits[0]) < _WORTH:
            return fits[0]
        return next(filter(self._begins, range(total - room, fits[0])), fits[0])

    def _begins(self, index: int) -> bool:
        before = self._lines[index - 1].plain.rstrip()
        return not before or before.endswith(_ENDS)


def _starts(pieces: Pieces) -> list[int]:
    """The line at which each piece begins."""
    starts, at = [], 0
    for piece in pieces:
        starts.append(at)
        at += len(piece)
    return starts
