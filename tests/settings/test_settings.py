"""The settings file: what it may say, what it says when it is wrong, and how it is changed."""

from __future__ import annotations

import os
import stat
import tomllib
from datetime import date, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from poc_tui.commands import COMMANDS
from poc_tui.errors import ConfigWrong, Refused
from poc_tui.rules.service.opening_hours import MIDNIGHT, Hours
from poc_tui.rules.service.part_off import PartOff
from poc_tui.settings.days_off import DaysOff
from poc_tui.settings.edit import listing, set_value, set_values, value_from_words, write_starter
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import OPTIONS, Settings, load, parse_values, settings_from, theme_name
from poc_tui.settings.mail import Server
from poc_tui.system.locations import data_dir
from tests.helpers.mail_setup import one_account

if TYPE_CHECKING:
    from pathlib import Path

BERLIN = {"TZ": "Europe/Berlin"}
STARTER = data_dir() / "config.toml"
DAY = timedelta(hours=8)


def read(text: str) -> Settings:
    """The settings that a file with this text makes, in Berlin."""
    return settings_from(parse_values(text.encode(), "desk.toml"), "desk.toml", BERLIN)


def refusal(text: str) -> str:
    with pytest.raises(ConfigWrong) as refused:
        read(text)
    return str(refused.value)


def awake(starter: str) -> str:
    """The starter with every setting in it brought to life."""
    lines = starter.splitlines()
    return "\n".join(
        line[1:] if line.startswith("#") and not line.startswith("# ") else line for line in lines
    )


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = load(str(tmp_path / "missing" / "config.toml"), BERLIN)
    zone = ZoneInfo("Europe/Berlin")
    assert settings == Settings(
        theme="auto",
        zone=zone,
        day_first=True,
        name="me",
        bell=False,
        daily_backup=True,
        highlight_next=True,
        hours=Hours.standard(zone),
        keys={},
        mail=one_account(
            imap=Server("imap", port=993, first_fetch=timedelta(days=7)),
            smtp=Server("smtp", port=465),
        ),
    )


def test_the_starter_sets_nothing() -> None:
    assert parse_values(STARTER.read_bytes(), "starter") == {}


def test_the_starter_shows_every_setting_with_its_default() -> None:
    text = awake(STARTER.read_text(encoding="utf-8"))
    shown, default = read(text), read("")
    assert shown._replace(keys={}) == default
    theirs, ours = resolve(COMMANDS, shown.keys), resolve(COMMANDS, {})
    assert {c.id: theirs.keys(c.id) for c in COMMANDS} == {c.id: ours.keys(c.id) for c in COMMANDS}
    given = parse_values(text.encode(), "starter")
    assert set(given) == {*OPTIONS, *(f"keys.{command.id}" for command in COMMANDS)}
    assert {key: given[key] for key in OPTIONS} == {k: o.default for k, o in OPTIONS.items()}


def test_everything_can_be_set() -> None:
    settings = read(
        """
        [desk]
        theme = "nord"
        timezone = "America/New_York"
        day_first = false
        name = "Counter 2"
        bell = true
        [hours]
        mon = ["09:00-12:30", "13:30-17:00"]
        fri = []
        sat = ["10:00-14:00"]
        holidays = [2026-12-25, 2026-12-26, "2026-12-24 12:00-", "12-31 -13:00"]
        [keys]
        forward = "W"
        answer = ["ctrl+a", "X"]
        copy_number = ""
        """
    )
    assert settings.theme == "nord"
    assert settings.zone == ZoneInfo("America/New_York")
    assert settings.hours.zone == settings.zone
    assert not settings.day_first
    assert settings.name == "Counter 2"
    assert settings.bell
    nine_to_five = ((time(9), time(17)),)
    assert settings.hours.week == (
        ((time(9), time(12, 30)), (time(13, 30), time(17))),
        nine_to_five,
        nine_to_five,
        nine_to_five,
        (),
        ((time(10), time(14)),),
        (),
    )
    assert settings.hours.holidays == frozenset({date(2026, 12, 25), date(2026, 12, 26)})
    assert settings.hours.parts_off == (
        PartOff(2026, 12, 24, time(12), time(0)),
        PartOff(None, 12, 31, time(0), time(13)),
    )
    assert settings.keys == {"forward": ("W",), "answer": ("ctrl+a", "X"), "copy_number": ()}


@pytest.mark.parametrize(
    ("environ", "zone"),
    [
        ({"TZ": "Asia/Tokyo"}, "zoneinfo.ZoneInfo(key='Asia/Tokyo')"),
        ({"TZ": ":Asia/Tokyo"}, "zoneinfo.ZoneInfo(key='Asia/Tokyo')"),
        ({"TZ": "CET-1CEST,M3.5.0,M10.5.0"}, "SystemZone()"),
        ({"TZ": ""}, "SystemZone()"),
        ({}, "SystemZone()"),
    ],
)
def test_without_a_timezone_the_computers_own_holds(environ: dict[str, str], zone: str) -> None:
    assert repr(settings_from({}, "desk.toml", environ).zone) == zone


def test_deadlines_are_said_to_have_a_file_of_their_own() -> None:
    said = refusal("[deadlines]\nnext_update = '1d'")
    assert said.startswith("desk.toml: ")
    assert "`poc levels` says where" in said


@pytest.mark.parametrize(
    ("text", "key", "nearest"),
    [
        ("[desk]\nthem = 'nord'", "desk.them", "desk.theme"),
        ("theme = 'nord'", "theme", "desk.theme"),
        ("[dsk]\ntheme = 'nord'", "dsk.theme", "desk.theme"),
        ("[dsk]", "dsk", "desk."),
        ("[hours]\nmonday = []", "hours.monday", "hours.mon"),
        ("[keys]\nfoward = 'F'", "foward", '"forward"'),
        ("[keys.forward]\nkey = 'F'", "forward.key", '"forward"'),
    ],
)
def test_an_unknown_key_is_named_with_the_file_and_the_nearest(
    text: str, key: str, nearest: str
) -> None:
    said = refusal(text)
    assert said.startswith("desk.toml")
    assert f'"{key}"' in said
    assert nearest in said.partition("nearest")[2]


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("[desk]\ntheme = 5", "desk.theme", "the name of a theme"),
        ("[desk]\ntheme = ''", "desk.theme", "the name of a theme"),
        ("[desk]\ntimezone = 'Europe/Berlyn'", "desk.timezone", "Europe/Berlin"),
        ("[desk]\ntimezone = 'Europe'", "desk.timezone", "Europe/Berlin"),
        ("[desk]\ntimezone = '/etc/passwd'", "desk.timezone", "Europe/Berlin"),
        ("[desk]\ntimezone = 1", "desk.timezone", "Europe/Berlin"),
        ("[desk]\nday_first = 'yes'", "desk.day_first", "true or false"),
        ("[desk]\nbell = 1", "desk.bell", "true or false"),
        ("[desk]\nname = ''", "desk.name", "a name in one line"),
        ('[desk]\nname = "a\\u001b[2J"', "desk.name", "a name in one line"),
        ("[hours]\nmon = '09:00-17:00'", "hours.mon", "a list of spans"),
        ("[hours]\nmon = [9]", "hours.mon", "a list of spans"),
        ("[hours]\nmon = ['9-17']", "hours.mon", "a list of spans"),
        ("[hours]\nmon = ['09:00-25:00']", "hours.mon", "a list of spans"),
        ("[hours]\nmon = ['09:00Z-17:00Z']", "hours.mon", "a list of spans"),
        ("[hours]\nmon = ['09:00-17:00Z']", "hours.mon", "a list of spans"),
        ("[hours]\nmon = ['17:00-09:00']", "hours.mon", "in the order of the day"),
        ("[hours]\nmon = ['09:00-09:00']", "hours.mon", "in the order of the day"),
        ("[hours]\nmon = ['09:00-12:00', '11:00-13:00']", "hours.mon", "in the order of the day"),
        ("[hours]\nholidays = ['2026-12-25']", "hours.holidays", "a list of dates"),
        ("[hours]\nholidays = [2026-12-25T10:00:00]", "hours.holidays", "a list of dates"),
        ("[hours]\ncountry = 'Germany'", "hours.country", 'a country code such as "DE"'),
        ("[hours]\ncountry = 'D\u00c4'", "hours.country", "a country code"),
        ("[hours]\ncountry = 49", "hours.country", "a country code"),
        ("[hours]\ncountry = 'AT'\nregion = 9", "hours.region", "the code of a region"),
        ("[hours]\ncalendar = ' '", "hours.calendar", 'a file such as "holidays.ics"'),
        ("[hours]\ncalendar = true", "hours.calendar", 'a file such as "holidays.ics"'),
        ("[keys]\nforward = 5", "keys.forward", "a key such as"),
        ("[keys]\nforward = ['F', 5]", "keys.forward", "a key such as"),
    ],
)
def test_a_wrong_value_is_named_with_the_file_the_key_and_what_is_expected(
    text: str, key: str, expected: str
) -> None:
    said = refusal(text)
    assert said.startswith(f'desk.toml: "{key}" must be ')
    assert expected in said
    assert said.isprintable()


def test_a_table_written_as_a_value_is_said() -> None:
    assert '"desk" is a table: write [desk]' in refusal("desk = 3")


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        (["9:00-12:00", "12:00 - 17:00"], ((time(9), time(12)), (time(12), time(17)))),
        (["22:00-24:00"], ((time(22), MIDNIGHT),)),
        (["22:00-00:00"], ((time(22), MIDNIGHT),)),
        ([], ()),
    ],
)
def test_spans_may_touch_and_end_with_the_day(
    written: list[str], spans: tuple[tuple[time, time], ...]
) -> None:
    assert read(f"[hours]\nmon = {written}").hours.week[0] == spans


def test_hours_with_no_day_open_are_refused() -> None:
    closed = "\n".join(f"{day} = []" for day in ("mon", "tue", "wed", "thu", "fri"))
    assert "leaves no day open" in refusal(f"[hours]\n{closed}")


def test_days_off_come_from_own_ones_the_country_its_region_and_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/desk")
    path = str(tmp_path / "config.toml")
    own = "holidays = [2026-12-24]"

    def days_off(text: str) -> object:
        given = parse_values(f"[hours]\n{text}".encode(), path)
        return settings_from(given, path, {}).hours.holidays

    eve = frozenset({date(2026, 12, 24)})
    assert days_off(own) == eve
    placed = days_off(f"{own}\ncountry = 'de'\nregion = 'BY'")
    assert isinstance(placed, DaysOff)
    assert (placed.own, placed.country, placed.region, placed.calendar) == (eve, "DE", "BY", None)
    for given, found in (
        ("holidays.ics", str(tmp_path / "holidays.ics")),
        ("~/holidays.ics", "/home/desk/holidays.ics"),
        ("/srv/holidays.ics", "/srv/holidays.ics"),
    ):
        filed = days_off(f"calendar = '{given}'")
        assert isinstance(filed, DaysOff)
        assert (filed.own, filed.country, filed.calendar) == (frozenset(), None, found)


def test_a_region_without_a_country_is_refused() -> None:
    refused = refusal("[hours]\nregion = 'BY'")
    assert refused.startswith('desk.toml: "hours.region" says nothing without "hours.country".')


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("forward = 'n'", 'The key "n" is given to both'),
        ("forward = 'esc'", "it leaves a dialog"),
        ("forward = 'ctrl+1'", "not a key that every terminal sends"),
    ],
)
def test_keys_that_clash_or_do_not_exist_are_refused_with_the_file(keys: str, said: str) -> None:
    refused = refusal(f"[keys]\n{keys}")
    assert refused.startswith("desk.toml, [keys]: ")
    assert said in refused


def test_what_is_not_toml_is_said_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[desk]\ntheme = "nord\n')
    with pytest.raises(ConfigWrong, match=r"config\.toml, line 2: this is not TOML"):
        load(str(path), {})


def test_what_is_not_utf_8_is_said_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes('[desk]\nname = "Bäcker"\n'.encode("latin-1"))
    with pytest.raises(ConfigWrong, match=r"line 2: this is not UTF-8"):
        load(str(path), {})


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[desk]\r\ntheme = "nord"\r\n', encoding="utf-8-sig")
    assert load(str(path), {}).theme == "nord"


def test_a_directory_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigWrong, match="cannot be read"):
        load(str(tmp_path), {})


def test_an_unknown_theme_is_answered_with_the_nearest() -> None:
    assert theme_name("nord", ["nord", "gruvbox"]) == "nord"
    with pytest.raises(ConfigWrong, match=r'no theme "nrod".*nearest is "nord"'):
        theme_name("nrod", ["gruvbox", "nord"])


def test_the_starter_is_written_once_and_never_over_anything(tmp_path: Path) -> None:
    path = tmp_path / "poc" / "config.toml"
    write_starter(str(path))
    assert path.read_bytes() == STARTER.read_bytes()
    path.write_text("# mine\n")
    with pytest.raises(Refused, match="is there already"):
        write_starter(str(path))
    assert path.read_text() == "# mine\n"


def test_a_setting_takes_the_place_of_its_line_in_the_starter(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    set_value(str(path), "desk.theme", "nord", {})
    was = STARTER.read_text(encoding="utf-8")
    assert path.read_text(encoding="utf-8") == was.replace('#theme = "auto"', 'theme = "nord"')
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("desk.bell", True),
        ("hours.fri", ["09:00-12:00"]),
        ("hours.holidays", [date(2026, 12, 25)]),
        ("hours.country", "DE"),
        ("hours.calendar", "holidays.ics"),
        ("keys.forward", ["W", "ctrl+t"]),
        ("keys.theme", "Z"),
        ("keys.quit", ""),
    ],
)
@pytest.mark.parametrize(
    "before", [None, "", "[desk]\nname = 'x'  # mine\n", "[keys]\nnote = 'N'\n[desk]\nname = 'x'"]
)
def test_a_setting_that_was_set_is_read_again(
    before: str | None, key: str, value: object, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    if before is not None:
        path.write_text(before)
    set_value(str(path), key, value, {})
    given = parse_values(path.read_bytes(), str(path))
    assert given[key] == value
    assert {k: v for k, v in given.items() if k != key} == parse_values(
        (before or "").encode(), "before"
    )


def test_several_settings_are_set_together_or_none_is(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[desk]\nname = 'x'  # mine\n")
    set_values(str(path), {"hours.region": "BY", "hours.country": "DE"}, {})
    before = path.read_bytes()
    assert b"name = 'x'  # mine" in before
    assert parse_values(before, "")["hours.region"] == "BY"
    with pytest.raises(ConfigWrong, match="country"):
        set_values(str(path), {"desk.name": "y", "hours.country": "Germany"}, {})
    assert path.read_bytes() == before


def test_a_new_setting_stands_below_the_header_of_its_table(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[desk]\nname = "x"\n\n# When we work\n[hours]\nmon = ["09:00-17:00"]\n')
    set_value(str(path), "desk.theme", "nord", {})
    assert path.read_text() == (
        '[desk]\ntheme = "nord"\nname = "x"\n\n# When we work\n[hours]\nmon = ["09:00-17:00"]\n'
    )


def test_setting_again_changes_the_value_and_keeps_the_comments(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('# mine\n[desk]\ntheme = "nord"  # for the evening\n\n[keys]\nnote = "N"\n')
    set_value(str(path), "desk.theme", "gruvbox", {})
    assert path.read_text() == (
        '# mine\n[desk]\ntheme = "gruvbox"  # for the evening\n\n[keys]\nnote = "N"\n'
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("desk.them", "nord"),
        ("desk", "nord"),
        ("theme", "nord"),
        ("desk.bell", "loud"),
        ("keys.forwrd", "F"),
        ("keys.forward", "n"),
        ("keys.forward.more", "F"),
        ("hours.mon", ["17:00-09:00"]),
    ],
)
def test_a_setting_that_will_not_do_leaves_the_file_as_it_was(
    key: str, value: object, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[desk]\ntheme = "nord"\n')
    with pytest.raises(ConfigWrong):
        set_value(str(path), key, value, {})
    assert path.read_text() == '[desk]\ntheme = "nord"\n'


@pytest.mark.parametrize("before", ["[desk", "desk = 3\n", "[dsk]\ntheme = 'nord'\n"])
def test_a_file_that_cannot_be_used_is_not_written_to(before: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(before)
    with pytest.raises(ConfigWrong, match=r"config\.toml"):
        set_value(str(path), "desk.theme", "nord", {})
    assert path.read_text() == before


def test_a_wrong_value_in_the_file_can_be_set_right(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[desk]\nbell = 'loud'\n")
    set_value(str(path), "desk.bell", True, {})
    assert load(str(path), {}).bell


@pytest.mark.parametrize(
    ("key", "words", "value"),
    [
        ("desk.theme", "nord", "nord"),
        ("desk.name", "Counter 2", "Counter 2"),
        ("desk.timezone", "", ""),
        ("desk.bell", "true", True),
        ("desk.bell", "loud", "loud"),
        ("hours.mon", "09:00-12:30 13:30-17:00", ["09:00-12:30", "13:30-17:00"]),
        ("hours.mon", '["09:00-12:30"]', ["09:00-12:30"]),
        ("hours.sat", "", []),
        ("hours.holidays", "2026-12-25 2026-12-26", [date(2026, 12, 25), date(2026, 12, 26)]),
        ("hours.holidays", "2026-12-24 12:00-", ["2026-12-24 12:00-"]),
        (
            "hours.holidays",
            "2026-12-24 12:00- 12-31 2026-12-25 10-07 -13:00",
            ["2026-12-24 12:00-", "12-31", date(2026, 12, 25), "10-07 -13:00"],
        ),
        ("keys.forward", "W", ["W"]),
        ("keys.forward", "W ctrl+t", ["W", "ctrl+t"]),
        ("keys.search", "[", ["["]),
        ("keys.view_mine", "7", ["7"]),
    ],
)
def test_words_become_the_value_that_is_meant(key: str, words: str, value: object) -> None:
    assert value_from_words(key, words) == value


def test_words_for_no_setting_are_refused() -> None:
    with pytest.raises(ConfigWrong, match=r'nearest is "desk\.theme"'):
        value_from_words("desk.themes", "nord")


def test_the_listing_shows_what_holds_and_what_the_file_gives(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[desk]\ntheme = "nord"\n[keys]\nforward = "W"\n')
    shown = {line.key: line for line in listing(str(path))}
    assert (shown["desk.theme"].value, shown["desk.theme"].given) == ('"nord"', True)
    assert (shown["desk.bell"].value, shown["desk.bell"].given) == ("false", False)
    assert (shown["keys.forward"].value, shown["keys.forward"].given) == ('"W"', True)
    assert (shown["keys.search"].value, shown["keys.search"].given) == ('"/"', False)
    assert {line.key for line in shown.values() if line.given} == {"desk.theme", "keys.forward"}


def test_every_listed_value_is_toml_that_can_be_set(tmp_path: Path) -> None:
    for line in listing(str(tmp_path / "missing")):
        value = tomllib.loads(f"value = {line.value}")["value"]
        settings_from({line.key: value}, "desk.toml", {})
