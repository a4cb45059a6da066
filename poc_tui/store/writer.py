"""The one way in which rows are written: in one transaction, keeping of each how to go back.

A step's `changes` is a list of `[table, key, image]`, in the order in which the rows were
written: `image` is null for a row that was made, the old values of the changed columns for a
row that was changed, the whole row for one that was deleted. Putting the images back, last first,
takes the step back and yields the list that does it again (`store.row_images`).

Standard library only and as little of it as can be: the quick lane of `poc add` writes by it.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime
from time import monotonic, sleep

TYPE_CHECKING = False  # what `typing` calls it, without the cost of importing `typing`
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

Image = dict[str, "Any"] | None
Key = int | list[int]
Change = list["Any"]
"""`[table, key, image]`."""

KEYS = {
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
    "remark": ("id",),
}
"""The tables a step may write, with their keys."""

COMPUTED = {"request": "sort_at"}
"""Columns that the store works out, and nobody writes."""


ASKS_EVERY = 0.005
"""Seconds after which a writer that waits for another asks again. SQLite itself asks ten times a
second after a while, and would miss the short pauses of who writes much."""


def pause_after(took: float) -> float:
    """Seconds that who writes much leaves to the others after a transaction that took so many.

    Each of those that wait asks meanwhile, also on a busy machine, where all takes longer.
    """
    return max(2 * ASKS_EVERY, took / 4)


class immediate:  # noqa: N801 - read as a word: `with immediate(connection):`
    """One write transaction: committed when the block ends, rolled back when it raises.

    A COMMIT that fails is rolled back as well, so that the connection is free again. On a full
    disk and on an I/O error SQLite has rolled back by itself, and a ROLLBACK then would fail and
    hide why.

    Raises:
        sqlite3.Error: the lock was not given in time, or the file does not take what was written.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        ask = self._connection.execute
        ((patience,),) = ask("PRAGMA busy_timeout").fetchall()
        ends = monotonic() + patience / 1000
        try:
            ask("PRAGMA busy_timeout = 0")
            # What a statement goes back to if it fails half-way: where that may be a file, SQLite
            # takes 64 KiB for each at once, and the C library fetches them from the system anew.
            ask("PRAGMA temp_store = MEMORY")
            while True:
                try:
                    ask("BEGIN IMMEDIATE")
                    return
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or monotonic() >= ends:
                        raise
                sleep(ASKS_EVERY)
        except BaseException:  # Ctrl+C
            self._roll_back()
            raise
        finally:
            ask(f"PRAGMA busy_timeout = {patience}")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
        else:
            self._roll_back()

    def _roll_back(self) -> None:
        if not self._connection.in_transaction:
            return
        try:
            self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            # What brought it here is what a person must hear; the file is put right by the
            # journal beside it when it is opened next.
            return


class Writer:
    """Writes within the caller's transaction, and keeps in `changes` how to go back.

    `held` has, by table, the highest number that no new row gets, as a row that was taken back has
    it.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.changes: list[Change] = []
        self.held: dict[str, int] = {}

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Every row of a query within this transaction, for what the read side also asks."""
        return self.connection.execute(sql, parameters).fetchall()

    def insert(self, table: str, values: Mapping[str, object]) -> int:
        """Store a new row; returns its id, in a table without ids the first part of its key.

        What is left out is as the store has it for a row that says nothing of it.

        Raises:
            sqlite3.Error: there is no such column, or a value that it cannot have.
            ValueError: a moment without a time zone.
        """
        if table in self.held:
            values = {"id": self._free(table), **values}
        keys = KEYS[table]
        numbered = keys == ("id",)
        made = self.connection.execute(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})"
            f"{' RETURNING id' if numbered else ''}",
            [stored(value) for value in values.values()],
        ).fetchall()
        key: list[Any] = [*made[0]] if numbered else [values[name] for name in keys]
        self.changes.append([table, key[0] if len(key) == 1 else key, None])
        return int(key[0])

    def update(
        self,
        table: str,
        key: Key,
        values: Mapping[str, object],
        *,
        also: Iterable[str] = (),
        now: Mapping[str, object] | None = None,
    ) -> None:
        """Give a row these values; those that it has already are no change.

        `also`: columns to be put back together with these, whatever they are then. `now`: the row
        as it is stored, where the caller has just read it.
        """
        now = now or row(self.connection, table, key)
        if now is None:
            raise KeyError(f"there is no {table} {key}")
        new = {
            name: value for name, given in values.items() if (value := stored(given)) != now[name]
        }
        kept = dict.fromkeys((*new, *also))
        if kept:
            self.changes.append([table, key, {name: encoded(now[name]) for name in kept}])
        if new:
            self.connection.execute(
                f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in new)}"
                f" WHERE {where(table)}",
                [*new.values(), *key_values(key)],
            )

    def delete(self, table: str, key: Key) -> None:
        """Take a row out."""
        self.changes.append([table, key, whole(self.connection, table, key)])
        self.connection.execute(f"DELETE FROM {table} WHERE {where(table)}", key_values(key))

    def journal(
        self, at: datetime, actor: str, step: str, label: str, run: str | None = None
    ) -> int:
        """Write the step that all changes so far are into the journal; returns its id there.

        That itself is nothing to undo.
        """
        ((id,),) = self.connection.execute(
            "INSERT INTO journal (at, actor, step, label, run, changes, undone)"
            " VALUES (?, ?, ?, ?, ?, ?, 0) RETURNING id",
            (stored(at), actor, step, label, run, _spelled(self.changes)),
        ).fetchall()
        self.changes = []
        return int(id)

    def _free(self, table: str) -> int:
        """The next number in a table of which some are held."""
        ((highest, given),) = self.connection.execute(
            f"SELECT (SELECT max(id) FROM {table}),"
            " (SELECT max(seq) FROM sqlite_sequence WHERE name = ?)",
            (table,),
        )
        self.held[table] = max(self.held[table], highest or 0, given or 0) + 1
        return self.held[table]


def stored(value: Any) -> Any:
    """A value as it lies in the store: moments in whole seconds since 1970 UTC, lists as JSON.

    Raises:
        ValueError: a moment without a time zone: nobody could say later which was meant.
    """
    kind = type(value)
    if kind is datetime:
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        return int(value.timestamp())
    return dump(value) if kind in (list, dict, tuple) else value


def row(connection: sqlite3.Connection, table: str, key: Key) -> dict[str, Any] | None:
    """The row as it is stored now, None if there is none."""
    cursor = connection.execute(f"SELECT * FROM {table} WHERE {where(table)}", key_values(key))
    found = cursor.fetchone()
    if found is None:
        return None
    now = {name[0]: value for name, value in zip(cursor.description, found, strict=True)}
    now.pop(COMPUTED.get(table, ""), None)
    return now


def whole(connection: sqlite3.Connection, table: str, key: Key) -> Image:
    """The row as the journal keeps it: bytes become `{"base64": ...}`."""
    now = row(connection, table, key)
    return None if now is None else {name: encoded(value) for name, value in now.items()}


def encoded(value: Any) -> Any:
    """A stored value as the journal keeps it."""
    if type(value) is not bytes:
        return value
    import base64

    return {"base64": base64.b64encode(value).decode()}


def where(table: str) -> str:
    """The condition that finds a row of the table by its key."""
    return " AND ".join(f"{name} = ?" for name in KEYS[table])


def key_values(key: Key) -> list[int]:
    """The parts of a key."""
    return key if isinstance(key, list) else [key]


def _spelled(changes: list[Change]) -> str:
    """The changes as JSON; where each row is new, without the cost of importing `json`."""
    if any(image is not None for _, _, image in changes):
        return dump(changes)
    made = (f'["{table}",{str(key).replace(" ", "")},null]' for table, key, _ in changes)
    return f"[{','.join(made)}]"


def dump(value: list[Change] | Any) -> str:
    """Changes, or what else is nested, as they lie in the store: JSON."""
    if not value and isinstance(value, list | tuple):
        return "[]"
    import json

    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
