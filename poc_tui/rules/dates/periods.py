"""The readers for weeks, months, quarters and years, and for where in them: "end of next week".

Each reader takes its tokens from the cursor, notes what they say in the reading and answers True;
or answers False, and the caller puts the cursor back.
"""

from __future__ import annotations

from datetime import date, timedelta

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.calendar_dates import named_date, numeric_date, week_of, which_one
from poc_tui.rules.dates.format import named
from poc_tui.rules.dates.months import month_end, months_on
from poc_tui.rules.dates.phrase_reading import Period, Reading
from poc_tui.rules.dates.tokens import Cursor

_OF = ("of", "in", "im", "der", "des", "vom", "from", "on")
_MONTHS_IN = {w.MONTH: 1, w.QUARTER: 3, w.HALF_YEAR: 6, w.YEAR: 12}
_WEEK_SIGNS = ("kw", "cw", "kalenderwoche", "woche", "week", "wk")


_NEAR_YEARS = 5
"""KW 2/27 is the second week of 2027, KW 49/50 is two weeks."""


def period(cursor: Cursor, reading: Reading) -> bool:
    """`next week`, `KW 49`, `december`, `Q1`, `nächstes Quartal`, `am Wochenende`, `2027`."""
    found = _period(cursor, reading, bare=False)
    return bool(found) and reading.take_periods(found)


def _period(cursor: Cursor, reading: Reading, *, bare: bool) -> list[Period]:
    """The periods that the next tokens can mean, stepped over, earliest first; none if they are
    something else. With `bare` a mere "week" is this week, as in "end of the week".
    """
    start = cursor.at
    for reader in (_week_number, _quarter, _after_next, _counted_unit, _month, _year):
        found = reader(cursor, reading, bare)
        if found:
            return found
        cursor.at = start
    return []


def _week(monday: date) -> Period:
    return Period(monday, monday + timedelta(days=6), w.WEEK)


def _months(first: date, count: int, kind: str) -> Period:
    return Period(first, month_end(months_on(first, count - 1)), kind)


def _ahead(reading: Reading, periods: list[Period]) -> list[Period]:
    """Those that are not over; the one that has begun alone, as nobody means the next year's."""
    found = [each for each in periods if each.last >= reading.today]
    return found[:1] if found and found[0].first <= reading.today else found


def week_of_day(cursor: Cursor, reading: Reading) -> bool:
    """`week of 7 december`, `the week of Dec 7th`: the week that day is in."""
    if not cursor.take("week", "of"):
        return False
    cursor.take("the")
    inner = Reading(reading.today, day_first=reading.day_first, office=reading.office)
    for reader in (named_date, numeric_date):
        start = cursor.at
        if reader(cursor, inner):
            ahead = [day for day in inner.days if day >= reading.today] or inner.days[:1]
            return reading.take_periods([_week(ahead[0] - timedelta(days=ahead[0].weekday()))])
        cursor.at = start
    return False


def _week_number(cursor: Cursor, reading: Reading, _bare: bool) -> list[Period]:
    """`KW 49`, `week 49`, `49. KW`, `KW 2 2027`, `KW 2/27`."""
    number = cursor.number(digits=2)
    cursor.take("calendar")
    if number is not None:
        cursor.at += 1
        cursor.take(".")
        if not cursor.take_any(_WEEK_SIGNS[:3]):
            return []
    else:
        if not cursor.take_any(_WEEK_SIGNS):
            return []
        _ = cursor.take_dot() or cursor.take("nr", ".") or cursor.take("no", ".")
        number = cursor.number(digits=2)
        if number is None or (cursor.peek(1) == "." and cursor.joined(2)):
            return []
        cursor.at += 1
        cursor.take_dot()
    year = _year_said(cursor, reading)
    if year is not None:
        return [_week(week_of(year, number))]
    this = reading.today.isocalendar().year
    found = [
        _week(week_of(y, number))
        for y in (this, this + 1, this + 2)
        if number < 53 or date(y, 12, 28).isocalendar().week >= number
    ]
    return _ahead(reading, found) or [_week(week_of(this, number))]


def _year_said(cursor: Cursor, reading: Reading) -> int | None:
    """A year after a period, stepped over: `2027`, `/2027`, `/27`, `of next year`."""
    start = cursor.at
    _ = cursor.take("/") or cursor.take(",") or cursor.take("-")
    signed = cursor.at > start
    _ = cursor.take("of") or cursor.take("in") or cursor.take("des")
    number = cursor.number()
    if number is not None and len(cursor.peek()) == 4 and cursor.peek(1) != ":":
        cursor.at += 1
        reading.has_year = True
        return number
    near = number is not None and 0 <= 2000 + number - reading.today.year <= _NEAR_YEARS
    if number is not None and len(cursor.peek()) == 2 and cursor.peek(-1) == "/" and near:
        cursor.at += 1
        return 2000 + number
    if not signed:
        which = which_one(cursor)
        if which is not None and cursor.take_any(("year", "jahr", "jahres", "yr")):
            return reading.today.year + which
    cursor.at = start
    return None


def _quarter(cursor: Cursor, reading: Reading, _bare: bool) -> list[Period]:
    """`Q1`, `Q1 2027`, `1. Quartal`, `third quarter`, `1. Halbjahr`, `H2`."""
    number: int | None
    months = 3
    if cursor.peek() in ("q", "h") and cursor.joined(1) and len(cursor.peek(1)) == 1:
        months = 3 if cursor.peek() == "q" else 6
        number = cursor.number(1)
        cursor.at += 2
    else:
        number = cursor.number(digits=1)
        if number is not None:
            cursor.at += 1
            if not (cursor.take(".") or cursor.take_any(w.ORDINALS)):
                return []
        else:
            word = cursor.take_any(w.ORDINAL_NUMBERS)
            number = w.ORDINAL_NUMBERS.get(word)
        months = {w.QUARTER: 3, w.HALF_YEAR: 6}.get(w.PERIODS.get(cursor.peek(), ""), 0)
        cursor.at += 1
        if number is None or not months:
            return []
    if number is None or not 1 <= number <= 12 // months:
        return []
    kind = w.QUARTER if months == 3 else w.HALF_YEAR
    year = _year_said(cursor, reading)
    years = [reading.today.year + n for n in (0, 1)] if year is None else [year]
    if not 1 <= years[0] <= 9997:
        return []
    found = [_months(date(y, 1 + months * (number - 1), 1), months, kind) for y in years]
    return _ahead(reading, found) if year is None else found


def _after_next(cursor: Cursor, reading: Reading, _bare: bool) -> list[Period]:
    """`week after next`, `month after next`."""
    unit = w.PERIODS.get(cursor.peek(), "")
    cursor.at += 1
    if not (cursor.take("after", "next") or cursor.take("nach", "der", "naechsten")):
        return []
    return _from_now(reading, unit, 2)


def _counted_unit(cursor: Cursor, reading: Reading, bare: bool) -> list[Period]:
    """`next week`, `this month`, `übernächstes Quartal`; with `bare` also `week`."""
    next_word = cursor.peek()
    which = which_one(cursor)
    word = cursor.peek()
    unit = w.PERIODS.get(word, "")
    if which is None and unit == w.WEEKEND:
        which = 0
    elif which is None and not bare:
        return []
    cursor.at += 1
    if unit == w.WEEKEND and which == 1 and next_word not in w.COMING:
        one, other = (_from_now(reading, w.WEEKEND, n)[0].first for n in (0, 1))
        raise NotUnderstood(
            f"The next weekend can be that of {named(one)} or of {named(other)}. Name its day."
        )
    if unit == w.WEEKEND and which:
        which -= 1
    if unit == w.WEEK and next_word in ("coming", "upcoming"):
        which = 1
    return _from_now(reading, unit, which or 0)


def _from_now(reading: Reading, unit: str, which: int) -> list[Period]:
    today = reading.today
    monday = today - timedelta(days=today.weekday())
    if unit == w.WEEK:
        return [_week(monday + timedelta(weeks=which))]
    if unit == w.WEEKEND:
        saturday = monday + timedelta(days=5, weeks=which)
        return [Period(saturday, saturday + timedelta(days=1), w.WEEKEND)]
    months = _MONTHS_IN.get(unit)
    if months is None:
        return []
    began = (today.month - 1) // months * months + 1
    return [_months(months_on(date(today.year, began, 1), months * which), months, unit)]


def _month(cursor: Cursor, reading: Reading, _bare: bool) -> list[Period]:
    """`december`, `January 2027`, `next march`, `month of may`."""
    which = which_one(cursor)
    month = w.MONTHS.get(cursor.peek())
    if month is None:
        return []
    cursor.at += 1
    cursor.take_dot()
    year = None if which else _year_said(cursor, reading)
    if year is not None:
        return [_months(date(year, month, 1), 1, w.MONTH)] if 1 <= year <= 9998 else []
    this = reading.today.year
    found = [_months(date(y, month, 1), 1, w.MONTH) for y in (this, this + 1, this + 2)]
    found = _ahead(reading, found)
    if which == 1:
        if found[0].first.year == this and found[0].first > reading.today:
            raise NotUnderstood(
                f"The next {cursor.peek(-1)} can be that of {this} or of {this + 1}. "
                "Write it with its year."
            )
        if found[0].first <= reading.today:
            found = found[1:]
    if which == 2:
        return []
    return found[:2]


def _year(cursor: Cursor, reading: Reading, bare: bool) -> list[Period]:
    """`2027`, after "end of" and the like."""
    year = cursor.number()
    if not bare or year is None or len(cursor.peek()) != 4 or not 1 <= year <= 9998:
        return []
    cursor.at += 1
    return [_months(date(year, 1, 1), 12, w.YEAR)]


def edge(cursor: Cursor, reading: Reading) -> bool:
    """`end of week`, `Ende nächster Woche`, `Anfang KW 49`, `mid december`, `Monatsende`, `eod`."""
    for words, which in ((w.ENDS, w.END), (w.STARTS, w.BEGIN), (w.MIDDLES, w.MIDDLE)):
        word = cursor.peek()
        if word in words and word != "wochenende":
            cursor.at += 1
            return _one_word(cursor, reading, words[word], which)
    which = w.EDGES.get(cursor.peek(), "")
    if cursor.take("later") and cursor.peek() in w.THIS:
        found = _counted_unit(cursor, reading, bare=False)
        return bool(found) and _take_edge(reading, found, w.END)
    if not which:
        return False
    opener = cursor.peek()
    cursor.at += 1
    cursor.take("-")
    cursor.take("of")
    cursor.take_any(w.ARTICLES)
    if w.PERIODS.get(cursor.peek()) == w.DAY and which == w.END:
        cursor.at += 1
        return _take_day_end(reading)
    if opener == "close" or cursor.peek() in ("weekend", "wochenende"):
        return False
    cursor.take("month", "of")
    unit = w.PERIODS.get(cursor.peek())
    found = _period(cursor, reading, bare=opener not in ("early", "late", "mid"))
    if found and unit is not None and len(found) == 1:
        found += _from_now(reading, unit, 1)  # "end of the month" said after it is the next one's
    return bool(found) and _take_edge(reading, found, which)


def _one_word(cursor: Cursor, reading: Reading, unit: str, which: str) -> bool:
    if unit == w.DAY:
        return _take_day_end(reading)
    found = _from_now(reading, unit, 0)
    if unit == w.YEAR and (year := _year_said(cursor, reading)) is not None:
        found = [_months(date(year, 1, 1), 12, w.YEAR)]
    elif unit in (w.MONTH, w.QUARTER) and (month := _month(cursor, reading, False)):
        found = month
    else:
        # "Monatsende" said after it has passed is the next one.
        found += _from_now(reading, unit, 1)
    return _take_edge(reading, found, which)


def _take_day_end(reading: Reading) -> bool:
    if reading.says_time:
        return False
    reading.day_end = True
    return True


def _take_edge(reading: Reading, periods: list[Period], which: str) -> bool:
    if reading.says_day or any(found.kind == w.WEEKEND for found in periods):
        return False
    return reading.take_days([_edge_of(reading, found, which) for found in periods])


def _edge_of(reading: Reading, found: Period, which: str) -> date:
    """The first or last business day of a week or the like, or its middle.

    The end of a month or more is its last day, worked or not, as it is where bills fall due.
    """
    days = found.days()
    if which == w.BEGIN:
        return reading.office.first_of(days) or found.first
    if which == w.END:
        if found.kind == w.WEEK:
            return reading.office.first_of(reversed(days)) or days[4]
        return found.last
    if found.kind == w.WEEK:
        return days[2]
    if found.kind == w.MONTH:
        return found.first.replace(day=15)
    return days[len(days) // 2]


def nth(cursor: Cursor, reading: Reading) -> bool:
    """`first monday in january`, `letzter Freitag im Monat`, `last day of july`,
    `letzter Werktag des Quartals`.
    """
    which = which_of(cursor)
    if which is None:
        return False
    kind = nth_unit(cursor)
    if kind is None:
        return False
    opened = bool(cursor.take_any(_OF))
    opened = bool(cursor.take_any(w.ARTICLES)) or opened
    plain = cursor.peek() in w.PERIODS
    found = _period(cursor, reading, bare=opened)
    if not found or found[0].kind in (w.WEEKEND,):
        return False
    if plain:
        found += _from_now(reading, found[0].kind, 1)
    days = [day for one in found if (day := nth_in(reading, one, which, kind)) is not None]
    if not days:
        raise NotUnderstood("There is no such day in that time. Give a date that exists.")
    ahead = [day for day in days if day >= reading.today]
    return reading.take_days(ahead or days[:1])


def which_of(cursor: Cursor) -> int | None:
    """Which one, from 1, -1 for the last and -2 for the last but one; stepped over."""
    if cursor.take_any(w.LAST_OF):
        return -1
    if cursor.take_any(("vorletzter", "vorletzte", "vorletzten", "penultimate")):
        return -2
    if cursor.take("second", "to", "last") or cursor.take("second", "last"):
        return -2
    word = cursor.take_any(w.ORDINAL_NUMBERS)
    if word:
        return w.ORDINAL_NUMBERS[word]
    number = cursor.number(digits=2)
    if number is None or not (cursor.peek(1) in w.ORDINALS or cursor.peek(1) == "."):
        return None
    cursor.at += 2
    return number


def nth_unit(cursor: Cursor) -> int | str | None:
    """A weekday (0 is Monday), a day or a business day, stepped over."""
    word = cursor.peek()
    if word in w.WEEKDAYS:
        cursor.at += 1
        cursor.take_dot()
        return w.WEEKDAYS[word]
    if word in w.WORKING and cursor.peek(1) == "day":
        cursor.at += 2
        return w.WORKDAY
    if word in w.WORKDAYS:
        cursor.at += 1
        return w.WORKDAY
    return w.DAY if cursor.take_any(("day", "tag", "tages")) else None


def nth_in(reading: Reading, found: Period, which: int, kind: int | str) -> date | None:
    """That day of a period, None if there are not so many."""
    days = found.days()
    if kind == w.WORKDAY:
        days = [day for day in days if reading.office.works(day)]
    elif kind != w.DAY:
        days = [day for day in days if day.weekday() == kind]
    at = which - 1 if which > 0 else which
    return days[at] if -len(days) <= at < len(days) else None
