"""What fell due is told: by `poc due`, on the desktop and on the open desk; once each."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.quick.add import add
from poc_tui.rules.agenda import AgendaItem
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import CustomerName
from poc_tui.store.notices_told import COMMAND, DESK, tell
from poc_tui.store.queries import customers, departments
from poc_tui.store.queries.dated_items import untold
from poc_tui.store.queries.reader import Reader
from poc_tui.system import desktop_notices
from poc_tui.words import due
from tests.conftest import BERLIN
from tests.helpers.command_line import Poc
from tests.helpers.desks import MOMENT, until
from tests.helpers.hostile_text import TEXTS

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


def remind(desk: Desk, clock: FixedClock, *texts: str, after: timedelta = HOUR) -> None:
    """Set a reminder of each text, one a minute, the first so long from now."""
    for place, text in enumerate(texts):
        desk.do(drafts.Remind(clock.now() + after + place * MINUTE, text))


def an_item(what: str = "answer", **fields: Any) -> AgendaItem:
    item = AgendaItem(what, 7, MOMENT, 1042, "Invoice 4711 is wrong", 1, "Meyer AG", "", "")
    return item._replace(**fields)


# In words


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (an_item(), "#1042 Meyer AG: first answer due — Invoice 4711 is wrong"),
        (an_item("update"), "#1042 Meyer AG: next word due — Invoice 4711 is wrong"),
        (an_item("resolve"), "#1042 Meyer AG: resolution due — Invoice 4711 is wrong"),
        (
            an_item("chase", who="Technical", text="delivery note right?"),
            "#1042 Meyer AG: chase Technical — Invoice 4711 is wrong",
        ),
        (an_item("check-back"), "#1042 Meyer AG: check back — Invoice 4711 is wrong"),
        (an_item("reminder", text="call"), "#1042 Meyer AG: reminder — call"),
        (an_item("snooze", text="stocktaking"), "#1042 Meyer AG: back from snooze — stocktaking"),
        (
            an_item("promise", text="credit note", who="the buyer"),
            "#1042 Meyer AG: promise to the buyer due — credit note",
        ),
        (
            an_item("contact", number=None, subject=None, text="FREQ=WEEKLY;INTERVAL=6"),
            "Meyer AG: time to talk — every 6 weeks",
        ),
        (an_item("reminder", number=None, customer=None, text="toner"), "reminder — toner"),
    ],
    ids=lambda value: value.what if isinstance(value, AgendaItem) else "",
)
def test_each_thing_is_said_in_one_sentence(item: AgendaItem, words: str) -> None:
    assert due.sentence(item) == words


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_sentence_is_one_safe_line_whatever_others_wrote(text: str) -> None:
    item = an_item("promise", customer=text, who=text, text=text)
    said = due.line(item, MOMENT, BERLIN)
    assert said.isprintable()
    assert len(said) < 1_000


# poc due


def test_due_tells_what_fell_due_a_line_each(poc: Poc, desk: Desk, clock: FixedClock) -> None:
    remind(desk, clock, "call the warehouse", "order toner")
    assert poc("due") == (3, "", "")
    clock.advance(2 * HOUR)
    assert poc.ok("due").lines == [
        "10:12  reminder — call the warehouse",
        "10:13  reminder — order toner",
    ]


def test_due_tells_everything_once(poc: Poc, desk: Desk, clock: FixedClock) -> None:
    remind(desk, clock, "call the warehouse")
    clock.advance(HOUR)
    poc.ok("due")
    assert poc("due") == (3, "", "")
    remind(desk, clock, "order toner")
    clock.advance(HOUR)
    assert poc.ok("due").lines == ["11:12  reminder — order toner"]


def test_a_date_that_was_moved_is_told_anew(
    poc: Poc, desk: Desk, clock: FixedClock, reader: Reader
) -> None:
    (number,) = desk.do(drafts.Capture("Invoice", due_at=clock.now() + HOUR)).numbers
    clock.advance(HOUR)
    assert len(poc.ok("due").lines) == 1
    desk.do(drafts.Triage(due_at=clock.now() + HOUR), [number])
    assert poc("due").code == 3
    clock.advance(HOUR)
    assert "Invoice" in poc.ok("due").out


def test_due_all_tells_it_again_and_leaves_it_untold(
    poc: Poc, desk: Desk, clock: FixedClock
) -> None:
    remind(desk, clock, "call the warehouse")
    assert poc("due", "--all").code == 3
    clock.advance(HOUR)
    told = [poc.ok("due", "--all").lines, poc.ok("due").lines, poc.ok("due", "--all").lines]
    assert told == [["10:12  reminder — call the warehouse"]] * 3


def test_due_as_json_is_an_array_also_of_nothing(poc: Poc, desk: Desk, clock: FixedClock) -> None:
    draft = drafts.Capture("Invoice", customer=CustomerName("Meyer AG"), due_at=clock.now() + HOUR)
    (number,) = desk.do(draft).numbers
    ran = poc("due", "--json")
    assert (ran.code, ran.json) == (3, [])
    clock.advance(HOUR)
    assert poc.ok("due", "--json").json == [
        {
            "what": "answer",
            "id": number,
            "at": "2026-11-23T10:12:00+01:00",
            "number": number,
            "subject": "Invoice",
            "customer": "Meyer AG",
            "who": "",
            "text": "",
        }
    ]


def test_what_the_quick_lane_took_down_is_told_when_its_answer_is_due(
    poc: Poc, path: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POC_DB", path)
    assert add(["Where", "is", "my", "order?", "via:chat"]) == 0
    with closing(connect(path)) as connection:
        at = int(clock.now().timestamp())
        connection.execute("UPDATE request SET received_at = ?, court_since = ?", (at, at))
    clock.advance(24 * HOUR)
    assert "first answer due — Where is my order?" in poc.ok("due").out


def test_a_snooze_that_ends_is_told_once_with_its_reason(
    poc: Poc, desk: Desk, clock: FixedClock
) -> None:
    (number,) = desk.do(drafts.Capture("Key card")).numbers
    desk.do(drafts.Answer("A new one is on its way."), [number])
    desk.do(drafts.Snooze(clock.now() + HOUR, "the warehouse counts"), [number])
    clock.advance(HOUR)
    assert poc.ok("due").lines == [f"10:12  #{number}: back from snooze — the warehouse counts"]


def test_a_department_to_chase_and_a_customer_to_speak_to_are_told(
    poc: Poc, desk: Desk, clock: FixedClock, reader: Reader
) -> None:
    (number,) = desk.do(drafts.Capture("Invoice", customer=CustomerName("Meyer AG"))).numbers
    technical = departments.department(reader, "Technical").id
    desk.do(drafts.ForwardDraft(technical, "10 or 12 units?", clock.now() + 2 * HOUR), [number])
    meyer = customers.find(reader, "Meyer AG").id
    desk.do(drafts.EditCustomer(meyer, rhythm="FREQ=WEEKLY;INTERVAL=6"))
    clock.advance(timedelta(weeks=7))
    out = poc.ok("due").out
    assert f"#{number} Meyer AG: chase Technical — Invoice" in out
    assert "Meyer AG: time to talk — every 6 weeks" in out


def test_what_nobody_could_read_is_told_again(path: str, desk: Desk, clock: FixedClock) -> None:
    """The system's own clock here: a process of its own prints into a pipe that nobody reads."""
    desk.do(drafts.Remind(clock.now() + HOUR, "x" * 90))
    with closing(connect(path)) as connection:
        connection.execute("UPDATE reminder SET at = 1")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "poc_tui", "--db", path, "due"]
    ran = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert ran.stderr == b""
    again = subprocess.run(command, capture_output=True, check=True)
    assert again.stdout.startswith(b"1 Jan 70  reminder")
    if os.path.exists("/dev/full"):
        with closing(connect(path)) as connection:
            connection.execute("DELETE FROM notice")
        with open("/dev/full", "wb") as full:
            ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
        assert (ran.returncode, ran.stderr) == (1, b"poc: No space left on device\n")
        assert subprocess.run(command, capture_output=True, check=True).stdout == again.stdout


def test_two_who_ask_at_once_tell_each_thing_once_between_them(
    path: str, desk: Desk, clock: FixedClock
) -> None:
    remind(desk, clock, *(f"thing {place}" for place in range(20)))
    with closing(Reader(path)) as reader:
        due = untold(reader, BERLIN, clock.now() + 9 * HOUR, COMMAND)
    assert len(due) == 20
    with ThreadPoolExecutor(4) as pool:
        claims = list(pool.map(lambda _: tell(path, COMMAND, due), range(4)))
    assert sorted(item.of for claim in claims for item in claim) == [item.of for item in due]


def test_due_without_a_home_and_a_desktop_says_the_same(
    path: str, desk: Desk, clock: FixedClock
) -> None:
    desk.do(drafts.Remind(clock.now() + HOUR, "order toner"))
    with closing(connect(path)) as connection:
        connection.execute("UPDATE reminder SET at = 1")
    ran = subprocess.run(
        [sys.executable, "-m", "poc_tui", "--db", path, "due", "--notify"],
        env={"PYTHONPATH": str(Path(desktop_notices.__file__).parents[2]), "TZ": "UTC"},
        capture_output=True,
        check=True,
    )
    assert (ran.stdout, ran.stderr) == (b"1 Jan 70  reminder \xe2\x80\x94 order toner\n", b"")


# On the desktop


class Shown:
    """A desktop that keeps what it is told."""

    def __init__(self) -> None:
        self.notices: list[tuple[str, str]] = []

    def __call__(self, title: str, body: str) -> bool:
        self.notices.append((title, body))
        return True


def shown(items: Sequence[AgendaItem]) -> list[tuple[str, str]]:
    desktop = Shown()
    due.notify(items, MOMENT, BERLIN, desktop)
    return desktop.notices


def test_one_thing_is_a_notice_by_itself() -> None:
    assert shown([an_item()]) == [("#1042 Meyer AG: first answer due", "Invoice 4711 is wrong")]


def test_many_things_are_one_notice_that_counts_them() -> None:
    ((title, body),) = shown([an_item(of=place) for place in range(7)])
    assert title == "7 things fell due"
    assert body.splitlines() == [
        *["09:12  #1042 Meyer AG: first answer due — Invoice 4711 is wrong"] * 3,
        "and 4 more",
    ]


def test_there_is_no_notice_of_nothing() -> None:
    assert shown([]) == []


def test_a_server_that_reads_markup_shows_the_words_as_they_are() -> None:
    assert (
        desktop_notices.as_body("<b>a</b> & <img src=x>")
        == "&lt;b&gt;a&lt;/b&gt; &amp; &lt;img src=x&gt;"
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a session bus is Linux's")
def test_without_a_session_bus_there_is_no_desktop_and_nothing_is_imported() -> None:
    assert desktop_notices.desktop({}) is None
    assert "desktop_notifier" not in sys.modules


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a session bus is Linux's")
@pytest.mark.parametrize("answers", [False, None], ids=["nobody there", "never answers"])
def test_a_desktop_that_fails_fails_quietly(tmp_path: Path, answers: bool | None) -> None:
    bus = tmp_path / "bus"
    with closing(socket.socket(socket.AF_UNIX)) as server:
        if answers is None:
            server.bind(str(bus))
            server.listen(1)
        ran = subprocess.run(
            [
                sys.executable,
                "-c",
                "import os; from poc_tui.system import desktop_notices; "
                "desktop_notices.PATIENCE = 0.5; "
                "print(desktop_notices.desktop(os.environ)('title', 'body'))",
            ],
            env={**os.environ, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={bus}"},
            capture_output=True,
            check=True,
        )
    assert (ran.stdout, ran.stderr) == (b"False\n", b"")


# On the open desk


OpenDesk = Callable[..., PocApp]


@pytest.fixture
def opened(path: str, clock: FixedClock, settings: Settings) -> OpenDesk:
    """Opens a desk, with the bell if wished."""

    def open_desk(*, bell: bool = False, demo: bool = False) -> PocApp:
        wished = settings._replace(bell=bell)
        return PocApp(Session(path, clock, wished, resolve(COMMANDS, {}), demo=demo))

    return open_desk


def toasts(app: PocApp) -> list[tuple[str, str]]:
    return [(toast.title, toast.message) for toast in app._notifications]


def is_told(path: str, count: int) -> bool:
    with closing(connect(path)) as connection:
        row = connection.execute("SELECT count(*) FROM notice WHERE teller = ?", (f"{DESK}:me",))
        return bool(row.fetchone()[0] == count)


def has_looked(app: PocApp) -> bool:
    desk = app.screen_stack[0]
    assert isinstance(desk, DeskScreen)
    return not desk.services.notices._since_last_open


async def test_at_the_start_the_desk_tells_in_one_toast_what_fell_due_meanwhile(
    opened: OpenDesk, path: str, desk: Desk, clock: FixedClock
) -> None:
    remind(desk, clock, "one", "two", "three", "four", "five")
    clock.advance(2 * HOUR)
    app = opened()
    async with app.run_test() as pilot:
        await until(pilot, lambda: is_told(path, 5) and bool(toasts(app)))
        ((title, text),) = toasts(app)
    assert title == "Fell due since the desk was last open"
    assert text.splitlines() == [
        "10:12 reminder — one",
        "10:13 reminder — two",
        "10:14 reminder — three",
        "and 2 more; A shows the agenda",
    ]
    again = opened()
    async with again.run_test() as pilot:
        await until(pilot, lambda: has_looked(again))
        assert toasts(again) == []


async def test_a_toast_stays_short_whatever_it_is_about(
    opened: OpenDesk, path: str, desk: Desk, clock: FixedClock
) -> None:
    remind(desk, clock, "漢" * 5_000, "x" * 5_000)
    clock.advance(2 * HOUR)
    app = opened()
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(toasts(app)))
        ((_, text),) = toasts(app)
    assert [cell_len(line) <= 72 for line in text.splitlines()] == [True, True]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """When the desk has looked for what is due, so that a test can wait until it has again."""
    looked: list[datetime] = []

    def counted(reader: Reader, zone: tzinfo, now: datetime, teller: str) -> tuple[AgendaItem, ...]:
        looked.append(now)
        return untold(reader, zone, now, teller)

    monkeypatch.setattr("poc_tui.store.queries.dated_items.untold", counted)
    return looked


async def test_what_falls_due_while_the_desk_is_open_is_told_by_itself_once_and_rings_once(
    opened: OpenDesk,
    path: str,
    desk: Desk,
    clock: FixedClock,
    looks: list[datetime],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remind(desk, clock, "call [/] the warehouse", after=MINUTE)
    app = opened(bell=True)
    rung: list[int] = []
    monkeypatch.setattr(app, "bell", lambda: rung.append(1))
    async with app.run_test() as pilot:
        await until(pilot, lambda: has_looked(app))
        assert toasts(app) == []
        clock.advance(MINUTE)
        await until(pilot, lambda: is_told(path, 1))
        clock.advance(MINUTE)
        await until(pilot, lambda: looks[-1] == clock.now())
        await pilot.pause()
        assert toasts(app) == [("reminder", "call [/] the warehouse")]
    assert rung == [1]


async def test_many_that_fall_due_at_once_are_one_toast(
    opened: OpenDesk, path: str, desk: Desk, clock: FixedClock
) -> None:
    remind(desk, clock, "one", "two", "three", "four", after=MINUTE)
    app = opened()
    async with app.run_test() as pilot:
        await until(pilot, lambda: has_looked(app))
        clock.advance(HOUR)
        await until(pilot, lambda: is_told(path, 4) and bool(toasts(app)))
        ((title, text),) = toasts(app)
    assert title == "4 things fell due"
    assert text.splitlines()[-1] == "and 1 more; A shows the agenda"


async def test_a_notice_waits_while_a_dialog_is_open(
    opened: OpenDesk, path: str, desk: Desk, clock: FixedClock, looks: list[datetime]
) -> None:
    remind(desk, clock, "call the warehouse", after=MINUTE)
    app = opened()
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: has_looked(app))
        await pilot.press("question_mark")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        clock.advance(MINUTE)
        await until(pilot, lambda: looks[-1] == clock.now())
        await pilot.pause()
        assert toasts(app) == []
        assert is_told(path, 0)
        await pilot.press("escape")
        await until(pilot, lambda: is_told(path, 1) and bool(toasts(app)))
        assert toasts(app) == [("reminder", "call the warehouse")]


async def test_a_demo_does_not_begin_with_what_nobody_has_missed(
    opened: OpenDesk, path: str, desk: Desk, clock: FixedClock
) -> None:
    remind(desk, clock, "one", "two")
    clock.advance(HOUR)
    app = opened(demo=True)
    async with app.run_test() as pilot:
        await until(pilot, lambda: is_told(path, 1))
        assert toasts(app) == []
        clock.advance(MINUTE)
        await until(pilot, lambda: is_told(path, 2) and bool(toasts(app)))
        assert toasts(app) == [("reminder", "two")]


async def test_while_somebody_else_writes_it_is_told_once_and_kept_in_mind_later(
    opened: OpenDesk,
    path: str,
    desk: Desk,
    clock: FixedClock,
    looks: list[datetime],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    remind(desk, clock, "call the warehouse")
    clock.advance(HOUR)
    monkeypatch.setattr("poc_tui.store.notices_told.connect", partial(connect, busy_ms=10))
    app = opened()
    with closing(connect(path)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        async with app.run_test() as pilot:
            await until(pilot, lambda: bool(toasts(app)))
            clock.advance(MINUTE)
            await until(pilot, lambda: looks[-1] == clock.now())
            await pilot.pause()
            assert len(toasts(app)) == 1
            writer.execute("ROLLBACK")
            clock.advance(MINUTE)
            await until(pilot, lambda: is_told(path, 1))
            assert len(toasts(app)) == 1


async def test_the_open_desk_winds_the_clocks_of_what_the_quick_lane_takes_down(
    opened: OpenDesk, path: str, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened()
    async with app.run_test() as pilot:
        await until(pilot, lambda: has_looked(app))
        monkeypatch.setenv("POC_DB", path)
        assert add(["Where", "is", "my", "order?"]) == 0
        await until(
            pilot, lambda: reader.value("SELECT resolve_by FROM request WHERE id = 1") is not None
        )
