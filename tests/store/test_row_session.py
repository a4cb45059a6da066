"""Rows that a verb works with: each is one object, what is assigned is written, once and whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from poc_tui.store import row_images
from poc_tui.store.connection import connect
from poc_tui.store.row_session import RowSession
from poc_tui.store.rows import Activity, Address, Customer, Request, RequestTag, Tag
from poc_tui.store.writer import Change, Writer, immediate
from tests.helpers import state

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def store(path: str) -> Iterator[sqlite3.Connection]:
    with closing(connect(path)) as opened:
        yield opened


@pytest.fixture
def rows(store: sqlite3.Connection) -> Iterator[RowSession]:
    """The rows of a transaction in which a request and a customer were made before."""
    with immediate(store):
        session = RowSession(store)
        meyer = session.add(Customer(name="Meyer", name_folded="meyer", since=NOON))
        session.add(
            Request(
                subject="Tor", customer_id=meyer.id, court_since=NOON, received_at=NOON,
                touched_at=NOON, next_at=NOON,
            )
        )  # fmt: skip
    with immediate(store):
        yield RowSession(store)


def request(rows: RowSession) -> Request:
    found = rows.get(Request, 1)
    assert found is not None
    return found


def customer(rows: RowSession) -> Customer:
    found = rows.get(Customer, 1)
    assert found is not None
    return found


def address(value: str) -> Address:
    return Address(customer_id=1, kind="email", value=value, value_folded=value)


def written(rows: RowSession) -> list[Change]:
    """What was written since this was asked last, in the order in which it was."""
    rows.flush()
    changes, rows.changes = rows.changes, []
    return changes


def taken_back(rows: RowSession, changes: list[Change]) -> list[Change]:
    """Take these back; gives what does them again."""
    writer = Writer(rows.connection)
    row_images.put_back(writer, changes)
    return writer.changes


def test_a_row_is_one_object_however_it_is_found(rows: RowSession) -> None:
    found = request(rows)
    assert rows.all(Request, "subject = ?", ("Tor",)) == [found]
    found.subject = "Tür"
    assert rows.all(Request, "subject = ?", ("Tor",)) == []
    assert rows.all(Request, "subject = ?", ("Tür",)) == [found]
    tag = rows.add(Tag(name="eilt"))
    link = rows.add(RequestTag(request_id=1, tag_id=tag.id))
    assert rows.get(Tag, tag.id) is tag
    assert rows.all(RequestTag, "request_id = 1") == [link]


def test_whoever_asks_the_store_sees_what_was_assigned(rows: RowSession) -> None:
    request(rows).subject = "Tür"
    assert rows.query("SELECT subject FROM request") == [("Tür",)]


def test_what_is_assigned_is_one_change_of_the_row(rows: RowSession) -> None:
    found, meyer = request(rows), customer(rows)
    found.subject, meyer.vip, found.priority, found.subject = "Tür", True, "high", "Tür 2"
    assert written(rows) == [
        ["request", 1, {"subject": "Tor", "priority": "normal"}],
        ["customer", 1, {"vip": 0}],
    ]
    assert written(rows) == []


def test_what_a_row_has_already_is_no_change(rows: RowSession) -> None:
    found = request(rows)
    found.subject, found.court, found.due_at, found.next_at = "Tor", "me", None, NOON
    found.priority = "high"
    found.priority = "normal"
    customer(rows).vip = False
    assert written(rows) == []


def test_a_row_that_is_turned_back_leads_back_to_where_it_was(rows: RowSession) -> None:
    before = state.read(rows.connection)
    found = request(rows)
    changes = []
    for subject in ("Tür", "Tor", "Haus"):
        found.subject = subject
        changes += written(rows)
    after = state.read(rows.connection)
    again = taken_back(rows, changes)
    assert state.difference(before, state.read(rows.connection)) == []
    taken_back(rows, again)
    assert state.difference(after, state.read(rows.connection)) == []


def test_what_was_assigned_to_a_row_that_goes_comes_back_with_it(rows: RowSession) -> None:
    going = rows.add(address("a@x.example"))
    written(rows)
    before = state.read(rows.connection)
    going.value = "b@x.example"
    rows.remove(going)
    gone = written(rows)
    taken_back(rows, gone)
    assert state.difference(before, state.read(rows.connection)) == []


def test_a_row_that_is_gone_is_found_no_more_and_written_no_more(rows: RowSession) -> None:
    gone = rows.add(address("a@x.example"))
    rows.remove(gone)
    written(rows)
    assert rows.get(Address, gone.id) is None
    assert rows.all(Address, "customer_id = 1") == []
    gone.value = "b@x.example"
    assert written(rows) == []
    new = rows.add(address("a@x.example"))
    gone.value = "c@x.example"
    assert rows.get(Address, new.id) is new
    assert written(rows) == [["address", new.id, None]]
    assert rows.query("SELECT value FROM address") == [("a@x.example",)]


def test_the_clocks_of_a_request_go_back_with_its_court_whoever_sets_them(rows: RowSession) -> None:
    """Winding is no step: it may give a request its dates between a step and its undo."""
    found = request(rows)
    found.court, found.state = "customer", "open"
    clocks = {"due_at": None, "due_for": None, "due_since": None, "resolve_by": None}
    assert written(rows) == [["request", 1, {"court": "me", "state": "new", **clocks}]]


def test_parts_of_a_second_are_no_change(rows: RowSession) -> None:
    found = request(rows)
    found.due_at = NOON.replace(microsecond=1)
    assert found.due_at == NOON
    assert written(rows) == [["request", 1, {"due_at": None}]]
    late = NOON.replace(microsecond=999_999)
    found.due_at = late
    rows.insert("activity", {"request_id": 1, "at": late, "actor": "me", "event": "noted"})
    assert written(rows) == [["activity", 1, None]]
    assert rows.query("SELECT at FROM activity") == [(int(NOON.timestamp()),)]


def test_what_is_nested_lies_open_when_it_is_read_again(rows: RowSession) -> None:
    changes: dict[str, object] = {"tags": [["a"], ["ä", None]]}
    rows.add(Activity(request_id=1, at=NOON, actor="me", event="noted", changes=changes))
    (found,) = RowSession(rows.connection).all(Activity, "request_id = 1")
    assert found.changes == changes


@pytest.mark.parametrize("where", ["subjct = 'Tor'", "no_such_table.id = 1"])
def test_a_condition_that_names_what_there_is_not_is_refused(rows: RowSession, where: str) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such column"):
        rows.all(Request, where)


@pytest.mark.parametrize("table", ["request", "nothing"])
def test_a_column_or_a_table_that_there_is_not_is_refused(rows: RowSession, table: str) -> None:
    before = state.read(rows.connection)
    with pytest.raises((sqlite3.OperationalError, KeyError)):
        rows.insert(table, {"subjct": "Tor"})
    with pytest.raises(KeyError):
        rows.update(table, 1, {"subjct": "Tor"})
    assert written(rows) == []
    assert state.difference(before, state.read(rows.connection)) == []


@pytest.mark.parametrize(
    ("column", "value"), [("priority", "urgent"), ("customer_id", 77), ("subject", None)]
)
def test_a_value_that_the_store_refuses_ends_the_whole_step(
    store: sqlite3.Connection, column: str, value: object
) -> None:
    with immediate(store):
        Writer(store).insert("tag", {"name": "before"})
    before = state.read(store)

    def step() -> None:
        with immediate(store):
            rows = RowSession(store)
            rows.add(Tag(name="eilt"))
            made = rows.add(
                Request(
                    subject="Tor", court_since=NOON, received_at=NOON, touched_at=NOON, next_at=NOON
                )
            )
            made.text = "written with what is refused"
            setattr(made, column, value)
            rows.flush()

    with pytest.raises(sqlite3.IntegrityError):
        step()
    assert not store.in_transaction
    assert state.difference(before, state.read(store)) == []


def test_a_commit_that_fails_is_rolled_back_and_the_next_step_goes_through(
    store: sqlite3.Connection,
) -> None:
    before = state.read(store)

    def step() -> None:
        with immediate(store):
            store.execute("PRAGMA defer_foreign_keys = ON")
            Writer(store).insert("request_tag", {"request_id": 7, "tag_id": 7})

    with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
        step()
    assert not store.in_transaction
    assert state.difference(before, state.read(store)) == []
    with immediate(store):
        Writer(store).insert("tag", {"name": "eilt"})
    assert store.execute("SELECT name FROM tag").fetchall() == [("eilt",)]
