"""`poc when` says how a date or a series is understood, in the words of the dialogs."""

from __future__ import annotations

from pathlib import Path

import pytest

from poc_tui.rules.time_source import FixedClock
from tests.helpers.command_line import Poc


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


def test_a_date_is_said_as_the_dialogs_say_it(poc: Poc) -> None:
    assert poc.ok("when", "27.11.", "14", "uhr", "--from", "2026-11-23").out == "Fri 27 Nov 14:00\n"
    assert poc.ok("when", "fri", "--from", "23.11.2026").out == "Fri 27 Nov 17:00\n"


def test_a_series_is_said_with_its_rule(poc: Poc) -> None:
    said = poc.ok("when", "every monday 9:00", "--from", "2026-11-24").out
    assert said == "Mon 30 Nov 09:00, then every Monday\n"


def test_what_is_refused_exits_with_2_and_says_why(poc: Poc) -> None:
    ran = poc("when", "fri 9-11", "--from", "2026-11-23")
    assert (ran.code, ran.out) == (2, "")
    assert "Fri 27 Nov 09:00 and Fri 27 Nov 11:00" in ran.err


def test_a_day_begins_or_ends_with_business(poc: Poc, tmp_path: Path) -> None:
    poc.ok("config", "set", "hours.fri", '["10:00-13:00"]')
    assert poc.ok("when", "fri", "--from", "2026-11-23").out == "Fri 27 Nov 13:00\n"
    assert poc.ok("when", "fri", "--from", "2026-11-23", "--begins").out == "Fri 27 Nov 10:00\n"


def test_days_off_are_no_business_days(poc: Poc) -> None:
    poc.ok("config", "set", "hours.holidays", "[2026-11-24]")
    said = poc.ok("when", "in 3 Werktagen", "--from", "2026-11-23 9:12").out
    assert said == "Fri 27 Nov 17:00\n"


def test_json_of_a_date(poc: Poc) -> None:
    found = poc.ok("when", "fri 14:00", "--from", "2026-11-23", "--json").json
    assert found == {
        "input": "fri 14:00",
        "kind": "date",
        "at": "2026-11-27T14:00:00+01:00",
        "said": "Fri 27 Nov 14:00",
    }


def test_json_of_a_series_has_its_next_times(poc: Poc) -> None:
    words = ("every", "last", "friday", "of", "the", "month", "at", "4")
    found = poc.ok("when", *words, "--from", "2026-11-23", "--json").json
    assert found["kind"] == "series"
    assert found["rule"] == "FREQ=MONTHLY;BYDAY=-1FR"
    assert found["at"] == found["next"][0] == "2026-11-27T16:00:00+01:00"
    assert found["next"][4] == "2027-03-26T16:00:00+01:00"
    assert found["said"] == "Fri 27 Nov 16:00, then every month on the last Friday"


def test_json_of_what_is_refused_says_why_and_exits_with_2(poc: Poc) -> None:
    ran = poc("when", "blue moon", "--json")
    assert ran.code == 2
    assert ran.json["input"] == "blue moon"
    assert "no date I know" in ran.json["error"]


def test_standard_input_is_read_a_line_at_a_time(poc: Poc) -> None:
    lines = b"fri\n\nblue moon\nmo, mi, fr um 8\n"
    ran = poc("when", "-", "--from", "2026-11-23 9:12", stdin=lines)
    assert ran.code == 2
    assert ran.lines[0] == "fri = Fri 27 Nov 17:00"
    assert ran.lines[1].startswith("blue moon: refused: 'blue moon' is no date I know")
    assert ran.lines[2] == (
        "mo, mi, fr um 8 = Wed 25 Nov 08:00, then every Monday, Wednesday and Friday"
    )
    found = poc("when", "-", "--json", "--from", "2026-11-23 9:12", stdin=lines)
    assert found.code == 2
    assert [("error" in one, one["input"]) for one in found.json] == [
        (False, "fri"),
        (True, "blue moon"),
        (False, "mo, mi, fr um 8"),
    ]


def test_standard_input_that_is_understood_whole_exits_with_0(poc: Poc) -> None:
    assert poc.ok("when", "-", "--from", "2026-11-23", stdin=b"KW 49\n").lines == [
        "KW 49 = Mon 30 Nov 17:00"
    ]


@pytest.mark.parametrize("start", ["blue moon", "31.11."])
def test_a_day_to_count_from_that_is_none_is_refused(poc: Poc, start: str) -> None:
    ran = poc("when", "fri", "--from", start)
    assert (ran.code, ran.out) == (2, "")


def test_escapes_in_a_line_reach_no_terminal(poc: Poc) -> None:
    ran = poc("when", "-", stdin=b"fri\x1b[31m\x07 \xff\n")
    assert ran.code == 2
    assert "\x1b" not in ran.out
