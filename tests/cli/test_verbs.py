"""Each verb on the command line does what it says, all of it or nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from poc_tui.rules.time_source import FixedClock
from poc_tui.store.queries.customers import find
from poc_tui.store.queries.departments import department
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.reminders import upcoming
from poc_tui.store.queries.requests import original, request
from tests.helpers.command_line import Poc

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


def test_add_names_the_number_the_customer_and_the_date(poc: Poc, reader: Reader) -> None:
    ran = poc.ok("add", "Invoice", "4711", "@Meyer AG", "+Invoice", "due:fri14", "via:phone")
    assert ran.lines == ["#1  Meyer AG  due Fri 27 Nov 14:00", "  new customer “Meyer AG”"]
    taken = request(reader, 1)
    assert (taken.subject, taken.channel, taken.tags) == ("Invoice 4711", "phone", ("invoice",))
    assert original(reader, 1) == b"Invoice 4711 @Meyer AG +Invoice due:fri14 via:phone"


def test_add_takes_options_in_place_of_marks(poc: Poc, reader: Reader) -> None:
    ran = poc.ok(
        *("add", "Key card", "--customer", "Hotel Krone", "--via", "chat", "--kind", "compl"),
        *("--prio", "high", "--due", "fri 14:00", "--tag", "room", "--to", "tech"),
        *("--text", "It opens nothing."),
    )
    assert ran.lines[0] == "#1  Hotel Krone  forwarded to Technical  due Fri 27 Nov 14:00"
    taken = request(reader, 1)
    assert (taken.kind, taken.channel, taken.priority) == ("complaint", "chat", "high")
    assert (taken.text, taken.tags) == ("It opens nothing.", ("room",))
    assert taken.open_forwards[0].department == "Technical"


def test_add_reads_subject_and_text_from_standard_input(poc: Poc, reader: Reader) -> None:
    came = "Wo ist meine Bestellung?\r\nSeit Montag fällig.\xff\n".encode("latin-1")
    poc.ok("add", "-", "--customer", "Ott", stdin=came)
    taken = request(reader, 1)
    assert taken.subject == "Wo ist meine Bestellung?"
    assert taken.text.startswith("Seit Montag")
    assert original(reader, 1) == came


def test_two_dashes_end_the_marks(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "--prio", "high", "call", "--", "@nobody", "--json", "+1")
    assert request(reader, 1).subject == "call @nobody --json +1"
    assert request(reader, 1).customer is None


def test_an_ambiguous_customer_is_left_open_and_named(poc: Poc, reader: Reader) -> None:
    poc.ok("customers", "add", "Meyer AG")
    poc.ok("customers", "add", "Meyer GmbH")
    ran = poc.ok("add", "call back", "--customer", "Meyer")
    assert ran.lines == ["#1", "  customer open: “Meyer” could be Meyer AG (1), Meyer GmbH (2)"]
    assert request(reader, 1).customer is None


def test_triage_says_what_it_is(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "printer", "--tag", "old")
    ran = poc.ok(
        *("triage", "#1", "--customer", "Ott", "--kind", "complaint", "--prio", "critical"),
        *("--via", "letter", "--due", "tomorrow 10:00", "--tag", "new", "--subject", "Printer"),
    )
    assert ran.lines[0] == "triage #1"
    assert "due tomorrow 10:00" in ran.out
    seen = request(reader, 1)
    assert (seen.customer, seen.kind, seen.priority) == ("Ott", "complaint", "critical")
    assert (seen.channel, seen.tags, seen.subject) == ("letter", ("new",), "Printer")


def test_forward_several_is_one_step_and_undone_in_words(poc: Poc, reader: Reader) -> None:
    for subject in ("one", "two", "three", "four"):
        poc.ok("add", subject, "--via", "phone")
    ran = poc.ok("forward", "1,2,#3,4", "technical", "Is", "it", "right?", "--due", "fri")
    assert ran.lines[0] == "forward #1 and 3 more to Technical"
    assert "next Fri 27 Nov 17:00" in ran.lines[1]
    assert [request(reader, n).open_forwards[0].question for n in (1, 4)] == ["Is it right?"] * 2
    assert poc.ok("undo").lines[0] == "undo: forward #1 and 3 more to Technical"
    assert not any(request(reader, n).open_forwards for n in (1, 2, 3, 4))
    assert poc.ok("redo").lines[0] == "redo: forward #1 and 3 more to Technical"
    assert request(reader, 4).court == "department"


def test_log_closes_the_forward_of_the_department_named(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "case")
    poc.ok("forward", "1", "technical")
    poc.ok("forward", "1", "legal")
    unclear = poc("log", "1", "yes")
    assert unclear.code == 1
    poc.ok("log", "1", "10 units", "--from", "tech")
    assert [f.department for f in request(reader, 1).open_forwards] == ["Legal"]
    stranger = poc("log", "1", "no", "--from", "sales")
    assert (stranger.code, "does not wait for Sales" in stranger.err) == (1, True)
    poc.ok("log", "1", "no")
    assert request(reader, 1).court == "me"


def test_log_from_several_requests_at_once_needs_no_doubt(poc: Poc, reader: Reader) -> None:
    for subject in ("one", "two"):
        poc.ok("add", subject, "--to", "technical")
    poc.ok("log", "1,2", "both fine", "--from", "technical")
    assert [request(reader, n).forwards[0].answer for n in (1, 2)] == ["both fine"] * 2
    poc.ok("forward", "1,2", "technical", "again")
    poc.ok("forward", "2", "legal")
    assert poc("log", "1,2", "fine", "--from", "technical").code == 2


def test_the_customers_word_is_logged_as_theirs(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "case", "--to", "technical")
    poc.ok("log", "1", "any news?", "--from", "customer", "--via", "chat")
    seen = request(reader, 1)
    assert (seen.court, seen.activities[-1].event, seen.activities[-1].channel) == (
        "me",
        "received",
        "chat",
    )


def test_answer_gives_the_move_to_the_customer(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "case")
    ran = poc.ok("answer", "1", "You get", "one.", "--via", "phone", "--check-back", "in 3 days")
    assert ran.lines[1] == "  #1  with customer, next Thu 26 Nov 17:00"
    assert request(reader, 1).activities[-1].text == "You get one."


def test_answer_while_working_keeps_the_move(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "case", "--to", "technical")
    poc.ok("answer", "1", "We look into it.", "--working", "--next-update", "wed 10:00")
    seen = request(reader, 1)
    assert (seen.court, seen.state) == ("department", "open")
    assert seen.due_at is not None
    assert "due Wed 25 Nov 10:00" in poc.ok("show", "1").out


def test_answer_can_resolve(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "case")
    assert poc.ok("answer", "1", "Done.", "--resolve", "solved").lines == [
        "answer #1 and resolve as solved",
        "  #1  resolved as solved",
    ]
    assert request(reader, 1).resolution == "solved"


def test_of_several_those_are_skipped_that_a_verb_makes_no_sense_for(
    poc: Poc, reader: Reader
) -> None:
    for words in ("one", "two", "three"):
        poc.ok("add", words)
    poc.ok("resolve", "2")
    assert poc.ok("answer", "1,2,3", "We are on it.").lines[:2] == [
        "answer #1 and 1 more",
        "  skipped #2 (resolved)",
    ]
    assert poc.ok("reopen", "1,2", "--json").json["remarks"] == ["skipped #1 (not resolved)"]
    assert request(reader, 2).state == "open"
    poc.ok("resolve", "1,2,3")
    refused = poc("answer", "1,2,3", "once more")
    assert (refused.code, "#1 is resolved" in refused.err) == (1, True)


def test_triage_takes_what_the_words_point_to(poc: Poc, reader: Reader) -> None:
    for words in ("It is broken, urgent!", "Where is my order?", "looked at"):
        poc.ok("add", words)
    poc.ok("triage", "3")
    assert "skipped #3 (not new)" in poc.ok("triage", "1,2,3", "--guessed").out
    seen = request(reader, 1)
    assert (seen.state, seen.kind, seen.priority) == ("open", "complaint", "high")
    assert poc("triage", "3", "--guessed").code == 1


def test_a_duplicate_names_the_other_request(poc: Poc) -> None:
    for words in ("case", "case again", "case once more"):
        poc.ok("add", words, "@Meyer AG")
    assert poc.ok("resolve", "2", "--as", "duplicate", "--of", "#1").lines[0] == (
        "resolve #2 as duplicate of #1"
    )
    poc.ok("answer", "3", "We know.", "--resolve", "duplicate", "--of", "1")
    assert "resolved as duplicate of #1" in poc.ok("show", "3").out
    assert "duplicate of #1" in poc.ok("customers", "show", "Meyer AG").out
    assert poc.ok("show", "3", "--json").json["duplicate_of"] == 1
    refused = poc("resolve", "1", "--as", "duplicate", "--of", "3")
    assert (refused.code, "not the other way round" in refused.err) == (1, True)


def test_resolve_asks_for_an_explicit_yes(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "case", "--to", "technical")
    poc.ok("remind", "1", "fri", "call")
    refused = poc("resolve", "1", "--as", "declined")
    assert (refused.code, "--withdraw" in refused.err) == (1, True)
    refused = poc("resolve", "1", "--as", "declined", "--withdraw")
    assert (refused.code, "--reminders" in refused.err) == (1, True)
    poc.ok("resolve", "1", "That is", "not possible.", "--as", "declined", "--withdraw",
           "--reminders", "done")  # fmt: skip
    seen = request(reader, 1)
    assert (seen.resolution, seen.open_forwards, seen.open_reminders) == ("declined", (), ())
    poc.ok("reopen", "1", "they", "insist")
    assert request(reader, 1).state == "open"


def test_snooze_keeps_the_reason_and_says_the_date(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "case")
    ran = poc.ok("snooze", "1", "fri 14:00", "the", "warehouse", "counts")
    assert "next Fri 27 Nov 14:00" in ran.out
    assert [row.text for row in upcoming(reader)] == ["the warehouse counts"]


def test_a_date_without_its_quotes_is_not_cut_in_two(poc: Poc, rows_of: Rows) -> None:
    poc.ok("add", "case")
    before = rows_of()
    for words in (
        ("snooze", "1", "fri", "14:00", "because"),
        ("remind", "1", "fri", "14:00", "call"),
    ):
        ran = poc(*words)
        assert (ran.code, "“fri 14:00”" in ran.err) == (2, True)
    assert rows_of() == before


@pytest.mark.parametrize(
    ("words", "number", "text"),
    [
        (("1", "fri 9:00", "call", "Meyer"), 1, "call Meyer"),
        (("#1", "fri", "call"), 1, "call"),
        (("fri", "buy", "1", "stamp"), None, "buy 1 stamp"),
        (("27.11.", "stamps"), None, "stamps"),
        (("tomorrow", "1"), None, "1"),
    ],
)
def test_remind_tells_a_number_from_a_date(
    poc: Poc, reader: Reader, words: tuple[str, ...], number: int | None, text: str
) -> None:
    poc.ok("add", "case")
    poc.ok("remind", *words)
    (row,) = upcoming(reader)
    assert (row.number, row.text) == (number, text)


def test_remind_of_a_customer_echoes_the_date(poc: Poc, reader: Reader) -> None:
    poc.ok("customers", "add", "Bäckerei Ott")
    ran = poc.ok("remind", "27.11.", "offer", "the", "new", "price", "--customer", "ott")
    assert ran.lines == ["reminder “offer the new price”", "  on Fri 27 Nov 09:00"]
    assert upcoming(reader)[0].customer == "Bäckerei Ott"


def test_done_ends_the_reminders_of_a_request_or_one_by_id(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "case")
    poc.ok("remind", "1", "fri", "a")
    poc.ok("remind", "1", "fri", "b")
    poc.ok("remind", "sat", "c")
    poc.ok("done", "1")
    assert [row.text for row in upcoming(reader)] == ["c"]
    assert poc("done", "1").code == 1
    poc.ok("done", "--reminder", str(upcoming(reader)[0].id))
    assert upcoming(reader) == ()
    assert poc("done").code == 2


def test_a_reminder_that_recurs_comes_again_until_its_series_ends(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "case")
    ran = poc.ok("remind", "1", "every tuesday 9:30", "call", "Ott")
    assert ran.lines == ["reminder on #1", "  on tomorrow 09:30, then every Tuesday"]
    (row,) = upcoming(reader)
    assert (row.every, row.text) == ("FREQ=WEEKLY;BYDAY=TU", "call Ott")
    assert "every Tuesday" in poc.ok("reminders").out
    assert poc.ok("reminders", "--json").json[0]["every"] == row.every
    again = poc.ok("done", "1")
    assert "  “call Ott” comes again Tue 1 Dec 09:30, every Tuesday" in again.lines
    assert upcoming(reader)[0].at > row.at
    poc.ok("done", "--reminder", str(row.id), "--end")
    assert upcoming(reader) == ()
    poc.ok("undo")
    assert len(upcoming(reader)) == 1


def test_a_recurring_reminder_without_a_number_stands_alone(poc: Poc, reader: Reader) -> None:
    poc.ok("remind", "every workday 16:00", "empty the letter box")
    (row,) = upcoming(reader)
    assert (row.number, row.text) == (None, "empty the letter box")


def test_a_customers_rhythm_says_when_to_talk_to_them(
    poc: Poc, reader: Reader, clock: FixedClock
) -> None:
    poc.ok("customers", "add", "Meyer AG")
    poc.ok("customers", "edit", "meyer", "--every", "6 weeks")
    shown = poc.ok("customers", "show", "meyer", "--json").json
    assert shown["every"] == "FREQ=WEEKLY;INTERVAL=6"
    assert shown["last_contact_at"] == "2026-11-23T09:12:00+01:00"
    assert shown["next_contact_at"] == "2027-01-04T09:12:00+01:00"
    clock.advance(timedelta(weeks=7))
    out = poc.ok("customers", "show", "meyer").out
    assert "talk to them every 6 weeks · next was due Mon 4 Jan 09:12" in out
    ran = poc.ok("talked", "meyer", "happy", "with", "the", "new", "packaging")
    assert ran.lines == ["talked to Meyer AG", "  talk to them again by Mon 22 Feb 09:12"]
    assert find(reader, "meyer").notes == "2027-01-11: happy with the new packaging"
    poc.ok("customers", "edit", "meyer", "--every", "never")
    assert find(reader, "meyer").rhythm == ""
    assert poc.ok("customers", "show", "meyer", "--json").json["next_contact_at"] is None
    clock.advance(timedelta(days=1))
    assert poc.ok("talked", "meyer").lines == ["talked to Meyer AG"]


def test_a_command_is_called_by_its_former_name_too_but_not_listed_so(poc: Poc) -> None:
    poc.ok("customers", "add", "Meyer AG")
    assert poc.ok("spoke", "meyer").lines == ["talked to Meyer AG"]
    out = poc.ok("--help").out
    assert "talked" in out
    assert "spoke" not in out


def test_note_reads_standard_input(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "case")
    poc.ok("note", "1", "-", stdin="two\nlines ä".encode())
    assert request(reader, 1).activities[-1].text == "two\nlines ä"


def test_the_editor_writes_the_text(poc: Poc, reader: Reader, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "First line\\nand the rest\\n" > "$1"\n')
    editor.chmod(0o755)
    poc.environ["EDITOR"] = str(editor)
    poc.ok("add", "-e")
    assert (request(reader, 1).subject, request(reader, 1).text) == ("First line", "and the rest")
    poc.ok("note", "1", "--edit")
    assert request(reader, 1).activities[-1].text == "First line\nand the rest"


def test_customers_are_added_changed_and_shown(poc: Poc, reader: Reader) -> None:
    poc.ok("customers", "add", "Hotel Krone", "--phone", "+49 30 1234", "--prefers", "phone")
    poc.ok("customers", "edit", "krone", "--email", "desk@krone.example", "--vip")
    poc.ok("customers", "edit", "1", "--remove-address", "+49 30 1234", "--prefers", "none")
    seen = find(reader, "Hotel Krone")
    assert (seen.vip, seen.prefers) == (True, None)
    assert [address.value for address in seen.addresses] == ["desk@krone.example"]
    assert "Hotel Krone (VIP)" in poc.ok("customers", "show", "krone").out
    assert "Hotel Krone" in poc.ok("customers", "kron").out
    assert poc.ok("undo").lines[0] == "undo: customer Hotel Krone"
    assert poc("customers", "edit", "krone", "--remove-address", "x@y.example").code == 1


def test_departments_are_added_changed_and_retired(poc: Poc, reader: Reader) -> None:
    poc.ok("departments", "add", "Logistics", "--remit", "Dates", "--answer-within", "4h")
    poc.ok("departments", "edit", "logi", "--answer-within", "1d 4h", "--contact", "ext. 12")
    assert department(reader, "logi").answer_within == 12 * 60
    poc.ok("departments", "retire", "logistics")
    assert "Logistics" not in poc.ok("departments").out
    assert "Logistics" in poc.ok("departments", "--retired").out
    poc.ok("add", "case")
    assert poc("forward", "1", "logistics").code == 1
    poc.ok("departments", "edit", "logistics", "--in-use")
    assert department(reader, "logistics").retired_at is None


@pytest.mark.parametrize(
    "argv",
    [
        ("add",),
        ("add", "   "),
        ("add", "x", "--kind", "nonsense"),
        ("add", "x", "--due", "whenever"),
        ("add", "x", "--due", "yesterday"),
        ("add", "x", "--via", "pigeon"),
        ("add", "x", "--bogus"),
        ("add", "x", "kind:order", "--kind", "order"),
        ("add", "-", "--text", "-"),
        ("triage", "one"),
        ("triage", "1,", "--prio", "high"),
        ("triage", "1", "--prio", "huge"),
        ("triage", "1", "--guessed", "--prio", "high"),
        ("forward", "1"),
        ("answer", "1"),
        ("answer", "1", "x", "--next-update", "fri"),
        ("answer", "1", "x", "--resolve", "solved", "--working"),
        ("answer", "1", "x", "--working", "--check-back", "fri"),
        ("log", "1"),
        ("log", "1", "x", "--via", "phone"),
        ("note", "1"),
        ("note", "1", "   "),
        ("resolve", "1", "--as", "lost"),
        ("resolve", "1", "--reminders", "perhaps"),
        ("resolve", "1", "--promises", "kept"),
        ("resolve", "1", "--of", "2"),
        ("resolve", "1", "--as", "duplicate", "--of", "that one"),
        ("answer", "1", "x", "--of", "2"),
        ("resolve", "1", "--reminders", "keep", "--promises", "kept"),
        ("resolve", "1", "--reminders", "done", "--promises", "perhaps"),
        ("snooze", "1"),
        ("snooze", "1", "yesterday"),
        ("remind", "fri"),
        ("remind", "1", "fri"),
        ("remind", "every blue moon", "look"),
        ("remind", "every", "monday", "look"),
        ("done",),
        ("done", "1", "--why", "sent"),
        ("done", "1", "--kept", "--end"),
        ("done", "--reminder", "1", "--reminder", "2", "--kept"),
        ("promise", "fri", "call"),
        ("promise", "1", "fri"),
        ("promise", "1", "yesterday", "call"),
        ("promise", "1", "fri", "14:00", "call"),
        ("promise", "1", "every monday", "call"),
        ("chase", "one"),
        ("chase", "1", " "),
        ("chase", "1", "please", "--show"),
        ("chase", "1", "--edit", "--show"),
        ("escalate", "1"),
        ("escalate", "1", "--why", " "),
        ("escalate", "1", "--to", "", "--why", "now"),
        ("escalate", "1", "--back", "--to", "management"),
        ("customers", "add", "Ott", "--every", "sometimes"),
        ("departments", "add", "Logistics", "--answer-within", "soon"),
        ("customers", "add", ""),
        ("nonsense",),
    ],
)
def test_what_is_not_understood_stores_nothing(
    poc: Poc, rows_of: Rows, argv: tuple[str, ...]
) -> None:
    poc.ok("add", "case", "--to", "technical")
    before = rows_of()
    ran = poc(*argv)
    assert ran.code == 2, ran
    assert ran.out == ""
    assert ran.err.startswith("poc: ")
    assert ran.err.count("\n") == 1
    assert rows_of() == before


@pytest.mark.parametrize(
    "argv",
    [
        ("note", "1,99", "x"),
        ("forward", "1,99", "technical"),
        ("forward", "1", "nobody"),
        ("triage", "1", "--customer", "99"),
        ("add", "x", "--to", "nobody"),
        ("resolve", "1"),
        ("reopen", "1"),
        ("done", "1"),
        ("done", "--reminder", "99"),
        ("done", "1", "--kept"),
        ("done", "--reminder", "99", "--broken"),
        ("chase", "99"),
        ("chase", "99", "--show"),
        ("chase", "1", "--department", "legal"),
        ("escalate", "99", "--why", "now"),
        ("escalate", "1", "--back"),
        ("promise", "99", "fri", "call"),
        ("talked", "nobody"),
        ("spoke", "nobody"),
        ("levels", "of", "99"),
        ("levels", "check", "/nonexistent/levels.toml"),
        ("departments", "add", "technical"),
        ("redo",),
    ],
)
def test_what_is_refused_changes_nothing(poc: Poc, rows_of: Rows, argv: tuple[str, ...]) -> None:
    poc.ok("add", "case", "--to", "technical")
    before = rows_of()
    ran = poc(*argv)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("poc: ")
    assert rows_of() == before


@pytest.mark.parametrize(
    "argv",
    [
        ("note", "1", "\u200b"),
        ("triage", "1", "--subject", "\u3164"),
        ("triage", "1", "--customer", "\u200b"),
        ("remind", "fri", "\u00ad"),
        ("promise", "1", "fri", "\u00ad"),
        ("chase", "1", "\u200b"),
        ("escalate", "1", "--why", "\u200b"),
        ("customers", "add", "\u2800"),
        ("departments", "edit", "technical", "--name", "\u200d"),
    ],
)
def test_words_that_show_nothing_are_no_words(
    poc: Poc, rows_of: Rows, argv: tuple[str, ...]
) -> None:
    poc.ok("add", "case")
    before = rows_of()
    ran = poc(*argv)
    assert (ran.code, ran.out) == (2, "")
    assert rows_of() == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_what_is_done_is_never_said_to_have_failed(poc: Poc, reader: Reader) -> None:
    """Else a script that tries again does it twice."""
    poc.ok("add", "case")
    for output in (">/dev/full", ">&-"):
        ran = subprocess.run(
            ["bash", "-c", f"{sys.executable} -m poc_tui note 1 'be kind' {output}"],
            env={**os.environ, **poc.environ}, capture_output=True, check=False,
        )  # fmt: skip
        assert (ran.returncode, ran.stderr) == (0, b"")
    assert reader.value("SELECT count(*) FROM activity WHERE event = 'noted'") == 2


def test_the_same_tag_in_other_letters_is_one_tag(poc: Poc, reader: Reader) -> None:
    for word in ("+J\u030cx", "+\u01f0x", "+j\u030cX"):
        poc.ok("add", "case", word)
    assert [request(reader, number).tags for number in (1, 2, 3)] == [("\u01f0x",)] * 3


def test_a_verb_as_json_says_what_was_done(poc: Poc) -> None:
    poc.ok("add", "one")
    assert poc.ok("--json", "add", "two", "--customer", "Ott").json == {
        "done": "new #2",
        "numbers": [2],
        "remarks": ["new customer “Ott”"],
    }
    assert poc.ok("note", "1,2", "x", "--json").json == {
        "done": "note on #1 and 1 more",
        "numbers": [1, 2],
        "remarks": [],
    }
    assert poc.ok("undo", "--json").json["done"] == "undo: note on #1 and 1 more"


def test_words_that_are_not_utf8_are_kept_to_the_byte(poc: Poc, reader: Reader) -> None:
    poc.ok("add", "--prio", "high", "caf\udce9", "+\udcff")
    assert original(reader, 1) == b"caf\xe9 +\xff"
    poc.ok("note", "1", "\udcff")
    assert poc("forward", "1", "\udcff").code == 1
    assert poc("\udcff").code == 2
    assert poc("list", "--\udcff").code == 2
    assert "caf�" in poc.ok("show", "1").out
