"""Takes every figure and prints one table; see `python -m bench --help`.

Nothing is asserted: a figure that misses its goal is a line of the table like any other.
How a real helpdesk fares on the desk is another matter: `python -m bench.helpdesk`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import cases_clocks, cases_commands, cases_desk, cases_mail, cases_terminal
from bench.make_store import kept
from bench.measure import Figure, Value
from bench.rows import Size
from bench.stage import SMALL, Stage
from bench.terminal import TimedOut

Case = Callable[[Stage], Iterator[Figure]]

CASES: Mapping[str, Case] = {
    "add": cases_commands.add,
    "together": cases_commands.together,
    "live": cases_commands.live,
    "list": cases_commands.listing,
    "long-lists": cases_commands.long_lists,
    "show": cases_commands.looking,
    "verbs": cases_commands.verbs,
    "csv": cases_commands.rows_in,
    "paint": cases_desk.paint,
    "keys": cases_desk.keys,
    "first-verb": cases_desk.first_verb,
    "search": cases_desk.search,
    "memory": cases_desk.memory,
    "bytes": cases_terminal.written,
    "rest": cases_terminal.rest,
    "import": cases_desk.beside_import,
    "ageing": cases_clocks.ageing,
    "levels": cases_clocks.levels,
    "mail": cases_mail.taking_in,
    "beside-mail": cases_desk.beside_mail,
    "beside-backup": cases_desk.beside_backup,
}


def main() -> None:
    """Take the figures that were asked for and print them."""
    given = _parser().parse_args()
    # Ended from outside, it must still end the desks that it has opened.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    console = Console(stderr=True)
    size = Size(given.requests, min(10_000, given.requests // 2))
    with console.status(f"making a store of {size.requests:,} requests, once"):
        kept(size)
        kept(SMALL)
    figures: list[Figure] = []
    for name in given.only or CASES:
        with (
            tempfile.TemporaryDirectory(prefix="poc-bench-") as folder,
            console.status(f"measuring: {name}"),
        ):
            figures.extend(_figures(name, Stage(Path(folder), size, given.quick)))
    if given.json:
        print(json.dumps([_as_json(figure) for figure in figures], indent=2, ensure_ascii=False))
    else:
        Console(width=None if Console().is_terminal else 160).print(_table(figures))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000, help="how big the big store is")
    parser.add_argument("--quick", action="store_true", help="a fifth of the repetitions")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument(
        "--only", action="append", choices=list(CASES), help="one case; may be given again"
    )
    return parser


def _figures(name: str, stage: Stage) -> list[Figure]:
    """A case's figures; a case that cannot be measured says why and does not stop the others."""
    try:
        return list(CASES[name](stage))
    except (TimedOut, ValueError, subprocess.SubprocessError) as error:
        return [Figure(f"{name}: could not be measured", [], str(error))]


def _table(figures: list[Figure]) -> Table:
    table = Table(title="How fast", title_justify="left", pad_edge=False)
    for heading in ("figure", "goal", "measured", "verdict", "how"):
        table.add_column(heading, overflow="fold")
    busy, processors = os.getloadavg()[0], os.cpu_count()
    table.caption = f"load of the machine at the end: {busy:.1f} on {processors} processors"
    for figure in figures:
        goals = " / ".join(_goal(value) for value in figure.values)
        measured = " / ".join(_said(value.number, value.unit) for value in figure.values)
        table.add_row(figure.what, goals, measured, _verdict(figure), figure.how)
    return table


def _goal(value: Value) -> str:
    if value.limit is None:
        return "-"
    return f"{'≥' if value.at_least else '≤'} {_said(value.limit, value.unit)}"


def _said(number: float, unit: str) -> str:
    digits = 2 if unit == "x" else 0 if abs(number) >= 100 or not unit else 1
    return f"{number:.{digits}f}{unit if unit == 'x' else f' {unit}'}".rstrip()


def _verdict(figure: Figure) -> str:
    if not figure.values:
        return "unknown"
    missed = max(value.missed_by for value in figure.values)
    return f"missed by {missed:.0%}" if missed else "met"


def _as_json(figure: Figure) -> dict[str, object]:
    return {
        "figure": figure.what,
        "verdict": _verdict(figure),
        "values": [
            {"measured": round(value.number, 3), "goal": value.limit, "unit": value.unit}
            for value in figure.values
        ],
        "how": figure.how,
    }


if __name__ == "__main__":
    main()
