"""Printing: for people, or as JSON for scripts, behind one interface; and a bar meanwhile."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from poc_tui.cli.output.layout import Block, Line, Prose, Table, table_lines
from poc_tui.rules.text import safe

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import Console, RenderableType

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


class Output:
    """How results are printed: for people, to the width of a terminal, or as JSON for scripts.

    Each method is handed both, and leaves the one that is not wanted unasked. JSON is in ASCII, so
    that no text from outside can carry a raw escape; on a terminal it is set in. What may be long
    goes through a pager there, if that is wished for (`pages`).
    """

    def __init__(self, environ: Mapping[str, str], *, json: bool, pages: bool = True) -> None:
        on_terminal = sys.stdout.isatty()
        self._pager = environ if on_terminal and pages else None
        self._console: Console | None = None
        self._indent = 2 if on_terminal else None
        self._encode: Callable[[object], str] | None = None
        if json:
            from json import JSONEncoder

            self._encode = JSONEncoder(indent=self._indent).encode
        elif on_terminal:
            from rich.console import Console

            self._console = Console(highlight=False, markup=False, emoji=False, _environ=environ)

    def table(self, table: Callable[[], Table], data: Iterable[Fields | str]) -> None:
        """Print several things: a table, or one array, a line for each thing.

        `data` gives each thing's fields, or the text of its JSON where there are very many.
        """
        if self._encode is None:
            self._blocks([table()], long=True)
            return
        from poc_tui.quick.json_text import print_array

        print_array(self._text(one, self._encode) for one in data)

    def page(
        self,
        page: Callable[[], Iterable[Block]],
        data: Callable[[], Fields],
        *,
        long: bool = False,
    ) -> None:
        """Print one thing: blocks, one below the other, or one object.

        `long`: it may be longer than a terminal, which then shows it page by page.
        """
        if self._encode is not None:
            sys.stdout.write(self._encode(data()) + "\n")
            return
        self._blocks(page(), long=long)

    def say(self, data: Fields, *lines: str) -> None:
        """Print what came of it: these lines, or one object."""
        self.page(lambda: map(Line, lines), lambda: data)

    def done(self, done: Done, lines: Iterable[str] = ()) -> None:
        """Print what a verb did, its remarks, and for people `lines` on how it stands now."""
        self.page(
            lambda: map(Line, (done.label, *(f"  {line}" for line in (*done.remarks, *lines)))),
            lambda: {"done": done.label, "numbers": done.numbers, "remarks": done.remarks},
        )

    def _blocks(self, blocks: Iterable[Block], *, long: bool) -> None:
        if long and self._pager is not None:
            from poc_tui.system.pager import paged

            with paged(self._pager):
                self._blocks(blocks, long=False)
            return
        for block in blocks:
            self._block(block)

    def _text(self, one: Fields | str, encode: Callable[[object], str]) -> str:
        if not isinstance(one, str):
            return encode(one)
        if self._indent is None:
            return one
        from json import loads

        return encode(loads(one))

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

            _draw(self._console, Text(line, "bold"), soft_wrap=True)
        else:
            sys.stdout.write(line + "\n")

    def _prose(self, text: str, indent: int) -> None:
        if self._console is not None:
            from rich.padding import Padding
            from rich.text import Text

            _draw(self._console, Padding(Text(text), (0, 0, 0, indent), expand=False))
            return
        for line in text.split("\n"):
            sys.stdout.write(f"{' ' * indent}{line}".rstrip() + "\n")


def _draw(console: Console, what: RenderableType, *, soft_wrap: bool = False) -> None:
    """Print it. Rich itself would end the program where a pager was left before the end."""
    with console.capture() as drawn:
        console.print(what, soft_wrap=soft_wrap)
    sys.stdout.write(drawn.get())


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

    text = raw.decode("utf-8", "replace")
    out.page(
        lambda: [Prose(text, indent=0)],
        lambda: {**fields, "original": text, "original_base64": b64encode(raw).decode("ascii")},
        long=True,
    )
