"""Winding the clocks before reading, for what shows due dates and does not act."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from typing import TYPE_CHECKING

from poc_tui.errors import StoreBusy, StoreUnreadable
from poc_tui.store import due_dates
from poc_tui.store.connection import READ_BUSY_MS, connect

if TYPE_CHECKING:
    from poc_tui.rules.service.deadlines import Deadlines


def wind_clocks(path: str, deadlines: Deadlines) -> None:
    """Give what the quick lane or an import took down its due dates; one look where nothing is.

    Plain SQL: the write side is not loaded for it. Never raises on account of the store: where it
    is busy or cannot be written, the reading that follows does without, or says itself what is
    wrong.
    """
    with (
        suppress(StoreBusy, StoreUnreadable, sqlite3.Error),
        closing(connect(path, busy_ms=READ_BUSY_MS)) as connection,
    ):
        due_dates.wind(connection, deadlines)
