"""Python's own pauses, kept short while a person types."""

from __future__ import annotations

import gc
import sys

_TURN_SECONDS = 0.001
"""How long a thread at work (a search, a warm-up) keeps the screen's thread waiting; 5 ms if
nobody says otherwise, for every turn that a key takes."""


def keep_turns_short() -> None:
    """Let the screen's thread have its turn soon while another is at work."""
    sys.setswitchinterval(_TURN_SECONDS)


def spare_what_stays() -> None:
    """Keep what is loaded by now out of garbage collection, which goes on from here.

    A full collection looks at every object of the loaded libraries, none of which ever goes; with
    the write side loaded that takes 90 ms, and a key that meets it waits.
    """
    gc.freeze()
    gc.enable()
