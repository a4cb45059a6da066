"""One line of the reminders pane."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from poc_tui.rules.dates import say
from poc_tui.rules.text import one_line
from poc_tui.widgets.inks import Runs

if TYPE_CHECKING:
    from poc_tui.store.records import ReminderRow

_WHEN = 16


def draw(row: ReminderRow, width: int, now: datetime, zone: tzinfo) -> Runs:
    """When, on what, why; what is due stands out."""
    due = row.at <= now
    on = f"#{row.number}" if row.number else one_line(row.customer or "", 14)
    at = say(row.at, now, zone)
    lead = f"{at:<{_WHEN}} "
    room = max(4, width - len(lead) - 7)
    return (
        (lead, "bold $text-error" if due else ""),
        (f"{on:<6} ", "dim"),
        (one_line(row.text, room), ""),
    )
