"""What one does oneself shows at once, and is read once, whoever notices it first."""

from __future__ import annotations

import pytest

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS, run_action
from poc_tui.models.values import Resolution
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens import desk_services
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.widgets.key_bar import KeyBar
from tests.helpers.desks import until

POLLS = 6
"""Looks at the store after which nothing more is going to be read."""


class Reads:
    """What a desk asks the store for, from now on."""

    def __init__(self, app: PocApp) -> None:
        self._asked: list[str] = []
        app.session.reader._connection.set_trace_callback(self._asked.append)

    @property
    def reloads(self) -> int:
        """How often the whole desk was read: the counts of the views are, each time."""
        return sum("FROM tally" in sql for sql in self._asked)

    @property
    def polls(self) -> int:
        return sum("data_version" in sql for sql in self._asked)


@pytest.fixture
def app(
    path: str, desk: Desk, clock: FixedClock, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> PocApp:
    # That something fell due is kept in mind when it is told: a write of its own.
    monkeypatch.setattr(desk_services, "NOTICES_SECONDS", 3_600)
    for subject in ("glue", "string", "paper"):
        desk.do(drafts.Capture(subject))
    return PocApp(Session(path, clock, settings, resolve(COMMANDS, {})))


def settled(app: PocApp) -> bool:
    return isinstance(app.screen, DeskScreen) and app.screen.settled and app.is_at_rest


@pytest.mark.parametrize(
    "keys", [("t", "enter"), ("m", *"asked", "enter"), ("r", *"sent", "enter"), ("u", "y")]
)
async def test_ones_own_step_reloads_the_desk_once(app: PocApp, keys: tuple[str, ...]) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: settled(app))
        await pilot.press(*keys[:-1])
        await until(pilot, lambda: len(app.screen_stack) == 2)
        reads = Reads(app)
        await pilot.press(keys[-1])
        await until(pilot, lambda: settled(app) and reads.reloads > 0)
        polls = reads.polls
        await until(pilot, lambda: reads.polls > polls + POLLS)
        assert reads.reloads == 1


async def test_what_the_desk_has_noticed_is_not_read_again_when_it_is_told(app: PocApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: settled(app))
        reads = Reads(app)
        done = await app.session.do(drafts.Note("a word"), [1])
        await until(pilot, lambda: reads.reloads == 1)
        desk = app.screen
        assert isinstance(desk, DeskScreen)
        desk.actions.tell(done)
        assert reads.reloads == 1


async def test_what_is_told_first_is_shown_at_once(app: PocApp) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: settled(app))
        desk = app.screen
        assert isinstance(desk, DeskScreen)
        done = await app.session.do(drafts.Resolve(Resolution.SOLVED), [1])
        desk.actions.tell(done)
        assert desk.queue.row_count == 2


async def test_a_second_click_opens_no_dialog_over_the_one_that_the_first_opened(
    app: PocApp,
) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: settled(app))
        bar = app.screen.query_one(KeyBar)
        bar.post_message(KeyBar.Chosen(run_action("note")))
        await until(pilot, lambda: len(app.screen_stack) == 2)
        bar.post_message(KeyBar.Chosen(run_action("answer")))
        await until(pilot, lambda: app.is_at_rest)
        await pilot.pause()
        assert len(app.screen_stack) == 2
        await pilot.press("escape")
        await until(pilot, lambda: settled(app))
