"""What tells a store of ours from any other file, and which version this program reads."""

from __future__ import annotations

APPLICATION_ID = 0x706F6321
"""The bytes `poc!` in the header of the SQLite file."""

SCHEMA_VERSION = 5
"""The number of the last migration; kept in SQLite's `user_version`."""

PRAGMAS = (
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_spill = OFF",
)
"""Settings under which no acknowledged row was lost in trials of power cuts (WAL/NORMAL and
DELETE/FULL lost some), and under which a reader is not held up by a long import."""

BUSY_MS = 10_000
"""How long a writer waits for another before it gives up with a sentence."""
