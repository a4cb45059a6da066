"""Printing: for people, or as JSON for scripts, behind one interface; and a bar meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from poc_tui.cli.output.layout import Block, Table
    from poc_tui.rules.service.deadlines import Deadlines
    from poc_tui.rules.time_source import Clock
    from poc_tui.settings.load import Settings
    from poc_tui.store.queries.reader import Reader
    from poc_tui.store.records import Done

STOPPED = 130
"""What a shell expects of a command that Ctrl+C ended."""

Fields = Mapping[str, Any]
"""What one thing is as JSON."""


class OutputContext(Protocol):
    """From where things are looked at that are printed: the context of a call."""

    @property
    def clock(self) -> Clock:
        """The present moment, and the zone of whoever reads it."""

    @property
    def deadlines(self) -> Deadlines:
        """How long things may take."""

    @property
    def settings(self) -> Settings:
        """What the settings file says."""

    def reader(self) -> Reader:
        """The store to read."""

    def say(self, moment: datetime) -> str:
        """The moment in that zone, short and without doubt."""


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


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error while it is a terminal; it leaves nothing behind.

    A total of 0 is one that nobody knows.
    """
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    bar = Progress(
        what,
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def print_bytes(content: bytes) -> None:
    """To a pipe or file, to the byte; a terminal takes it as well."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def print_original(out: Output, raw: bytes, fields: Fields, *, json: bool) -> None:
    """What came from outside: to the byte, but a terminal is shown what cannot harm it.

    Args:
        out: prints it where it is for a terminal, or as JSON.
        raw: as it came.
        fields: what JSON says besides.
        json: whether JSON is asked for.
    """
    if not (json or sys.stdout.isatty()):
        print_bytes(raw)
        return
    from base64 import b64encode

    from poc_tui.cli.output.layout import Prose

    text = raw.decode("utf-8", "replace")
    out.page(
        lambda: [Prose(text, indent=0)],
        lambda: {**fields, "original": text, "original_base64": b64encode(raw).decode("ascii")},
    )
