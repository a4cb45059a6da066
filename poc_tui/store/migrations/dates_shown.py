"""A request is sorted by the date that it shows, whoever gave it.

Frozen like every migration. An export of an older version comes in through `renewed` as well, so
that it gives the rows that this migration gives.
"""

from __future__ import annotations

import sqlite3
from typing import Any

_SORT_AT = "min(coalesce(due_at, next_at), coalesce(resolve_by, due_at, next_at))"


def upgrade(store: sqlite3.Connection) -> None:
    """Sort new requests by when they must be looked at, and what sleeps by when it comes back."""
    for index in ("request_by_court", "request_open"):
        store.execute(f"DROP INDEX {index}")
    # A computed column cannot be changed, and cannot be added with its index still there.
    store.execute("ALTER TABLE request DROP COLUMN sort_at")
    store.execute(
        f"ALTER TABLE request ADD COLUMN sort_at INTEGER GENERATED ALWAYS AS ({_SORT_AT}) VIRTUAL"
    )
    store.execute(
        "CREATE INDEX request_by_court ON request (court, sort_at, id, snoozed_until)"
        " WHERE state <> 'resolved'"
    )
    store.execute(
        "CREATE INDEX request_open ON request (sort_at, id, snoozed_until, court, due_at, next_at,"
        " state, resolve_by, touched_at, priority, escalated_at) WHERE state <> 'resolved'"
    )
    store.execute(
        "CREATE INDEX request_snoozed ON request (snoozed_until, id)"
        " WHERE state <> 'resolved' AND snoozed_until IS NOT NULL"
    )
    # A target gives way to a date that a person gave.
    store.execute(
        "UPDATE request SET resolve_by = NULL"
        " WHERE state <> 'resolved' AND due_for = 'given' AND resolve_by <= due_at"
    )


def renewed(request: dict[str, Any]) -> dict[str, Any]:
    """A row of the table `request` in an export of version 3, fit for version 4.

    Moments are text in ISO 8601, in UTC, which is in the order of time.
    """
    due, by = request.get("due_at"), request.get("resolve_by")
    if request.get("due_for") == "given" and due is not None and by is not None and by <= due:
        return request | {"resolve_by": None}
    return request
