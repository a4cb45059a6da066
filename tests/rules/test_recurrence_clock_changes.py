"""A series keeps its day and hour over years, whatever the clocks of its zone do in between."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings, strategies as st

from poc_tui.rules.recurrence.calendar_rule import told
from poc_tui.rules.recurrence.rule import following, keeping_clock, parse
from poc_tui.rules.recurrence.series import understand

ZONES = {
    "Europe/Berlin": 2026,
    "America/New_York": 2026,
    "Australia/Lord_Howe": 2026,  # half an hour
    "America/Sao_Paulo": 2017,  # at midnight, the last time in 2018
    "Africa/Cairo": 2022,  # at midnight, again since 2023
    "Asia/Beirut": 2026,  # at midnight
    "America/Nuuk": 2026,  # an hour before midnight
    "Pacific/Apia": 2011,  # left out 30 December 2011
}
"""Each with the year in which the series are begun."""
PHRASES = {
    "every day": "FREQ=DAILY",
    "every 3 days": "FREQ=DAILY;INTERVAL=3",
    "every week": "FREQ=WEEKLY",
    "every workday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "every 2 weeks on sunday": "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU",
    "every month on the 31st": "FREQ=MONTHLY;BYMONTHDAY=-1",
    "every last sunday of the month": "FREQ=MONTHLY;BYDAY=-1SU",
    "every 2nd tuesday of the month": "FREQ=MONTHLY;BYDAY=2TU",
    "every last workday of the month": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "every third workday of the month": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3",
    "every year": "FREQ=YEARLY",
}


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("clock", ["00:00", "02:15", "09:00", "23:30"])
@pytest.mark.parametrize("phrase", PHRASES)
def test_done_day_after_day_a_series_stays_where_a_calendar_has_it(
    phrase: str, clock: str, zone: str
) -> None:
    """Each time is reckoned from the one before alone, as when a reminder is marked as done."""
    place = ZoneInfo(zone)
    years = 6 if "month" in phrase or "year" in phrase else 1.2
    now = datetime(ZONES[zone], 6, 1, 12, tzinfo=place)
    series = understand(f"{phrase} {clock}", now, place)
    assert series is not None
    begin = _wall(series.first, place, clock)
    until = begin + timedelta(days=366 * years)
    walls = sorted(
        wall
        for one in told(series.rule, series.first, place)
        for wall in rrulestr(one.rule, dtstart=one.first).between(begin, until, inc=True)
        if wall not in one.without
    )
    # A day that was left out and the day after it have the same moment.
    expected = list(dict.fromkeys(wall.replace(tzinfo=place).astimezone(UTC) for wall in walls))
    moment, found = series.first, []
    for _ in expected:
        found.append(moment)
        moment = following(series.rule, moment, moment, place)
    assert found == expected


def _wall(moment: datetime, place: ZoneInfo, clock: str) -> datetime:
    """The naive wall time at which the series begins."""
    return datetime.combine(moment.astimezone(place).date(), time.fromisoformat(clock))


@pytest.mark.parametrize(
    ("phrase", "rule"), [(phrase, rule) for phrase, rule in PHRASES.items() if rule]
)
def test_the_rule_is_that_of_rfc_5545(phrase: str, rule: str) -> None:
    now = datetime(2026, 11, 1, 12, tzinfo=UTC)
    series = understand(f"{phrase} 9:00", now, UTC)
    assert series is not None
    assert series.rule == rule
    shown = min(
        rrulestr(one.rule, dtstart=one.first)[0] for one in told(series.rule, series.first, UTC)
    )
    assert shown == _naive(series.first)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def test_half_past_two_is_half_past_two_again_after_the_day_without_it() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    series = understand("every day 2:30", datetime(2027, 3, 26, 12, tzinfo=berlin), berlin)
    assert series is not None
    moment, found = series.first, []
    for _ in range(4):
        found.append(f"{moment.astimezone(berlin):%d %H:%M}")
        moment = following(series.rule, moment, moment, berlin)
    assert found == ["27 02:30", "28 03:30", "29 02:30", "30 02:30"]


def test_a_series_moved_by_hand_keeps_its_new_hour() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    moved = datetime(2027, 3, 29, 14, tzinfo=berlin)
    after = following("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", moved, moved, berlin)
    assert after == datetime(2027, 3, 30, 14, tzinfo=berlin)


def test_only_a_time_that_clocks_skip_is_written_into_the_rule() -> None:
    berlin, day = ZoneInfo("Europe/Berlin"), datetime(2026, 11, 23).date()  # noqa: DTZ001
    rule = parse("FREQ=DAILY")
    assert str(keeping_clock(rule, day, time(2, 30), berlin)) == "FREQ=DAILY;BYHOUR=2;BYMINUTE=30"
    assert str(keeping_clock(rule, day, time(3, 0), berlin)) == "FREQ=DAILY"
    assert str(keeping_clock(rule, day, time(9, 0), berlin)) == "FREQ=DAILY"


def test_a_leap_day_comes_on_the_last_of_february_and_back_to_the_29th() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for words in ("yearly on 29.02.", "every 29 february", "jedes Jahr am 29. Februar"):
        series = understand(words, datetime(2026, 11, 23, 9, tzinfo=berlin), berlin)
        assert series is not None
        moment, found = series.first, []
        for _ in range(6):
            found.append(f"{moment.astimezone(berlin):%Y-%m-%d}")
            moment = following(series.rule, moment, moment, berlin)
        assert found == [
            "2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29",
        ]  # fmt: skip


@settings(max_examples=60)
@given(
    zone=st.sampled_from(sorted(ZONES)),
    clock=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    now=st.datetimes(datetime(2010, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
)
def test_a_daily_series_has_one_time_a_day(zone: str, clock: time, now: datetime) -> None:
    place = ZoneInfo(zone)
    series = understand(f"every day {clock:%H:%M}", now.replace(tzinfo=place), place)
    assert series is not None
    moment = series.first
    for _ in range(400):
        later = following(series.rule, moment, moment, place)
        assert timedelta(hours=20) < later - moment < timedelta(hours=28) or zone == "Pacific/Apia"
        moment = later
    wall = moment.astimezone(place).time()
    day = moment.astimezone(place).date()
    skipped = datetime.combine(day, clock.replace(fold=0), place).astimezone(UTC)
    assert wall == clock or skipped == moment or wall.hour == 0
