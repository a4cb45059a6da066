"""Runs of text in named styles, straight to the segments of a line.

A screen of rows drawn through Textual's `Content` takes twenty times as long: it parses and joins
styles for each piece of each row, and measures it again when it is cut and padded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.style import Style

from poc_tui.rules.text import one_line
from poc_tui.words.signs import Run as Run

Runs = Sequence[Run]


class Inks(dict[str, RichStyle]):
    """What a terminal is told for a style, each worked out once; to be made anew with the theme.

    Args:
        base: what is below every style: the widget's own.
        over: what is above it, such as the cursor's colours.
    """

    def __init__(self, base: Style, over: Style | None = None) -> None:
        super().__init__()
        self._base = base
        self._over = over

    def __missing__(self, style: str) -> RichStyle:
        whole = self._base + Style.parse(style) if style else self._base
        if self._over is not None:
            whole += self._over
        self[style] = ink = whole.rich_style
        return ink


def padded(text: str, width: int) -> str:
    """Words of others in exactly so many cells, made safe."""
    line = one_line(text, width)
    return line + " " * (width - cell_len(line))


def segments(runs: Iterable[Run], width: int, inks: Inks) -> list[Segment]:
    """The runs as segments of exactly `width` cells: padded, or cut with an ellipsis."""
    drawn: list[Segment] = []
    left = width
    for text, style in runs:
        cells = len(text) if text.isascii() else cell_len(text)
        if cells > left:
            drawn += _cut(drawn, text, left, inks[style])
            return drawn
        if text:
            drawn.append(Segment(text, inks[style]))
            left -= cells
    if left:
        drawn.append(Segment(" " * left, inks[""]))
    return drawn


def joined(drawn: Iterable[Segment]) -> list[Segment]:
    """The same line in as few segments as look the same: each costs a terminal forty bytes.

    Of spaces only the ground is seen, so that they take on the ink of what they stand beside.
    """
    whole: list[Segment] = []
    for segment in drawn:
        if whole:
            (before, before_ink, _), (text, ink, _) = whole[-1], segment
            if ink == before_ink or (text.isspace() and _same_ground(ink, before_ink)):
                whole[-1] = Segment(before + text, before_ink)
                continue
            if before.isspace() and _same_ground(ink, before_ink):
                whole[-1] = Segment(before + text, ink)
                continue
        whole.append(segment)
    return whole


def _same_ground(ink: RichStyle | None, other: RichStyle | None) -> bool:
    """Whether a space looks the same in both."""
    if ink is None or other is None or ink.bgcolor != other.bgcolor:
        return False
    return not any(
        style.underline or style.underline2 or style.overline or style.strike or style.reverse
        for style in (ink, other)
    )


def _cut(drawn: list[Segment], text: str, left: int, ink: RichStyle) -> list[Segment]:
    """The end of a line that is too long; without room even for the ellipsis it replaces a cell."""
    if left > 0:
        return [Segment(set_cell_size(text, left - 1) + "…", ink)]
    if drawn:
        before, before_ink, _ = drawn.pop()
        return [Segment(set_cell_size(before, cell_len(before) - 1) + "…", before_ink)]
    return []
