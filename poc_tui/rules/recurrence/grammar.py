"""The readers for phrases about what recurs: "every 2 weeks on monday 9:00", "monatlich am 1.".

Each reader takes its tokens from the cursor, notes what they say and answers True; or answers
False, and the caller puts the cursor back.
"""

from __future__ import annotations

from datetime import date

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import calendar_dates, clock_times, clock_words, feasts, words as w
from poc_tui.rules.dates.amounts import whole
from poc_tui.rules.dates.office import Office
from poc_tui.rules.dates.periods import nth_unit, which_of
from poc_tui.rules.dates.tokens import Cursor, Token
from poc_tui.rules.recurrence import phrase as r
from poc_tui.rules.recurrence.phrase import Phrase
from poc_tui.rules.recurrence.rule import LAST_DAY, MONTHLY, WEEKLY, WORKDAYS, YEARLY


def read(
    phrase: list[Token], today: date, *, day_first: bool, office: Office | None = None
) -> Phrase | None:
    """What the tokens say, or None if one is left over or two contradict each other.

    Raises:
        NotUnderstood: the words are clear and yet cannot be, such as 25:00.
    """
    said = Phrase(today, day_first=day_first, office=office or Office())
    cursor = Cursor(phrase)
    while not cursor.done:
        start = cursor.at
        for reader in _READERS:
            if reader(cursor, said):
                break
            cursor.at = start
        else:
            return None
    texts = {token.text for token in phrase}
    if said.month_day is not None and not said.months and texts & r.QUARTERLY_WORDS:
        raise NotUnderstood(
            "A day of every quarter can count from the next such day or from January. Write "
            "every 3 months on the 1st, or every first day of the quarter."
        )
    return said


def _every(cursor: Cursor, said: Phrase) -> bool:
    """`every 6 weeks`, `every other day`, `jede zweite Woche`, `jeden 2. Montag`; or `every` alone,
    before a weekday, a date or a part of the day.
    """
    if not cursor.take_any(r.EVERY):
        return False
    start = cursor.at
    if cursor.peek() in w.WEEKDAYS:  # "mo" is Monday before it is a month
        return True
    if cursor.take_any(w.HALF):
        unit = r.PERIODS.get(cursor.peek())
        cursor.at += 1
        return unit == (YEARLY, 1) and said.take_often(MONTHLY, 6)
    number, is_ordinal = _count(cursor)
    if w.UNITS.get(cursor.peek()) in (w.HOUR, w.MINUTE, w.SECOND):
        raise NotUnderstood("Nothing recurs more often than daily here. Try: every day 9:00.")
    word = cursor.take_any(r.PERIODS)
    if word:
        freq, length = r.PERIODS[word]
        return said.take_often(freq, length * number)
    counted = number == 2 if is_ordinal else cursor.at > start
    if counted and number and cursor.peek() in r.WEEKDAYS and not said.nth:
        return said.take_often(WEEKLY, number)  # "every 2 mondays", "every 2nd monday"
    cursor.at = start
    return True


def _count(cursor: Cursor) -> tuple[int, bool]:
    """How many, stepped over, 1 if it is not said; and whether as in "every 2nd"."""
    number = cursor.number()
    if number is not None:
        cursor.at += 1
        return number, bool(cursor.take_any(w.ORDINALS) or cursor.take("."))
    if word := cursor.take_any(r.ORDINALS):
        return r.ORDINALS[word], True
    cursor.take_any(w.A)
    return whole(cursor) or 1, False


def _often(cursor: Cursor, said: Phrase) -> bool:
    """`daily`, `monatlich`, `14-tägig`, `6-weekly`. Raises NotUnderstood for "biweekly"."""
    if cursor.peek() in r.TWO_WAYS:
        one, other = r.TWO_WAYS[cursor.peek()]
        raise NotUnderstood(f"'{cursor.peek()}' is {one} to some and {other} to others. Say which.")
    times = 1
    number = cursor.number()
    if number is not None:
        cursor.at += 1
        if not cursor.take("-") and not cursor.joined():
            return False
        times = number
    word = cursor.take_any(r.OFTEN)
    if not word:
        return False
    freq, interval = r.OFTEN[word]
    return said.take_often(freq, interval * times)


def _once(cursor: Cursor, said: Phrase) -> bool:
    """`once a week`, `einmal im Monat`; `once` says nothing before `every` or `weekly`."""
    if not cursor.take_any(r.ONCE):
        return False
    if cursor.peek() in r.EVERY or cursor.peek() in r.OFTEN:
        return True
    cursor.skip(r.PER)
    word = cursor.take_any(r.PERIODS)
    return bool(word) and said.take_often(*r.PERIODS[word])


def _weekdays(cursor: Cursor, said: Phrase) -> bool:
    """`monday`, `mon and thu`, `montags`, `Mo-Fr`, `workday`."""
    found = set(_weekday_span(cursor))
    while found:
        start = cursor.at
        cursor.skip(r.BETWEEN)
        more = _weekday_span(cursor)
        if not more:
            cursor.at = start
            break
        found.update(more)
    said.weekdays |= found
    return bool(found)


def _weekday_span(cursor: Cursor) -> frozenset[int]:
    """The weekdays from one to another, or one alone, stepped over; empty if there is none."""
    if cursor.take_any(r.WORKDAY | r.ON_WORKDAYS | r.DATIVE_WORKDAYS):
        return WORKDAYS
    if cursor.peek() in ("business", "working") and cursor.peek(1) in ("day", "days"):
        cursor.at += 2
        return WORKDAYS
    word = cursor.take_any(r.WEEKDAYS)
    if not word:
        return frozenset()
    first = last = r.WEEKDAYS[word]
    cursor.take_dot()
    if cursor.peek() in r.UP_TO and cursor.peek(1) in r.WEEKDAYS:
        last = r.WEEKDAYS[cursor.peek(1)]
        cursor.at += 2
        cursor.take_dot()
    return frozenset((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))


def _month_day(cursor: Cursor, said: Phrase) -> bool:
    """`the 1st`, `am 15.`, `last day of the month`, `Monatsende`; after "monthly on" also `15`."""
    day: int | None
    if cursor.take_any(w.LAST_OF):
        day = LAST_DAY if cursor.take("day") or cursor.take("tag") else None
    elif cursor.take_any(r.FIRST_DAY_WORDS):
        day = 1
    elif cursor.take_any(r.LAST_DAY_WORDS):
        day = LAST_DAY
    elif cursor.take_any(r.END) or w.ENDS.get(cursor.peek()) == w.MONTH:
        cursor.at += cursor.peek() in w.ENDS
        day = LAST_DAY
    elif word := cursor.take_any(w.ORDINAL_NUMBERS):
        day = w.ORDINAL_NUMBERS[word]
        if cursor.peek() in w.WEEKDAYS:
            return False
        cursor.take_any(("day", "tag"))
    else:
        day = _numbered_day(cursor, said)
    if day is None or said.month_day not in (None, day):
        return False
    said.month_day = day
    start = cursor.at
    cursor.skip(r.FILLERS)
    if not cursor.take_any(r.MONTH_WORDS):
        cursor.at = start
    return True


def _numbered_day(cursor: Cursor, said: Phrase) -> int | None:
    day = cursor.number(digits=2)
    opened = cursor.peek(-1) in r.MONTH_DAY_OPENERS
    cursor.at += 1
    if day is None or (cursor.peek() == "." and cursor.joined(1) and cursor.number(1) is not None):
        return None
    if cursor.take_any(w.ORDINALS) or cursor.take("."):
        return day
    monthly = said.often is not None and said.often[0] == MONTHLY
    return day if opened and monthly and cursor.peek() not in r.AFTER_AN_HOUR else None


def _nth(cursor: Cursor, said: Phrase) -> bool:
    """`every 2nd tuesday of the month`, `letzter Werktag im Monat`, `first monday in january`."""
    cursor.take_any(r.EVERY)
    which = which_of(cursor)
    kind = None if which is None else nth_unit(cursor)
    if which is None or kind is None or said.weekdays:
        return False
    texts = {token.text for token in cursor.tokens}
    cursor.skip(r.FILLERS | r.EVERY)
    months = {w.MONTHS[text] for text in texts if text in w.MONTHS}
    if texts & r.QUARTER_WORDS:
        said.months = r.QUARTER_BEGINS if which > 0 else r.QUARTER_ENDS
        if not (cursor.take_any(r.QUARTER_WORDS) and said.take_often(MONTHLY, 3)):
            return False
    elif len(months) == 1 and cursor.take_any(w.MONTHS):
        said.months = frozenset(months)
        if said.often == (YEARLY, 1):
            said.often = None
        if not said.take_often(MONTHLY, 12):
            return False
    elif texts & r.MONTHLY_WORDS:
        if cursor.take_any(r.MONTH_WORDS) and said.often is None:
            said.often = (MONTHLY, 1)
    else:
        return False
    if kind == w.DAY:
        said.month_day = which
        return said.month_day == LAST_DAY or which > 0
    said.nth = which
    said.weekdays = WORKDAYS if kind == w.WORKDAY else frozenset((int(kind),))
    return True


def _quarter_end(cursor: Cursor, said: Phrase) -> bool:
    """`every quarter end`, `end of every quarter`, `jedes Quartalsende`."""
    cursor.take_any(r.EVERY)
    if cursor.take_any(r.END):
        cursor.skip(r.FILLERS | r.EVERY)
        found = bool(cursor.take_any(r.QUARTER_WORDS))
    elif cursor.take("quarter", "end"):
        found = True
    else:
        found = w.ENDS.get(cursor.peek()) == w.QUARTER
        cursor.at += 1
    if not found or said.month_day is not None:
        return False
    said.months, said.month_day = r.QUARTER_ENDS, LAST_DAY
    return said.take_often(MONTHLY, 3)


def _date(cursor: Cursor, said: Phrase) -> bool:
    """`24 December`, `Dec 24th`, `Christmas Eve`: every year on that day."""
    start = cursor.at
    if calendar_dates.named_date(cursor, said.reading):
        return True
    cursor.at = start
    return feasts.fixed_feast(cursor, said.reading)


def _numeric_date(cursor: Cursor, said: Phrase) -> bool:
    """`24.12.`: every year on that day."""
    return calendar_dates.numeric_date(cursor, said.reading)


def _time(cursor: Cursor, said: Phrase) -> bool:
    """`9:00`, `14 Uhr`, `2pm`, `half past 8`, `abends`."""
    start = cursor.at
    said.reading.lead = {cursor.peek(-1)}
    for reader in _TIME_READERS:
        if reader(cursor, said.reading):
            if cursor.at == start + 1 and _counts_something(cursor, start):
                return False
            said.times += cursor.tokens[start : cursor.at]
            return True
        cursor.at = start
    return False


def _counts_something(cursor: Cursor, at: int) -> bool:
    """Whether the one token from `at` to the cursor is a number of something rather than an hour:
    "2 fridays", "monthly 15", "every week 2".
    """
    number = cursor.tokens[at].text
    if not (number.isdecimal() or number in w.NUMBERS):
        return False
    before = cursor.tokens[at - 1].text if at else ""
    return cursor.peek() in r.WEEKDAYS or before in r.LONGER_THAN_DAYS


_TIME_READERS = (
    clock_words.relative,
    clock_times.midnight,
    clock_times.clock,
    clock_times.four_digits,
    clock_times.part,
)


def _filler(cursor: Cursor, _said: Phrase) -> bool:
    return bool(cursor.take_any(r.FILLERS))


_READERS = (
    _nth,
    _quarter_end,
    _every,
    _often,
    _once,
    _date,
    _month_day,
    _time,
    _numeric_date,
    _weekdays,
    _filler,
)
"""In the order in which they are asked: "the 1st" is a day before a bare number is an hour."""
