"""How the demo desk looks, at a frozen moment; `make snapshots` accepts a change of looks."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.type_ahead import TypeAheadApp
from poc_tui.settings.levels_file import starter
from poc_tui.settings.load import load
from poc_tui.store.due_dates import wind_clocks
from tests.helpers.desks import demo_store, desk_over

Compare = Callable[..., bool]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo desk, its clocks started: else a desk that is open does so, now or in a moment."""
    path = demo_store(tmp_path_factory.mktemp("demo"))
    settings = load("/nonexistent/poc.toml", {"TZ": "Europe/Berlin"})
    wind_clocks(path, Deadlines(settings.hours, starter()))
    return path


async def settled(pilot: Pilot[None]) -> None:
    """Let the panes follow the highlight."""
    while not (isinstance(desk := pilot.app.screen, DeskScreen) and desk.settled):
        await pilot.pause(0.01)
    await pilot.pause()


SIZES = [(80, 24), (120, 36), (160, 48), (200, 50)]


def named(size: tuple[int, int]) -> str:
    return f"{size[0]}"


async def at_rest(pilot: Pilot[None]) -> None:
    """Let all that was typed lead to what it leads to, and be painted."""
    assert isinstance(pilot.app, TypeAheadApp)
    await pilot.app.come_to_rest()
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES, ids=named)
def test_the_desk(snap_compare: Compare, store: str, size: tuple[int, int]) -> None:
    assert snap_compare(desk_over(store), terminal_size=size, run_before=settled)


@pytest.mark.parametrize("size", SIZES, ids=named)
def test_an_answer_is_written(
    snap_compare: Compare, store: str, size: tuple[int, int], tmp_path: Path
) -> None:
    own = str(shutil.copy(store, tmp_path))  # what is half typed stays beside it

    async def write(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("a", *"You are right: 10 units.", "ctrl+j", *"A new invoice comes.")
        await at_rest(pilot)

    assert snap_compare(desk_over(own), terminal_size=size, run_before=write)


def test_at_80_columns_tab_shows_the_customer(snap_compare: Compare, store: str) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("tab")
        await at_rest(pilot)

    assert snap_compare(desk_over(store), terminal_size=(80, 24), run_before=look)


def test_what_departments_owe(snap_compare: Compare, store: str) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await pilot.press("2")
        await settled(pilot)
        await at_rest(pilot)

    assert snap_compare(desk_over(store), terminal_size=(120, 36), run_before=look)
