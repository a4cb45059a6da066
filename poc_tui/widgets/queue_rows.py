"""One line of the queue: when, who, what, how it came."""

from __future__ import annotations

from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.cells import cell_len

from poc_tui.rules.dates.format import short_span
from poc_tui.rules.service import shown_date, stagnation
from poc_tui.rules.text import one_line
from poc_tui.widgets.inks import Run, Runs, padded
from poc_tui.words import signs

if TYPE_CHECKING:
    from poc_tui.store.records import QueueRow

_NUMBER = 6
_ROOMY = 48
"""From this width on a line also shows the request's number."""
_DEPARTMENT = 11
"""Cells of the name of a department in its column."""
_ROOM_FOR_COLUMN = 36
"""Cells that the subject and that column have together where there is one."""


def draw(
    row: QueueRow,
    width: int,
    now: datetime,
    zone: tzinfo,
    untouched_since: stagnation.Cutoffs = MappingProxyType({}),
    *,
    begun: bool = False,
) -> Runs:
    """The line for a request, `width` cells wide; all outside text is made safe.

    `begun`: something is half written on it.
    """
    label = shown_date.label(row, now, zone)
    number = f"{f'#{row.number}':<{_NUMBER}} " if width >= _ROOMY else ""
    rest = width - shown_date.WIDTH - 1 - len(number) - 2 - 2
    customer_width = max(8, min(24, rest * 3 // 10))
    subject_width = max(1, rest - customer_width - 1)
    return (
        (f"{label:<{shown_date.WIDTH}} ", _when_style(row, now)),
        (number, "dim"),
        (signs.PRIORITY.get(row.priority, " ") + " ", "$text-warning bold"),
        (_customer(row, customer_width) + " ", "bold" if row.vip else ""),
        *((f"{signs.DRAFT} ", "bold $text-accent"),) * begun,
        *_subject(row, subject_width - 2 * begun, now, zone, untouched_since),
        (f" {signs.CHANNEL.get(row.channel, ' ')}", "dim"),
    )


def _when_style(row: QueueRow, now: datetime) -> str:
    if shown_date.is_late(row, now):
        return "$text-error bold"
    return "$text-accent" if row.state == "new" else "dim" if row.state == "resolved" else ""


def _customer(row: QueueRow, width: int) -> str:
    star = f"{signs.VIP} " if row.vip else ""
    return padded("-" if row.customer is None else star + row.customer, width)


def _subject(
    row: QueueRow,
    width: int,
    now: datetime,
    zone: tzinfo,
    untouched_since: stagnation.Cutoffs,
) -> list[Run]:
    """The subject, led by what it is about the request that calls for more than its date; behind
    it in a column of its own the department that it waits for and when that is to be chased, or
    how it ended."""
    if row.state == "resolved":
        end = f"  {row.resolution}"
        return [(padded(row.subject, width - len(end)), ""), (end, "dim")]
    waits = row.waiting_for is not None and (row.court == "department" or _chased(row, now))
    column = _waits_for(row, now, zone) if waits and width >= _ROOM_FOR_COLUMN else []
    leads: list[Run] = []
    if row.escalated:
        leads.append((f"{signs.ESCALATED} ", "bold $text-warning"))
    said = shown_date.leads(row, now, elsewhere="chase" if column else "")
    leads += [(f"{words} ", "dim" if words == "snoozed" else "$text-error") for words in said]
    if not shown_date.lacks_reply(row, now) and stagnation.is_untouched(
        row.priority, row.touched_at, untouched_since
    ):
        leads.append((f"{stagnation.label(row.touched_at, now)} ", "$text-warning"))
    if waits and not column:
        leads.append((one_line(row.waiting_for or "", max(4, width // 3)) + " ", "$text-secondary"))
    room = max(1, width - sum(cell_len(words) for words, _ in (*leads, *column)))
    return [*leads, (padded(row.subject, room), ""), *column]


def _waits_for(row: QueueRow, now: datetime, zone: tzinfo) -> list[Run]:
    """The department, and when it is to be chased, or since when."""
    name = (f" {padded(row.waiting_for or '', _DEPARTMENT)} ", "$text-secondary")
    at = row.chase_at
    if at is None:
        return [name, (" " * shown_date.WIDTH, "")]
    late = at < now
    said = f"chase {short_span(now - at)}" if late else shown_date.moment(at, now, zone)
    return [name, (f"{said:<{shown_date.WIDTH}}", "$text-error" if late else "")]


def _chased(row: QueueRow, now: datetime) -> bool:
    """Whether the department is to be chased, whoever's move it is."""
    return row.chase_at is not None and row.chase_at < now
