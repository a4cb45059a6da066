"""The readers for time in a date phrase: spans ("in 3 days"), times ("14 Uhr"), parts of the day.

Each reader takes its tokens from the cursor, notes what they say in the reading and answers True;
or answers False, and the caller puts the cursor back.
"""

from __future__ import annotations

from datetime import date, time, timedelta, timezone

from poc_tui.errors import NotUnderstood
from poc_tui.rules import date_words as w
from poc_tui.rules.date_reading import Cursor, Reading, months_on


def now(cursor: Cursor, reading: Reading) -> bool:
    """`now`, `jetzt`, `sofort`: this very moment."""
    if reading.says_anything or not cursor.take_any(w.NOW):
        return False
    reading.elapsed = timedelta(0)
    return True


def span(cursor: Cursor, reading: Reading) -> bool:
    """`+2h`, `1h30m`, `in 3 days`, `in half an hour`, `in 1 week and 2 days`."""
    if reading.says_anything:
        return False
    opened = cursor.take("+") or bool(cursor.take_any(w.SPAN_OPENERS))
    cursor.take("von")
    if not opened and cursor.peek(1) == "h" and 13 <= (cursor.number() or 0) <= 23:
        return False  # a German "14h" is a time of day
    elapsed: timedelta | None = None
    days = months = 0
    units = set()
    while amount := _amount(cursor):
        number, unit = amount
        units.add(unit)
        if unit in (w.HOUR, w.MINUTE):
            minutes = number * (60 if unit == w.HOUR else 1)
            elapsed = (elapsed or timedelta(0)) + timedelta(seconds=round(60 * minutes))
        elif number != int(number):
            return False
        elif unit in (w.DAY, w.WEEK):
            days += int(number) * (7 if unit == w.WEEK else 1)
        else:
            months += int(number) * (12 if unit == w.YEAR else 1)
        _ = cursor.take("and") or cursor.take("und") or cursor.take("+")
    reading.elapsed = elapsed
    if units - {w.HOUR, w.MINUTE}:
        reading.days = [_later(reading.today, months, days)]
    return bool(units)


def _later(today: date, months: int, days: int) -> date:
    try:
        return months_on(today, months) + timedelta(days=days)
    except (OverflowError, ValueError):
        raise NotUnderstood("That date is too far off. Give one within the next years.") from None


def _amount(cursor: Cursor) -> tuple[float, str] | None:
    """A number and its unit, stepped over: (1.5, "hour")."""
    start = cursor.at
    number = _quantity(cursor)
    word = cursor.peek()
    if number is not None and word in w.FIXED_SPANS:
        cursor.at += 1
        return number * w.FIXED_SPANS[word], w.MINUTE
    if number is not None and word in w.UNITS:
        unit = w.UNITS[word]
        cursor.at += 1
        minutes = cursor.number(digits=2)
        unit_follows = cursor.peek(1) in w.UNITS
        if unit == w.HOUR and minutes is not None and cursor.joined() and not unit_follows:
            cursor.at += 1  # 1h30
            return number + minutes / 60, unit
        return number, unit
    cursor.at = start
    return None


def _quantity(cursor: Cursor) -> float | None:
    number: float | None = cursor.number()
    if number is not None:
        cursor.at += 1
        separated = cursor.peek() in (".", ",") and cursor.joined() and cursor.joined(1)
        if separated and (fraction := cursor.number(1, digits=2)) is not None:
            number += fraction / 10 ** len(cursor.peek(1))
            cursor.at += 2
        return number
    if cursor.take_any(w.ONE_AND_A_HALF):
        return 1.5
    word = cursor.peek()
    if word in w.NUMBERS:
        cursor.at += 1
        return 0.5 if cursor.take_any(w.HALF) else w.NUMBERS[word]
    if cursor.take_any(w.HALF):
        _ = cursor.take("an") or cursor.take("a")
        return 0.5
    return None


def clock(cursor: Cursor, reading: Reading) -> bool:
    """`14:00`, `9.30 uhr`, `14 uhr 30`, `14h`, `2pm`, `2:30 p.m.`; an hour alone after a day."""
    hour = cursor.number(digits=2)
    if hour is None or reading.clock is not None or reading.day_end:
        return False
    opened = cursor.peek(-1) in w.CLOCK_OPENERS
    minute = second = 0
    clear = False
    cursor.at += 1
    if cursor.peek() == ":" and len(cursor.peek(1)) == 2:
        minute, clear = _sixty(cursor), True
        if cursor.peek() == ":" and len(cursor.peek(1)) == 2:
            second = _sixty(cursor)
            if cursor.peek() == "." and cursor.joined(1) and cursor.peek(1).isdecimal():
                cursor.at += 2
    elif cursor.peek() == "." and cursor.joined(1) and _dot_is_clock(cursor, reading, opened):
        minute, clear = _sixty(cursor), True
    if cursor.take("uhr") or (not clear and cursor.take("h")):
        if not clear and len(cursor.peek()) == 2 and cursor.number(digits=2) is not None:
            cursor.at -= 1
            minute = _sixty(cursor)
        clear = True
    half = _meridiem(cursor) if 1 <= hour <= 12 else ""
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif not clear and not _lone_hour(cursor, reading, opened):
        return False
    if hour > 23 or minute > 59 or second > 59:
        raise NotUnderstood(
            f"There is no {hour}:{minute:02} on a clock. Times run from 0:00 to 23:59."
        )
    reading.clock = time(hour, minute, second)
    _offset(cursor, reading)
    return True


def _sixty(cursor: Cursor) -> int:
    """The number after a separator, both stepped over; 60 (refused later) if it is none."""
    number = cursor.number(1, digits=2)
    cursor.at += 2
    return 60 if number is None else number


def _dot_is_clock(cursor: Cursor, reading: Reading, opened: bool) -> bool:
    """Whether `9.30`, read up to its dot, is a time and not the 9th of some month."""
    minute = cursor.number(1, digits=2)
    if minute is None or len(cursor.peek(1)) != 2:
        return False
    if cursor.peek(2) == "uhr":
        return True
    if cursor.peek(2) == "." and cursor.joined(2):
        return False
    return opened or bool(reading.days) or (reading.says_day and minute > 12)


def _lone_hour(cursor: Cursor, reading: Reading, opened: bool) -> bool:
    """Whether a number without a sign of its own is an hour: `fri14`, `at 14`, `morgens um 8`."""
    if cursor.peek() in (".", "/", "-", ":") and cursor.joined():
        return False
    following = cursor.peek()
    if following in w.MONTHS or following in w.UNITS or following in w.ORDINALS:
        return False
    return opened or reading.says_day or reading.part is not None


def _meridiem(cursor: Cursor) -> str:
    """`a` or `p` if am or pm follows, stepped over."""
    word = cursor.peek()
    if word in ("am", "pm"):
        cursor.at += 1
        return word[0]
    if word in ("a", "p") and cursor.peek(1) == "." and cursor.peek(2) == "m":
        cursor.at += 3
        cursor.take(".")
        return word
    return ""


def _offset(cursor: Cursor, reading: Reading) -> None:
    """`Z`, `UTC`, `+01:00`, `-0500` after a time."""
    if cursor.take("z") or cursor.take("utc") or cursor.take("gmt"):
        reading.offset = timezone(timedelta(0))
        return
    sign = cursor.peek()
    digits = cursor.peek(1)
    if sign not in ("+", "-") or len(digits) not in (2, 4) or cursor.number(1) is None:
        return
    if cursor.peek(2) in w.UNITS:
        return
    cursor.at += 2
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    if len(digits) == 2 and cursor.peek() == ":" and len(cursor.peek(1)) == 2:
        minutes = _sixty(cursor)
    if hours > 14 or minutes > 59:
        raise NotUnderstood("No zone is that far from UTC. Offsets run from -12:00 to +14:00.")
    ahead = timedelta(hours=hours, minutes=minutes)
    reading.offset = timezone(-ahead if sign == "-" else ahead)


def part(cursor: Cursor, reading: Reading) -> bool:
    """`in the morning`, `this afternoon`, `tonight`, `heute Abend`, `freitag morgen`."""
    if reading.part is not None or reading.day_end:
        return False
    of_today = bool(cursor.take_any(w.THIS))
    word = cursor.peek()
    if word == "tonight":
        named, of_today = w.EVENING, True
    elif word == "morgen" and (of_today or cursor.peek(-1) == "am" or reading.says_day):
        named = w.MORNING  # "am morgen", "freitag morgen"; by itself it is tomorrow
    else:
        named = w.PARTS.get(word, "")
    if not named or (of_today and not reading.take_days([reading.today])):
        return False
    cursor.at += 1
    reading.part = named
    return True
