"""Invitations and the answers to them (RFC 5545, RFC 5546), in words and in our own time.

The calendar comes from a stranger: its size, its lines and its events are bounded, and of rules
for daylight saving only yearly ones are worked out.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple
from zoneinfo import ZoneInfo

from poc_tui.errors import NotUnderstood
from poc_tui.mail.message import charsets
from poc_tui.mail.message.headers import one_line
from poc_tui.mail.message.structure import Entity
from poc_tui.rules.calendar_lines import (
    CalendarLine,
    content_lines,
    in_words,
    name_of,
    taken_apart,
)
from poc_tui.rules.dates.format import day_label, named
from poc_tui.rules.recurrence import rule as recurrence

MAX_BYTES = 1_000_000
"""A calendar that is longer is none that one gets by mail."""

MAX_EVENTS = 5
"""Events of one calendar that are told."""

MAX_CALENDARS = 10
MAX_LINES = 20_000
_MAX_ATTENDEES = 200
_TOLD = 5
"""Attendees that are named."""
_LONGEST_VALUE = 300
_LONGEST_DESCRIPTION = 5000
_LONGEST_RULE = 200
_MAX_DEPTH = 10
_MAX_HALVES = 100

_DURATION = re.compile(
    r"P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d+S)?)?$"
)
_ANSWERS = {
    "ACCEPTED": "accepted", "DECLINED": "declined", "TENTATIVE": "tentatively accepted",
    "DELEGATED": "passed on",
}  # fmt: skip
_HEADS = {
    "REQUEST": "Invitation", "ADD": "Invitation", "CANCEL": "Cancelled",
    "COUNTER": "Another time is proposed", "DECLINECOUNTER": "The proposed time was declined",
}  # fmt: skip
_TYPES = ("text/calendar", "application/ics", "text/x-vcalendar")
_HALVES = ("STANDARD", "DAYLIGHT")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_CANCELLED = "CANCELLED"


class Invitation(NamedTuple):
    """What a calendar in a mail says."""

    method: str
    """In upper case, such as REQUEST, REPLY or CANCEL; empty for one that is only told."""
    uids: tuple[str, ...]
    """Of its events: an invitation, each change of it and each answer to it have the same."""
    words: str
    description: str
    """What the sender wrote about it; mostly what the mail says as well."""
    commented: bool
    """Whether somebody wrote words of their own about it: `Comment` in `words`."""


def told(attached: Iterable[Entity], zone: tzinfo) -> list[Invitation]:
    """What the calendars among these say, the first `MAX_CALENDARS`; one that some programs send in
    two forms but once. One that is attached without a purpose is only a file."""
    found: dict[str, Invitation] = {}
    for leaf in [leaf for leaf in attached if _is_calendar(leaf)][:MAX_CALENDARS]:
        text = charsets.decode(leaf.body(MAX_BYTES), leaf.charset)
        one = invitation(text, zone, leaf.parameters.get("method", ""))
        if one is not None and (one.method or not leaf.attached):
            found.setdefault(one.words, one)
    return list(found.values())


def _is_calendar(leaf: Entity) -> bool:
    return leaf.type in _TYPES or leaf.name.lower().endswith(".ics")


def invitation(text: str, zone: tzinfo, method: str = "") -> Invitation | None:
    """What a calendar says, in words, its times as clocks in `zone` show them; None if nothing.

    `method` holds where the calendar itself names none.
    """
    calendar = _Calendar(text, method)
    told = [words for event in calendar.events if (words := _told(event, calendar, zone))]
    if not told:
        return None
    uids = dict.fromkeys(uid for event in calendar.events if (uid := event.text("UID")))
    description = next(filter(None, (event.description() for event in calendar.events)), "")
    commented = any(event.text("COMMENT") for event in calendar.events)
    return Invitation(calendar.method, tuple(uids), "\n\n".join(told), description, commented)


class _Component:
    """The lines of one event, or of one half of a zone's year."""

    def __init__(self) -> None:
        self.lines: list[CalendarLine] = []

    def all(self, name: str) -> list[CalendarLine]:
        return [line for line in self.lines if line.name == name]

    def first(self, name: str) -> CalendarLine | None:
        return next((line for line in self.lines if line.name == name), None)

    def value(self, name: str) -> str:
        line = self.first(name)
        return line.value.strip() if line else ""

    def text(self, name: str) -> str:
        return one_line(in_words(self.value(name)), _LONGEST_VALUE)

    def description(self) -> str:
        return in_words(self.value("DESCRIPTION")[:_LONGEST_DESCRIPTION]).strip()


class _Calendar:
    """The events and the zones of a calendar."""

    def __init__(self, text: str, method: str) -> None:
        self.method = method.strip().upper()[:20]
        self.events: list[_Component] = []
        self._zones: dict[str, list[_Component]] = {}
        self._halves: list[_Component] = []
        within: list[str] = []
        for count, (_, line) in enumerate(content_lines(text[:MAX_BYTES])):
            name = name_of(line)
            if count > MAX_LINES or len(within) > _MAX_DEPTH or (not within and name != "BEGIN"):
                break
            if name == "BEGIN":
                within.append(line.partition(":")[2].strip().upper()[:40])
                self._begin(within[-1])
            elif name == "END":
                within.pop()
            else:
                self._take(within[-1], taken_apart(line))

    def _begin(self, component: str) -> None:
        if component == "VEVENT" and len(self.events) < MAX_EVENTS:
            self.events.append(_Component())
        elif component == "VTIMEZONE":
            self._halves = []
        elif component in _HALVES and len(self._halves) < _MAX_HALVES:
            self._halves.append(_Component())

    def _take(self, component: str, line: CalendarLine) -> None:
        if component == "VCALENDAR" and line.name == "METHOD":
            self.method = line.value.strip().upper()[:20]
        elif component == "VEVENT" and self.events:
            self.events[-1].lines.append(line)
        elif component == "VTIMEZONE" and line.name == "TZID":
            self._zones.setdefault(line.value.strip(), self._halves)
        elif component in _HALVES and self._halves:
            self._halves[-1].lines.append(line)

    def moment(self, line: CalendarLine | None, ours: tzinfo) -> datetime | date | None:
        """A day, or a moment as a clock in `ours` shows it; None for what is neither.

        A time without a zone is meant for the clock of whoever reads it (RFC 5545, 3.3.5).
        """
        if line is None:
            return None
        value = line.value.strip().upper()
        try:
            day = date(int(value[:4]), int(value[4:6]), int(value[6:8]))
            if value[8:9] != "T":
                return day
            clock = time(int(value[9:11]), int(value[11:13]))
            wall = datetime.combine(day, clock)
            if value.endswith("Z"):
                zone: tzinfo = UTC
            else:
                zone = self.zone(line.parameters.get("TZID", ""), wall) or ours
            return wall.replace(tzinfo=zone).astimezone(ours)
        except (ValueError, OverflowError):
            return None

    def zone(self, name: str, wall: datetime) -> tzinfo | None:
        """The zone of that name at that time; None if nobody knows it."""
        if not name:
            return None
        # Some programs put a path of their own before the name.
        for tail in (name, "/".join(name.split("/")[-2:])):
            if (known := _by_name(tail)) is not None:
                return known
        if (offset := _offset_at(self._zones.get(name, ()), wall)) is not None:
            return timezone(offset)
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

        return _by_name(WINDOWS_TO_OLSON.get(name, ""))


def _by_name(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, LookupError):
        return None


def _offset_at(halves: Sequence[_Component], wall: datetime) -> timedelta | None:
    """What the zone of a VTIMEZONE (RFC 5545, 3.6.5) adds to UTC at that wall time."""
    onsets: list[tuple[datetime, timedelta]] = []
    for half in halves:
        try:
            offset = _offset(half.value("TZOFFSETTO"))
            began = datetime.fromisoformat(half.value("DTSTART")[:15])
            rule = half.value("RRULE").upper()
            # Outlook's zones begin in 1601.
            onsets += ((onset, offset) for onset in _onsets(rule, began, wall.year))
        except (ValueError, LookupError):
            continue
    before = [onset for onset in onsets if onset[0] <= wall]
    return max(before or onsets, key=lambda onset: onset[0])[1] if onsets else None


def _onsets(rule: str, began: datetime, year: int) -> Iterator[datetime]:
    """When it begins by a rule such as `FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU`, that year and before.

    Raises ValueError or LookupError for a rule that is no such one.
    """
    if not rule:
        yield began
        return
    parts = _parts(rule)
    month, weekday = int(parts.get("BYMONTH", began.month)), parts.get("BYDAY", "")
    among = [int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day]
    latest = min(year, int(parts.get("UNTIL", "9999")[:4]))
    for each in (latest, latest - 1):
        days = [
            day for day in range(1, monthrange(each, month)[1] + 1) if not among or day in among
        ]
        if weekday:
            wanted, which = _WEEKDAYS.index(weekday[-2:]), int(weekday[:-2] or 1)
            days = [day for day in days if date(each, month, day).weekday() == wanted]
            day = days[which - 1 if which > 0 else which]
        else:
            day = days[0] if among else began.day
        yield datetime.combine(date(each, month, day), began.time())


def _parts(rule: str) -> dict[str, str]:
    """What a rule says (RFC 5545, 3.3.10), by the names of its parts."""
    return dict(part.partition("=")[::2] for part in rule[:_LONGEST_RULE].split(";"))


def _offset(value: str) -> timedelta:
    """Such as `+0100`. Raises ValueError for what is none."""
    found = re.fullmatch(r"([+-])(\d\d)(\d\d)(?:\d\d)?", value)
    if found is None or int(found[2]) > 23:
        raise ValueError("no offset")
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -offset if found[1] == "-" else offset


def _told(event: _Component, calendar: _Calendar, zone: tzinfo) -> str:
    summary = event.text("SUMMARY") or "without a subject"
    method = calendar.method
    if method == "REPLY":
        head = _answered(event, summary)
    elif event.text("STATUS").upper() == _CANCELLED:
        head = f"{_HEADS['CANCEL']}: {summary}"
    else:
        changed = method == "REQUEST" and event.value("SEQUENCE") not in ("", "0")
        head = f"{_HEADS.get(method, 'Appointment')}{', changed' * changed}: {summary}"
    when = _when(event, calendar, zone)
    if not when and method != "REPLY":
        return ""
    told = {
        "When": when,
        "Where": event.text("LOCATION"),
        "Who": "" if method == "REPLY" else _who(event),
        "Comment": event.text("COMMENT"),
    }
    return "\n".join((head, *(f"{name}: {words}" for name, words in told.items() if words)))


def _answered(event: _Component, summary: str) -> str:
    """Who answers, and what. An answer names nobody else (RFC 5546, 3.2.3)."""
    line = event.first("ATTENDEE")
    said = line.parameters.get("PARTSTAT", "").upper() if line else ""
    if line is None or said not in _ANSWERS:
        return f"Answer to the invitation: {summary}"
    return f"{_person(line)} {_ANSWERS[said]}: {summary}"


def _when(event: _Component, calendar: _Calendar, zone: tzinfo) -> str:
    line = event.first("DTSTART")
    start = calendar.moment(line, zone)
    if line is None or start is None:
        return ""
    end = calendar.moment(event.first("DTEND"), zone) or _after(start, event.value("DURATION"))
    if not isinstance(start, datetime):
        # The end of whole days is the day after the last one (RFC 5545, 3.6.1).
        last = end - timedelta(days=1) if end is not None else start
        through = f" to {named(last)}" if last > start else ""
        when = f"{named(start) if not through else day_label(start)}{through}, all day"
    else:
        when = f"{named(start)}, {start:%H:%M}"
        if isinstance(end, datetime) and end > start:
            other = "" if end.date() == start.date() else f"{named(end)}, "
            when += f" to {other}{end:%H:%M}"
        theirs = line.parameters.get("TZID", "")
        known = not theirs or calendar.zone(theirs, start.replace(tzinfo=None)) is not None
        ours = getattr(zone, "key", None) or start.tzname()
        when += f" ({ours})" if known else f" ({one_line(theirs, 60)})"
    return "; ".join((when, *_repeated(event, calendar, zone)))


def _after(start: date, duration: str) -> date | None:
    found = _DURATION.match(duration.upper())
    if found is None or not any(found.groups()):
        return None
    weeks, days, hours, minutes = (int(number or 0) for number in found.groups())
    try:
        return start + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    except OverflowError:
        return None


def _repeated(event: _Component, calendar: _Calendar, zone: tzinfo) -> Iterator[str]:
    """How it is repeated, in words where there are any."""
    if event.first("RECURRENCE-ID"):
        yield "one of several"
    rule = event.value("RRULE").upper()
    if not rule:
        return
    parts = _parts(rule)
    until, count = parts.pop("UNTIL", ""), parts.pop("COUNT", "")
    parts.pop("WKST", None)
    try:
        said = recurrence.say(";".join(f"{name}={value}" for name, value in parts.items()))
    except NotUnderstood:
        said = "repeated by a rule of its own"
    last = calendar.moment(CalendarLine("UNTIL", {}, until), zone) if until else None
    if last is not None:
        said += f" until {named(last)}"
    elif count.isdecimal():
        said += f", {count[:5]} times"
    yield said


def _who(event: _Component) -> str:
    organizer = event.first("ORGANIZER")
    people = [_person(line) for line in event.all("ATTENDEE")[:_MAX_ATTENDEES]]
    asks = _person(organizer) if organizer else ""
    others = [person for person in dict.fromkeys(people) if person != asks]
    more = f" and {len(others) - _TOLD} more" if len(others) > _TOLD else ""
    invited = ", ".join(others[:_TOLD]) + more
    if asks and invited:
        return f"{asks} invites {invited}"
    return asks or invited


def _person(line: CalendarLine) -> str:
    name = one_line(line.parameters.get("CN", ""), 100)
    address = one_line(re.sub(r"^mailto:", "", line.value.strip(), flags=re.I), 200)
    return f"{name} <{address}>" if name and name != address else address
