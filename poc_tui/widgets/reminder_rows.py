"""One line of the reminders pane."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len

from poc_tui.rules.dates.format import say, short_span
from poc_tui.rules.service import shown_date
from poc_tui.rules.text import one_line
from poc_tui.widgets.inks import Runs
from poc_tui.words import signs

if TYPE_CHECKING:
    from poc_tui.store.records import ReminderRow

_WHEN, _SHORT_WHEN = 16, 9
_WIDE = 56
"""From this width on a date is said in full."""
_ON = 7
_ROOMY = 24
"""Cells that a text keeps beside how often it recurs."""


def draw(row: ReminderRow, width: int, now: datetime, zone: tzinfo) -> Runs:
    """When, of which sort, on what, why; what is due stands out, a late promise most of all."""
    due, promise = row.at <= now, row.kind == "promise"
    sign = signs.PROMISE if promise else signs.RECURRING if row.every else " "
    on = f"#{row.number}" if row.number else one_line(row.customer or row.whom, 14)
    brief = width < _WIDE
    moment = (shown_date.moment if brief else say)(row.at, now, zone)
    at = f"late {short_span(now - row.at)}" if due and promise else moment
    lead = f"{at:<{_SHORT_WHEN if brief else _WHEN}} "
    on = f"{on:<{_ON - 1}} "
    room = width - len(lead) - 2 - cell_len(on)
    every = f" · {_rule(row.every)}" if row.every else ""
    if room - len(every) < _ROOMY:
        every = ""
    words = f"promised: {row.text}" if promise else row.text
    text = "bold $text-error" if due and promise else ""
    return (
        (lead, "bold $text-error" if due else ""),
        (f"{sign} ", "bold $text-accent" if promise else "dim"),
        (on, "dim"),
        (one_line(words, max(4, room - len(every))), text),
        (every, "dim"),
    )


def _rule(rule: str) -> str:
    # Not at the top: most desks paint for the first time without anything that recurs.
    from poc_tui.rules.recurrence.rule import say as say_rule

    return say_rule(rule)
