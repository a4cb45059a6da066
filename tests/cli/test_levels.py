"""Service levels on the command line: shown, checked, put in force, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.levels_file import starter_text
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.requests import request
from tests.helpers.command_line import Poc

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]

QUICK = '[first_answer]\nemail = "2h"\n'
WRONG = '[first_answer]\n\nemail = "2x"\n'


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


@pytest.fixture
def file(poc: Poc) -> Path:
    """Where a person's own service levels would be; nothing is there yet."""
    return Path(poc.environ["POC_CONFIG"]).parent / "service-levels.toml"


def test_the_starter_is_in_force_until_something_is_applied(poc: Poc, file: Path) -> None:
    out = poc.ok("levels").out
    assert "Service levels in force: those that poc ships with" in out
    assert f"File: {file} (not there yet" in out
    assert "1h, same day" in out
    shown = poc.ok("levels", "--json").json
    assert (shown["from"], shown["exists"], shown["file_differs"]) == ("starter", False, False)
    assert shown["levels"]["first_answer"]["social"] == ["1h", "same day"]
    assert shown["levels"]["special"][2]["when"] == {"vip": True}
    assert [step["at"] for step in shown["levels"]["ladder"]] == [1.0, 1.25, 1.5, 2.0]


def test_init_writes_the_starter_beside_the_settings_and_only_once(poc: Poc, file: Path) -> None:
    poc.ok("levels", "init")
    assert file.read_bytes() == starter_text()
    assert file.stat().st_mode & 0o777 == 0o600
    assert poc("levels", "init").code == 1
    assert poc.ok("levels", "check").lines == [f"{file} can be used"]


def test_apply_moves_the_dates_of_open_requests_and_undo_brings_them_back(
    poc: Poc, file: Path, reader: Reader, clock: FixedClock
) -> None:
    poc.ok("add", "by mail", "--via", "email", "--tag", "a")
    poc.ok("add", "given", "--via", "email", "--due", "fri 14:00")
    before = request(reader, 1)
    given = request(reader, 2).due_at
    clock.advance(timedelta(hours=3))
    file.write_text(QUICK)
    assert "The file is other than what is in force" in poc.ok("levels").out
    assert poc.ok("levels", "apply").lines == [
        "apply the service levels",
        "  dates changed: 1 of 2 open requests",
        "  late now: 1, before: 0",
        "  poc undo takes it back",
    ]
    assert request(reader, 1).due_at == before.received_at + timedelta(hours=2)
    assert request(reader, 2).due_at == given
    shown = poc.ok("levels", "--json").json
    assert (shown["from"], shown["file_differs"]) == ("store", False)
    assert shown["applied_at"] == "2026-11-23T12:12:00+01:00"
    poc.ok("add", "next", "--via", "email", "--tag", "a")
    poc.ok("show", "3")
    assert request(reader, 3).due_at == clock.now() + timedelta(hours=2)
    poc.ok("undo")
    poc.ok("undo")
    assert request(reader, 1).due_at == before.due_at
    assert poc.ok("levels", "--json").json["from"] == "starter"


def test_applying_what_is_in_force_changes_nothing(poc: Poc, file: Path, rows_of: Rows) -> None:
    file.write_text(QUICK)
    poc.ok("levels", "apply")
    before = rows_of()
    assert poc.ok("levels", "apply").lines == [f"nothing to apply: {file} is in force already"]
    assert rows_of() == before


def test_a_change_of_the_business_hours_is_there_to_apply(
    poc: Poc, reader: Reader, file: Path
) -> None:
    poc.ok("add", "by mail", "--via", "email", "--tag", "a")
    poc.ok("levels", "apply")
    before = request(reader, 1).due_at
    poc.ok("config", "set", "hours.mon", "09:00-11:00")
    assert "The business hours are other than what is in force" in poc.ok("levels").out
    assert "dates changed: 1 of 1" in poc.ok("levels", "apply").out
    after = request(reader, 1).due_at
    assert before is not None
    assert after is not None
    assert after > before


def test_a_wrong_file_is_refused_with_its_line_and_the_old_levels_stay(
    poc: Poc, file: Path, reader: Reader, rows_of: Rows
) -> None:
    poc.ok("add", "by mail", "--via", "email", "--tag", "a")
    file.write_text(QUICK)
    poc.ok("levels", "apply")
    file.write_text(WRONG)
    before = rows_of()
    refused = poc("levels", "apply")
    assert (refused.code, refused.out) == (1, "")
    assert f"{file}, line 3:" in refused.err
    assert "The levels in force stay as they are." in refused.err
    checked = poc("levels", "check")
    assert (checked.code, f"{file}, line 3:" in checked.err) == (1, True)
    assert rows_of() == before
    assert f"The file cannot be used: {file}, line 3" in poc.ok("levels").out
    assert "line 3" in poc.ok("levels", "--json").json["problem"]
    poc.ok("add", "one more", "--via", "email", "--tag", "a")
    poc.ok("show", "2")
    assert request(reader, 2).due_at == request(reader, 1).due_at


def test_check_looks_at_any_file_and_changes_nothing(
    poc: Poc, tmp_path: Path, rows_of: Rows
) -> None:
    other = tmp_path / "other.toml"
    other.write_text(WRONG)
    before = rows_of()
    assert f"{other}, line 3" in poc("levels", "check", str(other)).err
    other.write_text(QUICK)
    assert poc.ok("levels", "check", str(other), "--json").json["file"] == str(other)
    assert rows_of() == before


def _editor(poc: Poc, tmp_path: Path, script: str) -> None:
    editor = tmp_path / "editor"
    editor.write_text(f"#!/bin/sh\n{script}\n")
    editor.chmod(0o755)
    poc.environ["EDITOR"] = str(editor)


def test_edit_applies_what_was_written(
    poc: Poc, file: Path, reader: Reader, tmp_path: Path
) -> None:
    poc.ok("add", "by mail", "--via", "email", "--tag", "a")
    _editor(poc, tmp_path, """sed -i '0,/^email = "1d"/s//email = "2h"/' "$1" """)
    assert "dates changed: 1 of 1" in poc.ok("levels", "edit").out
    assert b'email = "2h"' in file.read_bytes()
    seen = request(reader, 1)
    assert seen.due_at == seen.received_at + timedelta(hours=2)
    assert poc.ok("levels", "edit").lines == [f"nothing was changed in {file}"]


def test_edit_keeps_what_was_written_wrong_but_does_not_apply_it(
    poc: Poc, file: Path, tmp_path: Path, rows_of: Rows
) -> None:
    before = rows_of()
    _editor(poc, tmp_path, """printf '[first_answer]\\n\\nemail = "2x"\\n' > "$1" """)
    refused = poc("levels", "edit")
    assert (refused.code, f"{file}, line 3" in refused.err) == (1, True)
    assert file.read_text() == WRONG
    assert rows_of() == before
    poc.environ["EDITOR"] = "false"
    assert poc("levels", "edit").code == 1
    assert file.read_text() == WRONG


def test_levels_of_a_request_says_why(poc: Poc) -> None:
    poc.ok("customers", "add", "Meyer AG", "--vip")
    poc.ok("add", "Invoice", "--customer", "Meyer AG", "--via", "email")
    poc.ok("triage", "1")
    found = poc.ok("levels", "of", "1", "--json").json
    assert (found["vip"], found["customer"], found["channel"]) == (True, "Meyer AG", "email")
    assert found["levels"][0] == {
        "target": "first_answer",
        "within": ["4h"],
        "special": 3,
        "because": "special 3: VIP, 50% of 1d",
        "due_at": "2026-11-23T13:12:00+01:00",
    }
    assert [one["due_at"] is None for one in found["levels"]] == [False, True, False]
    assert "first answer  4h      special 3: VIP, 50% of 1d" in poc.ok("levels", "of", "1").out
    poc.ok("triage", "1", "--due", "fri 14:00")
    out = poc.ok("levels", "of", "1").out
    assert "A person said when they must hear from us: Fri 27 Nov 14:00" in out


def test_levels_of_a_plain_request_come_from_its_channel(poc: Poc) -> None:
    poc.ok("add", "question", "--via", "phone")
    found = poc.ok("levels", "of", "1", "--json").json["levels"]
    assert [one["because"] for one in found] == ["channel phone"] * 3
    assert [one["within"] for one in found] == [["same day"], ["1d"], ["3d"]]


def test_departments_say_what_the_levels_make_of_their_own_word(poc: Poc, file: Path) -> None:
    file.write_text('[departments.Technical]\nanswer_within = "4h"\ncritical = "1h"\n')
    assert poc.ok("departments", "show", "technical").lines[1].endswith(": 1d")
    poc.ok("levels", "apply")
    line = poc.ok("departments", "show", "technical").lines[1]
    assert line.endswith(": 4h, critical 1h (its own: 1d)")
    shown = poc.ok("departments", "show", "technical", "--json").json
    assert shown["answer_within"] == "1d"
    assert shown["in_force"] == {"low": "4h", "normal": "4h", "high": "4h", "critical": "1h"}
    assert "technical: answer within 4h, critical 1h" in poc.ok("levels").out


def test_a_department_that_the_desk_does_not_have_is_named(poc: Poc, file: Path) -> None:
    file.write_text('[departments.Technik]\nanswer_within = "2h"\n')
    for command in ("check", "apply"):
        assert "“technik” is no department of this desk" in poc.ok("levels", command).out


def test_new_words_of_the_ladder_are_there_to_apply(poc: Poc, file: Path) -> None:
    file.write_text(QUICK)
    poc.ok("levels", "apply")
    (file.parent / "templates").mkdir()
    (file.parent / "templates" / "remind.txt").write_text("Please, {department}.")
    assert poc.ok("levels", "--json").json["file_differs"]
    assert "apply the service levels" in poc.ok("levels", "apply").out
    assert not poc.ok("levels", "--json").json["file_differs"]
