"""A connection for what is no verb of the desk, such as how far a mail of ours has come."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from poc_tui.store.connection import connect, translated
from poc_tui.store.schema import BUSY_MS


@contextmanager
def connection(path: str, *, busy_ms: int = BUSY_MS) -> Iterator[sqlite3.Connection]:
    """The store at `path`, for plain SQL; a busy one is waited for that many milliseconds.

    Raises:
        StoreBusy, StoreUnreadable: it cannot be opened or written; also for a failure in the block.
    """
    try:
        with closing(connect(path, busy_ms=busy_ms)) as opened:
            yield opened
    except sqlite3.Error as error:
        raise translated(error, path) from error
