"""Bringing a store up to date, or making a new one."""

from __future__ import annotations

import os
import sqlite3
import tomllib
from collections.abc import Callable, Sequence
from contextlib import closing

from poc_tui.errors import StoreUnreadable
from poc_tui.rules.service.business_time import parse_work
from poc_tui.rules.text import fold
from poc_tui.rules.time_source import Clock
from poc_tui.store.backups.making import make
from poc_tui.store.backups.retention import BackupCause, is_backed_up
from poc_tui.store.connection import application_id, check_ours, open_file, translated, version
from poc_tui.store.schema import APPLICATION_ID, SCHEMA_VERSION
from poc_tui.store.writer import immediate
from poc_tui.system import locations


def ensure(path: str, clock: Clock, *, first: int = 1) -> None:
    """Make sure that `path` is a store of this program's version.

    A missing or empty file becomes a new store with the departments of `data/`, whose first request
    has the number `first`; an older one is backed up next to it and brought up to date in one
    transaction.

    Raises:
        StoreUnreadable: not a store of ours, newer than this program, or damaged.
    """
    new = not os.path.exists(path)
    if new:
        locations.private_dir(os.path.dirname(os.path.abspath(path)))
        locations.private_file(path)
    with closing(open_file(path, create=True)) as connection:
        try:
            if application_id(connection) == 0 and _is_empty(connection):
                _migrate(connection, path, 0, lambda made: _begin_life(made, first))
                return
            check_ours(connection, path)
            if (found := version(connection)) < SCHEMA_VERSION:
                if not is_backed_up(path, found):
                    make(path, clock, BackupCause.MIGRATION)
                _migrate(connection, path, found, lambda _: None)
        except sqlite3.Error as error:
            raise translated(error, path) from error


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _migrate(
    connection: sqlite3.Connection,
    path: str,
    found: int,
    then: Callable[[sqlite3.Connection], None],
    up_to: int | None = None,
) -> None:
    """Make a new store, or run the steps after `found`, in one transaction; look whether nothing
    was lost.

    Foreign keys are off meanwhile: rebuilding a table with them on deletes the rows that point
    to it.
    """
    up_to = SCHEMA_VERSION if up_to is None else up_to
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with immediate(connection):
            if version(connection) != found:
                return
            before = _row_counts(connection)
            if (found, up_to) == (0, SCHEMA_VERSION):
                _make(connection)
            else:
                for upgrade in _steps()[found:up_to]:
                    upgrade(connection)
            if found == 0:
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {up_to}")
            then(connection)
            _check_nothing_lost(connection, path, before)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


def _make(connection: sqlite3.Connection) -> None:
    """The tables as the models have them, and what they do by themselves."""
    from poc_tui.models.tables import statements
    from poc_tui.store.migrations import triggers

    for statement in statements("sqlite"):
        connection.execute(statement)
    triggers.make(connection.execute)


def what_is_amiss(connection: sqlite3.Connection) -> str:
    """Why a file, of this version or an older one, is no store to work on; empty if it is one.

    It lacks what the steps up to its version make, has what would act by itself on every change, or
    has rows that point to none.
    """
    found = version(connection)
    if found == 0:
        return "it has no version"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        _migrate(fresh, "a new store", 0, lambda _: None, found)
        made = _parts(fresh)
    there = _parts(connection)
    for part in sorted(made - there):
        return f"{part} is missing"
    for part in sorted(there - made):
        if part.startswith("trigger"):
            return f"{part} is none of poc's"
    dangling = connection.execute("PRAGMA foreign_key_check").fetchone()
    if dangling:
        return f"a row of {dangling[0]} points to one of {dangling[2]} that is not there"
    return ""


def _parts(connection: sqlite3.Connection) -> set[str]:
    """Every column, table and trigger by its name."""
    return {
        name
        for (name,) in connection.execute(
            "SELECT type || ' ' || name FROM sqlite_master WHERE type IN ('table', 'trigger')"
            " AND name NOT LIKE 'sqlite_%' UNION ALL"
            " SELECT 'column ' || c.name || ' of ' || m.name FROM sqlite_master m,"
            " pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
        )
    }


def _steps() -> Sequence[Callable[[sqlite3.Connection], None]]:
    """The migrations in order; step N brings version N-1 to N."""
    from poc_tui.store.migrations import (
        m0001_first,
        m0002_clocks,
        m0003_mail,
        m0004_actors,
        m0005_accounts,
    )

    steps = (m0001_first, m0002_clocks, m0003_mail, m0004_actors, m0005_accounts)
    return [step.upgrade for step in steps]


def _row_counts(connection: sqlite3.Connection) -> dict[str, int]:
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE '%_search%'"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for (name,) in tables
    }


def _check_nothing_lost(connection: sqlite3.Connection, path: str, before: dict[str, int]) -> None:
    after = _row_counts(connection)
    lost = [name for name, count in before.items() if after.get(name, 0) < count]
    dangling = connection.execute("PRAGMA foreign_key_check").fetchall()
    if lost or dangling:
        what = ", ".join(lost) or f"{len(dangling)} references"
        raise StoreUnreadable(
            f"{path} could not be brought up to date without losing rows ({what}); "
            "it was left as it was. Please report this"
        )


def _begin_life(connection: sqlite3.Connection, first: int) -> None:
    """A new store starts with the departments that ship with the program."""
    if first > 1:
        connection.execute("INSERT INTO sqlite_sequence VALUES ('request', ?)", (first - 1,))
    source = locations.data_dir() / "departments.toml"
    for entry in tomllib.loads(source.read_text("utf-8"))["department"]:
        connection.execute(
            "INSERT INTO department (name, name_folded, remit, answer_within) VALUES (?, ?, ?, ?)",
            (
                entry["name"],
                fold(entry["name"]),
                entry["remit"],
                int(parse_work(entry["answer_within"]).total_seconds() // 60),
            ),
        )
