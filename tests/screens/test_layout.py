"""Where all stands: the layout follows what is in it, and what is answered stays in sight."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.geometry import Region, Size

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.widgets.conversation import Conversation
from poc_tui.widgets.desk_layout import BARS, DeskLayout
from tests.helpers.desks import queue_of, until
from tests.helpers.mail_desks import drawn

Open = Callable[[], PocApp]

SMALL, USUAL, LARGE = (80, 24), (120, 36), (200, 50)
WORDS = "The invoice shows twelve units. We received ten of them. "


@pytest.fixture
def open_desk(path: str, clock: FixedClock, settings: Settings, tmp_path: Path) -> Open:
    """Opens the desk; what it remembers lies in a folder of the test's own."""

    def opened() -> PocApp:
        environ = {"XDG_STATE_HOME": str(tmp_path / "state"), "HOME": str(tmp_path)}
        return PocApp(Session(path, clock, settings, resolve(COMMANDS, {}), environ=environ))

    return opened


def layout_of(rows: int, reminders: int = 2) -> DeskLayout:
    layout = DeskLayout()
    layout.rows, layout.reminders = rows, reminders
    return layout


def heights(rows: int, size: tuple[int, int]) -> int:
    return layout_of(rows).panes(Size(*size))["queue"].height


@pytest.mark.parametrize("size", [SMALL, USUAL])
def test_the_queue_is_as_high_as_its_view_within_two_fifths(size: tuple[int, int]) -> None:
    frame = 2
    assert heights(5, size) == 5 + frame
    most = min(12 + frame, (size[1] - 2) * 2 // 5)
    assert heights(40, size) == heights(1_000_000, size) == most
    assert heights(0, size) == heights(3, size), "an empty view has room for what is said there"


@pytest.mark.parametrize("size", [(1, 1), (20, 5), (40, 10), SMALL, (99, 30), USUAL, LARGE])
@pytest.mark.parametrize("rows", [0, 5, 100])
@pytest.mark.parametrize("beside", [False, True])
def test_panes_fill_the_screen_and_never_overlap(
    size: tuple[int, int], rows: int, beside: bool
) -> None:
    layout = layout_of(rows)
    layout.beside = beside
    regions = list(layout.panes(Size(*size)).values())
    body = Region(0, BARS, size[0], max(0, size[1] - BARS))
    assert sum(region.area for region in regions) == body.area
    for at, region in enumerate(regions):
        assert not region.area or body.contains_region(region)
        assert not any(region.overlaps(other) for other in regions[at + 1 :])


def test_from_160_columns_on_queue_conversation_and_customer_stand_side_by_side() -> None:
    for width in (160, 200, 300):
        panes = layout_of(5).panes(Size(width, 48))
        assert panes["queue"].right == panes["request"].x
        assert panes["request"].right == panes["customer"].x == panes["reminders"].x
        assert panes["queue"].height == panes["request"].height == 46
    two = layout_of(5).panes(Size(120, 36))
    assert two["request"].width == 80, "two thirds"


async def test_another_view_changes_the_height_and_typing_does_not(
    open_desk: Open, desk: Desk, clock: FixedClock
) -> None:
    for number in range(8):
        desk.do(drafts.Capture(f"printer {number}"))
    desk.do(drafts.Snooze(clock.now().replace(year=2027), ""), [1, 2, 3])
    app = open_desk()
    async with app.run_test(size=USUAL) as pilot:
        await until(pilot, lambda: queue_of(app).size.height == 5)
        await pilot.press("slash", *"printer")
        await until(pilot, lambda: queue_of(app).row_count == 8)
        assert queue_of(app).size.height == 5
        await pilot.press("escape", "4")
        await until(pilot, lambda: queue_of(app).size.height == 3)


@pytest.mark.parametrize(("size", "key"), [(USUAL, "less_than_sign"), (LARGE, "greater_than_sign")])
async def test_what_a_person_makes_of_the_splits_is_remembered(
    open_desk: Open, desk: Desk, size: tuple[int, int], key: str
) -> None:
    for number in range(8):
        desk.do(drafts.Capture(f"printer {number}"))
    app = open_desk()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: bool(app.screen.query(Conversation)))
        before = queue_of(app).outer_size
        await pilot.press(key, key, "tab", "greater_than_sign")
        await until(pilot, lambda: queue_of(app).outer_size != before)
        made = [queue_of(app).outer_size, app.screen.query_one(Conversation).outer_size]
    again = open_desk()
    async with again.run_test(size=size) as pilot:
        await until(pilot, lambda: bool(again.screen.query(Conversation)))
        pane = again.screen.query_one(Conversation)
        await until(pilot, lambda: [queue_of(again).outer_size, pane.outer_size] == made)


def shown_by(pane: Conversation) -> list[str]:
    """The lines below how the request stands."""
    return [pane.line(y, pane.size.width).text.strip() for y in range(pane.room)]


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_the_conversation_begins_with_a_whole_sentence_and_ends_with_the_newest(
    open_desk: Open, desk: Desk, size: tuple[int, int]
) -> None:
    desk.do(drafts.Capture("Invoice", text=WORDS * 3))
    for number in range(12):
        desk.do(drafts.Note(WORDS * 4 + f"Note {number}."), [1])
    app = open_desk()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: bool(app.screen.query(Conversation)))
        pane = app.screen.query_one(Conversation)
        await until(pilot, lambda: "Note 11." in " ".join(shown_by(pane)))
        first = shown_by(pane)[0]
        assert "note" in first or first.startswith(("The", "We")), first


async def test_a_short_conversation_stands_at_the_top(open_desk: Open, desk: Desk) -> None:
    desk.do(drafts.Capture("Invoice", text=WORDS))
    app = open_desk()
    async with app.run_test(size=USUAL) as pilot:
        await until(pilot, lambda: bool(app.screen.query(Conversation)))
        pane = app.screen.query_one(Conversation)
        await until(pilot, lambda: "The invoice" in shown_by(pane)[0])


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE])
async def test_an_answer_grows_with_its_text_and_what_is_answered_stays_in_sight(
    open_desk: Open, desk: Desk, size: tuple[int, int]
) -> None:
    desk.do(drafts.Capture("Invoice", text="Where is the other half?"))
    for number in range(6):
        desk.do(drafts.Note(f"Note {number}."), [1])
    app = open_desk()
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: bool(app.screen.query(Conversation)))
        pane = app.screen.query_one(Conversation)
        await until(pilot, lambda: "Note 5." in " ".join(shown_by(pane)))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Dialog) and pane.foot > 0)
        box = app.screen.query_one("#box")
        low = pane.foot
        assert (box.region.x, box.region.right, box.region.bottom) == (
            pane.region.x, pane.region.right, pane.region.bottom,
        )  # fmt: skip
        assert "Note 5." in drawn(app)
        for _ in range(60):
            await pilot.press("x", "ctrl+j")
        await pilot.press(*"end")
        await until(pilot, lambda: "end" in drawn(app))
        assert low < pane.foot < pane.size.height
        assert "Note 5." in drawn(app), "the newest is above what is typed"
        await pilot.press("escape", "y")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen) and pane.foot == 0)


async def test_the_conversation_is_read_while_one_answers(open_desk: Open, desk: Desk) -> None:
    desk.do(drafts.Capture("Invoice", text="Where is the other half?"))
    for number in range(60):
        desk.do(drafts.Note(f"Note {number}."), [1])
    app = open_desk()
    async with app.run_test(size=USUAL) as pilot:
        await until(pilot, lambda: "Note 59." in drawn(app))
        await pilot.press("K")
        await until(pilot, lambda: "Note 59." not in drawn(app))
        await pilot.press("J", "a")
        await until(pilot, lambda: isinstance(app.screen, Dialog) and "Note 59." in drawn(app))
        await pilot.press("pageup")
        await until(pilot, lambda: "Note 59." not in drawn(app))
        await pilot.press("pagedown", "pagedown")
        await until(pilot, lambda: "Note 59." in drawn(app))


async def test_what_is_answered_stays_in_sight_when_another_desk_answers_it(
    open_desk: Open, desk: Desk
) -> None:
    desk.do(drafts.Capture("Invoice", text="Where is the other half?"))
    desk.do(drafts.Capture("Printer", text="It hums."))
    app = open_desk()
    async with app.run_test(size=USUAL) as pilot:
        await until(pilot, lambda: "Where is the other half?" in drawn(app))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, Dialog))
        desk.do(drafts.Answer("It is on its way."), [1])
        below = app.screen_stack[0].query_one(Conversation)
        await until(pilot, lambda: "It is on its way." in " ".join(shown_by(below)))
        await pilot.press("escape")
        await until(pilot, lambda: "It hums." in drawn(app))


async def test_a_dialog_stands_below_the_request_that_it_is_about(
    open_desk: Open, desk: Desk, clock: FixedClock
) -> None:
    for number in range(1, 6):
        desk.do(drafts.Capture(f"printer {number}", text=f"It hums {number} times."))
    desk.do(drafts.Remind(clock.now(), "call"), [5])
    app = open_desk()
    async with app.run_test(size=USUAL) as pilot:
        await until(pilot, lambda: "It hums 1 times" in drawn(app))
        await pilot.press("j", "j", "a")
        await until(pilot, lambda: isinstance(app.screen, Dialog))
        await until(pilot, lambda: "It hums 3 times" in drawn(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press("shift+tab", "a")
        await until(pilot, lambda: isinstance(app.screen, Dialog))
        await until(pilot, lambda: "It hums 5 times" in drawn(app))
        await pilot.press("escape")
        await until(pilot, lambda: "It hums 3 times" in drawn(app))


async def test_where_there_is_no_room_for_the_customer_the_key_to_it_is_named(
    open_desk: Open, desk: Desk
) -> None:
    desk.do(drafts.Capture("Invoice 4711 is wrong"))
    app = open_desk()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: app.is_at_rest and bool(app.screen.query("#request")))
        assert "tab: customer · reminders" in drawn(app)
        await pilot.resize_terminal(*USUAL)
        await until(pilot, lambda: app.is_at_rest)
        assert "tab: customer" not in drawn(app)


@pytest.mark.parametrize("height", range(5, 16))
@pytest.mark.parametrize("width", [80, 120, 200])
def test_a_pane_has_a_line_in_its_frame_or_no_room_at_all(width: int, height: int) -> None:
    panes = layout_of(9, 9).panes(Size(width, height))
    assert panes["queue"].height >= 3
    assert all(pane.height >= 3 or not pane.area for pane in panes.values()), panes


async def test_a_step_is_seen_however_far_the_split_was_moved_before(
    open_desk: Open, desk: Desk
) -> None:
    for number in range(8):
        desk.do(drafts.Capture(f"printer {number}"))
    app = open_desk()
    async with app.run_test(size=USUAL) as pilot:
        await until(pilot, lambda: bool(app.screen.query(Conversation)))
        for _ in range(60):
            await pilot.press("greater_than_sign")
        highest = queue_of(app).outer_size.height
        await pilot.press("less_than_sign")
        await until(pilot, lambda: queue_of(app).outer_size.height == highest - 1)


async def test_tab_goes_to_no_pane_that_has_no_room(open_desk: Open, desk: Desk) -> None:
    desk.do(drafts.Capture("printer"))
    app = open_desk()
    async with app.run_test(size=(120, 12)) as pilot:
        await until(pilot, lambda: bool(app.screen.query(Conversation)))
        for _ in range(4):
            await pilot.press("tab")
            assert app.focused is not None
            assert app.focused.region.height >= 3


async def test_what_is_typed_stays_in_sight_when_the_terminal_gets_small(
    open_desk: Open, desk: Desk
) -> None:
    whom = drafts.CustomerName("Meyer AG")
    for words in ("first", "second", "third"):
        (number,) = desk.do(drafts.Capture(words, customer=whom)).numbers
        desk.do(drafts.Answer("it is on its way"), [number])
    desk.do(drafts.Capture("printer", customer=whom))
    app = open_desk()
    async with app.run_test(size=USUAL) as pilot:
        await until(pilot, lambda: bool(app.screen.query(Conversation)))
        await pilot.press("a", *"hello")
        await pilot.resize_terminal(40, 10)
        await until(pilot, lambda: "hello" in drawn(app))


async def test_what_is_answered_comes_into_sight_where_the_customer_stood_in_its_place(
    open_desk: Open, desk: Desk
) -> None:
    desk.do(drafts.Capture("printer", customer=drafts.CustomerName("Meyer AG")))
    app = open_desk()
    async with app.run_test(size=SMALL) as pilot:
        await until(pilot, lambda: bool(app.screen.query(Conversation)))
        await pilot.press("tab", "a")
        await until(pilot, lambda: isinstance(app.screen, Dialog))
        await until(pilot, lambda: app.screen.query_one("#box").has_class("-at-foot"))
        await pilot.press("escape")
        await until(pilot, lambda: app.focused is not None and app.focused.id == "customer")
        assert app.focused is not None
        assert app.focused.region.height > 3
