"""The readers for days by name in a date phrase: "tomorrow", "next friday", "next business day".

Each reader takes its tokens from the cursor, notes what they say in the reading and answers True;
or answers False, and the caller puts the cursor back.
"""

from __future__ import annotations

from datetime import timedelta

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.phrase_reading import Reading
from poc_tui.rules.dates.tokens import Cursor

_IN_THE_COURSE = w.phrases(
    "im laufe des tages, in the course of the day, in the course of today, during the day, "
    "later today, spaeter heute, heute spaeter, noch heute, heute noch, still today, same day"
)
_COURSE_OF_WEEK = w.phrases("im laufe der woche, in the course of the week")


def day_word(cursor: Cursor, reading: Reading) -> bool:
    """`today`, `tomorrow`, `day after tomorrow`, `übermorgen`, `im Laufe des Tages`."""
    if cursor.take_one(*_IN_THE_COURSE):
        return reading.take_days([reading.today])
    if cursor.take_one(*_COURSE_OF_WEEK):
        monday = reading.today - timedelta(days=reading.today.weekday())
        week = [monday + timedelta(days=n) for n in range(6, -1, -1)]
        return reading.take_days([reading.office.first_of(week) or week[2]])
    cursor.take("the")
    if cursor.take("day", "after", "tomorrow"):
        return reading.take_days([reading.today + timedelta(days=2)])
    if cursor.take("day", "before", "yesterday"):
        return reading.take_days([reading.today - timedelta(days=2)])
    if cursor.peek() == "morgen" and ("am" in reading.lead or reading.says_day):
        return False  # the morning
    word = cursor.take_any(w.DAYS)
    return bool(word) and reading.take_days([reading.today + timedelta(days=w.DAYS[word])])


def weekday(cursor: Cursor, reading: Reading) -> bool:
    """`fri`, `next friday`, `übernächsten Freitag`, `friday after next`, `Fr.`, `friday week`.

    Raises:
        NotUnderstood: "last friday", and "so um 10": at about ten, or on Sunday.
    """
    on = 0
    if cursor.peek(1) in w.WEEKDAYS:
        if cursor.take_any(w.NEXT):
            on = 1
        elif cursor.take_any(w.AFTER_NEXT):
            on = 2
        elif cursor.take_any(w.LAST):
            raise NotUnderstood(
                f"The last {cursor.tokens[cursor.at].raw} is past. Give a later date."
            )
        else:
            cursor.take_any(w.THIS)
    word = cursor.peek()
    if word not in w.WEEKDAYS:
        return False
    raw = cursor.tokens[cursor.at].raw
    cursor.at += 1
    dotted = cursor.take_dot()
    if word == "so" and not dotted and _so_is_about(cursor, raw):
        raise NotUnderstood(
            "“so” can be Sunday or “about”. Write Sonntag or So. for the day, "
            "gegen or ca. for the other."
        )
    if cursor.take("after", "next") or cursor.take("nach", "dem", "naechsten"):
        on = 2
    if not reading.take_weekday(w.WEEKDAYS[word], on):
        return False
    if cursor.peek() == "week" and cursor.number(1) is None and word.endswith("day"):
        cursor.at += 1
        return _a_week_on(reading)
    return True


def _so_is_about(cursor: Cursor, raw: str) -> bool:
    """Whether what follows "so" is a time, or a day that is no Sunday's."""
    following = cursor.peek()
    if following in w.DAYS or following in w.CLOCK_OPENERS:
        return True
    hour = cursor.number(digits=2)
    clock = hour is not None and cursor.peek(1) in (":", "uhr", "h", "")
    return raw == "so" and clock


def _a_week_on(reading: Reading) -> bool:
    from poc_tui.rules.dates.amounts import Amount

    if reading.amount is not None:
        return False
    week = Amount()
    week.add(1, w.WEEK)
    reading.amount, reading.anchored = week, True
    return True


def next_workday(cursor: Cursor, reading: Reading) -> bool:
    """`next business day`, `nächster Werktag`, `next day`."""
    if not cursor.take_any(w.NEXT):
        return False
    if cursor.take_any(("day", "tag")):
        return reading.take_days([reading.today + timedelta(days=1)])
    if cursor.peek() in w.WORKING and cursor.peek(1) == "day":
        cursor.at += 2
    elif not cursor.take_any(w.WORKDAYS):
        return False
    return reading.take_days([reading.office.workdays_from(reading.today, 1)])
