"""What a person types as a date is understood as they mean it, or refused with a reason."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as date_words
from poc_tui.rules.dates.format import ago, say, short_span, span
from poc_tui.rules.dates.human_dates import understand
from poc_tui.rules.time_source import SystemZone

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 11, 23, 9, 12, tzinfo=BERLIN)

# Monday 23 November 2026, 09:12; in winter until 28 March 2027. The day ends at 17:00.
UNDERSTOOD = {
    # names of days
    "today": "2026-11-23 17:00",
    "heute": "2026-11-23 17:00",
    "TODAY": "2026-11-23 17:00",
    "tomorrow": "2026-11-24 17:00",
    "morgen": "2026-11-24 17:00",
    "day after tomorrow": "2026-11-25 17:00",
    "the day after tomorrow": "2026-11-25 17:00",
    "übermorgen": "2026-11-25 17:00",
    "uebermorgen": "2026-11-25 17:00",
    "now": "2026-11-23 09:12",
    "jetzt": "2026-11-23 09:12",
    # weekdays: the next such day
    "fri": "2026-11-27 17:00",
    "Friday": "2026-11-27 17:00",
    "freitag": "2026-11-27 17:00",
    "fr": "2026-11-27 17:00",
    "Fr.": "2026-11-27 17:00",
    "tue": "2026-11-24 17:00",
    "Di": "2026-11-24 17:00",
    "mittwoch": "2026-11-25 17:00",
    "thurs": "2026-11-26 17:00",
    "do": "2026-11-26 17:00",
    "sonnabend": "2026-11-28 17:00",
    "so": "2026-11-29 17:00",
    "on friday": "2026-11-27 17:00",
    "am Freitag": "2026-11-27 17:00",
    "bis Freitag": "2026-11-27 17:00",
    "by fri": "2026-11-27 17:00",
    "mon": "2026-11-23 17:00",
    "monday 9:00": "2026-11-30 09:00",
    "mon 10:00": "2026-11-23 10:00",
    "next monday": "2026-11-30 17:00",
    "next friday": "2026-11-27 17:00",
    "nächsten Freitag": "2026-11-27 17:00",
    "naechsten freitag": "2026-11-27 17:00",
    "kommenden Freitag": "2026-11-27 17:00",
    "this friday": "2026-11-27 17:00",
    "diesen Freitag 10 Uhr": "2026-11-27 10:00",
    # weeks and months
    "next week": "2026-11-30 17:00",
    "nächste Woche": "2026-11-30 17:00",
    "naechste woche": "2026-11-30 17:00",
    "friday next week": "2026-12-04 17:00",
    "next week friday": "2026-12-04 17:00",
    "nächste Woche Freitag 11:00": "2026-12-04 11:00",
    "week after next": "2026-12-07 17:00",
    "übernächste Woche": "2026-12-07 17:00",
    "this week": "2026-11-27 17:00",
    "next month": "2026-12-01 17:00",
    "nächsten Monat": "2026-12-01 17:00",
    "end of week": "2026-11-27 17:00",
    "end of the week": "2026-11-27 17:00",
    "eow": "2026-11-27 17:00",
    "Ende der Woche": "2026-11-27 17:00",
    "wochenende": "2026-11-28 17:00",
    "Ende nächster Woche": "2026-12-04 17:00",
    "end of month": "2026-11-30 17:00",
    "end of the month": "2026-11-30 17:00",
    "eom": "2026-11-30 17:00",
    "Monatsende": "2026-11-30 17:00",
    "Ende des Monats": "2026-11-30 17:00",
    "end of next month": "2026-12-31 17:00",
    "end of january": "2027-01-31 17:00",
    "Ende Februar 2028": "2028-02-29 17:00",
    "end of year": "2026-12-31 17:00",
    "Jahresende": "2026-12-31 17:00",
    # spans: days end with business, hours are exact
    "in 3 days": "2026-11-26 17:00",
    "in 3 Tagen": "2026-11-26 17:00",
    "in drei Tagen": "2026-11-26 17:00",
    "+3d": "2026-11-26 17:00",
    "in 3 days at 10:00": "2026-11-26 10:00",
    "in 2 weeks": "2026-12-07 17:00",
    "in 2 Wochen": "2026-12-07 17:00",
    "+2w": "2026-12-07 17:00",
    "in a week": "2026-11-30 17:00",
    "in einer Woche": "2026-11-30 17:00",
    "in a month": "2026-12-23 17:00",
    "in 3 Monaten": "2027-02-23 17:00",
    "in an hour": "2026-11-23 10:12",
    "in einer Stunde": "2026-11-23 10:12",
    "in half an hour": "2026-11-23 09:42",
    "in einer halben Stunde": "2026-11-23 09:42",
    "in einer Viertelstunde": "2026-11-23 09:27",
    "in anderthalb Stunden": "2026-11-23 10:42",
    "in 1.5 hours": "2026-11-23 10:42",
    "in 1,5 Stunden": "2026-11-23 10:42",
    "in 3 hours": "2026-11-23 12:12",
    "in 20 minutes": "2026-11-23 09:32",
    "in 20 Minuten": "2026-11-23 09:32",
    "+2h": "2026-11-23 11:12",
    "+30m": "2026-11-23 09:42",
    "+1h30m": "2026-11-23 10:42",
    "+1h30": "2026-11-23 10:42",
    "1 hour and 5 minutes": "2026-11-23 10:17",
    "2h": "2026-11-23 11:12",
    "48h": "2026-11-25 09:12",
    "+0m": "2026-11-23 09:12",
    "+14h": "2026-11-23 23:12",
    "+1d2h": "2026-11-24 11:12",
    "within 2 hours": "2026-11-23 11:12",
    # ends and parts of a day
    "eod": "2026-11-23 17:00",
    "end of day": "2026-11-23 17:00",
    "end of the day": "2026-11-23 17:00",
    "close of business": "2026-11-23 17:00",
    "Feierabend": "2026-11-23 17:00",
    "tomorrow eod": "2026-11-24 17:00",
    "noon": "2026-11-23 12:00",
    "mittag": "2026-11-23 12:00",
    "tomorrow noon": "2026-11-24 12:00",
    "in the morning": "2026-11-24 09:00",
    "am Morgen": "2026-11-24 09:00",
    "this afternoon": "2026-11-23 15:00",
    "tonight": "2026-11-23 19:00",
    "heute Abend": "2026-11-23 19:00",
    "tomorrow morning": "2026-11-24 09:00",
    "morgen früh": "2026-11-24 09:00",
    "morgen frueh um 8": "2026-11-24 08:00",
    "morgen Nachmittag": "2026-11-24 15:00",
    "fri afternoon": "2026-11-27 15:00",
    "Freitagnachmittag": "2026-11-27 15:00",
    "Freitag Morgen": "2026-11-27 09:00",
    "Freitagmorgen": "2026-11-27 09:00",
    "8 Uhr abends": "2026-11-23 20:00",
    "fri 2 in the afternoon": "2026-11-27 14:00",
    # times: today if still ahead, else tomorrow
    "14:00": "2026-11-23 14:00",
    "9:12": "2026-11-23 09:12",
    "9:11": "2026-11-24 09:11",
    "14h": "2026-11-23 14:00",
    "14h30": "2026-11-23 14:30",
    "14 Uhr": "2026-11-23 14:00",
    "14 Uhr 30": "2026-11-23 14:30",
    "um 14 Uhr": "2026-11-23 14:00",
    "um 14": "2026-11-23 14:00",
    "9:30": "2026-11-23 09:30",
    "9.30 uhr": "2026-11-23 09:30",
    "um 9.30": "2026-11-23 09:30",
    "2pm": "2026-11-23 14:00",
    "2:30 pm": "2026-11-23 14:30",
    "at 2pm": "2026-11-23 14:00",
    "2 p.m.": "2026-11-23 14:00",
    "12pm": "2026-11-23 12:00",
    "12am": "2026-11-24 00:00",
    "10 o'clock": "2026-11-23 10:00",
    "today 14:00": "2026-11-23 14:00",
    "tomorrow 14:00": "2026-11-24 14:00",
    "tomorrow at 9": "2026-11-24 09:00",
    "14:00 tomorrow": "2026-11-24 14:00",
    "fri14": "2026-11-27 14:00",
    "fri14:30": "2026-11-27 14:30",
    "fri 14:00": "2026-11-27 14:00",
    "fri at 2pm": "2026-11-27 14:00",
    "mi9": "2026-11-25 09:00",
    "freitag 14:00": "2026-11-27 14:00",
    "Freitag, 14 Uhr": "2026-11-27 14:00",
    "Freitag um 9.30": "2026-11-27 09:30",
    "um 14 Uhr am Freitag": "2026-11-27 14:00",
    # dates: the day first, the year that is ahead
    "27.11.": "2026-11-27 17:00",
    "27.11": "2026-11-27 17:00",
    "am 27.11.": "2026-11-27 17:00",
    "27.11.26": "2026-11-27 17:00",
    "27.11.2026": "2026-11-27 17:00",
    "27. 11. 2026": "2026-11-27 17:00",
    "27.11.26 9:30": "2026-11-27 09:30",
    "27.11.2026 9:30": "2026-11-27 09:30",
    "27.11. 9:30": "2026-11-27 09:30",
    "27.11. 14 Uhr": "2026-11-27 14:00",
    "27.11., 9.30 Uhr": "2026-11-27 09:30",
    "Fr 27.11.": "2026-11-27 17:00",
    "Fr., 27.11.2026, 14:00 Uhr": "2026-11-27 14:00",
    "23.11.": "2026-11-23 17:00",
    "22.11.": "2027-11-22 17:00",
    "1.3.": "2027-03-01 17:00",
    "27/11": "2026-11-27 17:00",
    "27/11/2026": "2026-11-27 17:00",
    "3/12": "2026-12-03 17:00",
    "27-11-2026": "2026-11-27 17:00",
    "2026-11-27": "2026-11-27 17:00",
    "2026/11/27": "2026-11-27 17:00",
    "2026-11-27 14:00": "2026-11-27 14:00",
    "2026-11-27T14:00": "2026-11-27 14:00",
    "2026-11-27T14:00:30": "2026-11-27 14:00:30",
    "2026-11-27T14:00:00.250Z": "2026-11-27 15:00",
    "2026-11-27T14:00Z": "2026-11-27 15:00",
    "2026-11-27T14:00+01:00": "2026-11-27 14:00",
    "2026-11-27 14:00 -0500": "2026-11-27 20:00",
    "27 Nov": "2026-11-27 17:00",
    "Nov 27": "2026-11-27 17:00",
    "27. November": "2026-11-27 17:00",
    "27th of November": "2026-11-27 17:00",
    "november 27th, 2026": "2026-11-27 17:00",
    "27 november 2026 14:00": "2026-11-27 14:00",
    "Fri 27 Nov 14:00": "2026-11-27 14:00",
    "1 Nov": "2027-11-01 17:00",
    "3. März": "2027-03-03 17:00",
    "3 maerz 27": "2027-03-03 17:00",
    "24. Dez. 12 Uhr": "2026-12-24 12:00",
    "on the 27th": "2026-11-27 17:00",
    "am 27.": "2026-11-27 17:00",
    "the 1st": "2026-12-01 17:00",
    "the 31st": "2026-12-31 17:00",
    "29 Feb 2028": "2028-02-29 17:00",
    # as other programs write dates
    "20261127T1400": "2026-11-27 14:00",
    "27-Nov-2026": "2026-11-27 17:00",
    "Fri, 27 Nov 2026 14:00:00 +0000": "2026-11-27 15:00",
}


def local(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(("phrase", "meant"), UNDERSTOOD.items())
def test_a_phrase_means_what_a_person_means(phrase: str, meant: str) -> None:
    moment = understand(phrase, MONDAY, BERLIN)
    assert moment.astimezone(BERLIN) == local(meant)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        " ",
        "soon",
        "at",
        "14",
        "26",
        "25:00",
        "9:75",
        "14 Uhr 75",
        "eod 14:00",
        "14:00 eod",
        "fri 24",
        "tomorrow fri",
        "tomorrow 27.11.",
        "fri sat",
        "14:00 15:00",
        "tomorrow +2h",
        "+2",
        "+",
        "in 2.5 days",
        "30.2.",
        "31.11.",
        "27.13.",
        "11/27",
        "0.1.",
        "32nd",
        "2026",
        "2026-13-01",
        "Thu 27 Nov",
        "friday morning 14:00",
        "29.2.",
        "29 Feb 2027",
        "2026-11-27T14:00+25:00",
        "27 Nov 2026 14:00 CET",
        "+9999d +9999w +9999y",
        "1.1.9999",
        "27.11.2126",
        "+99999999999999999999d",
        "²:00",
        "٣ days",
        "fri" * 100,
        "1 2 3",
        "call them back",
    ],
)
def test_what_is_no_date_is_refused_with_a_sentence(phrase: str) -> None:
    with pytest.raises(NotUnderstood, match=r"\.$"):
        understand(phrase, MONDAY, BERLIN)


@pytest.mark.parametrize(
    ("phrase", "means"),
    [
        ("yesterday", "yesterday 17:00"),
        ("gestern 14:00", "yesterday 14:00"),
        ("today 9:00", "today 09:00"),
        ("20.11.26", "Fri 20 Nov 17:00"),
        ("2025-11-27", "Thu 27 Nov 2025 17:00"),
        ("27.11.2025 9:30", "Thu 27 Nov 2025 09:30"),
    ],
)
def test_a_past_date_is_refused_and_said_as_understood(phrase: str, means: str) -> None:
    with pytest.raises(NotUnderstood, match=f"is past: it means {means}"):
        understand(phrase, MONDAY, BERLIN)


def test_todays_date_is_past_after_closing_and_not_next_years() -> None:
    with pytest.raises(NotUnderstood, match="is past: it means today 17:00"):
        understand("23.11.", MONDAY.replace(hour=18), BERLIN)


def test_a_past_date_can_be_asked_for() -> None:
    moment = understand("gestern 14:00", MONDAY, BERLIN, future=False)
    assert moment == local("2026-11-22 14:00")
    assert understand("20.11.", MONDAY, BERLIN, future=False) == local("2026-11-20 17:00")
    assert understand("8:00", MONDAY, BERLIN, future=False) == local("2026-11-23 08:00")


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("29.2.", "29 February in 2027.*29.02.2028"),
        ("Thu 27 Nov", "27 Nov 2026 is a Fri, not a Thu"),
        ("30.2.", "no day 30 in month 2"),
        ("11/27", "no month 27.*day first"),
        ("soon", "tomorrow 14:00"),
        ("a\x1b[31m", "'a' is no date"),
    ],
)
def test_the_refusal_says_what_is_wrong(phrase: str, words: str) -> None:
    with pytest.raises(NotUnderstood, match=words):
        understand(phrase, MONDAY, BERLIN)


def test_the_month_comes_first_where_it_does() -> None:
    assert understand("11/27", MONDAY, BERLIN, day_first=False) == local("2026-11-27 17:00")
    assert understand("12/3", MONDAY, BERLIN, day_first=False) == local("2026-12-03 17:00")
    assert understand("27.11.", MONDAY, BERLIN, day_first=False) == local("2026-11-27 17:00")
    with pytest.raises(NotUnderstood, match="month first"):
        understand("27/11", MONDAY, BERLIN, day_first=False)


def test_the_day_ends_when_business_does() -> None:
    ends = time(18, 30)
    assert understand("tomorrow", MONDAY, BERLIN, day_ends=ends) == local("2026-11-24 18:30")
    assert understand("eod", MONDAY, BERLIN, day_ends=ends) == local("2026-11-23 18:30")


@pytest.mark.parametrize(
    ("now", "phrase", "meant"),
    [
        # after closing on a Friday
        ("2026-11-27 18:00", "fri", "2026-12-04 17:00"),
        ("2026-11-27 18:00", "eow", "2026-12-04 17:00"),
        ("2026-11-28 10:00", "end of week", "2026-12-04 17:00"),
        ("2026-11-27 18:00", "fri 19:00", "2026-11-27 19:00"),
        ("2026-11-30 18:00", "eom", "2026-12-31 17:00"),
        # across the end of a year
        ("2026-12-31 10:00", "tomorrow", "2027-01-01 17:00"),
        ("2026-12-31 10:00", "in 3 days", "2027-01-03 17:00"),
        ("2026-12-31 10:00", "1.1.", "2027-01-01 17:00"),
        ("2026-12-31 10:00", "31.12.", "2026-12-31 17:00"),
        ("2026-12-31 10:00", "next month", "2027-01-01 17:00"),
        ("2026-12-31 10:00", "fri", "2027-01-01 17:00"),
        ("2026-12-31 10:00", "next week", "2027-01-04 17:00"),
        ("2026-12-31 23:30", "+1h", "2027-01-01 00:30"),
        ("2026-12-31 23:30", "in the morning", "2027-01-01 09:00"),
        ("2026-12-31 10:00", "the 30th", "2027-01-30 17:00"),
        ("2027-01-30 10:00", "in a month", "2027-02-28 17:00"),
        ("2027-01-30 10:00", "the 29th", "2027-03-29 17:00"),
        ("2027-12-30 10:00", "29.2.", "2028-02-29 17:00"),
        ("2028-02-29 10:00", "29 Feb", "2028-02-29 17:00"),
        ("2028-02-29 10:00", "in 1 year", "2029-02-28 17:00"),
    ],
)
def test_the_next_one_is_meant(now: str, phrase: str, meant: str) -> None:
    assert understand(phrase, local(now), BERLIN) == local(meant)


@pytest.mark.parametrize(
    ("zone", "now", "phrase", "meant"),
    [
        # Berlin, 29 March 2026: 02:00 becomes 03:00
        (BERLIN, "2026-03-28T12:00Z", "tomorrow 01:59", "2026-03-29T00:59Z"),
        (BERLIN, "2026-03-28T12:00Z", "tomorrow 02:30", "2026-03-29T01:30Z"),
        (BERLIN, "2026-03-28T12:00Z", "tomorrow 03:00", "2026-03-29T01:00Z"),
        (BERLIN, "2026-03-28T12:00Z", "tomorrow", "2026-03-29T15:00Z"),
        (BERLIN, "2026-03-28T12:00Z", "in 2 days", "2026-03-30T15:00Z"),
        (BERLIN, "2026-03-29T00:30Z", "+2h", "2026-03-29T02:30Z"),
        (BERLIN, "2026-03-28T12:00Z", "+24h", "2026-03-29T12:00Z"),
        (BERLIN, "2026-03-28T12:00Z", "+1d1h", "2026-03-29T12:00Z"),
        # Berlin, 25 October 2026: 03:00 becomes 02:00
        (BERLIN, "2026-10-24T12:00Z", "tomorrow 02:30", "2026-10-25T00:30Z"),
        (BERLIN, "2026-10-24T12:00Z", "tomorrow 03:00", "2026-10-25T02:00Z"),
        (BERLIN, "2026-10-24T12:00Z", "tomorrow", "2026-10-25T16:00Z"),
        (BERLIN, "2026-10-25T00:30Z", "+2h", "2026-10-25T02:30Z"),
        (BERLIN, "2026-10-25T00:30Z", "02:45", "2026-10-25T00:45Z"),
        # New York, 8 March and 1 November 2026
        (NEW_YORK, "2026-03-07T12:00Z", "tomorrow 02:30", "2026-03-08T07:30Z"),
        (NEW_YORK, "2026-03-07T12:00Z", "tomorrow", "2026-03-08T21:00Z"),
        (NEW_YORK, "2026-10-31T12:00Z", "tomorrow 01:30", "2026-11-01T05:30Z"),
        (NEW_YORK, "2026-11-01T05:30Z", "+1h", "2026-11-01T06:30Z"),
        # the day is the person's, not Greenwich's
        (NEW_YORK, "2026-11-24T02:00Z", "tomorrow 9:00", "2026-11-24T14:00Z"),
        (BERLIN, "2026-11-23T23:30Z", "today 9:00", "2026-11-24T08:00Z"),
    ],
)
def test_wall_clocks_change(zone: ZoneInfo, now: str, phrase: str, meant: str) -> None:
    moment = understand(phrase, datetime.fromisoformat(now), zone)
    assert moment == datetime.fromisoformat(meant)


def test_the_zone_of_the_computer_serves_as_well() -> None:
    now = MONDAY.astimezone(SystemZone())
    assert understand("tomorrow 14:00", now, SystemZone()).astimezone(SystemZone()).hour == 14


def test_seconds_of_now_are_whole() -> None:
    moment = understand("+2h", MONDAY.replace(microsecond=999_999), BERLIN)
    assert moment == local("2026-11-23 11:12")


TABLES = """
    WEEKDAYS MONTHS DAYS NOW PARTS UNITS WORKDAYS FIXED_SPANS A AND_A_HALF HALF LAST NEXT AFTER_NEXT
    THIS ENDS STARTS MIDDLES PERIODS EDGES BOUNDS PLACES HEDGES ORDINALS
"""
SIGNS = """
    end week after next z t - : / + . , 2026 9999 0 00 31 29 2 49 14 4 1030 20261127 12:00 24:00 kw
    q w halb viertel vor nach half past to advent easter weihnachten christmas new years eve first
    dritte zwanzig one twenty M h uhr am pm oclock midnight tonight ago between and or so 27.11.
"""
VOCABULARY = sorted({word for table in TABLES.split() for word in getattr(date_words, table)})
VOCABULARY += SIGNS.split()
PHRASES = st.lists(
    st.tuples(
        st.sampled_from(VOCABULARY) | st.integers(0, 99).map(str), st.sampled_from(["", " "])
    ),
    max_size=8,
).map(lambda parts: "".join(word + gap for word, gap in parts))


@given(phrase=st.text(max_size=120) | PHRASES, future=st.booleans(), day_first=st.booleans())
def test_no_text_whatsoever_breaks_it(phrase: str, future: bool, day_first: bool) -> None:
    refusal = ""
    moment = MONDAY.astimezone(UTC)
    try:
        moment = understand(phrase, MONDAY, BERLIN, future=future, day_first=day_first)
    except NotUnderstood as refused:
        refusal = str(refused)
    assert moment.tzinfo is UTC
    assert moment.microsecond == 0
    assert moment >= MONDAY or not future
    assert refusal.isprintable()
    assert len(refusal) < 200


@given(
    seconds=st.integers(0, 40 * 365 * 86400),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)),  # noqa: DTZ001
)
def test_what_is_said_is_understood_again(seconds: int, now: datetime) -> None:
    now = now.replace(tzinfo=UTC)
    moment = (now + timedelta(seconds=seconds)).replace(second=0, microsecond=0)
    said = say(moment, now, UTC)
    assert understand(said, now, UTC, future=False) == moment


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-23 14:00", "today 14:00"),
        ("2026-11-24 09:30", "tomorrow 09:30"),
        ("2026-11-22 23:59", "yesterday 23:59"),
        ("2026-11-27 14:00", "Fri 27 Nov 14:00"),
        ("2026-03-01 00:00", "Sun 1 Mar 00:00"),
        ("2027-11-27 14:00", "Sat 27 Nov 2027 14:00"),
        ("2025-11-27 14:00", "Thu 27 Nov 2025 14:00"),
    ],
)
def test_a_moment_is_said_without_doubt(moment: str, said: str) -> None:
    assert say(local(moment).astimezone(UTC), MONDAY.astimezone(UTC), BERLIN) == said


@pytest.mark.parametrize(
    ("length", "spelled", "short"),
    [
        (timedelta(seconds=0), "<1 min", "<1m"),
        (timedelta(seconds=59), "<1 min", "<1m"),
        (timedelta(minutes=20, seconds=59), "20 min", "20m"),
        (timedelta(minutes=59), "59 min", "59m"),
        (timedelta(hours=2), "2 h", "2h"),
        (timedelta(hours=47), "47 h", "47h"),
        (timedelta(days=3), "3 d", "3d"),
        (timedelta(days=13, hours=23), "13 d", "13d"),
        (timedelta(weeks=2), "2 w", "2w"),
        (timedelta(days=729), "104 w", "104w"),
        (timedelta(days=800), "2 y", "2y"),
        (timedelta(hours=-2), "2 h", "2h"),
    ],
)
def test_a_length_of_time_fits_a_label_and_a_column(
    length: timedelta, spelled: str, short: str
) -> None:
    assert (span(length), short_span(length)) == (spelled, short)


def test_how_long_ago() -> None:
    assert ago(MONDAY - timedelta(minutes=20), MONDAY) == "20 min ago"
    assert ago(MONDAY + timedelta(hours=2), MONDAY) == "in 2 h"
    assert ago(MONDAY - timedelta(seconds=30), MONDAY) == "just now"


def test_the_quick_lane_pays_little_for_dates() -> None:
    heavy = ["re", "typing", "dataclasses", "enum", "calendar", "dateutil", "zoneinfo"]
    code = (
        "import sys; before = set(sys.modules); import poc_tui.rules.dates.human_dates, "
        "poc_tui.rules.text;"
        f"print(sorted(set({heavy}) & (set(sys.modules) - before)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
