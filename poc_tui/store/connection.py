"""Opening the SQLite file: the settings of every connection, and what is refused."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, contextmanager

from poc_tui.errors import StoreBusy, StoreUnreadable
from poc_tui.store.schema import APPLICATION_ID, BUSY_MS, PRAGMAS, SCHEMA_VERSION

TYPE_CHECKING = False  # what `typing` calls it, without the cost of importing `typing`
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    Query = Callable[[str, Sequence[Any]], Sequence[tuple[Any, ...]]]
    """Runs SQL with parameters and gives every row."""


READ_BUSY_MS = 40
"""A screen rather shows what it has and asks again than waits for a writer."""


def connect(path: str, *, busy_ms: int = BUSY_MS) -> sqlite3.Connection:
    """Open an existing store for reading and writing, in autocommit.

    Raises:
        StoreUnreadable: no such file, not a store of ours, or of another version.
        StoreBusy: locked for longer than `busy_ms` milliseconds.
    """
    connection = open_file(path, busy_ms=busy_ms)
    try:
        check_ours(connection, path)
        if (found := version(connection)) != SCHEMA_VERSION:
            raise StoreUnreadable(
                f"{path} is of version {found}, this program reads {SCHEMA_VERSION}; "
                "open it once with `poc` to bring it up to date"
            )
    except BaseException:
        connection.close()
        raise
    return connection


def open_file(path: str, *, busy_ms: int = BUSY_MS, create: bool = False) -> sqlite3.Connection:
    """Open the file with the settings of the house, whatever it holds."""
    if not create and not os.path.exists(path):
        raise StoreUnreadable(f"there is no store at {path}; `poc` makes one")
    if os.path.exists(path) and not os.path.isfile(path):
        raise StoreUnreadable(f"{path} is no file; choose another place for the store with --db")
    try:
        connection = sqlite3.connect(
            path, timeout=busy_ms / 1000, isolation_level=None, check_same_thread=False
        )
    except sqlite3.Error as error:
        raise StoreUnreadable(f"{path} cannot be opened: {error}") from error
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        connection.close()
        raise translated(error, path) from error
    except UnicodeDecodeError as error:  # what SQLite complains of holds bytes of the file
        connection.close()
        raise _not_readable(path, "its own description of itself is damaged") from error
    return connection


def check_ours(connection: sqlite3.Connection, path: str) -> None:
    """Refuse a file that another program made, and a store newer than this program."""
    if application_id(connection) != APPLICATION_ID:
        raise StoreUnreadable(f"{path} is not a store of poc; choose another file with --db")
    if (found := version(connection)) > SCHEMA_VERSION:
        raise StoreUnreadable(
            f"{path} is of version {found}, newer than this program ({SCHEMA_VERSION}); "
            "upgrade poc to open it"
        )


def application_id(connection: sqlite3.Connection) -> int:
    """The number in the file's header by which a program knows its own."""
    return int(connection.execute("PRAGMA application_id").fetchone()[0])


def version(connection: sqlite3.Connection) -> int:
    """The number of the last migration that ran."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def is_busy(error: sqlite3.Error) -> bool:
    """Whether SQLite gave up waiting for another process."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    )


TOO_LARGE = "there is no number as large as that; give a smaller one"


def translated(error: sqlite3.Error, path: str) -> StoreBusy | StoreUnreadable:
    """What a failure of SQLite means to a person."""
    if is_busy(error):
        return StoreBusy(
            f"another program is writing to {path} and did not finish in time; "
            "nothing was stored, try again"
        )
    extended = getattr(error, "sqlite_errorcode", 0)
    if extended == sqlite3.SQLITE_READONLY_DBMOVED:
        return StoreUnreadable(
            f"{path} was moved or replaced while it was open; nothing was stored. "
            "Close the desk and open it again"
        )
    code = extended & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StoreUnreadable(
            f"the disk that holds {path} is full; nothing was stored, make room and try again"
        )
    if code == sqlite3.SQLITE_IOERR:
        return StoreUnreadable(
            f"the disk that holds {path} does not take what is written, or give what is read"
            f" ({error}); nothing was stored. Look whether it is full or failing, and try again"
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return StoreUnreadable(f"{path} cannot be written: {error}; check who owns it")
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return _not_readable(path, str(error))
    return StoreUnreadable(f"{path}: {error}; nothing was stored")


def _not_readable(path: str, why: str) -> StoreUnreadable:
    return StoreUnreadable(
        f"{path} is not a readable store ({why}); nothing was changed. "
        "`poc locate` names the backups"
    )


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
