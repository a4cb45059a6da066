"""Looking for damage in a store, once something failed for which there is no other reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import TypeVar

from poc_tui.errors import PocError, StoreBusy, StoreUnreadable
from poc_tui.store.connection import open_file, translated

T = TypeVar("T")

DAMAGED = "this store is damaged: {}; nothing was changed. `poc locate` names the backups"

_COLUMNS = """
    SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE '%_search%'
"""
_YEAR_9999 = 253_402_300_799
"""Seconds since 1970; no number in a store, a moment or a count, is larger than that of a day."""

_BROKEN = {
    "JSON": "CASE WHEN typeof({0}) <> 'text' OR NOT json_valid({0}) THEN 1"
    " ELSE json_type({0}) NOT IN ('array', 'object') END",
    "INTEGER": f"typeof({{0}}) <> 'integer' OR {{0}} NOT BETWEEN -{_YEAR_9999} AND {_YEAR_9999}",
    "BOOLEAN": "typeof({0}) <> 'integer' OR {0} NOT IN (0, 1)",
    "TEXT": "typeof({0}) <> 'text'",
    "BLOB": "typeof({0}) <> 'blob'",
}
"""What no value of a type can be. SQLite keeps to the types of columns only where it is told to."""


def cause(error: BaseException, path: str) -> PocError | None:
    """What a failure that nobody foresaw means to a person, if the store at `path` is why."""
    orig = getattr(error, "orig", error)  # as SQLAlchemy hands it on
    return damage(path) or (translated(orig, path) if isinstance(orig, sqlite3.Error) else None)


def damage(path: str) -> PocError | None:
    """What is wrong with the file itself, None if it is whole or cannot be looked at just now.

    Reads all of it: for what has failed already, and not for every day.
    """
    try:
        with closing(open_file(path)) as connection:
            for what in _found(connection):
                return StoreUnreadable(DAMAGED.format(what))
    except StoreBusy:
        return None
    except PocError as error:
        return error
    except sqlite3.Error as error:
        return translated(error, path)
    return None


def _found(connection: sqlite3.Connection) -> Iterator[str]:
    for (said,) in connection.execute("PRAGMA quick_check(1)"):
        if said != "ok":
            yield str(said).partition("\n")[0]
    for table, column, kind in connection.execute(_COLUMNS).fetchall():
        if kind in _BROKEN:
            at = f'"{column}"'
            broken = f"{at} IS NOT NULL AND ({_BROKEN[kind].format(at)})"
            if connection.execute(f'SELECT 1 FROM "{table}" WHERE {broken} LIMIT 1').fetchone():
                yield f"{column} of a row in {table} cannot be read any more"


def present(value: T | None) -> T:
    """The value.

    Raises:
        StoreUnreadable: there is none, so something else than poc has written on the file.
    """
    if value is None:
        raise StoreUnreadable(DAMAGED.format("something in it points to what is gone"))
    return value
