"""The words for dates and times, English and German.

All words stand here as `rules.text.fold` leaves them: lower case, `ä` as `ae`, `ß` as `ss`. A word
is in one table for one meaning; where it has two ("morgen", "am", "mo"), the reader decides by
what stands around it.
"""

from __future__ import annotations

from datetime import time


def _by_word(*rows: str) -> dict[str, int]:
    """Each word of each row with the number of its row, from 0."""
    return {word: number for number, row in enumerate(rows) for word in row.split()}


def _by_meaning(meanings: dict[str, str]) -> dict[str, str]:
    """Each word with what it means."""
    return {word: meaning for meaning, words in meanings.items() for word in words.split()}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


WEEKDAYS = _by_word(
    "monday mon montag mo",
    "tuesday tue tues dienstag di",
    "wednesday wed weds mittwoch mi",
    "thursday thu thur thurs donnerstag do",
    "friday fri freitag fr",
    "saturday sat samstag sa sonnabend",
    "sunday sun sonntag so",
)
"""Monday is 0."""

MONTHS = {
    word: number + 1
    for word, number in _by_word(
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
    ).items()
}
"""January is 1."""

DAYS = {
    "today": 0,
    "heute": 0,
    "tomorrow": 1,
    "tmr": 1,
    "tmrw": 1,
    "morgen": 1,
    "overmorrow": 2,
    "uebermorgen": 2,
    "yesterday": -1,
    "gestern": -1,
    "vorgestern": -2,
}
"""Days from today."""

NOW = frozenset(("now", "jetzt", "sofort"))

MORNING, NOON, AFTERNOON, EVENING = "morning", "noon", "afternoon", "evening"
PARTS = _by_meaning(
    {
        MORNING: "morning morgens frueh vormittag vormittags",
        NOON: "noon midday mittag mittags",
        AFTERNOON: "afternoon nachmittag nachmittags",
        EVENING: "evening abend abends",
    }
)
"""Parts of the day."""

PART_TIMES = {MORNING: time(9), NOON: time(12), AFTERNOON: time(15), EVENING: time(19)}
"""When a part of the day is, if no time is given."""

PART_HOURS = {MORNING: (0, 12), NOON: (11, 14), AFTERNOON: (12, 18), EVENING: (17, 24)}
"""The hours (first, after the last) that a time given with that part of the day can have."""

MINUTE, HOUR, DAY, WEEK, MONTH, YEAR = "minute", "hour", "day", "week", "month", "year"
UNITS = _by_meaning(
    {
        MINUTE: "m min mins minute minutes minuten",
        HOUR: "h hr hrs hour hours std stunde stunden",
        DAY: "d day days tag tage tagen",
        WEEK: "w wk wks week weeks woche wochen",
        MONTH: "mo month months monat monate monaten",
        YEAR: "y yr yrs year years jahr jahre jahren",
    }
)
FIXED_SPANS = {"viertelstunde": 15, "dreiviertelstunde": 45}
"""Minutes."""

NUMBERS = {
    word: number + 1
    for word, number in _by_word(
        "a an one ein eine einen einem einer",
        "two zwei",
        "three drei",
        "four vier",
        "five fuenf",
        "six sechs",
        "seven sieben",
        "eight acht",
        "nine neun",
        "ten zehn",
        "eleven elf",
        "twelve zwoelf",
    ).items()
}
HALF = frozenset(("half", "halbe", "halben", "halber"))
ONE_AND_A_HALF = frozenset(("anderthalb", "eineinhalb"))

NEXT = _set(
    "next coming naechste naechsten naechster naechstes naechstem "
    "kommende kommenden kommender kommendes kommendem"
)
AFTER_NEXT = _set("uebernaechste uebernaechsten uebernaechster uebernaechstes")
THIS = _set("this diese diesen dieser dieses diesem")

ENDS = _by_meaning(
    {
        DAY: "eod eob cob feierabend tagesende dienstschluss",
        WEEK: "eow wochenende weekend",
        MONTH: "eom monatsende",
        YEAR: "eoy jahresende",
    }
)
"""Words for the end of a day, a week, a month, a year."""

PERIODS = _by_meaning(
    {
        DAY: "day tag tages business",
        WEEK: "week woche",
        MONTH: "month monat monats",
        YEAR: "year jahr jahres",
    }
)
"""What has an end, and can be the next one."""

SPAN_OPENERS = _set("in within binnen innerhalb")
CLOCK_OPENERS = _set("at um gegen by bis ab")
ORDINALS = _set("st nd rd th")
ARTICLES = _set("the den der dem des")
FILLERS = ARTICLES | _set(
    "on at by in of before until till am an um bis gegen ab zum zur im von vom , . and und"
)
