"""Which step `undo` and `redo` would take."""

from __future__ import annotations

from poc_tui.store.reading.reader import Reader, typed
from poc_tui.store.records import JournalRow

_COLUMNS = "id, at, actor, step, label, run"

LAST_DONE = f"SELECT {_COLUMNS} FROM journal WHERE undone = 0 ORDER BY id DESC LIMIT 1"
"""The newest step that stands: what undo takes back."""

FIRST_UNDONE = f"""
    SELECT {_COLUMNS} FROM journal
    WHERE undone = 1 AND id > coalesce((SELECT max(id) FROM journal WHERE undone = 0), 0)
    ORDER BY id LIMIT 1
"""
"""The oldest step taken back since anything new was done: what redo does again."""


def next_undo(reader: Reader) -> JournalRow | None:
    """The step that undo would take back."""
    return _entry(reader, LAST_DONE)


def next_redo(reader: Reader) -> JournalRow | None:
    """The step that redo would do again."""
    return _entry(reader, FIRST_UNDONE)


def _entry(reader: Reader, sql: str) -> JournalRow | None:
    row = reader.row(sql)
    return None if row is None else JournalRow(*typed(row, moments=(1,)))
