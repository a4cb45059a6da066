"""Which step `undo` and `redo` take."""

from __future__ import annotations

from poc_tui.store.reading.reader import Reader, typed
from poc_tui.store.records import JournalRow

_COLUMNS = "id, at, actor, step, label, run"

LAST_DONE = f"SELECT {_COLUMNS} FROM journal WHERE undone = 0 ORDER BY id DESC LIMIT 1"
"""The newest step that stands: what undo takes back."""

FIRST_UNDONE = f"SELECT {_COLUMNS} FROM journal WHERE undone = 1 ORDER BY id LIMIT 1"
"""The oldest step taken back since anything new was done: what redo does again."""


def next_undo(reader: Reader) -> JournalRow | None:
    """The step that undo would take back."""
    row = reader.row(LAST_DONE)
    return None if row is None else JournalRow(*typed(row, moments=(1,)))
