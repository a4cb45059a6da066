"""Dates as a person types them, in English or German, and as they are echoed back.

`understand` turns a phrase into a moment, `say` a moment into a phrase that `understand` reads the
same again. Both work in the person's own wall clock, in the zone that is handed in; what goes in
and out of the store is aware UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from poc_tui.errors import NotUnderstood
from poc_tui.rules import date_days, date_times
from poc_tui.rules import date_words as w
from poc_tui.rules.date_reading import Cursor, Reading, Token, tokens
from poc_tui.rules.text import safe

EXAMPLES = "tomorrow 14:00, fri, 27.11., in 3 days, +2h, eod, 2026-11-27 14:00"
LONGEST_PHRASE = 100
"""Characters; more than this is no date."""
EARLIEST_YEAR = 1970
YEARS_AHEAD = 50
"""A date further off than this is taken for a slip of the finger."""

MONTH_LABELS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAY_LABELS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_READERS = (
    date_times.now,
    date_times.span,
    date_days.iso_date,
    date_days.named_date,
    date_times.clock,
    date_days.numeric_date,
    date_days.ordinal,
    date_days.end_of,
    date_days.next_unit,
    date_days.weekday,
    date_times.part,
    date_days.day_word,
    date_days.filler,
)
"""In the order in which they are asked: "14h" is tried as a span before it is a time."""


def understand(
    words: str,
    now: datetime,
    zone: tzinfo,
    *,
    day_first: bool = True,
    day_ends: time = time(17, 0),
    future: bool = True,
) -> datetime:
    """The moment that `words` mean at `now` in `zone`, as aware UTC of whole seconds.

    A date without a time means `day_ends` on that day, the end of business; so do spans of days
    ("in 3 days"), while spans of hours and minutes ("+2h") are elapsed time and exact. A weekday is
    the next such day; a date without a year, and a time without a day, the next one ahead.
    `day_first` decides how 3/4 is read. A wall time that a change of the clocks skips moves
    forward by the gap; one that comes twice is the first (PEP 495, fold 0).

    Raises NotUnderstood if the words cannot be read as a date, mean one that does not exist, or,
    with `future`, one that is past.
    """
    now = now.astimezone(UTC).replace(microsecond=0)
    reading = None
    if len(words) <= LONGEST_PHRASE:
        reading = _read(tokens(words), now.astimezone(zone).date(), day_first=day_first)
    if reading is None:
        moment = _by_dateutil(words, zone, day_first=day_first, day_ends=day_ends)
    else:
        moment = _resolve(reading, now, zone, day_ends, future=future)
    if moment is None:
        raise NotUnderstood(f"'{_quoted(words)}' is no date I know. Try one of: {EXAMPLES}.")
    if not EARLIEST_YEAR < moment.year < now.year + YEARS_AHEAD:
        raise NotUnderstood(f"'{_quoted(words)}' is too far off. Give a date nearer to today.")
    if future and moment < now:
        raise NotUnderstood(
            f"'{_quoted(words)}' is past: it means {say(moment, now, zone)}. Give a later date."
        )
    return moment


def _read(phrase: list[Token], today: date, *, day_first: bool) -> Reading | None:
    """What the tokens say, or None if one is left over or two parts contradict each other.

    Raises NotUnderstood with the reason where the words are clear and yet cannot be: 30 February.
    """
    cursor, reading = Cursor(phrase), Reading(today, day_first=day_first)
    while not cursor.done:
        start = cursor.at
        for reader in _READERS:
            if reader(cursor, reading):
                break
            cursor.at = start
        else:
            return None
    return reading if reading.says_anything else None


def _quoted(words: str) -> str:
    shown = safe(words)
    return shown if len(shown) <= 40 else shown[:39] + "…"


def _resolve(
    reading: Reading, now: datetime, zone: tzinfo, day_ends: time, *, future: bool
) -> datetime | None:
    """The reading held against the clock; None if its parts contradict each other."""
    if reading.elapsed is not None:
        if reading.says_time or reading.weekday is not None or reading.week is not None:
            return None
        start = now
        if reading.days:
            wall = now.astimezone(zone).time()
            start = _moment(reading.days[0], wall, zone)
        return start + reading.elapsed
    clock = _time_of_day(reading, day_ends)
    if clock is None or (reading.offset is not None and not reading.says_day):
        return None
    moments = [_moment(day, clock, reading.offset or zone) for day in _days(reading)]
    if future:
        return next((moment for moment in moments if moment >= now), moments[0])
    return moments[0]


def _moment(day: date, clock: time, zone: tzinfo) -> datetime:
    if not EARLIEST_YEAR <= day.year < 9999:
        raise NotUnderstood(f"The year {day.year} is too far off. Give a date nearer to today.")
    return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


def _time_of_day(reading: Reading, day_ends: time) -> time | None:
    """The time the reading names, or implies; None if it says "evening" and means the morning."""
    if reading.part is None:
        return day_ends if reading.clock is None else reading.clock
    if reading.clock is None:
        return w.PART_TIMES[reading.part]
    first, after = w.PART_HOURS[reading.part]
    for hour in (reading.clock.hour, reading.clock.hour + 12):
        if first <= hour < after:
            return reading.clock.replace(hour=hour)
    return None


def _days(reading: Reading) -> list[date]:
    """The days it can be, the likeliest first."""
    today = reading.today
    if reading.days:
        if reading.weekday is None:
            return reading.days
        fitting = [day for day in reading.days if day.weekday() == reading.weekday]
        if not fitting:
            day = reading.days[0]
            raise NotUnderstood(
                f"{day.day} {MONTH_LABELS[day.month - 1]} {day.year} is a "
                f"{WEEKDAY_LABELS[day.weekday()]}, not a {WEEKDAY_LABELS[reading.weekday]}. "
                "Leave one of them out."
            )
        return fitting
    if reading.week is not None:
        monday = today + timedelta(weeks=reading.week, days=-today.weekday())
        return [monday + timedelta(days=reading.weekday or 0)]
    if reading.weekday is not None:
        ahead = (reading.weekday - today.weekday()) % 7
        if reading.after_today and ahead == 0:
            ahead = 7
        return [today + timedelta(days=ahead), today + timedelta(days=ahead + 7)]
    if reading.day_end:
        return [today]
    return [today, today + timedelta(days=1)]


def _by_dateutil(words: str, zone: tzinfo, *, day_first: bool, day_ends: time) -> datetime | None:
    """What dateutil reads in words unknown here, if they hold a whole date; else None.

    It fills in what is missing from a default, so it is asked twice with different ones: what
    differs was not said. It guesses at bare numbers, hence the year in four digits.
    """
    if len(words) > LONGEST_PHRASE or not words.isascii():
        return None
    if not any(token.text.isdecimal() and len(token.text) in (4, 8) for token in tokens(words)):
        return None
    from dateutil import parser

    def known_zone(name: str | None, offset: int | None) -> tzinfo | None:
        if name is None and offset is None:
            return None
        if name not in (None, "UTC", "GMT", "Z") or offset is None:
            raise ValueError(f"{name} can mean more than one zone")
        return timezone(timedelta(seconds=offset))

    try:
        one, other = (
            parser.parse(words, default=default, dayfirst=day_first, tzinfos=known_zone)
            for default in (datetime(2004, 1, 1, 1, 1), datetime(2008, 2, 2, 2, 2))  # noqa: DTZ001
        )
    except Exception:  # dateutil raises whatever comes up inside it, not only ParserError
        return None
    if one.date() != other.date():
        return None
    clock = one.time() if one.hour == other.hour else day_ends
    return _moment(one.date(), clock.replace(microsecond=0), one.tzinfo or zone)


def say(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """The moment in the person's zone, short and without doubt: "Fri 27 Nov 14:00".

    Today, tomorrow and yesterday are named; the year is there if it is not the present one.
    English whatever the locale, minutes not seconds.
    """
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    day = local.date()
    clock = f"{local.hour:02}:{local.minute:02}"
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return f"{near} {clock}"
    label = f"{WEEKDAY_LABELS[day.weekday()]} {day.day} {MONTH_LABELS[day.month - 1]}"
    return f"{label} {clock}" if day.year == today.year else f"{label} {day.year} {clock}"


_STEPS = (
    # below this many seconds, counted in steps of, short and long
    (60 * 60, 60, "m", "min"),
    (48 * 3600, 3600, "h", "h"),
    (14 * 86400, 86400, "d", "d"),
    (730 * 86400, 7 * 86400, "w", "w"),
)


def _counted(delta: timedelta) -> tuple[str, str, str]:
    """How many, the short and the long unit; full units only, never rounded up."""
    seconds = int(abs(delta).total_seconds())
    if seconds < 60:
        return "<1", "m", "min"
    for below, step, short, long in _STEPS:
        if seconds < below:
            return str(seconds // step), short, long
    return str(seconds // (365 * 86400)), "y", "y"


def span(delta: timedelta) -> str:
    """A length of time for a label: "20 min", "2 h", "3 d", "2 w"; its sign is dropped."""
    count, _, unit = _counted(delta)
    return f"{count} {unit}"


def short_span(delta: timedelta) -> str:
    """A length of time for a narrow column: "20m", "2h", "3d", "2w"; its sign is dropped."""
    count, unit, _ = _counted(delta)
    return f"{count}{unit}"


def ago(moment: datetime, now: datetime) -> str:
    """How far `moment` lies from `now`: "20 min ago", "in 2 h", "just now"."""
    passed = now - moment
    if abs(passed) < timedelta(minutes=1):
        return "just now"
    return f"{span(passed)} ago" if passed > timedelta(0) else f"in {span(passed)}"
