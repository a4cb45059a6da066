"""Phrases of the job, English and German: each means what its writer means, or is refused.

Monday 23 November 2026, 09:12 in Berlin. What is right stands beside each: a day, a moment, a day
and a part of it (AM, NOON, PM, EVE), days from one to another, or either of two.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.human_dates import understand

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 9, 12, tzinfo=BERLIN)
TABLE = Path(__file__).parents[3] / "shared/cases/dates/phrases.tsv"

PARTS = {
    "AM": (time(6), time(12)),
    "NOON": (time(11, 30), time(14)),
    "PM": (time(12), time(18)),
    "EVE": (time(17), time(23, 59)),
}

RIGHT = {
    "2026-W49": "11-30..12-06",
    "2026-W49-3": "12-02",
    "20261224": "12-24",
    "20261224T1030": "12-24 10:30",
    "20261224T103000Z": "12-24 11:30",
    "end of next month": "12-31",
    "mid january": "2027-01-10..2027-01-20",
    "later today": "11-23",
    "tomorrow morning 8": "11-24 08:00",
    "in 10 business days": "12-07",
    "next workday": "11-24",
    "end of Q1": "2027-03-31",
    "Q2 2027": "2027-04-01..2027-06-30",
    "beginning of december": "12-01..12-04",
    "early next week": "11-30..12-01",
    "late next week": "12-03..12-06",
    "no later than friday": "11-27",
    "at the latest friday 12:00": "11-27 12:00",
    "friday at the latest": "11-27",
    "friday cob": "11-27 17:00",
    "by close of business tomorrow": "11-24 17:00",
    "COB thursday": "11-26 17:00",
    "before christmas": "12-23..12-24",
    "the day before christmas": "12-24",
    "3 days before christmas": "12-22",
    "two business days before friday": "11-25",
    "an hour before noon": "11-23 11:00",
    "day after christmas": "12-26",
    "friday week": "12-04",
    "monday week": "11-30|12-07",
    "first business day of december": "12-01",
    "last working day of the month": "11-30",
    "first working day of next month": "12-01",
    "2 days after friday": "11-29",
    "within 48 hours": "11-25 09:12",
    "this afternoon": "11-23 PM",
    "thursday afternoon around 3": "11-26 15:00",
    "thu 3pm sharp": "11-26 15:00",
    "heute in zwei Wochen": "12-07",
    "Montag in einer Woche": "11-30|12-07",
    "Dienstag in 14 Tagen": "12-08",
    "spätestens morgen Mittag": "11-24 NOON",
    "bis spätestens Freitag 12 Uhr": "11-27 12:00",
    "bis Ende der Woche": "11-27..11-29",
    "bis Ende nächster Woche": "12-04..12-06",
    "Ende KW 49": "12-04..12-06",
    "Anfang KW 50": "12-07",
    "KW50": "12-07..12-13",
    "KW 2": "2027-01-11..2027-01-17",
    "Kalenderwoche 50": "12-07..12-13",
    "Freitag KW 50": "12-11",
    "Anfang Dezember": "12-01..12-10",
    "bis Mitte Januar": "2027-01-10..2027-01-20",
    "zum Monatsende": "11-30",
    "zum Quartalsende": "12-31",
    "Q1 2027": "2027-01-01..2027-03-31",
    "1. Quartal 2027": "2027-01-01..2027-03-31",
    "nächster Werktag": "11-24",
    "in 5 Arbeitstagen": "11-30",
    "erster Werktag im Januar": "2027-01-01..2027-01-04",
    "letzter Werktag des Monats": "11-30",
    "am 1. des nächsten Monats": "12-01",
    "am letzten Freitag im Dezember": "12-25",
    "Heiligabend": "12-24",
    "Heilig Abend 14 Uhr": "12-24 14:00",
    "Ostermontag": "2027-03-29",
    "Pfingsten": "2027-05-16",
    "2. Weihnachtstag": "12-26",
    "vor Weihnachten": "12-23",
    "3 Tage vor Heiligabend": "12-21",
    "eine Stunde vor Feierabend": "11-23 16:00",
    "drei Tage nach Freitag": "11-30",
    "zwei Werktage vor Freitag": "11-25",
    "am Tag vor Heiligabend": "12-23",
    "Donnerstag gegen 14 Uhr": "11-26 14:00",
    "Freitag so gegen 15 Uhr": "11-27 15:00",
    "kommendes Wochenende": "11-28..11-29",
    "am Wochenende": "11-28..11-29",
    "24 Uhr": "11-24 00:00",
    "heute 24:00": "11-24 00:00",
    "dreiviertel 12": "11-23 11:45",
    "fünf nach zwölf": "11-23 12:05",
    "vierzehn Uhr dreißig": "11-23 14:30",
    "im Januar": "2027-01-01..2027-01-31",
    "übernächsten Dienstag": "12-01|12-08",
    "übernächster Monat": "2027-01-01..2027-01-31",
    "Mitte nächsten Monats": "12-10..12-20",
    "Ende Januar": "2027-01-31",
    "Ende 2027": "2027-12-31",
    "Jahresende": "12-31",
    "in anderthalb Jahren": "2028-05-23",
    "in 6 Wochen": "2027-01-04",
    "in zwei Tagen um 10 Uhr": "11-25 10:00",
    "heute 17 Uhr bitte": "11-23 17:00",
    "two days from now at noon": "11-25 12:00",
    "the day after christmas at 10am": "12-26 10:00",
    "at five in the afternoon": "11-23 17:00",
    "quarter after nine tomorrow": "11-24 09:15",
    "ten minutes to eleven": "11-23 10:50",
    "a quarter past noon": "11-23 12:15",
    "twenty to five": "11-23 16:40",
    "next week on tuesday": "12-01",
    "tuesday the week after next": "12-08",
    "the friday after next": "12-04|12-11",
    "the end of the week": "11-27..11-29",
    "mid next week": "12-02",
    "start of next month": "12-01..12-05",
    "end of the year": "12-31",
    "first day of next year": "2027-01-01",
    "30 days from today": "12-23",
    "one and a half hours from now": "11-23 10:42",
    "an hour and a half from now": "11-23 10:42",
    "half an hour later": "11-23 09:42",
    "two and a half hours": "11-23 11:42",
    "day after tomorrow morning": "11-25 AM",
    "friday the 27th": "11-27",
    "the 5th of next month": "12-05",
    "on december 5th at 3 in the afternoon": "12-05 15:00",
    "noon on friday": "11-27 12:00",
    "midday tomorrow": "11-24 12:00",
    "lunchtime friday": "11-27 NOON",
    "first thing in the morning": "11-24 AM",
    "end of business friday": "11-27 17:00",
    "by end of day friday": "11-27 17:00",
    "before end of day": "11-23 17:00",
    "in zwanzig Minuten": "11-23 09:32",
    "in einer Viertelstunde": "11-23 09:27",
    "in eineinhalb Stunden": "11-23 10:42",
    "in 2,5 Std": "11-23 11:42",
    "übermorgen Nachmittag um 4": "11-25 16:00",
    "Dienstagmorgen um acht": "11-24 08:00",
    "am Dienstag früh um halb neun": "11-24 08:30",
    "Freitag um Viertel vor zwölf": "11-27 11:45",
    "Freitag ab 10 Uhr": "11-27 10:00",
    "bis Freitagmittag": "11-27 NOON",
    "bis Freitag, 12 Uhr": "11-27 12:00",
    "noch diese Woche": "11-23..11-29",
    "bis Ende des Monats": "11-30",
    "Ende kommender Woche": "12-04..12-06",
    "Anfang nächsten Monats": "12-01..12-05",
    "Ende nächsten Jahres": "2027-12-31",
    "zum Jahresende": "12-31",
    "am 3. Advent": "12-13",
    "am ersten Weihnachtsfeiertag": "12-25",
    "an Neujahr": "2027-01-01",
    "an Silvester um 12 Uhr": "12-31 12:00",
    "am Nikolaustag": "12-06",
    "zu Ostern": "2027-03-26..2027-03-29",
    "Gründonnerstag": "2027-03-25",
    "Christi Himmelfahrt": "2027-05-06",
    "Rosenmontag": "2027-02-08",
    "den 1. Dezember": "12-01",
    "1. Dez. 26, 14:30 Uhr": "12-01 14:30",
    "01.12.26 um 14.30 Uhr": "12-01 14:30",
    "1.12. nachmittags": "12-01 PM",
    "am Ersten": "12-01",
    "am 1. des Monats": "12-01",
    "am zweiten Dienstag im Dezember": "12-08",
    "am dritten Mittwoch des nächsten Monats": "12-16",
    "vorletzter Freitag im Dezember": "12-18",
    "letzter Werktag im Dezember": "12-31",
    "in der 49. Kalenderwoche": "11-30..12-06",
    "KW 50/2026": "12-07..12-13",
    "Mitte KW 50": "12-09",
    "zweites Quartal 2027": "2027-04-01..2027-06-30",
    "Ende Q1 2027": "2027-03-31",
    "Mitte Q1": "2027-02-10..2027-02-20",
    "in 10 Werktagen": "12-07",
    "innerhalb von zwei Arbeitstagen": "11-25",
    "binnen 24 Stunden": "11-24 09:12",
    "innerhalb der nächsten 2 Tage": "11-25",
    "in spätestens 3 Tagen": "11-26",
    "spätestens in 3 Tagen": "11-26",
    "frühestens Montag": "11-23|11-30",
    "heute in 14 Tagen": "12-07",
    "Mittwoch in einer Woche": "12-02",
    "zwei Tage vor Silvester": "12-29",
    "10 Minuten vor 12": "11-23 11:50",
    "zehn vor zehn": "11-23 09:50",
    "zehn nach halb elf": "11-23 10:40",
    "12 Uhr mittags": "11-23 12:00",
    "0 Uhr": "11-24 00:00",
    "morgen 0 Uhr": "11-24 00:00",
    "23 Uhr 59": "11-23 23:59",
    "um eins": "11-23 13:00",
    "gegen Mittag": "11-23 NOON",
    "gegen Abend": "11-23 EVE",
    "am frühen Nachmittag": "11-23 PM",
    "am späten Vormittag": "11-23 AM",
    "vormittags um 10": "11-23 10:00",
    "morgen gegen Mittag": "11-24 NOON",
    "EOW": "11-27",
    "eob": "11-23 17:00",
    "by cob friday": "11-27 17:00",
    "no later than 5pm tomorrow": "11-24 17:00",
    "friday 5pm at the latest": "11-27 17:00",
    "thursday before noon": "11-26 12:00",
    "by noon on thursday": "11-26 12:00",
    "1/12/26": "12-01",
    "1.12.26": "12-01",
    "12/1/2027": "2027-01-12",
    "2027/01/12": "2027-01-12",
    "2026-12-01 9:30": "12-01 09:30",
    "2026-12-01T09:30:00.000+01:00": "12-01 09:30",
    "Tue, 01 Dec 2026 09:30:00 GMT": "12-01 10:30",
    "01-Dec-2026": "12-01",
    "Dec 01, 2026 2:30 PM": "12-01 14:30",
}

NO_DATE = [
    "tomorrow - 1.1.0001",  # of a range, one end of which the calendar does not have in each zone
    "1.1.0001 - morgen",
    "at at 14:00",
    "on on friday",
    "the the 3rd",
    "within the hour",
    "wed or thu",
    "fri 9-11",
    "so um 10",
    "Fr 10.12.",
    "morgen 14-16 Uhr",
    "viertel drei",
    "umgehend",
    "bald",
    "9h30",
    "1M",
    "in in 3 days",
    "bis 15",
    "morgen nicht",
    "Freitag oder Montag",
    "in the next few hours",
    "friday the 28th",
    "in under an hour",
    "less than 2 days",
    "at least 3 days",
    "more than a week",
    "Freitag kurz nach 10",
    "Freitag zwischen 10 und 12 Uhr",
    "nach den Feiertagen",
    "zwischen den Jahren",
    "eine Woche nach Weihnachten",
    "heute 0 Uhr",
    "mon-wed",
    "tuesday or wednesday",
    "2nd week of december",
    "second half of december",
    "Dec 1-3",
]


def meant(phrase: str) -> datetime | None:
    """What the phrase is understood as, on the clock of Berlin; None if it is refused."""
    try:
        return understand(phrase, MONDAY, BERLIN).astimezone(BERLIN)
    except NotUnderstood:
        return None


def fits(moment: datetime | None, right: str) -> bool:
    """Whether the moment is one of what is right; `R` is a refusal."""
    return any(_is(moment, each.strip()) for each in right.split("|"))


def _is(moment: datetime | None, right: str) -> bool:
    if moment is None or right == "R":
        return moment is None and right == "R"
    first, _, last = right.partition("..")
    day, _, at = first.partition(" ")
    if not at:
        return _day(day) <= moment.date() <= _day(last or day)
    begins, ends = PARTS.get(at) or (time.fromisoformat(at), time.fromisoformat(last or at))
    return moment.date() == _day(day) and begins <= moment.time() <= ends


def _day(text: str) -> date:
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


@pytest.mark.parametrize(("phrase", "right"), RIGHT.items())
def test_what_people_type_is_understood(phrase: str, right: str) -> None:
    moment = meant(phrase)
    assert fits(moment, right), moment


@pytest.mark.parametrize("phrase", NO_DATE)
def test_what_names_no_one_moment_is_refused(phrase: str) -> None:
    with pytest.raises(NotUnderstood, match=r"[.]$"):
        understand(phrase, MONDAY, BERLIN)


def test_of_the_phrases_collected_elsewhere_none_is_wrong_and_nearly_all_are_understood() -> None:
    if not TABLE.exists():
        pytest.skip("the table of phrases lies beside the project, and is not here")
    rows = [line.split("\t") for line in TABLE.read_text("utf-8").splitlines()[1:]]
    found = {phrase: (meant(phrase), right) for phrase, right, *_ in rows}
    missed = {phrase: at for phrase, (at, right) in found.items() if not fits(at, right)}
    assert {phrase: at for phrase, at in missed.items() if at is not None} == {}
    assert len(missed) <= 0.08 * len(found), missed


@pytest.mark.parametrize(
    ("phrase", "readings"),
    [
        # a date and a weekday that contradict each other
        ("Do 25.11.", "a Wed, not a Thu.*Wed 25 Nov 2026 or Thu 26 Nov 2026"),
        ("thu 25 nov", "Wed 25 Nov 2026 or Thu 26 Nov 2026"),
        ("Fr 10.12.", "Thu 10 Dec 2026 or Fri 11 Dec 2026"),
        ("Fr 20.11.", "past"),
        ("Sa 20.11.", "Fri 20 Nov 2026 is past, and Sat 20 Nov 2027 is nearly a year off"),
        ("in 3 days on friday", "Thu 26 Nov 2026 or Fri 27 Nov 2026"),
        ("tomorrow 27.11.", "Tue 24 Nov 2026 and Fri 27 Nov 2026"),
        # an hour that comes twice a day
        ("fri at 7", "07:00 or 19:00"),
        ("fri 4:00", "04:00 or 16:00"),
        ("Freitag 4 Uhr", "04:00 or 16:00"),
        ("halb acht", "07:30 or 19:30"),
        ("at 8", "08:00 or 20:00"),
        ("half three", "3:30 to some and 2:30"),
        ("viertel drei", "2:15 to some and 3:15"),
        ("friday midnight", "0:00 for the one, 24:00"),
        # two ends of a span of time, never an offset from UTC
        ("tomorrow 10:00-12:00", "tomorrow 10:00 and tomorrow 12:00"),
        ("fr 14 - 15 uhr", "Fri 27 Nov 14:00 and Fri 27 Nov 15:00"),
        ("morgen von 10 bis 12", "tomorrow 10:00 and tomorrow 12:00"),
        ("13. - 15. Dezember", "Sun 13 Dec 17:00 and Tue 15 Dec 17:00"),
        ("mon-wed", "today 17:00 and Wed 25 Nov 17:00"),
        ("KW 49/50", "Mon 30 Nov 17:00 and Mon 7 Dec 17:00"),
        ("2026-12-24 10:00-11:00", "a span of time or an offset"),
        ("5.1.2027 22:00-02:00", "a span of time or an offset"),
        ("2027-01-05 14:00-03:00", "a span of time or an offset"),
        # words with two meanings
        ("9h30", "a time of day or a length"),
        ("1M", "months or minutes"),
        ("in 1.30h", "90 or 78 minutes"),
        ("in 2,15 Stunden", "135 or 129 minutes"),
        ("1.2.3", "no date I know"),
        ("so um 10", "Sunday or “about”"),
        ("so 14 Uhr", "Sunday or “about”"),
        ("bis 15", "15:00 or the 15th"),
        ("bis Dezember", "before Tue 1 Dec 2026, or until Thu 31 Dec 2026"),
        ("next weekend", "Sat 28 Nov 2026 or of Sat 5 Dec 2026"),
        ("next december", "2026 or of 2027"),
        ("eine Woche vor Weihnachten", "Thu 24 Dec 2026 or from Sat 26 Dec 2026"),
        ("heute Nacht", "two days"),
        ("after monday before friday", "no date I know|two days|both after and before"),
    ],
)
def test_what_two_people_read_in_two_ways_is_refused_with_both(phrase: str, readings: str) -> None:
    with pytest.raises(NotUnderstood, match=readings):
        understand(phrase, MONDAY, BERLIN)


@given(
    day=st.dates(date(2026, 11, 24), date(2027, 9, 20)), weekday=st.integers(0, 6), en=st.booleans()
)
def test_a_weekday_beside_a_date_is_the_dates_own(day: date, weekday: int, en: bool) -> None:
    name = (("Mo", "Mon"), ("Di", "Tue"), ("Mi", "Wed"), ("Do", "Thu"), ("Fr", "Fri"),
            ("Sa", "Sat"), ("So.", "Sun"))[weekday][en]  # fmt: skip
    moment = meant(f"{name} {day.day}.{day.month}.")
    assert (moment is None) == (day.weekday() != weekday)
    assert moment is None or moment.date() == day


@given(day=st.dates(date(2026, 11, 24), date(2070, 1, 1)), first=st.booleans())
def test_iso_dates_mean_what_the_standard_says_whatever_comes_first(day: date, first: bool) -> None:
    week = day.isocalendar()
    for words in (
        f"{day:%Y%m%d}",
        f"{day:%Y%m%d} 0915",
        f"{day:%Y%m%dT%H%M}",
        f"{day:%Y-%m-%d}; 10:15",
        f"{day:%Y %m %d}",
        f"{week.year}-W{week.week:02}-{week.weekday}",
    ):
        moment = understand(words, MONDAY, BERLIN, day_first=first)
        assert moment.astimezone(BERLIN).date() == day, words


@given(days=st.integers(1, 60), name=st.sampled_from(["mon", "Dienstag", "wed", "Do", "fri"]))
def test_days_before_a_day_are_counted_from_it(days: int, name: str) -> None:
    there, before = meant(name), meant(f"{days} days before {name}")
    assert there is not None
    wanted = there.date() - timedelta(days=days)
    assert before is None or before.date() == wanted
    assert (before is None) == (wanted < MONDAY.date())


def test_before_a_day_is_the_business_day_before_it() -> None:
    assert fits(meant("before friday"), "11-26 17:00")
    assert fits(meant("vor Montag"), "11-27 17:00")
    assert fits(meant("before friday 14:00"), "11-27 14:00")


@pytest.mark.parametrize(
    ("day", "phrase"),
    [
        ("2026-11-28 14:00", "KW 48"),
        ("2026-11-29 14:00", "week 48"),
        ("2026-11-30 18:00", "november"),
        ("2026-11-23 09:12", "mid november"),
        ("2026-12-31 18:00", "Q4"),
        ("2026-12-31 18:00", "Silvester"),
        ("2026-12-24 18:00", "Heiligabend"),
    ],
)
def test_what_is_over_today_is_not_taken_for_next_years(day: str, phrase: str) -> None:
    now = datetime.fromisoformat(day).replace(tzinfo=BERLIN)
    with pytest.raises(NotUnderstood, match="is past"):
        understand(phrase, now, BERLIN)


@pytest.mark.parametrize("phrase", ["tomorrow 24.11.", "morgen, 24.11., 17 Uhr"])
def test_a_day_said_twice_is_that_day(phrase: str) -> None:
    assert meant(phrase) == datetime(2026, 11, 24, 17, tzinfo=BERLIN)


@pytest.mark.parametrize(
    "phrase", ["tonight 9am", "9am tonight", "tomorrow evening at 8am", "friday afternoon 3 a.m."]
)
def test_before_noon_is_not_moved_behind_it_by_a_part_of_the_day(phrase: str) -> None:
    assert meant(phrase) is None


@pytest.mark.parametrize("phrase", ["an Werktagen", "weekends", "an Wochenenden"])
def test_what_is_more_than_one_day_is_not_its_first(phrase: str) -> None:
    assert meant(phrase) is None


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("2026-12-24 08:00:61", "no 8:00:61 on a clock"),
        ("in 99999999 days", "no date I know"),
        ("bis 2", "the 2nd of a month"),
    ],
)
def test_a_refusal_says_what_was_typed(phrase: str, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        understand(phrase, MONDAY, BERLIN)
