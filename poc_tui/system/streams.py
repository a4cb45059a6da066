"""Standard input and output as they may be: closed, full, or without umlauts.

Standard library only, because the quick lanes use it.
"""

from __future__ import annotations

import os
import sys

from poc_tui.errors import NotUnderstood, PocError, ToldToEnd
from poc_tui.rules.text import safe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

LONGEST_TEXT = 4_000_000
"""Bytes of one text; what is longer is a file, and would have to be kept, searched and shown."""


def standard_input() -> bytes:
    """Everything that comes on standard input.

    Raises:
        NotUnderstood: it is closed, cannot be read, or is longer than `LONGEST_TEXT`.
    """
    if sys.stdin is None:
        raise NotUnderstood("standard input is closed, and - reads it; give the words themselves")
    try:
        came = sys.stdin.buffer.read(LONGEST_TEXT + 1)
    except OSError as error:
        raise NotUnderstood(
            f"standard input cannot be read: {error.strerror}; nothing was stored"
        ) from error
    if len(came) > LONGEST_TEXT:
        raise NotUnderstood(
            f"standard input is longer than {LONGEST_TEXT // 1_000_000} MB, which is no text that"
            " somebody reads; nothing was stored. Give the part that matters"
        )
    return came


def replace_what_cannot_be_printed() -> None:
    """A terminal that knows no umlauts gets a question mark, not a crash."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")


def print_no_more() -> None:
    """Let what is left in the buffer go nowhere; Python would complain about it on its way out."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        # No file stands behind it, so nothing is written on the way out.
        return


def fail(error: PocError) -> int:
    """Say on standard error what was wrong and what to do; returns the exit code."""
    if isinstance(error, ToldToEnd):
        return error.exit_code
    return say_failure(str(error), error.exit_code)


def say_failure(sentence: str, exit_code: int) -> int:
    """The same for a failure that came as words."""
    if sys.stderr is not None:
        sys.stderr.write(f"poc: {safe(sentence)}\n")
    return exit_code


def open_what_is_closed() -> None:
    """Put the null device where the caller closed a stream, as in `poc list >&-`."""
    sys.stdin = sys.stdin or _nothing("r")
    sys.stdout = sys.stdout or _nothing("w")
    sys.stderr = sys.stderr or _nothing("w")


def _nothing(mode: str) -> TextIO:
    return open(os.devnull, mode, encoding="utf-8")  # type: ignore[return-value]
