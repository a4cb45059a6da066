"""What the queue shows at a key: narrowed, sorted, saved, marked, or gone to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.errors import PocError
from poc_tui.models.values import Priority, Resolution
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.services.finder import QueueContents, QueueFound, SearchRunner
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings, load
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import narrowing, requests
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.views import VIEWS
from poc_tui.widgets.top_bar import TopBar
from poc_tui.widgets.view_tabs import ViewTabs
from tests.helpers.desks import queue_of, until

SIZE = (120, 36)
Open = Callable[[], PocApp]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "poc.toml"


@pytest.fixture
def open_desk(path: str, clock: FixedClock, settings: Settings, config: Path) -> Open:
    """Opens the desk with the settings as they now are."""

    def opened() -> PocApp:
        here = load(str(config), {"TZ": "Europe/Berlin"}) if config.exists() else settings
        keymap = resolve(COMMANDS, here.keys)
        environ = {"POC_CONFIG": str(config), "HOME": str(config.parent)}
        return PocApp(Session(path, clock, here, keymap, environ=environ))

    return opened


@pytest.fixture
def app(open_desk: Open) -> PocApp:
    return open_desk()


@pytest.fixture
def with_fresh(open_desk: Open, config: Path) -> PocApp:
    """The desk with a saved view: what is new, the newest first."""
    config.write_text('[views]\n8 = { name = "Fresh", view = "new", sort = "received" }\n')
    return open_desk()


@pytest.fixture
def five(desk: Desk, clock: FixedClock) -> Desk:
    """Five requests, #1 due first; #4 lies with a department, #5 is resolved."""
    for number, (subject, customer, priority) in enumerate(
        (
            ("Invoice 4711", "Zimmer GmbH", Priority.NORMAL),
            ("Where is my order?", "Meyer AG", Priority.LOW),
            ("Invoice again", "Bäckerei Ott", Priority.HIGH),
            ("Lock is broken", "Meyer AG", Priority.NORMAL),
            ("Old invoice", "Meyer AG", Priority.NORMAL),
        ),
        1,
    ):
        due = clock.now() + timedelta(days=number)
        who = drafts.CustomerName(customer)
        desk.do(drafts.Capture(subject, customer=who, priority=priority, due_at=due))
    desk.do(drafts.ForwardDraft(1, "why?"), [4])
    desk.do(drafts.Resolve(Resolution.SOLVED), [5])
    return desk


def numbers(app: PocApp) -> list[int]:
    """The requests that the queue shows, from above."""
    queue = queue_of(app)
    pages = queue._pages
    rows = [] if pages is None else [pages.row(index) for index in range(pages.count)]
    return [row.number for row in rows if row is not None]  # type: ignore[attr-defined]


def highlighted(app: PocApp) -> int | None:
    row = queue_of(app).highlighted_row
    return None if row is None else row.number  # type: ignore[attr-defined]


def title(app: PocApp) -> str:
    return queue_of(app).title


def said(app: PocApp) -> str:
    return "\n".join(notification.message for notification in app._notifications)


def type_at_once(app: PocApp, *keys: str) -> None:
    """Keys that all come before the first of them has been looked at."""
    for key in keys:
        name = {"#": "number_sign", "&": "ampersand", "@": "at", " ": "space"}.get(key, key)
        app.post_message(events.Key(name, key if len(key) == 1 else None))


async def shown(pilot: Pilot[None], app: PocApp, wanted: Iterable[int]) -> None:
    expected = list(wanted)
    await until(pilot, lambda: numbers(app) == expected and app.is_at_rest)


# Narrowing and sorting


def vain(desk: DeskScreen) -> set[str]:
    """What the palette does not offer, as it would find nothing to do."""
    return {id for tell in desk.in_vain for id in tell()}


async def test_a_filter_narrows_the_view_and_escape_takes_it_away(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await shown(pilot, app, [1, 2, 3])
        await pilot.press("ampersand", *"inv")
        await shown(pilot, app, [1, 3])
        assert title(app) == "My turn & inv: 2 of 3"
        await pilot.press("enter", "escape")
        await shown(pilot, app, [1, 2, 3])
        assert title(app) == "My turn"


async def test_escape_in_the_line_shows_the_whole_view_again(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "ampersand", *"meyer")
        await shown(pilot, app, [2, 4])
        await pilot.press("escape")
        await shown(pilot, app, [1, 2, 3, 4])
        assert app.screen.query_one(ViewTabs).prompt is None
        assert queue_of(app).has_focus


async def test_keys_typed_behind_a_filter_move_in_what_is_left(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        type_at_once(app, "5", "&", *"invoice", "enter", "j", "j", "k", "j")
        await until(pilot, lambda: app.is_at_rest and highlighted(app) == 3)
        assert numbers(app) == [1, 3]


async def test_what_leaves_a_narrowed_view_goes_at_once(
    app: PocApp, five: Desk, clock: FixedClock
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ampersand", *"inv", "enter")
        await shown(pilot, app, [1, 3])
        five.do(drafts.Snooze(clock.now() + timedelta(hours=1)), [1])
        await shown(pilot, app, [3])
        assert title(app) == "My turn & inv: 1 of 2"


async def test_a_view_is_sorted_in_turn_and_stays_sorted_until_the_desk_closes(
    app: PocApp, five: Desk
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j")
        for order, words in (
            ([3, 2, 1], "My turn, the newest first"),
            ([3, 2, 1], "My turn, by customer"),
            ([3, 1, 2], "My turn, by priority"),
        ):
            await pilot.press("comma")
            await shown(pilot, app, order)
            await until(pilot, lambda: title(app) == words)  # noqa: B023
            assert highlighted(app) == 2
        await pilot.press("5")
        await shown(pilot, app, [1, 2, 3, 4])
        await pilot.press("1")
        await shown(pilot, app, [3, 1, 2])
        await pilot.press("comma", "comma")
        await shown(pilot, app, [1, 2, 3])
        assert title(app) == "My turn"


async def test_a_sort_holds_while_one_narrows(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        type_at_once(app, "comma", "&", *"inv", "enter")
        await shown(pilot, app, [3, 1])
        assert title(app) == "My turn & inv: 2 of 3, the newest first"


async def test_a_view_too_large_is_not_sorted_and_that_is_said(
    app: PocApp, five: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(narrowing, "MOST_READ", 2)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("comma")
        await until(pilot, lambda: "This view holds 3 requests; more than 2" in said(app))
        assert title(app) == "My turn"


# Marking


async def test_a_range_grows_with_the_highlight_and_a_verb_acts_on_it(
    app: PocApp, five: Desk, reader: Reader
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        await pilot.press("V", "j", "j")
        assert queue_of(app).marked == {1, 2, 3}
        assert "marking a range: 3 marked" in app.screen.query_one(TopBar).render().plain
        await pilot.press("k", "space")
        assert queue_of(app).marked == {1, 2}
        await pilot.press("j")
        assert queue_of(app).marked == {1, 2}
        await pilot.press("m")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press(*"both", "enter")
        await until(
            pilot,
            lambda: [len(requests.request(reader, n).activities) for n in (1, 2, 3)] == [2, 2, 1],
        )
        await until(pilot, lambda: app.is_at_rest)


async def test_escape_drops_a_range_and_then_the_other_marks(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        await pilot.press("space", "V", "j")
        assert queue_of(app).marked == {1, 2, 3}
        await pilot.press("escape")
        assert queue_of(app).marked == {1}
        await pilot.press("escape")
        assert queue_of(app).marked == set()


async def test_all_of_what_is_left_is_marked_and_turned_about(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "ampersand", *"inv", "enter")
        await shown(pilot, app, [1, 3])
        await pilot.press("asterisk")
        assert queue_of(app).marked == {1, 3}
        await pilot.press("escape")
        await shown(pilot, app, [1, 2, 3, 4])
        await pilot.press("I")
        assert queue_of(app).marked == {2, 4}


# Going somewhere


@pytest.mark.parametrize(
    ("start", "number", "view"),
    [
        ("1", 2, "My turn"),
        ("1", 4, "With departments"),
        ("1", 5, "Resolved"),
        ("6", 3, "My turn"),
    ],
)
async def test_a_number_is_gone_to_wherever_it_is(
    app: PocApp, five: Desk, start: str, number: int, view: str
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        type_at_once(app, start, "#", str(number), "enter")
        await until(pilot, lambda: highlighted(app) == number and app.is_at_rest)
        assert title(app) == view
        assert queue_of(app).has_focus


async def test_what_is_snoozed_is_gone_to_and_a_verb_typed_behind_acts_there(
    app: PocApp, five: Desk, reader: Reader, clock: FixedClock
) -> None:
    five.do(drafts.Snooze(clock.now() + timedelta(hours=1)), [3])
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        type_at_once(app, "#", "3", "enter", "m", *"found", "enter")
        await until(pilot, lambda: requests.request(reader, 3).activities[-1].text == "found")
        await until(pilot, lambda: app.is_at_rest)


async def test_a_number_pasted_with_its_sign_is_gone_to(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("number_sign")
        app.post_message(events.Paste("#5"))
        await pilot.press("enter")
        await until(pilot, lambda: highlighted(app) == 5)


async def test_a_number_pasted_on_the_bare_desk_is_gone_to(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        app.post_message(events.Paste(" #5\n"))
        await until(pilot, lambda: highlighted(app) == 5)
        assert isinstance(app.screen, DeskScreen)


async def test_a_number_that_there_is_not_is_said(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("j", "number_sign", *"77", "enter")
        await until(pilot, lambda: "There is no request #77." in said(app))
        assert highlighted(app) == 2


async def test_a_customer_is_completed_and_all_their_requests_are_shown(
    app: PocApp, five: Desk
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("at", *"mey")
        await shown(pilot, app, [4, 2, 5])
        assert title(app) == "Meyer AG: 3 requests"
        await pilot.press("right", "enter", "j")
        assert highlighted(app) == 2
        await pilot.press("escape")
        await shown(pilot, app, [1, 2, 3])


async def test_down_takes_the_next_customer_of_that_name(app: PocApp, five: Desk) -> None:
    five.do(drafts.Capture("mine too", customer=drafts.CustomerName("Meyer & Co")))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) is not None)
        type_at_once(app, "@", *"mey", "down", "down", "enter")
        await until(pilot, lambda: title(app) == "Meyer AG: 3 requests")
        await pilot.press("at", *"mey", "down")
        await until(pilot, lambda: title(app) == "Meyer & Co: 1 request")


async def test_the_palettes_way_to_a_number_and_to_a_customer(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        assert isinstance(app.screen, DeskScreen)
        go_to = app.screen.go_to
        assert go_to is not None
        go_to("4")
        await until(pilot, lambda: highlighted(app) == 4)
        go_to("@ott")
        await shown(pilot, app, [3])


async def test_recent_are_those_that_were_opened_or_acted_on_the_latest_first(
    app: PocApp, five: Desk, clock: FixedClock
) -> None:
    clock.advance(timedelta(minutes=5))
    five.do(drafts.Note("called"), [2])
    clock.advance(timedelta(minutes=5))
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await pilot.press("ctrl+o")
        await until(pilot, lambda: title(app) == "Recent" and app.is_at_rest)
        assert numbers(app)[:2] == [1, 2]
        await pilot.press("escape")
        await shown(pilot, app, [1, 2, 3])


# Views of one's own


async def test_a_saved_view_is_there_again_in_the_next_desk(
    app: PocApp, open_desk: Open, five: Desk, config: Path
) -> None:
    config.write_text("# mine\n[desk]\n#theme = 'auto'\nname = \"Jo\"  # who\n")
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        type_at_once(app, "5", "&", *"inv", "enter", "comma", "ctrl+s", "enter")
        await until(pilot, lambda: "saved as 7 inv" in said(app))
    written = config.read_text()
    assert "# mine" in written
    assert 'name = "Jo"  # who' in written
    again = open_desk()
    async with again.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(again) == 1)
        assert "7 inv" in again.screen.query_one(ViewTabs).render().plain
        await pilot.press("7")
        await shown(pilot, again, [3, 1])
        assert title(again) == "inv · Open & inv: 2 of 4, the newest first"


async def test_a_saved_view_is_renamed_moved_and_forgotten(
    app: PocApp, five: Desk, config: Path
) -> None:
    async with app.run_test(size=SIZE) as pilot:
        tabs = app.screen.query_one(ViewTabs)
        await pilot.press("slash", *"invoice", "enter", "ctrl+s", "enter")
        await until(pilot, lambda: "7 invoice" in tabs.render().plain)
        await pilot.press("1", "7", "ctrl+s", "ctrl+u", *"9 Bills", "enter")
        await until(pilot, lambda: "9 Bills" in tabs.render().plain)
        assert "7 invoice" not in tabs.render().plain
        assert load(str(config), {}).views["9"].words == "invoice"
        await app.screen.run_action("run('forget_view')")
        await until(pilot, lambda: "9 Bills" not in tabs.render().plain)
        assert load(str(config), {}).views == {}


async def test_a_number_that_is_taken_is_not_given_away(
    open_desk: Open, five: Desk, config: Path
) -> None:
    config.write_text('[views]\n7 = { name = "Late", view = "late" }\n')
    app = open_desk()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"invoice", "enter", "ctrl+s")
        await pilot.press("ctrl+u", *"7 x", "enter")
        await until(pilot, lambda: "7 is “Late” already; choose another number." in said(app))
        await pilot.press("ctrl+u", *"6 x", "enter")
        await until(pilot, lambda: "Begin with one of the numbers 7, 8, 9, 0." in said(app))


async def test_a_name_that_a_terminal_would_act_upon_is_not_taken(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "ampersand", *"inv", "enter", "ctrl+s", "ctrl+u", "7", "space")
        app.post_message(events.Paste("a\x1b[2Jb"))
        await pilot.press("enter")
        await until(pilot, lambda: "Give it a name of at most 24 characters." in said(app))
        assert app.screen.query_one(ViewTabs).prompt is not None


async def test_a_saved_view_without_words_has_its_count_in_the_tabs(
    with_fresh: PocApp, five: Desk
) -> None:
    app = with_fresh
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        assert "8 Fresh 3" in app.screen.query_one(ViewTabs).render().plain
        await pilot.press("8")
        await shown(pilot, app, [3, 2, 1])


async def test_the_palette_offers_no_view_that_nobody_saved(with_fresh: PocApp, five: Desk) -> None:
    app = with_fresh
    async with app.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: highlighted(app) == 1)
        desk = app.screen
        assert isinstance(desk, DeskScreen)
        assert {"view_7", "view_9", "view_0", "forget_view"} <= vain(desk)
        await pilot.press("8")
        await until(pilot, lambda: "forget_view" not in vain(desk))
        assert not {"view_8", "sort", "save_view"} & vain(desk)
        await pilot.press("ctrl+o")
        assert {"sort", "save_view"} <= vain(desk)


async def test_a_number_without_a_view_says_how_to_save_one(app: PocApp, five: Desk) -> None:
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("0")
        await until(
            pilot,
            lambda: "No view is saved as 0; ctrl+s saves what the queue shows." in said(app),
        )
        assert title(app) == "My turn"


async def test_the_file_is_let_go_only_when_nobody_reads_it_any_more(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite does not bear a connection that is closed while a thread reads by it."""
    reads, goes_on = threading.Event(), threading.Event()
    held: list[Reader] = []

    def found(self: SearchRunner, reader: Reader, *_: object) -> QueueFound:
        held.append(reader)
        reads.set()
        goes_on.wait()
        assert reader.holds_anything() is False
        return QueueFound((), ())

    monkeypatch.setattr(SearchRunner, "_found", found)
    finder = SearchRunner(session)
    wanted = QueueContents(VIEWS["open"], words="x")
    finding = asyncio.ensure_future(finder.find(wanted))
    await asyncio.to_thread(reads.wait)
    finder.close()
    goes_on.set()
    assert await finding == QueueFound((), ())
    with pytest.raises(PocError):
        held[0].holds_anything()
    assert await finder.find(wanted) is None
