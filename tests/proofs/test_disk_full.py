"""A disk that takes no more: nothing is half stored, and what is said is why."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from poc_tui.cli.main import run
from poc_tui.errors import PocError, StoreUnreadable
from poc_tui.quick import add
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import connection as store_connection, drafts, notices_told, outbox, raw_mail
from poc_tui.store.connection import connect, connection
from poc_tui.store.desk import Desk
from poc_tui.store.queries.dated_items import untold
from poc_tui.store.queries.reader import Reader
from poc_tui.store.writer import immediate
from poc_tui.system.locations import what_to_do
from tests.helpers.every_verb import a_day_at_the_desk

pytestmark = pytest.mark.proof

resource = pytest.importorskip("resource", reason="needs a system that limits the size of files")

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]
WHY = r"is full|does not take what is written"


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """As if the disk were full as soon as a file has so many bytes, the journal's first of all."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 700, 9_000])
def test_every_verb_says_why_and_leaves_all_as_it_was(
    desk: Desk, reader: Reader, clock: FixedClock, rows_of: Rows, size: int
) -> None:
    steps = a_day_at_the_desk(desk, reader, clock)
    for step in steps:
        before = rows_of()
        with no_file_above(size), pytest.raises(StoreUnreadable, match=WHY):
            step()
        assert rows_of() == before
        step()
    for turn in (desk.undo, desk.redo):
        for _ in steps[:3]:
            before = rows_of()
            with no_file_above(size), pytest.raises(StoreUnreadable, match=WHY):
                turn()
            assert rows_of() == before
            turn()


def test_a_disk_that_fills_up_at_any_point_of_a_step_is_told_as_full(
    desk: Desk, reader: Reader, rows_of: Rows
) -> None:
    """From the first page that does not fit to the last."""
    kept = desk._connection
    (pages,) = kept.execute("PRAGMA page_count").fetchone()
    before = rows_of()
    said = []
    for more in range(200):
        kept.execute(f"PRAGMA max_page_count = {pages + more}")
        try:
            desk.do(drafts.Capture("x", text="long words, " * 8_000))
        except StoreUnreadable as error:
            said.append(str(error))
        else:
            break
        assert rows_of() == before
    assert len(said) > 20
    assert all("is full; nothing was stored, make room" in sentence for sentence in said)
    assert reader.value("SELECT count(*) FROM request") == 1


def test_a_step_that_cannot_be_committed_leaves_the_store_free_for_the_next(
    path: str, desk: Desk, rows_of: Rows
) -> None:
    """A reader keeps the file for so long that COMMIT gives up, and the step is rolled back."""
    desk._connection.execute("PRAGMA busy_timeout = 10")
    before = rows_of()
    with closing(connect(path)) as reading:
        reading.execute("BEGIN")
        reading.execute("SELECT * FROM request").fetchall()
        with pytest.raises(PocError, match="another program"):
            desk.do(drafts.Capture("x"))
        reading.execute("COMMIT")
    assert rows_of() == before
    desk.do(drafts.Capture("x"))


def test_the_cause_of_a_failure_is_what_is_raised(path: str) -> None:
    """SQLite has rolled back by then, and a second ROLLBACK would hide why."""
    with closing(connect(path)) as opened:
        opened.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.OperationalError, match="full"), immediate(opened):
            opened.execute("INSERT INTO tag (name) VALUES (?)", ("x" * 10_000_000,))
        assert not opened.in_transaction
        with pytest.raises(KeyError), immediate(opened):
            raise KeyError
        assert not opened.in_transaction


@pytest.fixture
def no_page_more(path: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes every connection that is opened from now on find the disk full."""

    def now() -> None:
        with closing(connect(path)) as opened:
            (pages,) = opened.execute("PRAGMA page_count").fetchone()
            opened.execute("PRAGMA incremental_vacuum")
        for module in (store_connection, add):
            monkeypatch.setattr(
                module, "PRAGMAS", (*module.PRAGMAS, f"PRAGMA max_page_count = {pages}")
            )

    return now


LONG = "long words; " * 20_000


def test_the_quick_lane_says_why(
    path: str, rows_of: Rows, no_page_more: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("POC_DB", path)
    before = rows_of()
    no_page_more()
    assert add.add([LONG]) == 1
    assert "is full; nothing was stored" in capsys.readouterr().err
    assert rows_of() == before


def test_commands_say_why(
    path: str, desk: Desk, clock: FixedClock, tmp_path: Path, rows_of: Rows,
    no_page_more: Callable[[], None], capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    desk.do(drafts.Capture("one"))
    desk.wind()
    table = tmp_path / "requests.csv"
    table.write_text("subject,text\n" + f"one,{LONG}\n" * 3, encoding="utf-8")
    letter = tmp_path / "letter.eml"
    letter.write_text(f"From: a@b.example\nSubject: x\n\n{LONG}\n", encoding="utf-8")
    before = rows_of()
    no_page_more()
    for words in (
        ["note", "1", LONG],
        ["answer", "1", LONG],
        ["forward", "1", "technical", LONG],
        ["add", LONG, "--prio", "low"],
        ["import", str(table)],
        ["add", "--mail", str(letter)],
    ):
        assert run(["--db", path, *words], clock=clock) in (1, 75), words[0]
        assert "is full" in capsys.readouterr().err, words[0]
        assert rows_of() == before, words[0]


def test_files_that_find_no_room_are_said_to_need_room(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], clock: FixedClock
) -> None:
    places = {"POC_DB": path, "HOME": str(tmp_path), "POC_CONFIG": str(tmp_path / "config.toml")}
    places["POC_LEVELS"] = str(tmp_path / "levels.toml")
    for words in (["config", "set", "desk.name", "Desk"], ["levels", "init"]):
        with no_file_above(0):
            assert run(words, environ=places, clock=clock) == 1
    assert capsys.readouterr().err
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert what_to_do(full) == "Make room there"
    assert what_to_do(PermissionError(errno.EACCES, "")) == "Check who owns it"


def test_what_is_no_verb_says_why(
    path: str, desk: Desk, clock: FixedClock, reader: Reader, rows_of: Rows
) -> None:
    desk.do(drafts.Remind(clock.now() + timedelta(hours=1), "call back"))
    clock.advance(timedelta(hours=2))
    due = untold(reader, clock.zone, clock.now(), "due:me")
    levels = Deadlines(Hours.standard(clock.zone), desk._deadlines.levels)
    before = rows_of()

    def keep() -> None:
        with connection(path) as opened:
            raw_mail.keep(opened, [b"a letter"], "test", clock.now())

    def broken_off() -> None:
        with connection(path) as opened:
            outbox.broken_off(opened, "x")
            raw_mail.fetched(opened, "test", clock.now())

    for act in (
        lambda: notices_told.tell(path, "due:me", due),
        lambda: desk.apply_levels(levels, b"x", "hours"),
        keep,
        broken_off,
    ):
        with no_file_above(0), pytest.raises(StoreUnreadable, match=WHY):
            act()
        assert rows_of() == before
