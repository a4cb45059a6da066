"""Printing JSON for scripts, in ASCII, so that no text from outside can carry a raw escape."""

from __future__ import annotations

import sys
from itertools import islice
from json import JSONEncoder, loads
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from poc_tui.cli.output.layout import Block, Table
    from poc_tui.cli.output.printing import Fields
    from poc_tui.store.records import Done


_AT_ONCE = 500
"""Things written in one go."""


def print_array(texts: Iterable[str]) -> None:
    """Print these JSON texts as one array, a line each."""
    remaining = iter(texts)
    before = "[\n"
    while portion := list(islice(remaining, _AT_ONCE)):
        sys.stdout.write(before + ",\n".join(portion))
        before = ",\n"
    sys.stdout.write("[]\n" if before == "[\n" else "\n]\n")


class JsonOutput:
    """See `output.Output`. `indent` is for a person who looks at it."""

    def __init__(self, *, indent: int | None) -> None:
        self._indent = indent
        self._encode = JSONEncoder(indent=indent).encode

    def table(self, table: Callable[[], Table], data: Iterable[Fields | str]) -> None:
        """One array, a line for each thing."""
        print_array(map(self._text, data))

    def page(self, page: Callable[[], Iterable[Block]], data: Callable[[], Fields]) -> None:
        """One object."""
        sys.stdout.write(self._encode(data()) + "\n")

    def done(self, done: Done, lines: Iterable[str] = ()) -> None:
        """One object: `done`, `numbers`, `remarks`."""
        fields = {
            "done": done.label,
            "numbers": list(done.numbers),
            "remarks": list(done.remarks),
        }
        sys.stdout.write(self._encode(fields) + "\n")

    def _text(self, one: Fields | str) -> str:
        if isinstance(one, str):
            return one if self._indent is None else self._encode(loads(one))
        return self._encode(one)
