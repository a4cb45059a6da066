"""The first column of the queue: when something is to happen, in nine cells or less.

late 2h    the customer should have heard from us two hours ago
chase 2h   a department is to be chased since two hours, and has not been
over 2h    the customer's answer was due two hours ago
new 20m    taken down twenty minutes ago and not looked at yet
14:00      today; otherwise `Fri 14:00`, `27 Nov`, `3 Jan 27`
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from poc_tui.rules.dates import MONTH_LABELS, WEEKDAY_LABELS, short_span

WIDTH = 9
"""Cells the longest label takes."""


def label(
    *,
    state: str,
    court: str | None,
    due_at: datetime | None,
    resolve_by: datetime | None,
    next_at: datetime | None,
    snoozed_until: datetime | None,
    received_at: datetime,
    resolved_at: datetime | None,
    now: datetime,
    zone: tzinfo,
) -> str:
    """What the column says. All moments are aware UTC; the label is in `zone`."""
    if resolved_at is not None:
        return day(resolved_at, now, zone)
    due_at = earliest(due_at, resolve_by)
    if due_at is not None and due_at < now:
        return f"late {short_span(now - due_at)}"
    if state == "new":
        age = now - received_at
        return "new" if age < timedelta(minutes=1) else f"new {short_span(age)}"
    if snoozed_until is not None and snoozed_until > now:
        return moment(snoozed_until, now, zone)
    if court != "me" and next_at is not None and next_at < now:
        return f"{'chase' if court == 'department' else 'over'} {short_span(now - next_at)}"
    first = due_at or next_at
    if first is None:
        return ""
    return "now" if first < now else moment(first, now, zone)


def is_late(
    *,
    court: str | None,
    due_at: datetime | None,
    resolve_by: datetime | None,
    next_at: datetime | None,
    now: datetime,
) -> bool:
    """Whether it counts in "2 late": a date that was given to somebody has passed.

    The Python twin of `store.reading.views.LATE`; a resolved request has no dates left.
    """
    first = earliest(due_at, resolve_by, None if court == "me" else next_at)
    return first is not None and first < now


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of those that there are."""
    return min((moment for moment in moments if moment is not None), default=None)


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment to come, as short as it can be said: `14:00`, `Fri 14:00`, `27 Nov`, `3 Jan 27`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if timedelta(0) < local.date() - today.date() < timedelta(days=7):
        return f"{WEEKDAY_LABELS[local.weekday()]} {local:%H:%M}"
    return day(at, now, zone)


def day(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A day: `14:00` if it is today, else `27 Nov`, in another year `3 Jan 27`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    year = "" if local.year == today.year else f" {local:%y}"
    return f"{local.day} {MONTH_LABELS[local.month - 1]}{year}"


def past(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment gone by, for a timeline: `14:00`, `Fri 14:02`, `27 Nov`, `3 Jan 25`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if timedelta(0) < today.date() - local.date() < timedelta(days=7):
        return f"{WEEKDAY_LABELS[local.weekday()]} {local:%H:%M}"
    return day(at, now, zone)
