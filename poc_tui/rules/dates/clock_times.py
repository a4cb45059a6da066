"""The readers for the time of day in a date phrase: "14:00", "2pm", "at 4", "abends".

Each reader takes its tokens from the cursor, notes what they say in the reading and answers True;
or answers False, and the caller puts the cursor back.
"""

from __future__ import annotations

from datetime import timedelta, timezone

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.amounts import whole
from poc_tui.rules.dates.phrase_reading import AM, COLON, SPOKEN, SURE, UHR, Reading, TimeOfDay
from poc_tui.rules.dates.tokens import Cursor

_YEARS = range(1900, 2100)
"""Four digits that are taken for a year before they are taken for a time."""


def clock(cursor: Cursor, reading: Reading) -> bool:
    """`14:00`, `9.30 uhr`, `14 uhr 30`, `14h`, `2pm`; an hour alone after "at" or a day."""
    number = cursor.number(digits=2)
    hour = whole(cursor)
    if hour is None or (number is None and hour > 24):
        return False
    start = cursor.at
    found = _digital(cursor, reading, hour) if number is not None else None
    if found is None:
        cursor.at = start
        found = _spoken_hour(cursor, reading, hour, padded=number is not None)
    if found is None or not reading.take_clock(found):
        return False
    _offset(cursor, reading)
    return True


def _digital(cursor: Cursor, reading: Reading, hour: int) -> TimeOfDay | None:
    """`14:00`, `14:00:30`, `9.30 Uhr`, `15h30`, read up to its hour."""
    padded = cursor.peek(-1).startswith("0") or hour == 0
    minute = second = 0
    if cursor.peek() == ":" and len(cursor.peek(1)) == 2 and cursor.joined(1):
        minute = _sixty(cursor)
        if cursor.peek() == ":" and len(cursor.peek(1)) == 2:
            second = _sixty(cursor)
            if cursor.peek() == "." and cursor.joined(1) and cursor.peek(1).isdecimal():
                cursor.at += 2
    elif cursor.peek() == "." and cursor.joined(1) and _dot_is_clock(cursor, reading):
        minute = _sixty(cursor)
    elif cursor.peek() == "h" and cursor.joined(1) and len(cursor.peek(1)) == 2:
        if cursor.number(1) is None or not (hour > 12 or reading.lead or reading.says_day):
            return None
        minute = _sixty(cursor)
    else:
        return None
    uhr = cursor.take("uhr") or cursor.take("h")
    half = meridiem(cursor, reading) if 1 <= hour <= 12 else ""
    if half:
        return half_day(hour, minute, half, second)
    spoken_digits = COLON if hour < 7 and not padded else SURE
    return TimeOfDay(hour, minute, second, UHR if uhr and spoken_digits == COLON else spoken_digits)


def _spoken_hour(cursor: Cursor, reading: Reading, hour: int, *, padded: bool) -> TimeOfDay | None:
    """`14 Uhr 30`, `3 o'clock`, `2pm`, `at 4`, read up to its hour."""
    sure = (padded and cursor.peek(-1).startswith("0")) or hour > 12 or hour == 0
    if cursor.take("uhr"):
        minute = _minutes_after_uhr(cursor)
        half = meridiem(cursor, reading) if hour <= 12 else ""
        if half:
            return half_day(hour, minute, half)
        return TimeOfDay(hour, minute, 0, SURE if sure or hour >= 7 else UHR)
    if cursor.take("oclock"):
        half = meridiem(cursor, reading)
        return half_day(hour, 0, half) if half else TimeOfDay(hour, 0, 0, SPOKEN)
    if 1 <= hour <= 12 and (half := meridiem(cursor, reading)):
        return half_day(hour, 0, half)
    opened = _opened(reading) or _part_follows(cursor)
    bound = hour >= 7 and not reading.lead.isdisjoint(w.BOUNDS)
    how = SURE if sure else SPOKEN
    if cursor.peek() == "h" and (opened or bound or reading.says_day or 13 <= hour <= 24):
        cursor.at += 1
        return TimeOfDay(hour, 0, 0, how)
    # "three" alone, even after a day, is a number of something.
    after = padded and (reading.says_day or reading.part is not None)
    meant = (opened or after) and hour < 24 and stands_alone(cursor)
    return TimeOfDay(hour, 0, 0, how) if meant else None


def _opened(reading: Reading) -> bool:
    return not reading.lead.isdisjoint(w.CLOCK_OPENERS)


def _part_follows(cursor: Cursor) -> bool:
    """Whether a part of the day comes next: "8 tonight", "9 tomorrow evening"."""
    if cursor.peek() == "tonight" or (cursor.peek(), cursor.peek(1)) == ("at", "night"):
        return True
    named = cursor.peek() in w.DAYS or cursor.peek() in w.THIS or cursor.peek() in w.WEEKDAYS
    part = cursor.peek(1)
    return (named and part in w.PARTS) or (
        cursor.peek() == "in" and part in w.ARTICLES and cursor.peek(2) in w.PARTS
    )


def stands_alone(cursor: Cursor) -> bool:
    """Whether a number just read is not the beginning of something else."""
    following = cursor.peek()
    if following in (".", "/", "-", ":", ","):
        # "fri 4," and then a word is fine; "4.5" is not
        return not cursor.joined() or (following == "," and not cursor.joined(1))
    return not (
        following in w.MONTHS
        or following in w.UNITS
        or following in w.ORDINALS
        or following in w.WORKDAYS
        or following in w.WORKING
    )


def _minutes_after_uhr(cursor: Cursor) -> int:
    minute = cursor.number(digits=2)
    if minute is not None and len(cursor.peek()) == 2 and _no_sign_after(cursor):
        cursor.at += 1
        return minute
    word = cursor.peek()
    if word in w.NUMBERS and cursor.peek(1) not in w.UNITS:
        cursor.at += 1
        return w.NUMBERS[word]
    return 0


def _no_sign_after(cursor: Cursor) -> bool:
    return not (cursor.joined(1) and cursor.peek(1) in (".", ":", "/", "-"))


def half_day(hour: int, minute: int, half: str, second: int = 0) -> TimeOfDay:
    """The time on a clock of twelve hours, in the half of the day that `meridiem` found."""
    afternoon = half == "p"
    return TimeOfDay(hour % 12 + 12 * afternoon, minute, second, SURE if afternoon else AM)


def _sixty(cursor: Cursor) -> int:
    """The number after a separator, both stepped over; 60 (refused later) if it is none."""
    number = cursor.number(1, digits=2)
    cursor.at += 2
    return 60 if number is None else number


def _dot_is_clock(cursor: Cursor, reading: Reading) -> bool:
    """Whether `9.30`, read up to its dot, is a time and not the 9th of some month."""
    minute = cursor.number(1, digits=2)
    if minute is None or len(cursor.peek(1)) != 2:
        return False
    if cursor.peek(2) in ("uhr", "am", "pm", "h"):
        return cursor.peek(2) != "am" or cursor.joined(2) or minute > 12
    if cursor.peek(2) == "." and cursor.joined(2):
        return False
    opened = _opened(reading) and reading.lead.isdisjoint(w.ARTICLES)  # um den 15.12
    return opened or bool(reading.days) or (reading.says_day and minute > 12)


def meridiem(cursor: Cursor, reading: Reading) -> str:
    """`a` or `p` if am or pm follows, stepped over; German "am" before a day is neither."""
    word = cursor.peek()
    if word in ("a", "p") and cursor.joined() and not cursor.joined(1):
        cursor.at += 1
        return word
    if word == "pm" or (word == "am" and (cursor.joined() or not _is_german_am(cursor, reading))):
        cursor.at += 1
        return word[0]
    return ""


def _is_german_am(cursor: Cursor, reading: Reading) -> bool:
    following = cursor.peek(1)
    if not following:
        return False
    german = following not in ("mon", "thu", "fri", "sat", "sun") and not following.endswith("day")
    return (
        (following in w.WEEKDAYS and german)
        or following in ("morgen", "fruehen", "spaeten", "naechsten", "kommenden", "ersten")
        or (following in w.PARTS and following in _GERMAN_PARTS)
        or (cursor.number(1) is not None and (reading.german or cursor.peek(2) == "."))
    )


_GERMAN_PARTS = ("vormittag", "mittag", "nachmittag", "abend", "morgen")


def four_digits(cursor: Cursor, reading: Reading) -> bool:
    """Four digits without a colon: `at 1030`, `tomorrow 1430`, `330 p.m.`."""
    text = cursor.peek()
    number = cursor.number()
    if number is None or len(text) not in (3, 4):
        return False
    cursor.at += 1
    hour, minute = divmod(number, 100)
    half = meridiem(cursor, reading) if 1 <= hour <= 12 else ""
    if half:
        return reading.take_clock(half_day(hour, minute, half))
    if not stands_alone(cursor) or hour > 24 or minute > 59:
        return False
    opened = not reading.lead.isdisjoint(w.CLOCK_OPENERS | w.HEDGES)
    day = bool(reading.days) or reading.weekday is not None
    after_day = day and number not in _YEARS
    if not (opened or (after_day and len(text) == 4)):
        return False
    _ = cursor.take("uhr")
    return reading.take_clock(TimeOfDay(hour, minute, 0, SPOKEN if text[0] != "0" else SURE))


def _offset(cursor: Cursor, reading: Reading) -> None:
    """`Z`, `UTC`, `+01:00`, `-0500` after a time; a sign only after a whole date in digits.

    Raises NotUnderstood where `10:00-12:00` can be an offset and a span of time.
    """
    if cursor.take("z") or cursor.take("utc") or cursor.take("gmt") or cursor.take("ut"):
        reading.offset = timezone(timedelta(0))
        return
    sign, digits, clock = cursor.peek(), cursor.peek(1), reading.clock
    if sign not in ("+", "-") or not reading.has_year or clock is None or not cursor.joined(1):
        return
    if len(digits) not in (2, 4) or cursor.number(1) is None or cursor.peek(2) in w.UNITS:
        return
    hours, minutes = int(digits[:2]), int(digits[2:] or 0)
    at = cursor.at + 2
    if len(digits) == 2 and cursor.peek(2) == ":" and len(cursor.peek(3)) == 2:
        minutes = cursor.number(3) or 0
        at += 2
    elif len(digits) == 2 and cursor.peek(2):
        return
    exact = (
        any(token.text == "t" for token in cursor.tokens)
        or (cursor.peek(-2) == ":" and cursor.peek(-4) == ":")
        or (len(digits) == 4 and not cursor.joined())  # 14:00 -0500
    )
    if sign == "-" and not exact:
        raise NotUnderstood(
            f"{clock.hour}:{clock.minute:02}-{hours:02}:{minutes:02} can be a span of time or an "
            "offset from UTC. Give one time, or write the offset after seconds."
        )
    if hours > 14 or minutes > 59:
        raise NotUnderstood("No zone is that far from UTC. Offsets run from -12:00 to +14:00.")
    cursor.at = at
    ahead = timedelta(hours=hours, minutes=minutes)
    reading.offset = timezone(-ahead if sign == "-" else ahead)


def midnight(cursor: Cursor, reading: Reading) -> bool:
    """`midnight`, `Mitternacht`: the end of today."""
    if cursor.peek(1) == "midnight":
        cursor.take("12")
    if not (cursor.take("midnight") or cursor.take("mitternacht")):
        return False
    found = TimeOfDay(24)
    found.how = MIDNIGHT
    return reading.take_clock(found)


MIDNIGHT = "midnight"
"""How the end of a day was said: by a word that is the beginning of one as well."""


def part(cursor: Cursor, reading: Reading) -> bool:
    """`in the morning`, `this afternoon`, `tonight`, `heute Abend`, `freitag morgen`."""
    if reading.part is not None or reading.day_end:
        return False
    if cursor.take("tonight"):
        reading.part = w.EVENING
        return reading.take_days([reading.today])
    if cursor.take("first", "thing"):
        cursor.take("in")
        cursor.take("the")
        cursor.take("morning")
        reading.part = w.MORNING
        return True
    if cursor.peek(1) == "noon":
        cursor.take("12")
    of_today = bool(cursor.take_any(w.THIS))
    times = w.PART_TIMES
    if cursor.take_any(("early", "fruehen")):
        times = w.EARLY_TIMES
    elif cursor.take_any(("late", "spaeten")):
        times = w.LATE_TIMES
    elif cursor.peek() == "mid" or cursor.peek() == "spaet":
        return False
    word = cursor.peek()
    if word == "morgen" and (of_today or "am" in reading.lead or reading.says_day):
        named = w.MORNING  # "am morgen", "freitag morgen"; by itself it is tomorrow
    else:
        named = w.PARTS.get(word, "")
    if not named or (of_today and not reading.take_days([reading.today])):
        return False
    cursor.at += 1
    if times is not w.PART_TIMES:
        if named not in times:
            return False
        reading.part_time = times[named]
    reading.part = named
    return True
