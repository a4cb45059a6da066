"""When a department is open: wall-clock spans of a week, days off and parts of days off.

A day's spans are turned into UTC before anything is counted, so a span across a change of the
clocks is as long as it really is for the people who work through it. Each day ends where the next
begins: no moment belongs to two days, whatever the clocks do around midnight.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import accumulate
from typing import TYPE_CHECKING

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.months import wall_moment
from poc_tui.rules.service.part_off import PartOff

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping

MIDNIGHT = time(0)
"""As the end of a span: the end of that day, 24:00."""

FURTHEST = timedelta(days=3653)
"""Ten years: who stays closed for longer is not coming back, and a person who types a longer time
has slipped."""

_LAST_MINUTE = time(23, 59)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_KNOWN = range(1800, 2400)
"""Years of which days off and changes of the clocks are known to anybody. Any other is as long as
its weeks, so that a moment in the year 1 costs no more than one of last year."""
_FIRST, _STOP = date(_KNOWN.start, 1, 1).toordinal(), date(_KNOWN.stop, 1, 1).toordinal()
_EARLIEST, _LATEST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 28, tzinfo=UTC)
"""Between these every zone can show a moment, and the day after it."""
_CLOSED_YEARS = 10
_MICROSECOND = timedelta(microseconds=1)

Span = tuple[time, time]


@dataclass(frozen=True)
class Hours:
    """When a department is open, week by week.

    `week` holds for each weekday (0 is Monday) its spans of wall-clock time in `zone`, opening
    before closing, in order and apart; a span that ends at 0:00 ends with the day. On `holidays`
    (dates in `zone`) it is closed; they are asked one by one, and only about days that would be
    open, so that a calendar may be read when it is first needed. In each of `parts_off` it is
    closed as well.

    Raises:
        NotUnderstood: the week has not seven days, a span ends before it starts or meets the
            next, or no day has any: a deadline would never come.
    """

    week: tuple[tuple[Span, ...], ...]
    zone: tzinfo
    holidays: Container[date] = frozenset()
    parts_off: tuple[PartOff, ...] = ()
    _parts: Mapping[tuple[int, int], tuple[PartOff, ...]] = field(
        init=False, compare=False, repr=False
    )
    _years: dict[int, Sequence[int]] = field(init=False, compare=False, repr=False)
    """Of each year asked about the business time until each of its days, in microseconds."""
    _usual: tuple[int, ...] = field(init=False, compare=False, repr=False)
    """How long each weekday is open, in microseconds, on a day without anything particular."""

    def __post_init__(self) -> None:
        if len(self.week) != len(_WEEKDAYS):
            raise NotUnderstood(
                f"Opening hours need seven days, Monday first; there are {len(self.week)}."
            )
        if not any(self.week):
            raise NotUnderstood("These hours are closed all week. Open at least one day.")
        for weekday, spans in zip(_WEEKDAYS, self.week, strict=True):
            self._check(weekday, spans)
        parts: dict[tuple[int, int], tuple[PartOff, ...]] = {}
        for part in self.parts_off:
            parts[part.month, part.day] = (*parts.get((part.month, part.day), ()), part)
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_years", {})
        object.__setattr__(self, "_usual", tuple(map(_wall_length, self.week)))

    @staticmethod
    def _check(weekday: str, spans: tuple[Span, ...]) -> None:
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

    @property
    def usual_day(self) -> timedelta:
        """How long the desk is open on most of the days on which it is."""
        lengths = Counter(length for length in self._usual if length)
        return lengths.most_common(1)[0][0] * _MICROSECOND

    def open_on(self, day: date) -> Sequence[Span]:
        """The wall-clock spans of that local day; none where it is off."""
        spans = self.week[day.weekday()]
        if not spans or day.year not in _KNOWN:
            return spans
        if day in self.holidays:
            return ()
        for part in self._parts.get((day.month, day.day), ()):
            if part.year in (None, day.year):
                spans = tuple(rest for span in spans for rest in _without(span, part))
        return spans

    def until_each_day(self, year: int) -> Sequence[int]:
        """The business time of that year before each of its days, and all of it, in microseconds.

        Made when first asked for: walking a day takes 16 us, looking up its year 0.1.
        """
        # Two threads that ask at once make the same sums twice, which does no harm.
        if year not in self._years:
            self._years[year] = tuple(accumulate(self._lengths(year), initial=0))
        return self._years[year]

    def between(self, first: int, stop: int) -> int:
        """The business time of the local days from one ordinal up to before another, in
        microseconds."""
        return (
            self._plain(first, min(stop, _FIRST))
            + self._summed(max(first, _FIRST), min(stop, _STOP))
            + self._plain(max(first, _STOP), stop)
        )

    def _summed(self, first: int, stop: int) -> int:
        total = 0
        while first < stop:
            year = date.fromordinal(first).year
            begins = date(year, 1, 1).toordinal()
            sums = self.until_each_day(year)
            upto = min(stop, begins + len(sums) - 1)
            total += sums[upto - begins] - sums[first - begins]
            first = upto
        return total

    def _plain(self, first: int, stop: int) -> int:
        if first >= stop:
            return 0
        weeks, rest = divmod(stop - first, 7)
        # The day with the ordinal 1 is a Monday.
        days = (self._usual[(first + ahead - 1) % 7] for ahead in range(rest))
        return weeks * sum(self._usual) + sum(days)

    def _lengths(self, year: int) -> Iterator[int]:
        """How long each day of that year is open."""
        begins = date(year, 1, 1).toordinal()
        ordinals = range(begins, date(year, 12, 31).toordinal() + 1)
        if year not in _KNOWN:
            yield from (self._usual[(ordinal - 1) % 7] for ordinal in ordinals)
            return
        day = date.fromordinal(begins)
        offset = datetime.combine(day, MIDNIGHT, self.zone).utcoffset()
        for ordinal in ordinals:
            next_day = date.fromordinal(ordinal + 1)
            next_offset = datetime.combine(next_day, MIDNIGHT, self.zone).utcoffset()
            weekday = (ordinal - 1) % 7
            if not self.week[weekday]:
                yield 0
            elif offset != next_offset or (day.month, day.day) in self._parts:
                yield sum(_length(opened, closed) for opened, closed in spans(self, day))
            else:
                yield 0 if day in self.holidays else self._usual[weekday]
            day, offset = next_day, next_offset


def _without(span: Span, part: PartOff) -> Iterator[Span]:
    """What is left of a span."""
    (start, end), (off, on) = span, (part.start, part.end)
    if (on != MIDNIGHT and on <= start) or (end != MIDNIGHT and off >= end):
        yield span
        return
    if start < off:
        yield start, off
    if on != MIDNIGHT and (end == MIDNIGHT or on < end):
        yield on, end


def _wall_length(spans: Sequence[Span]) -> int:
    day = date(2000, 1, 3)
    return sum(
        _length(
            datetime.combine(day, start, UTC),
            datetime.combine(day + timedelta(days=end == MIDNIGHT), end, UTC),
        )
        for start, end in spans
    )


def _length(opened: datetime, closed: datetime) -> int:
    return (closed - opened) // _MICROSECOND


def spans(hours: Hours, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The spans of that local day in UTC, in order, none empty, none overlapping."""
    usual = hours.open_on(day)
    if not usual:
        return
    # A wall time that a change of the clocks skips moves forward, at times into the next span or
    # the next day.
    closed_since, ends = wall_moment(day, MIDNIGHT, hours.zone), _ends(day, hours.zone)
    for start, end in usual:
        opened = max(wall_moment(day, start, hours.zone), closed_since)
        closed = ends if end == MIDNIGHT else min(wall_moment(day, end, hours.zone), ends)
        if opened < closed:
            closed_since = closed
            yield opened, closed


def _ends(day: date, zone: tzinfo) -> datetime:
    return wall_moment(day + timedelta(days=1), MIDNIGHT, zone)


def day_of(hours: Hours, moment: datetime) -> date:
    """The local day in whose time the moment lies.

    Mostly that of its wall clock. Where the clocks go back over midnight, the day before is over
    when it first strikes.
    """
    day = moment.astimezone(hours.zone).date()
    if moment < wall_moment(day, MIDNIGHT, hours.zone):
        return day - timedelta(days=1)
    return day + timedelta(days=moment >= _ends(day, hours.zone))


def within_calendar(moment: datetime) -> datetime:
    """The moment (aware) in UTC; one at the very ends of the calendar a few days nearer."""
    return min(max(moment, _EARLIEST), _LATEST).astimezone(UTC)


def spans_from(hours: Hours, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """All that is open from `moment` on, the first span cut at it; ends after ten years."""
    first = day_of(hours, moment).toordinal()
    for ordinal in range(first, min(first + FURTHEST.days + 1, _LATEST.toordinal())):
        for opened, closed in spans(hours, date.fromordinal(ordinal)):
            if closed > moment:
                yield max(opened, moment), closed


def day_that_fills(hours: Hours, first: int, work: int) -> tuple[date, int] | None:
    """The local day, from that ordinal on, in which `work` (microseconds, not none) is done.

    With what is left of the work when it begins. None where ten years are closed, or the calendar
    ends before.
    """
    closed = 0
    while first < _LATEST.toordinal() and closed < _CLOSED_YEARS:
        year = date.fromordinal(first).year
        begins = date(year, 1, 1).toordinal()
        sums = hours.until_each_day(year)
        target = sums[first - begins] + work
        if target <= sums[-1]:
            day = bisect_left(sums, target) - 1
            return date.fromordinal(begins + day), target - sums[day]
        closed = 0 if sums[first - begins] < sums[-1] else closed + 1
        work = target - sums[-1]
        first = begins + len(sums) - 1
    return None


def next_open(hours: Hours, moment: datetime) -> datetime:
    """`moment` itself, in UTC, if it is within hours, else the next opening.

    The moment of closing is no longer within hours.

    Raises:
        NotUnderstood: holidays keep it closed for ten years.
    """
    for opened, _ in spans_from(hours, within_calendar(moment)):
        return opened
    raise NotUnderstood("These hours stay closed for ten years. Take some holidays out.")


def opens(hours: Hours, day: date) -> datetime | None:
    """When that local day first opens, aware UTC; None if it is closed all day."""
    return next((opened for opened, _ in spans(hours, day)), None)


def closes(hours: Hours, day: date) -> datetime | None:
    """When that local day closes for good, aware UTC; None if it is closed all day."""
    return max((closed for _, closed in spans(hours, day)), default=None)


def usual_opening(hours: Hours) -> time:
    """When business commonly begins: a snooze until "monday" comes back then."""
    return Counter(spans[0][0] for spans in hours.week if spans).most_common(1)[0][0]


def usual_closing(hours: Hours) -> time:
    """When business commonly ends, the last minute of the day for midnight: "by monday"."""
    closing = Counter(spans[-1][1] for spans in hours.week if spans).most_common(1)[0][0]
    return _LAST_MINUTE if closing == MIDNIGHT else closing
