"""A store of version 4 in use, as the program wrote it while it wrote through an ORM; frozen.

Eighty steps and more stand in its journal, of two actors and of mail that came by itself; the last
ones were taken back and can be done again.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from poc_tui.store.migrations import m0001_first, m0002_clocks, m0003_mail, m0004_actors
from poc_tui.store.writer import immediate

ROWS = Path(__file__).parents[1] / "store" / "version_4.sql"
"""Every row, in an order in which each only points to rows before it; what triggers keep is not
in it. The journal lies in it to the byte."""

STEPS = (m0001_first, m0002_clocks, m0003_mail, m0004_actors)


def make(path: str) -> None:
    """A store of version 4 at `path`, which must not exist, with those rows in it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with immediate(connection):
            for step in STEPS:
                step.upgrade(connection)
            connection.execute(f"PRAGMA application_id = {0x706F6321}")
            connection.execute(f"PRAGMA user_version = {len(STEPS)}")
        connection.executescript(f"BEGIN;\n{ROWS.read_text('utf-8')}\nCOMMIT;")
