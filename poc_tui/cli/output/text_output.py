"""Printing for people: to the width of a terminal, in full where there is none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from poc_tui.cli.output.layout import Block, Line, Prose, Table, table_lines
from poc_tui.rules.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rich.console import Console

    from poc_tui.cli.output.printing import Fields
    from poc_tui.store.records import Done


class TextOutput:
    """See `output.Output`. `console` is the terminal, None where there is none."""

    def __init__(self, console: Console | None) -> None:
        self._console = console

    def table(self, table: Callable[[], Table], data: Iterable[Fields | str]) -> None:
        """A table, to the width of the terminal."""
        self._block(table())

    def page(self, page: Callable[[], Iterable[Block]], data: Callable[[], Fields]) -> None:
        """The blocks, one below the other."""
        for block in page():
            self._block(block)

    def done(self, done: Done, lines: Iterable[str] = ()) -> None:
        """A line of what was done, and each remark below it."""
        self._block(Line(done.label))
        for line in (*done.remarks, *lines):
            self._block(Line(f"  {line}"))

    def _block(self, block: Block) -> None:
        match block:
            case Table():
                width = None if self._console is None else self._console.width
                for line in table_lines(block, width):
                    self._write(line.text, strong=line.strong)
            case Line():
                self._write(safe(block.text), strong=block.strong)
            case Prose():
                self._prose(safe(block.text, newline=True), block.indent)

    def _write(self, line: str, *, strong: bool) -> None:
        if strong and self._console is not None:
            from rich.text import Text

            self._console.print(Text(line, "bold"), soft_wrap=True)
        else:
            sys.stdout.write(line + "\n")

    def _prose(self, text: str, indent: int) -> None:
        if self._console is not None:
            from rich.padding import Padding
            from rich.text import Text

            self._console.print(Padding(Text(text), (0, 0, 0, indent), expand=False))
            return
        for line in text.split("\n"):
            sys.stdout.write(f"{' ' * indent}{line}".rstrip() + "\n")


def for_people(environ: Mapping[str, str]) -> TextOutput:
    """Print for people: to the width of a terminal, in full where there is none."""
    if not sys.stdout.isatty():
        return TextOutput(None)
    from rich.console import Console

    return TextOutput(Console(highlight=False, markup=False, emoji=False, _environ=environ))
