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
from datetime import UTC, datetime
from itertools import product

import pytest

from poc_tui.models.columns import StoreTable
from poc_tui.models.tables import statements
from poc_tui.rules.time_source import FixedClock
from poc_tui.store.desk import Desk
from poc_tui.store.migrations import migrate
from poc_tui.store.queries import (
    customers,
    dated_items,
    departments,
    happened,
    journal,
    listing,
    mail,
    queue,
    reminders,
    request_mail,
    requests,
)
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.views import VIEWS, by
from tests.helpers.every_verb import a_day_at_the_desk
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
INDEXED = by(r"\w+")
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


def read_side(reader: Reader, now: datetime) -> list[str]:
    """What the read side asks, each with the values it was asked with; all but the search."""
    asks: list[str] = []
    reader._connection.set_trace_callback(asks.append)
    numbers = [*listing.numbers(reader, VIEWS["open"], now, customer_id=1, tag="b")]
    listing.count(reader, VIEWS["open"], now, customer_id=1, tag="b")
    for view in VIEWS.values():
        queue.page(reader, view, now, 60, 10, 80)
        queue.page_after(reader, view, now, queue.QueuePosition(1, 1), 5)
        queue.position(reader, view, now, 1)
        queue.total(reader, view, now)
        [*listing.numbers(reader, view, now)]
    queue.counts(reader, now)
    numbers += [1, 2]
    queue.by_number(reader, numbers)
    [*listing.listed(reader, numbers)]
    listing.is_unwound(reader), listing.is_empty(reader), listing.newest(reader)
    for number in numbers:
        requests.request(reader, number, unfolded=True)
        requests.original(reader, number)
        request_mail.saveables(reader, number)
        request_mail.first_written_by(reader, number)
        mail.of_request(reader, number)
    mail.sources(reader), mail.counts(reader), mail.pending(reader), mail.aside(reader)
    mail.waits_for_intake(reader), mail.activities_since(reader, 0), mail.queued_by(reader, 1)
    mail.outbox(reader, ("sent", "failed")), mail.began_its_request(reader, 1)
    dated_items.read_agenda(reader, now, UTC), dated_items.untold(reader, UTC, now, "due:me")
    customers.customer(reader, 1), customers.customers(reader), customers.names_from(reader, "m")
    departments.departments(reader, retired=True)
    reminders.upcoming(reader), reminders.upcoming(reader, until=now), reminders.rules(reader)
    journal.applied_levels(reader), journal.first_step(reader), reader.holds_anything()
    happened.seen(reader.rows, numbers)
    reader._connection.set_trace_callback(None)
    return asks


def test_a_server_takes_what_reads_the_store(
    server: str, desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    for step in a_day_at_the_desk(desk, reader, clock):
        step()
    asks = read_side(reader, clock.now())
    assert len(asks) > 100
    counted = "CREATE TABLE tally (name TEXT, n BIGINT)"  # which triggers keep
    explained = [f"EXPLAIN {re.sub(INDEXED, '', ask)}" for ask in asks]
    assert asked(server, counted, *explained)
