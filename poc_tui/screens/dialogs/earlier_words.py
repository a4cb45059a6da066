"""One voice: what this customer was told before, and what the department said last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from poc_tui.rules.dates.format import say
from poc_tui.rules.service.shown_date import past
from poc_tui.rules.text import one_line
from poc_tui.store.queries.customers import customer
from poc_tui.store.queries.requests import timeline

if TYPE_CHECKING:
    from poc_tui.rules.time_source import Clock
    from poc_tui.store.queries.reader import Reader
    from poc_tui.store.records import ActivityRow, RequestDetail

LINES = 3
"""What was said that far back is still in the ear."""
REQUESTS = 6
"""So many of the customer's newest requests are looked through."""
WIDTH = 160
"""Cells of a line at most; where there is room for fewer it is cut."""


class EarlierWords(NamedTuple):
    """What was said, as lines to show, and the department's words whole."""

    lines: tuple[str, ...]
    department: str
    department_words: str


def earlier_words(reader: Reader, clock: Clock, detail: RequestDetail) -> EarlierWords:
    """What there is to keep to in the next answer; oldest first. Raises what reading raises."""
    lines = _told(reader, clock, detail)
    now, zone = clock.now(), clock.zone
    if detail.first_answered_at is not None and detail.due_at is not None:
        lines.append(f"promised: to hear from us by {say(detail.due_at, now, zone)}")
    answered = [row for row in detail.forwards if row.answered_at is not None and row.answer]
    if not answered:
        return EarlierWords(tuple(lines), "", "")
    latest = max(answered, key=lambda row: (row.answered_at, row.id))
    lines.append(one_line(f"{one_line(latest.department, 20)}: {latest.answer}", WIDTH))
    return EarlierWords(tuple(lines), latest.department, latest.answer or "")


def _unsaid(activity: ActivityRow) -> bool:
    """Whether what was to be said by mail was not sent, as they wrote first."""
    return activity.outgoing is not None and activity.outgoing.state == "withdrawn"


def _told(reader: Reader, clock: Clock, detail: RequestDetail) -> list[str]:
    numbers = [detail.number]
    if detail.customer_id is not None:
        history = customer(reader, detail.customer_id, history=REQUESTS).history
        numbers += [row.number for row in history if row.number != detail.number]
    said = sorted(
        (activity.at, activity.id, number, activity.text)
        for number in numbers
        for activity in timeline(reader, number)
        if activity.text and activity.event in ("answered", "resolved") and not _unsaid(activity)
    )
    now, zone = clock.now(), clock.zone
    lines = []
    for at, _, number, text in said[-LINES:]:
        other = "" if number == detail.number else f" (#{number})"
        lines.append(one_line(f"{past(at, now, zone)} we said{other}: {text}", WIDTH))
    return lines
