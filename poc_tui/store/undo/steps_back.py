"""Taking back the last step that somebody made, and doing it again; each is one transaction."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from poc_tui.errors import Refused
from poc_tui.models.values import JournalStep, OutgoingState
from poc_tui.store.queries.happened import named
from poc_tui.store.records import Done
from poc_tui.store.row_images import put_back, read_changes
from poc_tui.store.undo.next_step import BY_ITSELF, MOST, first_undone, last_done, newest_of_all
from poc_tui.store.undo.traces import later_steps, trace
from poc_tui.store.writer import Change, Writer, dump, immediate

if TYPE_CHECKING:
    from poc_tui.store.connection import Query

_Row = tuple[Any, ...]


def undo(connection: sqlite3.Connection, actor: str, expected: int | None = None) -> Done:
    """Take the newest step back that the actor made; an import goes with all its batches.

    Raises:
        Refused: there is nothing of theirs to undo, the newest step is not the `expected` one, a
            mail of it was sent already, or what came since builds on it; where somebody else did
            that, the sentence says who and what.
    """
    return _turn(connection, actor, undone=True, expected=expected)


def redo(connection: sqlite3.Connection, actor: str) -> Done:
    """Do the oldest step again that the actor took back since they did anything new.

    What others did meanwhile, and mail that was filed by itself, is not written over.

    Raises:
        Refused: there is nothing to redo, or such a step wrote on what the step wrote.
    """
    return _turn(connection, actor, undone=False)


def _turn(
    connection: sqlite3.Connection, actor: str, *, undone: bool, expected: int | None = None
) -> Done:
    """Turn the step whose turn it is, and the rest of its run, each in its own transaction.

    A step that somebody made between two batches of a run parts it: what lies below that step
    stays until it is turned as well, and the label says so.
    """
    query = _query_of(connection)
    first: tuple[int, str, str | None] | None = None
    touched: dict[int, None] = {}
    remarks: dict[str, None] = {}
    mails: set[int] = set()
    of_several = False
    part = ""
    while True:
        try:
            with immediate(connection):
                if first is not None and not _goes_on(connection, first[2], undone=not undone):
                    break
                row = (
                    last_done(query, actor, with_run=first is None)
                    if undone
                    else first_undone(query, actor)
                )
                if row is None:
                    break
                id, label, run = row[0], row[4], row[5]
                if first is None and expected is not None and id != expected:
                    raise Refused(f"something else was done meanwhile: {label}; nothing was undone")
                if first is not None and run != first[2]:
                    part = f" (a part; the rest lies below “{label}”)"
                    break
                if not undone:
                    _refuse_over_later(connection, row, actor, with_run=first is None)
                numbers, filed, said = _turn_one(connection, row, actor, undone=undone)
        except Refused as error:
            if first is None:
                raise
            part = f" (a part; the rest stays: {error})"
            break
        of_several = first is not None
        first = first or (id, label, run)
        remarks.update(dict.fromkeys(said))
        mails.update(filed)
        # New levels touch every open request and are about none of them.
        if row[3] != JournalStep.LEVELS:
            touched.update(dict.fromkeys(numbers))
    if first is None:
        raise Refused(_nothing(connection, actor) if undone else "there is nothing to redo")
    # Of mail that was filed in portions each label has the mails of its own.
    words = f"{len(mails):,} mails" if of_several and len(mails) > 1 else first[1]
    return Done(words + part, tuple(touched), first[0], tuple(remarks))


def _goes_on(connection: sqlite3.Connection, run: str | None, *, undone: bool) -> bool:
    return run is not None and (
        connection.execute(
            "SELECT 1 FROM journal WHERE run = ? AND undone = ? LIMIT 1", (run, undone)
        ).fetchone()
        is not None
    )


def _nothing(connection: sqlite3.Connection, actor: str) -> str:
    newest = newest_of_all(_query_of(connection))
    if newest is None:
        return "there is nothing to undo"
    return (
        f"there is nothing to undo that “{actor}” did; the last step, “{newest[4]}”, is one of "
        f"“{newest[2]}”"
    )


def _refuse_over_later(
    connection: sqlite3.Connection, row: _Row, actor: str, *, with_run: bool
) -> None:
    """Refuse to do a step again, or any of its run, over what others, or mail, did since.

    A row that the step made may be another's by now: most tables give a number again that is free.
    """
    id, label, run = row[0], row[4], row[5]
    stands = connection.execute(
        "SELECT id, actor, label, changes FROM journal WHERE undone = 0 AND id > ? ORDER BY id"
        " LIMIT ?",
        (id, MOST + 1),
    ).fetchall()
    if not stands:
        return
    if len(stands) > MOST:
        raise Refused(f"{label}: too much was done since for it to be done again")
    ids, actors, labels, changed = zip(*stands, strict=True)
    later = later_steps(_query_of(connection), changed)
    for own, changes in connection.execute(
        "SELECT id, changes FROM journal WHERE id = :id"
        " OR (:with_run AND run = :run AND undone = 1 AND id > :id)",
        {"id": id, "run": run, "with_run": with_run},
    ):
        left = trace(changes)
        for other, whose, said, step in zip(ids, actors, labels, later, strict=True):
            if other > own and step.builds_on(left):
                by = "" if whose == actor else f" by {named(whose)}"
                raise Refused(f"{label}: it cannot be done again over what came since: {said}{by}")


def _turn_one(
    connection: sqlite3.Connection, row: _Row, actor: str, *, undone: bool
) -> tuple[list[int], list[int], list[str]]:
    """Turn one step; returns the requests it touched, the mails it filed, what to know besides."""
    id, label = row[0], row[4]
    (text,) = connection.execute("SELECT changes FROM journal WHERE id = ?", (id,)).fetchone()
    changes = read_changes(text)
    remarks = _mails_taken_back(connection, changes, label)
    writer = Writer(connection)
    try:
        put_back(writer, changes)
    except sqlite3.IntegrityError as error:
        raise Refused(
            f"mail that came since builds on it: {label}; it cannot be taken back any more"
            if undone
            else f"{label}: what it was done on has changed since; it cannot be done again"
        ) from error
    if undone:
        _end_other_ways_on(connection, id, text, actor)
    connection.execute(
        "UPDATE journal SET changes = ?, undone = ? WHERE id = ?",
        (dump(writer.changes), undone, id),
    )
    touched, filed = (
        [key for table, key, _ in writer.changes if table == name]
        for name in ("request", "mail_filed")
    )
    return touched, filed, remarks


def _end_other_ways_on(connection: sqlite3.Connection, id: int, changes: str, actor: str) -> None:
    """Of two ways on from one state only the one that was taken last can be gone again.

    A step that was taken back before this one was made, and wrote on the same rows, was not below
    it: doing both again would give a state that never was. So was a step of somebody else that
    was built on this one: only a person's own steps are done again in their order.
    """
    left = trace(changes)
    rows = connection.execute(
        f"SELECT actor, actor = :actor OR {BY_ITSELF}, id, changes FROM journal"
        " WHERE undone = 1 AND id <> :id LIMIT :most",
        {"actor": actor, "id": id, "most": MOST + 1},
    ).fetchall()
    others = [(whose, mine, at, of) for whose, mine, at, of in rows if not (mine and at > id)]
    for whose in {whose for whose, _, _, _ in others}:
        if len(rows) > MOST or any(
            left.shares_rows(trace(of)) for name, _, _, of in others if name == whose
        ):
            connection.execute(
                "UPDATE journal SET undone = 2 WHERE undone = 1 AND actor = :whose AND id <> :id"
                f" AND NOT (id > :id AND (actor = :actor OR {BY_ITSELF}))",
                {"whose": whose, "id": id, "actor": actor},
            )


def _mails_taken_back(
    connection: sqlite3.Connection, changes: list[Change], label: str
) -> list[str]:
    """Refuse to take back what went out; say so of what lies in the person's mail program."""
    remarks = []
    for table, key, image in changes:
        if table != "outbox" or image is not None:
            continue
        state, recipient = connection.execute(
            "SELECT state, recipient FROM outbox WHERE id = ?", (key,)
        ).fetchone()
        if state == OutgoingState.SENT:
            raise Refused(
                f"{label}: the mail to {recipient} was sent and cannot be taken back; write another"
                " one that sets it right"
            )
        if state in (OutgoingState.SENDING, OutgoingState.UNSURE):
            raise Refused(
                f"{label}: the mail to {recipient} may have gone out, so it cannot be taken back"
            )
        if state == OutgoingState.HANDED:
            remarks.append(f"the mail to {recipient} was handed over; what became of it is yours")
    return remarks


def _query_of(connection: sqlite3.Connection) -> Query:
    return lambda sql, values: connection.execute(sql, values).fetchall()
