"""The reader for times told by the hour they are near: "half past 3", "viertel vor zwölf"."""

from __future__ import annotations

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.amounts import whole
from poc_tui.rules.dates.clock_times import half_day, meridiem, stands_alone
from poc_tui.rules.dates.phrase_reading import SPOKEN, SURE, Reading, TimeOfDay
from poc_tui.rules.dates.tokens import Cursor

_PAST = ("past", "after", "nach")
_TO = ("to", "before", "vor")
_FIXED_MINUTES = {
    ("halb",): -30,
    ("half", "past"): 30,
    ("dreiviertel",): -15,
    ("drei", "viertel"): -15,
}
"""Minutes from the hour that follows."""


def relative(cursor: Cursor, reading: Reading) -> bool:
    """`half past 3`, `quarter to five`, `viertel nach 3`, `halb vier`, `5 vor halb drei`.

    Raises:
        NotUnderstood: "half three" and "viertel drei", which are different times to different
            people.
    """
    found = _before_or_past(cursor)
    if found is None:
        return False
    _ = cursor.take("uhr") or cursor.take("oclock")
    if found.how == SPOKEN and (half := meridiem(cursor, reading)):
        found = half_day(found.hour, found.minute, half)
    return reading.take_clock(found)


def _before_or_past(cursor: Cursor) -> TimeOfDay | None:
    for words, minutes in _FIXED_MINUTES.items():
        if cursor.take(*words):
            return _minutes_from(cursor, minutes)
    if cursor.take("half"):
        return _two_ways(cursor, "half", 30, -30)
    _ = cursor.take("a")
    if quarter := cursor.take_any(("quarter", "viertel")):
        sign = _sign(cursor)
        if sign or quarter == "quarter":
            return _minutes_from(cursor, 15 * sign) if sign else None
        return _two_ways(cursor, quarter, -45, 15)
    return _counted_minutes(cursor)


def _counted_minutes(cursor: Cursor) -> TimeOfDay | None:
    """`20 nach 3`, `15 minutes to noon`, `five past four`, `5 vor halb drei`."""
    spelled = cursor.number() is None
    count = whole(cursor)
    if count is None or not 1 <= count < 60:
        return None
    named = cursor.peek() in w.UNITS and w.UNITS[cursor.peek()] == w.MINUTE
    cursor.at += named
    word = cursor.peek()
    sign = _sign(cursor)
    if not sign:
        return None
    # "10 to 12" is as often from ten to twelve.
    clear = word != "to" or named or spelled or count in (20, 25) or cursor.peek() in _FIXED_HOURS
    if not clear or (word in ("before", "after") and not named and not spelled and count > 30):
        return None
    if cursor.take("halb"):
        return _minutes_from(cursor, -30 + sign * count)
    return _minutes_from(cursor, sign * count)


def _sign(cursor: Cursor) -> int:
    if cursor.take_any(_PAST):
        return 1
    return -1 if cursor.take_any(_TO) else 0


_FIXED_HOURS = ("noon", "midday", "midnight", "mitternacht")


def _hour(cursor: Cursor) -> tuple[int, str] | None:
    """The hour that minutes are counted from, stepped over: 1 to 23, noon, midnight."""
    word = cursor.take_any(_FIXED_HOURS)
    if word:
        return (24 if word in ("midnight", "mitternacht") else 12), SURE
    hour = whole(cursor)
    # What goes on as a date or a length of time was no hour.
    if hour is None or not 1 <= hour <= 23 or not stands_alone(cursor):
        return None
    return hour, SPOKEN if hour <= 12 else SURE


def _minutes_from(cursor: Cursor, minutes: int) -> TimeOfDay | None:
    hour = _hour(cursor)
    return None if hour is None else _from_hour(*hour, minutes)


def _from_hour(hour: int, how: str, minutes: int) -> TimeOfDay:
    total = hour * 60 + minutes
    if how == SPOKEN and total < 60:
        total += 12 * 60  # half past twelve on a clock of twelve hours
    return TimeOfDay(total // 60 % 24, total % 60, 0, how)


def _two_ways(cursor: Cursor, word: str, one: int, other: int) -> TimeOfDay | None:
    hour = _hour(cursor)
    if hour is None:
        return None
    first, second = (_from_hour(*hour, minutes) for minutes in (one, other))
    raise NotUnderstood(
        f"'{word} {hour[0]}' is {first.hour}:{first.minute:02} to some and "
        f"{second.hour}:{second.minute:02} to others. Write the time in digits."
    )
