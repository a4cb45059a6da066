"""Moments and lengths of time as they are shown: "Fri 27 Nov 14:00", "20 min ago", "2h"."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

MONTH_LABELS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAY_LABELS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_label(day: date) -> str:
    """A day of a year that is known: "Fri 27 Nov"."""
    return f"{WEEKDAY_LABELS[day.weekday()]} {day.day} {MONTH_LABELS[day.month - 1]}"


def date_label(day: date) -> str:
    """A day without its weekday: "27 Nov 2026"."""
    return f"{day.day} {MONTH_LABELS[day.month - 1]} {day.year}"


def named(day: date) -> str:
    """A day as it stands in a sentence: "Wed 25 Nov 2026"."""
    return f"{day_label(day)} {day.year}"


def ordinal(number: int) -> str:
    """A number that is not negative as an ordinal: "1st", "12th", "22nd"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number // 10 != 1 else 0, "th")
    return f"{number}{ending}"


def say(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """The moment in the person's zone, short and without doubt: "Fri 27 Nov 14:00".

    Today, tomorrow and yesterday are named; the year is there if it is not the present one.
    English whatever the locale, minutes not seconds.
    """
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    day = local.date()
    clock = f"{local.hour:02}:{local.minute:02}"
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return f"{near} {clock}"
    return f"{day_label(day) if day.year == today.year else named(day)} {clock}"


_STEPS = (
    # below this many seconds, counted in steps of, short and long
    (60 * 60, 60, "m", "min"),
    (48 * 3600, 3600, "h", "h"),
    (14 * 86400, 86400, "d", "d"),
    (730 * 86400, 7 * 86400, "w", "w"),
)


def _counted(delta: timedelta) -> tuple[str, str, str]:
    """How many, the short and the long unit; full units only, never rounded up."""
    seconds = int(abs(delta).total_seconds())
    if seconds < 60:
        return "<1", "m", "min"
    for below, step, short, long in _STEPS:
        if seconds < below:
            return str(seconds // step), short, long
    return str(seconds // (365 * 86400)), "y", "y"


def span(delta: timedelta) -> str:
    """A length of time for a label: "20 min", "2 h", "3 d", "2 w"; its sign is dropped."""
    count, _, unit = _counted(delta)
    return f"{count} {unit}"


def short_span(delta: timedelta) -> str:
    """A length of time for a narrow column: "20m", "2h", "3d", "2w"; its sign is dropped."""
    count, unit, _ = _counted(delta)
    return f"{count}{unit}"


def ago(moment: datetime, now: datetime) -> str:
    """How far `moment` lies from `now`: "20 min ago", "in 2 h", "just now"."""
    passed = now - moment
    if abs(passed) < timedelta(minutes=1):
        return "just now"
    return f"{span(passed)} ago" if passed > timedelta(0) else f"in {span(passed)}"
