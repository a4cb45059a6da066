"""Storing one batch of an import: plain SQL, one transaction, one step of the journal.

What it writes for a request is what `store.verbs.capture` and `ending.resolve` write; a test
holds the two against each other. They work through the ORM, row by row, which is several times
slower.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from poc_tui.models.values import Event, JournalStep, State
from poc_tui.rules import court
from poc_tui.rules.service.deadlines import DueFor
from poc_tui.rules.time_source import Clock
from poc_tui.store.exchange.imported_request import ImportedRequest
from poc_tui.store.exchange.parties import ImportedCustomers
from poc_tui.store.queries.reader import seconds
from poc_tui.store.writer import Change, dump, immediate

BATCH_ROWS = 500
"""With search, as many rows as keep another writer waiting for well under a second."""
BATCH_BYTES = 4 * 1024 * 1024
"""Of raw rows; a batch of long ones ends sooner."""

_REQUEST = (
    "INSERT INTO request (id, subject, text, customer_id, kind, channel, priority, state, court,"
    " court_since, received_at, touched_at, due_at, due_for, next_at,"
    " first_answered_at, resolved_at, resolution)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_ACTIVITY = (
    "INSERT INTO activity (id, request_id, at, actor, event, text, channel, until, changes)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class Batches:
    """Writes the batches of one import, which are undone as one step.

    A step that somebody did between two of them parts them for undo as well.

    `run` ties them together, `label` is what the step is called, `actor` who did it.
    """

    def __init__(self, connection: sqlite3.Connection, *, run: str, label: str, actor: str) -> None:
        self._connection = connection
        self._run = run
        self._label = label
        self._actor = actor
        self._parties = ImportedCustomers(connection)
        self._tags: dict[str, int] = {}
        self._seen_version = -1

    @property
    def doubts(self) -> tuple[str, ...]:
        """Sentences about names that could mean several customers."""
        return tuple(self._parties.doubts)

    def write(self, rows: Sequence[ImportedRequest], clock: Clock) -> None:
        """Store these requests: all of them, or none when it raises.

        Raises:
            sqlite3.Error: the file is busy, full, or cannot be written.
        """
        try:
            with immediate(self._connection):
                now = clock.now()
                self._forget_if_others_wrote()
                changes = self._store(rows, now)
                self._connection.execute(
                    "INSERT INTO journal (at, actor, step, label, run, changes, undone)"
                    " VALUES (?, ?, ?, ?, ?, ?, 0)",
                    (
                        seconds(now), self._actor, JournalStep.IMPORT.value, self._label, self._run,
                        dump(changes),
                    ),
                )  # fmt: skip
        except BaseException:
            self._forget()
            raise

    def _forget_if_others_wrote(self) -> None:
        """A customer met before may be gone by now: an undo in another terminal takes it away."""
        version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        if version != self._seen_version:
            self._forget()
        self._seen_version = version

    def _forget(self) -> None:
        self._parties.forget()
        self._tags.clear()

    def _store(self, rows: Sequence[ImportedRequest], now: datetime) -> list[Change]:
        """Write all rows but the journal's; the changes come in an order that can be undone."""
        changes: list[Change] = []
        first = self._last("SELECT seq FROM sqlite_sequence WHERE name = 'request'") + 1
        customers = [
            None if row.party is None else self._parties.customer(row.party, now, changes)
            for row in rows
        ]
        numbered = list(enumerate(rows, first))
        links = [
            (number, tag)
            for number, row in numbered
            for tag in (self._tag(name, changes) for name in row.tags)
        ]
        activities = self._activities(numbered, seconds(now))
        execute = self._connection.executemany
        execute(
            _REQUEST,
            [
                _request(number, row, customer, now)
                for (number, row), customer in zip(numbered, customers, strict=True)
            ],
        )
        execute(
            "INSERT INTO original (request_id, raw) VALUES (?, ?)",
            [(number, row.raw) for number, row in numbered],
        )
        execute("INSERT INTO request_tag (request_id, tag_id) VALUES (?, ?)", links)
        execute(_ACTIVITY, activities)
        for number, _ in numbered:
            changes += (["request", number, None], ["original", number, None])
        changes += (["request_tag", list(link), None] for link in links)
        changes += (["activity", activity[0], None] for activity in activities)
        return changes

    def _activities(
        self, numbered: Sequence[tuple[int, ImportedRequest]], now: int
    ) -> list[tuple[Any, ...]]:
        activities: list[tuple[Any, ...]] = []
        id = self._last("SELECT max(id) FROM activity")
        for number, row in numbered:
            received, due = seconds(row.received_at), _seconds(row.due_at)
            activities.append((
                id := id + 1, number, received, self._actor, Event.RECEIVED.value,
                row.text or row.subject, row.channel.value, due, None,
            ))  # fmt: skip
            if row.resolution is not None:
                changed = json.dumps({"resolution": [None, row.resolution]})
                activities.append((
                    id := id + 1, number, _seconds(row.resolved_at), self._actor,
                    Event.RESOLVED.value, "", None, None, changed,
                ))  # fmt: skip
            if row.note:
                activities.append((
                    id := id + 1, number, max(now, received), self._actor, Event.NOTED.value,
                    row.note, None, None, None,
                ))  # fmt: skip
        return activities

    def _tag(self, name: str, changes: list[Change]) -> int:
        if name not in self._tags:
            query = self._connection.execute
            row = query("SELECT id FROM tag WHERE name = ?", (name,)).fetchone()
            if row is None:
                row = query("INSERT INTO tag (name) VALUES (?) RETURNING id", (name,)).fetchone()
                changes.append(["tag", row[0], None])
            self._tags[name] = row[0]
        return self._tags[name]

    def _last(self, sql: str) -> int:
        row = self._connection.execute(sql).fetchone()
        return 0 if row is None or row[0] is None else int(row[0])


def _request(
    number: int, row: ImportedRequest, customer: int | None, now: datetime
) -> tuple[Any, ...]:
    resolved = row.state == State.RESOLVED
    due_at = None if resolved else row.due_at
    move = None
    if row.state == State.NEW:
        move = court.taken_down(row.received_at)
    elif row.state == State.OPEN:
        move = court.triaged(row.received_at, due_at)
    return (
        number,
        row.subject,
        row.text,
        customer,
        row.kind.value,
        row.channel.value,
        row.priority.value,
        row.state.value,
        None if move is None else move.court,
        None if move is None else seconds(row.received_at),
        seconds(row.received_at),
        seconds(now),
        _seconds(due_at),
        None if due_at is None else DueFor.GIVEN.value,
        None if move is None else seconds(move.next_at),
        _seconds(row.first_answered_at),
        _seconds(row.resolved_at),
        None if row.resolution is None else row.resolution.value,
    )


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else seconds(moment)
