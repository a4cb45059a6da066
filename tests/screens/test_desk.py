"""The desk as a person uses it, by keys."""

from __future__ import annotations

import gc
from datetime import timedelta

import pytest
from textual import events
from textual.color import Color
from textual.widgets import Input

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.request import RequestScreen
from poc_tui.screens.session import Session
from poc_tui.screens.workers import later
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import requests
from poc_tui.store.queries.reader import Reader
from poc_tui.widgets.conversation import Conversation
from poc_tui.widgets.top_bar import TopBar
from tests.helpers.desks import queue_of, until

WIDE, MEDIUM, NARROW = (120, 36), (80, 24), (60, 20)


@pytest.fixture
def app(path: str, clock: FixedClock, settings: Settings) -> PocApp:
    return PocApp(Session(path, clock, settings, resolve(COMMANDS, {})))


def highlighted(app: PocApp) -> int:
    row = queue_of(app).highlighted_row
    assert row is not None
    return row.number  # type: ignore[attr-defined, no-any-return]


def shown_number(app: PocApp) -> int | None:
    numbers = [pane.request.number for pane in app.screen.query(Conversation) if pane.request]
    return numbers[0] if numbers else None


async def test_an_empty_desk_says_what_to_do_first(app: PocApp) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        said = "\n".join(strip.text for strip in queue_of(app).render_lines(app.screen.region))
        assert "This desk is empty" in said
        assert "poc add" in said


async def test_the_queue_stands_in_the_order_of_what_is_due_first(
    app: PocApp, desk: Desk, clock: FixedClock
) -> None:
    now = clock.now()
    for subject, due in (
        ("in a week", now + timedelta(days=7)),
        ("late", now - timedelta(hours=2)),
        ("today", now + timedelta(hours=2)),
    ):
        number = desk.do(drafts.Capture(subject, due_at=due)).numbers[0]
        desk.do(drafts.Triage(), [number])
    desk.do(drafts.Capture("not looked at", due_at=now + timedelta(days=1)))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        source = app.screen._views._source  # type: ignore[attr-defined]
        assert [row.subject for row in source.page(0, 10)] == [
            "late", "today", "not looked at", "in a week",
        ]  # fmt: skip
        counts = app.screen.query_one(TopBar).counts
        assert counts is not None
        assert (counts.my_turn, counts.late) == (4, 1)


async def test_what_another_terminal_writes_shows_and_the_highlight_stays(
    app: PocApp, desk: Desk, clock: FixedClock
) -> None:
    for subject in ("one", "two", "three"):
        desk.do(drafts.Capture(subject))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("j")
        before = highlighted(app)
        desk.do(drafts.Capture("urgent", due_at=clock.now() - timedelta(hours=1)))
        bar = app.screen.query_one(TopBar)
        await until(pilot, lambda: bar.counts is not None and bar.counts.my_turn == 4)
        assert highlighted(app) == before


async def test_a_request_goes_all_the_way_by_keys(
    app: PocApp, reader: Reader, desk: Desk, clock: FixedClock
) -> None:
    async with app.run_test(size=MEDIUM) as pilot:
        await pilot.press("n", *"Invoice wrong @Meyer", "enter")
        await until(pilot, lambda: reader.value("SELECT count(*) FROM request") == 1)
        await until(pilot, lambda: isinstance(app.screen, DeskScreen) and shown_number(app) == 1)
        for key, words, state in (
            ("t", "", ("open", "me")),
            ("f", "", ("open", "department")),
            ("l", "10 units", ("open", "me")),
            ("a", "it were 10", ("open", "customer")),
            ("r", "", ("resolved", None)),
        ):
            await pilot.press("5")
            await until(
                pilot, lambda: isinstance(app.screen, DeskScreen) and queue_of(app).row_count == 1
            )
            await pilot.press(key)
            await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
            await pilot.press(*words, "enter")
            await until(pilot, lambda: isinstance(app.screen, DeskScreen))
            request = requests.request(reader, 1)
            assert (request.state, request.court) == state, key
        assert [a.event for a in requests.request(reader, 1).activities] == [
            "received", "triaged", "forwarded", "logged", "answered", "resolved",
        ]  # fmt: skip


async def test_a_verb_acts_on_all_marked_and_is_undone_as_one_step(
    app: PocApp, desk: Desk, reader: Reader
) -> None:
    for i in range(4):
        desk.do(drafts.Capture(f"request {i}"))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("space", "space", "space", "space", "f")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press("t", "enter")
        waiting = "SELECT count(*) FROM request WHERE court = 'department'"
        await until(pilot, lambda: reader.value(waiting) == 4)
        await until(pilot, lambda: isinstance(app.screen, DeskScreen) and app.is_at_rest)
        assert queue_of(app).marked == set()
        await pilot.press("u")
        await until(pilot, lambda: reader.value(waiting) == 0)
        await pilot.press("U")
        await until(pilot, lambda: reader.value(waiting) == 4)


async def test_undo_asks_before_it_takes_back_what_another_terminal_did(
    app: PocApp, desk: Desk, reader: Reader
) -> None:
    desk.do(drafts.Capture("from elsewhere"))
    stored = "SELECT count(*) FROM request"
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("u")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        assert reader.value(stored) == 1
        await pilot.press("u")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press("y")
        await until(pilot, lambda: reader.value(stored) == 0)


async def test_search_finds_while_one_types_in_both_spellings(app: PocApp, desk: Desk) -> None:
    for subject in ("Rechnung über Möbel", "Anfrage", "Rechnung für Stühle"):
        desk.do(drafts.Capture(subject, customer=drafts.CustomerName("Bäckerei Ott")))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("slash", *"ott moeb")
        await until(pilot, lambda: queue_of(app).row_count == 1)
        assert highlighted(app) == 1
        await pilot.press("enter", "escape")
        await until(pilot, lambda: queue_of(app).row_count == 3)
        assert not app.screen.query_one("#find", Input).display


async def test_enter_opens_the_whole_request_and_escape_comes_back(app: PocApp, desk: Desk) -> None:
    desk.do(drafts.Capture("long story", text="word " * 2_000))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, RequestScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))


@pytest.mark.parametrize(
    ("size", "visible"),
    [
        (WIDE, {"#queue", "#request", "#customer", "#reminders"}),
        (MEDIUM, {"#queue", "#request"}),
        (NARROW, {"#queue", "#request"}),
    ],
)
async def test_as_many_panes_as_there_is_room_for(
    app: PocApp, desk: Desk, size: tuple[int, int], visible: set[str]
) -> None:
    desk.do(drafts.Capture("one"))
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: shown_number(app) == 1)
        panes = ("#queue", "#request", "#customer", "#reminders")
        seen = {pane for pane in panes if app.screen.query_one(pane).region.area > 0}
        assert seen == visible


async def test_tab_goes_through_the_panes_where_one_has_room(app: PocApp, desk: Desk) -> None:
    desk.do(drafts.Capture("one", customer=drafts.CustomerName("Meyer AG")))
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        for pane in ("#customer", "#reminders", "#queue"):
            await pilot.press("tab")
            await pilot.pause()
            assert app.screen.query_one(pane).region.area > 0
            assert app.focused is app.screen.query_one(pane)
        assert app.screen.query_one("#request").region.area > 0


async def test_a_click_on_a_view_shows_it(app: PocApp, desk: Desk) -> None:
    desk.do(drafts.Capture("one"))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.click("ViewTabs", offset=(20, 0))
        await until(pilot, lambda: queue_of(app).row_count == 0)


async def test_keys_are_the_persons_own(
    path: str, clock: FixedClock, settings: Settings, desk: Desk, reader: Reader
) -> None:
    app = PocApp(
        Session(path, clock, settings, resolve(COMMANDS, {"note": ["w"], "view_open": ["0"]}))
    )
    desk.do(drafts.Capture("one"))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("w")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press(*"careful", "enter")
        await until(pilot, lambda: requests.request(reader, 1).activities[-1].text == "careful")


async def test_marking_a_reminder_done_from_its_pane(
    app: PocApp, desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    desk.do(drafts.Capture("one"))
    desk.do(drafts.Remind(clock.now() + timedelta(hours=3), "call Ott"), [1])
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("shift+tab", "x")
        await until(pilot, lambda: requests.request(reader, 1).open_reminders == ())


async def test_what_is_typed_ahead_of_a_dialog_is_for_the_dialog(
    app: PocApp, desk: Desk, reader: Reader
) -> None:
    desk.do(drafts.Capture("one"))
    async with app.run_test(size=MEDIUM) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        for count, words in enumerate(("look rough", "again"), 2):
            app.post_message(events.Key("m", "m"))
            for key in words:
                app.post_message(events.Key("space" if key == " " else key, key))
            app.post_message(events.Key("enter", "\r"))
            await until(
                pilot,
                lambda: len(requests.request(reader, 1).activities) == count,  # noqa: B023
            )
        notes = [activity.text for activity in requests.request(reader, 1).activities[1:]]
        assert notes == ["look rough", "again"]


async def test_a_verb_behind_a_search_acts_on_what_was_found(
    app: PocApp, desk: Desk, reader: Reader
) -> None:
    for subject in ("other", "the one we seek", "another"):
        desk.do(drafts.Capture(subject))
    async with app.run_test(size=MEDIUM) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("slash")
        for key in "seek":
            app.post_message(events.Key(key, key))
        app.post_message(events.Key("enter", "\r"))
        app.post_message(events.Key("m", "m"))
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press(*"found", "enter")
        await until(pilot, lambda: len(requests.request(reader, 2).activities) == 2)


async def test_a_verb_on_a_reminder_acts_on_its_request(
    app: PocApp, desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    desk.do(drafts.Capture("first"))
    desk.do(drafts.Capture("second"))
    desk.do(drafts.Remind(clock.now() + timedelta(hours=3), "call Ott"), [2])
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("shift+tab", "m")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press(*"called", "enter")
        await until(pilot, lambda: requests.request(reader, 2).activities[-1].text == "called")


async def test_one_can_search_again(app: PocApp, desk: Desk) -> None:
    for subject in ("first", "second", "third"):
        desk.do(drafts.Capture(subject))
    async with app.run_test(size=MEDIUM) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        for number, word in ((2, "second"), (3, "third"), (1, "first")):
            await pilot.press("slash", *word, "enter")
            await until(pilot, lambda: highlighted(app) == number)  # noqa: B023
            await pilot.press("escape")
            await until(pilot, lambda: queue_of(app).row_count == 3)


async def test_a_screen_that_is_taken_down_does_nothing_more_by_itself(app: PocApp) -> None:
    done: list[str] = []
    async with app.run_test(size=MEDIUM) as pilot:
        app.screen.display = False
        later(app.screen, 0.01, lambda: done.append("screen"))
        app.set_timer(0.05, lambda: done.append("app"))
        await until(pilot, lambda: bool(done))
    assert done == ["app"]


@pytest.mark.parametrize("theme", ["auto", "textual-light", "gruvbox"])
async def test_the_desk_opens_in_the_theme_of_the_settings(
    path: str, clock: FixedClock, settings: Settings, theme: str
) -> None:
    wished = settings._replace(theme=theme)
    app = PocApp(Session(path, clock, wished, resolve(COMMANDS, {})))
    async with app.run_test(size=MEDIUM):
        chosen = app.get_theme("nord" if theme == "auto" else theme)
        assert chosen is not None
        background = app.get_css_variables()["background"]
        assert app.screen.styles.background == Color.parse(background)
        assert app.has_class("-dark-mode") is chosen.dark


async def test_a_fault_while_keys_wait_ends_the_desk_as_any_other(
    app: PocApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise RuntimeError("a fault of the screen")

    monkeypatch.setattr(DeskScreen, "lags_behind", broken)
    with pytest.raises(RuntimeError, match="a fault of the screen"):  # noqa: PT012 - raised at its end
        async with app.run_test(size=WIDE) as pilot:
            for _ in range(3):
                app.post_message(events.Key("j", "j"))
            await until(pilot, lambda: not app.is_running)


async def test_a_key_that_was_let_in_when_the_desk_closed_does_nothing(app: PocApp) -> None:
    async with app.run_test(size=WIDE):
        key = events.Key("q", "q")
        app._let_in.add(key)
    await app.on_event(key)


async def test_garbage_is_collected_again_once_the_desk_is_painted(app: PocApp) -> None:
    gc.disable()
    try:
        async with app.run_test(size=WIDE) as pilot:
            await until(pilot, gc.isenabled)
    finally:
        gc.enable()
        gc.unfreeze()
