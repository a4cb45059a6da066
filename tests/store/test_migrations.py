"""A store is made, brought up to date, or refused with a sentence; never shown as empty."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import timedelta
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any, get_args

import pytest

import poc_tui.models.tables  # noqa: F401 - defines the models
from poc_tui.errors import StoreUnreadable
from poc_tui.models import values
from poc_tui.models.columns import StoreTable
from poc_tui.rules.mail.message import Nature
from poc_tui.rules.service.deadlines import Deadlines, DueFor
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import connection as store_connection, due_dates, rows
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import Capture
from poc_tui.store.exchange import export_format as exchange_layout
from poc_tui.store.migrations import migrate
from poc_tui.store.queries import departments
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.search import search
from poc_tui.store.queries.views import OVERDUE, VIEWS, View
from poc_tui.store.schema import SCHEMA_VERSION
from poc_tui.store.undo import steps_back
from poc_tui.store.writer import KEYS, immediate
from poc_tui.system import locations
from tests.helpers import version_1
from tests.helpers.store_layout import layout

VALUES: Mapping[tuple[str, str], type[StrEnum]] = {
    ("customer", "prefers"): values.Channel,
    ("address", "kind"): values.AddressKind,
    ("request", "due_for"): DueFor,
    ("request", "kind"): values.Kind,
    ("request", "channel"): values.Channel,
    ("request", "priority"): values.Priority,
    ("request", "state"): values.State,
    ("request", "court"): values.Court,
    ("request", "resolution"): values.Resolution,
    ("activity", "channel"): values.Channel,
    ("turn", "court"): values.Court,
    ("reminder", "kind"): values.ReminderKind,
    ("reminder", "outcome"): values.Outcome,
    ("mail_read", "nature"): Nature,
    ("outbox", "kind"): values.OutgoingKind,
    ("outbox", "state"): values.OutgoingState,
}
"""What the store checks, by table and column, and what it may be."""


@pytest.fixture(scope="module")
def migrated() -> Iterator[sqlite3.Connection]:
    """An empty store of this version to which all migrations led."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        with immediate(connection):
            for upgrade in migrate._steps():
                upgrade(connection)
        yield connection


@pytest.fixture(scope="module")
def made() -> Iterator[sqlite3.Connection]:
    """An empty store that was made from the models."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate._make(connection)
        yield connection


def test_the_migrations_make_what_the_models_say(
    migrated: sqlite3.Connection, made: sqlite3.Connection
) -> None:
    assert layout(migrated) == layout(made)
    assert {model.__tablename__ for model in StoreTable.__subclasses__()} <= layout(
        made
    ).tables.keys()


def test_the_migrations_sort_requests_as_the_models_say(
    migrated: sqlite3.Connection, made: sqlite3.Connection
) -> None:
    assert _sorted_by(migrated) == _sorted_by(made)


def _sorted_by(store: sqlite3.Connection) -> dict[tuple[int | None, ...], int | None]:
    """The date that a request of any dates is sorted by; the store is as before."""
    store.execute("PRAGMA ignore_check_constraints = ON")
    store.execute("BEGIN")
    for dates in product((None, 1, 2, 3), repeat=3):
        store.execute(
            "INSERT INTO request (subject, received_at, touched_at, due_at, next_at, resolve_by)"
            " VALUES ('x', 0, 0, ?, ?, ?)",
            dates,
        )
    found = store.execute("SELECT due_at, next_at, resolve_by, sort_at FROM request").fetchall()
    store.execute("ROLLBACK")
    return {tuple(dates): sort_at for *dates, sort_at in found}


ONLY_IN_THE_STORE = {
    ("request", "court"): None,
    ("forward", "next_at"): 0,
    ("mail_read", "cc"): "[]",
    ("mail_read", "headers"): "[]",
    ("outbox", "copies"): "[]",
    ("outbox", "files"): "[]",
}
"""Defaults of the store, by table and column, where the models have another: what has no court is
resolved, which verbs never make, the forwards of version 1 had no date for a next step, and the
mails of version 4 nothing that is nested now."""


def test_columns_and_defaults_are_the_same_in_the_models_and_in_the_store(
    migrated: sqlite3.Connection, made: sqlite3.Connection
) -> None:
    layouts = (layout(migrated).tables, layout(made).tables)
    for model, tables in product(StoreTable.__subclasses__(), layouts):
        table = str(model.__tablename__)
        columns = tables[table].columns
        assert [column.name for column in columns] == [*model.model_fields]
        for column, field in zip(columns, model.model_fields.values(), strict=True):
            if column.name != "id":
                default = None if field.is_required() else field.default
                assert column.default == ONLY_IN_THE_STORE.get((table, column.name), default)
                assert column.required == (type(None) not in get_args(field.annotation))


def test_columns_and_defaults_are_the_same_in_what_verbs_write_and_in_the_store(
    migrated: sqlite3.Connection, made: sqlite3.Connection
) -> None:
    written = {row.table: row for row in vars(rows).values() if hasattr(row, "columns")}
    assert KEYS.keys() <= written.keys()
    for table, tables in product(KEYS, (layout(migrated).tables, layout(made).tables)):
        row = written[table]
        columns = [column for column in tables[table].columns if not column.computed]
        assert [column.name for column in columns] == [*row.columns]
        for column, words in zip(columns, row.__annotations__.values(), strict=True):
            if column.name != "id":
                default = vars(row).get(column.name)
                assert column.default == ONLY_IN_THE_STORE.get((table, column.name), default)
                assert column.required == (not words.endswith("| None"))


def test_there_is_a_migration_to_this_version() -> None:
    assert len(migrate._steps()) == SCHEMA_VERSION


def test_the_store_takes_each_value_that_the_program_knows_and_no_other(path: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        tables = dict(
            connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        )
    checked = {
        (table, column): set(re.findall(r"'([^']*)'", values))
        for table, sql in tables.items()
        for column, values in re.findall(r"CHECK \((\w+) IN \(('[^)]*)\)", sql)
    }
    assert checked == {place: {*known} for place, known in VALUES.items()}


def test_a_new_store_has_the_departments_that_ship_with_the_program(reader: Reader) -> None:
    known = {d.name: d for d in departments.departments(reader)}
    assert set(known) == {
        "Technical", "Marketing", "Sales", "Support", "Legal", "Accounting", "Management",
    }  # fmt: skip
    assert all(d.remit and d.answer_within > 0 for d in known.values())


def test_only_the_owner_may_read_it(tmp_path: Path, clock: FixedClock) -> None:
    store = tmp_path / "desk" / "poc.sqlite3"
    migrate.ensure(str(store), clock)
    assert stat.S_IMODE(store.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.parent.stat().st_mode) == 0o700


def test_ensuring_twice_changes_nothing(path: str, desk: Desk, clock: FixedClock) -> None:
    desk.do(Capture("one"))
    before = Path(path).read_bytes()
    migrate.ensure(path, clock)
    assert Path(path).read_bytes() == before


def test_a_file_of_another_program_is_refused_and_left_alone(
    tmp_path: Path, clock: FixedClock
) -> None:
    other = tmp_path / "other.sqlite3"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
    before = other.read_bytes()
    with pytest.raises(StoreUnreadable, match="not a store of poc"):
        migrate.ensure(str(other), clock)
    assert other.read_bytes() == before


def test_a_file_that_is_no_database_is_refused_and_left_alone(
    tmp_path: Path, clock: FixedClock
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear customer, " * 400)
    with pytest.raises(StoreUnreadable, match="not a readable store"):
        migrate.ensure(str(letter), clock)
    assert letter.read_text().startswith("Dear customer")


def test_a_newer_store_is_refused(path: str, clock: FixedClock) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    for opening in (lambda: migrate.ensure(path, clock), lambda: Reader(path)):
        with pytest.raises(StoreUnreadable, match="newer than this program"):
            opening()


@pytest.fixture
def two_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if this program had one version of the store more, with one table more."""

    def another(store: sqlite3.Connection) -> None:
        store.execute("CREATE TABLE later (id INTEGER PRIMARY KEY)")

    steps = migrate._steps()
    monkeypatch.setattr(migrate, "_steps", lambda: [*steps, another])
    for module in (migrate, store_connection):
        monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)


def test_an_older_store_is_backed_up_and_brought_up_to_date(
    path: str, desk: Desk, clock: FixedClock, two_versions: None
) -> None:
    desk.do(Capture("kept"))
    desk.close()
    migrate.ensure(path, clock)
    with closing(store_connection.connect(path)) as connection:
        assert store_connection.version(connection) == SCHEMA_VERSION + 1
        assert connection.execute("SELECT subject FROM request").fetchall() == [("kept",)]
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    (backup,) = Path(locations.backups_dir(path)).iterdir()
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as connection:
        assert store_connection.version(connection) == SCHEMA_VERSION
        assert connection.execute("SELECT subject FROM request").fetchall() == [("kept",)]


def test_a_migration_that_loses_rows_is_rolled_back(
    path: str, desk: Desk, clock: FixedClock, two_versions: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.do(Capture("kept"))
    desk.close()
    steps = migrate._steps()[:SCHEMA_VERSION]
    monkeypatch.setattr(
        migrate, "_steps", lambda: [*steps, lambda store: store.execute("DELETE FROM original")]
    )
    with pytest.raises(StoreUnreadable, match="without losing rows"):
        migrate.ensure(path, clock)
    with closing(sqlite3.connect(path)) as connection:
        assert store_connection.version(connection) == SCHEMA_VERSION
        assert connection.execute("SELECT count(*) FROM original").fetchone() == (1,)


def test_the_store_is_opened_with_the_settings_of_the_house(path: str) -> None:
    with closing(store_connection.connect(path)) as connection:
        pragma = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in (
                "journal_mode", "synchronous", "foreign_keys", "secure_delete", "cache_spill",
            )
        }  # fmt: skip
    assert pragma == {
        "journal_mode": "delete",
        "synchronous": 3,
        "foreign_keys": 1,
        "secure_delete": 1,
        "cache_spill": 0,
    }


def test_a_full_disk_stores_nothing_and_says_so(path: str, desk: Desk, reader: Reader) -> None:
    pages = desk._connection.execute("PRAGMA page_count").fetchone()[0]
    desk._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnreadable, match="is full; nothing was stored"):
        desk.do(Capture("x", text="y" * 1_000_000))
    assert reader.value("SELECT count(*) FROM request") == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_store_that_may_not_be_written_says_so(path: str, desk: Desk) -> None:
    os.chmod(path, 0o400)
    with pytest.raises(StoreUnreadable):
        desk.do(Capture("x"))


def _undo(connection: sqlite3.Connection) -> object:
    return steps_back.undo(connection, "me")


def _redo(connection: sqlite3.Connection) -> object:
    return steps_back.redo(connection, "me")


class TestVersion1:
    """What was written before there were clocks is all there, and can still be taken back."""

    @pytest.fixture
    def old(self, tmp_path: Path) -> str:
        """A store of version 1, with rows in every table."""
        store = str(tmp_path / "desk" / "old.sqlite3")
        os.mkdir(os.path.dirname(store))
        version_1.make(store)
        return store

    def test_every_value_is_still_there(self, old: str, clock: FixedClock) -> None:
        migrate.ensure(old, clock)
        with closing(Reader(old)) as reader:
            for table in version_1.ROWS.keys() - {"journal"}:
                for before in version_1.ROWS[table]:
                    expected = {("stays" if n == "kept" else n): v for n, v in before.items()}
                    assert expected.items() <= _row(reader, table, before).items(), table
            for before in version_1.ROWS["journal"]:
                expected = {n: v for n, v in before.items() if n != "changes"}
                assert expected.items() <= _row(reader, "journal", before).items()
            for table, rows in version_1.ROWS.items():
                assert reader.value(f"SELECT count(*) FROM {table}") == len(rows)
            assert reader.value("SELECT n FROM tally WHERE name = 'resolved'") == 1
            assert dict(reader.rows("SELECT name, seq FROM sqlite_sequence")) == version_1.LAST

    def test_a_due_date_counts_as_given_and_a_forward_is_chased_when_it_is_due(
        self, old: str, clock: FixedClock
    ) -> None:
        migrate.ensure(old, clock)
        with closing(Reader(old)) as reader:
            for number, due, aim, since in reader.rows(
                "SELECT id, due_at, due_for, due_since FROM request"
            ):
                assert (aim, since) == (None if due is None else "given", None), number
            assert reader.value("SELECT count(*) FROM forward WHERE next_at = due_at") == 3
            assert reader.value("SELECT count(*) FROM forward WHERE chased = 0") == 3

    def test_what_is_to_be_resolved_sooner_now_stands_further_up(
        self, old: str, clock: FixedClock
    ) -> None:
        migrate.ensure(old, clock)
        with closing(store_connection.connect(old)) as connection:
            place = "SELECT sort_at FROM request WHERE id = ?"
            (before,) = connection.execute(place, (6,)).fetchone()
            assert before == version_1.NOW + 8 * version_1.DAY
            by = version_1.NOW + version_1.DAY
            connection.execute("UPDATE request SET resolve_by = ?", (by,))
            assert connection.execute(place, (6,)).fetchone() == (by,)
            assert connection.execute(place, (2,)).fetchone() == (version_1.NOW + 7200,)
            assert connection.execute(place, (1,)).fetchone() == (version_1.NOW - 3600,)

    def test_it_is_laid_out_like_a_new_store(self, old: str, path: str, clock: FixedClock) -> None:
        migrate.ensure(old, clock)
        with closing(sqlite3.connect(old)) as climbed, closing(sqlite3.connect(path)) as new:
            assert layout(climbed) == layout(new)

    def test_it_is_whole_and_its_backup_is_what_it_was(self, old: str, clock: FixedClock) -> None:
        before = _dump(old)
        migrate.ensure(old, clock)
        with closing(Reader(old)) as reader:
            assert reader.rows("PRAGMA integrity_check") == [("ok",)]
            assert reader.rows("PRAGMA foreign_key_check") == []
            assert [row.number for row in search(reader, "kept")] == [2]
        (backup,) = Path(locations.backups_dir(old)).iterdir()
        assert _dump(str(backup)) == before

    def test_undoing_before_or_after_comes_to_the_same(
        self, old: str, clock: FixedClock, tmp_path: Path
    ) -> None:
        for steps in range(1, version_1.STEPS_DONE + 1):
            assert _rows_when(old, clock, tmp_path, _undo, steps) == _rows_when(
                old, clock, tmp_path, _undo, steps, first_migrated=True
            ), steps

    def test_doing_again_before_or_after_comes_to_the_same(
        self, old: str, clock: FixedClock, tmp_path: Path
    ) -> None:
        for steps in range(1, version_1.STEPS_UNDONE + 1):
            assert _rows_when(old, clock, tmp_path, _redo, steps) == _rows_when(
                old, clock, tmp_path, _redo, steps, first_migrated=True
            ), steps

    def test_undoing_to_the_start_and_doing_it_again_gives_the_same(
        self, old: str, clock: FixedClock
    ) -> None:
        migrate.ensure(old, clock)
        with closing(store_connection.connect(old)) as connection:
            before = _all_rows(connection)
            for _ in range(version_1.STEPS_DONE):
                steps_back.undo(connection, "me")
            for _ in range(version_1.STEPS_DONE):
                steps_back.redo(connection, "me")
            assert _all_rows(connection) == before

    def test_its_clocks_are_wound_and_stand_still_after_an_old_step(
        self, old: str, clock: FixedClock, deadlines: Deadlines
    ) -> None:
        migrate.ensure(old, clock)
        running = "SELECT id FROM request WHERE resolve_by IS NOT NULL ORDER BY id"
        with closing(store_connection.connect(old)) as connection:
            assert due_dates.wind(connection, deadlines) == 4
            assert connection.execute(running).fetchall() == [(1,), (2,), (3,)]
            for _ in range(version_1.STEPS_UNDONE):
                steps_back.redo(connection, "me")
            assert connection.execute(running).fetchall() == [(2,)]
            assert connection.execute(
                "SELECT id FROM request WHERE due_at IS NULL ORDER BY id"
            ).fetchall() == [(1,), (3,), (4,), (5,)]

    @pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
    def test_a_view_takes_its_order_and_all_it_asks_from_its_index(
        self, view: View, old: str, clock: FixedClock
    ) -> None:
        migrate.ensure(old, clock)
        asked = f"{view.where} ORDER BY {', '.join(view.order)}"
        own = asked.replace(OVERDUE, "")
        with closing(Reader(old)) as reader:
            plan = reader.rows(
                f"EXPLAIN QUERY PLAN SELECT id FROM request INDEXED BY {view.by} WHERE {asked}",
                {"now": version_1.NOW} if ":now" in asked else (),
            )
            held = {name for (_, _, name) in reader.rows(f"PRAGMA index_info({view.by})")}
            columns = {row[1] for row in reader.rows("PRAGMA table_xinfo(request)")}
            made = reader.value("SELECT sql FROM sqlite_master WHERE name = ?", (view.by,))
        steps = {step for *_, step in plan if "LIST SUBQUERY" not in step}
        overdue = {step for step in steps if "INDEX forward_to_chase (next_at<?)" in step}
        (walked,) = steps - overdue
        assert view.by in walked
        for settled in made.partition(" WHERE ")[2].split(" AND "):
            own = own.replace(settled, "", 1)
        assert columns & set(re.findall(r"\w+", own)) <= held


class TestVersion3:
    """What was sorted by another date stands in its place, and a given date has the last word."""

    @pytest.fixture
    def old(self, path: str, desk: Desk, clock: FixedClock) -> str:
        """A store as version 3 left it: targets stand beside dates that were given."""
        for due in (None, clock.now() + timedelta(days=30)):
            desk.do(Capture("Key card", due_at=due))
        desk.wind()
        old = f"{path}.3"
        with closing(connect_as_it_is(old)) as connection:
            migrate._migrate(connection, old, 0, lambda _: None, 3)
            connection.execute("ATTACH ? AS new", (path,))
            columns = ", ".join(row[1] for row in connection.execute("PRAGMA table_info(request)"))
            connection.execute(f"INSERT INTO request ({columns}) SELECT {columns} FROM new.request")
            connection.execute("UPDATE request SET resolve_by = received_at + 86400")
        return old

    def test_targets_give_way_to_dates_that_were_given(self, old: str, clock: FixedClock) -> None:
        migrate.ensure(old, clock)
        with closing(Reader(old)) as reader:
            assert reader.rows(
                "SELECT due_for, resolve_by IS NULL, sort_at = due_at FROM request ORDER BY id"
            ) == [("first-answer", 0, 1), ("given", 1, 1)]
            made = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'request_%' AND sql LIKE ?"
            assert reader.value(made, ("CREATE INDEX request_snoozed%",)) == 1


def connect_as_it_is(path: str) -> sqlite3.Connection:
    """Whatever version it is of."""
    return sqlite3.connect(path, isolation_level=None)


def _row(reader: Reader, table: str, known: dict[str, Any]) -> dict[str, Any]:
    """The row of that key as it is now."""
    keys = exchange_layout.KEYS[table]
    columns = [row[1] for row in reader.rows(f"PRAGMA table_info({table})")]
    where = " AND ".join(f"{key} = ?" for key in keys)
    row = reader.row(
        f"SELECT {', '.join(columns)} FROM {table} WHERE {where}", [known[key] for key in keys]
    )
    assert row is not None, (table, known)
    return dict(zip(columns, row, strict=True))


def _rows_when(
    old: str,
    clock: FixedClock,
    folder: Path,
    turn: Callable[[sqlite3.Connection], object],
    steps: int,
    *,
    first_migrated: bool = False,
) -> dict[str, list[tuple[Any, ...]]]:
    """All rows after so many steps were turned in a copy, before or after it was migrated."""
    copy = tempfile.mkdtemp(dir=folder) + "/copy.sqlite3"
    shutil.copyfile(old, copy)
    if first_migrated:
        migrate.ensure(copy, clock)
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        for _ in range(steps):
            turn(connection)
    migrate.ensure(copy, clock)
    with closing(sqlite3.connect(copy)) as connection:
        return _all_rows(connection)


def _all_rows(connection: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table: connection.execute(
            f"SELECT {', '.join(columns)} FROM {table}"
            f" ORDER BY {', '.join(exchange_layout.KEYS[table])}"
        ).fetchall()
        for table, columns in exchange_layout.TABLES.items()
        if table != "journal"
    }


def _dump(path: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())
