"""An export put back into an empty store: the same rows, numbers and journal.

One that an older version wrote comes in as if its store had been brought up to date.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from typing import Any, BinaryIO

from poc_tui.errors import NotUnderstood, PocError, Refused
from poc_tui.rules.text import size as size_of
from poc_tui.store.connection import connect, translated
from poc_tui.store.exchange import older_versions
from poc_tui.store.exchange.export import Progress
from poc_tui.store.exchange.export_format import BYTES, FORMAT, NUMBER, NUMBERED, TABLES, TEXT
from poc_tui.store.queries.reader import marks
from poc_tui.store.schema import SCHEMA_VERSION
from poc_tui.store.writer import KEYS, immediate
from poc_tui.system.files import open_file

_CHUNK = 500

LONGEST_LINE = 200_000_000
"""Bytes; the largest mail that is taken in makes a line of 134 MB."""


def is_export(first_line: bytes) -> bool:
    """Whether a file that begins with this line is an export of ours."""
    try:
        header = json.loads(first_line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and header.keys() >= {"poc", "schema"}


def restore(source: str, store: str, progress: Progress) -> dict[str, int]:
    """Put the export in the file `source` into the empty store at path `store`.

    All of it in one transaction, or nothing. `progress` counts bytes. Returns how many rows of
    each table there were.

    Raises:
        Refused: the store has something in it.
        NotUnderstood: the file is damaged, ends too early, or is of a newer version; the
            sentence names the line.
        StoreBusy, StoreUnreadable: the store cannot be written.
    """
    try:
        with open_file(source) as stream, closing(connect(store)) as connection:
            # One transaction must hold all of it, and nobody else is at an empty store: here
            # flat memory is worth more than readers who are never kept waiting.
            connection.execute("PRAGMA cache_spill = ON")
            with immediate(connection):
                _refuse_unless_empty(connection, store)
                return _fill(connection, stream, source, progress)
    except sqlite3.Error as error:
        raise translated(error, store) from error
    except OSError as error:
        raise PocError(f"{source} cannot be read: {error.strerror}; nothing was stored") from error


def _refuse_unless_empty(connection: sqlite3.Connection, store: str) -> None:
    for table in TABLES:
        if table == "department":
            continue  # a new store has some; a change to them would be in the journal
        if connection.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone():
            raise Refused(
                f"{store} is in use, and a whole export goes only into an empty store; "
                "name a new one: poc --db NEW.sqlite3 import FILE"
            )
    connection.execute("DELETE FROM department")


def _fill(
    connection: sqlite3.Connection, stream: BinaryIO, source: str, progress: Progress
) -> dict[str, int]:
    from poc_tui.models.tables import check_nested

    size = stream.seek(0, 2)
    stream.seek(0)
    counts = dict.fromkeys(TABLES, 0)
    lines = _objects(stream, source)
    _, header = next(lines)
    schema, expected, last = _checked_header(header, source)
    renewed = older_versions.renewing(schema)
    for number, line in lines:
        try:
            row = renewed(line)
            table, names, values = _decoded(row)
            check_nested(table, row)
            into = f"{table} ({', '.join(names)})"
            connection.execute(f"INSERT INTO {into} VALUES ({marks(values)})", values)
        except (ValueError, TypeError, KeyError, sqlite3.IntegrityError) as error:
            raise _damaged(source, number, str(error)) from error
        counts[table] += 1
        if number % _CHUNK == 0:
            progress(stream.tell(), size)
    if counts != expected:
        missing = ", ".join(
            f"{counts[table]} of {expected[table]} in {table}"
            for table in TABLES
            if counts[table] != expected[table]
        )
        raise NotUnderstood(f"{source} is not whole: it holds {missing}; nothing was stored")
    _keep_numbers(connection, source, last)
    progress(size, size)
    return counts


def _objects(stream: BinaryIO, source: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line numbers from 1, and the object in each line."""
    # Not `for line in stream`: that forbids `tell`, which the progress needs.
    for number, line in enumerate(iter(partial(stream.readline, LONGEST_LINE), b""), 1):
        if len(line) == LONGEST_LINE:
            raise _damaged(source, number, f"it is longer than {size_of(LONGEST_LINE)}")
        try:
            row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
        except RecursionError as error:
            raise _damaged(source, number, "it is not JSON that can be read") from error
        except ValueError as error:
            raise _damaged(source, number, f"it is not JSON ({error})") from error
        if not isinstance(row, dict):
            raise _damaged(source, number, "it is not an object")
        yield number, row


def _checked_header(
    header: dict[str, Any], source: str
) -> tuple[int, dict[str, int], dict[str, int]]:
    """The version, how many rows of each table there are, and the last numbers given."""
    for what, known in (("poc", FORMAT), ("schema", SCHEMA_VERSION)):
        found = header.get(what)
        if type(found) is not int or found < 1:
            raise _damaged(source, 1, f"“{what}” is not a version")
        if found > known:
            raise NotUnderstood(
                f"{source} was written by a newer poc ({what} {found}, this one knows {known}); "
                "upgrade poc to import it"
            )
    counts, last = header.get("counts"), header.get("last")
    if not isinstance(counts, dict) or counts.keys() != older_versions.tables(header["schema"]):
        raise _damaged(source, 1, "“counts” does not name the tables")
    if not isinstance(last, dict) or not last.keys() <= set(NUMBERED):
        raise _damaged(source, 1, "“last” does not name the numbered tables")
    if any(type(n) is not int for n in (*counts.values(), *last.values())):
        raise _damaged(source, 1, "a count is not a whole number")
    return header["schema"], dict.fromkeys(TABLES, 0) | counts, last


def _decoded(row: dict[str, Any]) -> tuple[str, list[str], list[Any]]:
    """The table, its columns and the values to store.

    Raises `ValueError`, `TypeError` or `KeyError`, which say what is wrong with the row.
    """
    table = row.pop("table", None)
    columns = TABLES.get(table) if isinstance(table, str) else None
    if columns is None:
        raise ValueError(f"there is no table {table!r}")
    if row.keys() != columns.keys():
        odd = ", ".join(sorted(row.keys() ^ columns.keys()))
        raise ValueError(f"the columns of {table} do not fit: {odd}")
    if table == "journal":
        _check_changes(row["changes"])
    values = []
    for name, kind in columns.items():
        try:
            values.append(None if row[name] is None else kind.decode(row[name]))
        except (ValueError, TypeError) as error:
            raise ValueError(f"{table}.{name}: {error}") from error
    return str(table), list(columns), values


def _check_changes(changes: Any) -> None:
    """Refuse a journal that would write anything but rows of ours when it is undone."""
    if not isinstance(changes, list):
        raise TypeError("journal.changes is not a list")
    for change in changes:
        table, key, image = change
        keys = key if isinstance(key, list) else [key]
        if len([NUMBER.decode(part) for part in keys]) != len(KEYS[table]):
            raise ValueError(f"journal.changes names no row of {table}")
        if image is not None:
            _check_image(table, image)


def _check_image(table: str, image: Any) -> None:
    if not isinstance(image, dict) or not image or not image.keys() <= TABLES[table].keys():
        raise ValueError(f"journal.changes names columns that {table} has not")
    for value in image.values():
        if isinstance(value, dict):
            BYTES.decode(value["base64"])
        elif isinstance(value, int):
            NUMBER.decode(int(value))
        elif value is not None:
            TEXT.decode(value)


def _keep_numbers(connection: sqlite3.Connection, source: str, last: dict[str, int]) -> None:
    """Set the last number given, so that none is given twice."""
    for table in NUMBERED:
        highest = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()[0]
        if last.get(table, 0) < highest:
            raise _damaged(source, 1, f"{table} has a number above the last one given")
        connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        if table in last:
            connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, last[table]))


def _damaged(source: str, line: int, what: str) -> NotUnderstood:
    return NotUnderstood(f"{source}, line {line}: {what}; nothing was stored")
