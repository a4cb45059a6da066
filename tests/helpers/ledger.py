"""What each step made of every table of a store: entries to be kept, read and held against others.

A ledger is a list of entries, one a step. The first line of an entry says what was done, each
other what became of one row:

    ["=", "new #1", [1], ["new customer “Meyer AG”"]]   label, requests touched, what was remarked
    ["+", "request", [1], {"id": 1, ...}]               a row that was made, every column of it
    ["~", "request", [1], {"court": ["me", null]}]      one that changed: before and after
    ["-", "turn", [3]]                                  one that went
    ["<", 5, "request", 1, {"court": "me"}]             to what step 5 of the journal leads back

Bytes are spelled as Python spells them, and what is nested lies open.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from poc_tui.store.exchange import older_versions
from poc_tui.store.records import Done
from tests.helpers import state
from tests.helpers.state import Row, State

Line = list[Any]
Entry = list[Line]

_NESTED = frozenset({
    ("activity", "changes"), ("outbox", "refs"), ("outbox", "enclosed"),
    ("service_levels", "texts"), ("mail_read", "refs"), ("mail_read", "recipients"),
    ("mail_read", "bounced"), ("mail_read", "parts"), ("mail_read", "trouble"),
})  # fmt: skip
"""The columns that hold JSON; how it is spelled is nobody's business."""

_LATER: Mapping[tuple[str, str], object] = {
    (table, name): "[]" if value == [] else value
    for table, columns in older_versions._NEW_IN_5.items()
    for name, value in columns.items()
}
"""Columns that came after the ledgers were written, with what says nothing: told where it does."""


class Ledger:
    """Looks at a store with SQLite alone, and keeps what changed since it looked last."""

    def __init__(self, path: str) -> None:
        self._eye = sqlite3.connect(path, isolation_level=None)
        self.present: State = {}
        self.entries: list[Entry] = []
        self.keep("a new store")

    def keep(self, what: str, done: Done | None = None, *, since: State | None = None) -> None:
        """Add an entry of what became of the store, since it was in that state if one is given."""
        before = self.present if since is None else since
        self.present = read(self._eye)
        said = [] if done is None else [list(done.numbers), list(done.remarks)]
        self.entries.append([["=", what, *said], *_lines(before, self.present)])

    def close(self) -> None:
        """Let the file go."""
        self._eye.close()


def read(connection: sqlite3.Connection) -> State:
    """Every table as `state.read` has it, with the numbers that were given last."""
    given = connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
    numbers = {(name,): {"name": name, "seq": seq} for name, seq in given}
    found = state.read(connection) | {"sqlite_sequence": numbers}
    return {
        table: {key: _open_row(table, row) for key, row in rows.items()}
        for table, rows in sorted(found.items())
    }


def spelled(ledgers: dict[str, list[Entry]]) -> str:
    """Ledgers as JSON, a line a line."""
    parts = [
        f"{_json(name)}: [\n"
        + ",\n".join(
            "[\n" + ",\n".join(f"  {_json(line)}" for line in entry) + "\n]" for entry in entries
        )
        + "\n]"
        for name, entries in ledgers.items()
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def differences(wanted: Sequence[Entry], found: Sequence[Entry]) -> list[str]:
    """Where two ledgers differ, a line a line; empty where they say the same.

    In how many portions a step wrote a row, and what it wrote between them, is no difference: what
    counts is to what the step leads back, and the state that undo and redo made of the store.
    """
    said = []
    for at, (one, other) in enumerate(zip_longest(wanted, found, fillvalue=[["=", "nothing"]])):
        title = f"{at} {str(one[0][1])[:60]}"
        ours, theirs = (Counter(map(_comparable, _back(entry))) for entry in (one, other))
        said += [f"{title}, missing: {line}" for line in (ours - theirs).elements()]
        said += [f"{title}, beside it: {line}" for line in (theirs - ours).elements()]
    return said


def _back(entry: Entry) -> list[Line]:
    """The entry with one line for each row to which a step of the journal leads back."""
    back: dict[tuple[str, ...], Line] = {}
    rest = []
    for line in reversed(entry):  # as they are put back
        sign, *of, image = line
        if sign != "<":
            rest.append(line)
            continue
        merged = back.setdefault(tuple(map(str, of)), [sign, *of, {}])
        merged[-1] = image and (merged[-1] or {}) | image
    return [*rest, *back.values()]


def _comparable(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False, sort_keys=True)


def _lines(before: State, after: State) -> Iterator[Line]:
    for table, rows in after.items():
        was = before.get(table, {})
        for key in sorted(was.keys() - rows.keys()):
            yield ["-", table, list(key)]
        for key, row in sorted(rows.items()):
            old = was.get(key, {})
            now = {**row, **{name: _LATER[table, name] for name in old.keys() - row.keys()}}
            new = {name: value for name, value in now.items() if value != old.get(name, ...)}
            steps = new.pop("changes", []) if table == "journal" else []
            if not old:
                yield ["+", table, list(key), new]
            elif new:
                was_so = {name: old.get(name, _LATER.get((table, name))) for name in new}
                changed = {name: [was_so[name], value] for name, value in new.items()}
                yield ["~", table, list(key), changed]
            for change in steps:
                yield ["<", *key, *change]


def _open_row(table: str, row: Row) -> Row:
    row = {
        name: value
        for name, value in row.items()
        if (table, name) not in _LATER or value != _LATER[table, name]
    }
    if table == "journal":
        changes = [
            [name, key, image and _open_row(name, image)]
            for name, key, image in json.loads(row["changes"])
        ]
        return {**row, "changes": changes}
    return {name: _opened(table, name, value) for name, value in row.items()}


def _opened(table: str, name: str, value: Any) -> Any:
    if (table, name) in _NESTED and isinstance(value, str):
        return json.loads(value)
    if isinstance(value, dict):  # bytes in an image
        value = base64.b64decode(value["base64"])
    return repr(value) if isinstance(value, bytes) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
