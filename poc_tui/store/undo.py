"""Taking the last step back, and doing it again; each entry is one transaction."""

from __future__ import annotations

import json
import sqlite3

from poc_tui.errors import Refused
from poc_tui.models.values import Step
from poc_tui.store import journal
from poc_tui.store.reading.journal import FIRST_UNDONE, LAST_DONE
from poc_tui.store.records import Done
from poc_tui.store.transaction import immediate


def undo(connection: sqlite3.Connection, expected: int | None = None) -> Done:
    """Take the newest step back; an import goes with all its batches.

    Raises:
        Refused: there is nothing to undo, or the newest step is not the `expected` one.
    """
    return _turn(connection, LAST_DONE, undone=True, expected=expected)


def redo(connection: sqlite3.Connection) -> Done:
    """Do the oldest step again that was taken back since anything new was done.

    Raises:
        Refused: there is nothing to redo.
    """
    return _turn(connection, FIRST_UNDONE, undone=False)


def _turn(
    connection: sqlite3.Connection, which: str, *, undone: bool, expected: int | None = None
) -> Done:
    """Turn the entry that `which` finds, and the rest of its run, each in its own transaction.

    A step that somebody made between two batches of a run parts it: what lies below that step
    stays until it is turned as well, and the label says so.
    """
    first: tuple[int, str, str | None] | None = None
    touched: dict[int, None] = {}
    part = ""
    while True:
        with immediate(connection):
            row = connection.execute(which).fetchone()
            if row is None:
                break
            id, label, run = row[0], row[4], row[5]
            if first is None and expected is not None and id != expected:
                raise Refused(f"something else was done meanwhile: {label}; nothing was undone")
            if first is not None and (first[2] is None or run != first[2]):
                if first[2] is not None and _stands(connection, first[2], undone=not undone):
                    part = f" (a part; the rest lies below “{label}”)"
                break
            first = first or (id, label, run)
            numbers = _turn_one(connection, id, undone=undone)
            # New levels touch every open request and are about none of them.
            if row[3] != Step.LEVELS:
                touched.update(dict.fromkeys(numbers))
    if first is None:
        raise Refused("there is nothing to undo" if undone else "there is nothing to redo")
    return Done(first[1] + part, tuple(touched), first[0])


def _stands(connection: sqlite3.Connection, run: str, *, undone: bool) -> bool:
    return (
        connection.execute(
            "SELECT 1 FROM journal WHERE run = ? AND undone = ? LIMIT 1", (run, undone)
        ).fetchone()
        is not None
    )


def _turn_one(connection: sqlite3.Connection, id: int, *, undone: bool) -> list[int]:
    (text,) = connection.execute("SELECT changes FROM journal WHERE id = ?", (id,)).fetchone()
    changes: list[journal.Change] = json.loads(text)
    inverse = journal.put_back(connection, changes)
    connection.execute(
        "UPDATE journal SET changes = ?, undone = ? WHERE id = ?",
        (journal.dump(inverse), undone, id),
    )
    return [key for table, key, _ in inverse if table == "request"]
