"""The process that reads mail, `python -m poc_tui.mail.worker`: hostile mail harms nobody but it.

It has no store and no settings, takes jobs on standard input and answers on standard output
(`mail.worker.wire`), one at a time, until the input ends.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from poc_tui.errors import NotFound
from poc_tui.mail.message import parts
from poc_tui.mail.message.parse import parse
from poc_tui.mail.worker import wire
from poc_tui.rules.mail.message import Mail, Nature

_MEMORY = 1536 * 1024 * 1024
"""Bytes of address space: ten times what a mail with 50 MB attached takes."""


_YIELDS = 10
"""Added to the niceness of the process: the keys of an open desk come first."""


def main() -> None:
    """Work until there are no more jobs."""
    _be_harmless()
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    wire.send(answers, {"ready": True}, b"")
    while (job := wire.receive(jobs)) is not None:
        what, raw = job
        _alarm(what["seconds"])
        found, data = _done(what, raw)
        _alarm(0)
        try:
            wire.send(answers, found, data)
        except BrokenPipeError:
            # Nobody waits for an answer any more, nor for what is left in the buffer.
            os._exit(0)


def _done(what: dict[str, Any], raw: bytes) -> wire.WorkerMessage:
    try:
        if what["job"] == wire.READ:
            return {"done": True}, wire.to_json(parse(raw, _zone(what["zone"])))
        return {"done": True}, wire.of_parts(parts.some(raw, what["indices"]))
    except NotFound as error:
        return {"done": False}, str(error).encode()
    except MemoryError:
        why = "It takes too much memory to be read; the original is kept."
        if what["job"] == wire.READ:
            return {"done": True}, wire.to_json(Mail(nature=Nature.UNREADABLE, trouble=(why,)))
        return {"done": False}, why.encode()


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return UTC


def _be_harmless() -> None:
    """No more memory than `_MEMORY`, no core file, and no end by Ctrl+C in the terminal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        os.nice(_YIELDS)
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = _MEMORY if most == resource.RLIM_INFINITY else min(_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))


def _alarm(seconds: int) -> None:
    """End this process after so many seconds, also if the desk is gone; 0 takes it back."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


if __name__ == "__main__":
    main()
