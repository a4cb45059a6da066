"""What an export holds: every table, every column, and how a value looks in JSON.

Spelled out rather than read from the file, because SQLite knows no moments and no flags. A test
holds it against a new store, so that no column of a later version is forgotten.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from poc_tui.store import writer

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


def _json_from(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


TEXT = ColumnKind(str, _text_from)
NUMBER = ColumnKind(int, _number_from)
FLAG = ColumnKind(bool, _flag_from)
MOMENT = ColumnKind(_moment_to, _moment_from)
BYTES = ColumnKind(_bytes_to, _bytes_from)
NESTED = ColumnKind(json.loads, _json_from)

Columns = Mapping[str, ColumnKind]


def _columns(**kinds: ColumnKind) -> Columns:
    return MappingProxyType(kinds)


TABLES: Mapping[str, Columns] = MappingProxyType(
    {
        "customer": _columns(
            id=NUMBER, name=TEXT, name_folded=TEXT, organisation=TEXT, prefers=TEXT,
            preferences=TEXT, vip=FLAG, notes=TEXT, since=MOMENT, rhythm=TEXT, contacted_at=MOMENT,
        ),
        "address": _columns(
            id=NUMBER, customer_id=NUMBER, kind=TEXT, value=TEXT, value_folded=TEXT,
        ),
        "department": _columns(
            id=NUMBER, name=TEXT, name_folded=TEXT, remit=TEXT, contact=TEXT, deputy=TEXT,
            lead=TEXT, answer_within=NUMBER, retired_at=MOMENT,
        ),
        "request": _columns(
            id=NUMBER, subject=TEXT, text=TEXT, customer_id=NUMBER, kind=TEXT, channel=TEXT,
            priority=TEXT, state=TEXT, court=TEXT, court_since=MOMENT, received_at=MOMENT,
            touched_at=MOMENT, due_at=MOMENT, next_at=MOMENT, first_answered_at=MOMENT,
            resolved_at=MOMENT, resolution=TEXT, snoozed_until=MOMENT, due_for=TEXT,
            due_since=MOMENT, resolve_by=MOMENT, escalated_at=MOMENT, escalated_to=TEXT,
            escalated_why=TEXT,
        ),
        "turn": _columns(
            id=NUMBER, request_id=NUMBER, court=TEXT, since=MOMENT, until=MOMENT,
        ),
        "original": _columns(request_id=NUMBER, raw=BYTES),
        "forward": _columns(
            id=NUMBER, request_id=NUMBER, department_id=NUMBER, question=TEXT, asked_at=MOMENT,
            due_at=MOMENT, answer=TEXT, answered_at=MOMENT, withdrawn_at=MOMENT, chased=NUMBER,
            next_at=MOMENT,
        ),
        "activity": _columns(
            id=NUMBER, request_id=NUMBER, at=MOMENT, actor=TEXT, event=TEXT, text=TEXT,
            channel=TEXT, department_id=NUMBER, forward_id=NUMBER, until=MOMENT, changes=NESTED,
        ),
        "reminder": _columns(
            id=NUMBER, request_id=NUMBER, customer_id=NUMBER, kind=TEXT, at=MOMENT, text=TEXT,
            every=TEXT, whom=TEXT, done_at=MOMENT, outcome=TEXT, stays=FLAG,
        ),
        "tag": _columns(id=NUMBER, name=TEXT),
        "request_tag": _columns(request_id=NUMBER, tag_id=NUMBER),
        "service_levels": _columns(
            id=NUMBER, source=BYTES, texts=NESTED, hours=TEXT, applied_at=MOMENT,
        ),
        "mail": _columns(id=NUMBER, sha256=TEXT, source=TEXT, came_at=MOMENT, raw=BYTES),
        "mail_read": _columns(
            mail_id=NUMBER, message_id=TEXT, refs=NESTED, sender=TEXT, sender_name=TEXT,
            reply_to=TEXT, recipients=NESTED, subject=TEXT, sent_at=MOMENT, nature=TEXT, text=TEXT,
            quoted=TEXT, signature=TEXT, original=TEXT, original_name=TEXT, bounced=NESTED,
            bounce_why=TEXT, parts=NESTED, trouble=NESTED, taken_at=MOMENT, aside=FLAG,
        ),
        "mail_ref": _columns(ref=TEXT, mail_id=NUMBER),
        "mail_filed": _columns(
            mail_id=NUMBER, request_id=NUMBER, activity_id=NUMBER, forward_id=NUMBER,
        ),
        "outbox": _columns(
            id=NUMBER, request_id=NUMBER, activity_id=NUMBER, forward_id=NUMBER, kind=TEXT,
            recipient=TEXT, subject=TEXT, text=TEXT, message_id=TEXT, in_reply_to=TEXT,
            refs=NESTED, enclosed=NESTED, automatic=FLAG, queued_at=MOMENT, state=TEXT,
            tries=NUMBER, next_try_at=MOMENT, sent_at=MOMENT, why=TEXT,
        ),
        "mailbox": _columns(
            name=TEXT, uid_validity=NUMBER, last_uid=NUMBER, fetched_at=MOMENT, trouble=TEXT,
        ),
        "notice": _columns(teller=TEXT, what=TEXT, of=NUMBER, at=MOMENT),
        "journal": _columns(
            id=NUMBER, at=MOMENT, actor=TEXT, step=TEXT, label=TEXT, run=TEXT, changes=NESTED,
            undone=NUMBER,
        ),
    }
)  # fmt: skip
"""In an order in which a row only points to rows before it. What SQLite keeps by triggers
(search, tally) and computes is not in it: it comes of itself."""

KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    writer.KEYS
    | {
        "mail": ("id",),
        "mail_read": ("mail_id",),
        "mail_ref": ("ref", "mail_id"),
        "mailbox": ("name",),
        "notice": ("teller", "what", "of", "at"),
        "journal": ("id",),
    }
)
"""By which the rows of each table are told apart, and come in order."""

NUMBERED = ("request", "journal", "outbox")
"""Tables whose numbers are never given twice; the header keeps the last one given."""
