"""Promises on the command line: given, listed, and said to be kept or broken by a person."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from poc_tui.rules.time_source import FixedClock
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.reminders import upcoming
from poc_tui.store.queries.requests import request
from tests.helpers.command_line import Poc

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


@pytest.fixture
def promised(poc: Poc) -> Poc:
    """A corrected invoice was promised on #1 until Friday."""
    poc.ok("add", "case", "--customer", "Meyer AG")
    poc.ok("promise", "1", "fri 14:00", "a", "corrected", "invoice")
    return poc


def test_a_promise_says_what_and_by_when(promised: Poc, reader: Reader) -> None:
    (row,) = upcoming(reader)
    assert (row.kind, row.number, row.text) == ("promise", 1, "a corrected invoice")
    assert promised.ok("show", "1").out.count("a corrected invoice") == 2
    assert "promised by Fri 27 Nov 14:00" in promised.ok("show", "1").out


@pytest.mark.parametrize(
    ("words", "by", "customer", "whom"),
    [
        (("1", "fri", "call"), "Fri 27 Nov 17:00", "Meyer AG", ""),
        (("fri", "call", "--customer", "meyer"), "Fri 27 Nov 17:00", "Meyer AG", ""),
        (("wed 10:00", "call", "--to", "the board"), "Wed 25 Nov 10:00", None, "the board"),
    ],
)
def test_a_promise_is_given_on_a_request_to_a_customer_or_to_somebody(
    poc: Poc, reader: Reader, words: tuple[str, ...], by: str, customer: str | None, whom: str
) -> None:
    poc.ok("add", "case", "--customer", "Meyer AG")
    assert poc.ok("promise", *words).lines[1] == f"  by {by}"
    (row,) = upcoming(reader)
    assert (row.customer, row.whom, row.text) == (customer, whom, "call")


def test_reminders_can_be_narrowed_to_promises(promised: Poc) -> None:
    promised.ok("remind", "1", "every monday", "look")
    promised.ok("promise", "fri", "a call", "--to", "the board")
    rows = promised.ok("reminders", "--promises", "--json").json
    assert [(row["kind"], row["text"], row["whom"], row["outcome"]) for row in rows] == [
        ("promise", "a corrected invoice", None, None),
        ("promise", "a call", "the board", None),
    ]
    out = promised.ok("reminders").out
    assert all(words in out for words in ("every Monday", "promise", "the board", "look"))


@pytest.mark.parametrize(("flag", "outcome"), [("--kept", "kept"), ("--broken", "broken")])
def test_a_promise_ends_by_the_number_of_its_request_or_its_id(
    promised: Poc, reader: Reader, flag: str, outcome: str
) -> None:
    ran = promised.ok("done", "1", flag, "--why", "sent on Thursday")
    assert ran.lines[0] == f"promise {outcome} on #1"
    assert request(reader, 1).reminders[0].outcome == outcome
    assert request(reader, 1).activities[-1].text == "a corrected invoice: sent on Thursday"
    shown = promised.ok("show", "1", "--json").json["reminders"][0]
    assert (shown["kind"], shown["outcome"]) == ("promise", outcome)
    promised.ok("undo")
    promised.ok("done", "--reminder", str(upcoming(reader)[0].id), flag)
    assert upcoming(reader) == ()
    assert f"promise {outcome}" in promised.ok("show", "1").out


def test_done_never_guesses_how_a_promise_ended(
    promised: Poc, reader: Reader, rows_of: Rows
) -> None:
    promised.ok("remind", "1", "thu", "look")
    id = next(row.id for row in upcoming(reader) if row.kind == "promise")
    before = rows_of()
    asked = promised("done", "1")
    assert (asked.code, asked.out) == (1, "")
    assert f"poc done --reminder {id} --kept, or --broken" in asked.err
    asked = promised("done", "--reminder", str(id))
    assert (asked.code, "--kept, or --broken" in asked.err) == (1, True)
    assert rows_of() == before


def test_of_several_promises_one_must_be_named(promised: Poc, reader: Reader) -> None:
    promised.ok("promise", "1", "wed", "a call")
    ran = promised("done", "1", "--kept")
    assert ran.code == 2
    assert all(str(row.id) in ran.err for row in upcoming(reader))
    assert len(upcoming(reader)) == 2


@pytest.mark.parametrize(("said", "outcome"), [("kept", "kept"), ("broken", "broken")])
@pytest.mark.parametrize("ending", [("resolve", "1"), ("answer", "1", "Here.", "--resolve", "sol")])
def test_an_ending_asks_how_the_promise_ended(
    promised: Poc, reader: Reader, ending: tuple[str, ...], said: str, outcome: str
) -> None:
    refused = promised(*ending, "--reminders", "done")
    assert (refused.code, "--promises kept or broken" in refused.err) == (1, True)
    assert request(reader, 1).state != "resolved"
    promised.ok(*ending, "--reminders", "done", "--promises", said)
    seen = request(reader, 1)
    assert (seen.state, seen.reminders[0].outcome) == ("resolved", outcome)
