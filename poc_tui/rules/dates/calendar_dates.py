"""The readers for dates in a date phrase: "27.11.", "Nov 27th, 2026", "2026-11-27", "the 3rd".

Each reader takes its tokens from the cursor, notes what they say in the reading and answers True;
or answers False, and the caller puts the cursor back.
"""

from __future__ import annotations

from datetime import date, timedelta

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.format import ordinal as ordinal_of
from poc_tui.rules.dates.months import month_end, months_on
from poc_tui.rules.dates.phrase_reading import Period, Reading
from poc_tui.rules.dates.tokens import Cursor

_OF = ("of", "in", "im", "des", "der", "vom", "the", "dem")
_MONTH_DAY_OPENERS = w.ARTICLES | {"am", "zum", "vom"}


def iso_date(cursor: Cursor, reading: Reading) -> bool:
    """`2026-11-27`, also with slashes, dots or spaces; a `T` before the time."""
    sign = cursor.peek(1)
    year = cursor.number()
    if len(cursor.peek()) != 4 or year is None:
        return False
    if sign in ("-", "/", ".") and cursor.peek(3) == sign:
        month, day, read = cursor.number(2, digits=2), cursor.number(4, digits=2), 5
    else:
        month, day, read = cursor.number(1, digits=2), cursor.number(2, digits=2), 3
        if len(sign) != 2 or len(cursor.peek(2)) != 2:
            return False
    if month is None or day is None:
        return False
    cursor.at += read
    _time_sign(cursor)
    reading.has_year = reading.numeric = True
    return reading.take_days(dates(reading, day, month, year))


def basic_iso_date(cursor: Cursor, reading: Reading) -> bool:
    """`20261127`, `20261127T1400` (ISO 8601, basic): year, month, day, whatever comes first."""
    digits = cursor.peek()
    if len(digits) != 8 or cursor.number(digits=8) is None or cursor.peek(1) in w.UNITS:
        return False
    cursor.at += 1
    _time_sign(cursor)
    reading.has_year = reading.numeric = True
    return reading.take_days(dates(reading, int(digits[6:]), int(digits[4:6]), int(digits[:4])))


def iso_week(cursor: Cursor, reading: Reading) -> bool:
    """`2026-W49`, `2026-W49-3` (ISO 8601): a week, or its third day."""
    year = cursor.number()
    if len(cursor.peek()) != 4 or year is None:
        return False
    cursor.at += 1
    cursor.take("-")
    if not (cursor.take("w") and cursor.joined()):
        return False
    number = cursor.number(digits=2)
    if number is None:
        return False
    cursor.at += 1
    monday = week_of(year, number)
    day = cursor.number(1, digits=1) if cursor.peek() == "-" and cursor.joined(1) else None
    if day is None:
        return reading.take_periods([Period(monday, monday + timedelta(days=6), w.WEEK)])
    cursor.at += 2
    if not 1 <= day <= 7:
        raise NotUnderstood(f"There is no day {day} in a week. Days run from 1 to 7.")
    return reading.take_days([monday + timedelta(days=day - 1)])


def week_of(year: int, number: int) -> date:
    """The Monday of an ISO week.

    Raises:
        NotUnderstood: that year has none of that number.
    """
    if not 1 <= year <= 9998:
        raise NotUnderstood(f"There is no year {year} here. Give it in four digits, as in 2026.")
    last = date(year, 12, 28).isocalendar().week
    if not 1 <= number <= last:
        raise NotUnderstood(f"There is no week {number} in {year}. Weeks run from 1 to {last}.")
    return date.fromisocalendar(year, number, 1)


def _time_sign(cursor: Cursor) -> None:
    if cursor.peek() == "t" and cursor.joined() and cursor.number(1, digits=6) is not None:
        cursor.at += 1
        digits = cursor.peek()
        if len(digits) in (4, 6):  # basic: 1400, 140030
            parts = [digits[at : at + 2] for at in range(0, len(digits), 2)]
            kind = type(cursor.tokens[cursor.at])
            signed = [
                kind(part, spaced=False) for part in ":".join(parts).replace(":", " : ").split()
            ]
            cursor.tokens = [*cursor.tokens[: cursor.at], *signed, *cursor.tokens[cursor.at + 1 :]]


def numeric_date(cursor: Cursor, reading: Reading) -> bool:
    """`27.11.`, `27.11.26`, `27/11`, `27-11-2026`; `11/27` unless the day comes first."""
    sign = cursor.peek(1)
    first, second = cursor.number(digits=2), cursor.number(2, digits=2)
    if first is None or second is None or sign not in (".", "/", "-"):
        return False
    if sign == "-" and not (cursor.peek(3) == "-" and len(cursor.peek(4)) == 4):
        return False
    cursor.at += 3
    if not cursor.take(sign) and sign == "-":
        return False
    year = (
        year_after(cursor, reading) if cursor.peek(-1) == sign or len(cursor.peek()) == 4 else None
    )
    if sign == "/" and cursor.peek(-1) == "/":
        return False
    if year is None and cursor.joined() and cursor.number(digits=1) is not None:
        return False  # 1.2.3 is the third of nothing, and no hour
    day_first = reading.day_first or sign == "."
    day, month = (first, second) if day_first else (second, first)
    reading.numeric = True
    return reading.take_days(dates(reading, day, month, year))


def named_date(cursor: Cursor, reading: Reading) -> bool:
    """`27 Nov`, `27. November 2026`, `Nov 27th, 2026`, `first of march`, `am ersten Dezember`."""
    day = _day_number(cursor)
    if day is not None:
        if cursor.take("of"):
            cursor.take("the")
        dash = cursor.take("-")
        month = cursor.take_any(w.MONTHS)
        if not month:
            return False
        cursor.take_dot()
        if dash and not cursor.take("-"):
            return False
    else:
        month = cursor.take_any(w.MONTHS)
        cursor.take_dot()
        cursor.take("the")
        day = _day_number(cursor)
        if not month or day is None or cursor.peek() in (":", "uhr", "am", "pm", "oclock"):
            return False
        cursor.take_dot()
    if cursor.peek(1).isdecimal() and len(cursor.peek(1)) == 4:
        cursor.take(",")
    return reading.take_days(dates(reading, day, w.MONTHS[month], year_after(cursor, reading)))


def _day_number(cursor: Cursor) -> int | None:
    """A day of a month, stepped over: `27`, `27.`, `27th`, `first`."""
    day = cursor.number(digits=2)
    if day is not None:
        cursor.at += 1
        _ = cursor.take(".") or cursor.take_any(w.ORDINALS)
        return day
    word = cursor.take_any(w.ORDINAL_NUMBERS)
    if word:
        return w.ORDINAL_NUMBERS[word]
    if cursor.peek() in w.TENS and cursor.peek(1 + (cursor.peek(1) == "-")) in w.ORDINAL_NUMBERS:
        tens = w.TENS[cursor.peek()]
        cursor.at += 2 + (cursor.peek(1) == "-")
        return tens + w.ORDINAL_NUMBERS[cursor.peek(-1)]
    return None


def year_after(cursor: Cursor, reading: Reading) -> int | None:
    """A year that follows, stepped over: of four digits; or of two, joined to the date by its sign
    or too high for the hour that it would otherwise be; or "next year".
    """
    start = cursor.at
    cursor.take_any(_OF)
    which = which_one(cursor)
    if which is not None and cursor.take_any(("year", "jahr", "jahres")):
        reading.has_year = True
        return reading.today.year + which
    cursor.at = start
    apostrophe = cursor.take("'")
    number = cursor.number()
    if number is not None and len(cursor.peek()) == 4 and cursor.peek(1) != ":":
        cursor.at += 1
        reading.has_year = True
        return number
    if number is not None and len(cursor.peek()) == 2:
        clock_follows = cursor.peek(1) in (":", "uhr", "h", "am", "pm") or (
            cursor.peek(1) == "." and cursor.joined(1) and cursor.number(2) is not None
        )
        signed = cursor.joined() and cursor.peek(-1) in (".", "/", "-", "'")
        if not clock_follows and (signed or apostrophe or number > 24):
            cursor.at += 1
            reading.has_year = True
            return 2000 + number
    cursor.at = start
    return None


def which_one(cursor: Cursor) -> int | None:
    """0 for this, 1 for next, 2 for the one after next; stepped over."""
    if cursor.take_any(w.THIS):
        return 0
    if cursor.take_any(w.NEXT):
        return 1
    return 2 if cursor.take_any(w.AFTER_NEXT) else None


def ordinal(cursor: Cursor, reading: Reading) -> bool:
    """`the 27th`, `am 27.`, `zum 1.`, `the 24`, `first of next month`: the next day of that number.

    Raises:
        NotUnderstood: "bis 15", the 15th or 15:00.
    """
    in_digits = cursor.number(digits=2) is not None
    bare = in_digits and cursor.peek(1) not in w.ORDINALS and cursor.peek(1) != "."
    day = _day_number(cursor)
    if day is None or cursor.peek() in (":", "uhr", "h", "am", "pm", "oclock", "/", "-"):
        return False
    if cursor.number() is not None and cursor.joined() and cursor.peek(-1) == ".":
        return False
    if not in_digits and cursor.peek(-1) in ("second", "acht") and not reading.lead:
        return False
    if bare and reading.lead.isdisjoint(_MONTH_DAY_OPENERS):
        if day <= 24 and not cursor.peek() and not reading.lead.isdisjoint(w.BOUNDS):
            raise NotUnderstood(
                f"{day} can be {day}:00 or the {ordinal_of(day)} of a month. "
                f"Write {day}:00 or {day}."
            )
        return False
    if bare and (cursor.peek() in w.UNITS or cursor.peek() in w.WORKDAYS):
        return False
    after_day = cursor.at
    months = _month_after(cursor, reading)
    if not 1 <= day <= 31:
        raise NotUnderstood(f"There is no day {day} in a month. Days run from 1 to 31.")
    if months is not None:
        first = months_on(reading.today.replace(day=1), months)
        if day > month_end(first).day:
            raise NotUnderstood(
                f"There is no day {day} in month {first.month}. Give a date that exists."
            )
        return reading.take_days([first.replace(day=day)])
    if not (in_digits or reading.lead or cursor.at > after_day):
        return False
    first = reading.today.replace(day=1)
    starts = [months_on(first, ahead) for ahead in range(3)]
    days = [start.replace(day=day) for start in starts if day <= month_end(start).day]
    return reading.take_days([d for d in days if d >= reading.today][:2] or days[:1])


def last_of_month(cursor: Cursor, reading: Reading) -> bool:
    """`last of the month`, `am Letzten des nächsten Monats`."""
    if not cursor.take_any(w.LAST_OF):
        return False
    start = cursor.at
    months = _month_after(cursor, reading)
    first = months_on(reading.today.replace(day=1), months or 0)
    return cursor.at > start and reading.take_days([month_end(first)])


def _month_after(cursor: Cursor, reading: Reading) -> int | None:
    """The months from this one of `of next month`, `dieses Monats`, stepped over."""
    start = cursor.at
    cursor.skip(_OF)
    opened = cursor.at > start
    which = which_one(cursor)
    if cursor.take_any(("month", "monat", "monats", "monates")) and (opened or which is not None):
        if which is None:
            return None  # the next day of that number, whichever month
        return which
    cursor.at = start
    return None


def dates(reading: Reading, day: int, month: int, year: int | None) -> list[date]:
    """That date; without a year this year's and the next year's.

    Raises:
        NotUnderstood: there is no such date.
    """
    if not 1 <= month <= 12:
        order = "day first, as in 27.11." if reading.day_first else "month first, as in 11/27"
        raise NotUnderstood(f"There is no month {month}. Dates are read {order}")
    if (day, month, year) == (29, 2, None) and reading.recurs:
        return [_leap_day(reading.today, -1)]
    years = [reading.today.year, reading.today.year + 1] if year is None else [year]
    found = [date(y, month, day) for y in years if 1 <= day <= length(y, month)]
    if year is None and found and found[0] == reading.today:
        found = found[:1]
    passed = year is None and found and found[-1] < reading.today
    if found and not passed:
        return found
    if (day, month) == (29, 2):
        leap = _leap_day(reading.today, 1).year
        raise NotUnderstood(
            f"There is no 29 February in {years[-1]}. The next one is 29.02.{leap}; "
            "write it with its year, or take 28 February or 1 March."
        )
    raise NotUnderstood(f"There is no day {day} in month {month}. Give a date that exists.")


def _leap_day(today: date, step: int) -> date:
    """The first 29 February from today on; with -1 the last up to today, from which a series in
    years can be counted."""
    year = today.year
    while not (length(year, 2) == 29 and step * (date(year, 2, 29) - today).days >= 0):
        year += step
    return date(year, 2, 29)


def length(year: int, month: int) -> int:
    """How many days that month has.

    Raises:
        NotUnderstood: the year is out of the calendar.
    """
    if not 1 <= year <= 9998:
        raise NotUnderstood(f"There is no year {year} here. Give it in four digits, as in 2026.")
    return month_end(date(year, month, 1)).day
