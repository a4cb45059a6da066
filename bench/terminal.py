"""A program in a terminal of its own, its frames taken apart as they come.

The terminal says that it knows synchronized output (mode 2026), so that Textual marks where a
frame ends: a key's repaint is over when the frame with it has arrived whole.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from bench.measure import Seconds, Took

COLUMNS, LINES = 160, 48
PATIENCE: Seconds = 20
"""Nothing that is measured here may take this long."""

TAIL: Seconds = 0.005
"""By then a program has gone to sleep, and the system has written down how long it was awake."""

_FRAME_END = b"\x1b[?2026l"
_ASKS_FOR_SYNC = b"\x1b[?2026$p"
_KNOWS_SYNC = b"\x1b[?2026;2$y"
_SEQUENCE = re.compile(rb"\x1b\[[0-9;?]*[ -/]*[@-~]")
_STYLE = re.compile(rb"\x1b\[([0-9;]*)m([^\x1b]*)")
_BACKGROUND = re.compile(rb"48;2;\d+;\d+;\d+")
_NUMBER = re.compile(rb"#(\d+)")


class TimedOut(Exception):
    """What was waited for did not come; the message says what it was."""


class Terminal:
    """A running program; leaving the block ends it."""

    def __init__(
        self,
        command: Sequence[str],
        environ: Mapping[str, str],
        size: tuple[int, int] = (COLUMNS, LINES),
    ) -> None:
        columns, lines = size
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._pending = b""
        self.received = 0
        """How many bytes the program has written so far."""
        self._answered = False
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            command, env=environ, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._master)

    @property
    def pid(self) -> int:
        return self._process.pid

    def on_processor(self) -> Seconds:
        """How long the program's threads have been at work so far, in all.

        Unlike what a clock says, that is the program's own wherever others are at work as well.
        Linux only.
        """
        spent = 0
        for thread in Path(f"/proc/{self.pid}/task").iterdir():
            with suppress(OSError):  # it has ended just now
                spent += int((thread / "schedstat").read_text("ascii").split()[0])
        return spent / 1e9

    def until_text(self, pattern: str, *, since: float) -> Seconds:
        """Seconds from `since` (a `perf_counter`) until a frame shows text like `pattern`.

        Also finds it before the program has begun to mark its frames.
        """
        wanted = re.compile(pattern.encode())
        seen = b""
        deadline = time.perf_counter() + PATIENCE
        while time.perf_counter() < deadline:
            seen += self._read(deadline - time.perf_counter())
            if wanted.search(_SEQUENCE.sub(b"", seen)):
                at = time.perf_counter()
                self._pending = b""
                return at - since
        raise TimedOut(f"{pattern!r} did not appear within {PATIENCE:.0f} s")

    def times(self, key: str, shown: Callable[[bytes], bool], what: str) -> Took:
        """Send a key; how long it takes until a frame is whole for which `shown` holds.

        On the processor that counts in what goes on for `TAIL` after the frame.
        Raises `TimedOut`, naming `what` was waited for.
        """
        worked = self.on_processor()
        pressed = self.press(key)
        passed = self.until(shown, what) - pressed
        self.rest(TAIL)
        return Took(passed, self.on_processor() - worked)

    def press(self, key: str) -> float:
        """Send a key; gives the moment before it was sent. What came until then is dropped."""
        self.rest(0)
        self._pending = b""
        at = time.perf_counter()
        os.write(self._master, key.encode())
        return at

    def until(self, shown: Callable[[bytes], bool], what: str) -> float:
        """The moment (a `perf_counter`) at which a frame was whole for which `shown` holds.

        Raises `TimedOut`, naming `what` was waited for.
        """
        deadline = time.perf_counter() + PATIENCE
        while time.perf_counter() < deadline:
            frame, end, rest = self._pending.partition(_FRAME_END)
            if not end:
                self._pending += self._read(deadline - time.perf_counter())
                continue
            self._pending = rest
            at = time.perf_counter()
            if shown(frame):
                return at
        raise TimedOut(f"{what} was not painted within {PATIENCE:.0f} s")

    def rest(self, seconds: Seconds) -> None:
        """Let time pass; what is painted meanwhile is dropped."""
        deadline = time.perf_counter() + seconds
        while True:
            left = deadline - time.perf_counter()
            if not self._read(max(0.0, left)) and left <= 0:
                break
        self._pending = b""

    def settle(self, quiet: Seconds) -> None:
        """Wait until nothing has been written for so long."""
        received = -1
        while received != self.received:
            received = self.received
            self.rest(quiet)

    def _read(self, timeout: Seconds) -> bytes:
        readable, _, _ = select.select([self._master], [], [], timeout)
        if not readable:
            return b""
        try:
            came = os.read(self._master, 1 << 16)
        except OSError as error:  # Linux: the other side is closed
            raise TimedOut("the program ended") from error
        self.received += len(came)
        if not self._answered and _ASKS_FOR_SYNC in came:
            self._answered = True
            os.write(self._master, _KNOWS_SYNC)
        return came


def text(frame: bytes) -> str:
    """What a frame writes, without its colours and cursor movements."""
    return _SEQUENCE.sub(b"", frame).decode("utf-8", "replace")


def numbers_on(frame: bytes) -> dict[int, bytes]:
    """The request numbers that a frame paints, each with the background it stands on."""
    found: dict[int, bytes] = {}
    for style, words in _STYLE.findall(frame):
        background = _BACKGROUND.search(style)
        for number in _NUMBER.findall(words):
            found[int(number)] = background[0] if background else b""
    return found
