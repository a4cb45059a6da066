"""In which country a computer stands, by its zone and its locale."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from poc_tui.rules.time_source import SystemZone
from poc_tui.system import country
from poc_tui.system.country import country_here


@pytest.mark.parametrize(
    ("zone", "environ", "code"),
    [
        ("Europe/Berlin", {"LANG": "en_US.UTF-8"}, "DE"),
        ("", {"TZ": ":Europe/Vienna", "LANG": "de_DE.UTF-8"}, "AT"),
        ("UTC", {"LANG": "de_CH.UTF-8"}, "CH"),
        ("UTC", {"LC_ALL": "fr_BE", "LANG": "de_CH.UTF-8"}, "BE"),
        ("UTC", {"LANG": "C.UTF-8"}, ""),
        ("UTC", {}, ""),
    ],
)
def test_the_zone_says_it_and_else_the_locale(
    zone: str, environ: dict[str, str], code: str
) -> None:
    assert country_here(environ, ZoneInfo(zone) if zone else SystemZone()) == code


def test_without_a_table_of_zones_the_locale_says_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(country, "TZPATH", ())
    monkeypatch.setattr(country, "_OF_ZONES", "no-such.tab")
    assert country_here({"LANG": "de_AT.UTF-8"}, ZoneInfo("Europe/Berlin")) == "AT"
