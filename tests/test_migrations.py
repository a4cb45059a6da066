"""A store is made, brought up to date, or refused with a sentence; never shown as empty."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import poc_tui.models.tables  # noqa: F401 - fills the metadata
from poc_tui import locations
from poc_tui.errors import StoreUnreadable
from poc_tui.rules.clock import FixedClock
from poc_tui.store import backend, migrate
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import Capture
from poc_tui.store.reading import departments
from poc_tui.store.reading.reader import Reader
from poc_tui.store.schema import SCHEMA_VERSION


def test_the_migrations_make_what_the_models_say(path: str) -> None:
    ours = {"tally"}

    def not_ours(name: str | None, kind: str, _: object) -> bool:
        return kind != "table" or name is None or not (name in ours or "_search" in name)

    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": not_ours, "compare_type": False}
        )
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()
    kinds_of_index = ("remove_index", "add_index")
    assert [d for d in differences if not (isinstance(d, tuple) and d[0] in kinds_of_index)] == []


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
    """As if this program had a second version of the store, with one table more."""

    def second(op) -> None:  # type: ignore[no-untyped-def]
        op.execute("CREATE TABLE later (id INTEGER PRIMARY KEY)")

    first = migrate._steps()
    monkeypatch.setattr(migrate, "_steps", lambda: [*first, second])
    for module in (migrate, backend):
        monkeypatch.setattr(module, "SCHEMA_VERSION", 2)


def test_an_older_store_is_backed_up_and_brought_up_to_date(
    path: str, desk: Desk, clock: FixedClock, two_versions: None
) -> None:
    desk.do(Capture("kept"))
    desk.close()
    migrate.ensure(path, clock)
    with closing(backend.connect(path)) as connection:
        assert backend.version(connection) == 2
        assert connection.execute("SELECT subject FROM request").fetchall() == [("kept",)]
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
    (backup,) = Path(locations.backups_dir(path)).iterdir()
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as connection:
        assert backend.version(connection) == 1
        assert connection.execute("SELECT subject FROM request").fetchall() == [("kept",)]


def test_a_migration_that_loses_rows_is_rolled_back(
    path: str, desk: Desk, clock: FixedClock, two_versions: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.do(Capture("kept"))
    desk.close()
    first = migrate._steps()[0]
    monkeypatch.setattr(
        migrate, "_steps", lambda: [first, lambda op: op.execute("DELETE FROM original")]
    )
    with pytest.raises(StoreUnreadable, match="without losing rows"):
        migrate.ensure(path, clock)
    with closing(sqlite3.connect(path)) as connection:
        assert backend.version(connection) == 1
        assert connection.execute("SELECT count(*) FROM original").fetchone() == (1,)


def test_the_store_is_opened_with_the_settings_of_the_house(path: str) -> None:
    with closing(backend.connect(path)) as connection:
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
