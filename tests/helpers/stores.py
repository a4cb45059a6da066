"""New stores for tests: made once, then each test gets a copy of its own."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from poc_tui.rules.time_source import FixedClock
from poc_tui.store.migrations import migrate
from poc_tui.system import locations


def new_store(path: str) -> str:
    """A new store at `path`, to the byte what is made where there is none; returns `path`."""
    locations.private_dir(os.path.dirname(path))
    locations.private_file(path)
    Path(path).write_bytes(content())
    return path


@cache
def content() -> bytes:
    """What a new store holds; nothing in it depends on when or where it was made."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "poc.sqlite3")
        migrate.ensure(str(store), FixedClock(datetime(2026, 11, 23, 8, 12, tzinfo=UTC)))
        return store.read_bytes()
