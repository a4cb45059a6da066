"""What a step of the journal changed: the images of its rows, and putting rows back to them.

A step's `changes` is a list of `[table, key, image]`, in the order in which the rows were
written: `image` is null for a row that was made, the old values of the changed columns for a
row that was changed, the whole row for one that was deleted. Putting the images back, last first,
takes the step back and yields the list that does it again. Plain SQL on the caller's connection.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from typing import Any

from poc_tui.errors import StoreUnreadable
from poc_tui.store.damage import DAMAGED
from poc_tui.store.json_values import listed

Image = dict[str, Any] | None
Key = int | list[int]
Change = list[Any]
"""`[table, key, image]`."""

KEYS: dict[str, tuple[str, ...]] = {
    "customer": ("id",),
    "address": ("id",),
    "department": ("id",),
    "request": ("id",),
    "turn": ("id",),
    "original": ("request_id",),
    "forward": ("id",),
    "activity": ("id",),
    "reminder": ("id",),
    "tag": ("id",),
    "request_tag": ("request_id", "tag_id"),
    "service_levels": ("id",),
    "mail_filed": ("mail_id",),
    "outbox": ("id",),
}
"""The tables a step may write, with their keys."""

_LOOKED_AT = 50
"""Steps whose numbers are kept free."""


def put_back(connection: sqlite3.Connection, changes: list[Change]) -> list[Change]:
    """Put every row back to its image, last first; returns the changes that do it again."""
    # The inverse comes in the order it was carried out, and will itself be read last first.
    return [_put(connection, table, key, image) for table, key, image in reversed(changes)]


def whole(connection: sqlite3.Connection, table: str, key: Key) -> Image:
    """The row as it is now, None if there is none. Bytes become `{"base64": ...}`."""
    cursor = connection.execute(f"SELECT * FROM {table} WHERE {_where(table)}", _values(key))
    row = cursor.fetchone()
    if row is None:
        return None
    names = [column[0] for column in cursor.description]
    return {
        name: _encoded(value)
        for name, value in zip(names, row, strict=True)
        if (table, name) not in _COMPUTED
    }


def columns(connection: sqlite3.Connection, table: str, key: Key, names: list[str]) -> Image:
    """Some columns of the row as it is now."""
    image = whole(connection, table, key)
    return None if image is None else {name: image[name] for name in names}


def held(connection: sqlite3.Connection, but_of: str | None = None) -> dict[str, int]:
    """The highest number in each table that steps hold which can be done again.

    Those of the actor `but_of` are left out, and what mail did by itself with them.

    Most tables give a number again that is free; a row that has one of these would be in the way.
    Looks at the newest of these steps, and of a run at the newest one: these hold the highest
    numbers but for rare cases, in which redo is refused.
    """
    highest: dict[str, int] = {}
    for (changes,) in connection.execute(
        "SELECT changes FROM journal WHERE id IN (SELECT max(id) FROM journal WHERE undone = 1"
        " AND (:but_of IS NULL OR (actor <> :but_of AND NOT"
        " (run IS NULL AND step IN ('mail', 'not-delivered'))))"
        " GROUP BY coalesce(run, id) ORDER BY max(id) DESC LIMIT :most)",
        {"but_of": but_of, "most": _LOOKED_AT},
    ):
        for table, key, image in read_changes(changes):
            if image is not None and KEYS[table] == ("id",):
                highest[table] = max(key, highest.get(table, 0))
    return highest


def read_changes(text: str) -> list[Change]:
    """The changes of a step, from how they lie in the journal.

    Raises:
        StoreUnreadable: the file was damaged; this is no list of rows of ours.
    """
    try:
        changes = listed(text, 3)
        for table, key, image in changes:
            named = key if isinstance(key, list) else [key]
            if len(named) != len(KEYS[table]) or not all(type(part) is int for part in named):
                raise ValueError(table)
            if image is not None and not isinstance(image, dict):
                raise TypeError(table)
    except (ValueError, TypeError, KeyError) as error:
        raise StoreUnreadable(
            DAMAGED.format("what a step changed cannot be read any more")
        ) from error
    return list(changes)


def dump(value: list[Change] | dict[str, str]) -> str:
    """Changes, or what else is nested, as they lie in the store."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


_COMPUTED = {("request", "sort_at")}


def _put(connection: sqlite3.Connection, table: str, key: Key, image: Image) -> Change:
    now = whole(connection, table, key)
    if image is None:
        connection.execute(f"DELETE FROM {table} WHERE {_where(table)}", _values(key))
        return [table, key, now]
    values = [_decoded(value) for value in image.values()]
    if now is None:
        marks = ", ".join("?" * len(image))
        connection.execute(f"INSERT INTO {table} ({', '.join(image)}) VALUES ({marks})", values)
        return [table, key, None]
    assignments = ", ".join(f"{name} = ?" for name in image)
    connection.execute(
        f"UPDATE {table} SET {assignments} WHERE {_where(table)}", [*values, *_values(key)]
    )
    return [table, key, {name: now[name] for name in image}]


def _where(table: str) -> str:
    return " AND ".join(f"{name} = ?" for name in KEYS[table])


def _values(key: Key) -> list[int]:
    return key if isinstance(key, list) else [key]


def _encoded(value: Any) -> Any:
    return {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value


def _decoded(value: Any) -> Any:
    return base64.b64decode(value["base64"]) if isinstance(value, dict) else value
