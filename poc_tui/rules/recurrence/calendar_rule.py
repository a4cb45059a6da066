"""A series in the terms of a calendar: rules of RFC 5545 that every reader of one shows right.

This desk takes the last day of a month that has no 29th or 30th; RFC 5545 (3.3.10) leaves such a
month out. "The last of the 28th, 29th and 30th" (BYSETPOS over a list of BYMONTHDAY) would say it
in one rule, yet readers built on ical.js show each of the three days. So February is told as a
series of its own.
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import replace
from datetime import date, datetime, time, tzinfo
from math import lcm
from typing import NamedTuple

from poc_tui.rules.dates.months import month_end
from poc_tui.rules.recurrence.rule import LAST_DAY, MONTHLY, YEARLY, Rule, keeping_day, meant, parse

_FEBRUARY = 2
_AHEAD = 60
"""Years for which the days are named that a rule has to leave out."""


class CalendarSeries(NamedTuple):
    """One series of a calendar."""

    first: datetime
    """Naive: what the wall clock shows at the first time of the rule, or would if it skipped it
    not."""
    rule: str
    """The RRULE (RFC 5545, 3.3.10), without its name."""
    without: tuple[datetime, ...] = ()
    """Times of the rule that are left out (3.8.5.1), naive as well."""


def told(rule: str, at: datetime, zone: tzinfo) -> tuple[CalendarSeries, ...]:
    """The series that `rule` makes from `at` (aware) on, on the days of `recurrence.following`.

    It is reckoned in the wall clock of `zone`. Where February is told apart it comes second. Raises
    NotUnderstood for a rule that this desk does not keep.
    """
    kept = parse(rule)
    began, clock = meant(kept, at, zone)
    parts = keeping_day(replace(kept, clock=None), began)
    if parts.freq != MONTHLY or parts.month_day not in (29, 30):
        return (CalendarSeries(datetime.combine(began, clock), str(parts)),)
    months = [began.month - 1 + turn * parts.interval for turn in range(13)]
    years = lcm(parts.interval, 12) // 12
    found = []
    if others := [month for month in months if month % 12 + 1 != _FEBRUARY]:
        day = date(began.year + others[0] // 12, others[0] % 12 + 1, parts.month_day)
        first = datetime.combine(day, clock)
        without = _leap_days(parts, began, clock) if years > 1 else ()
        found.append(CalendarSeries(first, _without_february(parts, months, years), without))
    if februaries := [month for month in months if month % 12 + 1 == _FEBRUARY]:
        year = began.year + februaries[0] // 12
        every = f";INTERVAL={years}" if years > 1 else ""
        first = datetime.combine(month_end(date(year, _FEBRUARY, 1)), clock)
        rule = f"FREQ={YEARLY}{every};BYMONTH={_FEBRUARY};BYMONTHDAY={LAST_DAY}"
        found.append(CalendarSeries(first, rule))
    return tuple(found)


def _without_february(parts: Rule, months: list[int], years: int) -> str:
    """The rule for the other months. A 30th leaves February out by itself."""
    if parts.month_day == 30 or years > 1:
        return str(parts)
    others = sorted({month % 12 + 1 for month in months} - {_FEBRUARY})
    listed = ",".join(map(str, others))
    return f"FREQ={YEARLY};BYMONTH={listed};BYMONTHDAY={parts.month_day}"


def _leap_days(parts: Rule, began: date, clock: time) -> tuple[datetime, ...]:
    """Each 29 February that the rule would give beside the series of February."""
    if parts.month_day != 29:
        return ()
    start = began.year * 12 + began.month - 1
    leap = (year for year in range(began.year, began.year + _AHEAD) if isleap(year))
    return tuple(
        datetime.combine(date(year, _FEBRUARY, 29), clock)
        for year in leap
        if (passed := year * 12 + _FEBRUARY - 1 - start) >= 0 and passed % parts.interval == 0
    )
