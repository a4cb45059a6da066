"""Business time: how long a department has, counted only while it is open.

Opening hours are wall-clock spans in the department's zone, see `rules.service.opening_hours`.
Whole days are taken from sums, so that counting takes equally long whatever lies between two
moments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.months import wall_moment
from poc_tui.rules.dates.words import DAY, HOUR, MINUTE, UNITS, WEEK
from poc_tui.rules.service.opening_hours import (
    FURTHEST,
    MIDNIGHT,
    Hours,
    day_of,
    day_that_fills,
    next_open,
    opens,
    spans,
    within_calendar,
)
from poc_tui.rules.text import fold, safe

HOURS_PER_DAY = 8
"""Hours of business time in "1d", however long the desk is open on a day."""

DAYS_PER_WEEK = 5
"""Days of work in "1w"."""

DAY_IS = f"1d = {HOURS_PER_DAY}h"
"""What a day of business time is, beside a figure that counts in them."""

_MICROSECOND = timedelta(microseconds=1)
_NEVER = "These hours are never open for that long. Give a shorter time, or open more days."


def add(hours: Hours, start: datetime, work: timedelta) -> datetime:
    """The moment, aware UTC, at which `work` of business time has passed since `start` (aware).

    It is the earliest such moment: work that fills a day to the end is done at closing, not at the
    next opening. No work at all is done at `start`.

    Raises:
        NotUnderstood: the work is negative, or would never be done: the hours stay closed, or
            the calendar ends.
    """
    _check_work(work)
    start = within_calendar(start)
    if not work:
        return start
    today = day_of(hours, start)
    now_open = ((max(opened, start), closed) for opened, closed in spans(hours, today))
    done, left = _done_in(((a, b) for a, b in now_open if a < b), work)
    if done is None:
        found = day_that_fills(hours, today.toordinal() + 1, left // _MICROSECOND)
        if found is not None:
            day, rest = found
            done, _ = _done_in(spans(hours, day), rest * _MICROSECOND)
    if done is None:
        raise NotUnderstood(_NEVER)
    return done


def _done_in(
    open_spans: Iterable[tuple[datetime, datetime]], work: timedelta
) -> tuple[datetime | None, timedelta]:
    """When the work is done in these spans, None if not; and what is left of it."""
    for opened, closed in open_spans:
        if work <= closed - opened:
            return opened + work, timedelta(0)
        work -= closed - opened
    return None, work


def _check_work(work: timedelta) -> None:
    if work < timedelta(0):
        raise NotUnderstood("Business time cannot be negative. Give a length such as 4h or 2d.")


def business_days_before(hours: Hours, moment: datetime, days: int) -> datetime:
    """The moment, aware UTC, that many business days before `moment` (aware).

    A business day is a local day on which these hours open at all; the wall time stays the same,
    so that Monday 16:00 less one business day is Friday 16:00. What happened no later has been
    left alone for that many business days. A moment on a closed day stands for the beginning,
    0:00, of the next business day: on Sunday, one business day back is Friday 0:00. A wall time
    that a change of the clocks skips moves forward; of one that comes twice, the first is meant.

    Raises:
        NotUnderstood: the days are negative, or more than pass in ten years.
    """
    return count_business_days(hours, moment, days, timedelta(days=-1))


def count_business_days(hours: Hours, moment: datetime, days: int, step: timedelta) -> datetime:
    """As many business days on from `moment` as `step` (a day, or a day back) goes; see above."""
    if days < 0:
        raise NotUnderstood("Business days cannot be negative. Give a number such as 3.")
    if not days:
        return moment.astimezone(UTC)
    local = moment.astimezone(hours.zone)
    day, clock = local.date(), local.time()
    if opens(hours, day) is None:
        day, clock = next_open(hours, moment).astimezone(hours.zone).date(), MIDNIGHT
    for _ in range(FURTHEST.days):
        day += step
        days -= opens(hours, day) is not None
        if not days:
            return wall_moment(day, clock, hours.zone)
    raise NotUnderstood("That many business days take over ten years. Give fewer.")


def elapsed(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """The business time between two aware moments; nothing if `end` is not after `start`."""
    start, end = within_calendar(start), within_calendar(end)
    if end <= start:
        return timedelta(0)
    first, last = day_of(hours, start), day_of(hours, end)
    if first == last:
        return _within(hours, first, start, end)
    whole = hours.between(first.toordinal() + 1, last.toordinal())
    return (
        _within(hours, first, start, end) + whole * _MICROSECOND + _within(hours, last, start, end)
    )


def _within(hours: Hours, day: date, start: datetime, end: datetime) -> timedelta:
    """The business time of one local day that lies between two moments."""
    cut = ((max(opened, start), min(closed, end)) for opened, closed in spans(hours, day))
    return sum((closed - opened for opened, closed in cut if opened < closed), timedelta(0))


def parse_work(text: str) -> timedelta:
    """Business time as a person writes it: `30min`, `4h`, `1d`, `1w`, `1d 4h`, `2 Tage`.

    A day is eight hours of business time, a week five such days.

    Raises:
        NotUnderstood: it is anything else, no time at all, or more than ten years.
    """
    day = 60 * HOURS_PER_DAY
    minutes = counted(text, {MINUTE: 1, HOUR: 60, DAY: day, WEEK: DAYS_PER_WEEK * day})
    if not minutes or minutes > FURTHEST // timedelta(minutes=1):
        shown = safe(text[:40])
        raise NotUnderstood(f"'{shown}' is no length of work. Write 30min, 4h, 2d or 1w.")
    return timedelta(minutes=minutes)


def counted(text: str, size_of: dict[str, int]) -> int | None:
    """The sum of what `text` counts, each unit as large as given; None if it is anything else."""
    folded = fold(text.strip())
    parts = re.findall(r"([0-9]{1,5}) ?([a-z]+) ?", folded)
    whole = re.fullmatch(r"(?:[0-9]{1,5} ?[a-z]+ ?)+", folded) is not None
    if not whole or any(UNITS.get(word) not in size_of for _, word in parts):
        return None
    return sum(int(number) * size_of[UNITS[word]] for number, word in parts)


def say_work(work: timedelta) -> str:
    """Business time as `parse_work` reads it again, in whole minutes: "1d 4h", "30min"."""
    hours, minutes = divmod(work // timedelta(minutes=1), 60)
    days, hours = divmod(hours, HOURS_PER_DAY)
    weeks, days = divmod(days, DAYS_PER_WEEK)
    return _listed((weeks, "w"), (days, "d"), (hours, "h"), (minutes, "min"))


def in_days(work: timedelta) -> bool:
    """Whether `say_work` counts it in days or weeks, so that it has to be said how long one is."""
    return work >= timedelta(hours=HOURS_PER_DAY)


def day_said(hours: Hours) -> str:
    """How long a day of business time is, in a sentence, and how that goes with these hours."""
    said = f"1d is {HOURS_PER_DAY} hours of business time, 1w five such days"
    usual = hours.usual_day
    if usual == timedelta(hours=HOURS_PER_DAY):
        return f"{said}."
    return f"{said}; most days here have {say_work_in_hours(usual)}."


def say_work_in_hours(work: timedelta) -> str:
    """The same without days: "9h", "7h 30min"."""
    hours, minutes = divmod(work // timedelta(minutes=1), 60)
    return _listed((hours, "h"), (minutes, "min"))


def _listed(*counts: tuple[int, str]) -> str:
    return " ".join(f"{count}{unit}" for count, unit in counts if count) or "0min"
