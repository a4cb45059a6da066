"""The tables are made from the same models in PostgreSQL, and keep what they keep in SQLite.

`POC_TEST_POSTGRES` says where a server may be asked, as `psql` takes it
(`postgresql://me@localhost/scratch`): all is done in one transaction, which is rolled back.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from itertools import product

import pytest

from poc_tui.models.columns import StoreTable
from poc_tui.models.tables import statements
from poc_tui.store.migrations import migrate
from tests.helpers.store_layout import layout, type_of

STATEMENTS = [*statements("postgresql")]
WHOLE = "\n".join(STATEMENTS)
KINDS = {
    datetime: "BIGINT",
    bool: "BOOLEAN",
    bytes: "BYTEA",
    list: "JSON",
    dict: "JSON",
    str: "TEXT",
}
DATES = [*product((None, 1, 2, 4_000_000_000), repeat=3)]
"""Due, next move, resolve by: of a request, in seconds."""


def test_it_gets_every_table_and_index() -> None:
    with closing(sqlite3.connect(":memory:")) as store:
        migrate._make(store)
        tables = layout(store).tables
    assert {*re.findall(r"CREATE TABLE (\w+)", WHOLE)} == tables.keys() - {"tally"}
    assert {*re.findall(r"CREATE INDEX (\w+)", WHOLE)} == {
        index.name for table in tables.values() for index in table.indexes if index.name
    }
    assert WHOLE.count(" WHERE ") == sum(
        bool(index.where) for table in tables.values() for index in table.indexes
    )


@pytest.mark.parametrize("model", StoreTable.__subclasses__(), ids=lambda model: model.__name__)
def test_a_column_takes_every_value_of_its_field(model: type[StoreTable]) -> None:
    (sql,) = (sql for sql in STATEMENTS if f"CREATE TABLE {model.__tablename__} (" in sql)
    types = dict(re.findall(r"^\t\"?(\w+)\"? ([A-Z]+)", sql, re.MULTILINE))
    for name, field in model.model_fields.items():
        kind = type_of(field.annotation)
        assert types[name] == KINDS.get(kind, types[name]), name


def test_a_mailbox_counts_as_far_as_rfc_9051_has_it() -> None:
    assert "uid_validity BIGINT" in WHOLE
    assert "last_uid BIGINT" in WHOLE


@pytest.mark.parametrize("odd", [r"\bVIRTUAL\b", r"\b(min|max)\(", r"BOOLEAN DEFAULT '?\d"])
def test_nothing_is_said_in_words_that_only_sqlite_has(odd: str) -> None:
    assert not re.search(odd, WHOLE)


@pytest.fixture
def server() -> str:
    """Where a server is."""
    where = os.environ.get("POC_TEST_POSTGRES")
    if not where:
        pytest.skip("POC_TEST_POSTGRES does not say where a PostgreSQL is that may be asked")
    if shutil.which("psql") is None:
        pytest.skip("there is no psql to ask the PostgreSQL of POC_TEST_POSTGRES with")
    return where


def asked(server: str, *sql: str) -> list[str]:
    """The rows that come back from an empty schema with our tables in it, which is gone then."""
    script = ("BEGIN", "CREATE SCHEMA poc_test", "SET LOCAL search_path TO poc_test")
    ran = subprocess.run(
        ["psql", "-XqAt", "-v", "ON_ERROR_STOP=1", server],
        input=";\n".join((*script, *STATEMENTS, *sql, "ROLLBACK;")),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return ran.stdout.splitlines()


def test_a_server_makes_them_all(server: str) -> None:
    found = asked(
        server, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'poc_test'"
    )
    assert found == [str(len(StoreTable.__subclasses__()))]


def test_a_server_sorts_requests_by_the_same_date(server: str) -> None:
    unchecked = "ALTER TABLE request DROP CONSTRAINT open_has_a_court_and_a_next_date"
    made = [
        "INSERT INTO request (subject, court, received_at, touched_at, due_at, next_at, resolve_by)"
        f" VALUES ('x', 'me', 0, 0, {', '.join('NULL' if d is None else str(d) for d in dates)})"
        for dates in DATES
    ]
    order = "SELECT coalesce(sort_at, -1) FROM request ORDER BY id"
    with closing(sqlite3.connect(":memory:")) as store:
        migrate._make(store)
        store.execute("PRAGMA ignore_check_constraints = ON")
        for row in made:
            store.execute(row)
        expected = [str(at) for (at,) in store.execute(order)]
    assert asked(server, unchecked, *made, order) == expected


@pytest.mark.parametrize(
    ("check", "row"),
    [
        ("customer_prefers_a_channel", "'x', 'x', 0, 'pigeon'"),
        ("customer_has_a_name", "' ', '', 0, 'email'"),
    ],
)
def test_a_server_refuses_what_sqlite_refuses(server: str, check: str, row: str) -> None:
    sql = f"INSERT INTO customer (name, name_folded, since, prefers) VALUES ({row})"
    with closing(sqlite3.connect(":memory:")) as store:
        migrate._make(store)
        with pytest.raises(sqlite3.IntegrityError, match=check):
            store.execute(sql)
    with pytest.raises(RuntimeError, match=check):
        asked(server, sql)
