"""Which step `undo` and `redo` take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from poc_tui.store.reading.reader import Reader, typed
from poc_tui.store.reading.traces import Later, Query, Trace, later_steps, trace
from poc_tui.store.records import JournalRow

_COLUMNS = "id, at, actor, step, label, run"
_BY_ITSELF = "run IS NULL AND step IN ('mail', 'not-delivered')"
"""What mail did while nobody asked; an import that somebody asked for has a run."""
MOST = 500
"""Steps that mail made one after the other, before the newest of them is taken as any step; and
steps of one run that are held against them."""

GONE = "'sending', 'sent', 'unsure'"
"""The states of a mail of ours that cannot be taken back, in SQL."""

FIRST_UNDONE = f"SELECT {_COLUMNS} FROM journal WHERE undone = 1 ORDER BY id LIMIT 1"
"""The oldest step taken back since anything new was done: what redo does again."""


def last_done(query: Query, *, with_run: bool = True) -> tuple[Any, ...] | None:
    """The step that undo takes back, as `JournalRow` has it with the moment in seconds.

    It is the newest one that stands; but a person who takes back means what a person did, so
    mail that was filed meanwhile is passed over, unless it wrote on the same rows or points to
    one that the step made: then it was built on that step, or on another of its run, and goes
    first. Not where a mail of the step has gone out: the step cannot be taken back any more, so
    nothing that was built on it has to go for it. `with_run` is False where a run is being taken
    back, and was looked through already.
    """
    newest = query(
        f"SELECT {_COLUMNS}, {_BY_ITSELF} FROM journal WHERE undone = 0 ORDER BY id DESC LIMIT 1",
        (),
    )
    if not newest:
        return None
    if not newest[0][-1]:
        return newest[0][:-1]
    steps = query(
        f"SELECT {_COLUMNS}, {_BY_ITSELF}, changes FROM journal WHERE undone = 0"
        " ORDER BY id DESC LIMIT ?",
        (MOST,),
    )
    meant = next((at for at, step in enumerate(steps) if not step[-2]), 0)
    if _went_out(query, steps[meant][-1]):
        return steps[meant][:-2]
    # Above what a person did stands only what mail did by itself.
    later = later_steps(query, [step[-1] for step in steps[:meant]])
    above = _first_above(later, _traces(query, steps[meant], with_run=with_run))
    while above is not None:
        meant = above
        above = _first_above(later[:meant], [later[meant].trace])
    return steps[meant][:-2]


def _first_above(later: list[Later], earlier: Iterator[Trace] | list[Trace]) -> int | None:
    """The place of the newest of these that builds on one of the earlier ones."""
    places = (at for one in earlier for at, step in enumerate(later) if step.builds_on(one))
    return min(places, default=None)


def _went_out(query: Query, changes: str) -> bool:
    """Whether a mail that the step queued has left, or may have."""
    queued = [key for table, key, image in json.loads(changes) if table == "outbox" and not image]
    return any(
        query(f"SELECT 1 FROM outbox WHERE id = ? AND state IN ({GONE})", (key,)) for key in queued
    )


def _traces(query: Query, step: tuple[Any, ...], *, with_run: bool) -> Iterator[Trace]:
    """The traces of a step and of those that are taken back with it."""
    id, run = step[0], step[5]
    yield trace(step[-1])
    if with_run and run is not None:
        for (changes,) in query(
            "SELECT changes FROM journal WHERE run = ? AND id < ? AND undone = 0"
            " ORDER BY id DESC LIMIT ?",
            (run, id, MOST),
        ):
            yield trace(changes)


def next_undo(reader: Reader) -> JournalRow | None:
    """The step that undo would take back."""
    row = last_done(reader.rows)
    return None if row is None else JournalRow(*typed(row, moments=(1,)))
