"""Days off are known by country, region and calendar file; a file that is no good is said so."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from poc_tui.errors import ConfigWrong, NotUnderstood
from poc_tui.rules.service.business_time import add, elapsed
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.service.part_off import PartOff, parse
from poc_tui.settings.active_levels import spelled
from poc_tui.settings.days_off import DaysOff, check, country, hint, spec_of
from poc_tui.settings.holiday_file import MOST_BYTES, MOST_EVENTS, HolidayFile
from tests.helpers.business_time import subtract

BERLIN = ZoneInfo("Europe/Berlin")
NONE: frozenset[date] = frozenset()
BAVARIA = DaysOff(NONE, "DE", "BY")
EPIPHANY = date(2027, 1, 6)
GOOD_FRIDAY = date(2027, 3, 26)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def calendar(*lines: str) -> str:
    """An iCalendar file with these lines in it, as it is exported: CRLF at the end of each."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, "END:VCALENDAR", ""])


def event(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


def all_day(first: str, *lines: str) -> str:
    return event(f"DTSTART;VALUE=DATE:{first}", *lines)


def refusal(content: str | bytes, path: Path) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ConfigWrong) as refused:
        HolidayFile(str(path)).check()
    return str(refused.value)


@pytest.fixture
def ics(tmp_path: Path) -> Path:
    return tmp_path / "holidays.ics"


def days(ics: Path, *events: str) -> list[str]:
    """The days off, from 2026 to 2028, of a calendar with these events: month and day of each."""
    ics.write_bytes(calendar(*events).encode())
    file = HolidayFile(str(ics))
    return [f"{day:%y-%m-%d}" for year in (2026, 2027, 2028) for day in sorted(file.days_of(year))]


# --- public holidays ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "region", "day", "off"),
    [
        # Epiphany is a holiday in Bavaria, and in Berlin a working day.
        ("DE", "BY", EPIPHANY, True),
        ("DE", "BE", EPIPHANY, False),
        ("DE", None, EPIPHANY, False),
        # Women's day is the other way round.
        ("DE", "BE", date(2027, 3, 8), True),
        ("DE", "BY", date(2027, 3, 8), False),
        # Easter Sunday 2027 is 28 March.
        ("DE", None, GOOD_FRIDAY, True),
        ("DE", None, date(2027, 3, 25), False),
        ("DE", None, date(2027, 3, 29), True),
        ("DE", "Bayern", EPIPHANY, True),
        ("AT", None, date(2027, 10, 26), True),
        # Christmas Eve is half a holiday at most, in no law a public one.
        ("DE", "BY", date(2026, 12, 24), False),
        # 4 July 2027 is a Sunday, so the United States have the Monday off.
        ("US", None, date(2027, 7, 5), True),
        # Years the package does not know have no public holidays: they are not an error.
        ("DE", "BY", date(1850, 1, 1), False),
        ("DE", "BY", date(2500, 1, 1), False),
    ],
)
def test_public_holidays_are_those_of_country_and_region(
    country: str, region: str | None, day: date, off: bool
) -> None:
    assert (day in DaysOff(NONE, country, region)) is off


def test_own_days_off_come_on_top() -> None:
    own = date(2026, 12, 24)
    both = DaysOff(frozenset({own}), "DE", "BY")
    assert own in both
    assert EPIPHANY in both
    assert date(2026, 12, 23) not in both


@pytest.mark.parametrize(
    ("country", "region", "said"),
    [
        ("DX", None, r'"hours\.country": no holidays are known for "DX".*DK \(Denmark\)'),
        # The package's own look-up would take a stock exchange, or one of its functions.
        ("XNYS", None, "no holidays are known"),
        ("utils", None, "no holidays are known"),
        ("DE", "BX", r'"hours\.region": DE has no region "BX".*BW \(Baden-Württemberg\)'),
        ("DE", "bayern", r"BY \(Bayern\)"),
        ("LU", "LU", "no regions are known for LU"),
    ],
)
def test_an_unknown_place_is_answered_with_the_nearest(
    country: str, region: str | None, said: str
) -> None:
    wrong = DaysOff(NONE, country, region)
    with pytest.raises(ConfigWrong, match=said):
        wrong.check()
    for _ in range(2):
        with pytest.raises(ConfigWrong, match=said):
            _ = EPIPHANY in wrong


def test_a_deadline_runs_on_where_it_is_no_holiday() -> None:
    """Eight hours from Tuesday 5 January 10:00: seven are left on Tuesday, one more is needed."""
    week = Hours.standard(BERLIN).week
    asked = at("2027-01-05 10:00")
    for region, due in (("BE", "2027-01-06 10:00"), ("BY", "2027-01-07 10:00")):
        hours = Hours(week, BERLIN, DaysOff(NONE, "DE", region))
        assert add(hours, asked, timedelta(hours=8)) == at(due)


def test_forty_eight_business_hours_over_easter() -> None:
    """Twelve hours a day, 07:00-19:00 from Monday to Friday; asked on Wednesday 24 March 13:00.

    Wed 24 Mar   13:00-19:00    6 h, 42 to go
    Thu 25 Mar   07:00-19:00   12 h, 30 to go
    Fri 26 Mar   Good Friday    0
    Sat, Sun     closed         0    (and on Sunday the clocks go forward)
    Mon 29 Mar   Easter Monday  0
    Tue 30 Mar   07:00-19:00   12 h, 18 to go
    Wed 31 Mar   07:00-19:00   12 h,  6 to go
    Thu 1 Apr    07:00-13:00    6 h, done at 13:00, which is 11:00 in UTC by now
    """
    from datetime import UTC, time

    day = ((time(7), time(19)),)
    hours = Hours((day, day, day, day, day, (), ()), BERLIN, DaysOff(NONE, "DE"))
    work = timedelta(hours=48)
    asked, due = at("2027-03-24 13:00"), datetime(2027, 4, 1, 11, tzinfo=UTC)
    assert add(hours, asked, work) == due
    assert elapsed(hours, asked, due) == work
    assert subtract(hours, due, work) == asked


# --- a calendar file ---------------------------------------------------------------------------


def test_an_event_is_off_from_its_first_day_up_to_its_end(ics: Path) -> None:
    """DTEND is the first day that is no longer part of it (RFC 5545, 3.6.1)."""
    shut = all_day("20261229", "DTEND;VALUE=DATE:20270103", "SUMMARY:Between the years")
    assert days(ics, shut) == ["26-12-29", "26-12-30", "26-12-31", "27-01-01", "27-01-02"]


def test_an_event_without_an_end_is_off_for_its_day(ics: Path) -> None:
    same_day_twice = all_day("20270402", "DTEND;VALUE=DATE:20270402")
    assert days(ics, all_day("20270401"), same_day_twice) == ["27-04-01", "27-04-02"]
    assert days(ics, all_day("20270401", "DURATION:P1W"))[-1] == "27-04-07"


def test_a_yearly_event_comes_every_year_but_the_excepted(ics: Path) -> None:
    foundation = all_day(
        "20190514", "RRULE:FREQ=YEARLY", "EXDATE;VALUE=DATE:20200514,20270514", "DURATION:P2D"
    )
    assert days(ics, foundation) == ["26-05-14", "26-05-15", "28-05-14", "28-05-15"]


@pytest.mark.parametrize(
    ("first", "rule", "found"),
    [
        # the fourth Thursday of November
        ("20201126", "BYMONTH=11;BYDAY=4TH", ["26-11-26", "27-11-25", "28-11-23"]),
        # the last Friday of the year
        ("20201225", "BYDAY=-1FR", ["26-12-25", "27-12-31", "28-12-29"]),
        ("20261224", "INTERVAL=2", ["26-12-24", "28-12-24"]),
        ("20251224", "COUNT=3", ["26-12-24", "27-12-24"]),
        ("20251224", "UNTIL=20271224", ["26-12-24", "27-12-24"]),
        # an end with a time of day, as some programs write it
        ("20251224", "UNTIL=20271224T225959Z", ["26-12-24", "27-12-24"]),
        # 29 February is there in leap years only
        ("20240229", "", ["28-02-29"]),
        # from New Year's Eve into the new year: the first is the day after the one in 2025
        ("20251231", "", ["26-12-31", "27-12-31", "28-12-31"]),
    ],
)
def test_yearly_rules(first: str, rule: str, found: list[str], ics: Path) -> None:
    assert days(ics, all_day(first, f"RRULE:FREQ=YEARLY;{rule}".rstrip(";"))) == found


def test_a_yearly_event_reaches_into_the_next_year(ics: Path) -> None:
    holidays = all_day("20251231", "DTEND;VALUE=DATE:20260102", "RRULE:FREQ=YEARLY;COUNT=2")
    assert days(ics, holidays) == ["26-01-01", "26-12-31", "27-01-01"]


def test_one_occurrence_can_be_moved_or_cancelled(ics: Path) -> None:
    series = all_day("20200601", "UID:outing", "RRULE:FREQ=YEARLY")
    moved = all_day("20260603", "UID:outing", "RECURRENCE-ID;VALUE=DATE:20260601")
    gone = all_day(
        "20270601", "UID:outing", "RECURRENCE-ID;VALUE=DATE:20270601", "STATUS:CANCELLED"
    )
    assert days(ics, series, moved, gone) == ["26-06-03", "28-06-01"]


def test_what_is_cancelled_is_no_day_off_and_what_is_marked_free_is_one(ics: Path) -> None:
    free = all_day("20270401", "TRANSP:TRANSPARENT")
    tentative = all_day("20270402", "STATUS:TENTATIVE")
    cancelled = all_day("20270403", "STATUS:cancelled")
    assert days(ics, free, tentative, cancelled) == ["27-04-01", "27-04-02"]


def test_an_appointment_at_a_time_is_no_day_off(ics: Path) -> None:
    party = event("DTSTART;TZID=Europe/Berlin:20271224T100000", "DTEND:20271224T120000Z")
    assert days(ics, party, all_day("20271231")) == ["27-12-31"]


def test_further_days_of_an_event_count(ics: Path) -> None:
    assert days(ics, all_day("20260501", "RDATE;VALUE=DATE:20270507,20280505")) == [
        "26-05-01",
        "27-05-07",
        "28-05-05",
    ]


def test_what_else_a_calendar_holds_does_not_matter(ics: Path) -> None:
    zone = "\r\n".join(
        [
            *("BEGIN:VTIMEZONE", "TZID:Own", "BEGIN:STANDARD", "DTSTART:19701025T030000"),
            *("RRULE:FREQ=SECONDLY", "END:STANDARD", "END:VTIMEZONE"),
        ]
    )
    reminded = all_day(
        "20270401", "BEGIN:VALARM", "DURATION:PT5M", "END:VALARM", "SUMMARY:Weird\r\n  and folded"
    )
    assert days(ics, zone, reminded) == ["27-04-01"]


def test_lines_may_be_folded_and_end_without_a_carriage_return(ics: Path) -> None:
    content = calendar(all_day("20270401", "RRULE:FREQ=\r\n YEARLY")).replace("\r\n", "\n")
    ics.write_text(content, encoding="utf-8-sig", newline="")
    assert HolidayFile(str(ics)).days_of(2028) == {date(2028, 4, 1)}


def test_the_file_and_the_country_add_up(ics: Path) -> None:
    ics.write_text(calendar(all_day("20271224")))
    both = DaysOff(frozenset({date(2027, 12, 23)}), "DE", "BY", str(ics))
    both.check()
    assert [d for d in range(20, 29) if date(2027, 12, d) in both] == [23, 24, 25, 26]


# --- a file that cannot be used ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["DTSTART;VALUE=DATE:20271399"], "DTSTART cannot be read"),
        (["DTSTART;VALUE=DATE:tomorrow"], "DTSTART cannot be read"),
        (["SUMMARY:x"], "has no DTSTART"),
        (["DTSTART:20270101", "DTSTART:20270102"], "gives DTSTART twice"),
        (["DTSTART:20270101", "DTEND:20260101"], "ends before it begins"),
        (["DTSTART:20270101", "DTEND:20290101"], "lasts over a year"),
        (["DTSTART:20270101", "DTEND:20270101T120000"], "no clear beginning and end"),
        (["DTSTART:15000101"], "begins before 1583"),
        (["DTSTART:99991231"], "no clear beginning and end"),
        (["DTSTART:20270101", "EXDATE:never"], "EXDATE cannot be read"),
        (["DTSTART:20270101", "RRULE:FREQ=WEEKLY"], "not yearly"),
        (["DTSTART:20270101", "RRULE:FREQ=SECONDLY"], "not yearly"),
        (["DTSTART:20270101", "RRULE:FREQ=YEARLY;BYHOUR=1"], "not yearly"),
        (["DTSTART:20270101", "RRULE:FREQ=YEARLY;INTERVAL=0"], "never gives a day"),
        (["DTSTART:20270101", "RRULE:FREQ=YEARLY;INTERVAL=-1"], "never gives a day"),
        (["DTSTART:20270101", "RRULE:FREQ=YEARLY;BYDAY=99MO"], "never gives a day"),
        (["DTSTART:20270101", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"], "never gives a day"),
        (["DTSTART:20270101", "RRULE:FREQ=YEARLY;COUNT=" + "9" * 20], "RRULE cannot be read"),
        (
            ["DTSTART:15830101", "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"],
            "too many repetitions",
        ),
        (["DTSTART:20270101", "STATUS:CANCELLED", "STATUS:CONFIRMED"], "gives STATUS twice"),
    ],
)
def test_an_event_that_cannot_be_is_said_with_the_line_it_begins_in(
    lines: list[str], said: str, ics: Path
) -> None:
    sentence = refusal(calendar("X-NAME:Days off", event(*lines)), ics)
    assert sentence.startswith(f'"hours.calendar": {ics}, line 4: ')
    assert said in sentence


NO_CALENDARS = {
    "empty": (b"", "has no events"),
    "a page of the web": (b"<html>\n", "line 1: this is no iCalendar"),
    "bytes": (bytes(range(128)), "line 1: this is no iCalendar"),
    "without events": (calendar().encode(), "has no events"),
    "only appointments": (calendar(event("DTSTART:20270101T12")).encode(), "no all-day event"),
    "cut off": (calendar(all_day("20270101")).encode()[:60], "is no whole iCalendar file"),
    "crossed": (calendar(event("END:VTODO")).encode(), "line 4: END:VTODO ends what did not begin"),
    "latin-1": (calendar("X-NAME:Bäckerei Ott").encode("latin-1"), "line 3: this is not UTF-8"),
    "huge": (b"BEGIN:VCALENDAR\r\n" + b" " * MOST_BYTES, "larger than 1 MB"),
    "events": (calendar(*[all_day("20270101")] * (MOST_EVENTS + 1)).encode(), "more than 2000"),
    "rules": (
        calendar(*[all_day("15830101", "RRULE:FREQ=YEARLY")] * 100).encode(),
        "too many repetitions",
    ),
}


@pytest.mark.parametrize(("content", "said"), NO_CALENDARS.values(), ids=NO_CALENDARS)
def test_a_file_that_is_no_calendar_of_holidays_is_said(
    content: bytes, said: str, ics: Path
) -> None:
    sentence = refusal(content, ics)
    assert str(ics) in sentence
    assert said in sentence


def test_a_file_that_is_not_there_is_said_whenever_it_is_needed(tmp_path: Path) -> None:
    missing = DaysOff(NONE, calendar=str(tmp_path / "missing.ics"))
    for ask in (missing.check, lambda: missing.spec, lambda: EPIPHANY in missing):
        with pytest.raises(ConfigWrong, match=r"missing\.ics cannot be read: No such file"):
            ask()


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices of POSIX")
def test_a_pipe_is_not_waited_for_and_a_device_not_read_without_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.ics")
    for path in (str(tmp_path / "pipe.ics"), "/dev/zero", str(tmp_path)):
        with pytest.raises(ConfigWrong, match=r"a pipe|a device|Is a directory"):
            HolidayFile(path).check()


NAMES = ("DTSTART", "DTEND", "RRULE", "RDATE", "EXDATE", "UID", "RECURRENCE-ID", "DURATION")
VALUES = ("20270101", "T100000Z", "FREQ=YEARLY", "BYDAY=", "1MO", "P1D", "99", "-", "0", "ä")
SIGNS = (":", ";", "=", ",", '"', "\\", "^", "\r\n", "\r\n ", "BEGIN:VEVENT", "END:VEVENT")
PIECES = st.sampled_from([*NAMES, *VALUES, *SIGNS])


@settings(max_examples=200, deadline=None)
@given(pieces=st.lists(PIECES, max_size=30))
def test_whatever_a_file_holds_it_gives_days_or_a_sentence(
    pieces: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.ics"
    path.write_bytes(calendar(all_day("20270101", "".join(pieces))).encode())
    found: frozenset[date] = NONE
    with suppress(ConfigWrong):
        found = HolidayFile(str(path)).days_of(2027)
    assert all(day.year == 2027 for day in found)


# --- the fingerprint, and what is not imported -------------------------------------------------


def test_the_fingerprint_says_country_region_own_days_and_what_the_file_holds(ics: Path) -> None:
    ics.write_text(calendar(all_day("20270101")))
    own = frozenset({date(2026, 12, 31), date(2026, 12, 24)})
    before = DaysOff(own, "DE", "BY", str(ics))
    assert before.spec.startswith("own=2026-12-24,2026-12-31 country=DE region=BY calendar=sha256:")
    assert before == DaysOff(own, "DE", "BY", str(ics))
    assert hash(before) == hash(DaysOff(own, "DE", "BY", str(ics)))
    spec = before.spec
    ics.write_text(calendar(all_day("20270102")))
    after = DaysOff(own, "DE", "BY", str(ics))
    assert after.spec != spec
    assert after != before
    assert {BAVARIA, DaysOff(NONE, "DE", "BE"), DaysOff(NONE, "DE", "BY")} == {
        BAVARIA,
        DaysOff(NONE, "DE", "BE"),
    }


def test_the_same_file_elsewhere_gives_the_same_days(tmp_path: Path) -> None:
    for name in ("a.ics", "b.ics"):
        (tmp_path / name).write_text(calendar(all_day("20270101")))
    here, there = (DaysOff(NONE, calendar=str(tmp_path / name)) for name in ("a.ics", "b.ics"))
    assert here == there
    assert hash(here) == hash(there)


def test_plain_days_have_a_fingerprint_and_need_no_check() -> None:
    own = frozenset({EPIPHANY})
    check(own)
    assert spec_of(own) == spec_of(DaysOff(own)) == "own=2027-01-06"
    assert spec_of(BAVARIA) == BAVARIA.spec
    with pytest.raises(ConfigWrong):
        check(DaysOff(NONE, "XX"))
    with pytest.raises(TypeError):
        spec_of(range(3))  # type: ignore[arg-type]


def test_nothing_heavy_is_imported_before_a_day_that_would_be_open_is_asked_about(
    tmp_path: Path,
) -> None:
    """Neither the settings nor a Sunday need the holidays; a Monday does."""
    (tmp_path / "holidays.ics").write_text(calendar(all_day("20270101")))
    settings = tmp_path / "config.toml"
    settings.write_text('[hours]\ncountry = "DE"\ncalendar = "holidays.ics"\n')
    program = """
import sys
from datetime import date
from poc_tui.settings.load import load
from poc_tui.rules.service.opening_hours import opens

def heavy():
    return {"holidays", "icalendar", "dateutil", "poc_tui.settings.holiday_file"} & set(sys.modules)

hours = load(sys.argv[1], {"TZ": "Europe/Berlin"}).hours
assert opens(hours, date(2027, 1, 3)) is None
assert not heavy(), heavy()
assert opens(hours, date(2027, 1, 4)) is not None
assert heavy()
assert opens(hours, date(2027, 1, 1)) is None
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(settings)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert (done.returncode, done.stderr) == (0, "")


# --- parts of days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("2026-12-24 12:00-", PartOff(2026, 12, 24, time(12), time(0))),
        ("2026-12-24 -12:00", PartOff(2026, 12, 24, time(0), time(12))),
        ("2026-12-24 10:00-14:30", PartOff(2026, 12, 24, time(10), time(14, 30))),
        ("2026-12-24 9:00 - 24:00", PartOff(2026, 12, 24, time(9), time(0))),
        ("12-24 12:00-", PartOff(None, 12, 24, time(12), time(0))),
        ("12-31", PartOff(None, 12, 31, time(0), time(0))),
        ("02-29", PartOff(None, 2, 29, time(0), time(0))),
    ],
)
def test_a_part_of_a_day_is_read_and_said_again(text: str, part: PartOff) -> None:
    assert parse(text) == part
    assert parse(str(part)) == part


@pytest.mark.parametrize(
    "text",
    [
        "", "24.12. 12:00-", "2026-12-24", "2026-12-24 -", "2026-12-24 12:00", "2026-02-30 12:00-",
        "2026-12-24 14:00-12:00", "2026-12-24 12:00-12:00", "2026-12-24 25:00-", "13-01 12:00-",
        "2026-02-29 12:00-", "heiligabend 12:00-", "12-24 -",
    ],
)  # fmt: skip
def test_what_is_no_part_of_a_day_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood, match="no part of a day"):
        parse(text)


def test_parts_of_days_are_told_from_each_other_when_levels_are_compared() -> None:
    plain = Hours.standard(BERLIN)
    half = Hours(plain.week, BERLIN, parts_off=(parse("12-24 12:00-"),))
    assert spelled(half) == f"{spelled(plain)}; 12-24 12:00- off"


# --- a country without its region ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "region", "missing"),
    [
        ("GB", None, "each region has 2 to 5 more"),
        ("CH", None, "Name yours with hours.region, such as AG (Aargau)"),
        ("GB", "ENG", ""),
        ("AT", None, ""),
        ("NL", None, ""),
    ],
)
def test_a_country_whose_regions_all_have_more_days_asks_for_the_region(
    country: str, region: str | None, missing: str
) -> None:
    said = hint(DaysOff(frozenset(), country, region), 2026)
    assert missing in said
    assert bool(said) == bool(missing)


def test_a_file_of_days_off_needs_no_region(ics: Path) -> None:
    assert hint(DaysOff(frozenset(), "CH", None, str(ics)), 2026) == ""
    assert hint(frozenset(), 2026) == ""


@pytest.mark.parametrize("words", ["DE", "de ", "Germany", "ger"])
def test_a_country_is_known_by_its_code_and_by_its_name(words: str) -> None:
    found = country(words)
    assert (found.code, found.name, sorted(found.weekend)) == ("DE", "Germany", [5, 6])
    assert ("BY", "BY Bayern") in found.regions
    assert found.days("BY", 2026) > found.days("", 2026) == 9


@pytest.mark.parametrize(("words", "near"), [("united", "GB"), ("Atlantis", "AL"), ("", "")])
def test_what_is_no_country_or_several_is_said_with_what_is_like_it(words: str, near: str) -> None:
    with pytest.raises(NotUnderstood, match=f"is no country; like it are.*{near}"):
        country(words)
