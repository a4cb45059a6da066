"""Printing: for people, or as JSON for scripts, behind one interface. And failing, in one place."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from poc_tui.errors import PocError, ToldToEnd
from poc_tui.rules.text import safe

if TYPE_CHECKING:
    from poc_tui.cli.output.layout import Block, Table
    from poc_tui.store.records import Done

Fields = Mapping[str, Any]
"""What one thing is as JSON."""


class Output(Protocol):
    """How results are printed. Each way takes what it needs and leaves the other unasked."""

    def table(self, table: Callable[[], Table], data: Iterable[Fields | str]) -> None:
        """Print several things: a table, or one array.

        `data` gives each thing's fields, or the text of its JSON where there are very many.
        """
        ...

    def page(self, page: Callable[[], Iterable[Block]], data: Callable[[], Fields]) -> None:
        """Print one thing: a page, or one object."""
        ...

    def done(self, done: Done, lines: Iterable[str] = ()) -> None:
        """Print what a verb did, its remarks, and for people `lines` on how it stands now."""
        ...


def for_people(environ: Mapping[str, str]) -> Output:
    """Print for people: to the width of a terminal, in full where there is none."""
    from poc_tui.cli.output.text_output import TextOutput

    if not sys.stdout.isatty():
        return TextOutput(None)
    from rich.console import Console

    return TextOutput(Console(highlight=False, markup=False, emoji=False, _environ=environ))


def for_json() -> Output:
    """Print JSON in ASCII, so that no text from outside can carry a raw escape."""
    from poc_tui.cli.output.json_output import JsonOutput

    return JsonOutput(indent=2 if sys.stdout.isatty() else None)


def fail(error: PocError) -> int:
    """Say on standard error what was wrong and what to do; returns the exit code."""
    if isinstance(error, ToldToEnd):
        return error.exit_code
    return say_failure(str(error), error.exit_code)


def say_failure(sentence: str, exit_code: int) -> int:
    """The same for a failure that came as words."""
    print(f"poc: {safe(sentence)}", file=sys.stderr)
    return exit_code
