"""What is seen on the desk: first paint, keys, search, memory, and all that beside an import."""

from __future__ import annotations

import itertools
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bench.cases_commands import csv_rows
from bench.empty_app import MARK
from bench.mails import maildir
from bench.measure import (
    Figure,
    Seconds,
    Took,
    Value,
    interleaved,
    keys_figure,
    median_ms,
    milliseconds,
    p95,
    ratio,
    run,
)
from bench.stage import EMPTY_APP, POC, SETTLED, Stage
from bench.terminal import PATIENCE, Terminal, TimedOut, numbers_on, text
from poc_tui.store.queries import queue, views
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.search import search as find

IMPORTED = 300_000
MAILS = 20_000
QUERIES = ("türst", "invoice 47", "zimmerg", "gaestep", "münchen kellers", "reader l", "order 9")
"""What is typed into the search; the last key of each changes most of the result."""

IN_SIGHT = 20
"""Results that a queue of 48 lines shows without scrolling, with room to spare."""

_DOWN, _PAGE_DOWN, _LAST, _FIRST, _ESCAPE = "j", "\x1b[6~", "G", "g", "\x1b"
_NOTE = "mword\r"


def paint(stage: Stage) -> Iterator[Figure]:
    """From the start of the program to the first row of the queue."""
    with stage.store(stage.big) as store:
        (first,) = _numbers(store, "my-turn", 1)

        def desk() -> Took:
            with stage.desk(store) as terminal:
                return _painted(terminal, rf"#{first}\b")

        def empty() -> Took:
            with Terminal(EMPTY_APP, stage.environ()) as terminal:
                return _painted(terminal, MARK)

        paints = interleaved(stage.rounds(20), empty, desk)
    bare, ours = ([paint.passed for paint in times] for times in paints)
    bare_work, our_work = ([paint.worked for paint in times] for times in paints)
    yield Figure(
        f"first paint with {stage.big.requests:,} requests / an empty Textual app",
        [Value(ratio(ours, bare), 1.25, "x"), Value(ratio(our_work, bare_work), 1.25, "x")],
        f"{median_ms(ours)} / {median_ms(bare)}, {len(bare)} times; the same on the processor:"
        f" {median_ms(our_work)} / {median_ms(bare_work)}",
    )


def _painted(terminal: Terminal, pattern: str) -> Took:
    passed = terminal.until_text(pattern, since=terminal.started)
    return Took(passed, terminal.on_processor())


def keys(stage: Stage) -> Iterator[Figure]:
    """From a key to the frame that shows the highlight in its new place."""
    latencies: dict[str, list[Took]] = {}
    with stage.store(stage.big) as store:
        for view, key in (("open", "5"), ("resolved", "6")):
            with stage.desk(store) as desk:
                _open_view(desk, key)
                walk = _Walk(desk, _numbers(store, view, 2))
                for name, times in walk.all_keys(stage).items():
                    latencies.setdefault(name, []).extend(times)
    for name, times in latencies.items():
        goal = 20 if name == "cursor down" else 35
        yield keys_figure(f"{name}, {stage.big.requests:,}", times, median=20, at_most=goal)


def search(stage: Stage) -> Iterator[Figure]:
    """Typing into the search: each key's echo, and the result after the last."""
    with stage.store(stage.big) as store, stage.desk(store) as desk:
        _open_view(desk, "5")
        echoes, results = _search(desk, store, stage.rounds(30))
    yield keys_figure("search, echo of a key", echoes, median=20, at_most=25)
    yield keys_figure("search, last key to result", results, median=100, at_most=None)


def first_verb(stage: Stage) -> Iterator[Figure]:
    """A verb by its key as soon as the first row is painted, until it is stored."""
    with stage.store(stage.big) as store:
        times = [_first_note(stage, store) for _ in range(stage.rounds(20))]
    yield Figure(
        "a note by its key at the first paint, a word and enter, until it is stored",
        [Value(milliseconds(p95(times)), 60, "ms")],
        f"p95 of {len(times)}; median {median_ms(times)}",
    )


def _first_note(stage: Stage, store: Path) -> Seconds:
    (first,) = _numbers(store, "my-turn", 1)
    with closing(Reader(str(store), busy_ms=10_000)) as reader, stage.desk(store) as desk:
        before = reader.value("PRAGMA data_version")
        desk.until_text(rf"#{first}\b", since=desk.started)
        pressed = desk.press(_NOTE)
        while reader.value("PRAGMA data_version") == before:
            if time.perf_counter() - pressed > PATIENCE:
                raise TimedOut(f"the note was not stored within {PATIENCE:.0f} s")
            desk.rest(0.001)
        return time.perf_counter() - pressed


def memory(stage: Stage) -> Iterator[Figure]:
    """How much more the desk holds than an empty app: at rest, and after everything was used."""
    with stage.store(stage.big) as store, stage.desk(store) as desk:
        desk.rest(SETTLED)
        at_rest, shares = _resident(desk.pid), _resident(desk.pid, shared="Pss")
        for key in ("5", _LAST, "6", _LAST, _PAGE_DOWN, "1", *([_PAGE_DOWN] * 20), "/", "t", "ü"):
            desk.press(key)
            desk.rest(0.3)
        ours = _resident(desk.pid)
    with Terminal(EMPTY_APP, stage.environ()) as empty:
        empty.rest(SETTLED)
        bare, bare_shares = _resident(empty.pid), _resident(empty.pid, shared="Pss")
    yield Figure(
        "memory of the desk at rest, more than an empty Textual app: resident, its share",
        [Value(at_rest - bare, 40, "MB"), Value(shares - bare_shares, 40, "MB")],
        f"{at_rest:.0f} MB / {bare:.0f} MB, {shares:.0f} MB / {bare_shares:.0f} MB"
        f" {SETTLED:.0f} s after the start",
    )
    yield Figure(
        "the same after views and search were used, resident",
        [Value(ours - bare, 40, "MB")],
        f"{ours:.0f} MB / {bare:.0f} MB",
    )


def beside_import(stage: Stage) -> Iterator[Figure]:
    """The same keys while another process imports, and a capture meanwhile."""
    rows = csv_rows(stage.folder / "rows.csv", IMPORTED)
    yield from _beside(stage, (*POC, "import", str(rows)), f"an import of {IMPORTED:,}")
    rows.unlink()


def beside_mail(stage: Stage) -> Iterator[Figure]:
    """The same keys while another process takes in mail, and a capture meanwhile."""
    mails = maildir(stage.folder, MAILS)
    words = f"an import of {MAILS:,} mails"
    yield from _beside(stage, (*POC, "import", "mail", str(mails)), words)


def beside_backup(stage: Stage) -> Iterator[Figure]:
    """The same keys while the store is backed up, again and again, and a capture meanwhile."""
    command = (sys.executable, "-c", _BACK_UP, str(stage.folder / "backup.sqlite3"))
    yield from _beside(stage, command, "a backup")


def _beside(stage: Stage, command: Sequence[str], words: str) -> Iterator[Figure]:
    adds: list[Seconds] = []
    with stage.store(stage.big) as store, stage.desk(store) as desk:
        _open_view(desk, "5")
        walk = _Walk(desk, _numbers(store, "open", 2))
        importing = subprocess.Popen(
            command,
            env=stage.environ(store),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            desk.rest(SETTLED)
            latencies = walk.all_keys(stage)
            echoes, _ = _search(desk, store, stage.rounds(15), results_too=False)
            for _ in range(stage.rounds(15)):
                adds.append(run([*POC, "add", "meanwhile"], stage.environ(store)))
                desk.rest(0.1)
            ended = importing.poll() is not None
        finally:
            importing.send_signal(signal.SIGINT)
            importing.wait()
    beside = "after that had ended" if ended else f"beside {words}"
    for name, times in latencies.items():
        yield keys_figure(f"{name}, {beside}", times, median=None, at_most=40)
    yield keys_figure(f"search, echo, {beside}", echoes, median=None, at_most=40)
    yield Figure(
        f"poc add, {beside}",
        [Value(milliseconds(max(adds)), 1000, "ms")],
        f"worst of {len(adds)}; median {median_ms(adds)}",
    )


_BACK_UP = """
import contextlib, os, sys
from poc_tui.errors import StoreBusy
from poc_tui.store.backups.copying import copy_to
while True:
    with contextlib.suppress(StoreBusy):
        copy_to(sys.argv[1], os.environ["POC_DB"], gentle=True)
"""


class _Walk:
    """Keys pressed in a view of the queue, each timed until the highlight has moved."""

    def __init__(self, desk: Terminal, first_two: Sequence[int]) -> None:
        """`first_two` are the requests at the top: by them the highlight's colour is learnt."""
        self._desk = desk
        self._pause = random.Random(1)
        self._at = first_two[1]
        self._highlight = b""
        desk.press(_DOWN)
        desk.until(self._learn, "the second request of the queue")
        desk.rest(0.5)

    def all_keys(self, stage: Stage) -> dict[str, list[Took]]:
        """Latencies of cursor down, page down and end, by what they are."""
        return {
            "cursor down": [self._press(_DOWN) for _ in range(stage.rounds(60))],
            "page down": [self._press(_PAGE_DOWN) for _ in range(stage.rounds(30))],
            "end": [self._to_the_end() for _ in range(stage.rounds(20))],
        }

    def _learn(self, frame: bytes) -> bool:
        self._highlight = numbers_on(frame).get(self._at, b"")
        return bool(self._highlight)

    def _to_the_end(self) -> Took:
        self._press(_FIRST)
        return self._press(_LAST)

    def _press(self, key: str) -> Took:
        # Between quick and leisurely, so that keys also meet the panes that follow the highlight.
        self._desk.rest(self._pause.uniform(0.02, 0.15))
        return self._desk.times(key, self._moved, "the highlight in a new place")

    def _moved(self, frame: bytes) -> bool:
        for number, background in numbers_on(frame).items():
            if background == self._highlight and number != self._at:
                self._at = number
                return True
        return False


def _search(
    desk: Terminal, store: Path, times: int, *, results_too: bool = True
) -> tuple[list[Took], list[Took]]:
    """Type queries, leaving the search after each; gives the echoes and the results."""
    echoes: list[Took] = []
    results: list[Took] = []
    queries = _telling(store)
    for query, found in itertools.islice(itertools.cycle(queries), times):
        desk.press("/")
        desk.rest(0.4)
        for end in range(1, len(query)):
            echoed = f"“{query[:end]}” in the search"
            echoes.append(desk.times(query[end - 1], partial(_echoes, query[:end]), echoed))
            desk.rest(0.1)
        last = partial(_shows_one_of, found) if results_too else partial(_echoes, query)
        took = desk.times(query[-1], last, f"what “{query}” finds")
        (results if results_too else echoes).append(took)
        desk.rest(0.3)
        desk.press(_ESCAPE)
        desk.rest(0.5)
    return echoes, results


def _echoes(typed: str, frame: bytes) -> bool:
    return typed in text(frame)


def _shows_one_of(found: set[int], frame: bytes) -> bool:
    return not found.isdisjoint(numbers_on(frame))


def _telling(store: Path) -> list[tuple[str, set[int]]]:
    """Queries, each with the requests that only its last key brings into the result.

    One that leaves most of the result as it was does not tell when it has been answered.
    """
    with closing(Reader(str(store), busy_ms=10_000)) as reader:
        telling = []
        for query in QUERIES:
            found = {row.number for row in find(reader, query)}
            before = {row.number for row in find(reader, query[:-1])}
            if found - before and len(found & before) <= IN_SIGHT:
                telling.append((query, found - before))
    if not telling:
        raise ValueError("no query of the bench tells its result from the one before its last key")
    return telling


def _open_view(desk: Terminal, key: str) -> None:
    desk.rest(SETTLED)
    desk.press(key)
    desk.rest(1.0)


def _numbers(store: Path, view: str, count: int) -> list[int]:
    """The requests at the top of a view."""
    with closing(Reader(str(store), busy_ms=10_000)) as reader:
        rows = queue.page(reader, views.VIEWS[view], datetime.now(UTC), 0, count)
    return [row.number for row in rows]


def _resident(pid: int, shared: str = "Rss") -> float:
    """Memory of a process in MB, what it shares counted whole (`Rss`) or in part (`Pss`).

    Linux only.
    """
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii", "replace")
    found = re.search(rf"^{shared}:\s+(\d+) kB", rollup, re.MULTILINE)
    if found is None:
        raise ValueError("the system does not say how much memory a process holds")
    return int(found[1]) / 1024
