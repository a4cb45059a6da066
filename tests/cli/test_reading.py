"""What `list`, `show`, `search`, `agenda` and the settings print, for people and as JSON."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from poc_tui.cli.output.layout import Table, table_lines
from poc_tui.quick.json_text import LocalTimes
from poc_tui.rules.time_source import FixedClock
from tests.helpers.command_line import Poc

FIELDS = [
    "number", "subject", "text", "customer", "department", "state", "court", "channel", "kind",
    "priority", "tags", "received_at", "due_at", "next_at", "first_answered_at", "resolved_at",
    "resolution",
]  # fmt: skip
"""Section 7 of the design."""
SHOWN = [
    *FIELDS, "resolve_by", "due_for", "duplicate_of", "escalation", "clocks", "burnt_minutes",
    "activities", "forwards", "reminders", "remarks",
]  # fmt: skip
"""What `show` adds to them."""

IMPORTS_NOT = ("sqlmodel", "sqlalchemy", "pydantic", "textual", "rich.console")


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


@pytest.fixture
def worked(poc: Poc, clock: FixedClock) -> Poc:
    """A late request, one asked, one answered, one asleep, one resolved and one new."""
    poc.ok("add", "late one", "--customer", "Meyer AG", "--via", "chat", "--tag", "vat")
    poc.ok("triage", "1")
    poc.ok("add", "asked", "--customer", "Bäckerei Ott", "--to", "technical", "--tag", "a",
           "--tag", "vat")  # fmt: skip
    poc.ok("add", "answered", "--customer", "Hotel Krone")
    poc.ok("answer", "3", "Please send a picture.")
    poc.ok("add", "sleeping")
    poc.ok("snooze", "4", "thu 9:00")
    poc.ok("add", "closed")
    poc.ok("resolve", "5", "No.", "--as", "declined")
    clock.advance(timedelta(hours=1))
    poc.ok("add", "fresh")
    poc.ok("remind", "tomorrow 8:00", "buy stamps")
    return poc


@pytest.mark.parametrize(
    ("view", "numbers"),
    [
        ("", [1, 6, 2, 4, 3]),
        ("open", [1, 6, 2, 4, 3]),
        ("my-turn", [1, 6]),
        ("mine", [1, 6]),
        ("with-departments", [2]),
        ("departments", [2]),
        ("with-customer", [3]),
        ("customers", [3]),
        ("snoozed", [4]),
        ("resolved", [5]),
        ("late", [1]),
        ("new", [6]),
    ],
)
def test_list_prints_the_view(worked: Poc, view: str, numbers: list[int]) -> None:
    argv = ["list", *([view] if view else [])]
    listed = worked.ok(*argv, "--json").json
    assert sorted(one["number"] for one in listed) == sorted(numbers)
    printed = [line.split()[0] for line in worked.ok(*argv).lines[1:]]
    assert printed == [f"#{one['number']}" for one in listed]


def test_what_is_late_stands_first_and_says_so(worked: Poc) -> None:
    first = worked.ok("list").lines[1]
    assert first.startswith(" #1  late 55 min")


def test_list_narrows_to_a_customer_a_tag_and_a_number(worked: Poc) -> None:
    def numbers(*argv: str) -> list[int]:
        return [one["number"] for one in worked.ok("list", "--json", *argv).json]

    assert numbers("--customer", "ott") == [2]
    assert sorted(numbers("--tag", "+VAT")) == [1, 2]
    assert numbers("--tag", "nothing") == []
    assert len(numbers("--limit", "2")) == 2
    assert worked("list", "--customer", "nobody").code == 1
    assert worked("list", "sideways").code == 2


def test_json_of_a_list_has_exactly_the_fields_of_the_design(worked: Poc) -> None:
    listed = worked.ok("list", "--json").json
    assert all(list(one) == FIELDS for one in listed)
    asked = next(one for one in listed if one["number"] == 2)
    assert asked == {
        "number": 2,
        "subject": "asked",
        "text": "",
        "customer": "Bäckerei Ott",
        "department": "Technical",
        "state": "open",
        "court": "department",
        "channel": "email",
        "kind": "question",
        "priority": "normal",
        "tags": ["a", "vat"],
        "received_at": "2026-11-23T09:12:00+01:00",
        "due_at": "2026-11-24T09:12:00+01:00",
        "next_at": "2026-11-24T09:12:00+01:00",
        "first_answered_at": None,
        "resolved_at": None,
        "resolution": None,
    }


def test_json_of_one_is_that_of_the_list_and_more(worked: Poc) -> None:
    for number in range(1, 7):
        shown = worked.ok("show", str(number), "--json").json
        assert list(shown) == SHOWN
        view = "resolved" if number == 5 else "open"
        listed = {one["number"]: one for one in worked.ok("list", view, "--json").json}
        assert {name: shown[name] for name in FIELDS} == listed[number]


def test_json_is_ascii_and_empty_lists_are_arrays(poc: Poc) -> None:
    assert poc.ok("list", "--json").out == "[]\n"
    assert poc.ok("search", "x", "--json").json == []
    poc.ok("add", "Größe\x9b1m \U0001f600", "--customer", "Bäckerei")
    for argv in (("list",), ("show", "1"), ("customers",), ("search", "groesse")):
        assert poc.ok(*argv, "--json").out.isascii()
    assert poc.ok("list", "--json").json[0]["subject"] == "Größe\x9b1m \U0001f600"


def test_show_tells_the_whole_story(worked: Poc) -> None:
    worked.ok("log", "2", "10 units\nwere delivered", "--from", "technical")
    out = worked.ok("show", "2").out
    for words in ("#2  asked", "Bäckerei Ott", "+vat", "forwarded to Technical", "10 units"):
        assert words in out
    assert "      were delivered\n" in out


def test_show_has_every_clock_and_the_time_spent(worked: Poc, clock: FixedClock) -> None:
    shown = worked.ok("show", "2", "--json").json
    assert shown["due_for"] == "first-answer"
    assert shown["resolve_by"] == "2026-11-30T09:12:00+01:00"
    assert shown["clocks"] == [
        {"name": "first answer", "due_at": "2026-11-24T09:12:00+01:00", "left_minutes": 420,
         "chased": 0},
        {"name": "resolution", "due_at": "2026-11-30T09:12:00+01:00", "left_minutes": 2340,
         "chased": 0},
        {"name": "Technical", "due_at": "2026-11-24T09:12:00+01:00", "left_minutes": 420,
         "chased": 0},
    ]  # fmt: skip
    assert shown["burnt_minutes"] == {"mine": 0, "departments": 60, "customer": 0}
    out = worked.ok("show", "2").out
    assert "first answer  tomorrow 09:12" in out
    assert "7h left" in out
    assert "Time spent: my turn 0min, with departments 1h, with customer 0min" in out
    clock.advance(timedelta(hours=24))
    late = worked.ok("show", "2")
    assert late.out.count("1h late") == 2
    assert "escalate to management? late by 1h (poc escalate 2)" in late.out
    assert worked.ok("show", "2", "--json").json["clocks"][0]["left_minutes"] == -60


def test_the_customers_clock_stands_still_while_the_move_is_theirs(worked: Poc) -> None:
    shown = worked.ok("show", "3", "--json").json
    assert (shown["clocks"], shown["resolve_by"]) == ([], None)
    assert shown["burnt_minutes"] == {"mine": 0, "departments": 0, "customer": 60}
    assert "The customer's clock stands still" in worked.ok("show", "3").out


def test_a_list_says_what_is_untouched_to_be_chased_and_escalated(
    worked: Poc, clock: FixedClock
) -> None:
    worked.ok("escalate", "3", "--why", "they threaten to leave")
    clock.advance(timedelta(days=8))
    worked.ok("triage", "2", "--due", "tomorrow")
    worked.ok("forward", "2", "legal")
    lines = {line.split()[0]: line for line in worked.ok("list").lines[1:]}
    assert "▲ no reply 8 d answered" in lines["#3"]
    assert "untouched" not in lines["#3"], "that no reply came says so"
    assert "untouched 8d fresh" in lines["#6"]
    assert "untouched" not in lines["#2"]
    assert "tomorrow 17:00" in lines["#2"]
    assert [one["number"] for one in worked.ok("list", "escalated", "--json").json] == [3]


def test_a_list_says_since_when_a_department_is_to_be_chased(poc: Poc, clock: FixedClock) -> None:
    poc.ok("add", "a letter", "--via", "letter", "--to", "technical")
    clock.advance(timedelta(days=1, hours=2))
    line = poc.ok("list").lines[1]
    assert line.startswith(" #1  Mon 30 Nov 09:12  chase 2 h a letter  with Technical")


def test_show_original_is_the_bytes_as_they_came(poc: Poc) -> None:
    raw = b"Betreff \xff\x1b[31m\r\nzwei\n"
    poc.ok("add", "-", "--prio", "low", stdin=raw)
    shown = subprocess.run(
        [sys.executable, "-m", "poc_tui", "show", "1", "--original"],
        env={**os.environ, **poc.environ},
        capture_output=True,
        check=True,
    )
    assert shown.stdout == raw
    assert b64decode(poc.ok("show", "1", "--original", "--json").json["original_base64"]) == raw


def test_search_finds_both_spellings(poc: Poc) -> None:
    poc.ok("add", "Rechnung über Brötchen", "--customer", "Bäckerei Ott")
    poc.ok("add", "other")
    for words in ("ueber", "über", "baeckerei", "1", "rech broe"):
        assert [one["number"] for one in poc.ok("search", words, "--json").json] == [1]
    assert poc.ok("search", "nothing").lines == ["nothing found"]


def test_the_agenda_has_each_move_in_its_part(worked: Poc) -> None:
    found = worked.ok("agenda", "--json").json
    assert found.pop("now") == "2026-11-23T10:12:00+01:00"
    reminders = found.pop("reminders")
    assert found.pop("aside") == 0
    assert {
        name: [(one["what"], one["number"]) for one in part] for name, part in found.items()
    } == {
        "late": [("answer", 1)],
        "new": [("new", 6)],
        "today": [],
        "coming": [
            ("reminder", None),
            ("resolve", 1),
            ("answer", 2),
            ("chase", 2),
            ("answer", 4),
            ("snooze", 4),
            ("check-back", 3),
        ],
    }
    assert [one["number"] for one in reminders] == [None, 4]


def test_a_line_of_the_agenda_says_what_and_has_the_fields_of_the_request(worked: Poc) -> None:
    worked.ok("add", "what a pity", "--customer", "Meyer AG", "--text", "It broke.", "--due", "fri")
    worked.ok("triage", "7")
    worked.ok("forward", "1", "technical", "ten or twelve?", "--due", "today 16:00")
    worked.ok("customers", "add", "Hotel Krone Sud", "--every", "1 week")
    found = worked.ok("agenda", "--json", "--days", "8").json
    lines = {one["what"]: one for part in ("coming", "today") for one in found[part]}
    listed = {one["number"]: one for one in worked.ok("list", "--json").json}
    chase = lines["chase"]
    assert list(chase)[:4] == ["what", "at", "id", "words"]
    assert (chase["words"], chase["department"]) == ("chase Technical", "Technical")
    assert chase["text"] == "ten or twelve?"
    assert {name: chase[name] for name in FIELDS if name != "text"} == {
        name: value for name, value in listed[1].items() if name != "text"
    }
    broke = next(one for one in found["coming"] if one["number"] == 7)
    assert (broke["what"], broke["text"]) == ("answer", "It broke.")
    contact = lines["contact"]
    assert contact["words"] == "talk to Hotel Krone Sud (every week)"
    assert (contact["number"], contact["text"]) == (None, "every week")


def test_the_agenda_for_people_goes_by_the_hour_and_by_whom(worked: Poc) -> None:
    out = worked.ok("agenda").out
    headings = [line for line in out.splitlines() if "(" in line and not line.startswith("#")]
    assert headings == [
        "Late (1: 1 answer)",
        "New (1)",
        "Tomorrow, Tue 24 Nov (5: 2 answers, 1 to resolve, 1 to chase, 1 reminder)",
        "Thu 26 Nov (2: 1 check-back, 1 reminder)",
        "Whom to turn to (1)",
    ]
    assert "late 55 min  first answer" in out
    worked.ok("forward", "1", "technical", "ten or twelve?", "--due", "today 16:00")
    whom = worked.ok("agenda").out.partition("Whom to turn to (1)")[2].splitlines()
    assert [line.split() for line in whom[2:]] == [
        ["Technical", "chase,", "2", "questions", "today", "16:00", "#1", "#2"]
    ]


def test_the_agenda_reaches_as_far_as_it_is_asked_to(worked: Poc) -> None:
    short = worked.ok("agenda", "--days", "2").out
    assert "buy stamps" in short
    assert "sleeping" in short, "its first answer is due tomorrow"
    assert "back from snooze" not in short
    assert worked.ok("agenda", "--json", "--days", "1").json["coming"] == []


def test_a_long_part_of_the_agenda_says_where_the_rest_is(poc: Poc, clock: FixedClock) -> None:
    for number in range(1, 23):
        poc.ok("add", f"one {number}", "--via", "chat")
    assert "and 2 more: poc list new" in poc.ok("agenda").out
    clock.advance(timedelta(days=1))
    assert "and 22 more: poc list late" not in poc.ok("agenda").out
    assert "more: poc list late" in poc.ok("agenda").out


def test_the_agenda_knows_when_what_was_just_taken_down_is_due(poc: Poc) -> None:
    poc.ok("add", "via chat", "--via", "chat")
    line = poc.ok("agenda", "--json").json["new"][0]
    assert line["at"] == line["due_at"] is not None


def test_without_a_command_and_a_terminal_the_agenda_is_printed(worked: Poc) -> None:
    assert worked.ok().out == worked.ok("agenda").out


def test_an_empty_desk_says_what_to_do_first(poc: Poc) -> None:
    assert "poc add" in poc.ok().out


def test_the_store_is_made_where_there_is_none(poc: Poc, tmp_path: Path) -> None:
    new = tmp_path / "new" / "desk.sqlite3"
    assert poc.ok("list", "--db", str(new)).lines == ["no requests in open"]
    assert new.stat().st_mode & 0o777 == 0o600
    poc.ok("--db", str(new), "add", "here", "--prio", "low")
    assert poc.ok("list", "--json").json == []


def test_a_file_that_is_no_store_is_refused(poc: Poc, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    other.write_bytes(b"not a database, for sure" * 100)
    for argv in (("list",), ("add", "x", "--prio", "low"), ()):
        ran = poc(*argv, "--db", str(other)) if argv else poc("--db", str(other))
        assert (ran.code, ran.out) == (1, "")
    assert other.read_bytes().startswith(b"not a database")


def test_a_table_is_cut_to_a_terminal_and_nowhere_else() -> None:
    table = Table([{"No.": "#1", "Subject": "长" * 100}], gives_way="Subject")
    assert max(cell_len(line.text) for line in table_lines(table, 40)) <= 40
    assert "长" * 100 in [*table_lines(table, None)][1].text


def test_what_is_wrong_is_read_to_its_end_on_a_terminal() -> None:
    words = "`poc mail password imap` keeps 另一个 password, and " + "x" * 50
    table = Table([{"Way": "imap", "Found": words}], wraps="Found")
    lines = [line.text for line in table_lines(table, 40)][1:]
    assert lines[0] == "imap  `poc mail password imap` keeps"
    assert all(line.startswith(" " * 6) for line in lines[1:])
    assert " ".join(line[6:] for line in lines) == words
    assert max(cell_len(line) for line in lines if "x" * 50 not in line) <= 40
    assert [*table_lines(table, None)][1].text == f"imap  {words}"


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "UTC"])
def test_local_times_agree_with_the_zone_across_its_changes(zone: str) -> None:
    there = ZoneInfo(zone)
    times = LocalTimes(there)
    start = datetime(2026, 10, 24, 21, 59, 58, tzinfo=UTC)
    for minutes in range(0, 60 * 24 * 3, 7):
        moment = start + timedelta(minutes=minutes)
        expected = moment.astimezone(there).isoformat()
        assert times.of_seconds(int(moment.timestamp())) == expected
        assert times.of(moment) == expected


def test_config_shows_what_is_in_force_and_from_where(poc: Poc) -> None:
    path = poc.environ["POC_CONFIG"]
    assert path in poc.ok("config").lines[0]
    assert poc.ok("config", "set", "desk.theme", "nord").lines == ['desk.theme = "nord"']
    shown = poc.ok("config", "show", "--json").json
    by_key = {one["key"]: one for one in shown["settings"]}
    assert by_key["desk.theme"] == {"key": "desk.theme", "value": '"nord"', "from": "file"}
    assert by_key["desk.bell"]["from"] == "default"
    assert poc.ok("config", "path").lines == [path]
    assert poc("config", "init").code == 1
    wrong = poc("config", "set", "desk.thme", "nord")
    assert (wrong.code, "desk.theme" in wrong.err) == (1, True)


def test_a_wrong_settings_file_is_named_and_can_still_be_edited(poc: Poc, tmp_path: Path) -> None:
    config = Path(poc.environ["POC_CONFIG"])
    config.write_text('[desk]\nthem = "nord"\n')
    ran = poc("keys")
    assert (ran.code, str(config) in ran.err) == (1, True)
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nsed -i s/them/theme/ "$1"\n')
    editor.chmod(0o755)
    poc.environ["EDITOR"] = str(editor)
    assert poc.ok("config", "edit").lines == [f"saved {config}"]
    poc.ok("keys")


def test_keys_shows_a_persons_own(poc: Poc) -> None:
    poc.ok("config", "set", "keys.forward", "Z")
    keys = {one["command"]: one["keys"] for one in poc.ok("keys", "--json").json}
    assert keys["forward"] == ["Z"]
    assert keys["undo"] == ["u"]


def test_locate_names_the_store_that_is_meant(poc: Poc, tmp_path: Path) -> None:
    other = str(tmp_path / "other.sqlite3")
    assert other in poc.ok("locate", "--db", other).out


@pytest.mark.parametrize(
    ("command", "tables"),
    [
        ("list", ["No.|When|Customer|Subject|Move|Priority|Kind|Channel"]),
        ("agenda", ["When|What|No.|Customer|Subject|Reminder", "Who|What|When|Requests"]),
        ("reminders", ["Id|When|Recurs|Kind|Request|Customer|To|Reminder"]),
        ("customers", ["Id|Name|Organisation|VIP|Prefers|Open|Resolved"]),
        ("departments", ["Name|Answers within, 1d = 8h|Open|Contact|Remit"]),
        ("levels", ["Channel|First answer|Next update|Resolution",
                    "Special|When|First answer|Next update|Resolution",
                    "Chase ladder|At|To|Template"]),
        ("levels of 1", ["Target|Within|Because|Due"]),
        ("show 2", ["Clock|Due|Business time, 1d = 8h|Chased"]),
        ("mail test", ["Way|What was found"]),
        ("config", ["Setting|Value|From"]),
        ("keys", ["Key|Command|What it does"]),
        ("locate", ["What|Where"]),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)  # fmt: skip
def test_a_table_says_what_stands_in_its_columns(
    worked: Poc, command: str, tables: list[str]
) -> None:
    worked.ok("customers", "edit", "meyer", "--organisation", "Meyer", "--vip", "--prefers", "chat")
    worked.ok("departments", "edit", "technical", "--contact", "workshop, ext. 21")
    worked.ok("triage", "1", "--prio", "high")
    worked.ok("promise", "1", "fri 14:00", "a corrected invoice", "--to", "the board")
    worked.ok("remind", "every monday 9:00", "hand over")
    worked.ok("chase", "2", "--early")
    out = worked(*command.split()).out
    lines = ["|".join(re.split(r"  +", line.strip())) for line in out.splitlines()]
    assert [table for table in tables if table in lines] == tables, lines


@pytest.mark.parametrize(
    "command",
    ["add", "list", "show", "search", "agenda", "triage", "forward", "log", "answer", "note",
     "resolve", "reopen", "snooze", "remind", "done", "reminders", "undo", "redo", "chase",
     "escalate", "promise", "talked", "when", "levels show",
     "levels of", "levels init", "levels check",
     "levels apply", "levels edit",
     "customers list", "customers show", "customers add", "customers edit", "departments list",
     "departments show", "departments add", "departments edit", "departments retire",
     "config show", "config path", "config edit", "config init", "config set", "keys", "locate",
     "demo"],
)  # fmt: skip
def test_every_command_has_help_with_an_example(poc: Poc, command: str) -> None:
    out = poc.ok(*command.split(), "--help").out
    assert f"Example: poc {command.split(maxsplit=1)[0]}" in " ".join(out.split())
    assert "--json" in out
    assert "--db" in out


def test_help_lists_every_command(poc: Poc) -> None:
    from poc_tui.cli.command_groups import COMMANDS

    out = poc.ok("--help").out
    assert all(f"\n  {name} " in out for name in COMMANDS)
    near = poc("lst")
    assert (near.code, "poc list" in near.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("poc rem", ["remind", "reminders"]),
        ("poc list la", ["late"]),
        ("poc add x --kind c", ["complaint"]),
        ("poc forward 1 Tech", ["Technical"]),
        ("poc list --customer bae", ["baeckerei ott"]),
        ("poc resolve 1 --as no", ["no-reply"]),
        ("poc resolve 1 --promises k", ["kept"]),
        ("poc chase 2 --department Tech", ["Technical"]),
        ("poc talked bae", ["baeckerei ott"]),
        ("poc escalate 1 --to He", ["Head of Technical"]),
    ],
)
def test_the_shell_is_offered_what_could_come_next(
    worked: Poc, monkeypatch: pytest.MonkeyPatch, words: str, offered: list[str]
) -> None:
    completing = {
        "_POC_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    worked.ok("departments", "edit", "technical", "--lead", "Head of Technical")
    for name, value in completing.items():
        monkeypatch.setenv(name, value)
    worked.environ.update(completing)
    assert worked.ok().out.split("\n")[:-1] == offered


def test_completing_without_a_store_offers_nothing_and_does_not_fail(
    poc: Poc, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in (("COMP_WORDS", "poc forward 1 t"), ("COMP_CWORD", "3")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("_POC_COMPLETE", "complete_bash")
    poc.environ |= {"_POC_COMPLETE": "complete_bash", "POC_DB": str(tmp_path / "none" / "x")}
    ran = poc()
    assert (ran.code, ran.out.strip(), ran.err) == (0, "", "")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("argv", [["list", "--json"], ["list"], ["show", "1"], ["search", "x"], []])
def test_reading_imports_nothing_heavy(worked: Poc, argv: list[str]) -> None:
    script = (
        "import sys; from poc_tui.cli.main import run; code = run(sys.argv[1:]);"
        f"print([name for name in {IMPORTS_NOT!r} if name in sys.modules], file=sys.stderr);"
        "sys.exit(code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, *argv],
        env={**os.environ, **worked.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "[]\n"), ran.stderr


def test_it_runs_as_a_program(path: str, tmp_path: Path) -> None:
    env = {**os.environ, "POC_DB": path, "POC_CONFIG": str(tmp_path / "none.toml")}

    def poc(*argv: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "poc_tui", *argv],
            env=env, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert poc("add", "-", "--prio", "high", stdin="One\ntwo\n").stdout == "#1\n"
    assert json.loads(poc("list", "--json").stdout)[0]["text"] == "two"
    assert poc("show", "2").returncode == 1
    assert poc("nonsense").returncode == 2
    assert "poc add" not in poc().stdout


def test_a_reader_that_has_had_enough_is_no_failure(worked: Poc) -> None:
    program = f"{sys.executable} -m poc_tui"
    ran = subprocess.run(
        ["bash", "-c", f"{program} list --json | true; echo ${{PIPESTATUS[0]}}"],
        env={**os.environ, **worked.environ}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.stdout, ran.stderr) == ("0\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_output_that_cannot_be_written_is_said(worked: Poc) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "poc_tui", "list"],
            env={**os.environ, **worked.environ}, stdout=full, stderr=subprocess.PIPE, text=True,
            check=False,
        )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stderr.startswith("poc: ")
    assert ran.stderr.count("\n") == 1
