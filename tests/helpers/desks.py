"""Desks for tests: the demo desk at a fixed moment, and how to wait for a desk."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.demo import build
from poc_tui.errors import StoreBusy
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import load
from poc_tui.widgets.virtual_list import VirtualList

MOMENT = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
"""Monday, 23 November 2026, 09:12 in Berlin."""


def fixed_clock() -> FixedClock:
    """A clock that stands at `MOMENT`."""
    return FixedClock(MOMENT, ZoneInfo("Europe/Berlin"))


def demo_store(folder: Path) -> str:
    """A store with the demo desk as it stands at `MOMENT`; returns its path."""
    path = str(folder / "demo.sqlite3")
    build(path, fixed_clock(), load("/nonexistent/poc.toml", {"TZ": "Europe/Berlin"}))
    return path


def desk_over(path: str, *, demo: bool = True) -> PocApp:
    """The app over a store, at `MOMENT`."""
    settings = load("/nonexistent/poc.toml", {"TZ": "Europe/Berlin"})
    session = Session(path, fixed_clock(), settings, resolve(COMMANDS, {}), demo=demo)
    return PocApp(session)


def queue_of(app: PocApp) -> VirtualList[object]:
    """The queue on the screen."""
    return app.screen.query_one("#queue", VirtualList)


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Let the app work until `holds`; a desk that never gets there fails the test.

    A store that is being written to is looked at again, as the desk itself does.
    """
    for _ in range(1_000):
        with suppress(StoreBusy):
            if holds():
                return
        await pilot.pause(0.01)
    raise AssertionError("the desk did not get there")


async def press(pilot: Pilot[None], app: PocApp, *keys: str) -> None:
    """Press keys, and let the app work until it has done all that they call for."""
    await pilot.press(*keys)
    await until(pilot, lambda: app.is_at_rest)


async def point_at(pilot: Pilot[None], app: PocApp, number: int) -> None:
    """Go to the request of that number in the queue."""
    await press(pilot, app, "g")
    for _ in range(queue_of(app).row_count):
        if getattr(queue_of(app).highlighted_row, "number", None) == number:
            return
        await press(pilot, app, "j")
    raise AssertionError(f"#{number} is not in the view")
