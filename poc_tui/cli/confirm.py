"""Asking a person before something that is not done lightly."""

from __future__ import annotations

import sys

from poc_tui.errors import NeedsYes, Refused


def agree(question: str, *, yes: bool) -> None:
    """Go on if the person agrees, on a terminal, or has done so with `--yes`.

    Raises:
        NeedsYes: nobody can be asked.
        Refused: the person does not agree.
    """
    if yes:
        return
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NeedsYes(f"{question} (--yes does it)")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes", "j", "ja"):
        raise Refused("nothing was changed")
