"""What watches over the dates of ten thousand open requests: ageing, items, new levels."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

from bench.cases_commands import ADD
from bench.measure import Figure, Value, interleaved, median_ms, milliseconds, p95, run
from bench.stage import Stage
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import SystemClock
from poc_tui.settings import active_levels
from poc_tui.settings.levels_file import starter_text
from poc_tui.settings.load import load
from poc_tui.store.desk import Desk
from poc_tui.store.queries import dated_items, queue
from poc_tui.store.queries.reader import Reader

_QUICKER = starter_text().replace(b'phone = "3d"', b'phone = "2d"').replace(b'"1w"', b'"4d"')


def ageing(stage: Stage) -> Iterator[Figure]:
    """What is late now, beside an aggregate over the same rows that asks for nothing."""
    clock = SystemClock()
    with stage.store(stage.big) as store, closing(Reader(str(store))) as reader:
        count = "SELECT count(*) FROM request INDEXED BY request_open WHERE state <> 'resolved'"
        counted, aged, due = interleaved(
            stage.rounds(30),
            partial(_took, lambda: reader.value(count)),
            partial(_took, lambda: queue.counts(reader, clock.now())),
            partial(_took, lambda: dated_items.items(reader, clock.zone, until=clock.now())),
        )
    yield Figure(
        f"all counts and what is late, {stage.big.open:,} open: one query",
        [Value(milliseconds(p95(aged)), 20, "ms")],
        f"p95 of {len(aged)}, median {median_ms(aged)}; counting alone {median_ms(counted)}",
    )
    yield Figure(
        "everything that is due, as records",
        [Value(milliseconds(p95(due)), None, "ms")],
        f"p95 of {len(due)}, median {median_ms(due)}",
    )


def levels(stage: Stage) -> Iterator[Figure]:
    """New service levels over all open requests, and how long a capture waits meanwhile."""
    settings, clock = load("/nonexistent/poc.toml", {"TZ": "Europe/Berlin"}), SystemClock()
    hours, environ = settings.hours, {"POC_LEVELS": "/nonexistent/service-levels.toml"}
    wanted = Deadlines(hours, active_levels.check(_QUICKER, environ))
    with stage.store(stage.big) as store, closing(Reader(str(store))) as reader:
        before = active_levels.deadlines(reader, hours, environ)
        with closing(Desk(str(store), clock, before)) as desk:
            desk.wind()
            waits, took = _beside(
                lambda: desk.apply_levels(wanted, _QUICKER, active_levels.spelled(hours)),
                lambda: run(ADD, stage.environ(store)),
            )
            back = _took(desk.undo)
    yield Figure(
        f"new service levels: {stage.big.open:,} open requests counted anew",
        [Value(took, 5, "s")],
        f"once; poc add beside it took {milliseconds(max(waits)):.0f} ms at most of {len(waits)};"
        f" taking it back {back:.1f} s",
    )


def _took(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _beside(work: Callable[[], object], other: Callable[[], float]) -> tuple[list[float], float]:
    """Do the one, and the other again and again until it is done: its times, and how long."""
    times: list[float] = []
    ended: list[float] = []

    def run_it() -> None:
        work()
        ended.append(time.perf_counter())

    started = time.perf_counter()
    worker = threading.Thread(target=run_it)
    worker.start()
    while worker.is_alive():
        times.append(other())
    worker.join()
    return times, ended[0] - started
