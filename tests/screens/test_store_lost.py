"""A store that is locked, moved or damaged while the desk is open."""

from __future__ import annotations

import os
from contextlib import closing

import pytest

from poc_tui.errors import StoreUnreadable
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.drafts import Capture
from poc_tui.store.migrations import migrate
from poc_tui.store.queries.reader import Reader
from poc_tui.widgets.top_bar import TopBar
from tests.helpers.desks import desk_over, queue_of, until


def test_a_moved_or_replaced_store_is_noticed(
    path: str, desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    reader.data_version()
    os.rename(path, f"{path}.moved")
    with pytest.raises(StoreUnreadable, match="moved or replaced"):
        reader.data_version()
    migrate.ensure(path, clock)
    with pytest.raises(StoreUnreadable, match="moved or replaced"):
        reader.data_version()
    with pytest.raises(StoreUnreadable, match="nothing was stored"):
        desk.do(Capture("lost?"))


@pytest.mark.parametrize(
    "key", ["f", "t", "a", "n", "u", "x", "C", "y", "D", "enter", "G", "colon", "w"]
)
async def test_a_key_that_meets_a_locked_store_waits_or_says_so(
    path: str, desk: Desk, key: str
) -> None:
    desk.do(Capture("one"))
    app = desk_over(path, demo=False)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        with closing(connect(path)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await pilot.press(key)
            await pilot.pause(0.1)
            other.execute("ROLLBACK")
        await pilot.pause(0.1)
        assert app.is_running
        await until(pilot, lambda: app.is_at_rest)


async def test_a_store_that_goes_away_is_said_on_the_desk(path: str, desk: Desk) -> None:
    desk.do(Capture("one"))
    app = desk_over(path, demo=False)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        os.rename(path, f"{path}.moved")
        bar = app.screen.query_one(TopBar)
        await until(pilot, lambda: "moved" in bar.trouble)
        assert isinstance(app.screen, DeskScreen)
