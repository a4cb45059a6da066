"""Version 4: several people at one store, each with an undo and a redo of their own.

A request is sorted by the date that it shows, whoever gave it. Frozen like every migration. An
export of an older version comes in through `renewed` as well, so that it gives the rows that this
migration gives.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from poc_tui.store.migrations import triggers
from poc_tui.store.migrations.m0002_clocks import sort_by


def upgrade(store: sqlite3.Connection) -> None:
    """Bring a store of version 3 to version 4."""
    store.execute("DROP INDEX journal_undone")
    store.execute("CREATE INDEX journal_undone ON journal (undone, actor, id)")
    store.execute("DROP TRIGGER journal_redo_ends")
    triggers.redo_ends(store.execute)
    # New requests by when they must be looked at, and what sleeps by when it comes back.
    sort_by(store, "min(coalesce(due_at, next_at), coalesce(resolve_by, due_at, next_at))")
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
