"""Version 4: several people at one store, each with an undo and a redo of their own.

What a request shows and is sorted by comes with it: `dates_shown`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from poc_tui.store.migrations import dates_shown

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Bring a store of version 3 to version 4."""
    op.execute("DROP INDEX journal_undone")
    op.execute("CREATE INDEX journal_undone ON journal (undone, actor, id)")
    _redo_ends_for_who_acts(op)
    dates_shown.upgrade(op)


def _redo_ends_for_who_acts(op: Operations) -> None:
    """What somebody took back can be done again although another person did something since.

    What mail did by itself is nobody's, and cannot be done again once anybody has acted.
    """
    op.execute("DROP TRIGGER journal_redo_ends")
    op.execute(
        "CREATE TRIGGER journal_redo_ends AFTER INSERT ON journal WHEN NEW.undone = 0"
        " AND (NEW.run IS NOT NULL OR NEW.step NOT IN ('mail', 'not-delivered'))"
        " BEGIN UPDATE journal SET undone = 2 WHERE undone = 1 AND id < NEW.id"
        " AND (actor = NEW.actor OR (run IS NULL AND step IN ('mail', 'not-delivered'))); END"
    )
