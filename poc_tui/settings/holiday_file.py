"""The days off that an iCalendar file (RFC 5545) names, as calendar programs export it.

Its all-day events count, the yearly ones in every year, unless they are cancelled; whether they
are marked as free or busy says nothing, since calendars of holidays mark them as free.

The file comes from somebody else, so nothing in it is trusted: its size, its events and the work
that its repetitions make are bounded, and only the lines that say which days are meant reach the
parser. Each failure is a ConfigWrong that names the file and, where there is one, the line.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.errors import ConfigWrong
from poc_tui.rules.calendar_lines import content_lines, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from icalendar import Event

MOST_BYTES = 1_000_000
"""A file larger than this is no calendar of holidays."""

MOST_EVENTS = 2_000
"""All-day events in one file; thirty years of a country's holidays are a quarter of that."""

MOST_STEPS = 20_000
"""Beginnings of events, and years gone through to find them, for the days of one year."""

LOOK_AHEAD = 40
"""Years that a rule may go on to find what comes next, such as a 29 February that is a Monday."""

LAST_YEAR = 2100
"""Up to here `HolidayFile.check` promises an answer, as far as the `holidays` package goes."""

LONGEST = timedelta(days=366)
"""An all-day event that lasts longer closes the desk for good, which nobody means."""

FIRST_YEAR = 1583
"""The first whole year of the Gregorian calendar, in which iCalendar counts (RFC 5545, 3.3.10)."""

LONGEST_RULE = 500
"""A yearly rule that is longer, in characters, lists days by the hundred."""

_ONE_DAY = timedelta(days=1)
_NO_RULE = "the event repeats by a rule that never gives a day"


_ONCE = frozenset({"UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID", "STATUS"})
_NEEDED = _ONCE | {"RDATE", "EXDATE"}
"""What says which days an event is on; its words, alarms and the calendar's zones do not."""

_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}) | {
    f"BY{unit}" for unit in ("MONTH", "MONTHDAY", "DAY", "YEARDAY", "WEEKNO", "SETPOS")
}
"""The parts of a rule that say a day; the others say a time of day."""


class HolidayFile:
    """The file at `path`, read once, when it is first asked."""

    def __init__(self, path: str) -> None:
        self._path = path

    @property
    def fingerprint(self) -> str:
        """What tells this content from any other.

        Raises:
            ConfigWrong: it cannot be read.
        """
        from hashlib import sha256

        return f"sha256:{sha256(self._content).hexdigest()}"

    def check(self) -> None:
        """Find out whether the file can be used for the years up to `LAST_YEAR`.

        Raises:
            ConfigWrong: it cannot.
        """
        self.days_of(LAST_YEAR)

    def days_of(self, year: int) -> frozenset[date]:
        """The days off in that year.

        Raises:
            ConfigWrong: the file cannot be used.
        """
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        days: set[int] = set()
        steps = 0
        for event in self._events:
            try:
                for start in event.starts_until(date.fromordinal(last)):
                    steps += 1
                    if steps > MOST_STEPS:
                        raise self._wrong(event.line, "up to here there are too many repetitions")
                    if start is not None:
                        begin = start.toordinal()
                        days.update(range(max(begin, first), min(begin + event.length, last + 1)))
            except (ValueError, LookupError) as error:
                raise self._wrong(event.line, _NO_RULE) from error
        return frozenset(map(date.fromordinal, days))

    @cached_property
    def _content(self) -> bytes:
        from poc_tui.system.files import read_file

        try:
            return read_file(self._path, MOST_BYTES)
        except OSError as error:
            raise self._unusable(f"cannot be read: {error.strerror}") from error

    @cached_property
    def _events(self) -> tuple[_DayEvent, ...]:
        """The all-day events that are not cancelled."""
        try:
            text = self._content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = self._content.count(b"\n", 0, error.start) + 1
            raise self._wrong(line, "this is not UTF-8") from error
        found = [(line, self._parsed(lines, line)) for line, lines in self._all_day(text)]
        if not found:
            raise self._unusable("has no all-day event, so it names no day off")
        replaced: dict[str, set[date]] = {}
        for line, event in found:
            if (occurrence := event.get("RECURRENCE-ID")) is not None:
                # It stands in the place of one occurrence of the series with its UID (3.8.4.4).
                moved = self._dates([occurrence.dt], line)
                replaced.setdefault(str(event.get("UID")), set()).update(moved)
        return tuple(
            self._day_event(event, line, replaced.get(str(event.get("UID")), set()))
            for line, event in found
            if str(event.get("STATUS", "")).upper() != "CANCELLED"
        )

    def _all_day(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """The needed lines of each all-day event, with the number of the line it begins in."""
        within: list[str] = []
        kept: list[str] = []
        began = count = 0
        for number, line in content_lines(text):
            name, component = name_of(line), line.partition(":")[2].strip().upper()
            if not within and (name, component) != ("BEGIN", "VCALENDAR"):
                raise self._wrong(number, "this is no iCalendar, which begins with BEGIN:VCALENDAR")
            if name == "BEGIN":
                within.append(component)
                if component == "VEVENT":
                    began, kept = number, []
            elif name == "END":
                if within.pop() != component:
                    raise self._wrong(number, f"{line[:40]} ends what did not begin")
                if component == "VEVENT" and self._is_all_day(kept, began):
                    count += 1
                    if count > MOST_EVENTS:
                        raise self._unusable(f"has more than {MOST_EVENTS} all-day events")
                    yield began, kept
            elif within[-1] == "VEVENT" and name in _NEEDED:
                kept.append(line)
        if within or not began:
            raise self._unusable("is no whole iCalendar file" if within else "has no events")

    def _is_all_day(self, lines: list[str], began: int) -> bool:
        """Whether an event begins with a day (`20271224`), not with a time (`20271224T1800`)."""
        for line in lines:
            if name_of(line) == "DTSTART":
                return line.rpartition(":")[2][len("20271224") :][:1].upper() != "T"
        raise self._wrong(began, "the event has no DTSTART")

    def _parsed(self, lines: list[str], began: int) -> Event:
        from icalendar import Event

        names = [name_of(line) for line in lines]
        if twice := next((name for name in _ONCE if names.count(name) > 1), None):
            raise self._wrong(began, f"the event gives {twice} twice")
        block = "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", ""])
        try:
            event = Event.from_ical(block.encode())
        except (ValueError, LookupError, TypeError) as error:
            raise self._wrong(began, "the event cannot be read") from error
        if event.errors:
            name = event.errors[0][0] or "one of its lines"
            raise self._wrong(began, f"of the event, {name} cannot be read")
        if not isinstance(event, Event):
            raise self._wrong(began, "the event is none")
        return event

    def _day_event(self, event: Event, line: int, replaced: set[date]) -> _DayEvent:
        try:
            first, end = event.start, event.end
        except (ValueError, OverflowError) as error:  # the latter for the last day there is
            raise self._wrong(line, "the event has no clear beginning and end") from error
        # Some programs write the same day twice for a single day, though the end is exclusive.
        length = _ONE_DAY if end == first else end - first
        if not _ONE_DAY <= length <= LONGEST:
            raise self._wrong(line, "the event ends before it begins, or lasts over a year")
        if first.year < FIRST_YEAR:
            raise self._wrong(line, f"the event begins before {FIRST_YEAR}")
        single = "RECURRENCE-ID" in event
        rule = ""
        if "RRULE" in event and not single:
            rule = self._yearly(event.rrules[0].to_ical().decode(), first, line)
        return _DayEvent(
            line=line,
            first=first,
            length=length.days,
            rule=rule,
            starts=frozenset({first}) | self._dates((day for day, _ in event.rdates), line),
            omitted=frozenset() if single else self._dates(event.exdates, line) | replaced,
        )

    def _dates(self, moments: Iterable[object], line: int) -> frozenset[date]:
        days = [moment.date() if isinstance(moment, datetime) else moment for moment in moments]
        if not all(isinstance(day, date) for day in days):
            raise self._wrong(line, "the event names days in a form other than a date")
        return frozenset(day for day in days if isinstance(day, date))

    def _yearly(self, rule: str, first: date, line: int) -> str:
        """The rule as dateutil reads it, if it is one that gives days and can be worked out.

        Yearly ones only: a rule that gave a day once gives one again within 400 years, the period
        of the Gregorian calendar, so each year asked for costs a bounded number of steps.
        """
        parts = dict(part.partition("=")[::2] for part in rule.upper().split(";"))
        if parts.get("FREQ") != "YEARLY" or not _PARTS.issuperset(parts):
            raise self._wrong(line, "the event repeats, but not yearly by the day, as holidays do")
        if "UNTIL" in parts:
            # A time of day would be in a zone of its own; an all-day event ends with the day.
            parts["UNTIL"] = parts["UNTIL"][:8]
        found = ";".join(f"{name}={value}" for name, value in parts.items())
        try:
            usual = parts.get("INTERVAL", "1").strip("0").isdecimal() and len(rule) <= LONGEST_RULE
            if usual and next(_repeated(found, first), None) is not None:
                return found
        except (ValueError, LookupError, TypeError, ArithmeticError) as error:
            raise self._wrong(line, _NO_RULE) from error
        raise self._wrong(line, _NO_RULE)

    def _wrong(self, line: int, what: str) -> ConfigWrong:
        where = f'"hours.calendar": {self._path}, line {line}'
        return ConfigWrong(f"{where}: {what}. Correct it, or name another file.")

    def _unusable(self, what: str) -> ConfigWrong:
        there = f'"hours.calendar": {self._path}'
        return ConfigWrong(f"{there} {what}. Name another file, or take it away.")


class _DayEvent(NamedTuple):
    """One all-day event: where it stands, its days, and how it repeats.

    Each of `starts` is the first of `length` days; the yearly `rule` (RFC 5545, 3.3.10) gives more
    of them from `first` on; those in `omitted` are left out.
    """

    line: int
    first: date
    length: int
    rule: str
    starts: frozenset[date]
    omitted: frozenset[date]

    def starts_until(self, latest: date) -> Iterator[date | None]:
        """The first days up to that one, and None for every other step that it takes to find them.

        Raises ValueError or LookupError for a rule that cannot be.
        """
        yield from (start for start in self.starts - self.omitted if start <= latest)
        if not self.rule:
            return
        for _ in range(self.first.year, latest.year + LOOK_AHEAD):
            yield None
        for start in _repeated(self.rule, self.first):
            if start > latest:
                return
            yield None if start in self.omitted else start


def _repeated(rule: str, first: date) -> Iterator[date]:
    from dateutil.rrule import rrulestr

    for start in rrulestr(rule, dtstart=datetime.combine(first, time())):
        yield start.date()
