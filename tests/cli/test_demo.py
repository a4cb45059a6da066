"""The demo desk looks like a used desk, at whatever moment it is opened."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from poc_tui.cli.commands.demo import open_demo
from poc_tui.cli.context import Context
from poc_tui.demo import FIRST_NUMBER, WHAT_IT_IS, ScriptMoments, build
from poc_tui.models.values import Channel, Kind, Priority, Resolution
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings import load
from poc_tui.settings.levels_file import starter
from poc_tui.store.desk import Desk
from poc_tui.store.queries import customers, queue, reminders, requests, views
from poc_tui.store.queries.reader import Reader

BERLIN = ZoneInfo("Europe/Berlin")
SETTINGS = load.load("/no/such/config.toml", {"TZ": "Europe/Berlin"})
MONDAY = datetime(2026, 11, 23, 9, 12, tzinfo=BERLIN)
MOMENTS = {
    "Monday morning": MONDAY,
    "just after midnight": datetime(2026, 11, 24, 0, 1, tzinfo=BERLIN),
    "Saturday night": datetime(2026, 11, 21, 23, 30, tzinfo=BERLIN),
    "New Year's Eve": datetime(2026, 12, 31, 16, 0, tzinfo=BERLIN),
    "clocks go forward": datetime(2027, 3, 28, 3, 5, tzinfo=BERLIN),
    "clocks go back, second 02:30": datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),
}


@pytest.fixture(scope="module", params=MOMENTS.values(), ids=list(MOMENTS))
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Reader, datetime]]:
    """A demo desk, and the moment at which it was opened."""
    path = str(tmp_path_factory.mktemp("demo") / "poc.sqlite3")
    build(path, FixedClock(request.param, BERLIN), SETTINGS)
    reader = Reader(path)
    yield reader, request.param.astimezone(UTC)
    reader.close()


@pytest.fixture(scope="module")
def monday(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The path of the demo desk of a Monday morning."""
    path = str(tmp_path_factory.mktemp("monday") / "poc.sqlite3")
    build(path, FixedClock(MONDAY, BERLIN), SETTINGS)
    return path


def test_every_view_has_work_in_it(demo: tuple[Reader, datetime]) -> None:
    counts = queue.counts(*demo)
    assert (counts.my_turn, counts.with_departments, counts.with_customer, counts.snoozed) == (
        5,
        6,
        3,
        2,
    )
    assert (counts.open, counts.new, counts.escalated) == (16, 1, 1)
    # Time that is left to a resolution goes by the hours of real days, holidays or none.
    assert 2 <= counts.late <= 3
    assert 28 <= counts.resolved <= 36


def test_what_is_late_and_what_is_due_next_stands_first(demo: tuple[Reader, datetime]) -> None:
    reader, now = demo
    first, *rest = queue.page(reader, views.VIEWS["my-turn"], now, 0, 10)
    assert first.due_at is not None
    assert timedelta(hours=2) <= now - first.due_at < timedelta(hours=3)
    new, soon = rest[:2]
    assert (new.state, new.customer) == ("new", None)
    assert soon.due_at is not None
    assert now < soon.due_at <= now + timedelta(hours=2)


def test_one_forward_is_overdue(demo: tuple[Reader, datetime]) -> None:
    reader, now = demo
    overdue = reader.rows(
        "SELECT id FROM forward WHERE answered_at IS NULL AND withdrawn_at IS NULL AND due_at < ?",
        (int(now.timestamp()),),
    )
    assert len(overdue) == 1


def test_the_invariants_of_a_request_hold(demo: tuple[Reader, datetime]) -> None:
    reader, now = demo
    for (number,) in reader.rows("SELECT id FROM request"):
        request = requests.request(reader, number)
        assert request.activities
        assert all(activity.at <= now for activity in request.activities)
        if request.state == "resolved":
            assert request.resolution
            assert not request.open_forwards
            assert all(reminder.stays for reminder in request.open_reminders)
        else:
            assert request.court in ("me", "department", "customer")
            assert request.next_at is not None
            assert (request.court == "department") == bool(request.open_forwards)


def test_a_timeline_runs_forward_in_time(demo: tuple[Reader, datetime]) -> None:
    reader, _ = demo
    for (number,) in reader.rows("SELECT id FROM request"):
        moments = [activity.at for activity in requests.timeline(reader, number)]
        assert moments == sorted(moments)


def test_reminders_wait_for_today_and_for_the_next_working_day(
    demo: tuple[Reader, datetime],
) -> None:
    reader, now = demo
    waiting = [reminder.at for reminder in reminders.upcoming(reader)]
    assert all(at > now for at in waiting)
    assert waiting[0] < now + timedelta(hours=6)
    next_day = ScriptMoments(now, BERLIN, SETTINGS.hours).read("+1d 23:59")
    assert sum(at < next_day for at in waiting) >= 3


def test_every_kind_of_thing_occurs(monday: str) -> None:
    with closing(Reader(monday)) as reader:
        for column, values in (
            ("kind", Kind),
            ("channel", Channel),
            ("priority", Priority),
            ("resolution", Resolution),
        ):
            found = reader.rows(f"SELECT DISTINCT {column} FROM request")
            assert {value for (value,) in found if value} == set(values)


def test_a_customer_has_a_past_to_read(monday: str) -> None:
    with closing(Reader(monday)) as reader:
        meyer = customers.find(reader, "Meyer AG")
    assert meyer.vip
    assert meyer.prefers == "phone"
    assert meyer.since < MONDAY - timedelta(days=6 * 365)
    took = [p.resolved_at - p.received_at for p in meyer.history if p.resolved_at is not None]
    assert len(took) >= 5
    assert min(took) < timedelta(hours=8)
    assert max(took) > timedelta(days=1)


def test_numbers_do_not_begin_at_one(monday: str) -> None:
    with closing(Reader(monday)) as reader:
        assert reader.value("SELECT min(id) FROM request") == FIRST_NUMBER


def test_its_last_step_can_be_taken_back(monday: str, tmp_path: Path) -> None:
    path = tmp_path / "copy.sqlite3"
    path.write_bytes(Path(monday).read_bytes())
    deadlines = Deadlines(SETTINGS.hours, starter())
    with closing(Desk(str(path), FixedClock(MONDAY, BERLIN), deadlines)) as desk:
        done = desk.undo()
    with closing(Reader(str(path))) as reader:
        (number,) = done.numbers
        assert requests.request(reader, number).open_forwards


def test_the_same_moment_makes_the_same_store(monday: str, tmp_path: Path) -> None:
    again = str(tmp_path / "again.sqlite3")
    build(again, FixedClock(MONDAY, BERLIN), SETTINGS)
    assert _dump(again) == _dump(monday)


def test_without_a_terminal_it_says_what_it_is_and_prints_the_agenda(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    own = tmp_path / "own.sqlite3"
    environ = {"POC_DB": str(own), "POC_CONFIG": str(tmp_path / "none"), "TZ": "Europe/Berlin"}
    open_demo(Context(environ, clock=FixedClock(MONDAY, BERLIN)))
    printed = capsys.readouterr().out
    assert printed.startswith(WHAT_IT_IS)
    assert "Invoice 4711 is wrong" in printed
    assert not own.exists()
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("-1d 10:00", "2026-11-20"),
        ("-2d 10:00", "2026-11-19"),
        ("-6d 10:00", "2026-11-13"),
        ("+1d 10:00", "2026-11-23"),
        ("+6d 10:00", "2026-11-30"),
    ],
)
def test_days_of_the_script_are_working_days(words: str, day: str) -> None:
    saturday = MOMENTS["Saturday night"].astimezone(UTC)
    at = ScriptMoments(saturday, BERLIN, SETTINGS.hours).read(words)
    assert at.astimezone(BERLIN) == datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=BERLIN)


@pytest.mark.parametrize("words", ["", "9d 10:15", "-9d", "-9d 25:00", "tomorrow", "-2"])
def test_a_moment_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"moment|hour"):
        ScriptMoments(MONDAY, BERLIN, SETTINGS.hours).read(words)


def _dump(path: str) -> list[str]:
    """Everything in the store; the rows that one step changed in a fixed order.

    SQLAlchemy gives the rows that it writes together in no order of their own.
    """
    with closing(sqlite3.connect(path)) as connection:
        for id, changes in connection.execute("SELECT id, changes FROM journal").fetchall():
            in_order = json.dumps(sorted(json.loads(changes), key=json.dumps))
            connection.execute("UPDATE journal SET changes = ? WHERE id = ?", (in_order, id))
        return list(connection.iterdump())
