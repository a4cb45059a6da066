"""Printing: for people, or as JSON for scripts, behind one interface. And failing, in one place."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from poc_tui.cli.layout import Block, Line, Prose, Table, table_lines
from poc_tui.errors import PocError
from poc_tui.rules.text import safe

if TYPE_CHECKING:
    from rich.console import Console

    from poc_tui.store.records import Done

Fields = Mapping[str, Any]
"""What one thing is as JSON."""


class Output(Protocol):
    """How results are printed. Each way takes what it needs and leaves the other unasked."""

    def table(self, table: Table, data: Iterable[Fields]) -> None:
        """Print several things: a table, or one array."""
        ...

    def page(self, page: Callable[[], Iterable[Block]], data: Callable[[], Fields]) -> None:
        """Print one thing: a page, or one object."""
        ...

    def done(self, done: Done, lines: Iterable[str] = ()) -> None:
        """Print what a verb did, its remarks, and for people `lines` on how it stands now."""
        ...


def for_people(environ: Mapping[str, str]) -> Output:
    """Print for people: to the width of a terminal, in full where there is none."""
    if not sys.stdout.isatty():
        return _People(None)
    from rich.console import Console

    return _People(Console(highlight=False, markup=False, emoji=False, _environ=environ))


def for_json() -> Output:
    """Print JSON in ASCII, so that no text from outside can carry a raw escape."""
    return _Json()


def fail(error: PocError) -> int:
    """Say on standard error what was wrong and what to do; returns the exit code."""
    return say_failure(str(error), error.exit_code)


def say_failure(sentence: str, exit_code: int) -> int:
    """The same for a failure that came as words."""
    print(f"poc: {safe(sentence)}", file=sys.stderr)
    return exit_code


class _People:
    def __init__(self, console: Console | None) -> None:
        self._console = console

    def table(self, table: Table, data: Iterable[Fields]) -> None:
        self._block(table)

    def page(
        self,
        page: Callable[[], Iterable[Block]],
        data: Callable[[], Fields],
    ) -> None:
        for block in page():
            self._block(block)

    def done(self, done: Done, lines: Iterable[str] = ()) -> None:
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


class _Json:
    def __init__(self) -> None:
        from json import JSONEncoder

        self._encode = JSONEncoder(indent=2 if sys.stdout.isatty() else None).encode

    def table(self, table: Table, data: Iterable[Fields]) -> None:
        before = "[\n"
        for fields in data:
            sys.stdout.write(before + self._encode(fields))
            before = ",\n"
        sys.stdout.write("[]\n" if before == "[\n" else "\n]\n")

    def page(
        self,
        page: Callable[[], Iterable[Block]],
        data: Callable[[], Fields],
    ) -> None:
        sys.stdout.write(self._encode(data()) + "\n")

    def done(self, done: Done, lines: Iterable[str] = ()) -> None:
        fields = {
            "done": done.label,
            "numbers": list(done.numbers),
            "remarks": list(done.remarks),
        }
        sys.stdout.write(self._encode(fields) + "\n")
