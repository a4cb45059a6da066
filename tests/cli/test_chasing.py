"""Chasing a department and escalating, from the command line: said, stored, never sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from poc_tui.rules.time_source import FixedClock
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.requests import request
from tests.helpers.command_line import Poc

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


@pytest.fixture
def asked(poc: Poc, clock: FixedClock) -> Poc:
    """Monday 09:12: Technical is asked, due Tuesday 09:12. It is now Tuesday 10:12."""
    poc.ok("departments", "edit", "technical", "--contact", "workshop, ext. 21",
           "--deputy", "night shift", "--lead", "head of the workshop")  # fmt: skip
    poc.ok("add", "Invoice 4711", "--customer", "Meyer AG", "--via", "letter")
    poc.ok("forward", "1", "technical", "10 or 12 units?")
    clock.advance(timedelta(hours=25))
    return poc


def test_chase_prints_the_step_whom_it_is_for_its_words_and_what_is_next(
    asked: Poc, reader: Reader
) -> None:
    ran = asked.ok("chase", "--early", "1")
    assert ran.lines[:4] == [
        "chase the answer to #1",
        "  #1  remind, for workshop, ext. 21 (Technical)",
        "  next: remind again, today 11:12",
        "",
    ]
    taken = request(reader, 1)
    words = "\n".join(ran.lines[4:])
    assert words == taken.activities[-1].text
    assert "10 or 12 units?" in words
    assert "Hello workshop, ext. 21" in words
    assert taken.open_forwards[0].chased == 1
    assert taken.next_at == taken.open_forwards[0].next_at
    assert "Technical: remind, for workshop, ext. 21" in asked.ok("show", "1").out
    assert asked.ok("undo").lines[0] == "undo: chase the answer to #1"
    assert request(reader, 1).open_forwards[0].chased == 0


def test_what_show_prints_is_what_is_then_done_and_itself_does_nothing(
    asked: Poc, rows_of: Rows
) -> None:
    before = rows_of()
    shown = asked.ok("chase", "--early", "1", "--show")
    shown_json = asked.ok("chase", "--early", "1", "--show", "--json").json
    assert rows_of() == before
    done = asked.ok("chase", "--early", "1", "--json").json
    assert shown_json == {"steps": done["steps"]}
    assert done["steps"][0] == {
        "number": 1,
        "department": "Technical",
        "step": "remind",
        "person": "workshop, ext. 21",
        "words": done["steps"][0]["words"],
        "escalates": False,
        "next_step": "remind again",
        "next_at": "2026-11-24T11:12:00+01:00",
    }
    assert shown.out.endswith(done["steps"][0]["words"] + "\n")


def test_the_ladder_is_climbed_to_the_lead_and_that_escalates(asked: Poc, reader: Reader) -> None:
    said = [asked.ok("chase", "--early", "1").lines[1:4] for _ in range(5)]
    assert [lines[0].partition(" (")[0].strip() for lines in said] == [
        "#1  remind, for workshop, ext. 21",
        "#1  remind again, for workshop, ext. 21",
        "#1  ask the deputy, for night shift",
        "#1  escalate to the lead, for head of the workshop",
        "#1  escalate to the lead, for head of the workshop",
    ]
    escalates = "  this escalates #1 to head of the workshop"
    assert [escalates in lines for lines in said] == [False, False, False, True, False]
    assert request(reader, 1).escalated_to == "head of the workshop"


def test_a_step_that_has_nobody_says_to_whom_it_goes_instead(asked: Poc) -> None:
    asked.ok("departments", "edit", "technical", "--deputy", "")
    asked.ok("chase", "--early", "1")
    asked.ok("chase", "--early", "1")
    remark = "Technical has no deputy; this goes to workshop, ext. 21"
    assert remark in asked.ok("chase", "--early", "1", "--show").out
    ran = asked.ok("chase", "--early", "1", "--json").json
    assert ran["remarks"] == [f"#1: {remark}"]
    assert ran["steps"][0]["person"] == "workshop, ext. 21"


def test_words_of_ones_own_take_the_place_of_the_template(
    asked: Poc, reader: Reader, tmp_path: Path
) -> None:
    assert (
        asked.ok("chase", "--early", "1", "please", "look", "again").lines[-1]
        == "please look again"
    )
    assert request(reader, 1).activities[-1].text == "please look again"
    asked.ok("chase", "--early", "1", "-", stdin=b"two\nlines")
    assert request(reader, 1).activities[-1].text == "two\nlines"
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\necho "PS: today" >> "$1"\n')
    editor.chmod(0o755)
    asked.environ["EDITOR"] = str(editor)
    asked.ok("chase", "--early", "1", "--edit")
    written = request(reader, 1).activities[-1].text
    assert written.startswith("Can you help? Request #1")
    assert written.endswith("PS: today")


def test_of_several_departments_the_first_due_is_chased_or_the_one_named(
    asked: Poc, reader: Reader
) -> None:
    asked.ok("forward", "1", "legal", "may we?")
    asked.ok("chase", "--early", "1", "--department", "legal")
    assert [f.chased for f in request(reader, 1).open_forwards] == [0, 1]
    asked.ok("chase", "--early", "1")
    assert [f.chased for f in request(reader, 1).open_forwards] == [1, 1]
    shown = asked.ok("chase", "--early", "1", "--department", "legal", "--show", "--json").json
    assert (shown["steps"][0]["department"], shown["steps"][0]["step"]) == ("Legal", "remind again")


def test_several_requests_are_chased_in_one_step_but_those_that_ask_nobody(
    asked: Poc, reader: Reader, rows_of: Rows
) -> None:
    asked.ok("add", "second", "--to", "technical")
    asked.ok("add", "third")
    ran = asked.ok("chase", "--early", "1,2")
    assert ran.lines[0] == "chase the answer to #1 and 1 more"
    assert [
        one["number"] for one in asked.ok("chase", "--early", "1,2", "--json").json["steps"]
    ] == [1, 2]
    asked.ok("undo")
    assert [request(reader, n).open_forwards[0].chased for n in (1, 2)] == [1, 1]
    before = rows_of()
    assert "--early" in asked("chase", "1").err
    assert "several requests are given as 1,2" in asked("chase", "1", "2").err
    refused = asked("chase", "--early", "3")
    assert (refused.code, refused.out, "nobody to chase" in refused.err) == (1, "", True)
    assert asked("chase", "1,3", "--show").code == 1
    assert asked("chase", "1,2", "--edit").code == 2
    assert rows_of() == before
    assert "skipped #3 (asks no department)" in asked.ok("chase", "--early", "1,3").out


def test_escalate_says_to_whom_and_why_until_it_is_taken_back(asked: Poc, reader: Reader) -> None:
    ran = asked.ok("escalate", "1", "--to", "the board", "--why", "they threaten to leave")
    assert ran.lines[:2] == ["escalate #1 to the board", "  why: they threaten to leave"]
    assert ran.lines[2].endswith(", escalated")
    raised = request(reader, 1)
    assert (raised.escalated_to, raised.escalated_why) == ("the board", "they threaten to leave")
    assert (raised.court, raised.next_at) == ("department", raised.open_forwards[0].next_at)
    assert "▲ escalated to the board, today 10:12: they threaten" in asked.ok("show", "1").out
    assert asked.ok("show", "1", "--json").json["escalation"] == {
        "at": "2026-11-24T10:12:00+01:00",
        "to": "the board",
        "why": "they threaten to leave",
    }
    back = asked.ok("escalate", "1", "--back", "--why", "they stay")
    assert back.lines[0] == "take back the escalation of #1"
    assert asked.ok("show", "1", "--json").json["escalation"] is None
    assert request(reader, 1).activities[-1].text == "they stay"


def test_without_words_the_desk_says_to_whom_and_why_by_itself(asked: Poc, reader: Reader) -> None:
    asked.ok("chase", "--early", "1")
    asked.ok("chase", "--early", "1")
    asked.ok("escalate", "1")
    raised = request(reader, 1)
    assert raised.escalated_to == "management"
    assert raised.escalated_why == "late by 1h, chased twice"


def test_where_the_desk_sees_no_one_reason_it_asks_for_one(asked: Poc, rows_of: Rows) -> None:
    asked.ok("add", "not urgent", "--via", "letter")
    asked.ok("add", "urgent", "--prio", "critical")
    before = rows_of()
    none = asked("escalate", "2")
    assert (none.code, "no reason to escalate #2" in none.err) == (2, True)
    differ = asked("escalate", "1,3")
    assert (differ.code, "reasons differ" in differ.err) == (2, True)
    assert rows_of() == before
    asked.ok("escalate", "1,3", "--why", "both burn")


def test_what_is_shown_ahead_is_what_an_early_step_does(asked: Poc) -> None:
    for _ in range(6):
        (ahead,) = asked.ok("chase", "1", "--show", "--json").json["steps"]
        (taken,) = asked.ok("chase", "1", "--early", "--json").json["steps"]
        assert (ahead["next_step"], ahead["next_at"]) == (taken["next_step"], taken["next_at"])
