"""Business time: how long a department has, counted only while it is open.

Opening hours are wall-clock spans in the department's zone. Each day's spans are turned into UTC
before anything is added, so a span across a change of the clocks is as long as it really is for
the people who work through it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.words import DAY, HOUR, MINUTE, UNITS, WEEK
from poc_tui.rules.text import fold, safe

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

MIDNIGHT = time(0)
"""As the end of a span: the end of that day, 24:00."""

_LAST_MINUTE = time(23, 59)

FURTHEST = timedelta(days=3653)
"""Ten years: business time that runs longer is a slip of the finger, not a deadline."""

DAYS_PER_WEEK = 5
"""Days of work in "1w"."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Hours:
    """When a department is open, week by week.

    `week` holds for each weekday (0 is Monday) its spans of wall-clock time in `zone`, opening
    before closing, in order and apart; a span that ends at 0:00 ends with the day. On `holidays`
    (dates in `zone`) it is closed; they are asked one by one, and only about days that would be
    open, so that a calendar may be read when it is first needed. Raises NotUnderstood if the week
    has not seven days, a span ends before it starts or meets the next, or no day has any: a
    deadline would never come.
    """

    week: tuple[tuple[tuple[time, time], ...], ...]
    zone: tzinfo
    holidays: Container[date] = frozenset()

    def __post_init__(self) -> None:
        if len(self.week) != len(_WEEKDAYS):
            raise NotUnderstood(
                f"Opening hours need seven days, Monday first; there are {len(self.week)}."
            )
        if not any(self.week):
            raise NotUnderstood("These hours are closed all week. Open at least one day.")
        for weekday, spans in zip(_WEEKDAYS, self.week, strict=True):
            self._check(weekday, spans)

    @staticmethod
    def _check(weekday: str, spans: tuple[tuple[time, time], ...]) -> None:
        closed_since: time | None = None
        for start, end in spans:
            if end != MIDNIGHT and end <= start:
                raise NotUnderstood(
                    f"On {weekday} {start:%H:%M}-{end:%H:%M} closes before it opens. "
                    "Give the earlier time first."
                )
            if closed_since is not None and (closed_since == MIDNIGHT or start < closed_since):
                raise NotUnderstood(
                    f"On {weekday} two spans overlap at {start:%H:%M}. "
                    "Give them in order, each after the one before has closed."
                )
            closed_since = end

    @classmethod
    def standard(cls, zone: tzinfo) -> Hours:
        """Monday to Friday, 9:00 to 17:00, no holidays."""
        day = ((time(9), time(17)),)
        return cls(week=(day, day, day, day, day, (), ()), zone=zone)


def _spans(hours: Hours, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The spans of that local day in UTC, in order, none empty, none overlapping."""
    usual = hours.week[day.weekday()]
    if not usual or day in hours.holidays:
        return
    closed_since: datetime | None = None
    for start, end in usual:
        opened = _utc(day, start, hours.zone)
        closed = _utc(day + timedelta(days=1) if end == MIDNIGHT else day, end, hours.zone)
        # A wall time that a change of the clocks skips moves forward, at times into the next span.
        if closed_since is not None and opened < closed_since:
            opened = closed_since
        if opened < closed:
            closed_since = closed
            yield opened, closed


def _utc(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


def _spans_from(hours: Hours, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """All that is open from `moment` on, the first span cut at it; ends after ten years."""
    first = moment.astimezone(hours.zone).date()
    for ahead in range(FURTHEST.days + 1):
        for opened, closed in _spans(hours, first + timedelta(days=ahead)):
            if closed > moment:
                yield max(opened, moment), closed


def _spans_until(hours: Hours, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """All that is open until `moment`, latest first, that one cut at it; ends ten years back."""
    last = moment.astimezone(hours.zone).date()
    for back in range(FURTHEST.days + 1):
        for opened, closed in reversed([*_spans(hours, last - timedelta(days=back))]):
            if opened < moment:
                yield opened, min(closed, moment)


def usual_opening(hours: Hours) -> time:
    """When business commonly begins: a snooze until "monday" comes back then."""
    return Counter(spans[0][0] for spans in hours.week if spans).most_common(1)[0][0]


def usual_closing(hours: Hours) -> time:
    """When business commonly ends, the last minute of the day for midnight: "by monday"."""
    closing = Counter(spans[-1][1] for spans in hours.week if spans).most_common(1)[0][0]
    return _LAST_MINUTE if closing == MIDNIGHT else closing


def add(hours: Hours, start: datetime, work: timedelta) -> datetime:
    """The moment, aware UTC, at which `work` of business time has passed since `start` (aware).

    It is the earliest such moment: work that fills a day to the end is done at closing, not at the
    next opening. No work at all is done at `start`. Raises NotUnderstood for negative work and for
    work that would take longer than ten years.
    """
    _check_work(work)
    start = start.astimezone(UTC)
    if not work:
        return start
    for opened, closed in _spans_from(hours, start):
        if work <= closed - opened:
            return opened + work
        work -= closed - opened
    raise NotUnderstood("That much work takes over ten years. Give a shorter time.")


def subtract(hours: Hours, end: datetime, work: timedelta) -> datetime:
    """The moment, aware UTC, from which `work` of business time passes until `end` (aware).

    It is the latest such moment: work that fills a day from its beginning began at that opening,
    not at the closing before. So `add` leads from it back to every `end` that lies after an opening
    and no later than its closing. No work at all began at `end`. Raises NotUnderstood as `add`
    does.
    """
    _check_work(work)
    end = end.astimezone(UTC)
    if not work:
        return end
    for opened, closed in _spans_until(hours, end):
        if work <= closed - opened:
            return closed - work
        work -= closed - opened
    raise NotUnderstood("That much work takes over ten years. Give a shorter time.")


def _check_work(work: timedelta) -> None:
    if work < timedelta(0):
        raise NotUnderstood("Business time cannot be negative. Give a length such as 4h or 2d.")


def business_days_after(hours: Hours, moment: datetime, days: int) -> datetime:
    """The moment, aware UTC, that many business days after `moment` (aware).

    A business day is a local day on which these hours open at all; the wall time stays the same,
    so that Friday 16:00 and one business day is Monday 16:00. A moment on a closed day stands for
    the beginning, 0:00, of the next business day: what came on Saturday has waited one business
    day when Monday is over. A wall time that a change of the clocks skips moves forward; of one
    that comes twice, the first is meant. No days at all are over at `moment`. Raises NotUnderstood
    for negative days and for more than pass in ten years.
    """
    return _business_days(hours, moment, days, timedelta(days=1))


def business_days_before(hours: Hours, moment: datetime, days: int) -> datetime:
    """The moment, aware UTC, that many business days before `moment` (aware).

    The mirror of `business_days_after`, with the same business days, wall times and errors: what
    happened no later has been left alone for that many business days. From a closed day, too, it
    counts back from 0:00 of the next business day: on Sunday, one business day back is Friday 0:00.
    """
    return _business_days(hours, moment, days, timedelta(days=-1))


def _business_days(hours: Hours, moment: datetime, days: int, step: timedelta) -> datetime:
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
            return _utc(day, clock, hours.zone)
    raise NotUnderstood("That many business days take over ten years. Give fewer.")


def elapsed(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """The business time between two aware moments; nothing if `end` is not after `start`.

    Raises NotUnderstood if they are more than ten years apart.
    """
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    if end - start > FURTHEST:
        raise NotUnderstood("These dates are over ten years apart. Give dates nearer together.")
    passed = timedelta(0)
    for opened, closed in _spans_from(hours, start):
        if opened >= end:
            break
        passed += min(closed, end) - opened
    return passed


def next_open(hours: Hours, moment: datetime) -> datetime:
    """`moment` itself, in UTC, if it is within hours, else the next opening.

    The moment of closing is no longer within hours. Raises NotUnderstood if holidays keep it
    closed for ten years.
    """
    for opened, _ in _spans_from(hours, moment.astimezone(UTC)):
        return opened
    raise NotUnderstood("These hours stay closed for ten years. Take some holidays out.")


def opens(hours: Hours, day: date) -> datetime | None:
    """When that local day first opens, aware UTC; None if it is closed all day."""
    return next((opened for opened, _ in _spans(hours, day)), None)


def closes(hours: Hours, day: date) -> datetime | None:
    """When that local day closes for good, aware UTC; None if it is closed all day."""
    return max((closed for _, closed in _spans(hours, day)), default=None)


def parse_work(text: str, hours_per_day: int = 8) -> timedelta:
    """Business time as a person writes it: `30min`, `4h`, `1d`, `1w`, `1d 4h`, `2 Tage`.

    A day is `hours_per_day` of business time, a week five such days. Raises NotUnderstood for
    anything else, for no time at all, and for more than ten years.
    """
    day = 60 * hours_per_day
    minutes = _counted(text, {MINUTE: 1, HOUR: 60, DAY: day, WEEK: DAYS_PER_WEEK * day})
    if not 0 < minutes <= FURTHEST // timedelta(minutes=1):
        shown = safe(text[:40])
        raise NotUnderstood(f"'{shown}' is no length of work. Write 30min, 4h, 2d or 1w.")
    return timedelta(minutes=minutes)


def parse_business_days(text: str) -> int:
    """Business days as a person writes them: `3d`, `1w`, `1w 2d`, `2 Tage`; a week is five.

    They are for `business_days_before` and `business_days_after`, whatever the hours of a day.
    Raises NotUnderstood for anything else, for none at all, and for more than ten years.
    """
    days = _counted(text, {DAY: 1, WEEK: DAYS_PER_WEEK})
    if not 0 < days <= FURTHEST.days:
        shown = safe(text[:40])
        raise NotUnderstood(f"'{shown}' is no number of business days. Write 3d or 1w.")
    return days


def _counted(text: str, size_of: dict[str, int]) -> int:
    """The sum of what `text` counts, each unit as large as given; 0 if it counts anything else."""
    folded = fold(text.strip())
    parts = re.findall(r"([0-9]{1,5}) ?([a-z]+) ?", folded)
    whole = re.fullmatch(r"(?:[0-9]{1,5} ?[a-z]+ ?)+", folded) is not None
    if not whole or any(UNITS.get(word) not in size_of for _, word in parts):
        return 0
    return sum(int(number) * size_of[UNITS[word]] for number, word in parts)


def say_work(work: timedelta, hours_per_day: int = 8) -> str:
    """Business time as `parse_work` reads it again, in whole minutes: "1d 4h", "30min"."""
    hours, minutes = divmod(work // timedelta(minutes=1), 60)
    days, hours = divmod(hours, hours_per_day)
    weeks, days = divmod(days, DAYS_PER_WEEK)
    counts = ((weeks, "w"), (days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{count}{unit}" for count, unit in counts if count) or "0min"
