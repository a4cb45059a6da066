"""Setting the clocks of open requests: of those just taken down, and of all when levels change.

Plain SQL. What takes time is counting business time, so that is done before the transaction;
a row that somebody changed meanwhile is counted again within it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from datetime import datetime
from typing import Any, NamedTuple

from poc_tui.errors import StoreBusy, StoreUnreadable
from poc_tui.models.values import JournalStep
from poc_tui.rules.court import CUSTOMER, DEPARTMENT, ME
from poc_tui.rules.service.deadlines import Deadlines, DueDate, DueFor
from poc_tui.rules.service.levels import Facts
from poc_tui.rules.service.turns import Turn
from poc_tui.rules.time_source import Clock
from poc_tui.store.connection import READ_BUSY_MS, connect
from poc_tui.store.queries.reader import marks, moment, portions
from poc_tui.store.queries.views import ANY_UNWOUND, UNWOUND
from poc_tui.store.writer import Writer, immediate, stored

Progress = Callable[[int, int], None]
"""Called with how many are done, of how many."""

_PORTION = 500
_OPEN = """
    SELECT r.id, r.channel, r.kind, r.priority, coalesce(c.vip, FALSE), coalesce(c.name, ''),
           r.court, r.court_since, r.received_at, r.first_answered_at,
           r.next_at, r.due_at, r.due_for, r.due_since, r.resolve_by
    FROM request r LEFT JOIN customer c ON c.id = r.customer_id
"""
_RUNNING = "state <> 'resolved'"
_WAITS = "f.answered_at IS NULL AND f.withdrawn_at IS NULL"
_FIRST_CHASES = f"SELECT f.request_id, min(f.next_at) FROM forward f WHERE {_WAITS} GROUP BY 1"


class Clocks(NamedTuple):
    """The dates of a request, under the names of their columns (aware UTC)."""

    next_at: datetime | None
    due_at: datetime | None
    due_for: str | None
    due_since: datetime | None
    resolve_by: datetime | None


class OpenRequest(NamedTuple):
    """An open request, as far as its clocks go (aware UTC)."""

    id: int
    facts: Facts
    court: str
    court_since: datetime
    received_at: datetime
    first_answered_at: datetime | None
    clocks: Clocks


class _Ladder(NamedTuple):
    """A forward whose first chase was due at one moment, and is now at another."""

    id: int
    was: datetime
    at: datetime


def count(deadlines: Deadlines, request: OpenRequest, past: Sequence[Turn]) -> Clocks:
    """The dates of the request, counted anew; those that a person gave stay.

    `past` are its turns that are over, oldest first.
    """
    clocks = request.clocks
    if request.court == CUSTOMER:
        return clocks._replace(resolve_by=None)
    if clocks.due_at is None:
        due = deadlines.while_ours(
            request.facts, request.received_at, request.first_answered_at, request.court_since
        )
    else:
        purpose = DueFor(clocks.due_for or DueFor.GIVEN)
        since = clocks.due_since or request.received_at
        due = deadlines.anew(request.facts, DueDate(clocks.due_at, purpose, since))
    # A move of mine that was to be made by the due date goes with it.
    follows = request.court == ME and clocks.next_at == clocks.due_at
    return Clocks(
        due.at if follows else clocks.next_at,
        due.at,
        str(due.purpose),
        due.since,
        resolve_by(deadlines, request, past, due),
    )


def resolve_by(
    deadlines: Deadlines, request: OpenRequest, past: Sequence[Turn], due: DueDate | None
) -> datetime | None:
    """When it must be resolved, from the time spent on its clock so far; None without a target."""
    present = Turn(request.court, request.court_since, None)
    return deadlines.resolve_by(request.facts, [*past, present], due)


def wind(connection: sqlite3.Connection, deadlines: Deadlines) -> int:
    """Set the clocks of requests that have none: the quick lane and imports take down only.

    What it writes follows from what is stored, so it is no step of its own in the journal.
    Returns how many there were; one look at an index where there are none.
    """
    if not connection.execute(ANY_UNWOUND).fetchone():
        return 0
    with immediate(connection):
        rows = _rows(connection, UNWOUND)
        wound = _Counting(connection, deadlines).of(rows)
        _write(Writer(connection), wound)
    return len(wound)


def apply_levels(
    connection: sqlite3.Connection,
    deadlines: Deadlines,
    source: bytes,
    hours: str,
    clock: Clock,
    actor: str,
    progress: Progress,
) -> LevelsChange:
    """Put service levels in force: every open request gets its dates anew, as one step.

    Dates that a person gave stay, and so do a department's. `source` is the file, `hours` what
    the business hours were like.
    """
    counting = _Counting(connection, deadlines)
    before = _rows(connection, _RUNNING)
    counted: dict[OpenRequest, Clocks] = {}
    for start in range(0, len(before), _PORTION):
        counted.update(counting.of(before[start : start + _PORTION]))
        progress(min(start + _PORTION, len(before)), len(before))
    ladders = counting.ladders()
    with immediate(connection):
        now = clock.now()
        rows = _rows(connection, _RUNNING)
        counted.update(counting.of([row for row in rows if row not in counted]))
        writer = Writer(connection)
        _move_ladders(writer, ladders)
        first = {id: moment(at) for id, at in connection.execute(_FIRST_CHASES).fetchall()}
        _write(writer, {row: _with_chase(row, counted[row], first) for row in rows})
        moved = sum(table == "request" for table, _, _ in writer.changes)
        kept = {
            "source": source,
            "texts": deadlines.levels.texts,
            "hours": hours,
            "applied_at": now,
        }
        if connection.execute("SELECT 1 FROM service_levels WHERE id = 1").fetchone():
            writer.update("service_levels", 1, kept, also=("id", *kept))
        else:
            writer.insert("service_levels", {"id": 1, **kept})
        id = writer.journal(now, actor, JournalStep.LEVELS, "apply the service levels")
        return LevelsChange(id, moved, len(rows))


class LevelsChange(NamedTuple):
    """Levels were put in force."""

    journal_id: int
    moved: int
    """Open requests that have another date now."""
    open: int


class _Counting:
    """Counts the dates of open requests anew, many at a time."""

    def __init__(self, connection: sqlite3.Connection, deadlines: Deadlines) -> None:
        self._connection = connection
        self._deadlines = deadlines

    def of(self, rows: Sequence[OpenRequest]) -> dict[OpenRequest, Clocks]:
        """What the clocks of each ought to say."""
        past = self._past([row.id for row in rows])
        return {row: count(self._deadlines, row, past[row.id]) for row in rows}

    def ladders(self) -> list[_Ladder]:
        """Where the ladders of those who were not chased yet begin now, if not where they did."""
        ladders = []
        for id, department, asked_at, due_at, was in self._connection.execute(
            "SELECT f.id, d.name, f.asked_at, f.due_at, f.next_at"
            " FROM forward f JOIN department d ON d.id = f.department_id"
            f" WHERE {_WAITS} AND f.chased = 0"
        ).fetchall():
            at = self._deadlines.first_chase(department, moment(asked_at), moment(due_at))
            if at != moment(was):
                ladders.append(_Ladder(id, moment(was), at))
        return ladders

    def _past(self, ids: Sequence[int]) -> dict[int, list[Turn]]:
        past: dict[int, list[Turn]] = defaultdict(list)
        for part in portions(ids):
            for id, court, since, until in self._connection.execute(
                "SELECT request_id, court, since, until FROM turn"
                f" WHERE request_id IN ({marks(part)}) ORDER BY id",
                part,
            ):
                past[id].append(Turn(court, moment(since), moment(until)))
        return past


def _move_ladders(writer: Writer, ladders: Iterable[_Ladder]) -> None:
    """Move the first steps; whom somebody chased or answered meanwhile is left alone."""
    waits = f"SELECT 1 FROM forward f WHERE f.id = ? AND f.chased = 0 AND {_WAITS}"
    for ladder in ladders:
        if writer.query(waits, (ladder.id,)):
            writer.update("forward", ladder.id, {"next_at": ladder.at})


def _with_chase(row: OpenRequest, clocks: Clocks, first: dict[int, datetime]) -> Clocks:
    """A department's move is to be made when the first of its forwards is to be chased."""
    if row.court != DEPARTMENT:
        return clocks
    return clocks._replace(next_at=first.get(row.id, row.clocks.next_at))


def _rows(connection: sqlite3.Connection, which: str) -> list[OpenRequest]:
    return [_row(values) for values in connection.execute(f"{_OPEN} WHERE {which}").fetchall()]


def _row(values: Sequence[Any]) -> OpenRequest:
    id, *facts, court, since, received, answered, next_at, due_at, due_for, counted, by = values
    return OpenRequest(
        id,
        Facts(*facts),
        court,
        moment(since),
        moment(received),
        moment(answered),
        Clocks(moment(next_at), moment(due_at), due_for, moment(counted), moment(by)),
    )


def _write(writer: Writer, counted: dict[OpenRequest, Clocks]) -> None:
    """Write what differs. All clocks of a request are put back together."""
    for row, clocks in counted.items():
        if row.clocks != clocks:
            now = {name: stored(value) for name, value in row.clocks._asdict().items()}
            writer.update("request", row.id, clocks._asdict(), also=now, now=now)


def wind_clocks(path: str, deadlines: Deadlines) -> None:
    """Give what the quick lane or an import took down its due dates; one look where nothing is.

    Plain SQL: the write side is not loaded for it. Never raises on account of the store: where it
    is busy or cannot be written, the reading that follows does without, or says itself what is
    wrong.
    """
    with (
        suppress(StoreBusy, StoreUnreadable, sqlite3.Error),
        closing(connect(path, busy_ms=READ_BUSY_MS)) as connection,
    ):
        wind(connection, deadlines)
