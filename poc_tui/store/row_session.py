"""The rows that one transaction works with: each is one object, and what is assigned is written.

Identity map, changed rows, flush; whoever looks for rows says so in SQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from poc_tui.errors import NotFound
from poc_tui.store.damage import present
from poc_tui.store.row import Row
from poc_tui.store.writer import Key, Writer, row

R = TypeVar("R", bound=Row)

_CLOCKS = ("due_at", "due_for", "due_since", "resolve_by")


class RowSession(Writer):
    """Rows of the caller's transaction; what is assigned to them is written by `flush`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self._rows: dict[tuple[str, int | tuple[int, ...]], Row] = {}
        self._changed: dict[Row, dict[str, None]] = {}

    def get(self, table: type[R], key: int | None) -> R | None:
        """The row of that key, None if there is none; the same object each time."""
        if key is None:
            return None
        known = self._rows.get((table.table, key))
        if isinstance(known, table):
            return known
        found = self._read(table, f"{next(iter(table.columns))} = ?", (key,))
        return found[0] if found else None

    def existing(self, table: type[R], key: int) -> R:
        """The row of that key, which a person named.

        Raises:
            NotFound: there is none.
        """
        if (row := self.get(table, key)) is None:
            name = table.table
            raise NotFound(f"there is no {name} {key}; `poc {name}s` lists them")
        return row

    def all(self, table: type[R], where: str, parameters: Sequence[Any] = ()) -> list[R]:
        """The rows that fit the condition, which also says in which order they come."""
        self.flush()
        return self._read(table, where, parameters)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """As the writer's; it sees what was assigned so far."""
        self.flush()
        return super().query(sql, parameters)

    def add(self, row: R) -> R:
        """Store a new row; it has its id afterwards."""
        self.flush()
        values = {name: getattr(row, name) for name in row.columns}
        if "id" in values:
            del values["id"]
            row.__dict__["id"] = self.insert(row.table, values)
        else:
            self.insert(row.table, values)
        return self._keep(row)

    def remove(self, row: Row) -> None:
        """Take a row out; what is assigned to it afterwards is written nowhere."""
        self.flush()
        self.delete(row.table, row.key)
        row.watch({})
        del self._rows[row.table, _hashed(row.key)]

    def flush(self) -> None:
        """Write what was assigned so far: one UPDATE a row."""
        while self._changed:
            changed = next(iter(self._changed))
            self._write(changed, self._changed.pop(changed))

    def _write(self, changed: Row, names: Iterable[str]) -> None:
        table, key = changed.table, changed.key
        now = present(row(self.connection, table, key))
        values = {name: getattr(changed, name) for name in names}
        # Winding is no step, so a clock that looks unchanged may be another by then.
        moved = table == "request" and values.get("court", now.get("court")) != now.get("court")
        self.update(table, key, values, also=_CLOCKS if moved else (), now=now)

    def _read(self, table: type[R], where: str, parameters: Sequence[Any]) -> list[R]:
        rows = []
        for values in self.connection.execute(
            f"SELECT {', '.join(table.columns)} FROM {table.table} WHERE {where}", parameters
        ).fetchall():
            found = table.read(values)
            known = self._rows.get((table.table, _hashed(found.key)))
            rows.append(known if isinstance(known, table) else self._keep(found))
        return rows

    def _keep(self, row: R) -> R:
        self._rows[row.table, _hashed(row.key)] = row
        row.watch(self._changed)
        return row


def _hashed(key: Key) -> int | tuple[int, ...]:
    return tuple(key) if isinstance(key, list) else key
