"""What is printed for people, before it is known for how wide a terminal.

Everything outside text can reach is cleaned here, once, so that no command can forget to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from poc_tui.rules.text import one_line, safe

GAP = "  "
NARROW = 110
"""Columns of a terminal below which a table leaves out what is said elsewhere."""
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

    rows = [{name: safe(cell) for name, cell in row.items()} for row in table.rows]
    if not rows:
        yield Line(table.empty)
        return
    narrow = width is not None and width < NARROW
    shown = [
        name
        for name in rows[0]
        if not (narrow and name in table.only_wide) and any(row[name] for row in rows)
    ]
    lines = [dict(zip(shown, shown, strict=True)), *rows]
    widths = {name: max(cell_len(line[name]) for line in lines) for name in shown}
    if width is not None:
        _fit(widths, table, width)
    for number, line in enumerate(lines):
        cells = []
        for name, room in widths.items():
            text = line[name] if cell_len(line[name]) <= room else one_line(line[name], room)
            fill = " " * (room - cell_len(text))
            cells.append(fill + text if name in table.right else text + fill)
        if width is None or shown[-1] != table.wraps:
            yield Line(GAP.join(cells).rstrip(), strong=number == 0)
            continue
        before = "".join(cell + GAP for cell in cells[:-1])
        for part in _wrapped(line[shown[-1]], max(_LEAST, width - cell_len(before))):
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


def _fit(widths: dict[str, int], table: Table, width: int) -> None:
    """Narrow the columns until a line fits: first to their most, then the one that gives way."""
    for name in widths.keys() & table.most:
        widths[name] = min(widths[name], table.most[name])
    over = sum(widths.values()) + len(GAP) * (len(widths) - 1) - width
    if table.gives_way in widths and over > 0:
        widths[table.gives_way] = max(_LEAST, widths[table.gives_way] - over)
