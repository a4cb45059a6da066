"""What the journal keeps of a step: reading it, and putting its rows back (`store.writer`)."""

from __future__ import annotations

import sqlite3
from typing import Any

from poc_tui.errors import StoreUnreadable
from poc_tui.store.damage import DAMAGED
from poc_tui.store.json_values import listed
from poc_tui.store.writer import KEYS, Change, Writer, row

_LOOKED_AT = 50
"""Steps whose numbers are kept free."""


def put_back(writer: Writer, changes: list[Change]) -> None:
    """Put every row back to its image, last first; the writer's changes then do it again.

    These come in the order they were carried out, and will themselves be read last first.
    """
    for table, key, image in reversed(changes):
        if image is None:
            writer.delete(table, key)
            continue
        values = {name: _decoded(value) for name, value in image.items()}
        if now := row(writer.connection, table, key):
            writer.update(table, key, values, also=values, now=now)
        else:
            writer.insert(table, values)


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
        " GROUP BY coalesce(run, CAST(id AS TEXT)) ORDER BY max(id) DESC LIMIT :most)",
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


def _decoded(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    import base64

    return base64.b64decode(value["base64"])
