"""What a verb did is said where nothing is read: what became of the request, and where it went."""

from __future__ import annotations

import pytest
from textual.widget import Widget

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.waiting import SnoozeDialog
from poc_tui.screens.frozen_modal import FrozenModal
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from tests.helpers.desks import queue_of, until
from tests.helpers.mail_desks import drawn

SIZES = ((80, 24), (120, 36), (200, 50))


@pytest.fixture
def app(path: str, clock: FixedClock, settings: Settings) -> PocApp:
    return PocApp(Session(path, clock, settings, resolve(COMMANDS, {})))


def said(app: PocApp) -> str:
    return "\n".join(notification.message for notification in app._notifications)


def toasts(app: PocApp) -> list[Widget]:
    return list(app.screen.query("Toast"))


def rests(app: PocApp) -> bool:
    return (
        isinstance(app.screen, DeskScreen)
        and queue_of(app).highlighted_row is not None
        and app.is_at_rest
    )


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        (
            ("f", "shift+tab", *"tech", "enter"),
            "#1 forwarded to Technical, by tomorrow 09:12; it is in 2 With departments",
        ),
        (
            ("a", *"so", "enter"),
            "#1 answered, email, next Thu 26 Nov 09:12; it is in 3 With customer",
        ),
        (("r", "enter"), "#1 resolved as solved; it is in 6 Resolved"),
        (("s", "enter"), "#1 snoozed until tomorrow 09:00; it is in 4 Snoozed"),
        (("T",), "#1 triaged: complaint · normal · Meyer AG · due tomorrow 09:12"),
        (("m", *"so", "enter"), "note on #1"),
        (("5", "r", "enter"), "#1 resolved as solved; it is in 6 Resolved"),
        (("5", "s", "enter"), "#1 snoozed until tomorrow 09:00; it is in 4 Snoozed"),
    ],
)
async def test_it_says_what_became_of_a_request_and_where_it_is(
    app: PocApp, desk: Desk, keys: tuple[str, ...], sentence: str
) -> None:
    meyer = drafts.CustomerName("Meyer AG")
    desk.do(drafts.Capture("Invoice 4711 is wrong", customer=meyer))
    desk.do(drafts.Capture("another"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: rests(app))
        await pilot.press(*keys)
        await until(pilot, lambda: rests(app))
        assert said(app) == sentence


async def test_of_several_it_says_what_all_have_in_common(app: PocApp, desk: Desk) -> None:
    for subject in ("one", "two", "three"):
        desk.do(drafts.Capture(subject))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: rests(app))
        await pilot.press("space", "space", "a", *"so", "enter")
        await until(pilot, lambda: rests(app))
        assert said(app) == (
            "answered 2 requests, email, next Thu 26 Nov 09:12; they are in 3 With customer"
        )


@pytest.mark.parametrize("size", SIZES)
async def test_it_lies_on_the_frame_above_the_line_of_keys(
    app: PocApp, desk: Desk, size: tuple[int, int]
) -> None:
    desk.do(drafts.Capture("one"))
    desk.do(drafts.Capture("two"))
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: rests(app))
        await pilot.press("r", "enter")
        await until(pilot, lambda: rests(app) and bool(toasts(app)))
        await pilot.pause()
        (toast,) = toasts(app)
        assert (toast.region.bottom, toast.region.height) == (size[1] - 1, 1)
        await pilot.press("j")
        await pilot.pause()
        assert toasts(app) == [toast]  # it covers nothing that could be read


async def test_what_covers_words_goes_with_the_next_key(app: PocApp, desk: Desk) -> None:
    desk.do(drafts.Capture("one"))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: rests(app))
        assert isinstance(app.screen, DeskScreen)
        app.screen.say("a long sentence " * 12)
        await until(pilot, lambda: bool(toasts(app)) and toasts(app)[0].region.height > 1)
        await pilot.press("j")
        await until(pilot, lambda: not toasts(app))
        # What fell due stays: nobody has asked for it, and it may not have been read.
        app.notify("what fell due\n" * 3, title="Due")
        await until(pilot, lambda: bool(toasts(app)))
        await pilot.press("j")
        await pilot.pause()
        assert toasts(app)


async def test_of_many_remarks_it_has_the_first_and_counts_the_rest(
    app: PocApp, desk: Desk
) -> None:
    for subject in ("one", "two", "three", "four", "five"):
        desk.do(drafts.Capture(subject))
    async with app.run_test(size=SIZES[0]) as pilot:
        await until(pilot, lambda: rests(app) and queue_of(app).row_count == 5)
        await pilot.press("asterisk", "s")
        await until(pilot, lambda: isinstance(app.screen, SnoozeDialog) and app.is_at_rest)
        await pilot.press(*"1.12.2027", "enter")
        await until(pilot, lambda: "snoozed 5 requests" in said(app))
        lines = said(app).splitlines()
        assert [line.split()[-1] for line in lines[1:4]] == ["back"] * 3
        assert lines[4:] == ["and 2 more of this sort"]


@pytest.mark.parametrize("key", ["a", "colon"])
async def test_nothing_of_it_is_left_below_a_dialog(app: PocApp, desk: Desk, key: str) -> None:
    desk.do(drafts.Capture("one", text="It hums."))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("T")
        await until(pilot, lambda: "#1 triaged" in drawn(app))
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, FrozenModal) and app.is_at_rest)
        assert "due" in drawn(app)
        assert "normal ·" not in drawn(app)
