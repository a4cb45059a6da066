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

TYPE_CHECKING = False  # importing typing for its own costs more than all of this module
if TYPE_CHECKING:
    from collections.abc import Collection

_FIXED = {
    "new years day": (1, 1),
    "new year": (1, 1),
    "new years": (1, 1),
    "neujahr": (1, 1),
    "neujahrstag": (1, 1),
    "epiphany": (1, 6),
    "dreikoenigstag": (1, 6),
    "heilige drei koenige": (1, 6),
    "heiligen drei koenige": (1, 6),
    "valentines day": (2, 14),
    "valentine day": (2, 14),
    "valentines": (2, 14),
    "valentinstag": (2, 14),
    "tag der arbeit": (5, 1),
    "maifeiertag": (5, 1),
    "independence day": (7, 4),
    "tag der deutschen einheit": (10, 3),
    "german unity day": (10, 3),
    "halloween": (10, 31),
    "reformationstag": (10, 31),
    "all saints day": (11, 1),
    "allerheiligen": (11, 1),
    "allerseelen": (11, 2),
    "veterans day": (11, 11),
    "armistice day": (11, 11),
    "martinstag": (11, 11),
    "nikolaus": (12, 6),
    "nikolaustag": (12, 6),
    "christmas eve": (12, 24),
    "xmas eve": (12, 24),
    "heiligabend": (12, 24),
    "heilig abend": (12, 24),
    "heiliger abend": (12, 24),
    "heiligen abend": (12, 24),
    "christmas": (12, 25),
    "xmas": (12, 25),
    "x - mas": (12, 25),
    "christmas day": (12, 25),
    "xmas day": (12, 25),
    "weihnachtstag": (12, 25),
    "erster weihnachtstag": (12, 25),
    "ersten weihnachtstag": (12, 25),
    "erster weihnachtsfeiertag": (12, 25),
    "ersten weihnachtsfeiertag": (12, 25),
    "1 . weihnachtstag": (12, 25),
    "1 . weihnachtsfeiertag": (12, 25),
    "boxing day": (12, 26),
    "st stephens day": (12, 26),
    "stephanstag": (12, 26),
    "zweiter weihnachtstag": (12, 26),
    "zweiten weihnachtstag": (12, 26),
    "zweiter weihnachtsfeiertag": (12, 26),
    "zweiten weihnachtsfeiertag": (12, 26),
    "2 . weihnachtstag": (12, 26),
    "2 . weihnachtsfeiertag": (12, 26),
    "weihnachten": (12, 24),
    "silvester": (12, 31),
    "sylvester": (12, 31),
    "silvesterabend": (12, 31),
    "altjahrsabend": (12, 31),
    "new years eve": (12, 31),
    "new year eve": (12, 31),
    "nye": (12, 31),
}
"""Month and day."""

_FROM_EASTER = {
    "rosenmontag": -48,
    "faschingsdienstag": -47,
    "fastnachtsdienstag": -47,
    "shrove tuesday": -47,
    "pancake day": -47,
    "mardi gras": -47,
    "aschermittwoch": -46,
    "ash wednesday": -46,
    "palmsonntag": -7,
    "palm sunday": -7,
    "gruendonnerstag": -3,
    "maundy thursday": -3,
    "holy thursday": -3,
    "karfreitag": -2,
    "good friday": -2,
    "karsamstag": -1,
    "holy saturday": -1,
    "easter saturday": -1,
    "ostern": 0,
    "easter": 0,
    "easter sunday": 0,
    "easter day": 0,
    "ostersonntag": 0,
    "easter monday": 1,
    "ostermontag": 1,
    "christi himmelfahrt": 39,
    "himmelfahrt": 39,
    "himmelfahrtstag": 39,
    "ascension": 39,
    "ascension day": 39,
    "pfingsten": 49,
    "pfingstsonntag": 49,
    "pentecost": 49,
    "whit sunday": 49,
    "whitsun": 49,
    "pfingstmontag": 50,
    "whit monday": 50,
    "pentecost monday": 50,
    "fronleichnam": 60,
    "corpus christi": 60,
}
"""Days from Easter Sunday."""

_NTH_WEEKDAY = {
    "mlk day": (1, 0, 3, 0),
    "martin luther king day": (1, 0, 3, 0),
    "presidents day": (2, 0, 3, 0),
    "memorial day": (5, 0, -1, 0),
    "muttertag": (5, 6, 2, 0),
    "labor day": (9, 0, 1, 0),
    "columbus day": (10, 0, 2, 0),
    "thanksgiving": (11, 3, 4, 0),
    "thanksgiving day": (11, 3, 4, 0),
    "black friday": (11, 3, 4, 1),
    "cyber monday": (11, 3, 4, 4),
    "erster advent": (12, 6, 0, 0),
    "ersten advent": (12, 6, 0, 0),
    "1 . advent": (12, 6, 0, 0),
    "2 . advent": (12, 6, 0, 7),
    "zweiter advent": (12, 6, 0, 7),
    "zweiten advent": (12, 6, 0, 7),
    "3 . advent": (12, 6, 0, 14),
    "dritter advent": (12, 6, 0, 14),
    "dritten advent": (12, 6, 0, 14),
    "4 . advent": (12, 6, 0, 21),
    "vierter advent": (12, 6, 0, 21),
    "vierten advent": (12, 6, 0, 21),
}
"""Month, weekday, which one (-1 is the last), and days after it. The first Sunday of Advent is
the fourth before Christmas."""

_LASTING = {"weihnachten": 2, "ostern": 1, "easter": 1, "pfingsten": 1}
"""Days for which these go on."""

_LONGEST = 5
"""Tokens in a name."""


def feast(cursor: Cursor, reading: Reading, _lead: Collection[str]) -> bool:
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


def fixed_feast(cursor: Cursor, reading: Reading, lead: Collection[str]) -> bool:
    """`Heiligabend`, `christmas`: a name of the same date in every year."""
    name = _name(cursor)
    return name in _FIXED and feast(cursor, reading, lead)


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
