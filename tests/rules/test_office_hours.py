"""Dates keep to the desk's own hours: its closing on each day, its days off, its business days."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.human_dates import understand
from poc_tui.rules.recurrence.series import understand as understand_series
from poc_tui.rules.service.office_hours import OfficeHours
from poc_tui.rules.service.opening_hours import Hours

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 9, 12, tzinfo=BERLIN)

FULL = ((time(9), time(17)),)
LATE = ((time(10), time(18, 30)),)
SHORT = ((time(9), time(13)),)
SPLIT = ((time(8), time(12)), (time(14), time(16)))
OFF = frozenset((date(2026, 11, 25), date(2026, 12, 24), date(2026, 12, 25)))

# Monday and Thursday 9-17, Tuesday 10-18:30, Wednesday split, Friday to 13:00; Wednesday off.
HOURS = Hours((FULL, LATE, SPLIT, FULL, SHORT, (), ()), BERLIN, OFF)


def local(moment: datetime) -> str:
    return f"{moment.astimezone(BERLIN):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("phrase", "due", "back"),
    [
        ("fri", "2026-11-27 13:00", "2026-11-27 09:00"),
        ("friday eod", "2026-11-27 13:00", "2026-11-27 13:00"),
        ("end of week", "2026-11-27 13:00", "2026-11-27 09:00"),
        ("in 4 days", "2026-11-27 13:00", "2026-11-27 09:00"),
        ("27.11.", "2026-11-27 13:00", "2026-11-27 09:00"),
        ("friday afternoon", "2026-11-27 13:00", "2026-11-27 13:00"),
        ("friday 14:00", "2026-11-27 14:00", "2026-11-27 14:00"),
        ("tomorrow", "2026-11-24 18:30", "2026-11-24 10:00"),
        ("next wednesday", "2026-11-25 17:00", "2026-11-25 09:00"),
        ("wed next week", "2026-12-02 16:00", "2026-12-02 08:00"),
        ("saturday", "2026-11-28 17:00", "2026-11-28 09:00"),
        # Wednesday is off, so the third business day is Friday
        ("in 2 Werktagen", "2026-11-26 17:00", "2026-11-26 09:00"),
        ("in 3 business days", "2026-11-27 13:00", "2026-11-27 09:00"),
        ("next business day", "2026-11-24 18:30", "2026-11-24 10:00"),
        ("before thursday", "2026-11-24 18:30", "2026-11-24 10:00"),
        ("2 business days before friday", "2026-11-24 18:30", "2026-11-24 10:00"),
        ("last business day of the month", "2026-11-30 17:00", "2026-11-30 09:00"),
        ("end of week 52", "2026-12-23 16:00", "2026-12-23 08:00"),
    ],
)
def test_a_day_is_as_long_as_the_desk_is_open(phrase: str, due: str, back: str) -> None:
    closing, opening = OfficeHours(HOURS), OfficeHours(HOURS, begins=True)
    assert local(understand(phrase, MONDAY, BERLIN, office=closing)) == due
    assert local(understand(phrase, MONDAY, BERLIN, office=opening)) == back


@pytest.mark.parametrize(
    ("opens", "closes", "hour", "meant"),
    [
        (9, 17, 4, 16),
        (9, 17, 8, 8),
        (9, 17, 12, 12),
        (9, 17, 7, None),
        (7, 15, 7, 7),
        (12, 22, 9, 21),
        (8, 20, 8, 8),
        (8, 20, 7, 19),
        (0, 0, 4, None),
        (20, 23, 10, 22),
    ],
)
def test_an_hour_alone_is_the_one_in_opening_hours(
    opens: int, closes: int, hour: int, meant: int | None
) -> None:
    day = ((time(opens), time(closes)),)
    office = OfficeHours(Hours((day,) * 7, BERLIN))
    if meant is None:
        with pytest.raises(NotUnderstood, match=f"{hour:02}:00 or {hour + 12}:00"):
            understand(f"fri at {hour}", MONDAY, BERLIN, office=office)
    else:
        moment = understand(f"fri at {hour}", MONDAY, BERLIN, office=office)
        assert local(moment) == f"2026-11-27 {meant:02}:00"


def test_a_series_takes_the_hour_of_the_desk() -> None:
    evening = OfficeHours(Hours((((time(14), time(22)),),) * 7, BERLIN), begins=True)
    series = understand_series("every friday at 9", MONDAY, BERLIN, office=evening)
    assert series is not None
    assert local(series.first) == "2026-11-27 21:00"


def test_a_desk_open_until_midnight_closes_in_its_last_minute() -> None:
    office = OfficeHours(Hours((((time(9), time(0)),),) * 7, BERLIN))
    assert local(understand("fri", MONDAY, BERLIN, office=office)) == "2026-11-27 23:59"


def test_a_desk_off_for_ten_years_has_no_next_business_day() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return True

    office = OfficeHours(Hours((FULL,) * 7, BERLIN, Always()))
    with pytest.raises(NotUnderstood, match="ten years"):
        understand("next business day", MONDAY, BERLIN, office=office)
