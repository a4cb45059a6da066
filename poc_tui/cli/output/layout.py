"""What is printed for people, before it is known for how wide a terminal.

Everything outside text can reach is cleaned here, once, so that no command can forget to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from poc_tui.rules.text import one_line, safe

GAP = "  "
NARROW = 110
"""Columns of a terminal below which a table leaves out what is said elsewhere."""
_LEAST = 8
"""Cells below which a column that gives way is not cut any further."""


class Column(NamedTuple):
    """A column of a table.

    `gives_way` is the one that is cut first when a line is too long for the terminal, `most` the
    cells it may take there, `only_wide` whether it is left out on a narrow terminal. `wraps` is
    for the last one: what is too long for the terminal goes on below, under its beginning.
    """

    heading: str
    gives_way: bool = False
    most: int | None = None
    only_wide: bool = False
    right: bool = False
    wraps: bool = False


class Table(NamedTuple):
    """Rows of text under headings; `empty` is the sentence for when there are none."""

    columns: Sequence[Column]
    rows: Iterable[Sequence[str]]
    empty: str


class Line(NamedTuple):
    """One line, as long as it is; `strong` where it heads what follows."""

    text: str = ""
    strong: bool = False


class Prose(NamedTuple):
    """Text of several lines, set in by `indent` cells."""

    text: str
    indent: int = 2


Block = Table | Line | Prose


def table_lines(table: Table, width: int | None) -> Iterator[Line]:
    """The table with its columns aligned, headings first.

    With a `width` in cells (a terminal) lines are cut to it; without, nothing is ever cut. A
    column in which no row has anything is left out.
    """
    from rich.cells import cell_len

    rows = [[safe(cell) for cell in row] for row in table.rows]
    if not rows:
        yield Line(table.empty)
        return
    narrow = width is not None and width < NARROW
    shown = [
        index
        for index, column in enumerate(table.columns)
        if not (narrow and column.only_wide) and any(row[index] for row in rows)
    ]
    columns = [table.columns[index] for index in shown]
    lines = [[column.heading for column in columns]]
    lines += [[row[index] for index in shown] for row in rows]
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(columns))]
    if width is not None:
        _fit(widths, columns, width)
    for number, line in enumerate(lines):
        cells = []
        for cell, column, room in zip(line, columns, widths, strict=True):
            text = cell if cell_len(cell) <= room else one_line(cell, room)
            fill = " " * (room - cell_len(text))
            cells.append(fill + text if column.right else text + fill)
        if width is None or not columns[-1].wraps:
            yield Line(GAP.join(cells).rstrip(), strong=number == 0)
            continue
        before = "".join(cell + GAP for cell in cells[:-1])
        for part in _wrapped(line[-1], max(_LEAST, width - cell_len(before))):
            yield Line((before + part).rstrip(), strong=number == 0)
            before = " " * cell_len(before)


def _wrapped(text: str, room: int) -> Iterator[str]:
    """The text in lines of at most so many cells, broken between words; a long word stays whole."""
    from rich.cells import cell_len

    line = ""
    for word in text.split(" "):
        if line and cell_len(f"{line} {word}") > room:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _fit(widths: list[int], columns: Sequence[Column], width: int) -> None:
    """Narrow the columns until a line fits: first to their most, then the one that gives way."""
    for at, column in enumerate(columns):
        if column.most is not None:
            widths[at] = min(widths[at], column.most)
    over = sum(widths) + len(GAP) * (len(widths) - 1) - width
    for at, column in enumerate(columns):
        if column.gives_way and over > 0:
            widths[at] = max(_LEAST, widths[at] - over)
