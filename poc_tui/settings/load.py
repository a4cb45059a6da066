"""The settings of the desk, read from a TOML file and checked before anything uses them.

`OPTIONS` is the one list of what can be set, each with its default; `data/config.toml` shows the
same list to a person. `poc_tui.settings.edit` writes.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from types import MappingProxyType
from typing import NamedTuple

from poc_tui.errors import ConfigWrong
from poc_tui.rules.service.opening_hours import MIDNIGHT, Hours
from poc_tui.rules.service.part_off import PartOff, parse as parse_part_off
from poc_tui.rules.time_source import SystemZone
from poc_tui.settings.mail import MailSettings
from poc_tui.settings.mail_schema import MAIL_OPTIONS, mail_settings
from poc_tui.settings.schema import (
    YES_NO,
    Given,
    Setting,
    Values,
    entries,
    filled,
    flag,
    line,
    shortened,
    text,
)

Spans = tuple[tuple[time, time], ...]
"""The open spans of one day, each from and to, in the order of the day."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the file says, and the default for what it does not say.

    `theme` is the name of a Textual theme or `auto`, `zone` where the person reads and types
    times, `day_first` how `03/04` is read, `name` who acts, `bell` whether what falls due rings,
    `daily_backup` whether the first start of a day backs the store up, `hours` the business hours
    in which deadlines run, `mail` where mail comes from and goes.
    `keys` holds for a command id the keys it shall have instead of its own, checked, for
    `poc_tui.settings.keymap.resolve`.
    """

    theme: str
    zone: tzinfo
    day_first: bool
    name: str
    bell: bool
    daily_backup: bool
    hours: Hours
    keys: Mapping[str, tuple[str, ...]]
    mail: MailSettings


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
        ConfigWrong: it cannot be read as TOML; it names the line.
    """
    from poc_tui.system.files import MOST_WRITTEN, read_file

    try:
        content = read_file(path, MOST_WRITTEN)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ConfigWrong(
            f"{path} cannot be read: {error.strerror}."
            " Make it readable, or name another file with POC_CONFIG."
        ) from error
    return parse_values(content, path)


def parse_values(content: bytes, path: str) -> dict[str, object]:
    """What the content of a file gives; `path` names it in the sentence when it is not TOML."""
    from poc_tui.settings.toml_values import parse_toml

    return dict(_flat("", parse_toml(content, path).values))


def settings_from(given: Values, path: str, environ: Mapping[str, str]) -> Settings:
    """The settings that `given` makes, laid over the defaults.

    `path` names the file in the sentence of a `ConfigWrong`; `environ` as in `load`.
    """
    check_keys(given, path)
    source = _Source(given, path)
    zone = source.get(TIMEZONE) or _zone_of_computer(environ)
    return Settings(
        theme=source.get(THEME),
        zone=zone,
        day_first=source.get(DAY_FIRST),
        name=source.get(NAME),
        bell=source.get(BELL),
        daily_backup=source.get(DAILY_BACKUP),
        hours=source.hours(zone),
        keys=source.keys(),
        mail=mail_settings(source),
    )


def check_keys(given: Values, path: str) -> None:
    """Refuse, with `ConfigWrong` naming the file `path`, a key that is no option."""
    for key in given:
        try:
            option_of(key)
        except ConfigWrong as error:
            raise ConfigWrong(f"{path}: {error}") from error


def option_of(key: str) -> Setting[object]:
    """The option with that dotted key; `keys.` and any name is one.

    Raises:
        ConfigWrong: there is none; it names the nearest one.
    """
    if key in OPTIONS:
        return OPTIONS[key]
    table, _, command = key.partition(".")
    if table == "keys" and command:
        return _keys_of(command)
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
        f' The nearest is "{_nearest(theme, known)}".'
    )


class _Source(Given):
    """The values of one file: what takes more than one option to make."""

    def hours(self, zone: tzinfo) -> Hours:
        week = tuple(self.get(option) for option in DAYS)
        if not any(week):
            raise self.wrong(
                '"hours" leaves no day open, so no deadline would ever be reached.'
                ' Open one day at least, such as mon = ["09:00-17:00"].'
            )
        parts = self.get(HOLIDAYS).parts
        return Hours(zone=zone, week=week, holidays=self._days_off(), parts_off=parts)

    def _days_off(self) -> Container[date]:
        own, country, region = self.get(HOLIDAYS).days, self.get(COUNTRY), self.get(REGION)
        calendar = self.beside(self.get(CALENDAR))
        if region and not country:
            raise self.wrong(
                '"hours.region" says nothing without "hours.country".'
                ' Name the country too, such as country = "DE".'
            )
        if not country and not calendar:
            return own
        from poc_tui.settings.days_off import DaysOff

        return DaysOff(own, country or None, region or None, calendar or None)

    def keys(self) -> Mapping[str, tuple[str, ...]]:
        commands = (key.removeprefix("keys.") for key in self._values if key.startswith("keys."))
        wanted = {command: self.get(_keys_of(command)) for command in commands}
        if wanted:
            from poc_tui.commands import COMMANDS
            from poc_tui.settings.keymap import resolve

            try:
                resolve(COMMANDS, wanted)
            except ConfigWrong as error:
                raise ConfigWrong(f"{self._path}, [keys]: {error}") from error
        return MappingProxyType(wanted)


def _flat(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in table.items():
        dotted = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            yield from _flat(f"{dotted}.", value)
        elif value != {} or f"{dotted}." not in _TABLES:
            yield dotted, value


def _unknown(key: str) -> str:
    if f"{key}." in _TABLES:
        return f'"{key}" is a table: write [{key}], and what belongs to it below.'
    if key.startswith("deadlines"):
        return '"deadlines" stand in the file of the service levels; `poc levels` says where it is.'
    if key.endswith(".password"):
        return (
            f'"{key}" is no setting: `poc mail password` keeps it where other programs keep theirs.'
        )
    return f'there is no setting "{shortened(key)}". The nearest is "{_nearest(key, OPTIONS)}".'


def _nearest(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    return get_close_matches(shortened(word), known, n=1, cutoff=0)[0]


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


def _spans(value: object) -> Spans:
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


class OwnDaysOff(NamedTuple):
    """Days on which nobody works, and parts of days."""

    days: frozenset[date]
    parts: tuple[PartOff, ...]


def _own_days_off(value: object) -> OwnDaysOff:
    days: set[date] = set()
    parts: dict[PartOff, None] = {}
    for day in entries(value):
        if isinstance(day, str):
            parts[parse_part_off(day)] = None
        elif not isinstance(day, date) or isinstance(day, datetime):
            raise TypeError
        else:
            days.add(day)
    return OwnDaysOff(frozenset(days), tuple(parts))


def _country(value: object) -> str:
    code = text(value).strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise ValueError
    return code


def _key_list(value: object) -> tuple[str, ...]:
    keys = [value] if isinstance(value, str) else entries(value)
    return tuple(key for key in map(text, keys) if key)


def _keys_of(command: str) -> Setting[tuple[str, ...]]:
    return Setting(f"keys.{command}", [], _key_list, 'a key such as "x" or a list of keys')


THEME = Setting("desk.theme", "auto", filled, '"auto" or the name of a theme such as "nord"')
TIMEZONE = Setting(
    "desk.timezone", "", _zone, 'a zone such as "Europe/Berlin", or "" for the computer\'s own'
)
DAY_FIRST = Setting("desk.day_first", True, flag, YES_NO)
NAME = Setting("desk.name", "me", filled, "a name in one line")
BELL = Setting("desk.bell", False, flag, YES_NO)
DAILY_BACKUP = Setting("desk.daily_backup", True, flag, YES_NO)

DAYS = tuple(
    Setting(
        f"hours.{day}",
        [] if day in ("sat", "sun") else ["09:00-17:00"],
        _spans,
        'a list of spans in the order of the day, such as ["09:00-12:30", "13:30-17:00"]',
    )
    for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
)
HOLIDAYS = Setting(
    "hours.holidays",
    [],
    _own_days_off,
    'a list of dates and parts of days such as [2026-12-25, "2026-12-24 12:00-", "12-31 12:00-"]',
)
COUNTRY = Setting("hours.country", "", _country, 'a country code such as "DE", or "" for none')
REGION = Setting("hours.region", "", line, 'the code of a region such as "BY", or "" for all')
CALENDAR = Setting("hours.calendar", "", line, 'a file such as "holidays.ics", or "" for none')

OPTIONS: Mapping[str, Setting[object]] = MappingProxyType(
    {
        option.key: option
        for option in (
            THEME,
            TIMEZONE,
            DAY_FIRST,
            NAME,
            BELL,
            DAILY_BACKUP,
            *DAYS,
            HOLIDAYS,
            COUNTRY,
            REGION,
            CALENDAR,
            *MAIL_OPTIONS,
        )
    }
)
"""Everything that can be set but the keys, in the order of the starter file."""

_TABLES = frozenset({"desk.", "hours.", "mail.", "mail.imap.", "mail.smtp.", "keys."})
