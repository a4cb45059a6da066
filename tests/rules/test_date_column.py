"""A column of dates is read one way: what its values prove, or what a person said."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.columns import DateColumn, DateOrder, DateReader, decide_all
from poc_tui.rules.dates.stamps import read

BERLIN = ZoneInfo("Europe/Berlin")


def column(*values: str, name: str = "received") -> DateColumn:
    """A column with these values, from line 2 on."""
    found = DateColumn(name)
    for line, words in enumerate(values, 2):
        found.note(words, line)
    return found


def days(*values: str, said: DateOrder | None = None, usual: DateOrder | None = None) -> list[str]:
    """The days that these values of one column are, `refused` for one that contradicts it."""
    (reader,), _ = decide_all([column(*values)], said, usual)
    found = []
    for words in values:
        try:
            found.append(reader.moment(words, UTC, time()).date().isoformat())
        except NotUnderstood:
            found.append("refused")
    return found


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        # ISO 8601: extended, basic, week and ordinal dates
        ("2026-11-05", "2026-11-05T00:00+01:00"),
        ("20261105", "2026-11-05T00:00+01:00"),
        ("20270105", "2027-01-05T00:00+01:00"),
        ("20261105T101500Z", "2026-11-05T10:15+00:00"),
        ("20261105 1015", "2026-11-05T10:15+01:00"),
        ("20261105 10:15", "2026-11-05T10:15+01:00"),
        ("20261105101530", "2026-11-05T10:15:30+01:00"),
        ("2026 11 05", "2026-11-05T00:00+01:00"),
        ("2026/11/05 9:05", "2026-11-05T09:05+01:00"),
        ("2026.11.05", "2026-11-05T00:00+01:00"),
        ("2026-11-05; 10:15", "2026-11-05T10:15+01:00"),
        ("2026-11-05T10:15", "2026-11-05T10:15+01:00"),
        ("2026-11-05T10:15:00.123456+02:00", "2026-11-05T10:15+02:00"),
        ("2026-11-05T10:15:00.000+0000", "2026-11-05T10:15+00:00"),
        ("2026-11-05T24:00:00", "2026-11-06T00:00+01:00"),
        ("2016-04-28T11:19:34 -10:00", "2016-04-28T11:19:34-10:00"),
        ("2026-W45-4", "2026-11-05T00:00+01:00"),
        ("2026W454", "2026-11-05T00:00+01:00"),
        ("2026-309", "2026-11-05T00:00+01:00"),
        ("2026-11-05 10:15:00 UTC", "2026-11-05T10:15+00:00"),
        ("2026-11-05 10:15 MEZ", "2026-11-05T10:15+01:00"),
        ("2026-07-05 10:15", "2026-07-05T10:15+02:00"),
        # the month by its name, as mail, ctime, JavaScript, Jira, Notion and Excel write it
        ("Thu, 05 Nov 2026 10:15:00 +0100", "2026-11-05T10:15+01:00"),
        ("Mon Nov 23 09:12:00 2026", "2026-11-23T09:12+01:00"),
        ("Thu Nov 05 2026 10:15:00 GMT+0100 (Central European Time)", "2026-11-05T10:15+01:00"),
        ("15/Feb/26 4:37 PM", "2026-02-15T16:37+01:00"),
        ("18/jul/26 12:05 AM", "2026-07-18T00:05+02:00"),
        ("July 13, 2022 8:54 AM", "2022-07-13T08:54+02:00"),
        ("5. November 2026, 10:15 Uhr", "2026-11-05T10:15+01:00"),
        ("5. März 2026", "2026-03-05T00:00+01:00"),
        ("05-Dez-2026", "2026-12-05T00:00+01:00"),
        # numbers
        ("1762334100", "2025-11-05T09:15+00:00"),
        ("1762334100413", "2025-11-05T09:15+00:00"),
        ("46331", "2026-11-05T00:00+01:00"),
        ("46331,5", "2026-11-05T12:00+01:00"),
        # a day above 12
        ("13.11.2026 10:15", "2026-11-13T10:15+01:00"),
        ("Fr, 13.11.26", "2026-11-13T00:00+01:00"),
        ("13112026", "2026-11-13T00:00+01:00"),
        ("11/13/2026, 12:51:40 PM GMT+5:30", "2026-11-13T12:51:40+05:30"),
    ],
)
def test_a_date_as_a_program_writes_it(words: str, moment: str) -> None:
    (reader,), _ = decide_all([column(words)], None, None)
    assert reader.moment(words, BERLIN, time()) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "words",
    [
        "2026-02-30", "31.04.2026", "2026-13-01", "2026-11-05 25:00", "13/13/2026", "00.11.2026",
        "05/11/2026 13:00 PM", "2026-W54-1", "2026-366", "2026-11-05 10:15 +15:00",
        "tomorrow", "fri 14", "27.11.", "11/2026", "13:30", "soonish", "", "-", "2026", "061126",
        "2026-11-05 10:15 EST", "2026-11-05 10:15 IST", "2026-11-05 10:15 CET+2",
        "2026-11-05 10:00-12:00", "2026-11-05 bis 2026-11-07", "2026110510", "2026-11-05 10",
        "Mon, 05 Nov 2026 10:15:00 +0100", "2026-11-05" + "x" * 5000, "9" * 5000,
        "0001-01-01T00:00:00+14:00",
    ],
)  # fmt: skip
def test_what_is_no_date_or_could_be_two_is_refused(words: str) -> None:
    (reader,), _ = decide_all([column(words)], None, None)
    with pytest.raises(NotUnderstood):
        reader.moment(words, BERLIN, time())


@pytest.mark.parametrize(
    ("values", "read_as"),
    [
        # month first, proved by the second
        (("11/05/2026", "11/13/2026"), ["2026-11-05", "2026-11-13"]),
        (("05/11/2026", "13/11/2026"), ["2026-11-05", "2026-11-13"]),
        (("05-11-2026", "11-13-2026"), ["2026-05-11", "2026-11-13"]),
        (("5/11/26 9:00", "5/13/26 9:00"), ["2026-05-11", "2026-05-13"]),
        # dots part the day from the month, unless a value says otherwise
        (("03.04.2026", "05.04.2026"), ["2026-04-03", "2026-04-05"]),
        (("03.04.2026", "03.14.2026"), ["2026-03-04", "2026-03-14"]),
        # ISO 8601 may stand among them; both numbers alike prove nothing and are not in doubt
        (("2026-11-05", "13/11/2026", "05/11/2026"), ["2026-11-05", "2026-11-13", "2026-11-05"]),
        (("2026-03-04", "20260305"), ["2026-03-04", "2026-03-05"]),
        (("04/04/2026", "11/11/2026"), ["2026-04-04", "2026-11-11"]),
        # the weekday proves it as well
        (("Thu 05/11/2026", "03/04/2026"), ["2026-11-05", "2026-04-03"]),
        # a slip among many is refused, not read the other way
        (("11/13/2026", "11/05/2026", "11/25/2026", "25/11/2026"),
         ["2026-11-13", "2026-11-05", "2026-11-25", "refused"]),
        # two digits may be the year
        (("26-11-25", "27-01-31", "99-12-31"), ["2026-11-25", "2027-01-31", "1999-12-31"]),
        # a mere number is a date in a column of such numbers only
        (("46331", "46332.25"), ["2026-11-05", "2026-11-06"]),
        (("2026-11-05", "46332"), ["2026-11-05", "refused"]),
        (("2026-11-05", "1762334100"), ["2026-11-05", "refused"]),
        # in a column of ISO 8601 what can be two dates contradicts it
        (("2026-11-05", "2026-11-06", "03/04/2026"), ["2026-11-05", "2026-11-06", "refused"]),
        (("2026-11-05", "20261106", "4/4/2026"), ["2026-11-05", "2026-11-06", "2026-04-04"]),
        (("soonish", "13/11/2026"), ["refused", "2026-11-13"]),
    ],
)  # fmt: skip
def test_a_column_is_read_as_its_values_prove(values: tuple[str, ...], read_as: list[str]) -> None:
    assert days(*values) == read_as
    assert days(*reversed(values)) == read_as[::-1]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (
            ("03/04/2026", "05/06/2026"),
            r"“03/04/2026” under “received” \(line 2\) can be 4 Mar 2026 or 3 Apr 2026",
        ),
        (("11/11/2026", "01-02-2026"), r"“01-02-2026” .* \(line 3\)"),
        (("26-11-05", "26-10-04"), "can be 26 Nov 2005 or 5 Nov 2026"),
        (
            ("13/11/2026", "03/04/2026", "11/13/2026"),
            r"contradict each other: day first on line 2 \(13/11/2026\) and month first on line 4",
        ),
    ],
)
def test_what_nothing_proves_is_refused_with_both_readings_and_what_to_say(
    values: tuple[str, ...], said: str
) -> None:
    with pytest.raises(NotUnderstood, match=said) as refused:
        decide_all([column(*values)], None, None)
    assert "--day-first" in str(refused.value)
    assert "--month-first" in str(refused.value)


def test_what_a_person_said_of_the_file_goes_before_all() -> None:
    assert days("03/04/2026", "11/13/2026", said=DateOrder.DAY) == ["2026-04-03", "refused"]
    assert days("03/04/2026", "11/13/2026", said=DateOrder.MONTH) == ["2026-03-04", "2026-11-13"]
    assert days("03.04.2026", said=DateOrder.MONTH) == ["2026-03-04"]
    assert days("2026-04-03", said=DateOrder.MONTH) == ["2026-04-03"]


def test_the_settings_decide_what_no_value_does() -> None:
    assert days("03/04/2026", usual=DateOrder.DAY) == ["2026-04-03"]
    assert days("03/04/2026", usual=DateOrder.MONTH) == ["2026-03-04"]
    assert days("03/04/2026", "11/13/2026", usual=DateOrder.DAY) == ["2026-03-04", "2026-11-13"]
    with pytest.raises(NotUnderstood, match="can be"):
        days("26-11-05", usual=DateOrder.DAY)


def test_it_is_said_how_a_column_is_read_and_why() -> None:
    doubtful, proving = column("03/04/2026", name="due"), column("3/4/2026", "11/13/2026")
    _, said = decide_all([proving], None, None)
    assert said == ["dates under “received” are read month first (11/13/2026 on line 3)"]
    _, said = decide_all([doubtful], None, DateOrder.DAY)
    assert said == [
        "dates under “due” are read day first, as desk.day_first in the settings says: "
        "03/04/2026 on line 2 is 3 Apr 2026; --month-first reads them the other way"
    ]
    _, said = decide_all([doubtful], DateOrder.MONTH, DateOrder.DAY)
    assert said == [
        "dates under “due” are read month first, as was asked for: 03/04/2026 on line 2 is "
        "4 Mar 2026"
    ]
    _, said = decide_all([column("1762334100413", name="due")], None, None)
    assert said == [
        "dates under “due” are read as Unix time: 1762334100413 on line 2 is 5 Nov 2025"
    ]
    assert decide_all([column("2026-11-05", "04/04/2026")], None, None)[1] == []


def test_a_column_follows_the_others_of_its_file_where_they_agree_and_look_alike() -> None:
    us, us_too = column("11/13/2026"), column("03/04/2026", name="due")
    readers, said = decide_all([us, us_too], None, DateOrder.DAY)
    assert readers[1].moment("03/04/2026", UTC, time()).date().isoformat() == "2026-03-04"
    assert "as “received” is" in said[1]
    with pytest.raises(NotUnderstood, match="can be"):
        decide_all([us, column("03-04-2026", name="due")], None, None)
    with pytest.raises(NotUnderstood, match="can be"):
        decide_all([us, column("13/11/2026", name="closed"), us_too], None, None)
    assert [
        reader.order for reader in decide_all([us, column("13/11/2026", name="due")], None, None)[0]
    ] == [DateOrder.MONTH, DateOrder.DAY]


def test_a_row_that_contradicts_its_column_is_told_what_the_column_is() -> None:
    (reader,), _ = decide_all([column("11/13/2026", "11/14/2026", "25/11/2026")], None, None)
    with pytest.raises(
        NotUnderstood, match=r"“25/11/2026” contradicts .* month first \(11/13/2026"
    ):
        reader.moment("25/11/2026", UTC, time())
    with pytest.raises(NotUnderstood, match="31/31/2026” does not exist"):
        reader.moment("31/31/2026", UTC, time())


def test_a_row_that_can_be_two_dates_in_a_column_of_iso_8601_is_said() -> None:
    (reader,), said = decide_all([column("2026-11-05", "2026-11-06", "03/04/2026")], None, None)
    with pytest.raises(NotUnderstood, match="can be 4 Mar 2026 or 3 Apr 2026, and its column is"):
        reader.moment("03/04/2026", UTC, time())
    assert "kept aside (the first is 03/04/2026 on line 4): --day-first or --month-first" in said[0]


def test_a_wall_time_that_the_clocks_skip_moves_on_by_the_gap() -> None:
    moment = DateReader().moment("2026-03-29 02:30", BERLIN, time())
    assert moment == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_date_without_a_time_is_the_time_that_is_asked_for() -> None:
    assert read("2026-11-05").clock is None
    assert DateReader().moment("2026-11-05", UTC, time(17)) == datetime(2026, 11, 5, 17, tzinfo=UTC)
