"""The readers for the day in a date phrase: names ("next friday", "eom") and dates ("27.11.").

Each reader takes its tokens from the cursor, notes what they say in the reading and answers True;
or answers False, and the caller puts the cursor back.
"""

from __future__ import annotations

from datetime import date, timedelta

from poc_tui.errors import NotUnderstood
from poc_tui.rules import date_words as w
from poc_tui.rules.date_reading import Cursor, Reading, month_end, months_on

FRIDAY = 4
"""The last day of a working week, which "end of week" means."""


def day_word(cursor: Cursor, reading: Reading) -> bool:
    """`today`, `tomorrow`, `day after tomorrow`, `übermorgen`."""
    cursor.take("the")
    if cursor.take("day", "after", "tomorrow"):
        return reading.take_days([reading.today + timedelta(days=2)])
    if cursor.take("day", "before", "yesterday"):
        return reading.take_days([reading.today - timedelta(days=2)])
    word = cursor.take_any(w.DAYS)
    return bool(word) and reading.take_days([reading.today + timedelta(days=w.DAYS[word])])


def weekday(cursor: Cursor, reading: Reading) -> bool:
    """`fri`, `next friday`, `diesen Freitag`, `Fr.`."""
    after_today = bool(cursor.take_any(w.NEXT))
    if not after_today:
        cursor.take_any(w.THIS)
    word = cursor.peek()
    if word not in w.WEEKDAYS or reading.weekday is not None or reading.elapsed is not None:
        return False
    cursor.at += 1
    cursor.take(".")
    reading.weekday = w.WEEKDAYS[word]
    reading.after_today = after_today
    return True


def _which(cursor: Cursor) -> int | None:
    """0 for this, 1 for next, 2 for the one after next; stepped over."""
    if cursor.take_any(w.THIS):
        return 0
    if cursor.take_any(w.NEXT):
        return 1
    return 2 if cursor.take_any(w.AFTER_NEXT) else None


def next_unit(cursor: Cursor, reading: Reading) -> bool:
    """`next week`, `this week`, `week after next`, `nächsten Monat`."""
    if cursor.take("week", "after", "next"):
        return _take_week(reading, 2)
    which = _which(cursor)
    if which is None:
        return False
    unit = w.PERIODS.get(cursor.peek())
    cursor.at += 1
    if unit == w.WEEK:
        return _take_week(reading, which)
    if unit != w.MONTH:
        return False
    first = months_on(reading.today.replace(day=1), which)
    return reading.take_days([first if which else month_end(first)])


def _take_week(reading: Reading, week: int) -> bool:
    if reading.week is not None or reading.days or reading.elapsed is not None:
        return False
    reading.week = week
    if week == 0 and reading.weekday is None:
        reading.weekday = FRIDAY
    return True


def end_of(cursor: Cursor, reading: Reading) -> bool:
    """`eod`, `end of week`, `Ende nächster Woche`, `Monatsende`, `end of November`."""
    which: int | None = None
    unit = w.ENDS.get(cursor.peek(), "")
    cursor.at += 1
    if not unit:
        if cursor.peek(-1) not in ("end", "ende", "close"):
            return False
        cursor.take("of")
        cursor.take_any(w.ARTICLES)
        which = _which(cursor)
        unit = w.PERIODS.get(cursor.peek(), "")
        if not unit:
            return which is None and _end_of_named_month(cursor, reading)
        cursor.at += 1
    if unit == w.DAY:
        return which is None and _take_day_end(reading)
    if unit == w.WEEK:
        return _take_week_end(reading, which)
    today = reading.today
    if unit == w.YEAR:
        return reading.take_days([date(today.year + (which or 0), 12, 31)])
    first = today.replace(day=1)
    ahead = (0, 1) if which is None else (which,)
    return reading.take_days([month_end(months_on(first, months)) for months in ahead])


def _end_of_named_month(cursor: Cursor, reading: Reading) -> bool:
    month = w.MONTHS.get(cursor.peek())
    if month is None:
        return False
    cursor.at += 1
    year = _year(cursor)
    this = reading.today.year
    years = [this, this + 1] if year is None else [year]
    return reading.take_days([date(y, month, _length(y, month)) for y in years])


def _take_day_end(reading: Reading) -> bool:
    if reading.says_time or reading.elapsed is not None:
        return False
    reading.day_end = True
    return True


def _take_week_end(reading: Reading, week: int | None) -> bool:
    if reading.says_day or reading.elapsed is not None:
        return False
    reading.weekday, reading.week = FRIDAY, week
    return True


def iso_date(cursor: Cursor, reading: Reading) -> bool:
    """`2026-11-27`, also with slashes or dots, and a `T` before the time."""
    sign = cursor.peek(1)
    year, month, day = cursor.number(), cursor.number(2, digits=2), cursor.number(4, digits=2)
    if len(cursor.peek()) != 4 or sign not in ("-", "/", ".") or cursor.peek(3) != sign:
        return False
    if year is None or month is None or day is None:
        return False
    cursor.at += 5
    if cursor.peek() == "t" and cursor.joined() and cursor.number(1) is not None:
        cursor.at += 1
    return reading.take_days(_dates(reading, day, month, year))


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
    year = _year(cursor) if cursor.peek(-1) == sign or len(cursor.peek()) == 4 else None
    day_first = reading.day_first or sign == "."
    day, month = (first, second) if day_first else (second, first)
    return reading.take_days(_dates(reading, day, month, year))


def named_date(cursor: Cursor, reading: Reading) -> bool:
    """`27 Nov`, `27. November 2026`, `Nov 27th, 2026`."""
    day = cursor.number(digits=2)
    if day is not None:
        cursor.at += 1
        _ = cursor.take(".") or cursor.take_any(w.ORDINALS)
        cursor.take("of")
        month = cursor.peek()
        if month not in w.MONTHS:
            return False
        cursor.at += 1
    else:
        month = cursor.take_any(w.MONTHS)
        cursor.take(".")
        day = cursor.number(digits=2)
        if not month or day is None or cursor.peek(1) == ":":
            return False
        cursor.at += 1
        _ = cursor.take(".") or cursor.take_any(w.ORDINALS)
    _ = cursor.take(",") or cursor.take(".")
    return reading.take_days(_dates(reading, day, w.MONTHS[month], _year(cursor)))


def _year(cursor: Cursor) -> int | None:
    """A year that follows, stepped over: of four digits; or of two, joined to the date by its sign
    or too high for the hour that it would otherwise be.
    """
    number = cursor.number()
    if number is None:
        return None
    if len(cursor.peek()) == 4:
        cursor.at += 1
        return number
    clock_follows = cursor.peek(1) in (":", "uhr", "h", "am", "pm") or cursor.peek(1) == "."
    signed = cursor.joined() and cursor.peek(-1) in (".", "/", "-", "'")
    if len(cursor.peek()) == 2 and not clock_follows and (signed or number > 24):
        cursor.at += 1
        return 2000 + number
    return None


def ordinal(cursor: Cursor, reading: Reading) -> bool:
    """`the 27th`, `am 27.`: the next day of that number."""
    day = cursor.number(digits=2)
    if day is None or not (cursor.peek(1) in w.ORDINALS or cursor.peek(1) == "."):
        return False
    if cursor.peek(1) == "." and cursor.number(2) is not None and cursor.joined(2):
        return False
    cursor.at += 2
    if not 1 <= day <= 31:
        raise NotUnderstood(f"There is no {day}th of a month. Days run from 1 to 31.")
    first = reading.today.replace(day=1)
    months = [months_on(first, ahead) for ahead in range(3)]
    days = [month.replace(day=day) for month in months if day <= month_end(month).day]
    return reading.take_days([d for d in days if d >= reading.today][:2] or days[:1])


def _dates(reading: Reading, day: int, month: int, year: int | None) -> list[date]:
    """That date; without a year this year's, and the next year's if this one has passed."""
    if not 1 <= month <= 12:
        order = "day first, as in 27.11." if reading.day_first else "month first, as in 11/27"
        raise NotUnderstood(f"There is no month {month}. Dates are read {order}")
    years = [reading.today.year, reading.today.year + 1] if year is None else [year]
    found = [date(y, month, day) for y in years if 1 <= day <= _length(y, month)]
    if year is None and found and found[0] == reading.today:
        found = found[:1]
    passed = year is None and found and found[-1] < reading.today
    if found and not passed:
        return found
    if (day, month) == (29, 2):
        leap = reading.today.year
        while not (_length(leap, 2) == 29 and date(leap, 2, 29) >= reading.today):
            leap += 1
        raise NotUnderstood(
            f"There is no 29 February in {years[-1]}. The next one is 29.02.{leap}; "
            "write it with its year, or take 28 February or 1 March."
        )
    raise NotUnderstood(f"There is no day {day} in month {month}. Give a date that exists.")


def _length(year: int, month: int) -> int:
    if not 1 <= year <= 9998:
        raise NotUnderstood(f"There is no year {year} here. Give it in four digits, as in 2026.")
    return month_end(date(year, month, 1)).day


def filler(cursor: Cursor, _reading: Reading) -> bool:
    """Words and signs between the parts that say nothing by themselves."""
    return bool(cursor.take_any(w.FILLERS))
