"""The store as rows: read without the code that is tested, and held against another state."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

Row = Mapping[str, Any]
Table = dict[tuple[Any, ...], Row]
"""Rows by primary key."""
State = dict[str, Table]
"""Every table of the store, but for those of the search index."""

NOT_TAKEN_BACK = frozenset({
    "journal", "notice", "mail", "mail_read", "mail_ref", "mailbox", "outgoing_file", "secret",
})  # fmt: skip
"""Tables that undo does not put back. Any other table, known here or not, it must."""


def read(connection: sqlite3.Connection) -> State:
    """Every row of every table, but for those of the search index."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name NOT LIKE '%!_search%' ESCAPE '!'"
    ).fetchall()
    return {name: _table(connection, name) for (name,) in tables}


def without_journal(state: State) -> State:
    """What undo has to give back."""
    return {name: rows for name, rows in state.items() if name not in NOT_TAKEN_BACK}


def difference(wanted: State, found: State) -> list[str]:
    """Where two states differ, a line a row; empty where they are the same."""
    return [
        f"{name} {key}: {told(wanted.get(name, {}).get(key), found.get(name, {}).get(key))}"
        for name in wanted.keys() | found.keys()
        for key in wanted.get(name, {}).keys() | found.get(name, {}).keys()
        if wanted.get(name, {}).get(key) != found.get(name, {}).get(key)
    ]


def is_damaged(connection: sqlite3.Connection) -> list[str]:
    """What SQLite itself finds wrong with the file."""
    return [line for (line,) in connection.execute("PRAGMA integrity_check") if line != "ok"]


def is_still_found(connection: sqlite3.Connection) -> list[str]:
    """The words that search still finds; none of them may be left when there is nothing."""
    found = []
    for index in ("activity_search", "customer_search"):
        words = f"{index}_words"
        connection.execute(
            f"CREATE VIRTUAL TABLE temp.{words} USING fts5vocab(main, {index}, 'row')"
        )
        found += [
            f"{index} still finds {term!r}"
            for term, *_ in connection.execute(f"SELECT * FROM temp.{words}")
        ]
        connection.execute(f"DROP TABLE temp.{words}")
    return found


def _table(connection: sqlite3.Connection, name: str) -> Table:
    cursor = connection.execute(f"SELECT * FROM {name}")
    names = [column[0] for column in cursor.description]
    keys = _key_columns(connection, name)
    rows = [dict(zip(names, values, strict=True)) for values in cursor]
    return {tuple(row[key] for key in keys): row for row in rows}


def _key_columns(connection: sqlite3.Connection, name: str) -> list[str]:
    columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
    return [column[1] for column in sorted(columns, key=lambda c: int(c[5])) if column[5]]


def told(wanted: Row | None, found: Row | None) -> str:
    """What of a row is not as it should be."""
    if wanted is None or found is None:
        return f"{wanted} -> {found}"
    fields = [field for field in wanted if wanted[field] != found.get(field)]
    return ", ".join(f"{field} {wanted[field]!r} -> {found.get(field)!r}" for field in fields)
