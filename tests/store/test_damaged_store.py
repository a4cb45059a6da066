"""A store that something else has written on: a sentence and an exit code, no traceback.

`POC_FUZZ=4000 pytest tests/store/test_damaged_store.py` damages so many stores instead of a few.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from poc_tui.cli.main import run
from poc_tui.errors import PocError, StoreUnreadable
from poc_tui.quick import add, list_json
from poc_tui.quick.add import NotHereError
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.damage import damage
from poc_tui.store.desk import Desk
from tests.helpers.desks import demo_store, desk_over, fixed_clock, until

STORES = int(os.environ.get("POC_FUZZ", "12"))

COMMANDS = [
    ["list"],
    ["list", "open", "--json"],
    ["show", "1042"],
    ["show", "1042", "--json"],
    ["search", "invoice"],
    ["agenda"],
    ["due"],
    ["note", "1042", "x"],
    ["undo"],
    ["redo"],
    ["answer", "1042", "10 units"],
    ["forward", "1044", "technical", "why"],
    ["log", "1042", "ten"],
    ["chase", "1042"],
    ["triage", "1044"],
    ["resolve", "1044", "--withdraw"],
    ["snooze", "1044", "tomorrow"],
    ["add", "x", "--prio", "low"],
    ["customers"],
    ["departments"],
    ["mail"],
    ["outbox"],
    ["levels"],
    ["export"],
    ["calendar"],
]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A demo desk to be copied, not to be worked on."""
    return demo_store(tmp_path_factory.mktemp("whole"))


@pytest.fixture
def path(whole: str, tmp_path: Path) -> str:
    return shutil.copy(whole, str(tmp_path / "poc.sqlite3"))


def write_on(path: str, chance: random.Random) -> None:
    """Overwrite, clear or cut off some of the file, but not how it begins."""
    pages = os.path.getsize(path) // 4096
    with open(path, "r+b") as file:
        how = chance.choice(("page", "zeros", "bytes", "end"))
        if how == "end":
            file.truncate(chance.randrange(4096, pages * 4096))
            return
        for _ in range(chance.choice((1, 1, 3))):
            at = chance.randrange(1, pages) * 4096
            if how == "bytes":
                file.seek(at + chance.randrange(4096))
                file.write(chance.randbytes(chance.choice((1, 2, 20))))
            else:
                file.seek(at)
                file.write(chance.randbytes(4096) if how == "page" else bytes(4096))


@pytest.mark.parametrize("seed", range(STORES))
def test_no_command_shows_anything_but_a_sentence(
    path: str, capfdbinary: pytest.CaptureFixture[bytes], seed: int
) -> None:
    chance = random.Random(seed)
    write_on(path, chance)
    for words in chance.sample(COMMANDS, 6):
        code = run(["--db", path, *words], clock=fixed_clock())
        said = capfdbinary.readouterr().err
        assert code in (0, 1, 2, 3), words
        assert (said.count(b"poc: ") == 1) == (code in (1, 2)), (words, said)


VALUES = ["{", "", "null", "7", "[7]", '[["request", 1042]]', '[["nowhere", 1, null]]', "[" * 9999]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value[:30])
def test_a_journal_that_cannot_be_read_is_said_and_nothing_changes(
    path: str, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE journal SET changes = ?", (value,))
    assert run(["--db", path, "list"], clock=fixed_clock()) == 0
    before = Path(path).read_bytes()
    assert run(["--db", path, "undo"], clock=fixed_clock()) == 1
    said = capsys.readouterr().err
    assert "this store is damaged" in said, said
    assert "`poc locate` names the backups" in said
    assert Path(path).read_bytes() == before
    assert run(["--db", path, "note", "1042", "all else goes on"], clock=fixed_clock()) == 0


def json_columns(path: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.type = 'JSON' ORDER BY 1, 2"
        ).fetchall()


@pytest.mark.parametrize("value", VALUES[:5], ids=lambda value: value[:30])
def test_no_list_that_cannot_be_read_shows_anything_but_a_sentence(
    path: str, capfdbinary: pytest.CaptureFixture[bytes], value: str
) -> None:
    for table, column in json_columns(path):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("DROP TRIGGER IF EXISTS activity_is_never_changed")
            connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
    for words in COMMANDS:
        code = run(["--db", path, *words], clock=fixed_clock())
        said = capfdbinary.readouterr().err
        assert (said.count(b"poc: ") == 1) == (code in (1, 2)), (words, said)


def test_damage_is_found_and_a_whole_store_is_whole(path: str) -> None:
    assert damage(path) is None
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE journal SET changes = '{' WHERE id = 3")
    assert "changes of a row in journal" in str(damage(path))
    with open(path, "r+b") as file:
        file.seek(20 * 4096)
        file.write(bytes(40 * 4096))
    assert isinstance(damage(path), StoreUnreadable)
    os.unlink(path)
    assert "there is no store" in str(damage(path))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("forward.next_at", "'soon'"),
        ("forward.asked_at", "1e300"),
        ("turn.until", "'{}'"),
        ("journal.at", "'x'"),
        ("request.due_since", "'x'"),
        ("request.customer_id", "'x'"),
        ("request.received_at", "4611686018427387904"),
        ("request.subject", "x'FF'"),
        ("customer.vip", "'x'"),
    ],
)
def test_values_that_no_column_can_have_are_told_as_damage(
    path: str, capsys: pytest.CaptureFixture[str], column: str, value: str
) -> None:
    table, _, name = column.partition(".")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE {table} SET {name} = {value}")
    assert f"{name} of a row in {table}" in str(damage(path))
    for words in (["export"], ["show", "1042"], ["note", "1042", "x"], ["undo"], ["backup"]):
        assert run(["--db", path, *words], clock=fixed_clock()) in (0, 1), words
        assert "Traceback" not in capsys.readouterr().err


async def test_the_desk_says_that_a_step_cannot_be_taken_back_and_goes_on(path: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE journal SET changes = '{'")
    app = desk_over(path)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: app.screen.query("#queue") is not None)
        await pilot.press("u")
        await until(pilot, lambda: any("damaged" in n.message for n in app._notifications))
        assert app.is_running
        assert app.failure is None


async def test_a_desk_that_breaks_on_a_damaged_store_is_left_with_a_sentence(path: str) -> None:
    app = desk_over(path)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: app.screen.query("#queue") is not None)
        with open(path, "r+b") as file:
            file.seek(4096)
            file.write(bytes(os.path.getsize(path) - 4096))
        app._handle_exception(TypeError("what nobody foresaw"))
        await until(pilot, lambda: app.failure is not None)
    assert isinstance(app.failure, PocError)
    assert "names the backups" in str(app.failure)


def test_a_verb_on_a_damaged_store_changes_nothing(path: str, deadlines: Deadlines) -> None:
    with closing(Desk(path, fixed_clock(), deadlines)) as desk:
        with closing(connect(path)) as connection:
            (page,) = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = 'activity'"
            ).fetchone()
        with open(path, "r+b") as file:
            file.seek((page - 1) * 4096)
            file.write(bytes(4096))
        before = Path(path).read_bytes()
        with pytest.raises(StoreUnreadable, match="not a readable store"):
            desk.do(drafts.Note("x"), [1042])
        assert Path(path).read_bytes() == before


@pytest.mark.parametrize("path", [":memory:", "file::memory:", "file:x?mode=memory", " "])
def test_what_would_be_gone_with_the_command_is_no_store(
    path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["--db", path, "add", "x"]) == 1
    assert "names no file that lasts" in capsys.readouterr().err
    monkeypatch.setenv("POC_DB", path)
    assert run(["list"]) == 1
    assert "names no file that lasts" in capsys.readouterr().err
    assert os.listdir() == []


@pytest.mark.parametrize("seed", range(STORES))
def test_the_quick_lanes_leave_a_damaged_store_to_the_full_command_line_or_say_so(
    path: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setenv("POC_DB", path)
    run(["list"], clock=fixed_clock())  # counts when all is due, which is not theirs to do
    write_on(path, random.Random(seed))
    capfd.readouterr()
    with suppress(NotHereError):
        code = add.add(["hello", "@Meyer AG", "+x"])
        assert capfd.readouterr().err.startswith("poc: ") == (code == 1)
    with suppress(SystemExit):
        list_json.list_json(["open", "--json"])


def test_a_description_of_the_tables_in_no_known_letters_is_said(
    path: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What SQLite complains of holds bytes of the file then."""
    data = Path(path).read_bytes()
    assert data.count(b"CREATE TABLE tally") == 1
    Path(path).write_bytes(data.replace(b"CREATE TABLE tally", b"CREATE TABL\xe6 tally"))
    monkeypatch.setenv("POC_DB", path)
    with pytest.raises(NotHereError):
        add.add(["x"])
    assert run(["list"], clock=fixed_clock()) == 1
    assert "is not a readable store" in capsys.readouterr().err


def test_no_path_is_not_taken_for_the_usual_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--db", "", "add", "x"]) == 2
    assert "--db takes the path" in capsys.readouterr().err
