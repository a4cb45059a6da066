"""Printing JSON for scripts, in ASCII, so that no text from outside can carry a raw escape."""

from __future__ import annotations

import sys
from itertools import islice
from json import JSONEncoder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from poc_tui.cli.layout import Block, Table
    from poc_tui.cli.output import Fields
    from poc_tui.store.records import Done

_AT_ONCE = 500
"""Things encoded in one go; singly each costs half as much again."""


class Json:
    """See `output.Output`. `indent` is for a person who looks at it."""

    def __init__(self, *, indent: int | None) -> None:
        self._encode = JSONEncoder(indent=indent).encode

    def table(self, table: Table, data: Iterable[Fields]) -> None:
        rest = iter(data)
        before = "["
        while portion := list(islice(rest, _AT_ONCE)):
            sys.stdout.write(before + self._encode(portion)[1:-1].rstrip("\n"))
            before = ",\n"
        sys.stdout.write("[]\n" if before == "[" else "]\n")

    def page(self, page: Callable[[], Iterable[Block]], data: Callable[[], Fields]) -> None:
        sys.stdout.write(self._encode(data()) + "\n")

    def done(self, done: Done, lines: Iterable[str] = ()) -> None:
        fields = {
            "done": done.label,
            "numbers": list(done.numbers),
            "remarks": list(done.remarks),
        }
        sys.stdout.write(self._encode(fields) + "\n")
