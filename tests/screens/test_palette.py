"""The command palette: what makes sense comes first, words behind a command are understood."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.models.values import Resolution
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.command_screen import CommandScreen
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.desk_memory import DeskMemory
from poc_tui.screens.dialogs.forward import ForwardDialog
from poc_tui.screens.dialogs.new import NewDialog
from poc_tui.screens.dialogs.promise import PromiseDialog
from poc_tui.screens.palette import HitList, Palette
from poc_tui.screens.palette_hits import CommandHits, Hit
from poc_tui.screens.palette_words import PaletteWords
from poc_tui.screens.request import RequestScreen
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.requests import request
from tests.helpers.desks import queue_of, until
from tests.helpers.mail_desks import drawn

FRIDAY = datetime(2026, 11, 27, 8, tzinfo=UTC)
"""When business opens on the coming Friday, in Berlin."""


@pytest.fixture
def app(path: str, clock: FixedClock, settings: Settings) -> PocApp:
    return PocApp(Session(path, clock, settings, resolve(COMMANDS, {})))


@pytest.fixture
def number(desk: Desk) -> int:
    return desk.do(drafts.Capture("Invoice 4711 is wrong")).numbers[0]


@asynccontextmanager
async def at_a_request(
    app: PocApp, *, size: tuple[int, int] = (80, 24)
) -> AsyncIterator[Pilot[None]]:
    """The desk, once a request is highlighted on it."""
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        yield pilot


def palette(screen: object, *recent: str) -> tuple[CommandHits, PaletteWords]:
    assert isinstance(screen, CommandScreen)
    screen.footer.follow()
    commands = CommandHits(screen, recent)
    return commands, PaletteWords(screen, commands)


def shown(app: PocApp) -> list[int]:
    """The numbers of the requests in the queue."""
    pages = queue_of(app)._pages
    return [] if pages is None else [row.number for row in pages.source.page(0, 9)]  # type: ignore[attr-defined]


def ids(hits: list[Hit]) -> list[str]:
    return [hit.id for hit in hits]


async def test_what_is_next_comes_first_and_what_must_fail_not_at_all(
    app: PocApp, desk: Desk, number: int
) -> None:
    async with at_a_request(app) as pilot:
        commands, _ = palette(app.screen)
        offered = ids(commands.all())
        assert offered[:5] == ["triage", "forward", "answer", "resolve", "snooze"]
        vain = {"reopen", "chase", "done", "save", "redo", "customer", "mark_none", "view_7"}
        assert not vain & set(offered)
        desk.do(drafts.Resolve(Resolution.SOLVED), [number])
        await pilot.press("6")
        await until(pilot, lambda: queue_of(app).row_count == 1)
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        commands, _ = palette(app.screen)
        offered = ids(commands.all())
        assert offered[0] == "reopen"
        assert not {"answer", "resolve", "forward", "triage", "snooze"} & set(offered)
        assert ids(commands.named("re", by_help=True))[0] == "reopen"


async def test_an_empty_desk_offers_no_verb(app: PocApp) -> None:
    async with app.run_test() as pilot:
        await pilot.pause()
        commands, _ = palette(app.screen)
        offered = set(ids(commands.all()))
        assert {"new", "help", "quit", "departments"} <= offered
        assert not {"forward", "answer", "note", "undo", "search", "mark"} & offered


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("snooze fri", "snooze #1 until Fri 27 Nov 09:00"),
        ("sno fri 14:00 the stock is counted", "snooze #1 until Fri 27 Nov 14:00: the stock is"),
        ("remind fri call back", "remind of #1, Fri 27 Nov 09:00: call back"),
        ("remind every monday look", "remind of #1, Mon 30 Nov 09:00, then every Monday: look"),
        ("promise fri a new invoice", "promise on #1, Fri 27 Nov 17:00: a new invoice"),
        ("forward tech", "forward #1 to Technical"),
        ("forward tech 10 or 12 units?", "forward #1 to Technical: 10 or 12 units?"),
        ("resolve decl", "resolve #1 as declined"),
        ("note they called", "note on #1: they called"),
        ("triage compl high", "triage #1: kind complaint, priority high"),
        ("triage phone @Ott", "triage #1: customer Ott, channel phone"),
        ("escalate management", "escalate #1, to: management"),
        ("add Where is it? @Ott", "take down a new request: Where is it? @Ott"),
        ("1", "go to #1 Invoice 4711 is wrong"),
        ("#1", "go to #1 Invoice 4711 is wrong"),
        ("snooze #1 fri", "snooze #1 until Fri 27 Nov 09:00"),
        ("theme dracula", "use the colours dracula"),
    ],
)
async def test_each_hit_says_what_it_will_do(
    app: PocApp, number: int, typed: str, said: str
) -> None:
    async with at_a_request(app):
        _, arguments = palette(app.screen)
        first = arguments.find(typed)[0]
        assert first.words.startswith(said)
        assert first.act is not None


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("snooze fry", "snooze #1: 'fry' is no date I know"),
        ("snooze yesterday", "snooze #1: 'yesterday'"),
        ("snooze #77 fri", "there is no request #77"),
        ("77", "there is no request #77"),
        ("forward nobody", "no department is called “nobody”; there are Accounting"),
        ("triage perhaps", "triage #1: “perhaps” is no kind, priority or channel"),
        ("resolve perhaps", "resolve as solved, declined"),
        ("theme mud", "there are no colours called “mud”"),
    ],
)
async def test_what_is_wrong_is_said_and_does_nothing(
    app: PocApp, number: int, typed: str, why: str
) -> None:
    async with at_a_request(app):
        _, arguments = palette(app.screen)
        (only,) = arguments.find(typed)
        assert only.words.startswith(why)
        assert only.act is None


async def test_a_verb_that_must_fail_says_why(app: PocApp, desk: Desk, number: int) -> None:
    desk.do(drafts.Resolve(Resolution.SOLVED), [number])
    desk.do(drafts.Capture("another"))
    async with at_a_request(app):
        _, arguments = palette(app.screen)
        (only,) = arguments.find(f"snooze #{number} fri")
        assert only.words == f"#{number} is resolved; reopen (o) first"
        assert only.act is None


async def test_words_for_what_must_fail_say_why_it_does(
    app: PocApp, desk: Desk, number: int
) -> None:
    desk.do(drafts.Resolve(Resolution.SOLVED), [number])
    async with app.run_test() as pilot:
        await pilot.pause()
        _, words = palette(app.screen)
        (only,) = words.find("snooze fri")
        assert (only.words, only.act) == ("snooze: no request is highlighted", None)
        await pilot.press("6")
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        _, words = palette(app.screen)
        (only,) = words.find("snooze fri")
        assert (only.words, only.act) == (f"#{number} is resolved; reopen (o) first", None)


async def test_an_escalated_request_is_escalated_anew_by_words(
    app: PocApp, desk: Desk, reader: Reader, number: int
) -> None:
    desk.do(drafts.Escalate("the lead", "late"), [number])
    async with at_a_request(app, size=(100, 30)) as pilot:
        await pilot.press("colon", *"escalate management", "enter", *"it burns", "enter")
        await until(pilot, lambda: request(reader, number).escalated_to == "management")


async def test_a_number_leads_to_the_request_and_a_sign_to_the_customers(
    app: PocApp, desk: Desk, number: int
) -> None:
    (of_meyer,) = desk.do(
        drafts.Capture("Where is it?", customer=drafts.CustomerName("Meyer AG"))
    ).numbers
    desk.do(drafts.Resolve(Resolution.SOLVED), [number])
    async with at_a_request(app, size=(100, 30)) as pilot:
        await pilot.press("colon", *f"#{number}", "enter")
        await until(pilot, lambda: shown(app) == [number])
        await pilot.press("colon", *"@mey", "enter")
        await until(pilot, lambda: shown(app) == [of_meyer])


async def test_typed_at_once_it_lands_on_what_was_highlighted(
    app: PocApp, desk: Desk, reader: Reader, number: int
) -> None:
    desk.do(drafts.Capture("another"))
    async with at_a_request(app) as pilot:
        await pilot.press("colon", *"snooze fri", "enter", "m", *"seen", "enter")
        await until(pilot, lambda: request(reader, number).snoozed_until == FRIDAY)
        # The note behind it is on what is highlighted once the snoozed one is gone.
        await until(pilot, lambda: "noted" in [a.event for a in request(reader, 2).activities])
        assert isinstance(app.screen, DeskScreen)


async def test_a_dialog_opens_with_the_words_and_enter_saves(
    app: PocApp, reader: Reader, number: int
) -> None:
    async with at_a_request(app, size=(100, 30)) as pilot:
        await pilot.press("colon", *"forward tech 10 or 12?", "enter")
        await until(pilot, lambda: isinstance(app.screen, ForwardDialog))
        await pilot.pause()
        await pilot.press(*" Really", "enter")
        await until(pilot, lambda: bool(request(reader, number).forwards))
        (forward,) = request(reader, number).forwards
        assert (forward.department, forward.question) == ("Technical", "10 or 12? Really")


async def test_words_that_were_not_saved_are_asked_about(app: PocApp) -> None:
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.press("colon", *"add Where is it?", "enter")
        await until(pilot, lambda: isinstance(app.screen, NewDialog))
        await pilot.pause()
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, NewDialog)


async def test_enter_on_what_is_wrong_stays(app: PocApp, reader: Reader, number: int) -> None:
    async with at_a_request(app, size=(100, 30)) as pilot:
        await pilot.press("colon", *"snooze fry", "enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        await pilot.pause()
        assert isinstance(app.screen, Palette)
        assert request(reader, number).snoozed_until is None
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))


async def test_what_was_used_lately_comes_first_also_after_a_restart(
    app: PocApp, path: str, clock: FixedClock, settings: Settings, number: int
) -> None:
    def remembered() -> list[str]:
        return DeskMemory(lambda: app.session.memory_dir).names("palette")

    async with at_a_request(app, size=(100, 30)) as pilot:
        for name in ("copy number", "refresh"):
            await pilot.press("colon", *name, "enter")
            await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await until(pilot, lambda: remembered() == ["refresh", "copy_number"])
    again = PocApp(Session(path, clock, settings, resolve(COMMANDS, {})))
    async with at_a_request(again, size=(100, 30)) as pilot:
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(again.screen, Palette))
        hits = again.screen.query_one(HitList)
        await until(pilot, lambda: hits.highlighted_row is not None)
        assert hits.highlighted_row is not None
        assert hits.highlighted_row.id == "refresh"


async def test_a_memory_of_what_is_no_command_is_no_matter(
    app: PocApp, number: int, tmp_path: Path
) -> None:
    async with at_a_request(app):
        commands, _ = palette(app.screen, "gone", "reopen", "note")
        assert ids(commands.all())[:2] == ["note", "triage"]


async def test_it_moves_among_what_it_found_and_writes_a_name_out(app: PocApp, number: int) -> None:
    async with at_a_request(app, size=(100, 30)) as pilot:
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        hits, field = app.screen.query_one(HitList), app.screen.query_one("#words", Input)
        await pilot.press("down")
        await pilot.pause()
        assert hits.highlighted_row is not None
        assert hits.highlighted_row.id == "forward"
        await pilot.press("tab")
        await pilot.pause()
        assert field.value == "forward "
        assert all(hit.id == "forward" for hit in hits._pages.source.page(0, 5))  # type: ignore[union-attr]


async def test_what_is_no_command_is_not_written_out(app: PocApp, number: int) -> None:
    async with at_a_request(app, size=(100, 30)) as pilot:
        await pilot.press("colon", *f"{number}")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        hits, field = app.screen.query_one(HitList), app.screen.query_one("#words", Input)
        await until(pilot, lambda: hits.highlighted_row is not None)
        await pilot.press("tab")
        await pilot.pause()
        assert field.value == f"{number}"


async def test_a_promise_is_by_the_date_that_was_said(app: PocApp, number: int) -> None:
    async with at_a_request(app, size=(100, 30)) as pilot:
        await pilot.press("colon", *"promise fri a new invoice")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        hits = app.screen.query_one(HitList)
        await until(pilot, lambda: "Fri 27 Nov 17:00" in str(hits.highlighted_row))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, PromiseDialog))
        await until(pilot, lambda: "= Fri 27 Nov 17:00" in drawn(app))


async def test_a_click_takes_a_hit(app: PocApp, number: int) -> None:
    async with at_a_request(app, size=(100, 30)) as pilot:
        await pilot.press("colon")
        await until(pilot, lambda: isinstance(app.screen, Palette))
        await pilot.pause()
        await pilot.click(HitList, offset=(6, 2))  # below the frame and the first hit
        await until(pilot, lambda: isinstance(app.screen, ForwardDialog))


async def test_on_another_screen_a_number_opens_the_request(
    app: PocApp, desk: Desk, clock: FixedClock, number: int
) -> None:
    desk.do(drafts.Triage(due_at=clock.now() + timedelta(hours=1)), [number])
    async with at_a_request(app, size=(100, 30)) as pilot:
        await pilot.press("A", "colon", *str(number), "enter")
        await until(pilot, lambda: isinstance(app.screen, RequestScreen))
