"""What asks for a move of mine, as an iCalendar file (RFC 5545).

Each thing is an event, since most calendar programs show no to-dos. It begins when the thing is
due and lasts a quarter of an hour, since one without length is a hairline in most of them and
nothing at all in some; it leaves the time free, and rings no bell of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from poc_tui.rules import notices
from poc_tui.rules.agenda import REMINDERS
from poc_tui.rules.text import one_line
from poc_tui.store.reading.items import items

if TYPE_CHECKING:
    from icalendar import Event, Timezone

    from poc_tui.store.reading.reader import Reader
    from poc_tui.store.records import Item

PRODUCT = "-//poc//desk of a single point of contact//EN"
NAME = "poc"

SHOWN_FOR = timedelta(minutes=15)

_TEXT_CELLS = 1_000
_SEQUENCE_FROM = datetime(2026, 1, 1, tzinfo=UTC)
"""SEQUENCE is an integer of 32 bits (RFC 5545, 3.3.8), so its seconds do not begin in 1970."""

_LAST_CHANGE_OF_CLOCKS = date(2038, 1, 1)
_PLACES = {"answer": "due", "update": "due"}
"""A request has one date by which its customer is to hear from us: the next one replaces it."""


def calendar_of(reader: Reader, now: datetime, zone: tzinfo) -> tuple[bytes, int]:
    """The calendar of a store as it stands at `now`, aware UTC, and how many entries it has.

    What recurs does so at the same wall time of `zone`.

    Raises:
        StoreBusy, StoreUnreadable: the store cannot be read.
    """
    found = notices.without_echoes(items(reader, zone))
    every = dict(
        reader.rows("SELECT id, every FROM reminder WHERE done_at IS NULL AND every <> ''")
    )
    return made(found, every, origin(reader), now, zone), len(found)


def origin(reader: Reader) -> UUID:
    """What tells this store from every other, for as long as it lives.

    Its first step and the second in which it was done: it is never taken out of the journal, not
    even by undo, and an export takes it along. A store in which nothing was ever done has no
    entries to tell apart.
    """
    first = reader.row("SELECT id, at, step, label FROM journal ORDER BY id LIMIT 1")
    words = "" if first is None else "\n".join(str(part) for part in first)
    return uuid5(NAMESPACE_OID, words.encode("utf-8", "backslashreplace").decode())


def made(
    found: Sequence[Item], every: Mapping[int, str], store: UUID, now: datetime, zone: tzinfo
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
    for item in found:
        rule = every.get(item.of, "") if item.what in REMINDERS else ""
        calendar.add_component(_event(item, rule, store, now, zone))
    return bytes(calendar.to_ical())


def _event(item: Item, rule: str, store: UUID, now: datetime, zone: tzinfo) -> Event:
    from icalendar import Event

    event = Event()
    place = _PLACES.get(item.what, item.what)
    event.add("uid", f"{uuid5(store, f'{place} {item.of}')}@poc")
    event.add("dtstamp", now)
    event.add("last-modified", now)
    # A higher one replaces what a calendar has under the same UID (RFC 5545, 3.8.7.4).
    event.add("sequence", max(0, int((now - _SEQUENCE_FROM).total_seconds())))
    event.add("summary", notices.sentence(item))
    if description := one_line(item.text if item.what != "contact" else "", _TEXT_CELLS):
        event.add("description", description)
    event.add("categories", [item.what])
    event.add("transp", "TRANSPARENT")
    start = _wall_time(item.at, zone) if rule else item.at
    event.add("dtstart", start)
    event.add("dtend", start + SHOWN_FOR)
    if rule:
        from icalendar import vRecur

        from poc_tui.rules.recurrence_rule import for_calendar

        event.add("rrule", vRecur.from_ical(for_calendar(rule, item.at, zone)))
    return event


def _wall_time(at: datetime, zone: tzinfo) -> datetime:
    """The moment on the clock of the zone, so that 9:00 stays 9:00 when the clocks change.

    A zone without a name cannot be told to others. Its time goes without a zone, which RFC 5545
    (3.3.5) takes for that of whoever reads it.
    """
    local = at.astimezone(zone)
    return local if _name(zone) else local.replace(tzinfo=None)


def _name(zone: tzinfo) -> str | None:
    """The zone's name in the IANA database; the computer's own zone may have none."""
    return getattr(zone, "key", None)


def _timezone(zone: tzinfo, moments: Sequence[datetime]) -> Timezone:
    from icalendar import Timezone

    named = zone if _name(zone) else ZoneInfo("UTC")
    first = date(min(moments).year - 1, 1, 1)
    return Timezone.from_tzinfo(named, _name(named), first, _LAST_CHANGE_OF_CLOCKS)
