"""Days that have a name: Christmas Eve, Karfreitag, Black Friday.

Only names that mean one day to everybody who says them; Mother's Day, Labour Day and Father's Day
differ from country to country.
"""

from __future__ import annotations

from datetime import date, timedelta

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.calendar_dates import year_after
from poc_tui.rules.dates.months import nth_weekday
from poc_tui.rules.dates.phrase_reading import Reading
from poc_tui.rules.dates.tokens import Cursor

_FIXED = w.by_name(
    {
        (1, 1): "new years day, new year, new years, neujahr, neujahrstag",
        (1, 6): "epiphany, dreikoenigstag, heilige drei koenige, heiligen drei koenige",
        (2, 14): "valentines day, valentine day, valentines, valentinstag",
        (5, 1): "tag der arbeit, maifeiertag",
        (7, 4): "independence day",
        (10, 3): "tag der deutschen einheit, german unity day",
        (10, 31): "halloween, reformationstag",
        (11, 1): "all saints day, allerheiligen",
        (11, 2): "allerseelen",
        (11, 11): "veterans day, armistice day, martinstag",
        (12, 6): "nikolaus, nikolaustag",
        (12, 24): "christmas eve, xmas eve, heiligabend, heilig abend, heiliger abend, "
        "heiligen abend, weihnachten",
        (12, 25): "christmas, xmas, x - mas, christmas day, xmas day, weihnachtstag, "
        "erster weihnachtstag, ersten weihnachtstag, erster weihnachtsfeiertag, "
        "ersten weihnachtsfeiertag, 1 . weihnachtstag, 1 . weihnachtsfeiertag",
        (12, 26): "boxing day, st stephens day, stephanstag, zweiter weihnachtstag, "
        "zweiten weihnachtstag, zweiter weihnachtsfeiertag, zweiten weihnachtsfeiertag, "
        "2 . weihnachtstag, 2 . weihnachtsfeiertag",
        (12, 31): "silvester, sylvester, silvesterabend, altjahrsabend, new years eve, "
        "new year eve, nye",
    }
)
"""Month and day."""

_FROM_EASTER = w.by_name(
    {
        -48: "rosenmontag",
        -47: "faschingsdienstag, fastnachtsdienstag, shrove tuesday, pancake day, mardi gras",
        -46: "aschermittwoch, ash wednesday",
        -7: "palmsonntag, palm sunday",
        -3: "gruendonnerstag, maundy thursday, holy thursday",
        -2: "karfreitag, good friday",
        -1: "karsamstag, holy saturday, easter saturday",
        0: "ostern, easter, easter sunday, easter day, ostersonntag",
        1: "easter monday, ostermontag",
        39: "christi himmelfahrt, himmelfahrt, himmelfahrtstag, ascension, ascension day",
        49: "pfingsten, pfingstsonntag, pentecost, whit sunday, whitsun",
        50: "pfingstmontag, whit monday, pentecost monday",
        60: "fronleichnam, corpus christi",
    }
)
"""Days from Easter Sunday."""

_NTH_WEEKDAY = w.by_name(
    {
        (1, 0, 3, 0): "mlk day, martin luther king day",
        (2, 0, 3, 0): "presidents day",
        (5, 0, -1, 0): "memorial day",
        (5, 6, 2, 0): "muttertag",
        (9, 0, 1, 0): "labor day",
        (10, 0, 2, 0): "columbus day",
        (11, 3, 4, 0): "thanksgiving, thanksgiving day",
        (11, 3, 4, 1): "black friday",
        (11, 3, 4, 4): "cyber monday",
        (12, 6, 0, 0): "erster advent, ersten advent, 1 . advent",
        (12, 6, 0, 7): "2 . advent, zweiter advent, zweiten advent",
        (12, 6, 0, 14): "3 . advent, dritter advent, dritten advent",
        (12, 6, 0, 21): "4 . advent, vierter advent, vierten advent",
    }
)
"""Month, weekday, which one (-1 is the last), and days after it. The first Sunday of Advent is
the fourth before Christmas."""

_LASTING = {"weihnachten": 2, "ostern": 1, "easter": 1, "pfingsten": 1}
"""Days for which these go on."""

_LONGEST = 5
"""Tokens in a name."""


def feast(cursor: Cursor, reading: Reading) -> bool:
    """`Heiligabend`, `christmas 2027`, `next easter`: the next one ahead if no year is said."""
    cursor.take_any(w.NEXT) or cursor.take_any(w.THIS)
    name = _name(cursor)
    if not name:
        return False
    cursor.at += len(name.split())
    cursor.take(",")
    year = year_after(cursor, reading)
    this = reading.today.year
    years = [this, this + 1] if year is None else [year]
    days = [day_of(name, y) for y in years]
    lasting = timedelta(days=_LASTING.get(name, 0))
    if year is None:
        days = [day for day in days if day + lasting >= reading.today]
        if days[0] <= reading.today:
            days = [reading.today]
    reading.last_day = days[0] + lasting
    return reading.take_days(days)


def fixed_feast(cursor: Cursor, reading: Reading) -> bool:
    """`Heiligabend`, `christmas`: a name of the same date in every year."""
    name = _name(cursor)
    return name in _FIXED and feast(cursor, reading)


def _name(cursor: Cursor) -> str:
    """The longest name that the next tokens make, empty if they make none."""
    for length in range(_LONGEST, 0, -1):
        name = " ".join(token.text for token in cursor.tokens[cursor.at : cursor.at + length])
        if name in _FIXED or name in _FROM_EASTER or name in _NTH_WEEKDAY:
            return name
    return ""


def day_of(name: str, year: int) -> date:
    """That year's day of the name.

    Raises:
        NotUnderstood: the year is out of the calendar.
    """
    if not 1583 <= year <= 9998:
        raise NotUnderstood(f"There is no year {year} here. Give it in four digits, as in 2026.")
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _FROM_EASTER:
        return easter(year) + timedelta(days=_FROM_EASTER[name])
    month, weekday, which, days = _NTH_WEEKDAY[name]
    if not which:
        fourth = date(year, 12, 24) - timedelta(days=(date(year, 12, 24).weekday() - 6) % 7)
        return fourth + timedelta(days=days - 21)
    return nth_weekday(year, month, weekday, which) + timedelta(days=days)


def easter(year: int) -> date:
    """Easter Sunday, Gregorian (the anonymous algorithm in Meeus, Astronomical Algorithms, 8)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leap = century - century // 4 - (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + leap + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
