"""What the bench measures on is a store like any other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from bench.make_store import make
from bench.rows import Size
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings import load
from poc_tui.settings.levels_file import starter
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import Capture
from poc_tui.store.migrations.migrate import ensure
from poc_tui.store.queries import queue, requests, views
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.search import search

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
CLOCK = FixedClock(NOW)
SIZE = Size(requests=2_000, open=100, customers=50)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of a made store, which no test changes."""
    path = tmp_path_factory.mktemp("bench") / "made.sqlite3"
    make(path, SIZE, NOW)
    return str(path)


@pytest.fixture
def reader(path: str) -> Iterator[Reader]:
    with closing(Reader(path)) as reader:
        yield reader


def test_it_is_whole(reader: Reader) -> None:
    assert reader.rows("PRAGMA integrity_check") == [("ok",)]
    assert reader.rows("PRAGMA foreign_key_check") == []


def test_its_tables_indexes_and_triggers_are_those_of_a_new_store(
    reader: Reader, tmp_path: Path
) -> None:
    fresh = str(tmp_path / "fresh.sqlite3")
    ensure(fresh, CLOCK)
    schema = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    with closing(Reader(fresh)) as new:
        assert reader.rows(schema) == new.rows(schema)


def test_it_holds_as_many_as_were_asked_for(reader: Reader) -> None:
    counts = queue.counts(reader, NOW)
    assert (counts.open, counts.resolved) == (SIZE.open, SIZE.requests - SIZE.open)
    for view in ("my-turn", "with-departments", "with-customer", "snoozed", "new", "late"):
        assert queue.page(reader, views.VIEWS[view], NOW, 0, 1), view
    per_request = reader.value("SELECT count(*) FROM activity") / SIZE.requests
    assert 1 <= per_request <= 4


def test_requests_come_in_the_order_of_their_numbers_and_none_from_tomorrow(
    reader: Reader,
) -> None:
    received = [at for (at,) in reader.rows("SELECT received_at FROM request ORDER BY id")]
    assert received == sorted(received)
    for column, table in (("touched_at", "request"), ("at", "activity"), ("asked_at", "forward")):
        assert reader.value(f"SELECT max({column}) FROM {table}") <= NOW.timestamp()
    years = (received[-1] - received[0]) / (365 * 86400)
    assert 7.5 < years < 8.5


def test_a_department_is_to_move_exactly_where_a_forward_is_open(reader: Reader) -> None:
    for (number,) in reader.rows("SELECT id FROM request"):
        request = requests.request(reader, number)
        assert (request.court == "department") == bool(request.open_forwards)


def test_its_clocks_are_wound_and_stand_still_where_they_must(reader: Reader) -> None:
    for (number,) in reader.rows("SELECT id FROM request"):
        request = requests.request(reader, number)
        ours = request.court in ("me", "department")
        assert (request.due_at is not None) == (request.due_for is not None) == ours
        assert (request.resolve_by is not None) == ours
        if request.court == "department":
            assert request.next_at == min(f.next_at for f in request.open_forwards)


def test_one_turn_follows_the_other_from_arrival_to_now(reader: Reader) -> None:
    for (number,) in reader.rows("SELECT id FROM request"):
        request = requests.request(reader, number)
        assert request.turns
        assert request.turns[0].since == request.received_at
        for turn, following in pairwise(request.turns):
            assert turn.until == following.since
        assert request.turns[-1].until == request.resolved_at
        assert request.court in (None, request.turns[-1].court)


def test_every_activity_is_found_by_its_words(reader: Reader) -> None:
    indexed = reader.value("SELECT count(*) FROM activity_search_docsize")
    assert indexed == reader.value("SELECT count(*) FROM activity")
    both = [
        [row.number for row in search(reader, words)]
        for words in ("Türschloss Köln", "tuerschloss koeln")
    ]
    assert both[0]
    assert both[0] == both[1]


def test_work_goes_on_in_it(path: str, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.sqlite3")
    Path(copy).write_bytes(Path(path).read_bytes())
    settings = load.load("/no/such/config.toml", {})
    deadlines = Deadlines(settings.hours, starter())
    with closing(Desk(copy, CLOCK, deadlines)) as desk, closing(Reader(copy)) as reader:
        assert desk.undo().label == f"new #{SIZE.requests}"
        assert queue.counts(reader, NOW).open == SIZE.open - 1
        (number,) = desk.do(Capture("Zwölf Boxkämpfer jagen Viktor")).numbers
        assert [row.number for row in search(reader, "boxkaempfer")] == [number]


def test_the_same_seed_makes_the_same_store(path: str, tmp_path: Path) -> None:
    again = tmp_path / "again.sqlite3"
    make(again, SIZE, NOW)
    with closing(sqlite3.connect(path)) as first, closing(sqlite3.connect(again)) as second:
        assert list(first.iterdump()) == list(second.iterdump())
