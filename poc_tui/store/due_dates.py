"""Setting the clocks of open requests: of those just taken down, and of all when levels change.

Plain SQL. What takes time is counting business time, so that is done before the transaction;
a row that somebody changed meanwhile is counted again within it.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import NamedTuple

from poc_tui.errors import StoreBusy, StoreUnreadable
from poc_tui.rules.court import CUSTOMER, DEPARTMENT, ME
from poc_tui.rules.service.deadlines import Deadlines, DueDate, DueFor
from poc_tui.rules.service.levels import Facts
from poc_tui.rules.service.turns import Turn
from poc_tui.rules.time_source import Clock
from poc_tui.store import row_images
from poc_tui.store.connection import READ_BUSY_MS, connect
from poc_tui.store.damage import present
from poc_tui.store.queries.views import ANY_UNWOUND, UNWOUND
from poc_tui.store.transaction import immediate

Progress = Callable[[int, int], None]
"""Called with how many are done, of how many."""

_PORTION = 500
_OPEN = """
    SELECT r.id, r.channel, r.kind, r.priority, coalesce(c.vip, 0), coalesce(c.name, ''), r.court,
           r.court_since, r.received_at, r.first_answered_at, r.next_at, r.due_at, r.due_for,
           r.due_since, r.resolve_by
    FROM request r LEFT JOIN customer c ON c.id = r.customer_id
"""
_RUNNING = "state <> 'resolved'"
_WAITS = "f.answered_at IS NULL AND f.withdrawn_at IS NULL"
_FIRST_CHASES = f"SELECT f.request_id, min(f.next_at) FROM forward f WHERE {_WAITS} GROUP BY 1"
_Clocks = tuple[int | str | None, ...]
"""Values of the columns in `_CLOCKS`."""
_CLOCKS = ("next_at", "due_at", "due_for", "due_since", "resolve_by")


class _Open(NamedTuple):
    """An open request, as far as its clocks go. Moments are seconds, as stored."""

    id: int
    channel: str
    kind: str
    priority: str
    vip: int
    customer: str
    court: str
    court_since: int
    received_at: int
    first_answered_at: int | None
    next_at: int
    due_at: int | None
    due_for: str | None
    due_since: int | None
    resolve_by: int | None

    @property
    def clocks(self) -> _Clocks:
        return (self.next_at, self.due_at, self.due_for, self.due_since, self.resolve_by)


class _Ladder(NamedTuple):
    """A forward whose first chase was due at one moment, and is now at another."""

    id: int
    was: int
    at: int


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
        _write(connection, wound)
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
    counted: dict[_Open, _Clocks] = {}
    for start in range(0, len(before), _PORTION):
        counted.update(counting.of(before[start : start + _PORTION]))
        progress(min(start + _PORTION, len(before)), len(before))
    ladders = counting.ladders()
    with immediate(connection):
        now = clock.now()
        rows = _rows(connection, _RUNNING)
        counted.update(counting.of([row for row in rows if row not in counted]))
        changes = _move_ladders(connection, ladders)
        first = dict(connection.execute(_FIRST_CHASES).fetchall())
        changes += _write(connection, {row: _with_chase(row, counted[row], first) for row in rows})
        changes.append(_keep(connection, source, deadlines.levels.texts, hours, now))
        cursor = connection.execute(
            "INSERT INTO journal (at, actor, step, label, changes, undone)"
            " VALUES (?, ?, 'levels', 'apply the service levels', ?, 0)",
            (_seconds(now), actor, row_images.dump(changes)),
        )
        moved = sum(table == "request" for table, _, _ in changes)
        return LevelsChange(present(cursor.lastrowid), moved, len(rows))


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

    def of(self, rows: Sequence[_Open]) -> dict[_Open, _Clocks]:
        """What the clocks of each ought to say."""
        past = self._past([row.id for row in rows])
        return {row: self._clocks(row, past[row.id]) for row in rows}

    def ladders(self) -> list[_Ladder]:
        """Where the ladders of those who were not chased yet begin now, if not where they did."""
        found = [
            _Ladder(id, was, self._first_chase(department, asked_at, due_at))
            for id, department, asked_at, due_at, was in self._connection.execute(
                "SELECT f.id, d.name, f.asked_at, f.due_at, f.next_at"
                " FROM forward f JOIN department d ON d.id = f.department_id"
                f" WHERE {_WAITS} AND f.chased = 0"
            ).fetchall()
        ]
        return [ladder for ladder in found if ladder.at != ladder.was]

    def _clocks(self, row: _Open, past: Sequence[Turn]) -> _Clocks:
        facts = Facts(row.channel, row.kind, row.priority, bool(row.vip), row.customer)
        if row.court == CUSTOMER:
            return (row.next_at, row.due_at, row.due_for, row.due_since, None)
        if row.due_at is None:
            answered = None if row.first_answered_at is None else _moment(row.first_answered_at)
            due = self._deadlines.while_ours(
                facts, _moment(row.received_at), answered, _moment(row.court_since)
            )
        else:
            since = row.received_at if row.due_since is None else row.due_since
            before = DueDate(
                _moment(row.due_at), DueFor(row.due_for or DueFor.GIVEN), _moment(since)
            )
            due = self._deadlines.anew(facts, before)
        present = Turn(row.court, _moment(row.court_since), None)
        by = self._deadlines.resolve_by(facts, [*past, present], due)
        # A move of mine that was to be made by the due date goes with it.
        follows = row.court == ME and row.next_at == row.due_at
        due_at = _seconds(due.at)
        return (
            due_at if follows else row.next_at,
            due_at,
            str(due.purpose),
            _seconds(due.since),
            None if by is None else _seconds(by),
        )

    def _past(self, ids: Sequence[int]) -> dict[int, list[Turn]]:
        past: dict[int, list[Turn]] = defaultdict(list)
        for part in _parts(ids):
            for id, court, since, until in self._connection.execute(
                "SELECT request_id, court, since, until FROM turn"
                f" WHERE request_id IN ({','.join('?' * len(part))}) ORDER BY id",
                part,
            ):
                past[id].append(Turn(court, _moment(since), _moment(until)))
        return past

    def _first_chase(self, department: str, asked_at: int, due_at: int) -> int:
        at = self._deadlines.first_chase(department, _moment(asked_at), _moment(due_at))
        return _seconds(at)


def _move_ladders(
    connection: sqlite3.Connection, ladders: Iterable[_Ladder]
) -> list[row_images.Change]:
    """Move the first steps; whom somebody chased or answered meanwhile is left alone."""
    return [
        ["forward", ladder.id, {"next_at": ladder.was}]
        for ladder in ladders
        if connection.execute(
            f"UPDATE forward AS f SET next_at = ? WHERE f.id = ? AND f.chased = 0 AND {_WAITS}",
            (ladder.at, ladder.id),
        ).rowcount
    ]


def _with_chase(row: _Open, clocks: _Clocks, first: dict[int, int]) -> _Clocks:
    """A department's move is to be made when the first of its forwards is to be chased."""
    if row.court != DEPARTMENT:
        return clocks
    return (first.get(row.id, row.next_at), *clocks[1:])


def _rows(connection: sqlite3.Connection, which: str) -> list[_Open]:
    return [_Open(*row) for row in connection.execute(f"{_OPEN} WHERE {which}").fetchall()]


def _write(
    connection: sqlite3.Connection, counted: dict[_Open, _Clocks]
) -> list[row_images.Change]:
    """Write what differs; returns the changes that take it back."""
    different = [(row, clocks) for row, clocks in counted.items() if row.clocks != clocks]
    assignments = ", ".join(f"{column} = ?" for column in _CLOCKS)
    connection.executemany(
        f"UPDATE request SET {assignments} WHERE id = ?",
        ((*clocks, row.id) for row, clocks in different),
    )
    return [
        ["request", row.id, dict(zip(_CLOCKS, row.clocks, strict=True))] for row, _ in different
    ]


def _keep(
    connection: sqlite3.Connection,
    source: bytes,
    texts: dict[str, str],
    hours: str,
    now: datetime,
) -> row_images.Change:
    """Keep the file itself, so that these levels are in force whatever becomes of it."""
    before = row_images.whole(connection, "service_levels", 1)
    connection.execute(
        "INSERT OR REPLACE INTO service_levels (id, source, texts, hours, applied_at)"
        " VALUES (1, ?, ?, ?, ?)",
        (source, row_images.dump(texts), hours, _seconds(now)),
    )
    return ["service_levels", 1, before]


def _parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + _PORTION] for start in range(0, len(ids), _PORTION))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


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
