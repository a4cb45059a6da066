"""Business time passes only while the desk is open, to the second, whatever the clocks do."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, strategies as st

from poc_tui.errors import NotUnderstood
from poc_tui.rules.service.business_time import (
    add,
    business_days_before,
    day_said,
    elapsed,
    parse_work,
    say_work,
)
from poc_tui.rules.service.opening_hours import Hours, closes, next_open, opens
from poc_tui.rules.service.part_off import PartOff
from tests.helpers.business_time import business_days_after, parse_business_days, subtract

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours.standard(BERLIN)
CHRISTMAS = Hours(OFFICE.week, BERLIN, frozenset({date(2026, 12, 25), date(2027, 1, 1)}))
ALWAYS = Hours((((time(0), time(0)),),) * 7, BERLIN)
NIGHTS = Hours((((time(1), time(2, 30)), (time(3), time(4)), (time(22), time(0))),) * 7, BERLIN)
COUNTER = Hours(
    (((time(9), time(12)), (time(13), time(17))),) * 4
    + (((time(9), time(12)),), ((time(10), time(13)),), ()),
    BERLIN,
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.parametrize(
    ("desk", "start", "work", "done"),
    [
        # Monday 23 November 2026
        (OFFICE, "2026-11-23 09:00", hours(8), "2026-11-23 17:00"),
        (OFFICE, "2026-11-23 09:12", hours(4), "2026-11-23 13:12"),
        (OFFICE, "2026-11-23 16:00", hours(2), "2026-11-24 10:00"),
        (OFFICE, "2026-11-23 09:00", hours(16), "2026-11-24 17:00"),
        (OFFICE, "2026-11-23 09:12", hours(40), "2026-11-30 09:12"),
        (OFFICE, "2026-11-23 09:12", hours(0), "2026-11-23 09:12"),
        # outside hours the clock starts at the next opening
        (OFFICE, "2026-11-23 07:00", hours(1), "2026-11-23 10:00"),
        (OFFICE, "2026-11-23 17:00", hours(1), "2026-11-24 10:00"),
        (OFFICE, "2026-11-27 20:00", hours(1), "2026-11-30 10:00"),
        (OFFICE, "2026-11-28 12:00", hours(8), "2026-11-30 17:00"),
        (OFFICE, "2026-11-27 16:30", hours(1), "2026-11-30 09:30"),
        # holidays
        (CHRISTMAS, "2026-12-24 16:00", hours(2), "2026-12-28 10:00"),
        (CHRISTMAS, "2026-12-31 16:00", hours(2), "2027-01-04 10:00"),
        (CHRISTMAS, "2026-12-25 12:00", hours(1), "2026-12-28 10:00"),
        # a break at noon, half a Friday, Saturday open
        (COUNTER, "2026-11-23 11:30", hours(1), "2026-11-23 13:30"),
        (COUNTER, "2026-11-23 12:30", hours(1), "2026-11-23 14:00"),
        (COUNTER, "2026-11-26 16:00", hours(5), "2026-11-28 11:00"),
        (COUNTER, "2026-11-28 12:30", hours(1), "2026-11-30 09:30"),
        # Berlin skips 02:00-03:00 on 29 March and has it twice on 25 October 2026
        (ALWAYS, "2026-03-28 12:00", hours(24), "2026-03-29 13:00"),
        (ALWAYS, "2026-10-24 12:00", hours(24), "2026-10-25 11:00"),
        (OFFICE, "2026-03-27 16:00", hours(2), "2026-03-30 10:00"),
        (OFFICE, "2026-10-23 16:00", hours(2), "2026-10-26 10:00"),
        # 02:30 comes twice, and the first one closes
        (NIGHTS, "2026-10-25 00:30", hours(1.5), "2026-10-25 02:30"),
    ],
)
def test_work_is_done_when_that_much_business_time_has_passed(
    desk: Hours, start: str, work: timedelta, done: str
) -> None:
    finished = add(desk, at(start), work)
    assert finished == at(done).astimezone(UTC)
    assert finished.tzinfo is UTC
    assert elapsed(desk, at(start), finished) == work


@pytest.mark.parametrize(
    ("desk", "start", "end", "passed"),
    [
        (OFFICE, "2026-11-23 09:12", "2026-11-23 13:12", hours(4)),
        (OFFICE, "2026-11-23 08:00", "2026-11-23 18:00", hours(8)),
        (OFFICE, "2026-11-27 16:00", "2026-11-30 10:00", hours(2)),
        (OFFICE, "2026-11-28 09:00", "2026-11-29 17:00", hours(0)),
        (OFFICE, "2026-11-23 13:00", "2026-11-23 09:00", hours(0)),
        (OFFICE, "2026-01-01 00:00", "2026-12-31 23:59", hours(8 * 261)),
        (CHRISTMAS, "2026-12-24 16:00", "2026-12-28 10:00", hours(2)),
        (COUNTER, "2026-11-23 00:00", "2026-11-30 00:00", hours(4 * 7 + 3 + 3)),
        (ALWAYS, "2026-03-29 00:00", "2026-03-30 00:00", hours(23)),
        (ALWAYS, "2026-10-25 00:00", "2026-10-26 00:00", hours(25)),
        # 02:30 does not exist: it is 03:30 then, and the span from 03:00 is not counted twice
        (NIGHTS, "2026-03-29 00:00", "2026-03-29 12:00", hours(2)),
    ],
)
def test_only_open_time_passes(desk: Hours, start: str, end: str, passed: timedelta) -> None:
    assert elapsed(desk, at(start), at(end)) == passed


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-11-23 10:00", "2026-11-23 10:00"),
        ("2026-11-23 09:00", "2026-11-23 09:00"),
        ("2026-11-23 08:59", "2026-11-23 09:00"),
        ("2026-11-23 12:00", "2026-11-23 13:00"),
        ("2026-11-28 13:00", "2026-11-30 09:00"),
    ],
)
def test_the_next_opening(moment: str, opening: str) -> None:
    assert next_open(COUNTER, at(moment)) == at(opening)


def test_a_day_opens_and_closes_once() -> None:
    assert opens(COUNTER, date(2026, 11, 23)) == at("2026-11-23 09:00")
    assert closes(COUNTER, date(2026, 11, 23)) == at("2026-11-23 17:00")
    assert opens(COUNTER, date(2026, 11, 29)) is None
    assert closes(COUNTER, date(2026, 11, 29)) is None
    assert closes(CHRISTMAS, date(2026, 12, 25)) is None
    assert closes(ALWAYS, date(2026, 11, 23)) == at("2026-11-24 00:00")


@pytest.mark.parametrize(
    ("week", "sentence"),
    [
        (((),) * 7, "closed all week"),
        ((((time(9), time(17)),),) * 5, "seven days"),
        ((((time(17), time(9)),),) * 7, "On Monday 17:00-09:00 closes before it opens"),
        ((((time(9), time(9)),),) * 7, "closes before it opens"),
        ((((time(9), time(13)), (time(12), time(17))),) * 7, "overlap at 12:00"),
        ((((time(13), time(17)), (time(9), time(12))),) * 7, "overlap at 09:00"),
        ((((time(13), time(0)), (time(14), time(15))),) * 7, "overlap at 14:00"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    week: tuple[tuple[tuple[time, time], ...], ...], sentence: str
) -> None:
    with pytest.raises(NotUnderstood, match=sentence):
        Hours(week, BERLIN)


def test_holidays_are_asked_only_about_days_that_would_be_open() -> None:
    class WorkingDays:
        """Days off that somebody has to look up: none falls on a weekend."""

        def __contains__(self, day: object) -> bool:
            assert isinstance(day, date)
            assert day.weekday() < 5
            return day == date(2026, 12, 25)

    desk = Hours(OFFICE.week, BERLIN, WorkingDays())
    assert add(desk, at("2026-12-24 16:00"), hours(2)) == at("2026-12-28 10:00")
    assert subtract(desk, at("2026-12-28 10:00"), hours(2)) == at("2026-12-24 16:00")
    assert business_days_after(desk, at("2026-12-24 16:00"), 1) == at("2026-12-28 16:00")


@pytest.mark.parametrize(
    ("desk", "end", "work", "began"),
    [
        (OFFICE, "2026-11-23 13:12", hours(4), "2026-11-23 09:12"),
        (OFFICE, "2026-11-24 10:00", hours(2), "2026-11-23 16:00"),
        # work that fills the day from its beginning began then, not at the closing before
        (OFFICE, "2026-11-23 13:00", hours(4), "2026-11-23 09:00"),
        (OFFICE, "2026-11-24 17:00", hours(16), "2026-11-23 09:00"),
        # outside hours the clock ran until the last closing
        (OFFICE, "2026-11-24 08:00", hours(1), "2026-11-23 16:00"),
        (OFFICE, "2026-11-24 09:00", hours(1), "2026-11-23 16:00"),
        (OFFICE, "2026-11-29 12:00", hours(8), "2026-11-27 09:00"),
        (OFFICE, "2026-11-29 12:00", hours(0), "2026-11-29 12:00"),
        (CHRISTMAS, "2026-12-28 10:00", hours(2), "2026-12-24 16:00"),
        (COUNTER, "2026-11-23 14:00", hours(2), "2026-11-23 11:00"),
        # 23 hours on 29 March 2026 in Berlin, 25 on 25 October
        (ALWAYS, "2026-03-29 13:00", hours(24), "2026-03-28 12:00"),
        (ALWAYS, "2026-10-25 11:00", hours(24), "2026-10-24 12:00"),
        (OFFICE, "2026-03-30 10:00", hours(2), "2026-03-27 16:00"),
        (OFFICE, "2026-10-26 10:00", hours(2), "2026-10-23 16:00"),
    ],
)
def test_work_until_then_began_that_much_business_time_before(
    desk: Hours, end: str, work: timedelta, began: str
) -> None:
    moment = subtract(desk, at(end), work)
    assert moment == at(began).astimezone(UTC)
    assert moment.tzinfo is UTC
    assert elapsed(desk, moment, at(end)) == work


# Friday 26 March 2027 is Good Friday here, and Sunday the clocks go forward.
EASTER = Hours(OFFICE.week, BERLIN, frozenset({date(2027, 3, 26), date(2027, 3, 29)}))


@pytest.mark.parametrize(
    ("desk", "earlier", "days", "later"),
    [
        (OFFICE, "2026-11-23 09:12", 1, "2026-11-24 09:12"),
        (OFFICE, "2026-11-27 16:00", 1, "2026-11-30 16:00"),
        (OFFICE, "2026-11-23 09:12", 5, "2026-11-30 09:12"),
        (OFFICE, "2026-11-23 09:12", 0, "2026-11-23 09:12"),
        # the wall time counts, within hours or not
        (OFFICE, "2026-11-23 22:30", 2, "2026-11-25 22:30"),
        # a day counts however long it is open
        (COUNTER, "2026-11-26 16:00", 2, "2026-11-28 16:00"),
        # Wed 24, Thu 25 (1), Fri and Mon are holidays, Tue 30 (2), Wed 31 (3)
        (EASTER, "2027-03-24 13:00", 3, "2027-03-31 13:00"),
        (CHRISTMAS, "2026-12-24 16:00", 1, "2026-12-28 16:00"),
        # the clocks go forward, and back, at the weekend between
        (OFFICE, "2027-03-26 09:30", 1, "2027-03-29 09:30"),
        (OFFICE, "2026-10-23 09:30", 1, "2026-10-26 09:30"),
    ],
)
def test_business_days_pass_at_the_same_wall_time(
    desk: Hours, earlier: str, days: int, later: str
) -> None:
    assert business_days_after(desk, at(earlier), days) == at(later).astimezone(UTC)
    assert business_days_before(desk, at(later), days) == at(earlier).astimezone(UTC)


def test_a_business_day_is_shorter_or_longer_when_the_clocks_change() -> None:
    friday = at("2027-03-26 09:30").astimezone(UTC)
    assert business_days_after(OFFICE, friday, 1) - friday == hours(71)
    friday = at("2026-10-23 09:30").astimezone(UTC)
    assert business_days_after(OFFICE, friday, 1) - friday == hours(73)
    # 02:30 is skipped on 29 March 2026, and is 03:30 then; on 25 October it comes twice
    skipped = business_days_after(ALWAYS, at("2026-03-28 02:30"), 1)
    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    twice = business_days_after(ALWAYS, at("2026-10-24 02:30"), 1)
    assert twice == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_what_came_on_a_closed_day_has_waited_a_business_day_when_the_next_is_over() -> None:
    saturday, sunday = at("2026-11-28 10:00"), at("2026-11-29 20:00")
    for came in (saturday, sunday, at("2026-11-30 00:00")):
        assert business_days_after(OFFICE, came, 1) == at("2026-12-01 00:00")
    # seen on Sunday, what came on Thursday has waited all of Friday; what came on Friday has not
    for now in (saturday, sunday, at("2026-11-30 00:00")):
        assert business_days_before(OFFICE, now, 1) == at("2026-11-27 00:00")
    assert (
        business_days_after(OFFICE, sunday, 0) == sunday == business_days_before(OFFICE, sunday, 0)
    )


def test_absurd_numbers_of_business_days_are_refused() -> None:
    start = at("2026-11-23 09:00")
    for count in (business_days_after, business_days_before):
        with pytest.raises(NotUnderstood, match="negative"):
            count(OFFICE, start, -1)
        with pytest.raises(NotUnderstood, match="ten years"):
            count(OFFICE, start, 2700)


def test_negative_work_and_hours_that_stay_closed_are_refused() -> None:
    start = at("2026-11-23 09:00")
    for count in (add, subtract):
        with pytest.raises(NotUnderstood, match="negative"):
            count(OFFICE, start, hours(-1))
    closed = frozenset(start.date() + timedelta(n) for n in range(-4500, 4500))
    never = Hours(OFFICE.week, BERLIN, closed)
    with pytest.raises(NotUnderstood, match="holidays"):
        next_open(never, start)
    for count in (add, subtract):
        with pytest.raises(NotUnderstood, match="never open for that long"):
            count(never, start, hours(1))


@pytest.mark.parametrize(
    ("start", "end", "passed"),
    [
        # 1,404 weeks less the last four days, of five days with eight hours each
        ("2000-01-01 00:12", "2026-11-27 11:00", hours(8 * (5 * 1403 + 4) + 2)),
        ("1970-01-01 00:00", "2026-11-23 09:00", hours(8 * (5 * 2968 + 2))),
        ("2026-11-23 00:00", "2226-11-23 00:00", hours(8 * 52178)),
        ("0001-01-08 00:00", "0001-01-15 00:00", hours(8 * 5)),
    ],
)
def test_business_time_is_business_time_at_any_length(
    start: str, end: str, passed: timedelta
) -> None:
    assert elapsed(OFFICE, at(start), at(end)) == passed


def test_business_time_at_the_ends_of_the_calendar() -> None:
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    now = at("2026-11-23 09:00")
    assert elapsed(OFFICE, first, last) == elapsed(OFFICE, first, now) + elapsed(OFFICE, now, last)
    for count, moment in ((add, last), (subtract, first)):
        with pytest.raises(NotUnderstood, match="never open"):
            count(OFFICE, moment, hours(1000))


def test_counting_over_years_walks_no_days() -> None:
    class Asked:
        """Days off that say how often they were asked."""

        times = 0

        def __contains__(self, day: object) -> bool:
            Asked.times += 1
            return False

    desk = Hours(OFFICE.week, BERLIN, Asked())
    long_ago, now = at("2000-01-03 10:00"), at("2026-11-23 09:12")
    elapsed(desk, long_ago, now)
    Asked.times = 0
    passed = elapsed(desk, long_ago, now)
    assert subtract(desk, add(desk, long_ago, passed), passed) == long_ago
    assert Asked.times <= 20


CHRISTMAS_EVE = PartOff(None, 12, 24, time(12), time(0))


@pytest.mark.parametrize(
    ("off", "start", "end", "passed"),
    [
        # 24 December 2026 is a Thursday
        (CHRISTMAS_EVE, "2026-12-24 09:00", "2026-12-25 09:00", hours(3)),
        (CHRISTMAS_EVE, "2024-12-24 00:00", "2024-12-25 00:00", hours(3)),
        (CHRISTMAS_EVE._replace(year=2026), "2024-12-24 00:00", "2024-12-25 00:00", hours(8)),
        (
            PartOff(2026, 11, 23, time(0), time(13)),
            "2026-11-23 00:00",
            "2026-11-24 00:00",
            hours(4),
        ),
        (
            PartOff(2026, 11, 23, time(10), time(14)),
            "2026-11-23 00:00",
            "2026-11-24 00:00",
            hours(4),
        ),
        (PartOff(None, 12, 31, time(0), time(0)), "2026-12-31 00:00", "2027-01-01 00:00", hours(0)),
        (PartOff(None, 2, 29, time(0), time(0)), "2028-02-28 00:00", "2028-03-02 00:00", hours(16)),
        (
            PartOff(None, 12, 24, time(18), time(0)),
            "2026-12-24 00:00",
            "2026-12-25 00:00",
            hours(8),
        ),
    ],
)
def test_a_part_of_a_day_is_off(off: PartOff, start: str, end: str, passed: timedelta) -> None:
    desk = Hours(OFFICE.week, BERLIN, parts_off=(off,))
    assert elapsed(desk, at(start), at(end)) == passed
    # also where whole years are summed up
    whole = elapsed(desk, at("2020-01-01 00:00"), at("2030-01-01 00:00"))
    assert whole == elapsed(desk, at("2020-01-01 00:00"), at(start)) + passed + elapsed(
        desk, at(end), at("2030-01-01 00:00")
    )


def test_a_day_that_is_off_from_noon_on_closes_at_noon() -> None:
    desk = Hours(OFFICE.week, BERLIN, parts_off=(CHRISTMAS_EVE,))
    assert closes(desk, date(2026, 12, 24)) == at("2026-12-24 12:00")
    assert add(desk, at("2026-12-24 11:00"), hours(2)) == at("2026-12-25 10:00")
    assert business_days_after(desk, at("2026-12-23 10:00"), 1) == at("2026-12-24 10:00")


NUUK = ZoneInfo("America/Nuuk")
FULL = ((time(0), time(0)),)


def test_an_hour_that_is_skipped_before_midnight_is_not_counted_twice() -> None:
    """In Nuuk 23:00 becomes 24:00 on 27 March 2027: a Saturday until 23:30 ends with the day."""
    desk = Hours((FULL,) * 5 + (((time(8), time(23, 30)),), FULL), NUUK)
    start = datetime(2027, 3, 27, 22, 0, tzinfo=NUUK)
    end = datetime(2027, 3, 28, 2, 0, tzinfo=NUUK)
    assert elapsed(desk, start, end) == end.astimezone(UTC) - start.astimezone(UTC) == hours(3)
    assert closes(desk, date(2027, 3, 27)) == opens(desk, date(2027, 3, 28))


ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/Nuuk",  # the clocks change shortly before midnight
        "America/St_Johns",  # at 0:01, back into the day before
        "Africa/Cairo",  # at midnight
        "America/Havana",  # back to midnight
        "Pacific/Apia",  # a day was left out
        "Australia/Lord_Howe",  # by half an hour
        "Africa/Casablanca",  # four times a year
        "UTC",
    ]
).map(ZoneInfo)
CLOCKS = st.integers(0, 95).map(lambda quarter: time(quarter // 4, quarter % 4 * 15))


@st.composite
def weeks(draw: st.DrawFn) -> Hours:
    """A desk in some zone, with spans at any hour, and some days off, whole or in part."""
    week = []
    for _ in range(7):
        marks = sorted(draw(st.sets(CLOCKS, max_size=4)))
        spans = list(zip(marks[::2], marks[1::2], strict=False))
        if draw(st.booleans()):
            spans = [*spans, (marks[-1] if marks else time(0), time(0))]
        week.append(tuple(spans))
    if not any(week):
        week[0] = ((time(9), time(17)),)
    days = draw(st.sets(st.dates(date(2010, 1, 1), date(2012, 12, 31)), max_size=5))
    noon = time(12)
    parts = tuple(PartOff(None, day.month, day.day, noon, time(0)) for day in days)
    return Hours(tuple(week), draw(ZONES), frozenset(days if draw(st.booleans()) else ()), parts)


def walked(desk: Hours, start: datetime, end: datetime) -> timedelta:
    """The business time between two moments, minute by minute of the wall clock, in UTC."""
    passed, step = timedelta(0), timedelta(minutes=1)
    moment = start
    while moment < end:
        local = moment.astimezone(desk.zone)
        clock, open_now = local.time(), desk.open_on(local.date())
        passed += step * any(a <= clock and (b == time(0) or clock < b) for a, b in open_now)
        moment += step
    return passed


@given(desk=weeks(), day=st.dates(date(2010, 1, 2), date(2012, 12, 30)))
def test_a_day_without_a_change_of_the_clocks_is_as_the_wall_clock_has_it(
    desk: Hours, day: date
) -> None:
    start = datetime.combine(day, time(0), desk.zone).astimezone(UTC)
    end = datetime.combine(day + timedelta(days=1), time(0), desk.zone).astimezone(UTC)
    middle = start + timedelta(hours=12)
    offsets = {at.astimezone(desk.zone).utcoffset() for at in (start, middle, end)}
    assume(len(offsets) == 1)
    assert elapsed(desk, start, end) == walked(desk, start, end)


MINUTES = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minute: datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


@given(desk=weeks(), moments=st.lists(MINUTES, min_size=3, max_size=3))
def test_business_time_adds_up_and_is_never_longer_than_time(
    desk: Hours, moments: list[datetime]
) -> None:
    first, second, third = sorted(moments)
    whole = elapsed(desk, first, third)
    assert whole == elapsed(desk, first, second) + elapsed(desk, second, third)
    assert timedelta(0) <= whole <= third - first


@given(desk=weeks(), start=MINUTES, minutes=st.integers(1, 20_000))
def test_what_was_added_has_passed_whatever_the_clocks_do(
    desk: Hours, start: datetime, minutes: int
) -> None:
    work = timedelta(minutes=minutes)
    done = add(desk, start, work)
    assert elapsed(desk, start, done) == work
    assert elapsed(desk, start, done - timedelta(seconds=1)) < work
    began = subtract(desk, done, work)
    assert began >= start
    assert elapsed(desk, began, done) == work


DESKS = st.sampled_from([OFFICE, CHRISTMAS, COUNTER, NIGHTS, ALWAYS])
MOMENTS = st.datetimes(
    datetime(2025, 1, 1),  # noqa: DTZ001
    datetime(2028, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
WORK = st.integers(0, 400 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@given(desk=DESKS, start=MOMENTS, work=WORK)
def test_as_much_time_has_passed_as_was_added(
    desk: Hours, start: datetime, work: timedelta
) -> None:
    assert elapsed(desk, start, add(desk, start, work)) == work


@given(desk=DESKS, start=MOMENTS, first=WORK, more=WORK)
def test_more_work_is_never_done_earlier(
    desk: Hours, start: datetime, first: timedelta, more: timedelta
) -> None:
    assert start <= add(desk, start, first) <= add(desk, start, first + more)
    assert add(desk, add(desk, start, first), more) == add(desk, start, first + more)


def within(desk: Hours, moment: datetime) -> bool:
    """Whether business time passes right after the moment."""
    return elapsed(desk, moment, moment + timedelta(seconds=1)) > timedelta(0)


@given(desk=DESKS, moment=MOMENTS, work=WORK)
def test_what_is_added_within_hours_can_be_subtracted_again(
    desk: Hours, moment: datetime, work: timedelta
) -> None:
    start = next_open(desk, moment)
    assert subtract(desk, add(desk, start, work), work) == start


@given(desk=DESKS, end=MOMENTS, work=WORK)
def test_subtracting_gives_the_latest_moment_from_which_that_much_passes(
    desk: Hours, end: datetime, work: timedelta
) -> None:
    began = subtract(desk, end, work)
    assert elapsed(desk, began, end) == work
    if work:
        assert within(desk, began)
        assert elapsed(desk, began + timedelta(seconds=1), end) < work


@given(desk=DESKS, moment=MOMENTS, days=st.integers(1, 60))
def test_business_days_there_and_back(desk: Hours, moment: datetime, days: int) -> None:
    noon = next_open(desk, moment).astimezone(BERLIN).replace(hour=12, minute=0, second=0, fold=0)
    later = business_days_after(desk, noon, days)
    assert business_days_before(desk, later, days) == noon
    assert later.astimezone(BERLIN).hour == 12


@given(desk=DESKS, first=MOMENTS, second=MOMENTS, days=st.integers(0, 60))
def test_what_came_later_has_not_waited_longer(
    desk: Hours, first: datetime, second: datetime, days: int
) -> None:
    first, second = sorted((first, second))
    for count in (business_days_after, business_days_before):
        assert count(desk, first, days) <= count(desk, second, days)


@pytest.mark.parametrize(
    ("text", "days"), [("1d", 1), ("3 days", 3), ("1w", 5), ("1w 2d", 7), ("2 Tage", 2)]
)
def test_business_days_are_read(text: str, days: int) -> None:
    assert parse_business_days(text) == days


@pytest.mark.parametrize("text", ["", "3", "0d", "4h", "1d 4h", "-1d", "99999d", "soon"])
def test_what_is_no_number_of_business_days_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood, match="no number of business days"):
        parse_business_days(text)


@pytest.mark.parametrize(
    ("text", "work"),
    [
        ("30min", hours(0.5)),
        ("30m", hours(0.5)),
        ("4h", hours(4)),
        ("4 hours", hours(4)),
        ("1d", hours(8)),
        ("2d", hours(16)),
        ("2 Tage", hours(16)),
        ("1w", hours(40)),
        ("1 Woche", hours(40)),
        ("1d 4h", hours(12)),
        ("1h30min", hours(1.5)),
        (" 2H ", hours(2)),
    ],
)
def test_work_is_read(text: str, work: timedelta) -> None:
    assert parse_work(text) == work


@pytest.mark.parametrize(
    "text", ["", "4", "h", "0h", "-4h", "4x", "1mo", "1y", "99999w", "4h!", "four hours", "٤h"]
)
def test_what_is_no_length_of_work_is_refused(text: str) -> None:
    with pytest.raises(NotUnderstood, match="no length of work"):
        parse_work(text)


@pytest.mark.parametrize(
    ("desk", "said"),
    [
        (OFFICE, "1d is 8 hours of business time, 1w five such days."),
        (COUNTER, "1d is 8 hours of business time, 1w five such days; most days here have 7h."),
        (
            NIGHTS,
            "1d is 8 hours of business time, 1w five such days; most days here have 4h 30min.",
        ),
    ],
)
def test_a_day_of_business_time_says_how_many_hours_it_is(desk: Hours, said: str) -> None:
    assert day_said(desk) == said


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (hours(0.5), "30min"),
        (hours(4), "4h"),
        (hours(8), "1d"),
        (hours(12.5), "1d 4h 30min"),
        (hours(40), "1w"),
        (hours(0), "0min"),
    ],
)
def test_work_is_said_briefly(work: timedelta, said: str) -> None:
    assert say_work(work) == said


@given(minutes=st.integers(1, 500_000))
def test_work_said_is_read_again(minutes: int) -> None:
    work = timedelta(minutes=minutes)
    assert parse_work(say_work(work)) == work
