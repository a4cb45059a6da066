"""Version 4: several people at one store, each with an undo and a redo of their own.

What a request shows and is sorted by comes with it: `dates_shown`.
"""

from __future__ import annotations

import sqlite3

from poc_tui.store.migrations import dates_shown, triggers


def upgrade(store: sqlite3.Connection) -> None:
    """Bring a store of version 3 to version 4."""
    store.execute("DROP INDEX journal_undone")
    store.execute("CREATE INDEX journal_undone ON journal (undone, actor, id)")
    store.execute("DROP TRIGGER journal_redo_ends")
    triggers.redo_ends(store.execute)
    dates_shown.upgrade(store)
