"""The words that make something recur, and what a phrase about it has said so far.

The words for units, weekdays and numbers are those of `dates.words`.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.office import Office
from poc_tui.rules.dates.phrase_reading import Reading
from poc_tui.rules.dates.tokens import Token
from poc_tui.rules.recurrence.rule import DAILY, MONTHLY, WEEKLY, YEARLY, Rule

EVERY = frozenset(("every", "each", "jeder", "jede", "jeden", "jedes", "jedem", "alle"))
ONCE = frozenset(("once", "einmal"))
MORE_THAN_ONCE = frozenset(("twice", "thrice", "zweimal", "dreimal"))
PER = frozenset(("a", "per", "pro", "im", "in", "am", "der", "the"))

OFTEN = {
    **dict.fromkeys(("daily", "everyday", "taeglich", "taegig"), (DAILY, 1)),
    **dict.fromkeys(("weekly", "woechentlich"), (WEEKLY, 1)),
    **dict.fromkeys(("fortnightly", "zweiwoechentlich"), (WEEKLY, 2)),
    **dict.fromkeys(("monthly", "monatlich"), (MONTHLY, 1)),
    **dict.fromkeys(("quarterly", "vierteljaehrlich", "quartalsweise"), (MONTHLY, 3)),
    **dict.fromkeys(("halbjaehrlich", "semiannually"), (MONTHLY, 6)),
    **dict.fromkeys(("yearly", "annually", "jaehrlich"), (YEARLY, 1)),
}
"""Words that say by themselves how often."""
TWO_WAYS = {
    "biweekly": ("twice a week", "every 2 weeks"),
    "bimonthly": ("twice a month", "every 2 months"),
}
"""Words that some people take for one thing and some for another."""

_FREQS = {w.DAY: DAILY, w.WEEK: WEEKLY, w.MONTH: MONTHLY, w.YEAR: YEARLY}
PERIODS = {
    **{word: (_FREQS[unit], 1) for word, unit in w.UNITS.items() if unit in _FREQS},
    "monats": (MONTHLY, 1),
    **dict.fromkeys(("fortnight", "fortnights"), (WEEKLY, 2)),
    **dict.fromkeys(("quarter", "quarters", "quartal", "quartale", "quartals"), (MONTHLY, 3)),
    **dict.fromkeys(("halbjahr", "halbjahre"), (MONTHLY, 6)),
}
"""What can be counted after "every", with what one of them is."""

LONGER_THAN_DAYS = frozenset(
    word for words in (OFTEN, PERIODS) for word, (freq, _) in words.items() if freq != DAILY
)
"""After these a bare number is no hour: "monthly 15" is about the 15th."""

ORDINALS = {**w.ORDINAL_NUMBERS, "other": 2, "alternate": 2}
FIRST_DAY_WORDS = frozenset(("monatsersten", "monatserster", "monatsanfang"))
LAST_DAY_WORDS = frozenset(("monatsletzten", "monatsletzter", "ultimo"))
END = frozenset(("end", "ende"))
MONTH_WORDS = frozenset(("month", "monat", "monats", "monates", "months"))
MONTHLY_WORDS = MONTH_WORDS | {"monthly", "monatlich"}
QUARTER_WORDS = frozenset(("quarter", "quartal", "quartals"))
QUARTERLY_WORDS = QUARTER_WORDS | {"quarterly", "vierteljaehrlich", "quartalsweise"}
QUARTER_BEGINS, QUARTER_ENDS = frozenset((1, 4, 7, 10)), frozenset((3, 6, 9, 12))
FILLERS = w.ARTICLES | w.PLACES | frozenset(("by", "bis", "gegen", "ab", "von", ",", ".", "and"))
FILLERS |= {"und", "jeweils", "immer", "always"}
MONTH_DAY_OPENERS = frozenset(("on", "the", "am", "den", "zum"))
AFTER_AN_HOUR = frozenset((":", "uhr", "h", "am", "pm"))

WORKDAY = frozenset(("workday", "weekday", "werktag", "arbeitstag", "wochentag"))
ON_WORKDAYS = frozenset(
    ("workdays", "weekdays", "werktags", "wochentags", "werktaeglich", "arbeitstaeglich")
)
"""Taken for Monday to Friday, also where a law counts Saturday as a "Werktag"."""
DATIVE_WORKDAYS = frozenset(("werktagen", "arbeitstagen", "wochentagen"))
"""These recur after "an"; "in 3 Werktagen" is once."""
ON_WEEKDAYS = {
    f"{name}s": weekday
    for name, weekday in w.WEEKDAYS.items()
    if name.endswith(("day", "tag", "mittwoch", "abend"))
}
"""`mondays`, `montags`: these recur without an "every"."""
WEEKDAYS = w.WEEKDAYS | ON_WEEKDAYS
UP_TO = frozenset(("-", "to", "bis", "through"))
BETWEEN = frozenset((",", "and", "und", "&", "/"))

START_OPENERS = frozenset(("from", "starting", "beginning", "ab", "beginnend"))

_RECURRING = (
    EVERY
    | ONCE
    | MORE_THAN_ONCE
    | OFTEN.keys()
    | TWO_WAYS.keys()
    | ON_WORKDAYS
    | ON_WEEKDAYS.keys()
)
_LISTING = frozenset((",", "/", "&", "+", "-"))


def recurs(word: str) -> bool:
    """Whether a phrase with this folded word in it is about something that recurs."""
    return word in _RECURRING


def lists_weekdays(phrase: list[Token]) -> bool:
    """Whether it names several weekdays in a row, as in "mo, mi, fr um 8" or "Mo-Fr 9:00"."""
    texts = [token.text for token in phrase if token.text != "."]
    named = [at for at, text in enumerate(texts) if text in w.WEEKDAYS]
    return any(other - one == 2 and texts[one + 1] in _LISTING for one, other in pairwise(named))


def on_workdays(phrase: list[Token]) -> bool:
    """Whether it says "an Werktagen" or "on business days", which is more than once."""
    texts = [token.text for token in phrase]
    return any(
        (one == "an" and other in DATIVE_WORKDAYS)
        or (one == "on" and other in w.WORKING and texts[at + 2 : at + 3] == ["days"])
        for at, (one, other) in enumerate(pairwise(texts))
    )


class Phrase:
    """What a phrase says about what recurs, part by part."""

    def __init__(self, today: date, *, day_first: bool, office: Office) -> None:
        self.often: tuple[str, int] | None = None
        """FREQ and INTERVAL."""
        self.weekdays: frozenset[int] = frozenset()
        self.month_day: int | None = None
        self.nth: int | None = None
        """Which of the weekdays in the month."""
        self.months: frozenset[int] = frozenset()
        """The months it can begin in; none for any."""
        self.times: list[Token] = []
        """The tokens that name a time of day."""
        self.reading = Reading(today, day_first=day_first, office=office)
        # What recurs has a day, so a bare "9" is an hour and "morgen" the morning.
        self.reading.weekday = today.weekday()
        self.reading.recurs = True

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
            (True, False, False): WEEKLY if self.nth is None else MONTHLY,
            (False, True, False): MONTHLY,
            (False, False, True): YEARLY,
        }.get(named)
        freq, interval = self.often or (implied, 1)
        if freq is None or (any(named) and freq != implied) or self.reading.offset is not None:
            return None
        return Rule(freq, interval, self.weekdays, self.month_day, self.nth)
