"""Business time counted the other way round, and days of it: what `add` is held against.

The program counts forward only; these count back, or in whole business days, by ways of their own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.words import DAY, WEEK
from poc_tui.rules.service.business_time import (
    _MICROSECOND,
    _NEVER,
    DAYS_PER_WEEK,
    _check_work,
    count_business_days,
    counted,
)
from poc_tui.rules.service.opening_hours import (
    _CLOSED_YEARS,
    _EARLIEST,
    FURTHEST,
    Hours,
    day_of,
    spans,
    within_calendar,
)
from poc_tui.rules.text import safe


def subtract(hours: Hours, end: datetime, work: timedelta) -> datetime:
    """The moment, aware UTC, from which `work` of business time passes until `end` (aware).

    It is the latest such moment: work that fills a day from its beginning began at that opening,
    not at the closing before. So `add` leads from it back to every `end` that lies after an opening
    and no later than its closing. No work at all began at `end`. Raises NotUnderstood as `add`
    does.
    """
    _check_work(work)
    end = within_calendar(end)
    if not work:
        return end
    today = day_of(hours, end)
    was_open = [(opened, min(closed, end)) for opened, closed in spans(hours, today)]
    began, left = _began_in([(a, b) for a, b in was_open if a < b], work)
    if began is None:
        found = day_filled_from(hours, today.toordinal(), left // _MICROSECOND)
        if found is not None:
            day, rest = found
            began, _ = _began_in([*spans(hours, day)], rest * _MICROSECOND)
    if began is None:
        raise NotUnderstood(_NEVER)
    return began


def _began_in(
    open_spans: Sequence[tuple[datetime, datetime]], work: timedelta
) -> tuple[datetime | None, timedelta]:
    """From when on the work passes in these spans, None if they are too short; and the rest."""
    for opened, closed in reversed(open_spans):
        if work <= closed - opened:
            return closed - work, timedelta(0)
        work -= closed - opened
    return None, work


def day_filled_from(hours: Hours, stop: int, work: int) -> tuple[date, int] | None:
    """The latest local day, before that ordinal, from which `work` (microseconds) passes until it.

    With what of the work falls on that day. None where ten years were closed, or the calendar
    begins after it.
    """
    closed = 0
    while stop > _EARLIEST.toordinal() and closed < _CLOSED_YEARS:
        year = date.fromordinal(stop - 1).year
        begins = date(year, 1, 1).toordinal()
        sums = hours.until_each_day(year)
        target = sums[stop - begins] - work
        if target >= 0:
            day = bisect_right(sums, target) - 1
            return date.fromordinal(begins + day), sums[day + 1] - target
        closed = 0 if sums[stop - begins] else closed + 1
        work, stop = -target, begins
    return None


def business_days_after(hours: Hours, moment: datetime, days: int) -> datetime:
    """The moment, aware UTC, that many business days after `moment` (aware).

    A business day is a local day on which these hours open at all; the wall time stays the same,
    so that Friday 16:00 and one business day is Monday 16:00. A moment on a closed day stands for
    the beginning, 0:00, of the next business day: what came on Saturday has waited one business
    day when Monday is over. A wall time that a change of the clocks skips moves forward; of one
    that comes twice, the first is meant. No days at all are over at `moment`.

    Raises:
        NotUnderstood: the days are negative, or more than pass in ten years.
    """
    return count_business_days(hours, moment, days, timedelta(days=1))


def parse_business_days(text: str) -> int:
    """Business days as a person writes them: `3d`, `1w`, `1w 2d`, `2 Tage`; a week is five.

    They are for `business_days_before` and `business_days_after`, whatever the hours of a day.

    Raises:
        NotUnderstood: it is anything else, none at all, or more than ten years.
    """
    days = counted(text, {DAY: 1, WEEK: DAYS_PER_WEEK}) or 0
    if not 0 < days <= FURTHEST.days:
        shown = safe(text[:40])
        raise NotUnderstood(f"'{shown}' is no number of business days. Write 3d or 1w.")
    return days
