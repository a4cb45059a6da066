"""A program in a real pseudo-terminal: every byte it writes is judged, and drawn on a small screen.

What may be written is what Textual and Rich write by themselves over harmless text; anything else
that a terminal would act upon is a fault, wherever it comes from.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from rich.cells import cell_len

POC = (sys.executable, "-m", "poc_tui")
"""The program, as a person runs it."""

PATIENCE = 60.0
"""Seconds after which a program that does not get there has failed; a loaded machine is slow."""

_ESCAPE = re.compile(
    r"\x1b(?:"
    r"\[(?P<private>[<-?]*)(?P<values>[0-9;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|(?P<string>[\]PX^_])(?P<body>[^\x07\x1b]*)(?P<end>\x07|\x1b\\)"
    r"|(?P<short>[ -/]*[0-OQ-WYZ`-~\\])"
    r")"
)
_UNFINISHED = re.compile(r"\x1b(?:\[[<-?]*[0-9;:]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)?")
_TEXT = re.compile(r"[^\x1b]+")

_SWITCH = re.compile(rb"\x1b\[\?(\d+)([hl])")
_SWITCHED = {b"1049", b"1000", b"1003", b"1006", b"1015", b"2004"}
_ON_BEFORE = {b"7": b"h", b"25": b"h"}
_WHOLE_SCREEN = "1049"
"""The mode in which a program moves about on a screen of its own."""
_CURSOR = "25"
_MODES = frozenset(("7", _CURSOR, "1000", "1003", "1004", "1006", "1015", "1016", _WHOLE_SCREEN))
_ASKED_MODES = frozenset(("2004", "2026", "2048"))
_STYLES = frozenset(map(str, (*range(10), *range(21, 30), *range(30, 38), *range(40, 48))))
_BRIGHT = frozenset(map(str, (39, 49, 53, 55, *range(90, 98), *range(100, 108))))
_POINTER = re.compile(r"22;[a-z-]+")
_INVISIBLE = "\u200b"
"""Stands in a text field for a character that is not drawn; it does nothing in a terminal."""


@cache
def _is_harmful(char: str) -> bool:
    """Whether a terminal would act upon it, or may draw it in another width than we count."""
    category = unicodedata.category(char)
    return (category[0] == "C" and char not in f"\r\n{_INVISIBLE}") or category in ("Zl", "Zp")


class Screen:
    """The cells of the terminal; enough of one to find words in."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._cells = [[" "] * columns for _ in range(rows)]
        self._row = self._column = 0
        self.shows_cursor = True
        """Whether the cursor is seen."""

    @property
    def cursor(self) -> tuple[int, int]:
        """The row and the column of the cursor, counted from zero."""
        return self._row, min(self._column, self.columns - 1)

    def line(self, row: int) -> Sequence[str]:
        """The cells of a row; a wide character has an empty one behind it."""
        return tuple(self._cells[row])

    def clear(self) -> None:
        """Forget what was drawn."""
        self._cells = [[" "] * self.columns for _ in range(self.rows)]

    @property
    def text(self) -> str:
        """What is on the screen, line by line."""
        return "\n".join("".join(row) for row in self._cells)

    def go(self, row: int, column: int) -> None:
        """Put the cursor there, counted from zero."""
        self._row, self._column = row, column

    def put(self, char: str) -> None:
        """Draw one character, or carry out a line end."""
        if char == "\n":
            self._row = min(self._row + 1, self.rows - 1)
        elif char == "\r":
            self._column = 0
        else:
            self._draw(char, cell_len(char))

    def _draw(self, char: str, width: int) -> None:
        row = self._cells[self._row]
        if not width:
            row[max(0, self._column - 1)] += char
        elif self._column + width <= self.columns:
            row[self._column : self._column + width] = [char, *[""] * (width - 1)]
            self._column += width


class Judge:
    """Reads what a program writes, and notes everything that it must not write.

    What a program writes that takes the whole screen is drawn.
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.faults: list[str] = []
        self.read = 0
        """Bytes taken in so far."""
        self._plain: list[str] = []
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._rest = ""
        self._draws = False

    @property
    def plain(self) -> str:
        """All that was written, without the sequences."""
        return "".join(self._plain)

    def feed(self, written: bytes, *, last: bool = False) -> None:
        """Take in more of what was written; `last` if there is no more."""
        self.read += len(written)
        try:
            text = self._rest + self._decoder.decode(written, last)
        except UnicodeDecodeError as error:
            self.faults.append(f"no UTF-8: {error}")
            return
        at = 0
        while at < len(text):
            if run := _TEXT.match(text, at):
                self._shown(run[0])
                at = run.end()
            elif sequence := _ESCAPE.match(text, at):
                if not self._is_ours(sequence):
                    self.faults.append(f"sequence {text[at : sequence.end() + 40]!r}")
                at = sequence.end()
            elif not last and _UNFINISHED.fullmatch(text, at):
                break
            else:
                self.faults.append(f"stray escape {text[at : at + 60]!r}")
                at += 1
        self._rest = text[at:]

    def _shown(self, run: str) -> None:
        self._plain.append(run)
        for char in set(run):
            if _is_harmful(char):
                at = run.index(char)
                around = run[max(0, at - 20) : at + 20]
                self.faults.append(f"U+{ord(char):04X} in {around!r}")
        if self._draws:
            for char in run:
                self.screen.put(char)

    def _is_ours(self, sequence: re.Match[str]) -> bool:
        """Whether Textual or Rich writes this by itself."""
        final, values = sequence["final"], sequence["values"]
        if final is None:
            body = sequence["body"]
            return sequence["string"] == "]" and _POINTER.fullmatch(body) is not None
        match sequence["private"], sequence["between"], final:
            case "", "", "m":
                return _is_style(values.split(";"))
            case "", "", "H":
                return self._go(values)
            case "?", "", "h" | "l":
                if values == _WHOLE_SCREEN:
                    self._draws = final == "h"
                    self.screen.clear()
                elif values == _CURSOR:
                    self.screen.shows_cursor = final == "h"
                return values in _MODES | _ASKED_MODES
            case "?", "$", "p":
                return values in _ASKED_MODES
            case (">", "", "u") | ("<", "", "u"):
                return len(values) <= 2
            case "", "", "A" | "K":  # a progress bar goes up and clears its line
                return values in ("1", "2")
        return False

    def _go(self, values: str) -> bool:
        row, _, column = values.partition(";")
        place = (int(row or 1) - 1, int(column or 1) - 1)
        inside = place[0] < self.screen.rows and place[1] < self.screen.columns
        if inside:
            self.screen.go(*place)
        return inside


def _is_style(values: Sequence[str]) -> bool:
    """Whether these are colours and styles; a number out of any range is none of ours."""
    rest = list(values)
    while rest:
        value = rest.pop(0)
        if value in ("38", "48") and rest:
            count = {"2": 3, "5": 1}.get(rest.pop(0), 99)
            colours, rest = rest[:count], rest[count:]
            if len(colours) < count or not all(c.isdecimal() and int(c) < 256 for c in colours):
                return False
        elif value and value not in _STYLES | _BRIGHT:
            return False
    return True


class Terminal:
    """A program on a terminal of that size.

    Use it as a context manager: a program that still runs at the end is killed.

    Args:
        argv: the program and its arguments.
        environ: its whole environment, beside the kind of terminal.
        size: columns and rows.
        stdin: handed to it in a pipe instead of the terminal.
    """

    def __init__(
        self,
        argv: Sequence[str | bytes],
        environ: Mapping[str, str],
        size: tuple[int, int] = (120, 36),
        *,
        stdin: bytes | None = None,
    ) -> None:
        self.screen = Screen(*size)
        self._judge = Judge(self.screen)
        self._ours, theirs = pty.openpty()
        self._written: list[bytes] = []
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self._program = subprocess.Popen(
            argv,
            stdin=theirs if stdin is None else subprocess.PIPE,
            stdout=theirs,
            stderr=theirs,
            env={"TERM": "xterm-256color", "COLORTERM": "truecolor", **environ},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(1, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads yet
            close_fds=True,
        )
        os.close(theirs)
        if stdin is not None and self._program.stdin is not None:
            self._program.stdin.write(stdin)
            self._program.stdin.close()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self._program.poll() is None:
            self._program.kill()
        self._program.wait()
        if self._ours >= 0:
            os.close(self._ours)

    @property
    def faults(self) -> list[str]:
        """What it wrote and must not have written."""
        return self._judge.faults

    @property
    def plain(self) -> str:
        """All that it wrote, without the sequences."""
        return self._judge.plain

    @property
    def keyboard(self) -> int:
        """Where keys are written that are typed while nobody reads."""
        return self._ours

    @property
    def pid(self) -> int:
        """The process of the program."""
        return self._program.pid

    @property
    def written(self) -> bytes:
        """Every byte that it has written since `forget` was called last."""
        return b"".join(self._written)

    def forget(self) -> None:
        """Begin `written` anew."""
        self._written.clear()

    def attributes(self) -> Sequence[object]:
        """How the terminal treats what is typed and written (termios)."""
        return termios.tcgetattr(self._ours)

    def code(self) -> int | None:
        """Its exit code, if it has ended."""
        return self._program.poll()

    def hang_up(self) -> None:
        """Close the terminal, as its window does."""
        os.close(self._ours)
        self._ours = -1

    def rest(self, seconds: float) -> int:
        """Let so much time go by; returns how many bytes were written meanwhile."""
        before, end = self._judge.read, time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not self._read_if_any(left):
                raise AssertionError(f"it has ended\n{self.plain[-2000:]}")
        return self._judge.read - before

    def settle(self, quiet: float = 0.3) -> None:
        """Until nothing has been written for that many seconds."""
        end = time.monotonic() + PATIENCE
        while self.rest(quiet):
            if time.monotonic() > end:
                raise AssertionError("it writes and writes")

    def press(self, keys: str) -> None:
        """Type keys; a control character is the key that sends it."""
        written = keys.encode()
        while written:
            self._read_if_any(0)
            written = written[os.write(self._ours, written[:1024]) :]

    def type(self, keys: Iterable[str], between: float) -> None:
        """Type keys one by one, so many seconds apart; an escape sequence is one key."""
        for key in keys:
            self.press(key)
            self.watch(between)

    def watch(self, seconds: float) -> None:
        """Take in for so long what it writes."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read_if_any(left)

    @property
    def cpu_seconds(self) -> float:
        """How long it has kept a core busy so far (Linux)."""
        with open(f"/proc/{self._program.pid}/stat", encoding="ascii", errors="replace") as file:
            times = file.read().rpartition(")")[2].split()[11:13]
        return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")

    def paste(self, text: str) -> None:
        """Paste text as a terminal with bracketed paste does, lone surrogates as broken UTF-8."""
        pasted = b"\x1b[200~" + text.encode("utf-8", "surrogatepass") + b"\x1b[201~"
        while pasted:
            self._read_if_any(0)
            pasted = pasted[os.write(self._ours, pasted[:1024]) :]

    def wait(self, *words: str, gone: str = "") -> None:
        """Until all these words are on the screen, and those gone from it."""
        self.until(
            lambda: (
                all(word in self.screen.text for word in words)
                and not (gone and gone in self.screen.text)
            ),
            f"{words} and not {gone!r}",
        )

    def wait_for_more(self) -> None:
        """Until it writes something, such as the border of the pane that has the focus now."""
        before = self._judge.read
        self.until(lambda: self._judge.read > before, "anything")

    def until(self, holds: Callable[[], bool], what: str) -> None:
        """Until `holds`; a program that ends or does not get there fails the test."""
        end = time.monotonic() + PATIENCE
        while not holds():
            alive = self._read_if_any(0.2)
            if not alive or time.monotonic() > end:
                faults = "\n".join(self.faults[:3])
                seen = f"{self.screen.text}\n{self.plain[-500:]}\n{faults}"
                raise AssertionError(f"never came: {what}\n{seen}")

    def ended(self) -> int:
        """Wait for its end; returns the exit code."""
        end = time.monotonic() + PATIENCE
        while self._read_if_any(0.2):
            if time.monotonic() > end:
                raise AssertionError(f"it does not end\n{self.plain[-500:]}")
        self._judge.feed(b"", last=True)
        return self._program.wait(PATIENCE)

    def _read_if_any(self, seconds: float) -> bool:
        """Read what there is to read; False when the program has closed the terminal."""
        if not select.select([self._ours], [], [], seconds)[0]:
            return True
        try:
            written = os.read(self._ours, 65536)
        except OSError:  # EIO: nobody holds the other end any more
            return False
        self._written.append(written)
        self._judge.feed(written)
        return bool(written)


def environ_of(folder: Path, **more: str) -> dict[str, str]:
    """An environment in which `folder` holds the store and everything else."""
    (folder / "home").mkdir(exist_ok=True)
    return {
        "HOME": str(folder / "home"),
        "POC_DB": str(folder / "poc.sqlite3"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "LANG": "C.UTF-8",
        "TZ": "Europe/Berlin",
        "ESCDELAY": "20",
        "POC_PAGER": "cat",  # a pager writes sequences of its own
        **more,
    }


def is_given_back(written: bytes) -> bool:
    """Whether all modes are as they were, and the keyboard's stack is."""
    modes = _ON_BEFORE | dict(_SWITCH.findall(written))
    assert modes.keys() >= _SWITCHED, "the desk has not even begun"
    as_before = all(state == _ON_BEFORE.get(mode, b"l") for mode, state in modes.items())
    pushed = len(re.findall(rb"\x1b\[>\d+u", written))
    # The keyboard of a screen is given back on that screen.
    in_order = written.rindex(b"\x1b[<u") < written.rindex(b"\x1b[?1049l")
    return as_before and in_order and pushed == written.count(b"\x1b[<u") == 1
