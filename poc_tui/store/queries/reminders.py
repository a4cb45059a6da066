"""Reminders: dates with a reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from poc_tui.store.queries.reader import Reader, seconds, typed
from poc_tui.store.records import ReminderRow

_REMINDER = """
    SELECT m.id, m.at, m.text, m.kind, m.request_id, r.subject,
           coalesce(m.customer_id, r.customer_id), c.name, m.done_at, m.stays,
           m.every, m.whom, m.outcome
    FROM reminder m
    LEFT JOIN request r ON r.id = m.request_id
    LEFT JOIN customer c ON c.id = coalesce(m.customer_id, r.customer_id)
"""


def upcoming(
    reader: Reader, *, until: datetime | None = None, limit: int = 200
) -> tuple[ReminderRow, ...]:
    """The open reminders, first due first; with `until`, only those due by then."""
    if until is None:
        return _rows(
            reader, f"{_REMINDER} WHERE m.done_at IS NULL ORDER BY m.at, m.id LIMIT ?", (limit,)
        )
    return _rows(
        reader,
        f"{_REMINDER} WHERE m.done_at IS NULL AND m.at <= ? ORDER BY m.at, m.id LIMIT ?",
        (seconds(until), limit),
    )


def of_request(reader: Reader, number: int) -> tuple[ReminderRow, ...]:
    """Every reminder of a request, done or not, in the order of their dates."""
    return _rows(reader, f"{_REMINDER} WHERE m.request_id = ? ORDER BY m.at, m.id", (number,))


def _rows(reader: Reader, sql: str, parameters: tuple[Any, ...]) -> tuple[ReminderRow, ...]:
    return tuple(
        ReminderRow(*typed(row, moments=(1, 8), flags=(9,))) for row in reader.rows(sql, parameters)
    )
