"""The whole store as JSON lines: a header, then one object a row, table by table.

    {"poc": 1, "schema": 2, "counts": {...}, "last": {"request": 1042, "journal": 2210}}
    {"table": "customer", "id": 1, "name": "Meyer AG", ...}

Times are ISO 8601 in UTC, bytes base64; rows come in the order of their keys, so that the same
store gives the same bytes.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, BinaryIO

from poc_tui.errors import PocError, Refused
from poc_tui.store.connection import connect, translated
from poc_tui.store.exchange.export_format import FORMAT, KEYS, NUMBERED, TABLES, Columns
from poc_tui.store.schema import SCHEMA_VERSION
from poc_tui.system.unfinished import replacing, unfinished

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""

_CHUNK = 500
"""Rows between two calls of the progress."""


def export_to(
    stream: BinaryIO,
    store: str,
    progress: Progress = lambda done, total: None,
    *,
    ascii: bool = False,
) -> int:
    """Write everything in the store at path `store`, as of one moment; returns the rows written.

    Memory stays flat. Writers are kept out only while the file is copied. With `ascii` all else
    is escaped, as a terminal wants it; it means the same when it is read.

    Raises:
        StoreBusy, StoreUnreadable: the store cannot be read.
        OSError: the stream or the disk for the copy cannot take it.
    """
    try:
        with _snapshot(store) as connection:
            counts = {
                table: int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
                for table in TABLES
            }
            total = sum(counts.values())
            stream.write(_line(_header(connection, counts), ascii=ascii))
            for done, row in enumerate(_rows(connection), 1):
                stream.write(_line(row, ascii=ascii))
                if done % _CHUNK == 0:
                    progress(done, total)
            progress(total, total)
            return total
    except sqlite3.Error as error:
        raise translated(error, store) from error


def export_file(target: str, store: str, progress: Progress = lambda done, total: None) -> int:
    """Write everything into the file `target`: mode 0600, wholly or not at all.

    A file that is there is replaced. Returns the rows written.

    Raises:
        Refused: `target` is the store itself, or a directory.
        PocError: it cannot be written; what was there is as it was.
        StoreBusy, StoreUnreadable: the store cannot be read.
    """
    if os.path.isdir(target):
        raise Refused(f"{target} is a directory; name a file in it")
    if os.path.exists(target) and os.path.samefile(target, store):
        raise Refused(f"{target} is the store itself; export to another file")
    try:
        with _replacing(target) as stream:
            return export_to(stream, store, progress)
    except OSError as error:
        raise PocError(
            f"{target} cannot be written: {error.strerror}; what was there is as it was. "
            "Choose another file with -o"
        ) from error


@contextmanager
def _snapshot(store: str) -> Iterator[sqlite3.Connection]:
    """The store as of one moment: a private copy, or where there is no room for one, itself.

    With a rollback journal a reader keeps every writer out until it has finished, and an export
    takes minutes where copying the file takes seconds. Still better that than no export.
    """
    with closing(_copied(store) or _held(store)) as connection:
        yield connection


def _copied(store: str) -> sqlite3.Connection | None:
    """A copy beside the store or in the folder for temporary files; None where neither takes it."""
    for folder in (os.path.dirname(os.path.abspath(store)), tempfile.gettempdir()):
        try:
            return _copy_in(folder, store)
        except OSError:
            continue
    return None


def _copy_in(folder: str, store: str) -> sqlite3.Connection:
    """A copy that nobody else can read, and that is gone with this process, however it ends.

    Raises `OSError` where the folder does not take it.
    """
    with unfinished(os.path.join(folder, "poc-export")) as made:
        copy = sqlite3.connect(made.path, isolation_level=None)
        if sys.platform != "win32":
            os.unlink(made.path)  # it is there as long as it is open
        try:
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")
            with closing(connect(store)) as source:
                source.backup(copy)
        except BaseException as error:
            copy.close()
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
                raise OSError(str(error)) from error
            raise
        return copy


def _held(store: str) -> sqlite3.Connection:
    """The store itself in a read transaction, under which nobody can write."""
    connection = connect(store)
    connection.execute("BEGIN")
    return connection


def _header(connection: sqlite3.Connection, counts: dict[str, int]) -> dict[str, Any]:
    given = dict(connection.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name"))
    return {
        "poc": FORMAT,
        "schema": SCHEMA_VERSION,
        "counts": counts,
        "last": {table: given[table] for table in NUMBERED if table in given},
    }


def _rows(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    for table, columns in TABLES.items():
        order = ", ".join(KEYS[table])
        cursor = connection.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {order}")
        for row in cursor:
            yield {"table": table, **_encoded(columns, row)}


def _encoded(columns: Columns, row: tuple[Any, ...]) -> dict[str, Any]:
    return {
        name: None if value is None else kind.encode(value)
        for (name, kind), value in zip(columns.items(), row, strict=True)
    }


def _line(value: dict[str, Any], *, ascii: bool) -> bytes:
    return json.dumps(value, ensure_ascii=ascii, separators=(",", ":")).encode() + b"\n"


@contextmanager
def _replacing(target: str) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file `target` when the block ends, mode 0600.

    A pipe or a device is written as it is: renaming a file over it would take it away.
    """
    if os.path.exists(target) and not os.path.isfile(target):
        with open(target, "wb") as device:
            yield device
        return
    with replacing(os.path.realpath(target)) as file:
        yield file
