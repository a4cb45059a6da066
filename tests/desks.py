"""The demo desk at a fixed moment, for snapshots and for the pictures in the README."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.config import load
from poc_tui.demo import build
from poc_tui.keymap import resolve
from poc_tui.rules.clock import FixedClock
from poc_tui.screens.session import Session

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
