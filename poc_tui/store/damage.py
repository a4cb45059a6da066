"""Looking for damage in a store, once something failed for which there is no other reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from poc_tui.errors import PocError, StoreBusy, StoreUnreadable
from poc_tui.store.backend import open_file, translated
from poc_tui.store.present import DAMAGED

_JSON = """
    SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND c.type = 'JSON'
"""


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
    for table, column in connection.execute(_JSON).fetchall():
        at = f'"{column}"'
        broken = (
            f'SELECT 1 FROM "{table}" WHERE {at} IS NOT NULL AND CASE'
            f" WHEN typeof({at}) <> 'text' OR NOT json_valid({at}) THEN 1"
            f" ELSE json_type({at}) NOT IN ('array', 'object') END LIMIT 1"
        )
        if connection.execute(broken).fetchone():
            yield f"{column} of a row in {table} cannot be read any more"
