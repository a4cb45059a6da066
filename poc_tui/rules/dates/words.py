"""The words for dates and times, English and German.

All words stand here as `rules.text.fold` leaves them: lower case, `ä` as `ae`, `ß` as `ss`; and
without apostrophes. A word is in one table for one meaning; where it has two ("morgen", "am",
"mo"), the reader decides by what stands around it.
"""

from __future__ import annotations

from datetime import time

TYPE_CHECKING = False  # importing typing for its own costs more than all of this module
if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")


def numbered(*rows: str, start: int = 0) -> dict[str, int]:
    """Each word of each row with the number of its row."""
    return {word: number for number, row in enumerate(rows, start) for word in row.split()}


def by_word(meanings: dict[T, str]) -> dict[str, T]:
    """Each word with what it means."""
    return {word: meaning for meaning, words in meanings.items() for word in words.split()}


def by_name(meanings: dict[T, str]) -> dict[str, T]:
    """Each name with what it means; a comma stands between names, which may have several words."""
    return {name: meaning for meaning, names in meanings.items() for name in names.split(", ")}


def phrases(listed: str) -> tuple[tuple[str, ...], ...]:
    """Each phrase as its words; a comma stands between phrases."""
    return tuple(tuple(phrase.split()) for phrase in listed.split(", "))


def _row(words: str) -> list[str]:
    return words.split()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


WEEKDAYS = numbered(
    "monday mon montag mo",
    "tuesday tue tues dienstag di",
    "wednesday wed weds mittwoch mi",
    "thursday thu thur thurs donnerstag do",
    "friday fri freitag fr",
    "saturday sat samstag sa sonnabend",
    "sunday sun sonntag so",
)
"""Monday is 0."""

MONTHS = numbered(
    "january jan januar jaenner",
    "february feb februar",
    "march mar maerz mrz",
    "april apr",
    "may mai",
    "june jun juni",
    "july jul juli",
    "august aug",
    "september sep sept",
    "october oct oktober okt",
    "november nov",
    "december dec dezember dez",
    start=1,
)
"""January is 1."""

DAYS = by_word(
    {
        0: "today heute",
        1: "tomorrow tmr tmrw tomorow tommorow tommorrow morgen",
        2: "overmorrow uebermorgen",
        -1: "yesterday gestern",
        -2: "vorgestern",
    }
)
"""Days from today."""

NOW = _set("now jetzt sofort immediately")

MORNING, NOON, AFTERNOON, EVENING = "morning", "noon", "afternoon", "evening"
NIGHT = "night"
PARTS = by_word(
    {
        MORNING: "morning mornings morgens frueh vormittag vormittags forenoon",
        NOON: "noon midday mittag mittags lunch lunchtime mittagszeit mittagspause mittagessen",
        AFTERNOON: "afternoon afternoons nachmittag nachmittags",
        EVENING: "evening evenings abend abends night",
        NIGHT: "nacht nachts",
    }
)
"""Parts of the day. German "Nacht" is what lies behind midnight, so it needs its hour said."""

PART_TIMES = {MORNING: time(9), NOON: time(12), AFTERNOON: time(15), EVENING: time(19)}
"""When a part of the day is, if no time is given."""

EARLY_TIMES = {MORNING: time(8), AFTERNOON: time(13), EVENING: time(18)}
LATE_TIMES = {MORNING: time(11), AFTERNOON: time(17), EVENING: time(21)}

PART_HOURS = {
    MORNING: (0, 12),
    NOON: (11, 14),
    AFTERNOON: (12, 19),
    EVENING: (16, 24),
    NIGHT: (0, 6),
}
"""The hours (first, after the last) that a time given with that part of the day can have."""

SECOND, MINUTE, HOUR = "second", "minute", "hour"
DAY, WEEK, MONTH, YEAR = "day", "week", "month", "year"
QUARTER, HALF_YEAR, WEEKEND, WORKDAY = "quarter", "half year", "weekend", "workday"
UNITS = by_word(
    {
        SECOND: "sec secs second seconds sek sekunde sekunden",
        MINUTE: "m min mins minute minutes minuten",
        HOUR: "h hr hrs hour hours std stunde stunden",
        DAY: "d day days tag tage tagen",
        WEEK: "w wk wks week weeks woche wochen",
        MONTH: "mo month months monat monate monaten",
        YEAR: "y yr yrs year years jahr jahre jahren",
    }
)
WORKDAYS = _set(
    "workday workdays weekday weekdays werktag werktage werktagen werktages werktags "
    "arbeitstag arbeitstage arbeitstagen arbeitstages wochentag"
)
WORKING = _set("business working work")
"""These and a `day` after them are one word."""

FIXED_SPANS = by_word(
    {
        (MINUTE, 15): "viertelstunde",
        (MINUTE, 30): "halbstunde",
        (MINUTE, 45): "dreiviertelstunde",
        (WEEK, 2): "fortnight fortnights",
        (MONTH, 3): "vierteljahr vierteljahren quartal quartale quartalen quarters",
        (MONTH, 6): "halbjahr",
        (MONTH, 9): "dreivierteljahr",
        (YEAR, 10): "decade",
    }
)

_ENGLISH = _row(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_ENGLISH_TENS = _row("twenty thirty forty fifty sixty seventy eighty ninety")
_GERMAN = _row(
    "eins zwei drei vier fuenf sechs sieben acht neun zehn elf zwoelf dreizehn vierzehn "
    "fuenfzehn sechzehn siebzehn achtzehn neunzehn"
)
_GERMAN_TENS = _row("zwanzig dreissig vierzig fuenfzig sechzig siebzig achtzig neunzig")

TENS = {word: 20 + 10 * at for at, word in enumerate(_ENGLISH_TENS)}
"""English tens, after which a one may follow: "twenty five"."""
ARTICLES = _set("the den der dem des die das")
A = _set("a an ein eine einen einem einer")
"""One, where a unit follows."""
NUMBERS = {
    **{word: at + 1 for at, word in enumerate(_ENGLISH)},
    **TENS,
    **{word: at + 1 for at, word in enumerate(_GERMAN)},
    **{word: 20 + 10 * at for at, word in enumerate(_GERMAN_TENS)},
    **{
        f"{'ein' if one == 0 else unit}und{ten}": 21 + 10 * at + one
        for at, ten in enumerate(_GERMAN_TENS)
        for one, unit in enumerate(_GERMAN[:9])
    },
    "zwo": 2,
}
GERMAN_NUMBERS = frozenset(NUMBERS) - {*_ENGLISH, *TENS}
AND_A_HALF = {
    "anderthalb": 1.5,
    "eineinhalb": 1.5,
    **{f"{word}einhalb": at + 1.5 for at, word in enumerate(_GERMAN[:12]) if at},
}
HALF = _set("half halbe halben halber halbes")

_ENGLISH_ORDINALS = _row(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_GERMAN_ORDINALS = _row(
    "erst zweit dritt viert fuenft sechst siebt acht neunt zehnt elft zwoelft dreizehnt "
    "vierzehnt fuenfzehnt sechzehnt siebzehnt achtzehnt neunzehnt zwanzigst einundzwanzigst "
    "zweiundzwanzigst dreiundzwanzigst vierundzwanzigst fuenfundzwanzigst sechsundzwanzigst "
    "siebenundzwanzigst achtundzwanzigst neunundzwanzigst dreissigst einunddreissigst"
)
ORDINAL_NUMBERS = {
    **{word: at + 1 for at, word in enumerate(_ENGLISH_ORDINALS)},
    "twentieth": 20,
    "thirtieth": 30,
    **{
        stem + ending: at + 1
        for at, stem in enumerate(_GERMAN_ORDINALS)
        for ending in ("e", "en", "er", "es", "em")
    },
    "siebente": 7,
    "siebenten": 7,
}
"""First is 1."""
ORDINALS = _set("st nd rd th te ten ter tes")
"""What makes a number written in digits an ordinal."""
LAST_OF = _set("last final letzte letzten letzter letztes letztem")
LAST = LAST_OF | _set("past previous vergangene vergangenen")

NEXT = _set(
    "next coming following upcoming naechste naechsten naechster naechstes naechstem "
    "kommende kommenden kommender kommendes kommendem folgende folgenden"
)
COMING = _set("coming upcoming kommende kommenden kommender kommendes kommendem")
AFTER_NEXT = _set("uebernaechste uebernaechsten uebernaechster uebernaechstes uebernaechstem")
THIS = _set("this current diese diesen dieser dieses diesem aktuelle aktuellen laufende laufenden")

ENDS = by_word(
    {
        DAY: "eod eob cob feierabend tagesende dienstschluss geschaeftsschluss bueroschluss",
        WEEK: "eow wochenende",
        MONTH: "eom monatsende",
        QUARTER: "eoq quartalsende",
        YEAR: "eoy jahresende",
    }
)
"""Words for the end of a day, a week, a month, a year; "Wochenende" is the weekend."""
STARTS = by_word(
    {
        WEEK: "wochenanfang wochenbeginn",
        MONTH: "monatsanfang monatsbeginn",
        QUARTER: "quartalsanfang quartalsbeginn",
        YEAR: "jahresanfang jahresbeginn",
    }
)
MIDDLES = by_word({WEEK: "wochenmitte midweek", MONTH: "monatsmitte"})

PERIODS = by_word(
    {
        DAY: "day tag tages business",
        WEEK: "week woche wk kw cw wochen weeks",
        WEEKEND: "weekend wochenende wochenendes",
        MONTH: "month monat monats monates months",
        QUARTER: "quarter qtr quartal quartals quarters",
        HALF_YEAR: "halbjahr halbjahres",
        YEAR: "year yr jahr jahres jahre years",
    }
)
"""What has an end, and can be the next one."""
BEGIN, MIDDLE, END = "begin", "middle", "end"
EDGES = by_word(
    {
        BEGIN: "begin beginning start early anfang beginn",
        MIDDLE: "middle mid mitte",
        END: "end ende late close",
    }
)

# Words between the parts of a phrase, by what they say of the part that follows.
BY, BEFORE, AFTER, FROM = "by", "before", "after", "from"
BOUNDS = by_word(
    {
        BY: "by until till til untill bis spaetestens latest due faellig deadline",
        BEFORE: "before vor",
        AFTER: "after nach",
        FROM: "from ab fruehestens fruehstens starting",
    }
)
POSTFIXED = by_word({BY: "spaetestens latest", FROM: "fruehestens fruehstens earliest"})
PLACES = _set("on at in of for am an um im zum zur zu fuer vom @")
HEDGES = _set(
    "ca circa zirka etwa ungefaehr gegen around about approx approximately roughly noch schon "
    "puenktlich punkt genau exactly sometime irgendwann einschliesslich inklusive including"
)
SPAN_OPENERS = _set("in within binnen innerhalb for")
CLOCK_OPENERS = _set("at um gegen @ around about punkt")
GERMAN_SIGNS = _set("uhr um heute morgen uebermorgen bis spaetestens gegen ab am zum den vor nach")
"""Where one of these stands, the clock has 24 hours."""
