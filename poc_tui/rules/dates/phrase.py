"""A whole date phrase: what stands between its parts, lengths of time, and which readers are asked.

    phrase  = [amount (before | after | from)] part*
    part    = lead* (day | date | period | time | part of the day) | "in" amount | filler
    lead    = by | before | after | from | about | on | at | in | the ...

Every word belongs to a part; one that is left over refuses the whole phrase.
"""

from __future__ import annotations

from datetime import date

from poc_tui.rules.dates import (
    calendar_dates,
    clock_times,
    clock_words,
    day_names,
    feasts,
    periods,
    words as w,
)
from poc_tui.rules.dates.amounts import amount
from poc_tui.rules.dates.office import Office
from poc_tui.rules.dates.phrase_reading import Reading
from poc_tui.rules.dates.tokens import Cursor, Token

_READERS = (
    calendar_dates.iso_week,
    calendar_dates.iso_date,
    calendar_dates.basic_iso_date,
    clock_words.relative,
    clock_times.midnight,
    feasts.feast,
    calendar_dates.named_date,
    periods.nth,
    periods.edge,
    day_names.day_word,
    day_names.next_workday,
    day_names.weekday,
    periods.week_of_day,
    periods.period,
    clock_times.clock,
    clock_times.four_digits,
    calendar_dates.numeric_date,
    calendar_dates.ordinal,
    calendar_dates.last_of_month,
    clock_times.part,
)
"""In the order in which they are asked: "1. Advent" is a feast before it is the first."""

_PHRASES_OF_BOUND = {
    w.BY: w.phrases("no later than, not later than, nicht spaeter als, at the latest, at latest"),
    w.FROM: w.phrases("not before, nicht vor, at the earliest, at earliest, as of"),
    w.BEFORE: w.phrases("prior to, ahead of"),
}
_SEPARATORS = (",", ";", ".")
_FROM_NOW = w.phrases("from right now, from now, hence, later, ab jetzt, von jetzt an, time")
_ANCHORS = {"before": -1, "vor": -1, "after": 1, "from": 1, "nach": 1, "ab": 1, "on": 1, "past": 1}
_COURTESY = ("please", "bitte", "pls")
_AFTERTHOUGHTS = ("sharp", "puenktlich", "exactly", "ish", "approximately", "approx", "ungefaehr")


def read(phrase: list[Token], today: date, *, day_first: bool, office: Office) -> Reading | None:
    """What the tokens say, or None if one is left over or two parts contradict each other.

    Raises:
        NotUnderstood: the words are clear and yet cannot be, such as 30 February.
    """
    cursor = Cursor(phrase)
    reading = Reading(today, day_first=day_first, office=office)
    reading.german = any(token.text in w.GERMAN_SIGNS for token in phrase)
    _courtesy(cursor)
    if not _amount_first(cursor, reading):
        return None
    while not cursor.done:
        if not _part(cursor, reading):
            return reading if reading.conflict else None
        if cursor.peek() in _SEPARATORS and not cursor.done:
            cursor.at += 1
    return reading if reading.says_anything else None


def _courtesy(cursor: Cursor) -> None:
    """Leave out "please" at either end."""
    while len(cursor.tokens) > 1 and cursor.tokens[-1].text in (*_COURTESY, ".", "!"):
        if cursor.tokens[-1].text == "." and cursor.tokens[-2].text.isdecimal():
            break  # 27.11.
        cursor.tokens = cursor.tokens[:-1]
    if len(cursor.tokens) > 1:
        cursor.take_any(_COURTESY)


def _amount_first(cursor: Cursor, reading: Reading) -> bool:
    """`3d`, `2 weeks from friday`, `the day before christmas`; False if it says no whole thing."""
    start = cursor.at
    cursor.take("the")
    cursor.take("am")
    anchored = cursor.peek(1) in ("before", "after", "vor", "nach") and cursor.peek(2) not in (
        "tomorrow",
        "yesterday",
        "next",
    )
    if cursor.peek() in ("day", "tag") and anchored:
        found = amount(Cursor([Token("1", True), Token("day", True)]), opened=True)
        cursor.at += 1
    else:
        cursor.at = start
        found = amount(cursor, opened=False)
    if found is None or (
        # "5 minutes to 12", "15 minutes before noon" are times of day; so is "9 h fri"
        cursor.peek() in ("to", "past") or _is_clock(cursor, start)
    ):
        cursor.at = start
        return True
    reading.amount = found
    if cursor.take("ago") or cursor.take("her"):
        reading.sign = -1
        return True
    if cursor.take_one(*_FROM_NOW):
        return True
    sign = _ANCHORS.get(cursor.peek())
    if sign is not None and cursor.peek(1):
        cursor.at += 1
        reading.anchored, reading.sign = True, sign
    return True


def _is_clock(cursor: Cursor, start: int) -> bool:
    """Whether what was read as a length is minutes before or after an hour: "15 minuten vor 12"."""
    if cursor.peek() not in ("before", "after", "vor", "nach"):
        return False
    units = {token.text for token in cursor.tokens[start : cursor.at]} & w.UNITS.keys()
    if not units or any(w.UNITS[unit] != w.MINUTE for unit in units):
        return False
    clock = Cursor(cursor.tokens[start:])
    nothing = Reading(date(2000, 1, 3), day_first=True, office=Office())
    return clock_words.relative(clock, nothing)


def _part(cursor: Cursor, reading: Reading) -> bool:
    lead = reading.lead = set()
    start = cursor.at
    if not _lead(cursor, reading, lead):
        return False
    if cursor.done:
        return not lead or lead <= _TRAILING
    if _postfix(cursor, reading):
        return True
    if not (lead & _SPAN_LEADS) and cursor.take_any(w.NOW) and not reading.says_anything:
        reading.now = True
        return True
    here = cursor.at
    if _later_amount(cursor, reading, lead):
        return True
    cursor.at = here
    for reader in _READERS:
        if reader(cursor, reading):
            return cursor.at > start
        cursor.at = here
    if cursor.take("right", "now") and not reading.says_anything:
        reading.now = True
        return True
    return False


_TRAILING = frozenset(("approx", "approximately", "ungefaehr", "puenktlich", "exactly"))
_SPAN_LEADS = frozenset(w.SPAN_OPENERS)


def _lead(cursor: Cursor, reading: Reading, lead: set[str]) -> bool:
    """The small words before a part, stepped over; False where one kind comes twice."""
    kinds: set[str] = set()
    while not cursor.done:
        kind = _kind_of_lead(cursor, reading, lead)
        if not kind:
            return True
        if kind in kinds and not (kind == "hedge" or (kind == "bound" and reading.bound == w.BY)):
            return False
        kinds.add(kind)
    return True


def _kind_of_lead(cursor: Cursor, reading: Reading, lead: set[str]) -> str:
    """What kind of small word comes next, noted and stepped over; empty if it is none."""
    for bound, phrases in _PHRASES_OF_BOUND.items():
        if cursor.take_one(*phrases):
            return _bound(reading, bound)
    word, following = cursor.peek(), cursor.peek(1)
    if (word in w.HEDGES and (word, following) != ("noch", "heute")) or (
        word == "so" and following in w.HEDGES
    ):
        cursor.at += 1
        cursor.take_dot()
        lead.add(word)
        return "hedge"
    if word in w.BOUNDS and not (word in w.POSTFIXED and not following):
        if word in ("from", "ab", "starting") and reading.says_time and not reading.says_day:
            return ""
        cursor.at += 1
        lead.add(word)
        return _bound(reading, w.BOUNDS[word])
    if (word in w.PLACES or word in w.SPAN_OPENERS) and not _belongs_to_part(cursor):
        cursor.at += 1
        lead.add(word)
        if word == "in" and cursor.peek() in ("der", "dem"):
            cursor.at += 1
        return "place"
    part_begins = following == "day" and cursor.peek(2) in ("after", "before")
    if word in w.ARTICLES and following and not part_begins:
        cursor.at += 1
        lead.add(word)
        return "article"
    return ""


def _bound(reading: Reading, bound: str) -> str:
    if reading.bound and bound != reading.bound and w.BY not in (bound, reading.bound):
        reading.conflict = f"It says both {reading.bound} and {bound}. Leave one of them out."
    if not (bound == w.BY and reading.bound):
        reading.bound = bound
    return "bound"


def _belongs_to_part(cursor: Cursor) -> bool:
    """Whether a preposition begins a part: `im Laufe des Tages`, `in an hour`."""
    if cursor.peek() == "an" and (cursor.peek(1) in w.UNITS or cursor.peek(1) in w.HALF):
        return True
    return (cursor.peek(), cursor.peek(1)) == ("im", "laufe") or (
        cursor.peek() == "in" and cursor.peek(2) == "course"
    )


def _postfix(cursor: Cursor, reading: Reading) -> bool:
    """`friday at the latest`, `14 Uhr spätestens`, `3ish`, `3pm sharp`, `or so`."""
    if not reading.says_anything:
        return False
    if len(cursor.tokens) == cursor.at + 1 and (word := cursor.take_any(w.POSTFIXED)):
        if not reading.bound:
            reading.bound = w.POSTFIXED[word]
        return True
    if cursor.take("or", "so") or cursor.take("oder", "so"):
        return True
    if reading.says_time and cursor.peek() in ("in", "the"):
        return False
    return bool(cursor.take_any(_AFTERTHOUGHTS))


def _later_amount(cursor: Cursor, reading: Reading, lead: set[str]) -> bool:
    """`in 3 days`, `heute in einer Woche`, `today+21d`, `after 5 days`.

    "vor 3 Tagen" is past, and said so when it is held against the clock.
    """
    plus = cursor.take("+")
    opened = plus or bool(lead & (_SPAN_LEADS | {"nach", "after", "vor"}))
    if reading.amount is not None or not opened:
        return False
    cursor.take_any(("von", "the", "den"))
    if lead & _SPAN_LEADS:
        cursor.take_any(w.NEXT)  # "in the next 3 days"
    found = amount(cursor, opened=plus or bool(lead & _SPAN_LEADS))
    if found is None:
        return False
    cursor.take_one(*_FROM_NOW)
    reading.amount = found
    if "vor" in lead:
        reading.sign = -1
    if lead & {"nach", "after", "vor"}:
        reading.bound = ""
    if reading.days == [reading.today] and found.is_clock and not reading.says_time:
        reading.days = []  # "today in one hour" is one hour from now
    elif reading.says_day or (reading.says_time and found.is_clock):
        reading.anchored = True
    if cursor.peek() in ("from", "after", "nach", "ab", "before", "vor") and not reading.says_day:
        cursor.at += 1
        reading.anchored, reading.sign = True, _ANCHORS[cursor.peek(-1)]
    return True
