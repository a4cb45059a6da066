"""The readers for phrases about what recurs: "every 2 weeks on monday 9:00", "monatlich am 1.".

Each reader takes its tokens from the cursor, notes what they say and answers True; or answers
False, and the caller puts the cursor back. The words for units, weekdays and numbers are those of
`date_words`; here are only the ones that make them recur.
"""

from __future__ import annotations

from datetime import date

from poc_tui.errors import NotUnderstood
from poc_tui.rules import date_days, date_times
from poc_tui.rules import date_words as w
from poc_tui.rules.date_reading import Cursor, Reading, Token
from poc_tui.rules.recurrence_rule import DAILY, LAST_DAY, MONTHLY, WEEKLY, WORKDAYS, YEARLY, Rule

EVERY = frozenset(("every", "each", "jeder", "jede", "jeden", "jedes", "jedem", "alle"))
_ONCE = frozenset(("once", "einmal"))
_MORE_THAN_ONCE = frozenset(("twice", "thrice", "zweimal", "dreimal"))
_PER = frozenset(("a", "per", "pro", "im", "in", "am", "der", "the"))

_OFTEN = {
    **dict.fromkeys(("daily", "everyday", "taeglich", "taegig"), (DAILY, 1)),
    **dict.fromkeys(("weekly", "woechentlich"), (WEEKLY, 1)),
    **dict.fromkeys(("fortnightly", "biweekly", "zweiwoechentlich"), (WEEKLY, 2)),
    **dict.fromkeys(("monthly", "monatlich"), (MONTHLY, 1)),
    **dict.fromkeys(("quarterly", "vierteljaehrlich", "quartalsweise"), (MONTHLY, 3)),
    "halbjaehrlich": (MONTHLY, 6),
    **dict.fromkeys(("yearly", "annually", "jaehrlich"), (YEARLY, 1)),
}
"""Words that say by themselves how often."""

_FREQS = {w.DAY: DAILY, w.WEEK: WEEKLY, w.MONTH: MONTHLY, w.YEAR: YEARLY}
_PERIODS = {
    **{word: (_FREQS[unit], 1) for word, unit in w.UNITS.items() if unit in _FREQS},
    "monats": (MONTHLY, 1),
    **dict.fromkeys(("fortnight", "fortnights"), (WEEKLY, 2)),
    **dict.fromkeys(("quarter", "quarters", "quartal", "quartale", "quartals"), (MONTHLY, 3)),
    **dict.fromkeys(("halbjahr", "halbjahre"), (MONTHLY, 6)),
}
"""What can be counted after "every", with what one of them is."""

_ORDINALS = {
    **dict.fromkeys(("other", "second", "zweite", "zweiten", "zweiter", "zweites"), 2),
    **dict.fromkeys(("third", "dritte", "dritten", "dritter", "drittes"), 3),
    **dict.fromkeys(("fourth", "vierte", "vierten", "vierter", "viertes"), 4),
}
_FIRST = frozenset(("first", "ersten", "erster"))
_LAST = frozenset(("last", "letzten", "letzter"))
_END = frozenset(("end", "ende"))
_MONTH_WORDS = frozenset(("month", "monat", "monats"))
_MONTH_DAY_OPENERS = frozenset(("on", "the", "am", "den", "zum"))
_AFTER_AN_HOUR = frozenset((":", "uhr", "h", "am", "pm"))

_WORKDAY = frozenset(
    ("workday", "weekday", "werktag", "arbeitstag", "wochentag"),
)
_ON_WORKDAYS = frozenset(
    ("workdays", "weekdays", "werktags", "wochentags", "werktaeglich", "arbeitstaeglich")
)
"""Taken for Monday to Friday, also where a law counts Saturday as a "Werktag"."""
_ON_WEEKDAYS = {
    f"{name}s": weekday
    for name, weekday in w.WEEKDAYS.items()
    if name.endswith(("day", "tag", "mittwoch", "abend"))
}
"""`mondays`, `montags`: these recur without an "every"."""
_WEEKDAYS = w.WEEKDAYS | _ON_WEEKDAYS
_UP_TO = frozenset(("-", "to", "bis", "through"))
_BETWEEN = frozenset((",", "and", "und", "&", "/"))

START_OPENERS = frozenset(("from", "starting", "beginning", "ab", "beginnend"))

_RECURRING = EVERY | _ONCE | _MORE_THAN_ONCE | _OFTEN.keys() | _ON_WORKDAYS | _ON_WEEKDAYS.keys()


def recurs(word: str) -> bool:
    """Whether a phrase with this folded word in it is about something that recurs."""
    return word in _RECURRING


class Said:
    """What a phrase says about what recurs, part by part."""

    def __init__(self, today: date, *, day_first: bool) -> None:
        self.often: tuple[str, int] | None = None
        """FREQ and INTERVAL."""
        self.weekdays: frozenset[int] = frozenset()
        self.month_day: int | None = None
        self.times: list[Token] = []
        """The tokens that name a time of day."""
        self.reading = Reading(today, day_first=day_first)
        # What recurs has a day, so a bare "9" is an hour and "morgen" the morning.
        self.reading.weekday = today.weekday()

    @property
    def days(self) -> list[date]:
        """The date it falls on every year: this year's and the next, or of the year given."""
        return self.reading.days

    def take_often(self, freq: str, interval: int) -> bool:
        """Note how often; False if the phrase said something else before."""
        if self.often not in (None, (freq, interval)):
            return False
        self.often = freq, interval
        return True

    def rule(self) -> Rule | None:
        """The rule all parts make, or None if they do not go together."""
        named = (bool(self.weekdays), self.month_day is not None, bool(self.days))
        implied = {
            (False, False, False): DAILY if self.reading.part else None,
            (True, False, False): WEEKLY,
            (False, True, False): MONTHLY,
            (False, False, True): YEARLY,
        }.get(named)
        freq, interval = self.often or (implied, 1)
        if freq is None or (any(named) and freq != implied) or self.reading.offset is not None:
            return None
        return Rule(freq, interval, self.weekdays, self.month_day)


def read(phrase: list[Token], today: date, *, day_first: bool) -> Said | None:
    """What the tokens say, or None if one is left over or two contradict each other.

    Raises NotUnderstood with the reason where the words are clear and yet cannot be: 25:00.
    """
    cursor, said = Cursor(phrase), Said(today, day_first=day_first)
    while not cursor.done:
        start = cursor.at
        for reader in _READERS:
            if reader(cursor, said):
                break
            cursor.at = start
        else:
            return None
    return said


def _every(cursor: Cursor, said: Said) -> bool:
    """`every 6 weeks`, `every other day`, `jede zweite Woche`, `jeden 2. Montag`; or `every` alone,
    before a weekday, a date or a part of the day.
    """
    if not cursor.take_any(EVERY):
        return False
    start = cursor.at
    if cursor.peek() in w.WEEKDAYS:  # "mo" is Monday before it is a month
        return True
    if cursor.take_any(w.HALF):
        unit = _PERIODS.get(cursor.peek())
        cursor.at += 1
        return unit == (YEARLY, 1) and said.take_often(MONTHLY, 6)
    number, is_ordinal = _count(cursor)
    if w.UNITS.get(cursor.peek()) in (w.HOUR, w.MINUTE):
        raise NotUnderstood("Nothing recurs more often than daily here. Try: every day 9:00.")
    word = cursor.take_any(_PERIODS)
    if word:
        freq, length = _PERIODS[word]
        return said.take_often(freq, length * number)
    if is_ordinal and number == 2 and cursor.peek() in w.WEEKDAYS:
        return said.take_often(WEEKLY, 2)
    cursor.at = start
    return True


def _count(cursor: Cursor) -> tuple[int, bool]:
    """How many, stepped over, 1 if it is not said; and whether as in "every 2nd"."""
    number = cursor.number()
    if number is not None:
        cursor.at += 1
        return number, bool(cursor.take_any(w.ORDINALS) or cursor.take("."))
    if word := cursor.take_any(_ORDINALS):
        return _ORDINALS[word], True
    word = cursor.take_any(w.NUMBERS)
    return w.NUMBERS.get(word, 1), False


def _often(cursor: Cursor, said: Said) -> bool:
    """`daily`, `monatlich`, `14-tägig`, `6-weekly`."""
    times = 1
    number = cursor.number()
    if number is not None:
        cursor.at += 1
        if not cursor.take("-") and not cursor.joined():
            return False
        times = number
    word = cursor.take_any(_OFTEN)
    if not word:
        return False
    freq, interval = _OFTEN[word]
    return said.take_often(freq, interval * times)


def _once(cursor: Cursor, said: Said) -> bool:
    """`once a week`, `einmal im Monat`; `once` says nothing before `every` or `weekly`."""
    if not cursor.take_any(_ONCE):
        return False
    if cursor.peek() in EVERY or cursor.peek() in _OFTEN:
        return True
    while cursor.take_any(_PER):
        pass
    word = cursor.take_any(_PERIODS)
    return bool(word) and said.take_often(*_PERIODS[word])


def _weekdays(cursor: Cursor, said: Said) -> bool:
    """`monday`, `mon and thu`, `montags`, `Mo-Fr`, `workday`."""
    found = set(_weekday_span(cursor))
    while found:
        start = cursor.at
        while cursor.take_any(_BETWEEN):
            pass
        more = _weekday_span(cursor)
        if not more:
            cursor.at = start
            break
        found.update(more)
    said.weekdays |= found
    return bool(found)


def _weekday_span(cursor: Cursor) -> frozenset[int]:
    """The weekdays from one to another, or one alone, stepped over; empty if there is none."""
    if cursor.take_any(_WORKDAY) or cursor.take_any(_ON_WORKDAYS):
        return WORKDAYS
    if cursor.peek() in ("business", "working") and cursor.peek(1) in ("day", "days"):
        cursor.at += 2
        return WORKDAYS
    word = cursor.take_any(_WEEKDAYS)
    if not word:
        return frozenset()
    first = last = _WEEKDAYS[word]
    _dot(cursor)
    if cursor.peek() in _UP_TO and cursor.peek(1) in _WEEKDAYS:
        last = _WEEKDAYS[cursor.peek(1)]
        cursor.at += 2
        _dot(cursor)
    return frozenset((first + ahead) % 7 for ahead in range((last - first) % 7 + 1))


def _dot(cursor: Cursor) -> None:
    if cursor.joined():
        cursor.take(".")


def _month_day(cursor: Cursor, said: Said) -> bool:
    """`the 1st`, `am 15.`, `last day of the month`, `Monatsende`; after "monthly on" also `15`."""
    if cursor.take_any(_LAST):
        day: int | None = LAST_DAY if cursor.take("day") or cursor.take("tag") else None
    elif cursor.take_any(_END) or w.ENDS.get(cursor.peek()) == w.MONTH:
        cursor.at += cursor.peek() in w.ENDS
        day = LAST_DAY
    elif cursor.take_any(_FIRST):
        day = 1
    else:
        day = _numbered_day(cursor, said)
    if day is None or said.month_day not in (None, day):
        return False
    said.month_day = day
    start = cursor.at
    while cursor.take_any(w.FILLERS):
        pass
    if not cursor.take_any(_MONTH_WORDS):
        cursor.at = start
    return True


def _numbered_day(cursor: Cursor, said: Said) -> int | None:
    day = cursor.number(digits=2)
    opened = cursor.peek(-1) in _MONTH_DAY_OPENERS
    cursor.at += 1
    if day is None or (cursor.peek() == "." and cursor.joined(1) and cursor.number(1) is not None):
        return None
    if cursor.take_any(w.ORDINALS) or cursor.take("."):
        return day
    monthly = said.often is not None and said.often[0] == MONTHLY
    return day if opened and monthly and cursor.peek() not in _AFTER_AN_HOUR else None


def _date(cursor: Cursor, said: Said) -> bool:
    """`24 December`, `Dec 24th`: every year on that day."""
    return date_days.named_date(cursor, said.reading)


def _numeric_date(cursor: Cursor, said: Said) -> bool:
    """`24.12.`: every year on that day."""
    return date_days.numeric_date(cursor, said.reading)


def _time(cursor: Cursor, said: Said) -> bool:
    """`9:00`, `14 Uhr`, `2pm`, `abends`."""
    start = cursor.at
    if not date_times.clock(cursor, said.reading):
        cursor.at = start
        if not date_times.part(cursor, said.reading):
            return False
    said.times += cursor.tokens[start : cursor.at]
    return True


def _filler(cursor: Cursor, _said: Said) -> bool:
    return bool(cursor.take_any(w.FILLERS))


_READERS = (
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
