"""Taking a mail off the request that it was filed under, though other steps were made since."""

from __future__ import annotations

import sqlite3

from poc_tui.errors import Refused
from poc_tui.models.values import JournalStep
from poc_tui.rules.time_source import Clock
from poc_tui.store.records import Done
from poc_tui.store.row_images import put_back, read_changes
from poc_tui.store.undo.traces import trace
from poc_tui.store.writer import Writer, immediate

_FILED = """
    SELECT id, changes FROM journal
    WHERE undone = 0 AND step = 'mail' AND EXISTS (
        SELECT 1 FROM json_each(journal.changes) c
        WHERE json_extract(c.value, '$[0]') = 'mail_filed' AND json_extract(c.value, '$[1]') = ?
          AND json_extract(c.value, '$[2]') IS NULL)
    ORDER BY id DESC LIMIT 1
"""


def unfile(
    connection: sqlite3.Connection, mail_id: int, clock: Clock, actor: str, run: str | None
) -> Done:
    """Put everything back that filing the mail did; it lies aside then.

    This is a step of its own, above all others: it leaves the step that filed the mail where it
    is, and ends what could be redone. Taking it back files the mail again just as it was.

    Raises:
        Refused: the mail is not filed, was filed together with others, or what came since builds
            on it; the sentence says what to do instead.
    """
    with immediate(connection):
        filed = connection.execute(
            "SELECT request_id FROM mail_filed WHERE mail_id = ?", (mail_id,)
        ).fetchone()
        if filed is None:
            raise Refused(f"mail {mail_id} is on no request; `poc mail` lists what lies aside")
        (number,) = filed
        off = f"mail {mail_id} cannot be taken off #{number}"
        step = connection.execute(_FILED, (mail_id,)).fetchone()
        if step is None:
            raise Refused(f"{off}: nothing says any more what filing it did; {_INSTEAD}")
        id, text = step
        changes = read_changes(text)
        count = sum(table == "mail_filed" for table, _, _ in changes)
        if count > 1:
            raise Refused(f"{off}: it was filed in one step with {count - 1} more; {_INSTEAD}")
        if (since := _built_on_it(connection, id, text)) is not None:
            raise Refused(
                f"{off}: {since} came since and builds on it; undo back to it, or {_NOTE}"
            )
        writer = Writer(connection)
        try:
            put_back(writer, changes)
        except sqlite3.IntegrityError as error:
            raise Refused(
                f"{off}: what came since builds on it; undo back to it, or {_NOTE}"
            ) from error
        label = f"take mail {mail_id} off #{number}"
        journal_id = writer.journal(clock.now(), actor, JournalStep.UNFILE, label, run)
        made = ["request", number, None] in changes
        gone = (f"#{number}, which it had made, is gone",) if made else ()
        return Done(label, () if made else (number,), journal_id, gone)


_NOTE = "note on the right request what the mail says"
_INSTEAD = f"undo that step, or {_NOTE}"


def _built_on_it(connection: sqlite3.Connection, id: int, changes: str) -> str | None:
    """The label of the first step above this one that wrote on the same rows.

    What only points to them is found by the foreign keys, when they are put back.
    """
    filed = trace(changes)
    for label, since in connection.execute(
        "SELECT label, changes FROM journal WHERE undone = 0 AND id > ? ORDER BY id", (id,)
    ):
        if trace(since).shares_rows(filed):
            return f"“{label}”"
    return None
