"""Days counted in months, and what the clock on the wall shows as a moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo


def wall_moment(day: date, clock: time, zone: tzinfo) -> datetime:
    """A wall time as aware UTC: of one that comes twice the first, one that is skipped later."""
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


def months_on(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month if it is shorter."""
    month = day.year * 12 + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


def month_end(day: date) -> date:
    """The last day of that day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def nth_weekday(year: int, month: int, weekday: int, which: int) -> date:
    """The first, second, ... (or with -1 the last) such weekday of a month."""
    if which > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (which - 1))
    last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return last - timedelta(days=(last.weekday() - weekday) % 7 + 7 * (-which - 1))
