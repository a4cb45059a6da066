"""Dates as programs write them: whole, in numbers or with the name of the month.

`read` says what stands there and decides nothing: whether 03/04/2026 is in March or in April is
for `rules.dates.columns`, which knows the whole column.

ISO 8601 (extended, basic, week and ordinal dates), RFC 5322, ctime, Unix time, the day numbers
of spreadsheets, and what exports in English, German, Spanish and French hold.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.words import WEEKDAYS, numbered
from poc_tui.rules.frozen import Frozen
from poc_tui.rules.text import fold, safe

LONGEST = 80
"""Characters; JavaScript writes a date in 62."""
EARLIEST, LATEST = 1900, 2099
"""Years that a date without separators may have; outside it is some other number."""


class StampForm(StrEnum):
    """Which kind of writing it is; a column has one."""

    NAMED = "named"
    """The order of day and month is not in question: ISO 8601, or a month with its name."""
    NUMBERS = "numbers"
    """Two numbers, either of which may be the day, and the year."""
    UNIX = "unix"
    """Seconds, thousandths or millionths of a second since 1970, UTC."""
    DAY_NUMBER = "day number"
    """Days since 30 December 1899, as spreadsheets count."""


class Stamp(Frozen):
    """A date as it stands."""

    form: StampForm
    day: date | None = None
    """Of a form that leaves no choice; None for `NUMBERS`."""
    numbers: tuple[int, int, int] = (0, 0, 0)
    """Of `NUMBERS`, as they stand; the last is the year, of two digits where it is below 100."""
    sign: str = ""
    """What parts the numbers."""
    clock: time | None = None
    next_day: bool = False
    """It says 24:00."""
    zone: tzinfo | None = None
    weekday: int | None = None
    """Monday is 0."""

    def at(self, day: date, zone: tzinfo, without_time: time) -> datetime:
        """The moment on that day, aware UTC of whole seconds; `zone` where it names none.

        Raises:
            NotUnderstood: it names another weekday than that day is.
        """
        if self.weekday is not None and self.weekday != day.weekday():
            raise NotUnderstood(f"{day.isoformat()} is not the weekday that it says")
        clock = without_time if self.clock is None else self.clock
        moment = datetime.combine(day + timedelta(days=self.next_day), clock, self.zone or zone)
        return moment.astimezone(UTC).replace(microsecond=0)


_MONTHS = numbered(
    "january januar jaenner jan jaen enero ene janvier janv",
    "february februar feb feber febrero fevrier fevr fev",
    "march maerz mar mrz maer marzo mars",
    "april apr abril abr avril avr",
    "may mai mayo",
    "june juni jun junio juin",
    "july juli jul julio juillet juil",
    "august aug agosto ago aout",
    "september sep sept septiembre set septembre",
    "october oktober oct okt octubre octobre",
    "november nov noviembre novembre",
    "december dezember dec dez diciembre dic decembre",
    start=1,
)

_CLOCK = (
    r"(?P<hour>\d{1,2})(?:(?P<colon>[:.])(?P<minute>\d\d)(?:(?P=colon)(?P<second>\d\d)(?:[.,]\d+)?)?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?P<uhr> ?(?:uhr|h))?"
)
_ZONE = (
    r" ?(?P<zone>z|utc|gmt|cet|cest|mez|mesz|wet|eet|eest|[a-z]{2,5})?"
    r" ?(?P<offset>[+-]\d{1,2}(?::?\d\d)?)?(?: \([^)]*\))?"
)
_REST = re.compile(rf"(?:(?:[t,;]| at| um| -(?= ))? ?{_CLOCK}(?P<where>{_ZONE}))?")
_BASIC_CLOCK = re.compile(
    r"[t ]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?:[.,]\d+)?" + _ZONE
)
_WEEKDAY = re.compile(r"([a-z]{2,10})\.?,? +(?=[\da-z])")
_UNIX = re.compile(r"(\d{10}|\d{13}|\d{16})(?:[.,]\d{1,9})?")
_DAY_NUMBER = re.compile(r"(\d{5})(?:[.,](\d+))?")
_YEAR = r"(\d{4}|\d\d)(?!\d)"
_DATES = (
    ("ymd", re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})(?!\d)")),
    ("week", re.compile(r"(\d{4})-?w(\d\d)-?([1-7])(?!\d)")),
    ("ordinal", re.compile(r"(\d{4})-(\d{3})(?!\d)")),
    ("numbers", re.compile(r"(\d{1,2})(\. |[-/. ])(\d{1,2})\2" + _YEAR)),
    ("named", re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?[-/ ]*([a-z]{3,10})\.?,?[-/ ]*'?" + _YEAR)),
    (
        "month first",
        re.compile(r"([a-z]{3,10})\.?[- ]+(\d{1,2})(?:st|nd|rd|th)?,?[- ]+(\d{4})(?!\d)"),
    ),
    ("digits", re.compile(r"(\d\d)(\d\d)(\d\d)(\d\d)(?=$|[t ,;]|\d{4}(?:\d\d)?$)")),
)
_CTIME = re.compile(r"([a-z]{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (?:([a-z]{3,4}) )?(\d{4})")
_ZONES: dict[str, int] = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120, "eest": 180,
}  # fmt: skip
"""Minutes east. Names that mean several zones (EST, CST, IST, BST) are not among them."""
_FIRST_DAY_NUMBER = date(1899, 12, 30)


def read(words: str) -> Stamp:
    """What is written there.

    Raises:
        NotUnderstood: it is no whole date, or one that does not exist; the sentence says which.
    """
    if stamp := _common_iso(words):
        return stamp
    if len(words) > LONGEST:
        raise NotUnderstood("that is no date")
    text = " ".join(fold(words).split()).strip(" ,;")
    try:
        stamp = _number(text) or _dated(text)
    except (ValueError, OverflowError) as error:
        raise NotUnderstood(f"“{safe(words)}” does not exist") from error
    if stamp is None:
        raise NotUnderstood(
            f"“{safe(words)}” is no whole date as a program writes it, such as 2026-11-05 14:00"
        )
    return stamp


def _common_iso(words: str) -> Stamp | None:
    """`2026-11-05` and `2026-11-05 10:15:00`, which most programs write, at a tenth of the time."""
    if words[4:5] != "-" or words[7:8] != "-" or not words.isascii():
        return None
    clock = None
    try:
        if len(words) == 19 and words[10] in " T" and words[13] == words[16] == ":":
            clock = time.fromisoformat(words[11:])
        elif len(words) != 10:
            return None
        return Stamp(StampForm.NAMED, date.fromisoformat(words[:10]), clock=clock)
    except ValueError:
        return None


def _number(text: str) -> Stamp | None:
    """A moment or a day counted from some beginning."""
    if not text[:5].isdecimal():
        return None
    if match := _UNIX.fullmatch(text):
        digits = match[1]
        if len(digits) == 10 and _could_be_basic(digits):
            return None  # 2026110510: a day and its hour, or a moment of 2034
        seconds = int(digits) / 10 ** (len(digits) - 10)
        moment = datetime.fromtimestamp(int(seconds), UTC)
        return Stamp(StampForm.UNIX, moment.date(), clock=moment.time(), zone=UTC)
    if match := _DAY_NUMBER.fullmatch(text):
        day = _FIRST_DAY_NUMBER + timedelta(days=int(match[1]))
        seconds = round(float(f"0.{match[2] or 0}") * 86400)
        moment = datetime.combine(day, time()) + timedelta(seconds=seconds)
        clock = moment.time() if match[2] else None
        return Stamp(StampForm.DAY_NUMBER, moment.date(), clock=clock)
    return None


def _could_be_basic(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return EARLIEST <= int(digits[:4]) <= LATEST and int(digits[8:]) < 24


def _dated(text: str) -> Stamp | None:
    weekday = None
    if text[:1].isalpha():
        if (match := _WEEKDAY.match(text)) and match[1] in WEEKDAYS:
            weekday, text = WEEKDAYS[match[1]], text[match.end() :]
        if (match := _CTIME.fullmatch(text)) and match[1] in _MONTHS:
            text = f"{match[1]} {match[2]} {match[5]} {match[3]} {match[4] or ''}".strip()
    for kind, pattern in _DATES:
        found = pattern.match(text)
        if found and (stamp := _day(kind, found)) is not None:
            return _with_time(stamp, weekday, text[found.end() :], basic=kind == "digits")
    return None


def _day(kind: str, found: re.Match[str]) -> Stamp | None:
    if kind == "ymd":
        return Stamp(StampForm.NAMED, date(int(found[1]), int(found[3]), int(found[4])))
    if kind == "week":
        return Stamp(StampForm.NAMED, date.fromisocalendar(*map(int, found.groups())))
    if kind == "ordinal":
        day = date(int(found[1]), 1, 1) + timedelta(days=int(found[2]) - 1)
        return Stamp(StampForm.NAMED, day) if day.year == int(found[1]) else None
    if kind == "numbers":
        numbers = int(found[1]), int(found[3]), int(found[4])
        return Stamp(StampForm.NUMBERS, numbers=numbers, sign=found[2].strip() or " ")
    if kind == "digits":
        return _eight_digits("".join(found.groups()))
    number, month = (found[1], found[2]) if kind == "named" else (found[2], found[1])
    if month not in _MONTHS:
        return None
    return Stamp(StampForm.NAMED, date(whole_year(int(found[3])), _MONTHS[month], int(number)))


def _eight_digits(digits: str) -> Stamp | None:
    """`20261105`, or the year last: no month is 19 or 20, so that it cannot be both."""
    if EARLIEST <= int(digits[:4]) <= LATEST:
        return Stamp(StampForm.NAMED, date(int(digits[:4]), int(digits[4:6]), int(digits[6:])))
    if EARLIEST <= int(digits[4:]) <= LATEST:
        numbers = int(digits[:2]), int(digits[2:4]), int(digits[4:])
        return Stamp(StampForm.NUMBERS, numbers=numbers)
    return None


def whole_year(year: int) -> int:
    """A year of two digits as POSIX reads it: 69 to 99 are of the last century."""
    return year if year >= 100 else year + (1900 if year >= 69 else 2000)


def _with_time(stamp: Stamp, weekday: int | None, rest: str, *, basic: bool) -> Stamp | None:
    match = _BASIC_CLOCK.fullmatch(rest) if basic else None
    match = match or _REST.fullmatch(rest)
    if match is None:
        return None
    said = match.groupdict()
    if said["hour"] is None:
        clock, next_day, zone = None, False, None
    else:
        if not (said["minute"] or said.get("half") or said.get("uhr")):
            return None
        clock, next_day = _clock(said)
        zone = _zone(said["zone"], said["offset"])
        if zone and not rest.startswith("t") and said["second"] is None and _may_be_span(said):
            raise NotUnderstood("two times with a hyphen between can be a span or an offset")
    return Stamp(
        stamp.form, stamp.day, stamp.numbers, stamp.sign, clock, next_day, zone, weekday
    )  # fmt: skip


def _clock(said: dict[str, str | None]) -> tuple[time, bool]:
    hour, minute, second = (int(said[part] or 0) for part in ("hour", "minute", "second"))
    if half := said.get("half"):
        if not 1 <= hour <= 12:
            raise ValueError("there is no such hour")
        hour = hour % 12 + (12 if half == "p" else 0)
    if (hour, minute, second) == (24, 0, 0):
        return time(), True
    # A leap second, which no clock of ours counts.
    return time(hour, minute, min(second, 59) if second == 60 else second), False


def _may_be_span(said: dict[str, str | None]) -> bool:
    """Whether 10:00-12:00 may say from when to when, and not how far from UTC."""
    offset = said["offset"] or ""
    begins = f"{int(said['hour'] or 0):02}:{said['minute']}"
    return said["zone"] is None and offset[:1] == "-" and f"{offset[1:]:0>5}" > begins


def _zone(name: str | None, offset: str | None) -> tzinfo | None:
    if name is None and offset is None:
        return None
    if name is not None and name not in _ZONES:
        raise NotUnderstood(
            f"{safe(name).upper()} can mean more than one zone; write the offset, such as +01:00"
        )
    if offset is None:
        return timezone(timedelta(minutes=_ZONES[name or "z"]))
    if name is not None and _ZONES[name]:
        raise NotUnderstood(f"{safe(name).upper()} and an offset are two zones; leave one out")
    digits = offset[1:].replace(":", "")
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        raise ValueError("there is no such offset")
    east = timedelta(hours=hours, minutes=minutes)
    return timezone(-east if offset[0] == "-" else east)
