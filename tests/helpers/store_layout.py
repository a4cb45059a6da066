"""How the tables of a store are laid out, however the SQL that made them was spelled."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from types import UnionType
from typing import Any, NamedTuple, get_args, get_origin

_WORD = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|\w+|<>|<=|>=|\|\||[^\s\w]""")


class ColumnLayout(NamedTuple):
    """A column, as SQLite takes it."""

    name: str
    type: str
    required: bool
    default: Any
    """The value, not how it is spelled; None for none."""
    key: int
    """Its place in the primary key, from 1; 0 for none."""
    computed: bool


class IndexLayout(NamedTuple):
    """An index; what a key or UNIQUE brings has no name."""

    name: str
    unique: bool
    columns: tuple[str, ...]
    where: str


class TableLayout(NamedTuple):
    """A table, with columns and indexes in their order: `SELECT *` and the choice of an index
    depend on it."""

    columns: list[ColumnLayout]
    checks: set[tuple[str, str]]
    """Of each its name, empty for none, and what it asks."""
    points_to: set[tuple[str, ...]]
    indexes: list[IndexLayout]
    flags: set[str]


class StoreLayout(NamedTuple):
    """All of a store, by name."""

    tables: dict[str, TableLayout]
    spelled: dict[str, str]
    """The SQL of triggers and of the tables that search."""


def layout(connection: sqlite3.Connection) -> StoreLayout:
    """How the store is laid out behind the connection."""
    found = StoreLayout({}, {})
    for kind, name, sql in connection.execute(
        "SELECT type, name, sql FROM sqlite_master"
        " WHERE type IN ('table', 'trigger') AND name NOT LIKE 'sqlite_%'"
    ):
        if kind == "trigger" or sql.startswith("CREATE VIRTUAL"):
            found.spelled[name] = sql
        elif "_search_" not in name:  # the store of a table that searches
            found.tables[name] = _table(connection, name, sql)
    return found


def _table(connection: sqlite3.Connection, table: str, sql: str) -> TableLayout:
    words = _WORD.findall(sql)
    return TableLayout(
        [
            ColumnLayout(
                name, kind, bool(required), _value(connection, kind, default), key, hidden != 0
            )
            for _, name, kind, required, default, key, hidden in connection.execute(
                f"PRAGMA table_xinfo('{table}')"
            )
        ],
        set(_checks(words)),
        {
            (column, to, str(target), *actions)
            for _, _, to, column, target, *actions in connection.execute(
                f"PRAGMA foreign_key_list('{table}')"
            )
        },
        [
            IndexLayout(
                name if origin == "c" else "",
                bool(unique),
                tuple(
                    str(column)
                    for (column,) in connection.execute(
                        "SELECT name FROM pragma_index_info(?)", (name,)
                    )
                ),
                _where(connection, name),
            )
            for _, name, unique, origin, _ in connection.execute(f"PRAGMA index_list('{table}')")
        ],
        {word.lower() for word in words} & {"autoincrement", "rowid", "strict"},
    )


def _value(connection: sqlite3.Connection, kind: str, default: str | None) -> Any:
    """What a default gives in a column of that type."""
    if default is None:
        return None
    (value,) = connection.execute(f"SELECT {default}").fetchone()
    return int(value) if kind in ("INTEGER", "BOOLEAN") else value


def _where(connection: sqlite3.Connection, index: str) -> str:
    found = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (index,)).fetchone()
    return _plain(_WORD.findall((found[0] or "").partition(" WHERE ")[2] if found else ""))


def _checks(words: list[str]) -> Iterator[tuple[str, str]]:
    for at, word in enumerate(words):
        if word.upper() == "CHECK":
            end, depth = at + 2, 1
            while depth:
                depth += (words[end] == "(") - (words[end] == ")")
                end += 1
            named = words[at - 2].upper() == "CONSTRAINT"
            yield words[at - 1] if named else "", _plain(words[at + 2 : end - 1])


def _plain(words: list[str]) -> str:
    """Values of a list come in any order; a name may stand in quotes."""
    return re.sub(
        r"(?<=IN \( )'[^)]*'",
        lambda found: " , ".join(sorted(found[0].split(" , "))),
        " ".join(word.strip('"') for word in words),
    )


def type_of(annotation: Any) -> type:
    """What the value of a field is, where it is not missing: `list` for `list[str] | None`."""
    first = get_args(annotation)[0] if isinstance(annotation, UnionType) else annotation
    found: type = get_origin(first) or first
    return found
