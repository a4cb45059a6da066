"""From one request to the next: guesses of triage taken by a key, and where one goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.models.values import Kind, Priority, Resolution
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import requests
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import RequestDetail
from tests.helpers.desks import queue_of, until

SIZE = (120, 36)

MakeApp = Callable[..., PocApp]


@pytest.fixture
def make_app(path: str, clock: FixedClock, settings: Settings) -> MakeApp:
    def make(**settings_: bool) -> PocApp:
        given = settings._replace(**settings_)  # type: ignore[arg-type]
        return PocApp(Session(path, clock, given, resolve(COMMANDS, {})))

    return make


def taken_down(desk: Desk, clock: FixedClock, *subjects: str, **rest: object) -> list[int]:
    """New requests, a minute after each other."""
    numbers: list[int] = []
    for subject in subjects:
        numbers += desk.do(drafts.Capture(subject, **rest)).numbers  # type: ignore[arg-type]
        clock.advance(timedelta(minutes=1))
    return numbers


def here(app: PocApp) -> int:
    row = queue_of(app).highlighted_row
    assert row is not None
    return row.number  # type: ignore[attr-defined, no-any-return]


def below(app: PocApp) -> int:
    return queue_of(app).rows_from_highlight(1)[0].number  # type: ignore[attr-defined, no-any-return]


def said(app: PocApp) -> str:
    return "\n".join(notification.message for notification in app._notifications)


async def go_to(app: PocApp, pilot: Pilot[None], number: int) -> None:
    await until(pilot, lambda: queue_of(app).highlighted_row is not None and app.is_at_rest)
    queue_of(app).highlight_key(number)
    await pilot.pause()


async def press(app: PocApp, pilot: Pilot[None], *keys: str) -> None:
    """Press them, and wait until the desk shows what came of it."""
    await pilot.press(*keys)
    await until(pilot, lambda: isinstance(app.screen, DeskScreen) and app.is_at_rest)


def looks(detail: RequestDetail) -> dict[str, object]:
    """All of a request but what tells one from another."""
    values = detail._asdict()
    del values["number"]
    values["activities"] = [(row.event, row.until, row.changes) for row in detail.activities]
    values["turns"] = [turn.court for turn in detail.turns]
    return values


async def test_one_key_takes_the_guesses_as_the_dialog_shows_them(
    make_app: MakeApp, desk: Desk, reader: Reader
) -> None:
    vip = desk.do(drafts.EditCustomer(name="Meyer AG", vip=True))
    assert vip.journal_id
    words = {"text": "It is broken, urgent!", "customer": drafts.CustomerName("Meyer AG")}
    both = [desk.do(drafts.Capture("Invoice 4711", **words)).numbers[0] for _ in range(2)]  # type: ignore[arg-type]
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, both[0])
        await press(app, pilot, "T")
        await go_to(app, pilot, both[1])
        await press(app, pilot, "t", "enter")
    by_key, by_dialog = (requests.request(reader, number) for number in both)
    assert (by_key.state, by_key.kind, by_key.priority) == ("open", "complaint", "high")
    assert looks(by_key) == looks(by_dialog)


async def test_what_somebody_said_is_not_guessed_over(desk: Desk, reader: Reader) -> None:
    said_so = {"kind": Kind.FEEDBACK, "priority": Priority.LOW}
    (number,) = desk.do(drafts.Capture("It is broken, urgent!", **said_so)).numbers  # type: ignore[arg-type]
    desk.do(drafts.GuessedTriage(), [number])
    request = requests.request(reader, number)
    assert (request.kind, request.priority) == ("feedback", "low")


async def test_the_key_acts_on_all_marked_in_one_step(
    make_app: MakeApp, desk: Desk, clock: FixedClock, reader: Reader
) -> None:
    numbers = taken_down(desk, clock, "one", "two", "three")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[0])
        await press(app, pilot, "space", "space", "T")
        assert not queue_of(app).marked
        states = [requests.request(reader, number).state for number in numbers]
        assert sorted(states) == ["new", "open", "open"]
        await press(app, pilot, "u")
    assert {requests.request(reader, number).state for number in numbers} == {"new"}


async def test_what_is_not_new_has_nothing_to_guess(
    make_app: MakeApp, desk: Desk, reader: Reader
) -> None:
    (number,) = desk.do(drafts.Capture("one")).numbers
    desk.do(drafts.Triage(), [number])
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, number)
        await press(app, pilot, "T")
        assert said(app) == "#1 is not new, so there is nothing to guess; triage (t) looks again"
    assert len(requests.request(reader, number).activities) == 2


async def test_verbs_on_marked_requests_skip_those_they_make_no_sense_for(
    make_app: MakeApp, desk: Desk, clock: FixedClock, reader: Reader
) -> None:
    numbers = taken_down(desk, clock, "one", "two", "three")
    desk.do(drafts.Triage(), [numbers[1]])
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[0])
        queue_of(app).marked.update(numbers)
        await press(app, pilot, "T")
        assert said(app) == "triaged 2 requests; skipped #2 (not new)"
        desk.do(drafts.Resolve(Resolution.SOLVED), [numbers[2]])
        queue_of(app).marked.update(numbers)
        await pilot.press("a")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        heading = str(app.screen.query_one("#heading").render())
        assert "Answer 2 requests (1 skipped)" in heading
        await press(app, pilot, *"so", "enter")
        assert said(app).endswith("; they are in 3 With customer; skipped #3 (resolved)")
        assert [requests.request(reader, number).court for number in numbers] == [
            "customer", "customer", None,
        ]  # fmt: skip
        queue_of(app).marked.update(numbers)
        await pilot.press("o")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await press(app, pilot, "enter")
        assert said(app).endswith("skipped #1, #2 (not resolved)")
        assert requests.request(reader, numbers[2]).state == "open"


async def test_waking_says_which_of_the_marked_were_not_asleep(
    make_app: MakeApp, desk: Desk, clock: FixedClock
) -> None:
    numbers = taken_down(desk, clock, "one", "two")
    desk.do(drafts.Snooze(clock.now() + timedelta(days=3)), numbers[:1])
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[1])
        queue_of(app).marked.update(numbers)
        await press(app, pilot, "w")
        assert said(app).endswith("skipped #2 (not snoozed)")


async def test_where_a_verb_makes_sense_for_none_of_them_it_is_refused(
    make_app: MakeApp, desk: Desk, clock: FixedClock
) -> None:
    numbers = taken_down(desk, clock, "one", "two", "three")
    desk.do(drafts.Resolve(Resolution.SOLVED), numbers[:2])
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[2])
        queue_of(app).marked.update(numbers[:2])
        await press(app, pilot, "a")
        assert said(app) == "#1 and 1 more are resolved; reopen (o) first"


async def test_a_burst_of_the_key_triages_one_after_the_other(
    make_app: MakeApp, desk: Desk, clock: FixedClock, reader: Reader
) -> None:
    numbers = taken_down(desk, clock, "one", "two", "three", "four")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[0])
        await press(app, pilot, "T", "T", "T")
        states = [requests.request(reader, number).state for number in numbers]
        assert states == ["open", "open", "open", "new"]
        assert here(app) == numbers[3]


@pytest.mark.parametrize(
    "keys", [("a", *"so", "enter"), ("r", "enter"), ("f", "l", "enter"), ("s", "enter")]
)
async def test_what_leaves_the_view_leads_to_what_stood_below_it(
    make_app: MakeApp, desk: Desk, clock: FixedClock, keys: tuple[str, ...]
) -> None:
    numbers = taken_down(desk, clock, "xyzzy", "xyzzx", "xyzzw")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[1])
        await press(app, pilot, *keys)
        assert here(app) == numbers[2]
        await press(app, pilot, *keys)  # the last of the view: from the top
        assert here(app) == numbers[0]


async def test_of_what_stays_in_view_the_next_whose_move_is_mine_comes(
    make_app: MakeApp, desk: Desk, clock: FixedClock, reader: Reader
) -> None:
    numbers = taken_down(desk, clock, "one", "two", "three", "four")
    desk.do(drafts.Answer("they are to move"), [numbers[1]])
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5")
        await go_to(app, pilot, numbers[0])
        await press(app, pilot, "a", *"so", "enter")
        assert here(app) == numbers[2]
        assert queue_of(app).row_count == 4


@pytest.mark.parametrize(
    "before", [("ampersand", *"xyz", "enter"), ("comma",), ("slash", *"xyz", "enter")]
)
async def test_one_is_led_on_also_in_what_was_found_and_sorted(
    make_app: MakeApp, desk: Desk, clock: FixedClock, before: tuple[str, ...]
) -> None:
    numbers = taken_down(desk, clock, "xyz one", "xyz two", "xyz three")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[0])
        await press(app, pilot, *before)
        await go_to(app, pilot, numbers[1])
        next_one = below(app)
        await press(app, pilot, "r", "enter")
        assert here(app) == next_one


async def test_several_lead_on_to_the_first_below_that_was_not_acted_on(
    make_app: MakeApp, desk: Desk, clock: FixedClock
) -> None:
    numbers = taken_down(desk, clock, "one", "two", "three", "four", "five")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[0])
        await press(app, pilot, "space", "space", "space", "k", "r", "enter")
        assert here(app) == numbers[3]
        # The highlight is on none of those that were marked, and stays.
        await press(app, pilot, "space", "r", "enter")
        assert here(app) == numbers[4]


async def test_what_comes_in_meanwhile_is_not_run_into(
    make_app: MakeApp, desk: Desk, clock: FixedClock
) -> None:
    numbers = taken_down(desk, clock, "one", "two", "three")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[0])
        await pilot.press("r")
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        # Above and below, by the date that each shows.
        early = taken_down(desk, clock, "late", due_at=clock.now() - timedelta(days=1))
        desk.do(drafts.Triage(), early)
        await press(app, pilot, "enter")
        assert here(app) == numbers[1]


@pytest.mark.parametrize("keys", [("m", *"so", "enter"), ("d", *"so", "enter")])
async def test_what_one_is_not_done_with_stays_highlighted(
    make_app: MakeApp, desk: Desk, clock: FixedClock, keys: tuple[str, ...]
) -> None:
    numbers = taken_down(desk, clock, "one", "two")
    app = make_app()
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[0])
        await press(app, pilot, *keys)
        assert here(app) == numbers[0]


async def test_who_would_rather_stay_can(make_app: MakeApp, desk: Desk, clock: FixedClock) -> None:
    numbers = taken_down(desk, clock, "one", "two")
    app = make_app(highlight_next=False)
    async with app.run_test(size=SIZE) as pilot:
        await go_to(app, pilot, numbers[0])
        await press(app, pilot, "T")
        assert here(app) == numbers[0]
