"""Numbers and lengths of time in a date phrase: "3", "twenty-five", "anderthalb Stunden"."""

from __future__ import annotations

from datetime import date, timedelta

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.months import months_on
from poc_tui.rules.dates.tokens import Cursor

_AND_A_HALF = w.phrases("and a half, and an half")
_HALF_MORE = (*_AND_A_HALF, *w.phrases("einhalb, ein halb"))
_THREE_QUARTERS = w.phrases("dreiviertel, drei viertel, three quarters, three - quarters")
_FIRST_CLOCK_HOUR = 7
"""From here on `9h30` is a time of day as well as a length; below it nobody means the clock."""


class Amount:
    """A length of time in the units it was said in."""

    __slots__ = ("days", "months", "seconds", "units", "workdays")

    def __init__(self) -> None:
        self.months = 0
        self.days = 0
        self.workdays = 0
        self.seconds = 0
        self.units: set[str] = set()

    @property
    def is_clock(self) -> bool:
        """Whether it is hours and minutes alone, and so exact."""
        return self.units <= {w.HOUR, w.MINUTE, w.SECOND}

    def add(self, number: float, unit: str) -> bool:
        """Add so many of a unit; False for a part of a day or a unit said twice."""
        if unit in self.units:
            return False
        self.units.add(unit)
        if unit in (w.HOUR, w.MINUTE, w.SECOND):
            size = {w.HOUR: 3600, w.MINUTE: 60, w.SECOND: 1}[unit]
            self.seconds += round(number * size)
            return True
        if unit == w.YEAR:
            number, unit = 12 * number, w.MONTH
        if number != int(number):
            return False
        if unit == w.MONTH:
            self.months += int(number)
        elif unit == w.WORKDAY:
            self.workdays += int(number)
        else:
            self.days += int(number) * (7 if unit == w.WEEK else 1)
        return True

    def from_day(self, day: date, sign: int = 1) -> date:
        """The day so many months and days on, or back; business days are not counted here.

        Raises:
            NotUnderstood: the calendar ends before.
        """
        try:
            return months_on(day, sign * self.months) + timedelta(days=sign * self.days)
        except (OverflowError, ValueError):
            raise NotUnderstood(
                "That date is too far off. Give one within the next years."
            ) from None


def whole(cursor: Cursor) -> int | None:
    """A whole number of at most four digits, or in words, stepped over."""
    number = cursor.number()
    if number is not None:
        cursor.at += 1
        return number
    word = cursor.take_any(w.NUMBERS)
    if not word:
        return None
    number = w.NUMBERS[word]
    start = cursor.at
    if word in w.TENS:
        cursor.take("-")
        one = w.NUMBERS.get(cursor.peek(), 0)
        if 1 <= one <= 9 and cursor.peek() not in w.GERMAN_NUMBERS:
            cursor.at += 1
            return number + one
        cursor.at = start
    return number


def amount(cursor: Cursor, *, opened: bool) -> Amount | None:
    """A length of time, stepped over: `1 week and 2 days`, `1h30`, `einer halben Stunde`.

    `opened` says that "in" or "+" stands before it, without which "14h" is a time of day. Raises
    NotUnderstood for what can be two lengths, or a length and a time of day.
    """
    found = Amount()
    first = cursor.at
    if not opened:
        _not_a_clock(cursor)
        if cursor.peek(1) == "h" and 13 <= (cursor.number(digits=2) or 0) <= 23:
            return None
    end = first
    while _piece(cursor, found):
        end = cursor.at
        _ = cursor.take("and") or cursor.take("und") or cursor.take(",") or cursor.take("+")
    cursor.at = end
    return found if end > first else None


def _not_a_clock(cursor: Cursor) -> None:
    hour = cursor.number(digits=2)
    if hour is None or cursor.peek(1) != "h" or not _FIRST_CLOCK_HOUR <= hour <= 12:
        return
    minutes = cursor.number(2, digits=2) if cursor.joined(2) else None
    if minutes is not None and cursor.peek(3) in w.UNITS:
        return  # 9h30m
    said = f"{hour}h" if minutes is None else f"{hour}h{minutes:02}"
    raise NotUnderstood(
        f"{said} can be a time of day or a length of time. "
        f"Write {hour}:{minutes or 0:02} for the one, in {said} for the other."
    )


def _piece(cursor: Cursor, found: Amount) -> bool:
    start = cursor.at
    number = _quantity(cursor)
    if number is not None:
        raw = cursor.tokens[cursor.at].raw if not cursor.done else ""
        unit = _unit(cursor)
        if unit is not None:
            if raw == "M":
                raise NotUnderstood(
                    f"{number:g}M can be months or minutes. "
                    f"Write {number:g} months or {number:g} min."
                )
            unit_name, size = unit
            number *= size
            if unit_name == w.HOUR:
                number += _minutes_after(cursor)
            if cursor.take_one(*_AND_A_HALF):
                number += 0.5
            if found.add(number, unit_name):
                return True
    cursor.at = start
    return False


def _minutes_after(cursor: Cursor) -> float:
    """The 30 of `1h30`, in hours."""
    minutes = cursor.number(digits=2)
    if minutes is None or not cursor.joined() or cursor.peek(1) in w.UNITS or minutes > 59:
        return 0
    cursor.at += 1
    return minutes / 60


def _unit(cursor: Cursor) -> tuple[str, int] | None:
    """The unit and how many of it the word is, stepped over with the dot that shortens it."""
    word = cursor.peek()
    if word in w.WORKING and cursor.peek(1) in ("day", "days"):
        cursor.at += 2
        return w.WORKDAY, 1
    if word in w.WORKDAYS:
        cursor.at += 1
        return w.WORKDAY, 1
    if word in w.FIXED_SPANS:
        cursor.at += 1
        return w.FIXED_SPANS[word]
    if word in w.UNITS:
        cursor.at += 1
        cursor.take_dot()
        return w.UNITS[word], 1
    return None


def _quantity(cursor: Cursor) -> float | None:
    article = cursor.take_any(w.A)
    if article == "an" and cursor.peek() in w.WORKDAYS:
        return None  # "an Werktagen"
    if cursor.take("couple") or cursor.take("pair"):
        cursor.take("of")
        return 2
    fraction = _fraction(cursor)
    if fraction is not None:
        return fraction
    if article:
        return 1
    word = cursor.take_any(w.AND_A_HALF)
    if word:
        return w.AND_A_HALF[word]
    if cursor.peek() in w.FIXED_SPANS and cursor.peek(-1) in ("in", "within"):
        return 1
    number: float | None = whole(cursor)
    if number is None:
        return None
    separated = cursor.peek() in (".", ",") and cursor.joined() and cursor.joined(1)
    if separated and cursor.number(1, digits=2) is not None:
        _not_sixtieths(cursor, int(number))
        number += int(cursor.peek(1)) / 10 ** len(cursor.peek(1))
        cursor.at += 2
    elif cursor.take_one(*_HALF_MORE):
        number += 0.5
    cursor.take("more")
    return number


def _not_sixtieths(cursor: Cursor, hours: int) -> None:
    """Raises NotUnderstood for 1.30 hours, which are 90 minutes to some and 78 to others."""
    digits = cursor.peek(1)
    if len(digits) != 2 or int(digits) > 59 or w.UNITS.get(cursor.peek(2)) != w.HOUR:
        return
    spans = [60 * hours + part for part in (int(digits), round(0.6 * int(digits)))]
    raise NotUnderstood(
        f"{hours}{cursor.peek()}{digits} hours can be {spans[0]} or {spans[1]} minutes. Write one."
    )


def _fraction(cursor: Cursor) -> float | None:
    """`half an`, `1/4`, `quarter of an`, `dreiviertel`, stepped over."""
    start = cursor.at
    if cursor.take_any(w.HALF):
        _ = cursor.take("an") or cursor.take("a")
        return 0.5
    if cursor.peek(1) == "/" and cursor.joined(1) and cursor.joined(2):
        parts = {("1", "2"): 0.5, ("1", "4"): 0.25, ("3", "4"): 0.75}
        value = parts.get((cursor.peek(), cursor.peek(2)))
        if value is not None and cursor.peek(3) in w.UNITS:
            cursor.at += 3
            return value
        return None
    quarters = 0
    if cursor.take("quarter") or cursor.take("viertel"):
        quarters = 1
    elif cursor.take_one(*_THREE_QUARTERS):
        quarters = 3
    if not quarters:
        return None
    _ = cursor.take("of", "an") or cursor.take("of", "a") or cursor.take("an")
    if w.UNITS.get(cursor.peek()) not in (w.HOUR, w.YEAR):
        cursor.at = start
        return None
    return quarters / 4
