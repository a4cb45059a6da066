"""The agenda: how it is put together, and its screen by keys."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.models.values import Channel
from poc_tui.rules import agenda as rules
from poc_tui.rules.agenda import Agenda, AgendaItem, agenda
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.agenda import AgendaScreen
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.customer import CustomerDialog
from poc_tui.screens.dialogs.forward import ForwardDialog
from poc_tui.screens.request import RequestScreen
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.due_dates import wind_clocks
from poc_tui.store.queries import customers, listing, requests
from poc_tui.store.queries.dated_items import read_agenda
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.views import VIEWS
from poc_tui.widgets import agenda_rows
from poc_tui.widgets.top_bar import TopBar
from tests.helpers.desks import until

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
"""Monday, 23 November 2026, 09:12 in Berlin."""


def one(
    what: str,
    at: datetime,
    number: int | None = None,
    subject: str | None = None,
    customer: str | None = None,
    who: str = "",
    text: str = "",
) -> AgendaItem:
    """An item of the agenda, for the rules alone."""
    return AgendaItem(what, 0, at, number, subject, None, customer, who, text)


def berlin(day: int, hour: int = 0, minute: int = 0, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def grouped(
    *items: AgendaItem, new: Sequence[AgendaItem] = (), now: datetime = NOW, days: int = 7
) -> Agenda:
    return agenda(items, new, now, BERLIN, days)


# How it is put together


def test_what_has_passed_is_late_and_what_is_due_this_moment_is_not() -> None:
    before, this = one("update", NOW - timedelta(seconds=1), 1), one("update", NOW, 2)
    found = grouped(this, before)
    assert (found.late, found.rest_of_today) == ((before,), (this,))
    assert rules.label(before, NOW, BERLIN, of_one_day=False) == "late <1m"
    assert rules.label(this, NOW, BERLIN, of_one_day=True) == "now"


def test_the_longest_late_comes_first_and_a_day_goes_by_the_hour() -> None:
    found = grouped(
        one("update", berlin(23, 14), 3),
        one("resolve", berlin(20, 9), 2),
        one("chase", berlin(18, 9), 1),
        one("answer", berlin(23, 11), 4),
    )
    assert [item.number for item in found.late] == [1, 2]
    assert [item.number for item in found.rest_of_today] == [4, 3]


def test_a_day_begins_at_midnight_of_the_persons_own_zone() -> None:
    last, first = one("update", berlin(23, 23, 59), 1), one("update", berlin(24), 2)
    assert first.at.date() == date(2026, 11, 23), "in UTC it is still Monday"
    found = grouped(last, first)
    assert found.rest_of_today == (last,)
    assert [(day.day, day.items) for day in found.coming] == [(date(2026, 11, 24), (first,))]


def test_the_last_day_ends_at_its_midnight() -> None:
    inside, outside = one("update", berlin(29, 23, 59), 1), one("update", berlin(30), 2)
    assert [day.items for day in grouped(inside, outside).coming] == [(inside,)]
    assert rules.end(NOW, BERLIN) == outside.at
    assert grouped(one("update", berlin(24, 8), 1), days=1).is_empty


@pytest.mark.parametrize(
    ("now", "end"),
    [
        # Sunday, 25 October 2026 has 25 hours in Berlin, Sunday, 29 March 2026 has 23.
        (datetime(2026, 10, 24, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
    ],
)
def test_a_day_on_which_the_clocks_change_is_whole(now: datetime, end: datetime) -> None:
    assert rules.end(now, BERLIN, 1) == end
    last, next_day = one("update", end - timedelta(seconds=1), 1), one("update", end, 2)
    found = grouped(last, next_day, now=now, days=2)
    assert found.rest_of_today == (last,)
    assert [day.items for day in found.coming] == [(next_day,)]


def test_the_week_goes_on_over_its_end_and_a_day_without_anything_is_left_out() -> None:
    saturday = datetime(2026, 12, 26, 9, tzinfo=UTC)
    found = grouped(
        one("update", saturday + timedelta(hours=1), 1),
        one("update", saturday + timedelta(days=1), 2),
        one("update", saturday + timedelta(days=2), 3),
        one("update", saturday + timedelta(days=6), 4),
        now=saturday,
    )
    assert [part.heading for part in found.by_hour()] == [
        "Today, Sat 26 Dec", "Tomorrow, Sun 27 Dec", "Mon 28 Dec", "Fri 1 Jan 2027",
    ]  # fmt: skip


def test_a_new_request_stands_among_the_new_ones_until_it_is_late() -> None:
    fresh = one("new", berlin(23, 11), 1)
    dates = one("answer", berlin(23, 11), 1), one("resolve", berlin(25, 11), 1)
    promise = one("promise", berlin(24, 12), 1)
    found = grouped(*dates, promise, new=[fresh])
    assert (found.new, found.rest_of_today) == ((fresh,), ())
    assert [day.items for day in found.coming] == [(promise,)]
    assert found.dated == (promise,)
    later = grouped(*dates, new=[fresh], now=berlin(23, 12))
    assert (later.late, later.new) == ((dates[0],), (fresh,))


def test_the_end_of_a_snooze_is_told_once_with_its_reason() -> None:
    snooze = one("snooze", berlin(25, 9), 1, text="lease is signed by then")
    echo, other = one("check-back", berlin(25, 9), 1), one("check-back", berlin(25, 9), 2)
    assert [day.items for day in grouped(snooze, echo, other).coming] == [(snooze, other)]


def test_by_whom_it_says_which_department_who_was_promised_and_whom_to_call() -> None:
    late = one("chase", berlin(20, 9), 1, who="Technical")
    legal = one("chase", berlin(23, 12), 2, who="Legal")
    soon = one("chase", berlin(25, 9), 3, who="Technical")
    promise = one("promise", berlin(24, 9), 4, customer="Meyer AG")
    contact = one("contact", berlin(24, 9), customer="Meyer AG", text="FREQ=WEEKLY;INTERVAL=6")
    call = one("reminder", berlin(26, 9), customer="Hotel Krone", text="about the season")
    others = (
        one("reminder", berlin(26, 9), 5, customer="Hotel Krone", text="on a request"),
        one("reminder", berlin(26, 9), text="on nothing"),
        one("update", berlin(26, 9), 6),
    )
    found = grouped(soon, legal, late, promise, contact, call, *others)
    assert [(part.heading, part.items) for part in found.by_whom()] == [
        ("Chase Technical", (late, soon)),
        ("Chase Legal", (legal,)),
        ("Promises", (promise,)),
        ("Call back", (contact, call)),
    ]


def test_the_load_of_a_day_is_counted_by_what_it_asks_for() -> None:
    day = [
        one(what, NOW) for what in ("update", "answer", "chase", "promise", "chase", "check-back")
    ]
    assert rules.load(day) == "2 answers, 1 check-back, 2 to chase, 1 promise"
    assert rules.load([]) == ""


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (one("answer", NOW), "first answer"),
        (one("update", NOW), "next word to the customer"),
        (one("resolve", NOW), "to be resolved"),
        (one("check-back", NOW), "has the customer replied?"),
        (one("chase", NOW, who="Technical"), "chase Technical"),
        (
            one("contact", NOW, customer="Meyer AG", text="FREQ=WEEKLY;INTERVAL=6"),
            "talk to Meyer AG (every 6 weeks)",
        ),
        (one("promise", NOW, text="a new key"), "promised: a new key"),
        (one("promise", NOW, who="the buyer", text="a price"), "promised to the buyer: a price"),
        (one("reminder", NOW, 1, customer="Hotel Krone", text="ask"), "reminder: ask"),
        (one("reminder", NOW, customer="Hotel Krone", text="ask"), "call back: ask"),
    ],
)
def test_each_says_what_there_is_to_do(item: AgendaItem, words: str) -> None:
    assert rules.words(item) == words


def test_a_reminder_names_its_request_unless_its_reason_does() -> None:
    why = one("snooze", NOW, 1, "Invoice", text="they call on Friday")
    assert rules.about(why) == "they call on Friday · Invoice"
    assert rules.about(why._replace(text="look again: Invoice")) == "look again: Invoice"
    assert rules.about(why._replace(subject=None)) == "they call on Friday"


def test_only_what_somebody_outside_waits_for_is_late_the_rest_is_over() -> None:
    hour_ago = NOW - timedelta(hours=1)
    labels = {
        what: rules.label(one(what, hour_ago), NOW, BERLIN, of_one_day=False)
        for what in agenda_rows.SIGNS
    }
    late = {what for what, label in labels.items() if label == "late 1h"}
    assert late == {"answer", "update", "resolve", "promise", "new"}
    assert {labels[what] for what in labels.keys() - late} == {"1h ago"}


# As the store has it


@pytest.fixture
def busy(desk: Desk, clock: FixedClock) -> Desk:
    """Late at Meyer AG, forwarded for Bäckerei Ott, promised, to call, and one not looked at."""
    now = clock.now()
    desk.do(drafts.Capture("Invoice", customer=drafts.CustomerName("Meyer AG"), due_at=now))
    desk.do(drafts.Triage(), [1])
    desk.do(drafts.Capture("Order", customer=drafts.CustomerName("Bäckerei Ott")))
    desk.do(drafts.ForwardDraft(1, "where is it?", due_at=now + timedelta(hours=4)), [2])
    desk.do(drafts.Promise(now + timedelta(hours=5), "a price"), [2])
    desk.do(drafts.EditCustomer(name="Hotel Krone", rhythm="FREQ=WEEKLY;INTERVAL=1"))
    desk.do(drafts.Remind(now + timedelta(days=1), "buy stamps"))
    desk.do(drafts.Capture("Key card", channel=Channel.EMAIL))
    clock.advance(timedelta(hours=1))
    desk.wind()
    return desk


def test_what_the_quick_lane_took_down_has_its_dates_before_it_is_read(
    busy: Desk, path: str, reader: Reader, clock: FixedClock, deadlines: Deadlines
) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "UPDATE request SET due_at = NULL, due_since = NULL, resolve_by = NULL WHERE id = 3"
        )
    before = read_agenda(reader, clock.now(), BERLIN).new
    assert [item.at for item in before] == [clock.now()]
    wind_clocks(path, deadlines)
    after = read_agenda(reader, clock.now(), BERLIN).new
    assert [item.at for item in after] == [requests.request(reader, 3).due_at]
    assert [item.number for item in after] == [*listing.numbers(reader, VIEWS["new"], clock.now())]


def test_a_store_that_somebody_writes_to_is_read_unwound(
    busy: Desk, path: str, clock: FixedClock, deadlines: Deadlines, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute(
            "UPDATE request SET due_at = NULL, due_since = NULL, resolve_by = NULL WHERE id = 3"
        )
        writer.execute("BEGIN IMMEDIATE")
        wind_clocks(path, deadlines)
        writer.execute("ROLLBACK")
        assert writer.execute("SELECT due_at FROM request WHERE id = 3").fetchone() == (None,)
    wind_clocks(str(tmp_path / "none.sqlite3"), deadlines)
    assert not (tmp_path / "none.sqlite3").exists()


# The screen


@pytest.fixture
def app(path: str, clock: FixedClock, settings: Settings) -> PocApp:
    return PocApp(Session(path, clock, settings, resolve(COMMANDS, {})))


async def opened(app: PocApp, pilot: Pilot[None]) -> AgendaScreen:
    screen = AgendaScreen(app.session)
    await app.push_screen(screen)
    await until(pilot, lambda: screen.lines.is_read)
    await pilot.pause()
    return screen


def shown(screen: AgendaScreen) -> list[str]:
    """The lines of the list as they are painted, within its frame."""
    strips = screen.queue.render_lines(screen.queue.region.reset_offset)
    return [strip.text[1:-1].rstrip() for strip in strips[1:-1]]


def line(screen: AgendaScreen) -> str:
    """The highlighted line as it is painted, without its sign at the left."""
    return next(text for text in shown(screen) if text.startswith("▸"))[3:]


async def to(pilot: Pilot[None], screen: AgendaScreen, what: str) -> None:
    """Move down to the first line of that kind."""
    await pilot.press("g")
    for _ in range(screen.queue.row_count):
        item = screen.lines.item
        if item is not None and item.what == what:
            return
        await pilot.press("j")
    raise AssertionError(f"no {what} on the agenda")


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_the_screen_lists_everything_under_its_day(
    app: PocApp, busy: Desk, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        screen = await opened(app, pilot)
        lines = shown(screen)
        headings = [text.strip() for text in lines if text[3:4].isalpha() and " · " in text[:40]]
        assert [heading.partition(" · ")[0] for heading in headings][:4] == [
            "Late", "New", "Today, Mon 23 Nov", "Tomorrow, Tue 24 Nov",
        ]  # fmt: skip
        text = "\n".join(lines)
        for words in ("late 1h", "first answer", "Meyer AG", "not looked at yet", "promised"):
            assert words in text
        assert all(len(strip) <= size[0] for strip in lines)


async def test_the_highlight_steps_over_headings_both_ways(app: PocApp, busy: Desk) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        seen = []
        for key in ("g", *"jjjjjjjjjjjjjj", "G", *"kkkkkkkkkkkkkk", "pagedown", "pageup", "home"):
            await pilot.press(key)
            seen.append(screen.lines.item)
        assert None not in seen
        assert seen[0] == seen[-1]
        assert shown(screen)[0].strip().startswith("Late"), "the first heading is in view again"
        assert len(set(seen)) == len(screen.lines.lines())


async def test_tab_shows_whom_to_turn_to_and_the_highlight_stays_on_its_line(
    app: PocApp, busy: Desk
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(app, pilot)
        await to(pilot, screen, "promise")
        await pilot.press("tab")
        text = "\n".join(shown(screen))
        assert "Chase" in text
        assert "Promises · 1" in text
        assert "Invoice" not in text
        assert line(screen).split()[:3] == ["14:12", "◆", "promised"]
        await pilot.press("tab")
        assert "Invoice" in "\n".join(shown(screen))
        assert line(screen).split()[:3] == ["14:12", "◆", "promised"]


async def test_enter_opens_the_request_or_the_customer_and_esc_and_q_go_back(
    app: PocApp, busy: Desk
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await to(pilot, screen, "chase")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RequestScreen))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))


async def test_a_contact_opens_the_customer_and_x_says_they_were_talked_to(
    app: PocApp, busy: Desk, reader: Reader, clock: FixedClock
) -> None:
    clock.advance(timedelta(days=8))
    krone = customers.find(reader, "Hotel Krone").id
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await to(pilot, screen, "contact")
        assert line(screen).split()[:2] == ["25h", "ago"]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CustomerDialog))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        await pilot.press("x")
        await until(pilot, lambda: customers.customer(reader, krone).last_contact == clock.now())
        await until(pilot, lambda: all(one.item.what != "contact" for one in screen.lines.lines()))
        await pilot.press("u")
        await until(pilot, lambda: any(one.item.what == "contact" for one in screen.lines.lines()))


async def test_x_marks_the_reminder_of_the_line_and_no_other(
    app: PocApp, busy: Desk, reader: Reader
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await to(pilot, screen, "reminder")
        await pilot.press("x")
        await until(pilot, lambda: all(one.item.what != "reminder" for one in screen.lines.lines()))
        assert any(one.item.what == "promise" for one in screen.lines.lines())
        done = reader.rows("SELECT text FROM reminder WHERE done_at IS NOT NULL")
        assert done == [("buy stamps",)]


async def test_a_verb_acts_on_the_request_of_the_line_or_of_all_marked(
    app: PocApp, busy: Desk, reader: Reader
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await to(pilot, screen, "new")
        assert [row.number for row in screen.chosen()] == [3]
        await pilot.press("f")
        await until(pilot, lambda: isinstance(app.screen, ForwardDialog))
        await pilot.press("l", "enter")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: requests.request(reader, 3).court == "department")
        await until(pilot, lambda: all(one.item.what != "new" for one in screen.lines.lines()))
        await pilot.press("g", "space")
        await to(pilot, screen, "promise")
        await pilot.press("space")
        assert sorted(row.number for row in screen.chosen()) == [1, 2]
        assert screen.query_one(TopBar).marked == 2


async def test_what_another_terminal_writes_and_a_passing_minute_show(
    app: PocApp, busy: Desk, clock: FixedClock
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        await to(pilot, screen, "promise")
        busy.do(drafts.Remind(clock.now() + timedelta(minutes=5), "fetch the post"))
        await until(pilot, lambda: "fetch the post" in "\n".join(shown(screen)))
        item = screen.lines.item
        assert item is not None
        assert item.what == "promise"
        clock.advance(timedelta(minutes=7))
        await until(pilot, lambda: "2m ago" in "\n".join(shown(screen)))


async def test_an_empty_agenda_says_so_in_a_sentence(app: PocApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        assert "Nothing is late, new or due in the next 7 days." in "\n".join(shown(screen))
        await pilot.press("j", "enter", "x", "space", "tab")
        await pilot.pause()
        assert "Nobody is to be chased" in "\n".join(shown(screen))


async def test_hostile_words_are_shown_and_do_nothing(
    app: PocApp, desk: Desk, clock: FixedClock
) -> None:
    evil = "[@click=app.quit]x[/] \x1b]52;c;aGk=\x07 \x9b31m \u202eabc [/]"
    desk.do(drafts.Capture(evil, customer=drafts.CustomerName(evil)))
    desk.do(drafts.EditDepartment(name=evil))
    desk.do(drafts.Remind(clock.now() + timedelta(hours=1), evil), [1])
    desk.do(drafts.Promise(clock.now() + timedelta(hours=2), evil, whom=evil), [1])
    department = desk.do(drafts.ForwardDraft(8, evil), [1])
    assert department.numbers == (1,)
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await opened(app, pilot)
        for _ in range(2):
            text = "".join(shown(screen))
            assert "[@click=app.quit]x" in text
            assert not any(char in text for char in "\x1b\x9b\u202e\x07")
            await pilot.press("tab")


async def test_a_person_who_chose_other_keys_finds_them_here_too(
    path: str, clock: FixedClock, settings: Settings, busy: Desk
) -> None:
    keymap = resolve(COMMANDS, {"quit": ["Q"], "cursor_down": ["ctrl+n"]})
    app = PocApp(Session(path, clock, settings, keymap))
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await opened(app, pilot)
        first = screen.lines.item
        await pilot.press("ctrl+n")
        assert screen.lines.item != first
        await pilot.press("Q")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
