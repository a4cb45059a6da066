"""The way in: the quick lane first, else the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """Run `poc` with the arguments of the process; returns the exit code."""
    if sys.argv[1:2] == ["add"]:
        from poc_tui import capture

        try:
            return capture.add(sys.argv[2:])
        except capture.NotHereError:
            pass
    from poc_tui.cli.main import run

    return run()


if __name__ == "__main__":
    sys.exit(main())
