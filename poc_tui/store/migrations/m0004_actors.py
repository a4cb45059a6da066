"""Version 4: several people at one store, each with an undo and a redo of their own.

What a request shows and is sorted by comes with it: `dates_shown`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from poc_tui.store.migrations import dates_shown, triggers

if TYPE_CHECKING:
    from alembic.operations import Operations


def upgrade(op: Operations) -> None:
    """Bring a store of version 3 to version 4."""
    op.execute("DROP INDEX journal_undone")
    op.execute("CREATE INDEX journal_undone ON journal (undone, actor, id)")
    op.execute("DROP TRIGGER journal_redo_ends")
    triggers.redo_ends(op.execute)
    dates_shown.upgrade(op)
