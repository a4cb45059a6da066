"""How the demo desk looks, at a frozen moment; `make snapshots` accepts a change of looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.screens.desk import DeskScreen
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


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48)], ids=lambda size: f"{size[0]}")
def test_the_desk(snap_compare: Compare, store: str, size: tuple[int, int]) -> None:
    assert snap_compare(desk_over(store), terminal_size=size, run_before=settled)
