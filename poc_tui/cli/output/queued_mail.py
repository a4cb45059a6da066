"""What a verb has queued to go out by mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poc_tui.models.values import OutgoingKind
from poc_tui.store.queries import mail
from poc_tui.store.recipients import STRANGE, is_strange

if TYPE_CHECKING:
    from poc_tui.cli.output.printing import OutputContext
    from poc_tui.store.queries.reader import Reader
    from poc_tui.store.records import Done, OutgoingRow

_HOW = {
    "mailto": "opens it in your mail program",
    "clipboard": "copies it for your mail program",
    "eml": "writes it as a file",
}


def with_what_goes_out(context: OutputContext, done: Done) -> Done:
    """What was done, with a remark for each mail that it queued."""
    reader = context.reader()
    how = _HOW.get(context.settings.mail.send, "sends it")
    remarks = [
        f"#{row.number} goes out by mail to {_whom(reader, row)}; `poc send` {how}"
        for row in mail.queued_by(reader, done.journal_id)
    ]
    return done._replace(remarks=(*done.remarks, *remarks))


def _whom(reader: Reader, row: OutgoingRow) -> str:
    if row.kind == OutgoingKind.ANSWER and is_strange(reader.rows, row.number, row.recipient):
        return f"{row.recipient} ({STRANGE})"
    return row.recipient
