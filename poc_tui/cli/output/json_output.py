"""Printing JSON for scripts, in ASCII, so that no text from outside can carry a raw escape."""

from __future__ import annotations

import sys
from json import JSONEncoder, loads
from typing import TYPE_CHECKING

from poc_tui.quick.json_text import print_array

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from poc_tui.cli.output.layout import Block, Table
    from poc_tui.cli.output.printing import Fields
    from poc_tui.store.records import Done


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
        fields = {"done": done.label, "numbers": list(done.numbers), "remarks": list(done.remarks)}
        sys.stdout.write(self._encode(fields) + "\n")

    def _text(self, one: Fields | str) -> str:
        if isinstance(one, str):
            return one if self._indent is None else self._encode(loads(one))
        return self._encode(one)


def for_json() -> JsonOutput:
    """Print JSON in ASCII, so that no text from outside can carry a raw escape."""
    return JsonOutput(indent=2 if sys.stdout.isatty() else None)
