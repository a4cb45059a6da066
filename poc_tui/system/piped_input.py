"""What is piped in, where a file is needed that can be read twice."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from poc_tui.errors import NotUnderstood, PocError
from poc_tui.system.locations import PIPED, private_dir
from poc_tui.system.unfinished import clear, unfinished

_CHUNK = 1024 * 1024


@contextmanager
def piped_in(folder: str) -> Iterator[str]:
    """The path of a private file in `folder` with all that comes on standard input.

    It is gone when the block ends; what a killed one has left is taken away by the next.

    Raises:
        NotUnderstood: standard input is closed, or a person's keyboard.
        PocError: it cannot be read, or `folder` does not take it.
    """
    if sys.stdin is None or sys.stdin.isatty():
        raise NotUnderstood("- reads what another program pipes in; name a file instead")
    private_dir(folder)
    target = os.path.join(folder, PIPED)
    clear(target)
    with ExitStack() as stack:
        try:
            made = stack.enter_context(unfinished(target))
            with open(made.path, "wb") as file:
                shutil.copyfileobj(sys.stdin.buffer, file, _CHUNK)
        except OSError as error:
            raise PocError(
                f"standard input cannot be kept in {folder}: {error.strerror}; nothing was stored"
            ) from error
        yield made.path
