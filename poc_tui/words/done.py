"""What a verb did, told to whoever did it: what became of the requests, and where they are now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poc_tui.commands import EVENTS, Event
from poc_tui.rules.dates.format import say
from poc_tui.rules.text import one_line
from poc_tui.words.activities import ActivityFacts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, tzinfo

    from poc_tui.store.records import ActivityRow, Done, QueueRow

_NAME = 24
"""Cells of a name."""


def what_was_done(
    done: Done,
    rows: Sequence[QueueRow],
    made: Mapping[int, ActivityRow],
    place: str,
    now: datetime,
    zone: tzinfo,
) -> str:
    """Such as `#1042 forwarded to Technical, by Mon 17:00; it is in 2 With departments`.

    Args:
        done: the step.
        rows: the requests that it touched, as they are now.
        made: the last activity that it left on each.
        place: where all of them are now; empty where that need not be said.
        now: the moment, aware UTC.
        zone: in which dates are told.
    """
    words = _told(rows, made, now, zone) or done.label
    are = "it is" if len(rows) == 1 else "they are"
    return f"{words}; {are} in {place}" if place else words


def _told(
    rows: Sequence[QueueRow], made: Mapping[int, ActivityRow], now: datetime, zone: tzinfo
) -> str:
    """What became of them; empty where the label of the step says it better."""
    activities = [made[row.number] for row in rows if row.number in made]
    if not activities or len(activities) < len(rows):
        return ""
    deed = EVENTS[activities[0].event].deed
    first, *others = (
        _became(row, activity, now, zone) for row, activity in zip(rows, activities, strict=True)
    )
    if not first.startswith(deed):
        return ""
    if len(rows) == 1:
        return f"#{rows[0].number} {first}"
    same = all(other == first for other in others)
    return f"{deed} {len(rows)} requests{first.removeprefix(deed) if same else ''}"


def _became(row: QueueRow, activity: ActivityRow, now: datetime, zone: tzinfo) -> str:
    until = "" if activity.until is None else say(activity.until, now, zone)
    if activity.event == Event.TRIAGED:
        whose = [one_line(row.customer, _NAME)] if row.customer else []
        due = [f"due {until}"] if until else []
        return f"triaged: {' · '.join((row.kind, row.priority, *whose, *due))}"
    facts = ActivityFacts(activity, until, cells=_NAME)
    return "".join(map(facts.fill, EVENTS[activity.event].printed))
