"""Both clocks, the chase ladder, escalation, promises, what recurs, and what was told.

Frozen like every migration. An export of version 1 comes in through `renewed` as well, so that
it gives the rows that this migration gives.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

_SORT_AT = (
    "CASE state WHEN 'new' THEN min(next_at, coalesce(due_at, next_at))"
    " ELSE min(coalesce(due_at, next_at), coalesce(resolve_by, due_at, next_at)) END"
)


def upgrade(store: sqlite3.Connection) -> None:
    """Bring a store of version 1 to version 2."""
    for statement in (*_CUSTOMERS, *_REQUESTS):
        store.execute(statement)
    sort_by(store, _SORT_AT)
    for statement in (*_CLOCKS, *_REMINDERS, *_LEVELS_AND_NOTICES):
        store.execute(statement)
    _journal(store)


_CUSTOMERS = (
    "ALTER TABLE customer ADD COLUMN rhythm TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE customer ADD COLUMN contacted_at INTEGER",
    "CREATE INDEX customer_with_rhythm ON customer (id) WHERE rhythm <> ''",
)

# Every due date there is stays where it is: nobody knows any more which were given.
_REQUESTS = (
    "ALTER TABLE request ADD COLUMN"
    " due_for TEXT CHECK (due_for IN ('first-answer', 'next-update', 'given'))",
    "ALTER TABLE request ADD COLUMN due_since INTEGER",
    "ALTER TABLE request ADD COLUMN resolve_by INTEGER",
    "ALTER TABLE request ADD COLUMN escalated_at INTEGER",
    "ALTER TABLE request ADD COLUMN escalated_to TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE request ADD COLUMN escalated_why TEXT NOT NULL DEFAULT ''",
    "UPDATE request SET due_for = 'given' WHERE due_at IS NOT NULL",
)


def sort_by(store: sqlite3.Connection, moment: str) -> None:
    """Sort requests by a moment, in SQL, that is computed from their columns."""
    for index in ("request_by_court", "request_open"):
        store.execute(f"DROP INDEX {index}")
    # A computed column cannot be changed, and cannot be added with its index still there.
    store.execute("ALTER TABLE request DROP COLUMN sort_at")
    store.execute(
        f"ALTER TABLE request ADD COLUMN sort_at INTEGER GENERATED ALWAYS AS ({moment}) VIRTUAL"
    )
    store.execute(
        "CREATE INDEX request_by_court ON request (court, sort_at, id, snoozed_until)"
        " WHERE state <> 'resolved'"
    )
    store.execute(
        "CREATE INDEX request_open ON request (sort_at, id, snoozed_until, court, due_at, next_at,"
        " state, resolve_by, touched_at, priority, escalated_at) WHERE state <> 'resolved'"
    )


_CLOCKS = (
    "CREATE INDEX request_unwound ON request (id)"
    " WHERE state <> 'resolved' AND court <> 'customer' AND due_since IS NULL",
    "CREATE TABLE turn (id INTEGER NOT NULL PRIMARY KEY,"
    " request_id INTEGER NOT NULL REFERENCES request (id),"
    " court TEXT NOT NULL CHECK (court IN ('me', 'department', 'customer')),"
    " since INTEGER NOT NULL, until INTEGER NOT NULL,"
    " CHECK (since < until))",
    "CREATE INDEX turn_of_request ON turn (request_id, id)",
    "ALTER TABLE forward ADD COLUMN chased INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE forward ADD COLUMN next_at INTEGER NOT NULL DEFAULT 0",
    "UPDATE forward SET next_at = due_at",
    "CREATE INDEX forward_to_chase ON forward (next_at, id)"
    " WHERE answered_at IS NULL AND withdrawn_at IS NULL",
)

# A check cannot be changed, so the table is made anew.
_REMINDERS = (
    "CREATE TABLE reminder_2 (id INTEGER NOT NULL PRIMARY KEY,"
    " request_id INTEGER REFERENCES request (id),"
    " customer_id INTEGER REFERENCES customer (id),"
    " kind TEXT NOT NULL DEFAULT 'reminder'"
    " CONSTRAINT reminder_kind CHECK (kind IN ('reminder', 'snooze', 'promise')),"
    " at INTEGER NOT NULL,"
    " text TEXT NOT NULL CONSTRAINT reminder_has_a_reason CHECK (trim(text) <> ''),"
    " every TEXT NOT NULL DEFAULT '',"
    " whom TEXT NOT NULL DEFAULT '',"
    " done_at INTEGER,"
    " outcome TEXT CHECK (outcome IN ('kept', 'broken')),"
    " stays BOOLEAN NOT NULL DEFAULT 0,"
    " CONSTRAINT promise_is_kept_or_broken"
    " CHECK ((kind = 'promise' AND done_at IS NOT NULL) = (outcome IS NOT NULL)))",
    "INSERT INTO reminder_2 (id, request_id, customer_id, kind, at, text, done_at, stays)"
    " SELECT id, request_id, customer_id, kind, at, text, done_at, kept FROM reminder",
    "DROP TABLE reminder",
    "ALTER TABLE reminder_2 RENAME TO reminder",
    "CREATE INDEX reminder_open ON reminder (at, id) WHERE done_at IS NULL",
    "CREATE INDEX reminder_of_request ON reminder (request_id)",
    "CREATE INDEX reminder_of_customer ON reminder (customer_id)",
)

_LEVELS_AND_NOTICES = (
    "CREATE TABLE service_levels (id INTEGER NOT NULL PRIMARY KEY,"
    " source BLOB NOT NULL, texts JSON NOT NULL, hours TEXT NOT NULL, applied_at INTEGER NOT NULL)",
    "CREATE TABLE notice (teller TEXT NOT NULL, what TEXT NOT NULL, of INTEGER NOT NULL,"
    " at INTEGER NOT NULL, PRIMARY KEY (teller, what, of, at)) WITHOUT ROWID",
)

_PORTION = 500
_RENEWED = ("kept", "due_at", "court")
"""Columns of which an image that has one is renewed."""


def _journal(store: sqlite3.Connection) -> None:
    """A step that is undone later puts its rows back as they were in version 1."""
    named = " OR ".join(f"instr(changes, '\"{column}\"')" for column in _RENEWED)
    portion = (
        f"SELECT id, changes, undone FROM journal WHERE id > ? AND ({named})"
        f" ORDER BY id LIMIT {_PORTION}"
    )
    last = 0
    while rows := store.execute(portion, (last,)).fetchall():
        store.executemany(
            "UPDATE journal SET changes = ? WHERE id = ?",
            [(_dumped(renewed(json.loads(text), undone)), id) for id, text, undone in rows],
        )
        last = rows[-1][0]


_dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def renewed(changes: list[Any], undone: int) -> list[list[Any]]:
    """The changes that an entry of a journal of version 1 keeps, fit for version 2.

    `undone` as it stands in the journal.
    """
    return [[table, key, _renewed(table, image, undone)] for table, key, image in changes]


def _renewed(table: str, image: Any, undone: int) -> Any:
    if not isinstance(image, dict):
        return image
    if table == "reminder":
        return {"stays" if name == "kept" else name: v for name, v in image.items()}
    if table == "forward" and "due_at" in image:
        return image | {"next_at": image["due_at"]}
    if table == "request":
        return _request(image, undone)
    return image


def _request(image: dict[str, Any], undone: int) -> dict[str, Any]:
    """What version 2 writes together is put back together.

    Winding the clocks afterwards is no step, so the image itself must say that they stand still:
    a resolved request with a due date would be refused by its check.
    """
    fit = dict(image)
    if "court" in image and image["court"] in (None, "customer"):
        fit["resolve_by"] = None
        # An undo that leads to the customer and names no due date leaves one that was given.
        if image["court"] is None or undone:
            fit.setdefault("due_at", None)
    if "due_at" in fit:
        fit["due_for"] = None if fit["due_at"] is None else "given"
        fit["due_since"] = None
    return fit
