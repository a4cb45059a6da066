"""Moments out of the store, the absurd ones too: every one of them can be shown in every zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from poc_tui.quick.json_text import LocalTimes
from poc_tui.rules.dates.format import say
from poc_tui.rules.service import shown_date
from poc_tui.store.queries.reader import moment, seconds

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
FIRST = seconds(datetime.min.replace(tzinfo=UTC))
LAST = seconds(datetime.max.replace(microsecond=0, tzinfo=UTC))
ZONES = (
    ZoneInfo("Europe/Berlin"),
    ZoneInfo("America/Los_Angeles"),
    ZoneInfo("Pacific/Kiritimati"),
    timezone(timedelta(hours=-23, minutes=-59)),
    timezone(timedelta(hours=23, minutes=59)),
)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@pytest.mark.parametrize("at", [-(2**63), FIRST, FIRST + 86_400, LAST - 86_400, LAST, 2**63 - 1])
def test_whatever_the_store_has_is_shown_in_every_zone(at: int, zone: timezone | ZoneInfo) -> None:
    shown = moment(at)
    for words in (
        say(shown, NOW, zone),
        shown_date.past(shown, NOW, zone),
        shown_date.moment(shown, NOW, zone),
    ):
        assert words
    assert LocalTimes(zone).of(shown) == LocalTimes(zone).of_seconds(at)


def test_moments_that_can_be_are_given_to_the_second() -> None:
    assert moment(seconds(NOW)) == NOW
    assert moment(-1) == datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert moment(None) is None
