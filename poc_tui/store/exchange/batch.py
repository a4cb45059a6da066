"""Storing one batch of an import: one transaction, one step of the journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from poc_tui.models.values import Event, JournalStep, State
from poc_tui.rules import court
from poc_tui.rules.time_source import Clock
from poc_tui.store.exchange.imported_request import ImportedRequest
from poc_tui.store.exchange.parties import ImportedCustomers
from poc_tui.store.row_images import held
from poc_tui.store.taking_down import new_request, take_down
from poc_tui.store.writer import Writer, immediate

BATCH_ROWS = 500
"""With search, as many rows as keep another writer waiting for well under a second."""
BATCH_BYTES = 4 * 1024 * 1024
"""Of raw rows; a batch of long ones ends sooner."""


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
        self._parties = ImportedCustomers()
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
                writer = Writer(self._connection)
                writer.held = held(self._connection, self._actor)
                for row in rows:
                    self._store(row, writer, now)
                writer.journal(now, self._actor, JournalStep.IMPORT, self._label, self._run)
        except BaseException:
            self._parties.forget()
            raise

    def _forget_if_others_wrote(self) -> None:
        """A customer met before may be gone by now: an undo in another terminal takes it away."""
        version = int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        if version != self._seen_version:
            self._parties.forget()
        self._seen_version = version

    def _store(self, row: ImportedRequest, writer: Writer, now: datetime) -> None:
        """Write the request that a row is, with all that happened to it before."""
        party = row.party
        new = new_request(
            row.subject,
            row.text,
            received_at=row.received_at,
            now=now,
            customer_id=None if party is None else self._parties.customer(party, writer, now),
            kind=row.kind,
            channel=row.channel,
            priority=row.priority,
            due_at=row.due_at,
        )
        number, _ = take_down(writer, self._actor, new, row.raw, row.tags, became=_became(row))
        if row.resolution is not None:
            ended = {"resolution": [None, row.resolution]}
            self._record(writer, number, row.resolved_at, Event.RESOLVED, changes=ended)
        if row.note:
            self._record(writer, number, max(now, row.received_at), Event.NOTED, row.note)

    def _record(
        self,
        writer: Writer,
        number: int,
        at: datetime | None,
        event: Event,
        text: str = "",
        **rest: object,
    ) -> None:
        what = {"at": at, "actor": self._actor, "event": event, "text": text}
        writer.insert("activity", {"request_id": number, **what, **rest})


def _became(row: ImportedRequest) -> dict[str, object]:
    """What is otherwise in a request that was worked on or ended before it came here."""
    became: dict[str, object] = {"state": row.state, "first_answered_at": row.first_answered_at}
    if row.state == State.OPEN:
        became["next_at"] = court.triaged(row.received_at, row.due_at).next_at
    if row.state == State.RESOLVED:
        became |= {"resolved_at": row.resolved_at, "resolution": row.resolution}
        became |= dict.fromkeys(("court", "court_since", "next_at", "due_at", "due_for"))
    return became
