"""`poc calendar` writes what other programs read: everything with a date, under lasting names."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from poc_tui.cli.output.calendar_file import calendar_of, made, origin
from poc_tui.rules.agenda import AgendaItem
from poc_tui.rules.recurrence.rule import following, keeping_day, parse
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock, SystemZone
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import CustomerName
from poc_tui.store.exchange.export import export_file
from poc_tui.store.migrations import migrate
from poc_tui.store.queries import customers, departments
from poc_tui.store.queries.reader import Reader
from tests.conftest import BERLIN
from tests.helpers.calendar_readers import by_ical_js, by_libical
from tests.helpers.command_line import Poc
from tests.helpers.hostile_text import TEXTS, hostile_store

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


@pytest.fixture
def number(desk: Desk) -> int:
    """A request of Meyer AG's."""
    draft = drafts.Capture("Invoice 4711 is wrong", customer=CustomerName("Meyer AG"))
    return desk.do(draft).numbers[0]


def events(poc: Poc) -> dict[str, Any]:
    """What a new calendar has, by summary; that it can be read is part of every test."""
    found = read(poc.ok("calendar").out).events
    by_summary = {str(event["summary"]): event for event in found}
    assert len(by_summary) == len(found)
    return by_summary


def read(content: str | bytes) -> Any:
    """The calendar as another program reads it."""
    return Calendar.from_ical(content)


def the_one(poc: Poc, words: str) -> Any:
    (event,) = (event for summary, event in events(poc).items() if words in summary)
    return event


def lines(content: bytes) -> Iterator[str]:
    """The content lines of a file, unfolded as RFC 5545 (3.1) says."""
    assert content.endswith(b"\r\n")
    folded = content.decode().removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in folded)
    return iter("\r\n".join(folded).replace("\r\n ", "").split("\r\n"))


def test_everything_with_a_date_is_in_it(
    poc: Poc, desk: Desk, clock: FixedClock, reader: Reader, number: int
) -> None:
    (asked,) = desk.do(drafts.Capture("Key card")).numbers
    desk.do(drafts.Answer("A new one is on its way."), [asked])
    (hidden,) = desk.do(drafts.Capture("Room 12")).numbers
    desk.do(drafts.Snooze(clock.now() + HOUR, "the warehouse counts"), [hidden])
    technical = departments.department(reader, "Technical").id
    desk.do(drafts.ForwardDraft(technical, "10 or 12 units?"), [number])
    desk.do(drafts.Promise(clock.now() + HOUR, "a credit note"), [number])
    desk.do(drafts.Remind(clock.now() + HOUR, "order toner"))
    meyer = customers.find(reader, "Meyer AG").id
    desk.do(drafts.EditCustomer(meyer, rhythm="FREQ=WEEKLY;INTERVAL=6"))
    assert set(events(poc)) >= {
        f"#{number} Meyer AG: first answer due — Invoice 4711 is wrong",
        f"#{number} Meyer AG: resolution due — Invoice 4711 is wrong",
        f"#{number} Meyer AG: chase Technical — Invoice 4711 is wrong",
        f"#{number} Meyer AG: promise due — a credit note",
        f"#{asked}: check back — Key card",
        f"#{hidden}: back from snooze — the warehouse counts",
        "reminder — order toner",
        "Meyer AG: time to talk — every 6 weeks",
    }


def test_an_event_begins_when_it_is_due_and_takes_no_time(
    poc: Poc, desk: Desk, clock: FixedClock
) -> None:
    desk.do(drafts.Remind(clock.now() + HOUR, "order toner"))
    event = the_one(poc, "toner")
    assert event.decoded("dtstart") == datetime(2026, 11, 23, 9, 12, tzinfo=UTC)
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=15)
    assert event["transp"] == "TRANSPARENT"
    assert not event.walk("VALARM")


def test_what_was_moved_replaces_what_was_there(
    poc: Poc, desk: Desk, clock: FixedClock, number: int
) -> None:
    desk.do(drafts.Triage(due_at=clock.now() + HOUR), [number])
    before = the_one(poc, "first answer due")
    clock.advance(timedelta(minutes=5))
    desk.do(drafts.Triage(due_at=clock.now() + 5 * HOUR), [number])
    after = the_one(poc, "first answer due")
    assert after["uid"] == before["uid"]
    assert after.decoded("dtstart") > before.decoded("dtstart")
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstamp") > before.decoded("dtstamp")
    assert after.decoded("last-modified") > before.decoded("last-modified")


def test_the_next_word_to_a_customer_replaces_the_first(
    poc: Poc, desk: Desk, clock: FixedClock, number: int
) -> None:
    first = the_one(poc, "first answer due")
    desk.do(drafts.Answer("We are looking into it.", still_working=True), [number])
    assert the_one(poc, "next word due")["uid"] == first["uid"]


def test_what_is_settled_is_not_in_a_new_calendar(
    poc: Poc, desk: Desk, clock: FixedClock, reader: Reader
) -> None:
    desk.do(drafts.Remind(clock.now() + HOUR, "order toner"))
    assert events(poc)
    desk.do(drafts.MarkDone((1,)))
    assert not events(poc)


def uids(path: str, clock: FixedClock) -> list[str]:
    with closing(Reader(path)) as reader:
        content, _ = calendar_of(reader, clock.now(), BERLIN)
    return [str(event["uid"]) for event in read(content).events]


def test_a_store_keeps_its_names_through_undo_and_through_an_export(
    poc: Poc, path: str, desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    remind = drafts.Remind(clock.now() + HOUR, "order toner")
    desk.do(drafts.Capture("Invoice", due_at=clock.now() + HOUR))
    desk.do(remind)
    before = uids(path, clock)
    assert len(set(before)) == len(before) == 2
    desk.undo()
    desk.undo()
    desk.redo()
    desk.redo()
    assert uids(path, clock) == before
    export_file(str(tmp_path / "all.jsonl"), path)
    again = Poc(str(tmp_path / "again.sqlite3"), clock, poc._capsys)
    again.ok("import", str(tmp_path / "all.jsonl"))
    assert uids(again.environ["POC_DB"], clock) == before


def test_two_stores_share_no_name(
    path: str, desk: Desk, clock: FixedClock, deadlines: Deadlines, tmp_path: Path
) -> None:
    other = str(tmp_path / "other.sqlite3")
    migrate.ensure(other, clock)
    due = clock.now() + HOUR
    desk.do(drafts.Capture("Invoice", due_at=due))
    clock.advance(timedelta(seconds=1))
    with closing(Desk(other, clock, deadlines)) as second:
        second.do(drafts.Capture("Invoice", due_at=due))
    (one,), (another,) = uids(path, clock), uids(other, clock)
    assert one != another


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY;BYDAY=MO", "FREQ=MONTHLY;BYMONTHDAY=30"])
def test_what_recurs_stays_at_its_hour_when_the_clocks_change(
    poc: Poc, desk: Desk, rule: str
) -> None:
    first = datetime(2026, 11, 30, 9, 0, tzinfo=BERLIN).astimezone(UTC)
    desk.do(drafts.Remind(first, "look through the open ones", every=rule))
    shown: list[datetime] = []
    for event in read(poc.ok("calendar").out).events:
        begins = event.decoded("dtstart")
        assert event["dtstart"].params["TZID"] == "Europe/Berlin"
        times = rrulestr(event["rrule"].to_ical().decode(), dtstart=begins.replace(tzinfo=None))
        assert next(iter(times)) == begins.replace(tzinfo=None)
        shown += [at.replace(tzinfo=BERLIN) for at in islice(times, 30)]
    shown = sorted(shown)[:30]
    assert {at.time() for at in shown} == {time(9)}
    expected = [first]
    while len(expected) < 30:
        expected.append(following(rule, first, expected[-1], BERLIN))
    assert [at.astimezone(UTC) for at in shown] == expected
    assert len({at.utcoffset() for at in shown}) == 2


def test_a_series_that_takes_two_events_has_two_names_that_last(
    poc: Poc, desk: Desk, clock: FixedClock
) -> None:
    first = datetime(2026, 11, 30, 9, 0, tzinfo=BERLIN).astimezone(UTC)
    desk.do(drafts.Remind(first, "look through", every="FREQ=MONTHLY;BYMONTHDAY=30"))
    before, after = (
        {str(event["rrule"]["freq"]): event["uid"] for event in read(poc.ok("calendar").out).events}
        for _ in range(2)
    )
    assert len(set(before.values())) == 2
    assert before == after


def test_the_zone_of_what_recurs_is_told_as_it_is(poc: Poc, desk: Desk) -> None:
    first = datetime(2026, 11, 30, 9, 0, tzinfo=BERLIN).astimezone(UTC)
    desk.do(drafts.Remind(first, "look through", every="FREQ=WEEKLY;BYDAY=MO"))
    (told,) = read(poc.ok("calendar").out).timezones
    zone = told.to_tz(lookup_tzid=False)
    for month in range(1, 13):
        noon = datetime(2027, month, 15, 12, tzinfo=BERLIN)
        assert noon.replace(tzinfo=zone).utcoffset() == noon.utcoffset()


def test_in_a_zone_without_a_name_what_recurs_has_the_hour_of_whoever_reads_it(
    reader: Reader, desk: Desk, clock: FixedClock
) -> None:
    at = clock.now() + HOUR
    desk.do(drafts.Remind(at, "look through", every="FREQ=DAILY"))
    content, _ = calendar_of(reader, clock.now(), SystemZone())
    (event,) = read(content).events
    assert event.decoded("dtstart") == at.astimezone(SystemZone()).replace(tzinfo=None)


def test_the_calendar_of_an_empty_store_is_one(poc: Poc) -> None:
    ran = poc.ok("calendar")
    calendar = read(ran.out)
    calendar.validate()
    assert not calendar.events
    assert (calendar["version"], bool(calendar["prodid"])) == ("2.0", True)


def allowed(text: str) -> bool:
    """Whether it has only characters that RFC 5545 (3.1, TSAFE-CHAR) lets stand in a text."""
    return not any(char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in text)


def properties(content: bytes) -> Sequence[str]:
    return [line.replace(";", ":").partition(":")[0] for line in lines(content)]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_no_words_of_others_break_the_file_or_add_to_it(text: str, clock: FixedClock) -> None:
    attack = f"{text}\r\nEND:VEVENT\nBEGIN:VALARM\r\nATTACH:file:///x\rX:\\n;,\\N\\\\{text}"
    found = [
        AgendaItem(what, 1, clock.now(), 1042, words, 1, words, words, words)
        for what in ("answer", "chase", "promise", "reminder")
        for words in ("harmless", attack)
    ]
    with_rule = {1: "FREQ=DAILY"}
    store = UUID(int=0)
    content = made(found, with_rule, store, clock.now(), BERLIN)
    harmless = [item._replace(subject="a", customer="b", who="c", text="d") for item in found]
    expected = made(harmless, with_rule, store, clock.now(), BERLIN)
    assert properties(content) == properties(expected)
    shown = read(content).events
    assert len(shown) == len(found)
    assert all(allowed(str(event["summary"]).replace("\n", " ")) for event in shown)


@pytest.mark.parametrize(
    "words",
    ["a, b; c", "C:\\New", ",;" * 60, "\\" * 99, "ü€\U0001f600," * 30, "x" * 67 + ",", "ü" * 40],
)
def test_words_come_out_of_the_file_as_they_went_in(words: str, clock: FixedClock) -> None:
    item = AgendaItem("reminder", 1, clock.now(), None, None, None, None, "", words)
    content = made([item], {}, UUID(int=0), clock.now(), BERLIN)
    (description,) = (line for line in lines(content) if line.startswith("DESCRIPTION:"))
    escaped = description.removeprefix("DESCRIPTION:")
    assert re.sub(r"\\(.)", r"\1", escaped) == words
    for line in content.split(b"\r\n"):
        ending = len(line) - len(line.rstrip(b"\\"))
        assert ending % 2 == 0 or ending > 70, "a letter was cut off from what escapes it"


def test_a_store_full_of_hostile_words_gives_a_calendar(
    tmp_path: Path, clock: FixedClock, deadlines: Deadlines
) -> None:
    path = str(tmp_path / "hostile.sqlite3")
    hostile_store(path, clock, deadlines)
    with closing(Reader(path)) as reader:
        content, count = calendar_of(reader, clock.now(), BERLIN)
        assert origin(reader).version == 5
    assert len(read(content).events) == count > len(TEXTS)
    assert all(allowed(line) for line in lines(content))


def test_the_file_is_nobody_elses_and_replaced_as_a_whole(
    poc: Poc, desk: Desk, clock: FixedClock, tmp_path: Path
) -> None:
    file = tmp_path / "new" / "poc.ics"
    desk.do(drafts.Remind(clock.now() + HOUR, "order toner"))
    ran = poc.ok("calendar", "-o", str(file))
    assert ran.lines == [f"wrote 1 entry to {file}"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes().decode() == poc.ok("calendar", "-o", "-").out
    ran = poc.ok("calendar", "-o", str(file), "--json")
    assert ran.json == {"entries": 1, "file": str(file)}
    assert os.listdir(file.parent) == ["poc.ics"]


def test_a_place_that_cannot_be_written_is_named(poc: Poc, tmp_path: Path) -> None:
    ran = poc("calendar", "-o", str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert f"{tmp_path} cannot be written" in ran.err


def test_help_has_an_example(poc: Poc) -> None:
    assert "Example: poc calendar -o" in poc.ok("calendar", "--help").out


# Other programs read it


UNTIL = datetime(2033, 1, 1, tzinfo=UTC)
SERIES = {
    "every day at 3:30, when the clocks change at 2:00": ("FREQ=DAILY", (2026, 11, 30, 3, 30)),
    "every workday": ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", (2026, 11, 30, 8, 30)),
    "every other Tuesday": ("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", (2026, 12, 1, 14, 0)),
    "monthly on the 31st": ("FREQ=MONTHLY;BYMONTHDAY=-1", (2026, 11, 30, 9, 0)),
    "monthly on the 30th": ("FREQ=MONTHLY;BYMONTHDAY=30", (2026, 11, 30, 9, 0)),
    "monthly on the 30th, from February": ("FREQ=MONTHLY;BYMONTHDAY=30", (2027, 2, 28, 9, 0)),
    "monthly on the 29th": ("FREQ=MONTHLY;BYMONTHDAY=29", (2026, 11, 29, 9, 0)),
    "quarterly on the 30th": ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=30", (2027, 2, 28, 9, 0)),
    "quarterly on the 29th": ("FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=29", (2026, 11, 29, 9, 0)),
    "every five months on the 29th": (
        "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=29",
        (2026, 11, 29, 9, 0),
    ),
    "yearly on 29 February": ("FREQ=YEARLY", (2028, 2, 29, 9, 0)),
    "yearly on 24 December": ("FREQ=YEARLY", (2026, 12, 24, 9, 0)),
}
ZONES = ["Europe/Berlin", "America/New_York", "America/Santiago", "Europe/Dublin", "Asia/Tokyo"]


def exported(series: str, zone: ZoneInfo) -> tuple[bytes, list[datetime]]:
    """A calendar with that series, and its times as this desk reckons them."""
    rule, wall_time = SERIES[series]
    at = datetime(*wall_time, tzinfo=zone).astimezone(UTC)
    item = AgendaItem("reminder", 1, at, None, None, None, None, "", "look through")
    now = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
    content = made([item], {1: keeping(rule, at, zone)}, UUID(int=1), now, zone)
    times = [at]
    while times[-1] < UNTIL:
        times.append(following(keeping(rule, at, zone), at, times[-1], zone))
    return content, [at for at in times if at < UNTIL]


def keeping(rule: str, at: datetime, zone: ZoneInfo) -> str:
    return str(keeping_day(parse(rule), at.astimezone(zone).date()))


def by_icalendar(content: bytes) -> list[datetime]:
    """The times that the file says, by its own rules and its own zone, as RFC 5545 reads them."""
    calendar = read(content)
    (told,) = calendar.timezones
    shown = []
    for event in calendar.events:
        begins = event.decoded("dtstart").replace(tzinfo=None)
        without = {
            at.dt.replace(tzinfo=None)
            for entry in ([event["exdate"]] if "exdate" in event else [])
            for at in entry.dts
        }
        for at in rrulestr(event["rrule"].to_ical().decode(), dtstart=begins):
            if at >= UNTIL.replace(tzinfo=None) + DAY:
                break
            if at not in without:
                shown.append((at - offset_of(told, at)).replace(tzinfo=UTC))
    return sorted(at for at in shown if at < UNTIL)


def offset_of(told: Any, wall: datetime) -> timedelta:
    """What the zone of the file says of that wall time: the observance whose onset, read in the
    offset before it, was last (RFC 5545, 3.6.5)."""
    latest: tuple[datetime, timedelta] | None = None
    for one in told.walk():
        if one.name not in ("STANDARD", "DAYLIGHT"):
            continue
        onset = one["dtstart"].dt
        onsets = [onset, *(at.dt for at in one["rdate"].dts)] if "rdate" in one else [onset]
        if "rrule" in one:
            rule = rrulestr(one["rrule"].to_ical().decode(), dtstart=onset)
            onsets = [at] if (at := rule.before(wall, inc=True)) else []
        for at in onsets:
            if at <= wall and (latest is None or at > latest[0]):
                latest = (at, one["tzoffsetto"].td)
    assert latest is not None
    return latest[1]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("series", SERIES)
def test_the_file_says_the_times_that_the_desk_reckons(series: str, zone: str) -> None:
    content, times = exported(series, ZoneInfo(zone))
    assert by_icalendar(content) == times
    assert b"BYSETPOS" not in content


@pytest.mark.parametrize(
    "zone", [*ZONES, "Africa/Casablanca", "Africa/Cairo", "Australia/Lord_Howe"]
)
def test_the_clocks_change_at_the_moment_that_the_file_says(zone: str) -> None:
    """RFC 5545 (3.6.5): the onset is the wall time before the change, in the offset before it."""
    content, _ = exported("every workday", ZoneInfo(zone))
    (told,) = read(content).timezones
    changes = [
        one
        for one in told.walk()
        if one.name in ("STANDARD", "DAYLIGHT") and one["tzoffsetfrom"].td != one["tzoffsetto"].td
    ]
    assert bool(changes) == (zone != "Asia/Tokyo")
    for one in changes:
        at = (one["dtstart"].dt - one["tzoffsetfrom"].td).replace(tzinfo=UTC)
        before, after = (
            (at + second).astimezone(ZoneInfo(zone)).utcoffset()
            for second in (timedelta(seconds=-1), timedelta(0))
        )
        assert (before, after) == (one["tzoffsetfrom"].td, one["tzoffsetto"].td)


def test_a_zone_goes_on_for_ever_where_its_changes_follow_a_rule() -> None:
    content, _ = exported("every workday", BERLIN)
    (told,) = read(content).timezones
    rules = {one.name: one["rrule"].to_ical().decode() for one in told.walk() if "rrule" in one}
    assert rules == {
        "DAYLIGHT": "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "STANDARD": "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
    }


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Santiago", "Asia/Tokyo"])
@pytest.mark.parametrize("series", SERIES)
def test_libical_shows_the_same_and_objects_to_nothing(series: str, zone: str) -> None:
    content, times = exported(series, ZoneInfo(zone))
    if (read_back := by_libical(content, UNTIL)) is None:
        pytest.skip("libical is not on this computer")
    shown, objections = read_back
    assert objections == []
    assert shown == times


@pytest.mark.parametrize("series", SERIES)
def test_readers_built_on_ical_js_show_the_same(series: str) -> None:
    content, times = exported(series, BERLIN)
    if (shown := by_ical_js(content, UNTIL)) is None:
        pytest.skip("node with ical.js is not on this computer; name its folder by NODE_PATH")
    assert shown == times
