"""What a step of the journal left in the store, and which later one builds on it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.store.row_images import read_changes
from poc_tui.store.writer import KEYS, Key

if TYPE_CHECKING:
    from poc_tui.store.connection import Query

Row = tuple[str, str]
"""A table, and the key of a row in it."""

_POINTERS = """
    SELECT m.name, f."from", f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f
    WHERE m.type = 'table'
"""


class StepTrace(NamedTuple):
    """What a step wrote."""

    wrote: frozenset[Row]
    goes: frozenset[Row]
    """Of these the rows that are taken out when the step is turned: those that it made, or, for
    one that was taken back, those that it deletes."""

    def shares_rows(self, other: StepTrace) -> bool:
        """Whether both wrote on the same row."""
        return not self.wrote.isdisjoint(other.wrote)


def trace(changes: str) -> StepTrace:
    """The trace of a step, from its changes as they lie in the journal."""
    rows = [(_row(table, key), image) for table, key, image in read_changes(changes)]
    return StepTrace(
        frozenset(row for row, _ in rows), frozenset(row for row, image in rows if image is None)
    )


class LaterStep(NamedTuple):
    """A step that stands, held against those that were made before it."""

    trace: StepTrace
    points_to: frozenset[Row]
    """By what it wrote, as it is now."""

    def builds_on(self, earlier: StepTrace) -> bool:
        """Whether the earlier step cannot be turned while this one stands: both wrote on the same
        row, or this one points to a row that would be gone."""
        return self.trace.shares_rows(earlier) or not self.points_to.isdisjoint(earlier.goes)


def later_steps(query: Query, steps: Sequence[str]) -> list[LaterStep]:
    """These steps, given by their changes as they lie in the journal; with few queries for all."""
    columns = _foreign_keys(query)
    written = [
        [
            ((table, column, to), key)
            for table, key, image in read_changes(changes)
            for column, to in columns[table]
            if image is None or column in image
        ]
        for changes in steps
    ]
    keys: defaultdict[_Pointer, list[Key]] = defaultdict(list)
    for pointer, key in chain.from_iterable(written):
        keys[pointer].append(key)
    found = {pointer: _targets(query, pointer, keys[pointer]) for pointer in keys}
    return [
        LaterStep(
            trace(changes),
            frozenset(
                found[pointer][str(key)] for pointer, key in pointing if str(key) in found[pointer]
            ),
        )
        for changes, pointing in zip(steps, written, strict=True)
    ]


_Pointer = tuple[str, str, str]
"""A table, a column of it, and the table to whose rows that points."""


def _foreign_keys(query: Query) -> defaultdict[str, list[tuple[str, str]]]:
    columns: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for table, column, to in query(_POINTERS, ()):
        columns[table].append((column, to))
    return columns


def _targets(query: Query, pointer: _Pointer, keys: Sequence[Key]) -> dict[str, Row]:
    """Where each of these rows points, by its key."""
    table, column, to = pointer
    if len(KEYS[table]) > 1:
        # What has a key of several columns points by these.
        place = KEYS[table].index(column)
        return {str(key): (to, str(key[place])) for key in keys if isinstance(key, list)}
    rows = query(
        f"SELECT {KEYS[table][0]}, {column} FROM {table} WHERE {column} IS NOT NULL"
        f" AND {KEYS[table][0]} IN (SELECT value FROM json_each(?))",
        (json.dumps(keys),),
    )
    return {str(key): (to, str(id)) for key, id in rows}


def _row(table: str, key: Key) -> Row:
    return table, str(key)
