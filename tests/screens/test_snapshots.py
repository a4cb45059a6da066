"""How the demo desk looks, at a frozen moment; `make snapshots` accepts a change of looks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from poc_tui.screens.desk import DeskScreen
from tests.helpers.desks import demo_store, desk_over

Compare = Callable[..., bool]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    return demo_store(tmp_path_factory.mktemp("demo"))


async def settled(pilot: Pilot[None]) -> None:
    """Let the panes follow the highlight."""
    while not (isinstance(desk := pilot.app.screen, DeskScreen) and desk.settled):
        await pilot.pause(0.01)
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (160, 48)], ids=lambda size: f"{size[0]}")
def test_the_desk(snap_compare: Compare, store: str, size: tuple[int, int]) -> None:
    assert snap_compare(desk_over(store), terminal_size=size, run_before=settled)
