"""Which step `undo` and `redo` take: what this actor did, unless somebody else built on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from poc_tui.errors import Refused
from poc_tui.store.queries.happened import done_by
from poc_tui.store.queries.reader import Reader, of
from poc_tui.store.records import JournalRow
from poc_tui.store.row_images import read_changes
from poc_tui.store.undo.traces import LaterStep, StepTrace, later_steps, trace

if TYPE_CHECKING:
    from poc_tui.store.connection import Query

_COLUMNS = "id, at, actor, step, label, run"
BY_ITSELF = "(run IS NULL AND step IN ('mail', 'not-delivered'))"
"""What mail did while nobody asked, in SQL; an import that somebody asked for has a run."""
MOST = 500
"""Steps made after the one that is meant that are looked at, and steps of one run that are held
against them."""

GONE = "'sending', 'sent', 'unsure'"
"""The states of a mail of ours that cannot be taken back, in SQL."""

_MINE = f"SELECT {_COLUMNS}, changes FROM journal WHERE undone = 0 AND actor = ?"
_ABOVE = f"""
    SELECT {_COLUMNS}, {BY_ITSELF}, changes FROM journal WHERE undone = 0 AND id > ?
    ORDER BY id DESC LIMIT ?
"""
_UNDONE = f"""
    SELECT {_COLUMNS} FROM journal WHERE undone = 1 AND (actor = ? OR {BY_ITSELF})
    ORDER BY id LIMIT 1
"""


def last_done(query: Query, actor: str, *, with_run: bool = True) -> tuple[Any, ...] | None:
    """The step that undo takes back for that actor, as `JournalRow` has it with the moment in
    seconds; None if nothing of theirs stands.

    It is the newest one they did; what others did meanwhile, and mail that was filed by itself,
    is passed over, unless it wrote on the same rows or points to one that the step made: then it
    was built on that step, or on another of its run. Mail goes first then, and what a person did
    is in the way. Not where a mail of the step has gone out: the step cannot be taken back any
    more, so nothing that was built on it has to go for it. `with_run` is False where a run is
    being taken back, and was looked through already.

    Raises:
        Refused: what somebody else did since is in the way; the sentence says whose and what.
    """
    meant = _newest(query, f"{_MINE} AND NOT {BY_ITSELF}", actor) or _newest(query, _MINE, actor)
    if meant is None:
        return None
    if _went_out(query, meant[-1]):
        return meant[:-1]
    above = query(_ABOVE, (meant[0], MOST + 1))
    if len(above) > MOST:
        return _after_much(above, meant, actor)
    steps = [*above, (*meant[:-1], None, meant[-1])]
    later = later_steps(query, [step[-1] for step in above])
    at = len(above)
    traces: Iterable[StepTrace] = _traces(query, meant, with_run=with_run)
    while built_on_it := _places(later[:at], traces):
        for place in built_on_it:
            if not steps[place][-2]:
                raise Refused(f"{steps[at][4]}: {done_by(query, steps[place], actor)}")
        at = built_on_it[0]
        traces = [later[at].trace]
    return steps[at][:-2]


def first_undone(query: Query, actor: str) -> tuple[Any, ...] | None:
    """The step that redo does again for that actor: the oldest they took back since they did
    anything new; None if there is none."""
    rows = query(_UNDONE, (actor,))
    return rows[0] if rows else None


def newest_of_all(query: Query) -> tuple[Any, ...] | None:
    """The newest step that stands, whoever did it."""
    rows = query(f"SELECT {_COLUMNS} FROM journal WHERE undone = 0 ORDER BY id DESC LIMIT 1", ())
    return rows[0] if rows else None


def _newest(query: Query, which: str, actor: str) -> tuple[Any, ...] | None:
    rows = query(f"{which} ORDER BY id DESC LIMIT 1", (actor,))
    return rows[0] if rows else None


def _after_much(
    above: Sequence[tuple[Any, ...]], meant: tuple[Any, ...], actor: str
) -> tuple[Any, ...]:
    """Of mail that came without end the newest is taken as any step."""
    newest = above[0]
    if newest[-2] and newest[2] == actor:
        return newest[:-2]
    raise Refused(f"{meant[4]}: too much was done since for it to be taken back")


def _places(later: Sequence[LaterStep], earlier: Iterable[StepTrace]) -> list[int]:
    """The places of those that build on one of the earlier ones, the newest first."""
    found = {at for one in earlier for at, step in enumerate(later) if step.builds_on(one)}
    return sorted(found)


def _went_out(query: Query, changes: str) -> bool:
    """Whether a mail that the step queued has left, or may have."""
    queued = [key for table, key, image in read_changes(changes) if table == "outbox" and not image]
    return any(
        query(f"SELECT 1 FROM outbox WHERE id = ? AND state IN ({GONE})", (key,)) for key in queued
    )


def _traces(query: Query, step: tuple[Any, ...], *, with_run: bool) -> Iterator[StepTrace]:
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


def next_undo(reader: Reader, actor: str) -> JournalRow | None:
    """The step that undo would take back for that actor. Raises as `last_done` does."""
    row = last_done(reader.rows, actor)
    return None if row is None else of(JournalRow, row)
