"""What the desk costs its terminal and the computer: bytes a key, work while nobody acts."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence

from bench.cases_desk import QUERIES
from bench.measure import Figure, Seconds, Value
from bench.stage import EMPTY_APP, SETTLED, SMALL, Stage
from bench.terminal import Terminal

SIZE = 120, 36
"""A terminal as many have it."""

_QUIET: Seconds = 0.5
"""Longer than the panes beside the queue wait until they follow, and than a search takes here."""

_LOOKED_AT: Seconds = 30.0
_AT_REST: Seconds = 8.0
"""By then notices, mail and backup have had their first turn as well."""

_FOCUS_LOST, _FOCUS_BACK = "\x1b[O", "\x1b[I"
_DOWN, _SEARCH, _ESCAPE = "j", "/", "\x1b"


def written(stage: Stage) -> Iterator[Figure]:
    """What a key has the desk write: all of it, also what follows a moment later."""
    with stage.store(SMALL) as store, stage.desk(store, SIZE) as desk:
        desk.rest(SETTLED)
        desk.press("5")
        desk.settle(_QUIET)
        steps = [_bytes(desk, _DOWN) for _ in range(stage.rounds(30))]
        focus = [_bytes(desk, key) for _ in range(5) for key in (_FOCUS_LOST, _FOCUS_BACK)]
        letters = []
        for query in QUERIES[: stage.rounds(5)]:
            desk.press(_SEARCH)
            desk.settle(_QUIET)
            letters += [_bytes(desk, letter) for letter in query]
            desk.press(_ESCAPE)
            desk.settle(_QUIET)
    at = f"bytes to a terminal of {SIZE[0]}x{SIZE[1]}"
    yield _kilobytes(f"{at}: cursor down", steps, 10)
    yield _kilobytes(f"{at}: a letter in the search", letters, 12)
    yield _kilobytes(f"{at}: the focus comes or goes", focus, 0)


def rest(stage: Stage) -> Iterator[Figure]:
    """What the desk does while nobody touches it, as a share of one processor."""
    seconds = _LOOKED_AT / 3 if stage.quick else _LOOKED_AT
    with Terminal(EMPTY_APP, stage.environ()) as empty:
        bare = _share(empty, seconds)
    for words, command in (("no request", ()), ("the demo", ("demo",))):
        with stage.desk(stage.folder / "new.sqlite3", SIZE, *command) as desk:
            yield Figure(
                f"work of the desk at rest, {words}",
                [Value(_share(desk, seconds), 0.5, "%")],
                f"of a processor, over {seconds:.0f} s; an empty Textual app {bare:.2f} %",
            )


def _bytes(desk: Terminal, key: str) -> int:
    if time.time() % 60 > 55:  # with the next minute the desk paints its clock, and what has aged
        desk.rest(10)
    before = desk.received
    desk.press(key)
    desk.settle(_QUIET)
    return desk.received - before


def _kilobytes(what: str, counts: Sequence[int], limit: float) -> Figure:
    middle, most = (
        Value(count / 1000, limit, "kB") for count in (statistics.median(counts), max(counts))
    )
    return Figure(what, [middle, most], f"median and most of {len(counts)}; all until it is quiet")


def _share(program: Terminal, seconds: Seconds) -> float:
    program.rest(_AT_REST)
    before = program.on_processor()
    program.rest(seconds)
    return (program.on_processor() - before) / seconds * 100
