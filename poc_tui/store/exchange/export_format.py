"""What an export holds: every table, every column, and how a value looks in JSON.

The columns of rows that verbs write stand in `store.rows`; the others are spelled out, because
SQLite knows no moments. A test holds all of them against the models.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from poc_tui.store import rows, writer
from poc_tui.store.row import Row

FORMAT = 1
"""The number behind `"poc"` in the header line; rises when the lines mean something else."""


@dataclass(frozen=True, slots=True)
class ColumnKind:
    """How a stored value becomes a JSON value, and back. None stays None.

    `decode` raises `ValueError` or `TypeError` for a value that `encode` never makes.
    """

    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def _text_from(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("is not text")
    return value


def _number_from(value: Any) -> int:
    if type(value) is not int or not -(1 << 63) <= value < 1 << 63:
        raise TypeError("is not a whole number")
    return value


def _flag_from(value: Any) -> int:
    if not isinstance(value, bool):
        raise TypeError("is not true or false")
    return int(value)


def _moment_to(value: int) -> str:
    return datetime.fromtimestamp(value, UTC).isoformat().replace("+00:00", "Z")


def _moment_from(value: Any) -> int:
    moment = datetime.fromisoformat(_text_from(value))
    if moment.tzinfo is None:
        raise ValueError("has no time zone")
    return int(moment.timestamp())


def _bytes_to(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes_from(value: Any) -> bytes:
    return base64.b64decode(_text_from(value), validate=True)


TEXT = ColumnKind(str, _text_from)
NUMBER = ColumnKind(int, _number_from)
FLAG = ColumnKind(bool, _flag_from)
MOMENT = ColumnKind(_moment_to, _moment_from)
BYTES = ColumnKind(_bytes_to, _bytes_from)
NESTED = ColumnKind(json.loads, writer.dump)

Columns = Mapping[str, ColumnKind]


_KINDS = {
    "int": NUMBER, "str": TEXT, "bool": FLAG, "datetime": MOMENT, "bytes": BYTES, "list": NESTED,
    "dict": NESTED,
}  # fmt: skip


def _of(*written: type[Row]) -> dict[str, Columns]:
    return {
        row.table: {name: _KINDS[word] for name, word in row.columns.items()} for row in written
    }


TABLES: Mapping[str, Columns] = {
    **_of(
        rows.Customer, rows.Address, rows.Department, rows.Request, rows.PastTurn,
        rows.Original, rows.Forward, rows.Activity, rows.Reminder, rows.Tag, rows.RequestTag,
        rows.ServiceLevels,
    ),
    "mail": {"id": NUMBER, "sha256": TEXT, "source": TEXT, "came_at": MOMENT, "raw": BYTES},
    "mail_read": {
        "mail_id": NUMBER, "message_id": TEXT, "refs": NESTED, "sender": TEXT, "sender_name": TEXT,
        "reply_to": TEXT, "reply_to_name": TEXT, "recipients": NESTED, "cc": NESTED,
        "headers": NESTED, "html": FLAG, "subject": TEXT, "sent_at": MOMENT, "nature": TEXT,
        "text": TEXT, "quoted": TEXT, "signature": TEXT, "original": TEXT, "original_name": TEXT,
        "bounced": NESTED, "bounce_why": TEXT, "parts": NESTED, "trouble": NESTED,
        "taken_at": MOMENT, "aside": FLAG, "aside_why": TEXT, "writer": TEXT,
        "writer_name": TEXT,
    },
    "mail_ref": {"ref": TEXT, "mail_id": NUMBER},
    "outgoing_file": {"id": NUMBER, "sha256": TEXT, "raw": BYTES},
    **_of(rows.MailFiled, rows.OutgoingMail, rows.Remark),
    "secret": {"name": TEXT, "value": TEXT},
    "mailbox": {
        "name": TEXT, "uid_validity": NUMBER, "last_uid": NUMBER, "fetched_at": MOMENT,
        "trouble": TEXT,
    },
    "notice": {"teller": TEXT, "what": TEXT, "of": NUMBER, "at": MOMENT},
    "journal": {
        "id": NUMBER, "at": MOMENT, "actor": TEXT, "step": TEXT, "label": TEXT, "run": TEXT,
        "changes": NESTED, "undone": NUMBER,
    },
}  # fmt: skip
"""In an order in which a row only points to rows before it. What SQLite keeps by triggers
(search, tally) and computes is not in it: it comes of itself."""

KEYS: Mapping[str, tuple[str, ...]] = writer.KEYS | {
    "mail": ("id",),
    "mail_read": ("mail_id",),
    "mail_ref": ("ref", "mail_id"),
    "outgoing_file": ("id",),
    "secret": ("name",),
    "mailbox": ("name",),
    "notice": ("teller", "what", "of", "at"),
    "journal": ("id",),
}
"""By which the rows of each table are told apart, and come in order."""

NUMBERED = ("request", "journal", "outbox")
"""Tables whose numbers are never given twice; the header keeps the last one given."""
