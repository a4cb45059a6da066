"""`poc` with nothing behind it, in a terminal: the desk, without the parser of the command line.

Importing the parser would take a fifth of the time until the queue is on the screen.
"""

from __future__ import annotations

import os

from poc_tui.cli.context import Context
from poc_tui.errors import PocError
from poc_tui.system.streams import fail

_FRAMES_A_SECOND = "120"
"""Textual paints at most so often, else 60 times: a key that comes right behind a frame, such as
that of a pane which follows the highlight, waits half as long. Read when Textual is imported."""


def open_plainly() -> int:
    """Open the desk over the store that the environment names; returns the exit code."""
    context = Context(os.environ)
    try:
        open_over(context)
    except PocError as error:
        return fail(error)
    finally:
        context.close()
    return 0


def open_over(context: Context, *, demo: bool = False) -> None:
    """Open the desk, or the `demo` desk; a store is made where there is none.

    Raises:
        StoreUnreadable: the store cannot be opened.
        ConfigWrong: the settings cannot be used.
    """
    context.reader()
    os.environ.setdefault("TEXTUAL_FPS", _FRAMES_A_SECOND)
    from poc_tui.app import open_desk

    at, settings = context.path, context.settings
    open_desk(at, context.clock, settings, context.config_path, context.environ, demo=demo)
