"""What recurs is understood as it is meant, comes when it should, and reads the same elsewhere."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrule, rruleset, rrulestr
from hypothesis import assume, given, strategies as st

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.office import Office
from poc_tui.rules.dates.tokens import YEARS_AHEAD
from poc_tui.rules.recurrence.calendar_rule import CalendarSeries, told
from poc_tui.rules.recurrence.rule import MOST, Rule, after, check, following, next_time, say
from poc_tui.rules.recurrence.series import Series, rhythm, understand
from tests.helpers.hostile_text import TEXTS
from tests.rules.test_dates import PHRASES, UNDERSTOOD as PLAIN_DATES

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")
ST_JOHNS = ZoneInfo("America/St_Johns")
MONDAY = datetime(2026, 11, 23, 9, 12, tzinfo=BERLIN)
LAST_DAY = datetime(9999, 12, 31, 12, tzinfo=UTC)

WORKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"

# Monday 23 November 2026, 09:12. The day starts at 9:00, which is past.
UNDERSTOOD = {
    # weekdays: today if the time is still to come
    "every monday 9:00": ("2026-11-30 09:00", "FREQ=WEEKLY;BYDAY=MO"),
    "every monday": ("2026-11-30 09:00", "FREQ=WEEKLY;BYDAY=MO"),
    "Every Monday 14:00": ("2026-11-23 14:00", "FREQ=WEEKLY;BYDAY=MO"),
    "every monday at 2pm": ("2026-11-23 14:00", "FREQ=WEEKLY;BYDAY=MO"),
    "every mo": ("2026-11-30 09:00", "FREQ=WEEKLY;BYDAY=MO"),
    "9:00 every monday": ("2026-11-30 09:00", "FREQ=WEEKLY;BYDAY=MO"),
    "mondays": ("2026-11-30 09:00", "FREQ=WEEKLY;BYDAY=MO"),
    "every tuesday at 0:00": ("2026-11-24 00:00", "FREQ=WEEKLY;BYDAY=TU"),
    "every monday and thursday": ("2026-11-26 09:00", "FREQ=WEEKLY;BYDAY=MO,TH"),
    "every thursday and every monday": ("2026-11-26 09:00", "FREQ=WEEKLY;BYDAY=MO,TH"),
    "every mon, wed and fri 10:00": ("2026-11-23 10:00", "FREQ=WEEKLY;BYDAY=MO,WE,FR"),
    "every tue/thu": ("2026-11-24 09:00", "FREQ=WEEKLY;BYDAY=TU,TH"),
    "every fri-mon": ("2026-11-27 09:00", "FREQ=WEEKLY;BYDAY=MO,FR,SA,SU"),
    "every monday evening at 8": ("2026-11-23 20:00", "FREQ=WEEKLY;BYDAY=MO"),
    "jeden montag 9:00": ("2026-11-30 09:00", "FREQ=WEEKLY;BYDAY=MO"),
    "jeden Montag um 14 Uhr": ("2026-11-23 14:00", "FREQ=WEEKLY;BYDAY=MO"),
    "jeden Di. und Do.": ("2026-11-24 09:00", "FREQ=WEEKLY;BYDAY=TU,TH"),
    "montags und donnerstags 8 Uhr": ("2026-11-26 08:00", "FREQ=WEEKLY;BYDAY=MO,TH"),
    "jeden Freitagabend": ("2026-11-27 19:00", "FREQ=WEEKLY;BYDAY=FR"),
    # workdays
    "every workday": ("2026-11-24 09:00", WORKDAYS),
    "an Werktagen": ("2026-11-24 09:00", WORKDAYS),
    "an Arbeitstagen um 14:00": ("2026-11-23 14:00", WORKDAYS),
    "on business days": ("2026-11-24 09:00", WORKDAYS),
    "every 2 mondays": ("2026-11-30 09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    "alle 3 freitags": ("2026-11-27 09:00", "FREQ=WEEKLY;INTERVAL=3;BYDAY=FR"),
    "every weekday 8:00": ("2026-11-24 08:00", WORKDAYS),
    "every working day": ("2026-11-24 09:00", WORKDAYS),
    "weekdays at 9": ("2026-11-24 09:00", WORKDAYS),
    "every monday to friday": ("2026-11-24 09:00", WORKDAYS),
    "jeden werktag": ("2026-11-24 09:00", WORKDAYS),
    "werktags": ("2026-11-24 09:00", WORKDAYS),
    "jeden Mo-Fr 10:00": ("2026-11-23 10:00", WORKDAYS),
    # days
    "daily": ("2026-11-24 09:00", "FREQ=DAILY"),
    "every day": ("2026-11-24 09:00", "FREQ=DAILY"),
    "daily 14:00": ("2026-11-23 14:00", "FREQ=DAILY"),
    "every day at noon": ("2026-11-23 12:00", "FREQ=DAILY"),
    "täglich": ("2026-11-24 09:00", "FREQ=DAILY"),
    "taeglich 9.30 Uhr": ("2026-11-23 09:30", "FREQ=DAILY"),
    "every morning": ("2026-11-24 09:00", "FREQ=DAILY"),
    "jeden Morgen": ("2026-11-24 09:00", "FREQ=DAILY"),
    "jeden Abend": ("2026-11-23 19:00", "FREQ=DAILY"),
    "every other day": ("2026-11-25 09:00", "FREQ=DAILY;INTERVAL=2"),
    "every 3 days 14:00": ("2026-11-26 14:00", "FREQ=DAILY;INTERVAL=3"),
    "alle 14 Tage": ("2026-12-07 09:00", "FREQ=DAILY;INTERVAL=14"),
    "14-tägig": ("2026-12-07 09:00", "FREQ=DAILY;INTERVAL=14"),
    # weeks: one interval from now, unless a day is named
    "weekly": ("2026-11-30 09:00", "FREQ=WEEKLY"),
    "weekly 14:00": ("2026-11-30 14:00", "FREQ=WEEKLY"),
    "once a week": ("2026-11-30 09:00", "FREQ=WEEKLY"),
    "wöchentlich": ("2026-11-30 09:00", "FREQ=WEEKLY"),
    "every 2 weeks": ("2026-12-07 09:00", "FREQ=WEEKLY;INTERVAL=2"),
    "every second week": ("2026-12-07 09:00", "FREQ=WEEKLY;INTERVAL=2"),
    "fortnightly": ("2026-12-07 09:00", "FREQ=WEEKLY;INTERVAL=2"),
    "every six weeks": ("2027-01-04 09:00", "FREQ=WEEKLY;INTERVAL=6"),
    "once every 6 weeks": ("2027-01-04 09:00", "FREQ=WEEKLY;INTERVAL=6"),
    "alle 6 wochen": ("2027-01-04 09:00", "FREQ=WEEKLY;INTERVAL=6"),
    "alle sechs Wochen": ("2027-01-04 09:00", "FREQ=WEEKLY;INTERVAL=6"),
    "jede zweite Woche": ("2026-12-07 09:00", "FREQ=WEEKLY;INTERVAL=2"),
    "every 2 weeks on friday": ("2026-11-27 09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
    "jeden zweiten Montag": ("2026-11-30 09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    "jeden 2. Montag": ("2026-11-30 09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    "alle 2 Wochen montags": ("2026-11-30 09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    # months
    "monthly": ("2026-12-23 09:00", "FREQ=MONTHLY"),
    "monatlich": ("2026-12-23 09:00", "FREQ=MONTHLY"),
    "einmal im Monat": ("2026-12-23 09:00", "FREQ=MONTHLY"),
    "every quarter": ("2027-02-23 09:00", "FREQ=MONTHLY;INTERVAL=3"),
    "jedes Quartal": ("2027-02-23 09:00", "FREQ=MONTHLY;INTERVAL=3"),
    "every half year": ("2027-05-23 09:00", "FREQ=MONTHLY;INTERVAL=6"),
    "every month on the 1st": ("2026-12-01 09:00", "FREQ=MONTHLY;BYMONTHDAY=1"),
    "every month on the 23rd at 10": ("2026-11-23 10:00", "FREQ=MONTHLY;BYMONTHDAY=23"),
    "every 15th": ("2026-12-15 09:00", "FREQ=MONTHLY;BYMONTHDAY=15"),
    "monthly on 15": ("2026-12-15 09:00", "FREQ=MONTHLY;BYMONTHDAY=15"),
    "on the 1st of every month": ("2026-12-01 09:00", "FREQ=MONTHLY;BYMONTHDAY=1"),
    "every first of the month": ("2026-12-01 09:00", "FREQ=MONTHLY;BYMONTHDAY=1"),
    "jeden monat am 1.": ("2026-12-01 09:00", "FREQ=MONTHLY;BYMONTHDAY=1"),
    "am 15. jeden Monats um 8": ("2026-12-15 08:00", "FREQ=MONTHLY;BYMONTHDAY=15"),
    "every 2 months on the 30th": ("2026-11-30 09:00", "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=30"),
    "every last day of the month": ("2026-11-30 09:00", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    "jeden letzten Tag im Monat": ("2026-11-30 09:00", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    "Ende jeden Monats": ("2026-11-30 09:00", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    "every month on the 31st": ("2026-11-30 09:00", "FREQ=MONTHLY;BYMONTHDAY=-1"),
    # years
    "yearly": ("2027-11-23 09:00", "FREQ=YEARLY"),
    "jährlich": ("2027-11-23 09:00", "FREQ=YEARLY"),
    "every year on 24.12.": ("2026-12-24 09:00", "FREQ=YEARLY"),
    "jedes Jahr am 1. März": ("2027-03-01 09:00", "FREQ=YEARLY"),
    "every 3 May 10:00": ("2027-05-03 10:00", "FREQ=YEARLY"),
    "every year on 24.12.1980": ("2026-12-24 09:00", "FREQ=YEARLY"),
    # a leap day is kept in years that have none, and comes again in the year that has it
    "yearly from 29.02.2028": ("2028-02-29 09:00", "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=29"),
    # a start
    "every 6 weeks from 1.12.": ("2026-12-01 09:00", "FREQ=WEEKLY;INTERVAL=6"),
    "alle 6 Wochen ab 1.12.": ("2026-12-01 09:00", "FREQ=WEEKLY;INTERVAL=6"),
    "ab 1.12. alle 6 Wochen": ("2026-12-01 09:00", "FREQ=WEEKLY;INTERVAL=6"),
    "every 6 weeks starting tomorrow 14:00": ("2026-11-24 14:00", "FREQ=WEEKLY;INTERVAL=6"),
    "every 6 weeks 8:00 from 1.12.": ("2026-12-01 08:00", "FREQ=WEEKLY;INTERVAL=6"),
    "every 6 weeks from 1.3.": ("2027-03-01 09:00", "FREQ=WEEKLY;INTERVAL=6"),
    "every 6 weeks from today": ("2027-01-04 09:00", "FREQ=WEEKLY;INTERVAL=6"),
    "every 6 weeks from today 14:00": ("2026-11-23 14:00", "FREQ=WEEKLY;INTERVAL=6"),
    "every 2 weeks on friday from 1.12.": ("2026-12-04 09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
    "monthly on the 1st from 1.12.": ("2026-12-01 09:00", "FREQ=MONTHLY;BYMONTHDAY=1"),
    "monthly from 30.1.": ("2027-01-30 09:00", "FREQ=MONTHLY;BYMONTHDAY=30"),
    "every 24.12. from 1.1.2027": ("2027-12-24 09:00", "FREQ=YEARLY"),
    "daily from today": ("2026-11-24 09:00", "FREQ=DAILY"),
    "täglich ab 9 Uhr": ("2026-11-24 09:00", "FREQ=DAILY"),
}

REFUSED = {
    "every blue moon": "every monday 9:00",
    "every": "every monday 9:00",
    "every so often": "every monday 9:00",
    "every first monday": "every monday 9:00",
    "every third friday": "every monday 9:00",
    "every monday tomorrow": "every monday 9:00",
    "every monday 9:00 and thursday 10:00": "every monday 9:00",
    "every monday 9:00 UTC": "every monday 9:00",
    "monthly on friday": "every monday 9:00",
    "weekly on the 1st": "every monday 9:00",
    "daily weekly": "every monday 9:00",
    # a number of something is no hour
    "2 fridays": "every monday 9:00",
    "in 2 fridays": "every monday 9:00",
    "monthly 15": "every monday 9:00",
    "every month 15": "every monday 9:00",
    "every week 2": "every monday 9:00",
    "every 1.5 weeks": "every monday 9:00",
    "every 6 weeks 1.12": "every monday 9:00",
    "every 6 weeks from": "every monday 9:00",
    "twice a week": "every monday 9:00",
    "every evening at 8:00 in the morning": "every monday 9:00",
    "every 3 hours": "more often than daily",
    "alle 10 Minuten": "more often than daily",
    "every 0 weeks": "from 1 to 520",
    "every 521 weeks": "from 1 to 520",
    "every 9999 days": "from 1 to 3650",
    "every month on the 32nd": "from 1 to 31",
    "every monday 25:00": "0:00 to 24:00",
    "every 6 weeks from 30 feb": "no day 30 in month 2",
    "every 6 weeks from 1.11.2026": "past",
    "every 6 weeks from blue moon": "'blue moon' is no date",
    "every monday 9:00 from 1.12. 10:00": "Leave one of them out",
    "every year on 24.12.2090": "too far off",
}

RULES = st.one_of(
    *(
        st.integers(1, MOST[freq]).map(f"FREQ={freq};INTERVAL={{}}".format)
        for freq in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
    ),
    st.tuples(
        st.integers(1, 520),
        st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1),
    ).map(lambda drawn: f"FREQ=WEEKLY;INTERVAL={drawn[0]};BYDAY={','.join(drawn[1])}"),
    st.tuples(st.integers(1, 120), st.integers(1, 31) | st.just(-1)).map(
        lambda drawn: f"FREQ=MONTHLY;INTERVAL={drawn[0]};BYMONTHDAY={drawn[1]}"
    ),
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


def local(moment: datetime, zone: ZoneInfo = BERLIN) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M}"


def wall(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def turns(rule: str, begin: str, count: int, zone: ZoneInfo = BERLIN) -> list[str]:
    """The next so many times of the series that began then."""
    began = moment = wall(begin, zone)
    found = []
    for _ in range(count):
        moment = following(rule, began, moment, zone)
        found.append(local(moment, zone))
    return found


@pytest.mark.parametrize(("words", "meant"), UNDERSTOOD.items())
def test_phrases_mean_what_they_say(words: str, meant: tuple[str, str]) -> None:
    series = understand(words, MONDAY, BERLIN)
    assert series is not None
    assert (local(series.first), series.rule) == meant
    assert series.first.tzinfo is UTC


@pytest.mark.parametrize(("words", "reason"), REFUSED.items())
def test_what_recurs_and_cannot_be_read_is_refused_with_a_reason(words: str, reason: str) -> None:
    with pytest.raises(NotUnderstood, match=reason):
        understand(words, MONDAY, BERLIN)


@pytest.mark.parametrize("words", [*PLAIN_DATES, "", " ", "blue moon", "never", "Meyer AG", "0"])
def test_words_about_a_single_date_are_left_to_the_dates(words: str) -> None:
    assert understand(words, MONDAY, BERLIN) is None


def test_the_start_of_the_day_is_what_the_caller_says() -> None:
    series = understand("every monday", MONDAY, BERLIN, office=Office(time(10, 30)))
    assert series == Series(wall("2026-11-23 10:30").astimezone(UTC), "FREQ=WEEKLY;BYDAY=MO")


def test_a_start_is_read_in_the_order_of_the_locale() -> None:
    series = understand("weekly from 3/4/2027", MONDAY, BERLIN, day_first=False)
    assert series is not None
    assert local(series.first) == "2027-03-04 09:00"


def test_monthly_on_a_31st_keeps_to_the_end_of_the_month() -> None:
    series = understand("monthly", wall("2027-01-31 12:00"), BERLIN)
    assert series is not None
    assert local(series.first) == "2027-02-28 09:00"
    assert local(following(series.rule, series.first, series.first, BERLIN)) == "2027-03-31 09:00"


def test_yearly_on_a_leap_day_comes_back_to_it() -> None:
    series = understand("yearly", wall("2028-02-29 08:00"), BERLIN)
    assert series is not None
    moment, found = series.first, []
    for _ in range(4):
        found.append(local(moment))
        moment = following(series.rule, moment, moment, BERLIN)
    assert found == [
        "2029-02-28 09:00",
        "2030-02-28 09:00",
        "2031-02-28 09:00",
        "2032-02-29 09:00",
    ]


@pytest.mark.parametrize(
    ("rule", "begin", "expected"),
    [
        # nine o'clock stays nine o'clock, in March and in October
        ("FREQ=DAILY", "2027-03-27 09:00", ["2027-03-28 09:00", "2027-03-29 09:00"]),
        ("FREQ=DAILY", "2027-10-30 09:00", ["2027-10-31 09:00", "2027-11-01 09:00"]),
        ("FREQ=WEEKLY;INTERVAL=6", "2027-03-01 09:00", ["2027-04-12 09:00", "2027-05-24 09:00"]),
        # 2:30 is skipped on 28 March 2027 and comes twice on 31 October
        (
            "FREQ=DAILY",
            "2027-03-26 02:30",
            ["2027-03-27 02:30", "2027-03-28 03:30", "2027-03-29 02:30"],
        ),
        ("FREQ=DAILY", "2027-10-30 02:30", ["2027-10-31 02:30", "2027-11-01 02:30"]),
        # the ends of months: the last day, and the 31st again after it
        (
            "FREQ=MONTHLY",
            "2027-01-31 09:00",
            ["2027-02-28 09:00", "2027-03-31 09:00", "2027-04-30 09:00"],
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=30",
            "2027-12-30 09:00",
            ["2028-01-30 09:00", "2028-02-29 09:00", "2028-03-30 09:00"],
        ),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2027-01-31 09:00", ["2027-02-28 09:00"]),
        ("FREQ=MONTHLY;INTERVAL=3", "2026-11-30 09:00", ["2027-02-28 09:00", "2027-05-30 09:00"]),
        ("FREQ=YEARLY", "2028-02-29 09:00", ["2029-02-28 09:00", "2030-02-28 09:00"]),
        # weeks are counted from Monday: the Friday is in the week of the start, Monday two later
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
            "2026-11-25 09:00",
            ["2026-11-27 09:00", "2026-12-07 09:00", "2026-12-11 09:00", "2026-12-21 09:00"],
        ),
        (WORKDAYS, "2026-11-26 09:00", ["2026-11-27 09:00", "2026-11-30 09:00"]),
    ],
)
def test_a_series_goes_on_in_local_time(rule: str, begin: str, expected: list[str]) -> None:
    assert turns(rule, begin, len(expected)) == expected


def test_the_second_of_two_half_past_twos_is_followed_by_the_next_day() -> None:
    second = datetime(2027, 10, 31, 2, 30, tzinfo=BERLIN, fold=1)
    assert local(following("FREQ=DAILY", second, second, BERLIN)) == "2027-11-01 02:30"
    # a year on, on the next day that has two, it is the first
    year_on = following("FREQ=WEEKLY;INTERVAL=52", second, second, BERLIN)
    assert year_on == datetime(2028, 10, 29, 0, 30, tzinfo=UTC)


def test_clocks_put_back_to_the_day_before_repeat_nothing() -> None:
    """Newfoundland went from 0:01 on 7 November 2010 to 23:01 on the 6th: midnight came twice."""
    midnight = wall("2010-11-01 00:00", ST_JOHNS)
    between = datetime(2010, 11, 6, 23, 30, tzinfo=ST_JOHNS, fold=1)
    assert local(following("FREQ=DAILY", midnight, between, ST_JOHNS), ST_JOHNS) == (
        "2010-11-08 00:00"
    )


def test_no_day_comes_before_the_series_began() -> None:
    wednesday, past = wall("2026-11-25 00:00").date(), wall("2025-01-01 00:00")
    monday_or_friday = Rule("WEEKLY", weekdays=frozenset((0, 4)))
    assert local(next_time(monday_or_friday, wednesday, time(9), past, BERLIN)) == (
        "2026-11-27 09:00"
    )


def test_a_day_that_a_country_left_out_is_not_lost() -> None:
    """Samoa went from 29 to 31 December 2011; what was set for Friday the 30th comes on the 31st.

    So it has two turns at the same moment, which is one.
    """
    assert turns("FREQ=DAILY", "2011-12-29 09:00", 2, APIA) == [
        "2011-12-31 09:00",
        "2012-01-01 09:00",
    ]
    assert turns("FREQ=WEEKLY;BYDAY=FR", "2011-12-23 09:00", 2, APIA) == [
        "2011-12-31 09:00",
        "2012-01-06 09:00",
    ]


def test_the_zone_decides_which_day_it_is() -> None:
    late = wall("2026-11-22 23:30", NEW_YORK)  # Monday morning in Berlin
    assert local(following("FREQ=WEEKLY;BYDAY=MO", late, late, BERLIN)) == "2026-11-30 05:30"
    assert local(following("FREQ=WEEKLY;BYDAY=MO", late, late, NEW_YORK), NEW_YORK) == (
        "2026-11-23 23:30"
    )


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=DAILY", "2026-11-24 09:00"),
        (WORKDAYS, "2026-11-24 09:00"),
        ("FREQ=WEEKLY;INTERVAL=2", "2026-11-28 09:00"),
        ("FREQ=MONTHLY", "2026-12-01 09:00"),
        ("FREQ=YEARLY;INTERVAL=4", "2028-01-01 09:00"),
    ],
)
def test_what_was_missed_for_years_comes_once(rule: str, expected: str) -> None:
    assert local(following(rule, wall("2000-01-01 09:00"), MONDAY, BERLIN)) == expected


def test_a_series_that_begins_later_waits_for_its_second_time() -> None:
    assert local(following("FREQ=DAILY", wall("2026-12-24 09:00"), MONDAY, BERLIN)) == (
        "2026-12-25 09:00"
    )


def test_nine_thousand_years_of_missed_days_are_not_walked_through() -> None:
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        moment = following(
            "FREQ=DAILY", datetime(1, 1, 2, tzinfo=UTC), LAST_DAY - timedelta(hours=20), UTC
        )
    finally:
        sys.setprofile(None)
    assert moment == datetime(9999, 12, 31, tzinfo=UTC)
    assert calls < 1_000


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=MONTHLY", "FREQ=YEARLY;INTERVAL=10"])
def test_the_end_of_the_calendar_is_a_refusal(rule: str) -> None:
    with pytest.raises(NotUnderstood, match="9999"):
        following(rule, LAST_DAY, LAST_DAY, UTC)


@given(rule=RULES, at=MOMENTS, passed=st.integers(0, 5 * 366))
def test_the_next_time_is_the_first_that_a_calendar_shows(
    rule: str, at: datetime, passed: int
) -> None:
    now = at + timedelta(days=passed)
    expected = min(
        after
        for one in told(rule, at, UTC)
        if (after := shown(one).after(now.replace(tzinfo=None))) is not None
    )
    assert following(rule, at, now, UTC) == expected.replace(tzinfo=UTC)


def shown(series: CalendarSeries) -> rruleset:
    """The series as another program makes it from what a calendar is told."""
    days = rruleset()
    rule = rrulestr(series.rule, dtstart=series.first.replace(tzinfo=None))
    assert isinstance(rule, rrule)
    days.rrule(rule)
    for at in series.without:
        days.exdate(at.replace(tzinfo=None))
    return days


@given(rule=RULES, at=MOMENTS, now=MOMENTS)
def test_the_next_time_is_later_and_on_the_rule(rule: str, at: datetime, now: datetime) -> None:
    moment = following(rule, at, now, BERLIN)
    assert moment.tzinfo is UTC
    assert moment > max(at, now)
    again, began = moment.astimezone(BERLIN), at.astimezone(BERLIN)
    skipped = again.time() != began.time()
    gap = again.replace(hour=began.hour, minute=began.minute, fold=0)
    assert not skipped or local(gap.astimezone(UTC)) == local(moment)
    if "BYDAY" in rule:
        assert f"{again:%a}".upper()[:2] in rule
    if "BYMONTHDAY" in rule:
        wanted = int(rule.rpartition("=")[2])
        in_a_day = again + timedelta(days=1)
        assert again.day == wanted or (in_a_day.day == 1 and wanted not in range(1, again.day))


@given(rule=RULES, at=MOMENTS)
def test_what_is_said_of_a_rule_is_understood_as_that_rule(rule: str, at: datetime) -> None:
    assume(at.day <= 27)  # the 29th to 31st write their day into a rule that has none
    series = understand(say(rule), at, UTC)
    assert series is not None
    assert series.rule == check(rule)
    assert series.first > at


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "every day"),
        ("FREQ=DAILY;INTERVAL=3", "every 3 days"),
        ("FREQ=WEEKLY", "every week"),
        ("FREQ=WEEKLY;INTERVAL=6", "every 6 weeks"),
        ("FREQ=WEEKLY;BYDAY=MO", "every Monday"),
        ("FREQ=WEEKLY;BYDAY=MO,TH", "every Monday and Thursday"),
        ("FREQ=WEEKLY;BYDAY=FR,MO,WE", "every Monday, Wednesday and Friday"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "every 2 weeks on Monday"),
        (WORKDAYS, "every workday"),
        ("FREQ=MONTHLY", "every month"),
        ("FREQ=MONTHLY;INTERVAL=3", "every 3 months"),
        ("FREQ=MONTHLY;BYMONTHDAY=1", "every month on the 1st"),
        ("FREQ=MONTHLY;BYMONTHDAY=12", "every month on the 12th"),
        ("FREQ=MONTHLY;BYMONTHDAY=22", "every month on the 22nd"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "every month on the last day"),
        ("FREQ=YEARLY", "every year"),
        ("FREQ=YEARLY;INTERVAL=2", "every 2 years"),
    ],
)
def test_a_rule_is_said_in_words(rule: str, said: str) -> None:
    assert say(rule) == said


@pytest.mark.parametrize(
    ("imported", "kept"),
    [
        ("FREQ=WEEKLY;INTERVAL=6", "FREQ=WEEKLY;INTERVAL=6"),
        ("interval=6;freq=weekly", "FREQ=WEEKLY;INTERVAL=6"),
        (" RRULE:FREQ=DAILY;INTERVAL=1\r\n", "FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=FR,MO,MO", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ("FREQ=MONTHLY;BYMONTHDAY=07", "FREQ=MONTHLY;BYMONTHDAY=7"),
    ],
)
def test_a_rule_is_kept_in_one_form(imported: str, kept: str) -> None:
    assert check(imported) == kept
    assert check(kept) == kept


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ",
        "FREQ=",
        "FREQ=HOURLY",
        "FREQ=SECONDLY",
        "INTERVAL=2",
        "FREQ=DAILY;FREQ=DAILY",
        "FREQ=DAILY;COUNT=3",
        "FREQ=DAILY;UNTIL=20270101T000000Z",
        "FREQ=DAILY;BYDAY=MO",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;BYDAY=MO,XX",
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=32",
        "FREQ=MONTHLY;BYMONTHDAY=-2",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=FR",
        "FREQ=YEARLY;BYMONTH=2",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;INTERVAL=3651",
        "FREQ=DAILY;INTERVAL=99999999999999999999",
        "FREQ=DAILY;INTERVAL=１",
        "FREQ=DAILY;INTERVAL=1\nEVIL:1",
        "FREQ=DAILY\nEVIL:1",
        "FREQ=DAILY;INTERVAL=--1",
    ],
)
def test_a_rule_that_this_desk_does_not_make_is_refused(rule: str) -> None:
    with pytest.raises(NotUnderstood):
        check(rule)


@pytest.mark.parametrize(
    ("rule", "begin", "expected"),
    [
        ("FREQ=WEEKLY;INTERVAL=6", "2027-01-31 09:00", "FREQ=WEEKLY;INTERVAL=6"),
        ("FREQ=MONTHLY", "2027-01-28 09:00", "FREQ=MONTHLY"),
        ("FREQ=MONTHLY", "2027-01-31 09:00", "FREQ=MONTHLY;BYMONTHDAY=-1"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=30",
            "2027-02-28 09:00",
            "FREQ=MONTHLY;BYMONTHDAY=30 FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=29",
            "2026-11-29 09:00",
            "FREQ=YEARLY;BYMONTH=5,8,11;BYMONTHDAY=29 FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1",
        ),
        ("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=30", "2026-11-30 09:00", None),
        (
            "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=30",
            "2026-11-30 09:00",
            "FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=30 FREQ=YEARLY;INTERVAL=5;BYMONTH=2;BYMONTHDAY=-1",
        ),
        ("FREQ=YEARLY", "2027-12-31 09:00", "FREQ=YEARLY"),
        ("FREQ=YEARLY", "2028-02-29 09:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
    ],
)
def test_a_calendar_is_told_of_short_months_in_its_own_terms(
    rule: str, begin: str, expected: str | None
) -> None:
    rules = " ".join(series.rule for series in told(rule, wall(begin), BERLIN))
    assert rules == (rule if expected is None else expected)
    # Readers built on ical.js take such a list for each of its days.
    assert "BYSETPOS" not in rules


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        ("6 weeks", "FREQ=WEEKLY;INTERVAL=6"),
        ("six weeks", "FREQ=WEEKLY;INTERVAL=6"),
        ("6w", "FREQ=WEEKLY;INTERVAL=6"),
        ("every 6 weeks", "FREQ=WEEKLY;INTERVAL=6"),
        ("alle 6 Wochen", "FREQ=WEEKLY;INTERVAL=6"),
        ("sechs Wochen", "FREQ=WEEKLY;INTERVAL=6"),
        ("monthly", "FREQ=MONTHLY"),
        ("a month", "FREQ=MONTHLY"),
        ("3 mo", "FREQ=MONTHLY;INTERVAL=3"),
        ("every quarter", "FREQ=MONTHLY;INTERVAL=3"),
        ("quarter", "FREQ=MONTHLY;INTERVAL=3"),
        ("Quartal", "FREQ=MONTHLY;INTERVAL=3"),
        ("10 days", "FREQ=DAILY;INTERVAL=10"),
        ("once a year", "FREQ=YEARLY"),
        ("14-tägig", "FREQ=DAILY;INTERVAL=14"),
    ],
)
def test_a_contact_rhythm_is_a_length_of_time(words: str, rule: str) -> None:
    assert rhythm(words) == rule


@pytest.mark.parametrize(
    "words",
    [
        "",
        " ",
        "6",
        "weeks 6",
        "never",
        "1.12.",
        "3 hours",
        "0 weeks",
        "600 weeks",
        "every monday",
        "every workday",
        "every 15th",
        "every year on 24.12.",
        "every morning",
        "6 weeks 9:00",
        "every 6 weeks from 1.12.",
        "in 6 weeks",
    ],
)
def test_a_contact_rhythm_with_a_day_or_a_time_is_refused(words: str) -> None:
    with pytest.raises(NotUnderstood):
        rhythm(words)


@pytest.mark.parametrize(
    ("words", "since", "due"),
    [
        ("6 weeks", "2026-11-23 09:12", "2027-01-04 09:12"),
        ("6 weeks", "2027-03-01 16:40", "2027-04-12 16:40"),
        ("monthly", "2027-01-31 10:00", "2027-02-28 10:00"),
        ("every quarter", "2026-11-30 10:00", "2027-02-28 10:00"),
        ("yearly", "2028-02-29 10:00", "2029-02-28 10:00"),
        ("10 days", "2027-10-25 10:00", "2027-11-04 10:00"),
    ],
)
def test_a_customer_is_due_one_interval_after_the_last_contact(
    words: str, since: str, due: str
) -> None:
    assert local(after(rhythm(words), wall(since), BERLIN)) == due


HOSTILE = [
    *TEXTS.values(),
    "every monday " + "9" * 10_000,
    "every " * 2_000,
    "every \0 monday",
    "every \ud800 monday",
    "every monday\x1b[31m",
    "every monday \u202e9:00",
    "every " + "9" * 90 + " weeks",
    "every ² weeks",
    "every monday from " + "from " * 15,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused_in_one_short_harmless_line(text: str) -> None:
    refusals = []
    for read in (lambda words: understand(words, MONDAY, BERLIN), rhythm, check, say):
        try:
            assert read(text) is None
        except NotUnderstood as refused:
            refusals.append(str(refused))
    assert len(refusals) >= 3
    assert all(refusal.isprintable() and len(refusal) < 250 for refusal in refusals)


VOCABULARY = """
    every each jeden alle daily monthly once other second last first 2nd 1st 31. 14-tägig 6 0 six
    weeks month jahr quarter monday mo-fr werktag mondays and on am the of from ab 9:00 9 14 uhr
    2pm evening morgen 1.12. 29.2. 24 december today half + - , /
"""
WORDS = st.lists(st.sampled_from(VOCABULARY.split()), max_size=8).map(" ".join)


@given(phrase=WORDS | PHRASES.map("every {}".format) | st.text(max_size=120), now=MOMENTS)
def test_no_text_whatsoever_breaks_it(phrase: str, now: datetime) -> None:
    refusal, series = "", None
    try:
        series = understand(phrase, now, BERLIN)
    except NotUnderstood as refused:
        refusal = str(refused)
    assert refusal.isprintable()
    if series is not None:
        assert now < series.first < now + timedelta(days=366 * (YEARS_AHEAD + 1))
        assert check(series.rule) == series.rule
        assert following(series.rule, series.first, now, BERLIN) > series.first
