"""What every verb writes, undo and redo with it, is what it was: rows, journal and all.

The ledgers in `golden_journal.json` say what each step of three days made of every table. A verb
that is changed on purpose changes them, too: see `tests.helpers.golden_days`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from poc_tui.models.values import Priority, Resolution
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import VERBS
from poc_tui.store.exchange.export import export_file
from poc_tui.store.exchange.importing import ImportOptions, import_file
from poc_tui.store.migrations import migrate
from poc_tui.store.queries import search
from poc_tui.store.queries.reader import Reader
from poc_tui.store.writer import Image
from tests.helpers import golden_days, ledger, standing, state, version_4
from tests.helpers.golden_days import Day
from tests.helpers.ledger import Entry, Line
from tests.helpers.stores import new_store

GOLDEN = Path(__file__).with_name("golden_journal.json")

LATER = timedelta(days=30)


@pytest.fixture(scope="module")
def golden() -> dict[str, list[Entry]]:
    """The ledgers, by the name of the day."""
    ledgers: dict[str, list[Entry]] = json.loads(GOLDEN.read_bytes())
    return ledgers


@pytest.fixture
def before(tmp_path: Path) -> Iterator[Day]:
    """A desk of today over a store that was written before, a month later."""
    path = str(tmp_path / "version_4.sqlite3")
    version_4.make(path)
    clock = FixedClock(golden_days.START + LATER, golden_days.BERLIN)
    migrate.ensure(path, clock)
    with golden_days.begun(path, clock) as day:
        yield day


@pytest.mark.parametrize("clock", [FixedClock, golden_days.FineClock])
@pytest.mark.parametrize("name", golden_days.DAYS)
def test_each_step_makes_of_each_table_what_it_made_before(
    name: str, clock: type[FixedClock], golden: dict[str, list[Entry]], tmp_path: Path
) -> None:
    found = golden_days.kept(name, tmp_path, clock).ledger.entries
    assert ledger.differences(golden[name], json.loads(json.dumps(found))) == []


def test_every_verb_is_in_the_ledgers(golden: dict[str, list[Entry]]) -> None:
    kept = {entry[0][1].partition(":")[0] for entries in golden.values() for entry in entries}
    assert {draft.__name__ for draft in VERBS} - kept == set()


def test_the_same_steps_give_the_same_export_to_the_byte(tmp_path: Path) -> None:
    """In another process as well, in which what is hashed comes in another order."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    exporting = (
        "import sys, pathlib; from tests.helpers import golden_days;"
        "golden_days.export(pathlib.Path(sys.argv[1]))"
    )
    project = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", exporting, str(there)], cwd=project, check=True)
    golden_days.export(here)
    for name in golden_days.DAYS:
        exported = (here / f"{name}.jsonl").read_bytes()
        assert exported == (there / f"{name}.jsonl").read_bytes()
        again = tmp_path / "again.jsonl"
        export_file(str(again), str(here / f"{name}.sqlite3"))
        assert exported == again.read_bytes()


def test_only_the_portions_in_which_a_step_wrote_a_row_are_no_difference() -> None:
    title: Line = ["=", "note"]
    tag: Line = ["<", 1, "tag", 2, None]
    court: Image = {"court": "me"}
    late: Image = {"court": "customer", "due_at": 7}

    def step(*images: Image) -> Entry:
        return [title, *(["<", 1, "request", 1, image] for image in images)]

    wanted = [[*step(court, late), tag]]
    for same in (
        [title, tag, *step(court, late)[1:]],
        [*step(court), tag, *step(late)[1:]],
        [*step({"court": "me", "due_at": 7}), tag],
    ):
        assert ledger.differences(wanted, [same]) == []
    for other in (
        step(court, late),
        [*step(late, court), tag],
        [*step(court), tag],
        [*step(court, late, None), ["<", 1, "tag", 3, None]],
        [*step(None, court, late), tag],
        [*step(court, late), tag, ["+", "tag", [3], {"id": 3}]],
        [["=", "note on #1"], *step(court, late)[1:], tag],
    ):
        assert ledger.differences(wanted, [other]) != []
    assert ledger.differences(wanted, []) != []
    assert ledger.differences(wanted, wanted * 2) != []


def test_a_store_written_before_is_undone_to_its_beginning_and_done_again(before: Day) -> None:
    opened = before.ledger.present
    undone = [row["undone"] for row in opened["journal"].values()]
    assert (undone.count(0), undone.count(1), undone.count(2)) == (79, 4, 1)

    assert len(before.undo_all()) == 79
    beginning = ledger.read(before.connection)
    assert {table for table, rows in state.without_journal(beginning).items() if rows} == {
        "department",
        "sqlite_sequence",
        "tally",
    }
    assert [row["name"] for row in beginning["department"].values()] == [
        "Technical", "Support", "Sales", "Marketing", "Accounting", "Legal", "Management",
    ]  # fmt: skip
    assert not any(
        row["contact"] or row["lead"] or row["retired_at"]
        for row in beginning["department"].values()
    )
    assert standing.broken_now(before.connection) == []
    assert state.is_still_found(before.connection) == []

    assert len(before.redo_all()) == 83
    assert standing.broken_now(before.connection) == []
    before.undo(4)
    assert state.difference(opened, ledger.read(before.connection)) == []


def test_a_store_written_before_is_gone_on_with(before: Day) -> None:
    golden_days.others_work_too(before)
    filed = before.filed("It is not solved.", refs=("1@mail.example",))
    before.step(lambda: before.desk.unfile(filed), "unfile")
    before.apply(golden_days.LEVELS)
    before.quickly("call", "back", "@Meyer GmbH", "+eilt")
    before.take_in(golden_days.ROWS.replace("Tor klemmt", "Das Tor klemmt"))
    before.step(before.desk.wind, "wind")
    still_open = [
        number
        for (number,) in before.connection.execute(
            "SELECT id FROM request WHERE state <> 'resolved' ORDER BY id"
        )
    ]
    assert len(still_open) > 5
    before.do(drafts.Note("so many"), *still_open)
    before.do(drafts.Triage(priority=Priority.HIGH, tags=("last",)), *still_open)
    before.do(drafts.Answer("it is done"), *still_open)
    before.do(
        drafts.Resolve(
            Resolution.SOLVED, withdraw_forwards=True, reminders_done=True, promises_kept=True
        ),
        *still_open,
    )
    assert not [entry[0][1] for entry in before.ledger.entries[-4:] if "refused" in entry[0][1]]
    with closing(Reader(before.path)) as reader:
        assert search.search(reader, "moebel")
    for turn in (lambda: None, before.undo_all, before.redo_all):
        turn()
        assert standing.broken_now(before.connection) == []
        assert state.is_damaged(before.connection) == []
        for index in ("activity_search", "customer_search"):
            before.connection.execute(f"INSERT INTO {index} ({index}) VALUES ('integrity-check')")


def test_a_store_written_before_comes_over_an_export_as_it_is(before: Day, tmp_path: Path) -> None:
    export, path = str(tmp_path / "export.jsonl"), new_store(str(tmp_path / "restored.sqlite3"))
    export_file(export, before.path)
    import_file(export, path, before.clock, ImportOptions(str(tmp_path)))
    with golden_days.begun(path, before.clock) as restored:
        opened = restored.ledger.present
        assert state.difference(before.ledger.present, opened) == []
        restored.undo_all()
        assert standing.broken_now(restored.connection) == []
        restored.redo_all()
        restored.undo(4)
        assert state.difference(opened, ledger.read(restored.connection)) == []
