"""The way in: the quick lanes first, else the command line."""

from __future__ import annotations

import gc
import sys

_COLLECT_AFTER = 50_000
"""Objects made until garbage is looked for: more than what loading a command makes, which stays."""


def main() -> int:
    """Run `poc` with the arguments of the process; returns the exit code."""
    try:
        return _run()
    finally:
        # The end of the process gives everything back; looking at it once more is a sixth of
        # what a short command takes.
        gc.freeze()


def _run() -> int:
    if sys.argv[1:2] == ["add"]:
        from poc_tui.quick import add

        try:
            return add.add(sys.argv[2:])
        except add.NotHereError:
            pass
    gc.set_threshold(_COLLECT_AFTER)
    if sys.argv[1:2] == ["list"] and "--json" in sys.argv:
        from poc_tui.quick.list_json import list_json

        if list_json(sys.argv[2:]):
            return 0
    ends = (sys.stdin, sys.stdout)
    if len(sys.argv) == 1 and all(end is not None and end.isatty() for end in ends):
        # What is loaded until the first paint stays; `desk_services` turns it on again.
        gc.disable()
        from poc_tui.cli.open_desk import open_plainly

        return open_plainly()
    from poc_tui.cli.main import run

    return run(backs_up=True)


if __name__ == "__main__":
    sys.exit(main())
