"""Steps of the journal, and the service levels that one of them put in force."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from poc_tui.store.json_values import named
from poc_tui.store.queries.reader import Reader, of


class AppliedLevels(NamedTuple):
    """What the store keeps of the levels that were last applied."""

    source: bytes
    """The file, to the byte."""
    texts: dict[str, str]
    """The templates of its ladder, by their names."""
    hours: str
    """The business hours, as `settings.active_levels.spelled` writes them."""
    applied_at: datetime


def applied_levels(reader: Reader) -> AppliedLevels | None:
    """The levels last applied to this store; None where the starter still holds."""
    row = reader.row("SELECT source, texts, hours, applied_at FROM service_levels WHERE id = 1")
    return None if row is None else of(AppliedLevels, (bytes(row[0]), named(row[1]), *row[2:]))


def changed(reader: Reader, step: int | None, table: str) -> list[int]:
    """The ids of the rows of a table that a step wrote, in their order."""
    # Not at the top: whatever reads when things are due has no need of it.
    from poc_tui.store.row_images import read_changes

    changes = reader.value("SELECT changes FROM journal WHERE id = ?", (step,)) or "[]"
    return sorted({key for of_table, key, _ in read_changes(changes) if of_table == table})


def first_step(reader: Reader) -> tuple[Any, ...] | None:
    """The step that was done first of all: its id, when (seconds), its name and its label."""
    return reader.row("SELECT id, at, step, label FROM journal ORDER BY id LIMIT 1")
