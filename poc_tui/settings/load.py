"""The settings of the desk, read from a TOML file and checked before anything uses them.

`OPTIONS` is the one list of what can be set, each with its default; `data/config.toml` shows the
same list to a person. `poc_tui.settings.edit` writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.errors import ConfigWrong
from poc_tui.rules.service.opening_hours import MIDNIGHT, Hours
from poc_tui.rules.service.part_off import PartOff, parse as parse_part_off
from poc_tui.rules.time_source import SystemZone
from poc_tui.settings.mail import ACCOUNTS, MailSettings
from poc_tui.settings.mail_schema import (
    IDENTITY,
    IMAP,
    MAIL,
    RULES,
    SMTP,
    account_setting,
    mail_settings,
    unknown_of_account,
)
from poc_tui.settings.schema import (
    YES_NO,
    Given,
    Setting,
    Values,
    entries,
    filled,
    flag,
    line,
    nearest,
    shortened,
    text,
)

if TYPE_CHECKING:
    from poc_tui.settings.saved_views import SavedView


class Settings(NamedTuple):
    """What the file says, and the default for what it does not say.

    `theme` is the name of a Textual theme or `auto`, `zone` where the person reads and types
    times, `day_first` how `03/04` is read, `name` who acts, `bell` whether what falls due rings,
    `daily_backup` whether the first start of a day backs the store up, `highlight_next` whether the
    desk leads on to the next request, `hours` the business hours in which deadlines run, `mail`
    where mail comes from and goes.
    `keys` holds for a command id the keys it shall have instead of its own, checked, for
    `poc_tui.settings.keymap.resolve`. `views` are the person's own, by the number that shows them.
    """

    theme: str
    zone: tzinfo
    day_first: bool
    name: str
    bell: bool
    daily_backup: bool
    highlight_next: bool
    hours: Hours
    keys: Mapping[str, tuple[str, ...]]
    mail: MailSettings
    views: Mapping[str, SavedView] = MappingProxyType({})


def load(path: str, environ: Mapping[str, str]) -> Settings:
    """The settings in the file `path`; the defaults when there is no such file.

    `TZ` in `environ` names the zone when the file does not.

    Raises:
        ConfigWrong: something cannot be used; it names the file and the key.
    """
    return settings_from(read_values(path), path, environ)


def read_values(path: str) -> dict[str, object]:
    """What the file `path` gives, by dotted key and unchecked; empty when there is no such file.

    Raises:
        ConfigWrong: it cannot be read, or is no TOML; it names the line.
    """
    from poc_tui.settings.own_files import CONFIG

    content = CONFIG.read(path)
    return {} if content is None else parse_values(content, path)


def parse_values(content: bytes, path: str) -> dict[str, object]:
    """What the content of a file gives; `path` names it in the sentence when it is not TOML."""
    from poc_tui.settings.toml_values import parse_toml

    return dict(flat("", parse_toml(content, path).values))


def settings_from(given: Values, path: str, environ: Mapping[str, str]) -> Settings:
    """The settings that `given` makes, laid over the defaults.

    `path` names the file in the sentence of a `ConfigWrong`; `environ` as in `load`.
    """
    for key in given:
        try:
            option_of(key)
        except ConfigWrong as error:
            raise ConfigWrong(f"{path}: {error}") from error
    source = Given(given, path)
    desk = source.table(DESK)
    zone = desk.pop("timezone") or _zone_of_computer(environ)
    hours, keys, mail = _hours(source, zone), _keys(source), mail_settings(source)
    return Settings(**desk, zone=zone, hours=hours, keys=keys, views=_views(source), mail=mail)


def option_of(key: str) -> Setting:
    """The option with that dotted key; `keys.` and any name is one.

    Raises:
        ConfigWrong: there is none; it names the nearest one.
    """
    if key in OPTIONS:
        return OPTIONS[key]
    table, _, command = key.partition(".")
    if (of_account := account_setting(key)) is not None:
        return of_account
    if table == "keys" and command:
        return _keys_of(command)
    if table == "views" and command:
        from poc_tui.settings.saved_views import SETTINGS, what_to_write

        if key not in SETTINGS:
            raise ConfigWrong(what_to_write(key))
        return SETTINGS[key]
    raise ConfigWrong(_unknown(key))


def theme_name(theme: str, available: Iterable[str]) -> str:
    """`theme`, when it is among the names of the themes that the desk has.

    Raises:
        ConfigWrong: it is not; it names the nearest one.
    """
    known = sorted(available)
    if theme in known:
        return theme
    raise ConfigWrong(
        f'"desk.theme": there is no theme "{shortened(theme)}".'
        f' The nearest is "{nearest(shortened(theme), known)}".'
    )


def _hours(given: Given, zone: tzinfo) -> Hours:
    hours = given.table(HOURS)
    days, parts_off = hours.pop("holidays")
    country, region, calendar = (hours.pop(name) for name in ("country", "region", "calendar"))
    week = tuple(hours.values())
    if not any(week):
        raise given.wrong(
            '"hours" leaves no day open, so no deadline would ever be reached.'
            ' Open one day at least, such as mon = ["09:00-17:00"].'
        )
    if region and not country:
        raise given.wrong(
            '"hours.region" says nothing without "hours.country".'
            ' Name the country too, such as country = "DE".'
        )
    if country or calendar:
        from poc_tui.settings.days_off import DaysOff

        days = DaysOff(days, country or None, region or None, given.beside(calendar) or None)
    return Hours(zone=zone, week=week, holidays=days, parts_off=parts_off)


def _keys(given: Given) -> Mapping[str, tuple[str, ...]]:
    commands = (key.removeprefix("keys.") for key in given.values if key.startswith("keys."))
    wanted = {command: given.get(_keys_of(command)) for command in commands}
    if wanted:
        from poc_tui.commands import COMMANDS
        from poc_tui.settings.keymap import resolve

        try:
            resolve(COMMANDS, wanted)
        except ConfigWrong as error:
            raise ConfigWrong(f"{given.path}, [keys]: {error}") from error
    return wanted


def _views(given: Given) -> Mapping[str, SavedView]:
    if not any(key.startswith("views.") for key in given.values):
        return {}
    from poc_tui.settings.saved_views import saved_views

    return saved_views(given)


def flat(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """What a table of TOML gives, by dotted key that begins with `prefix`."""
    for key, value in table.items():
        dotted = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            yield from flat(f"{dotted}.", value)
        elif value != {} or dotted not in _TABLES:
            yield dotted, value


def _unknown(key: str) -> str:
    if key in _TABLES:
        return f'"{key}" is a table: write [{key}], and what belongs to it below.'
    if key.startswith("deadlines"):
        return '"deadlines" stand in the file of the service levels; `poc levels` says where it is.'
    if key.endswith(".password"):
        return (
            f'"{key}" is no setting: `poc mail password` keeps it where other programs keep theirs.'
        )
    if key.endswith((".client_secret", ".refresh_token", ".access_token")):
        return f'"{key}" is no setting: `poc mail login` has the keyring keep what is secret.'
    if key.startswith(ACCOUNTS):
        return unknown_of_account(key)
    near = nearest(shortened(key), OPTIONS)
    return f'there is no setting "{shortened(key)}". The nearest is "{near}".'


def _zone_of_computer(environ: Mapping[str, str]) -> tzinfo:
    """The zone that `TZ` names; the operating system's when it names none or is a POSIX rule."""
    try:
        return _zone(environ.get("TZ", "").removeprefix(":")) or SystemZone()
    except ValueError:
        return SystemZone()


def _zone(value: object) -> tzinfo | None:
    name = text(value)
    if not name:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (OSError, LookupError) as error:  # a directory of zones, or no such zone
        raise ValueError from error


def _spans(value: object) -> tuple[tuple[time, time], ...]:
    spans: list[tuple[time, time]] = []
    for entry in entries(value):
        opens, _, closes = text(entry).partition("-")
        spans.append((_clock_time(opens), _clock_time(closes)))
    if spans:
        Hours(week=(tuple(spans),) * 7, zone=UTC)  # refuses spans that overlap or run backwards
    return tuple(spans)


def _clock_time(written: str) -> time:
    shown = written.strip()
    clock = MIDNIGHT if shown == "24:00" else time.fromisoformat(shown.zfill(len("09:00")))
    if clock.tzinfo is not None:
        raise ValueError
    return clock


def _own_days_off(value: object) -> tuple[frozenset[date], tuple[PartOff, ...]]:
    """Days on which nobody works, and parts of days."""
    days: set[date] = set()
    parts: dict[PartOff, None] = {}
    for day in entries(value):
        if isinstance(day, str):
            parts[parse_part_off(day)] = None
        elif not isinstance(day, date) or isinstance(day, datetime):
            raise TypeError
        else:
            days.add(day)
    return frozenset(days), tuple(parts)


def _country(value: object) -> str:
    code = text(value).strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise ValueError
    return code


def _key_list(value: object) -> tuple[str, ...]:
    keys = [value] if isinstance(value, str) else entries(value)
    return tuple(key for key in map(text, keys) if key)


def _keys_of(command: str) -> Setting:
    return Setting(f"keys.{command}", [], _key_list, 'a key such as "x" or a list of keys')


_THEME = '"auto" or the name of a theme such as "nord"'
_TIMEZONE = 'a zone such as "Europe/Berlin", or "" for the computer\'s own'
_DAY = 'a list of spans in the order of the day, such as ["09:00-12:30", "13:30-17:00"]'
_HOLIDAYS = (
    'a list of dates and parts of days such as [2026-12-25, "2026-12-24 12:00-", "12-31 12:00-"]'
)
_REGION = 'the code of a region such as "BY", or "" for all'

DESK = (
    Setting("desk.theme", "auto", filled, _THEME),
    Setting("desk.timezone", "", _zone, _TIMEZONE),
    Setting("desk.day_first", True, flag, YES_NO),
    Setting("desk.name", "me", filled, "a name in one line"),
    Setting("desk.bell", False, flag, YES_NO),
    Setting("desk.daily_backup", True, flag, YES_NO),
    Setting("desk.highlight_next", True, flag, YES_NO),
)
HOURS = (
    *(
        Setting(f"hours.{day}", ["09:00-17:00"], _spans, _DAY)
        for day in ("mon", "tue", "wed", "thu", "fri")
    ),
    *(Setting(f"hours.{day}", [], _spans, _DAY) for day in ("sat", "sun")),
    Setting("hours.holidays", [], _own_days_off, _HOLIDAYS),
    Setting("hours.country", "", _country, 'a country code such as "DE", or "" for none'),
    Setting("hours.region", "", line, _REGION),
    Setting("hours.calendar", "", line, 'a file such as "holidays.ics", or "" for none'),
)

OPTIONS: Mapping[str, Setting] = {
    setting.key: setting for setting in (*DESK, *HOURS, *IDENTITY, *MAIL, *RULES, *IMAP, *SMTP)
}
"""Everything that can be set but the keys, in the order of the starter file."""

_TABLES = frozenset(
    {"keys", "views", "mail.accounts", "mail.signatures"}
    | {key.rpartition(".")[0] for key in OPTIONS}
)
