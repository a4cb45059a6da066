"""What is printed goes through a pager on a terminal: `$POC_PAGER`, else `$PAGER`, else `less`."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator, Mapping, Sequence

_OPTIONS = "FRX"
"""Of `less`: leave when all fits on the screen, show colours, leave there what was read."""


@contextmanager
def paged(environ: Mapping[str, str]) -> Iterator[None]:
    """What the block prints, read page by page; as it is where there is no pager.

    The pager reads as fast as the person does, and the block waits for it. Whoever leaves it before
    the end has had enough: the block ends there, and nobody is told.
    """
    command = pager(environ)
    if not command:
        yield
        return
    from poc_tui.system.editor import signals_go_to_it

    stdout = sys.stdout
    stdout.flush()
    with signals_go_to_it() as begun:
        theirs, ours = os.pipe()
        process = _begun(command, theirs, environ)
        if process is None:
            os.close(ours)
            yield
            return
        begun(process)
        sys.stdout = open(ours, "w", encoding=stdout.encoding, errors="replace")  # noqa: SIM115
        try:
            with suppress(BrokenPipeError):
                yield
        finally:
            pipe, sys.stdout = sys.stdout, stdout
            with suppress(BrokenPipeError):
                pipe.close()
            process.wait()


def _begun(
    command: Sequence[str], reads: int, environ: Mapping[str, str]
) -> subprocess.Popen[bytes] | None:
    """The pager, reading from there, which is its own then; None where it cannot be started."""
    import subprocess

    try:
        return subprocess.Popen(command, stdin=reads, env={"LESS": _OPTIONS, **environ})  # noqa: S603
    except OSError:
        return None
    finally:
        os.close(reads)


def pager(environ: Mapping[str, str]) -> Sequence[str]:
    """The pager and its arguments; empty where there is none, `cat` is named, or nothing at all."""
    import shlex
    import shutil

    named = environ.get("POC_PAGER", environ.get("PAGER", f"less -{_OPTIONS}"))
    try:
        command = shlex.split(named)
    except ValueError:
        return ()
    if not command or command[0] == "cat" or environ.get("TERM", "dumb") == "dumb":
        return ()
    return command if shutil.which(command[0], path=environ.get("PATH")) else ()
