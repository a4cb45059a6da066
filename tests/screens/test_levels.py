"""The service levels at the desk: what is in force is seen, and the file applied on a key."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.models.values import Channel
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.levels import LevelsDialog
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from tests.helpers.desks import until
from tests.helpers.dialogs import desk_of, detail, opened

TWO_HOURS = '[first_answer]\nphone = "2h"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The person's own service levels; not there at first."""
    return tmp_path / "service-levels.toml"


@pytest.fixture
def session(path: str, clock: FixedClock, settings: Settings, file: Path) -> Iterator[Session]:
    environ = {"POC_LEVELS": str(file), "TZ": "Europe/Berlin"}
    opened = Session(path, clock, settings, resolve(COMMANDS, {}), environ=environ)
    yield opened
    opened.close()


@pytest.fixture
def number(session: Session) -> int:
    """A call that waits for its first answer."""
    return desk_of(session).do(drafts.Capture("Invoice", channel=Channel.PHONE)).numbers[0]


async def test_where_the_file_says_the_same_there_is_nothing_to_apply(session: Session) -> None:
    async with opened(LevelsDialog(session)) as on:
        await until(on.pilot, lambda: "as poc ships them" in on.drawn)
        assert "The file says the same" in on.drawn
        await on.press("a")
        assert on.shell.result == "open"
        await on.press("enter")
        assert on.shell.result is None


async def test_enter_applies_a_file_that_says_other_and_counts_dates_anew(
    session: Session, file: Path, number: int
) -> None:
    file.write_text(TWO_HOURS)
    async with opened(LevelsDialog(session)) as on:
        await until(on.pilot, lambda: "applying counts every" in on.drawn)
        await on.press("enter")
        await on.done()
    assert detail(session, number).due_at == session.clock.now() + timedelta(hours=2)
    async with opened(LevelsDialog(session)) as on:
        await until(on.pilot, lambda: "applied today" in on.drawn)


async def test_a_file_that_is_wrong_is_said_and_cannot_be_applied(
    session: Session, file: Path, number: int
) -> None:
    before = detail(session, number).due_at
    file.write_text('[first_answer]\nphone = "2 moons"\n')
    async with opened(LevelsDialog(session)) as on:
        await until(on.pilot, lambda: "The old levels stay in force" in on.drawn)
        await on.press("a")
        await on.press("escape")
        assert on.shell.result is None
    assert detail(session, number).due_at == before


async def test_at_the_desk_the_key_opens_it_and_says_what_was_done(
    session: Session, file: Path, number: int
) -> None:
    file.write_text(TWO_HOURS)
    app = PocApp(session)
    async with app.run_test() as pilot:
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, LevelsDialog))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await until(pilot, lambda: bool(app._notifications))
        assert detail(session, number).due_at == session.clock.now() + timedelta(hours=2)
