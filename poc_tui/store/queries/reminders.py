"""Reminders: dates with a reason."""

from __future__ import annotations

from datetime import datetime

from poc_tui.store.queries.reader import Reader, seconds
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
    where = "m.done_at IS NULL" if until is None else "m.done_at IS NULL AND m.at <= :until"
    return reader.records(
        ReminderRow,
        f"{_REMINDER} WHERE {where} ORDER BY m.at, m.id LIMIT :limit",
        {"until": until and seconds(until), "limit": limit},
    )


def of_request(reader: Reader, number: int) -> tuple[ReminderRow, ...]:
    """Every reminder of a request, done or not, in the order of their dates."""
    return reader.records(
        ReminderRow, f"{_REMINDER} WHERE m.request_id = ? ORDER BY m.at, m.id", (number,)
    )


def rules(reader: Reader) -> dict[int, str]:
    """The rules of the open reminders that come again, by their ids."""
    return dict(reader.rows("SELECT id, every FROM reminder WHERE done_at IS NULL AND every <> ''"))
