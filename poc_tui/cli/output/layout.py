"""What is printed for people, before it is known for how wide a terminal.

Everything outside text can reach is cleaned here, once, so that no command can forget to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from poc_tui.rules.text import one_line, safe

GAP = "  "
NARROW = 110
"""Columns of a terminal below which a table leaves out what is said elsewhere."""
PORTION = 1000
"""Rows of a table that are laid out together."""
_READABLE = 24
"""Cells of a subject by which it is known."""
_LEAST = 8
"""Cells below which a column that gives way is not cut any further."""


class Table(NamedTuple):
    """Rows of text: each has its cells by their headings, every row the same ones.

    Where a line is too long for the terminal the columns of `most` are cut to so many cells, then
    the one that `gives_way`. `only_wide` are left out on a narrow terminal; the last column may be
    one that `wraps`: it goes on below, under its beginning.
    """

    rows: Iterable[Mapping[str, str]]
    empty: str = ""
    """The sentence for when there are no rows."""
    gives_way: str | None = None
    most: Mapping[str, int] = MappingProxyType({})
    only_wide: Collection[str] = ()
    right: Collection[str] = ()
    wraps: str | None = None
    below: str = ""
    """A line for below: that there are more rows than these."""


class Line(NamedTuple):
    """One line, as long as it is; `strong` where it heads what follows."""

    text: str = ""
    strong: bool = False


class Prose(NamedTuple):
    """Text of several lines, set in by `indent` cells."""

    text: str
    indent: int = 2


Block = Table | Line | Prose
_Cell = tuple[str, int]
"""A text, and how many cells of a terminal it takes."""


def table_lines(table: Table, width: int | None) -> Iterator[Line]:
    """The table with its columns aligned, headings first.

    With a `width` in cells (a terminal) lines are cut to it; without, nothing is ever cut. A
    column in which no row has anything is left out. A long table is laid out in portions, so that
    its beginning need not wait for its end: columns may grow from one to the next, and none is
    left out.
    """
    rows = iter(table.rows)
    portion = _measured(rows)
    if not portion:
        yield Line(table.empty)
        return
    narrow = width is not None and width < NARROW
    shown = [
        name
        for name in portion[0]
        if not (narrow and name in table.only_wide)
        and (len(portion) == PORTION or any(row[name][0] for row in portion))
    ]
    portion.insert(0, {name: (name, cell_len(name)) for name in shown})
    widths = dict.fromkeys(shown, 0)
    strong = True
    while portion:
        for name in shown:
            widths[name] = max(widths[name], *[row[name][1] for row in portion])
        rooms = widths if width is None else _fitted(widths, table, width)
        for row in portion:
            for text in _laid_out(row, rooms, table, width):
                yield Line(text, strong)
            strong = False
        portion = _measured(rows)
    if table.below:
        yield Line(table.below)


def _measured(rows: Iterator[Mapping[str, str]]) -> list[dict[str, _Cell]]:
    """The next rows, made safe."""
    return [
        {
            # Most are plain, and eight thousand calls are spared in a portion.
            name: (cell, len(cell))
            if cell.isascii() and cell.isprintable()
            else (text := safe(cell), cell_len(text))
            for name, cell in row.items()
        }
        for row in islice(rows, PORTION)
    ]


def cell_len(text: str) -> int:
    """How many cells of a terminal the text takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _laid_out(
    row: Mapping[str, _Cell], rooms: Mapping[str, int], table: Table, width: int | None
) -> Iterator[str]:
    """A row as a line, or as several where its last column wraps."""
    cells = []
    for name, room in rooms.items():
        text, taken = row[name]
        if taken > room:
            text = one_line(text, room)
            taken = cell_len(text)
        fill = " " * (room - taken)
        cells.append(fill + text if name in table.right else text + fill)
    if width is None or name != table.wraps:
        yield GAP.join(cells).rstrip()
        return
    before = "".join(cell + GAP for cell in cells[:-1])
    for part in _wrapped(row[name][0], max(_LEAST, width - cell_len(before))):
        yield (before + part).rstrip()
        before = " " * cell_len(before)


def _wrapped(text: str, room: int) -> Iterator[str]:
    """The text in lines of at most so many cells, broken between words; a long word stays whole."""
    line = ""
    for word in text.split(" "):
        if line and cell_len(f"{line} {word}") > room:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def _fitted(widths: Mapping[str, int], table: Table, width: int) -> dict[str, int]:
    """Narrower columns with which a line fits: first to their most, then the one that gives way.

    Where little of that is left, those of a most give way as well, to half of it.
    """
    rooms = {name: min(room, table.most.get(name, room)) for name, room in widths.items()}
    over = sum(rooms.values()) + len(GAP) * (len(rooms) - 1) - width
    if table.gives_way in rooms and over > 0:
        wanted = min(rooms[table.gives_way], _READABLE)
        for name in filter(rooms.__contains__, table.most):
            lacking = wanted - (rooms[table.gives_way] - over)
            given = max(0, min(lacking, rooms[name] - table.most[name] // 2))
            rooms[name] -= given
            over -= given
        rooms[table.gives_way] = max(_LEAST, rooms[table.gives_way] - over)
    return rooms
