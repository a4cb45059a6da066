"""What asks for a move of mine, as an iCalendar file (RFC 5545).

Each thing is an event, since most calendar programs show no to-dos. It begins when the thing is
due and lasts a quarter of an hour, since one without length is a hairline in most of them and
nothing at all in some; it leaves the time free, and rings no bell of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from poc_tui.rules.agenda import REMINDERS, AgendaItem, without_echoes
from poc_tui.rules.dates.zone_changes import observances
from poc_tui.rules.recurrence.calendar_rule import CalendarSeries, told
from poc_tui.rules.text import one_line
from poc_tui.store.queries.dated_items import items
from poc_tui.store.queries.journal import first_step
from poc_tui.store.queries.reminders import rules
from poc_tui.words import due

if TYPE_CHECKING:
    from icalendar import Event, Timezone

    from poc_tui.store.queries.reader import Reader

PRODUCT = "-//poc//desk of a single point of contact//EN"
NAME = "poc"

SHOWN_FOR = timedelta(minutes=15)

_TEXT_CELLS = 1_000
_SEQUENCE_FROM = datetime(2026, 1, 1, tzinfo=UTC)
"""SEQUENCE is an integer of 32 bits (RFC 5545, 3.3.8), so its seconds do not begin in 1970."""

_END = b"END:VCALENDAR\r\n"
_WITHOUT_SIGNS = {ord(sign): None for sign in "-:"}
_OCTETS = 74
"""Of a content line before it is folded: what follows begins with a space."""

_YEARS_AHEAD = 15
"""For so long the changes of clocks are told that follow no rule; those that do go on."""
_PLACES = {"answer": "due", "update": "due"}
"""A request has one date by which its customer is to hear from us: the next one replaces it."""


def calendar_of(reader: Reader, now: datetime, zone: tzinfo) -> tuple[bytes, int]:
    """The calendar of a store as it stands at `now`, aware UTC, and how many entries it has.

    What recurs does so at the same wall time of `zone`.

    Raises:
        StoreBusy, StoreUnreadable: the store cannot be read.
    """
    found = without_echoes(items(reader, zone))
    return made(found, rules(reader), origin(reader), now, zone), len(found)


def origin(reader: Reader) -> UUID:
    """What tells this store from every other, for as long as it lives.

    Its first step and the second in which it was done: it is never taken out of the journal, not
    even by undo, and an export takes it along. A store in which nothing was ever done has no
    entries to tell apart.
    """
    words = "\n".join(map(str, first_step(reader) or ()))
    return uuid5(NAMESPACE_OID, words.encode("utf-8", "backslashreplace").decode())


def made(
    found: Sequence[AgendaItem], every: Mapping[int, str], store: UUID, now: datetime, zone: tzinfo
) -> bytes:
    """These as a calendar. `every` has the rules of the reminders that recur, by their ids.

    `store` makes the UIDs; `now`, aware UTC, is when the calendar was made.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.calendar_name = NAME
    # RFC 5545 (3.6) wants a component in every calendar, even where nothing is due.
    calendar.add_component(_timezone(zone, [*(item.at for item in found), now]))
    head = bytes(calendar.to_ical()).removesuffix(_END)
    return b"".join((head, *_events(found, every, store, now, zone), _END))


def _events(
    found: Iterable[AgendaItem],
    every: Mapping[int, str],
    store: UUID,
    now: datetime,
    zone: tzinfo,
) -> Iterator[bytes]:
    """Each as the lines of its event, or of its events.

    An event without a series is written here, of parts that are the same in thousands: a library
    looks at each letter.
    """
    # A higher one replaces what a calendar has under the same UID (RFC 5545, 3.8.7.4).
    sequence = max(0, int((now - _SEQUENCE_FROM).total_seconds()))
    stamp = _utc(now)
    for item in found:
        rule = every.get(item.of, "") if item.what in REMINDERS else ""
        if rule:
            for part, series in enumerate(told(rule, item.at, zone)):
                event = _event(item, series, _uid(item, part, store), now, sequence, zone)
                yield bytes(event.to_ical())
            continue
        description = _description(item)
        lines = (
            b"BEGIN:VEVENT",
            _folded(f"SUMMARY:{_escaped(due.sentence(item))}"),
            f"DTSTART:{_utc(item.at)}".encode(),
            f"DTEND:{_utc(item.at + SHOWN_FOR)}".encode(),
            f"DTSTAMP:{stamp}".encode(),
            f"UID:{_uid(item, 0, store)}".encode(),
            f"SEQUENCE:{sequence}".encode(),
            f"CATEGORIES:{item.what}".encode(),
            *([_folded(f"DESCRIPTION:{_escaped(description)}")] if description else []),
            f"LAST-MODIFIED:{stamp}".encode(),
            b"TRANSP:TRANSPARENT",
            b"END:VEVENT",
            b"",
        )
        yield b"\r\n".join(lines)


def _uid(item: AgendaItem, part: int, store: UUID) -> str:
    """Under which name a calendar knows an event; `part` counts those of an item with several."""
    place = _PLACES.get(item.what, item.what)
    return f"{uuid5(store, f'{place} {item.of}' + (f' {part}' if part else ''))}@poc"


def _description(item: AgendaItem) -> str:
    return one_line(item.text if item.what != "contact" else "", _TEXT_CELLS)


def _utc(at: datetime) -> str:
    """A moment in UTC as DATE-TIME (RFC 5545, 3.3.5)."""
    return at.isoformat()[:19].translate(_WITHOUT_SIGNS) + "Z"


def _escaped(line: str) -> str:
    """One line as TEXT (RFC 5545, 3.3.11)."""
    return line.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _folded(line: str) -> bytes:
    """A content line as lines of at most 75 octets (RFC 5545, 3.1), no letter and no escape cut."""
    octets, parts, start = line.encode(), [], 0
    while len(octets) - start > _OCTETS:
        end = start + _OCTETS
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        # What escapes a letter stands before it.
        part = octets[start:end].rstrip(b"\\") or octets[start:end]
        parts.append(part)
        start += len(part)
    return b"\r\n ".join((*parts, octets[start:]))


def _event(
    item: AgendaItem,
    series: CalendarSeries,
    uid: str,
    now: datetime,
    sequence: int,
    zone: tzinfo,
) -> Event:
    """The event of an item that recurs."""
    from icalendar import Event, vRecur

    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now)
    event.add("last-modified", now)
    event.add("sequence", sequence)
    event.add("summary", due.sentence(item))
    if description := _description(item):
        event.add("description", description)
    event.add("categories", [item.what])
    event.add("transp", "TRANSPARENT")
    start = _in_zone(series.first, zone)
    event.add("dtstart", start)
    event.add("dtend", start + SHOWN_FOR)
    event.add("rrule", vRecur.from_ical(series.rule))
    if series.without:
        event.add("exdate", [_in_zone(at, zone) for at in series.without])
    return event


def _in_zone(wall: datetime, zone: tzinfo) -> datetime:
    """A wall time of the zone, so that 9:00 stays 9:00 when the clocks change.

    A zone without a name cannot be told to others. Its time goes without a zone, which RFC 5545
    (3.3.5) takes for that of whoever reads it.
    """
    return wall.replace(tzinfo=zone) if _name(zone) else wall


def _name(zone: tzinfo) -> str | None:
    """The zone's name in the IANA database; the computer's own zone may have none."""
    return getattr(zone, "key", None)


def _timezone(zone: tzinfo, moments: Sequence[datetime]) -> Timezone:
    from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

    told_zone = Timezone()
    named = zone if _name(zone) else ZoneInfo("UTC")
    told_zone.add("tzid", _name(named))
    first, last = min(moments).year - 1, max(moments).year + _YEARS_AHEAD
    for change, rule, others in observances(named, first, last):
        one = TimezoneDaylight() if change.daylight else TimezoneStandard()
        one.add("dtstart", change.onset)
        one.add("tzoffsetfrom", change.before)
        one.add("tzoffsetto", change.after)
        one.add("tzname", change.name)
        if rule:
            one.add("rrule", vRecur.from_ical(rule))
        if others:
            one.add("rdate", list(others))
        told_zone.add_component(one)
    return told_zone
