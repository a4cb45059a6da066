"""A store of version 1 and its export, as that version wrote them; frozen, like a migration."""

from __future__ import annotations

import base64
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from poc_tui.store.migrations import m0001_first
from poc_tui.store.writer import immediate

NOW = 1795421520
"""Monday 23 Nov 2026, 08:12 UTC."""
HOUR = 3600
DAY = 24 * HOUR

Row = dict[str, Any]

ROWS: dict[str, list[Row]] = {
    "customer": [
        {
            "id": 1, "name": "Meyer AG", "name_folded": "meyer ag", "organisation": "Meyer",
            "prefers": "phone", "preferences": "mornings", "vip": 1,
            "notes": 'they said: "kept": 1, "due_at": 2', "since": NOW - 900 * DAY,
        },
        {
            "id": 2, "name": "Bäckerei Ott", "name_folded": "baeckerei ott", "organisation": "",
            "prefers": None, "preferences": "", "vip": 0, "notes": "", "since": NOW - 90 * DAY,
        },
    ],
    "address": [
        {
            "id": 1, "customer_id": 1, "kind": "email", "value": "Info@meyer.example",
            "value_folded": "info@meyer.example",
        },
    ],
    "department": [
        {
            "id": 1, "name": "Technical", "name_folded": "technical", "remit": "machines",
            "contact": "tech@example", "deputy": "shift lead", "lead": "head of plant",
            "answer_within": 480, "retired_at": None,
        },
        {
            "id": 2, "name": "Legal", "name_folded": "legal", "remit": "contracts", "contact": "",
            "deputy": "", "lead": "", "answer_within": 960, "retired_at": NOW - DAY,
        },
    ],
    "request": [
        # Taken down, and nobody looked yet.
        {
            "id": 1, "subject": "call back re offer", "text": "", "customer_id": None,
            "kind": "question", "channel": "phone", "priority": "normal", "state": "new",
            "court": "me", "court_since": NOW - HOUR, "received_at": NOW - HOUR,
            "touched_at": NOW - HOUR, "due_at": None, "next_at": NOW - HOUR,
            "first_answered_at": None, "resolved_at": None, "resolution": None,
            "snoozed_until": None,
        },
        # Looked at, with a due date.
        {
            "id": 2, "subject": "Invoice 4711 is wrong", "text": 'It says "kept": 12 units.',
            "customer_id": 1, "kind": "complaint", "channel": "email", "priority": "high",
            "state": "open", "court": "me", "court_since": NOW - 3 * DAY,
            "received_at": NOW - 3 * DAY, "touched_at": NOW - 2 * DAY, "due_at": NOW + 2 * HOUR,
            "next_at": NOW + 2 * HOUR, "first_answered_at": None, "resolved_at": None,
            "resolution": None, "snoozed_until": None,
        },
        # With a department, which answered one question of two.
        {
            "id": 3, "subject": "Key card for room 12", "text": "", "customer_id": 2,
            "kind": "question", "channel": "email", "priority": "normal", "state": "open",
            "court": "department", "court_since": NOW - 2 * DAY, "received_at": NOW - 3 * DAY,
            "touched_at": NOW - DAY, "due_at": NOW + DAY, "next_at": NOW + HOUR,
            "first_answered_at": None, "resolved_at": None, "resolution": None,
            "snoozed_until": None,
        },
        # Answered: the customer's move.
        {
            "id": 4, "subject": "Where is my order?", "text": "", "customer_id": 2,
            "kind": "order", "channel": "web", "priority": "low", "state": "open",
            "court": "customer", "court_since": NOW - DAY, "received_at": NOW - 4 * DAY,
            "touched_at": NOW - DAY, "due_at": None, "next_at": NOW + 2 * DAY,
            "first_answered_at": NOW - DAY, "resolved_at": None, "resolution": None,
            "snoozed_until": None,
        },
        # Resolved; its forward was withdrawn, its reminder stays.
        {
            "id": 5, "subject": "Refund", "text": "", "customer_id": 1, "kind": "complaint",
            "channel": "letter", "priority": "normal", "state": "resolved", "court": None,
            "court_since": None, "received_at": NOW - 9 * DAY, "touched_at": NOW - 5 * HOUR,
            "due_at": None, "next_at": None, "first_answered_at": NOW - 8 * DAY,
            "resolved_at": NOW - 5 * HOUR, "resolution": "declined", "snoozed_until": None,
        },
        # Snoozed.
        {
            "id": 6, "subject": "Trade fair in May", "text": "", "customer_id": None,
            "kind": "information", "channel": "social", "priority": "low", "state": "open",
            "court": "me", "court_since": NOW - 7 * DAY, "received_at": NOW - 7 * DAY,
            "touched_at": NOW - 6 * DAY, "due_at": NOW + 8 * DAY, "next_at": NOW + 5 * DAY,
            "first_answered_at": None, "resolved_at": None, "resolution": None,
            "snoozed_until": NOW + 5 * DAY,
        },
    ],
    "original": [
        {"request_id": 1, "raw": b"call back re offer \xff"},
        {"request_id": 2, "raw": b"Invoice 4711 is wrong"},
    ],
    "tag": [{"id": 1, "name": "invoice"}],
    "request_tag": [{"request_id": 2, "tag_id": 1}],
    "forward": [
        {
            "id": 1, "request_id": 3, "department_id": 1, "question": "Which lock?",
            "asked_at": NOW - 2 * DAY, "due_at": NOW + HOUR, "answer": None, "answered_at": None,
            "withdrawn_at": None,
        },
        {
            "id": 2, "request_id": 3, "department_id": 2, "question": "May we?",
            "asked_at": NOW - 2 * DAY, "due_at": NOW - HOUR, "answer": "Yes.",
            "answered_at": NOW - DAY, "withdrawn_at": None,
        },
        {
            "id": 3, "request_id": 5, "department_id": 1, "question": "Is it broken?",
            "asked_at": NOW - 8 * DAY, "due_at": NOW - 7 * DAY, "answer": None,
            "answered_at": None, "withdrawn_at": NOW - 5 * HOUR,
        },
    ],
    "activity": [
        {
            "id": id, "request_id": number, "at": at, "actor": "me", "event": event, "text": text,
            "channel": None, "department_id": department, "forward_id": forward, "until": until,
            "changes": changes,
        }
        for id, number, at, event, text, department, forward, until, changes in (
            (1, 1, NOW - HOUR, "received", "call back re offer", None, None, None, None),
            (2, 2, NOW - 3 * DAY, "received", 'It says "kept": 12 units.', None, None, None, None),
            (3, 2, NOW - 2 * DAY, "triaged", "", None, None, NOW + 2 * HOUR,
             '{"priority":["normal","high"]}'),
            (4, 3, NOW - 3 * DAY, "received", "Key card for room 12", None, None, None, None),
            (5, 3, NOW - 2 * DAY, "forwarded", "Which lock?", 1, 1, NOW + HOUR, None),
            (6, 3, NOW - 2 * DAY, "forwarded", "May we?", 2, 2, NOW - HOUR, None),
            (7, 3, NOW - DAY, "logged", "Yes.", 2, 2, None, None),
            (8, 4, NOW - DAY, "answered", "On Monday.", None, None, NOW + 2 * DAY, None),
            (9, 5, NOW - 5 * HOUR, "withdrawn", "", 1, 3, None, None),
            (10, 5, NOW - 5 * HOUR, "resolved", "No.", None, None, None,
             '{"resolution":[null,"declined"]}'),
            (11, 6, NOW - 6 * DAY, "snoozed", "wait", None, None, NOW + 5 * DAY, None),
        )
    ],
    "reminder": [
        {
            "id": 1, "request_id": 5, "customer_id": None, "kind": "reminder", "at": NOW + DAY,
            "text": "was it paid?", "done_at": None, "kept": 1,
        },
        {
            "id": 2, "request_id": 6, "customer_id": None, "kind": "snooze", "at": NOW + 5 * DAY,
            "text": 'wait, "kept": the offer', "done_at": None, "kept": 0,
        },
        {
            "id": 3, "request_id": None, "customer_id": 1, "kind": "reminder", "at": NOW - DAY,
            "text": "call Meyer", "done_at": NOW - HOUR, "kept": 0,
        },
    ],
    "journal": [
        {
            "id": id, "at": NOW - 20 * HOUR + id * HOUR, "actor": "me", "step": step,
            "label": label, "run": run, "undone": undone,
            "changes": json.dumps(changes, ensure_ascii=False, separators=(",", ":")),
        }
        for id, step, label, run, undone, changes in (
            (1, "customer", "edit Meyer AG", None, 0,
             [["customer", 1, {"notes": '"kept": nothing'}]]),
            (2, "triage", "triage #2", None, 0, [
                ["request", 2, {"priority": "normal", "state": "new", "due_at": None,
                                "next_at": NOW - 3 * DAY, "touched_at": NOW - 3 * DAY}],
                ["activity", 3, None],
            ]),
            (3, "forward", "forward #3", None, 0, [
                ["forward", 1, None],
                ["request", 3, {"court": "me", "court_since": NOW - 3 * DAY,
                                "next_at": NOW - 2 * DAY}],
                ["activity", 5, None],
            ]),
            (4, "log", "log #3", None, 0, [
                ["forward", 2, {"answer": None, "answered_at": None}],
                ["request", 3, {"next_at": NOW - HOUR, "touched_at": NOW - 2 * DAY}],
                ["activity", 7, None],
            ]),
            (5, "answer", "answer #4", None, 0, [
                ["request", 4, {"first_answered_at": None, "touched_at": NOW - 4 * DAY,
                                "due_at": NOW - HOUR, "court": "me",
                                "court_since": NOW - 4 * DAY, "next_at": NOW - 4 * DAY}],
                ["activity", 8, None],
            ]),
            # The customer's word had made it mine before this.
            (6, "resolve", "resolve #5", "run-1", 0, [
                ["forward", 3, {"withdrawn_at": None}],
                ["activity", 9, None],
                ["reminder", 1, {"kept": 0}],
                ["request", 5, {"state": "open", "court": "department", "court_since": NOW - DAY,
                                "next_at": NOW - 7 * DAY, "due_at": NOW - 6 * DAY,
                                "resolved_at": None, "resolution": None,
                                "touched_at": NOW - DAY}],
                ["activity", 10, None],
            ]),
            (7, "done", "done: call Meyer", None, 0, [["reminder", 3, {"done_at": None}]]),
            # Taken back, so that it can be done again: a request that is forwarded, with a
            # reminder that stays, and one that nobody had looked at and that was resolved.
            (8, "new", "new #7", None, 1, [
                ["activity", 12, {
                    "id": 12, "request_id": 7, "at": NOW - 2 * HOUR, "actor": "me",
                    "event": "received", "text": 'the "kept": one', "channel": "chat",
                    "department_id": None, "forward_id": None, "until": None, "changes": None,
                }],
                ["original", 7, {"request_id": 7, "raw": {"base64": "/w=="}}],
                ["request", 7, {
                    "id": 7, "subject": 'the "kept": one', "text": "", "customer_id": None,
                    "kind": "question", "channel": "chat", "priority": "normal", "state": "new",
                    "court": "me", "court_since": NOW - 2 * HOUR, "received_at": NOW - 2 * HOUR,
                    "touched_at": NOW - 2 * HOUR, "due_at": NOW + HOUR,
                    "next_at": NOW - 2 * HOUR, "first_answered_at": None, "resolved_at": None,
                    "resolution": None, "snoozed_until": None,
                }],
            ]),
            (9, "forward", "forward #7", None, 1, [
                ["request", 7, {"court": "department", "court_since": NOW - HOUR,
                                "next_at": NOW + HOUR, "state": "open", "due_at": NOW + 3 * HOUR}],
                ["forward", 4, {
                    "id": 4, "request_id": 7, "department_id": 1, "question": "Why?",
                    "asked_at": NOW - HOUR, "due_at": NOW + HOUR, "answer": None,
                    "answered_at": None, "withdrawn_at": None,
                }],
            ]),
            (10, "remind", "remind #7", None, 1, [
                ["reminder", 4, {
                    "id": 4, "request_id": 7, "customer_id": None, "kind": "reminder",
                    "at": NOW + DAY, "text": "ask again", "done_at": None, "kept": 1,
                }],
            ]),
            (11, "resolve", "resolve #1", None, 1, [
                ["request", 1, {"state": "resolved", "court": None, "court_since": None,
                                "next_at": None, "resolved_at": NOW, "resolution": "no-reply"}],
            ]),
            (12, "answer", "answer #3", None, 1, [
                ["request", 3, {"court": "customer", "court_since": NOW, "due_at": None,
                                "next_at": NOW + 3 * DAY, "first_answered_at": NOW}],
            ]),
        )
    ],
}  # fmt: skip
"""Every row, in an order in which each only points to rows before it."""

STEPS_DONE, STEPS_UNDONE = 7, 5
LAST = {"request": 7, "journal": 14}
"""The numbers given last: the newest rows are gone again."""

_FLAGS = {("customer", "vip"), ("reminder", "kept")}
_MOMENTS = {"since", "at", "until", "court_since", "snoozed_until"}


def make(path: str) -> None:
    """A store of version 1 at `path`, which must not exist, with `ROWS` in it."""
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
        immediate(connection),
    ):
        m0001_first.upgrade(connection)
        connection.execute(f"PRAGMA application_id = {0x706F6321}")
        connection.execute("PRAGMA user_version = 1")
        for table, rows in ROWS.items():
            for row in rows:
                marks = ", ".join("?" * len(row))
                connection.execute(
                    f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", [*row.values()]
                )
        for table, last in LAST.items():
            connection.execute("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (last, table))


def export() -> bytes:
    """`ROWS` as version 1 exported them."""
    counts = {
        table: len(ROWS[table])
        for table in (
            "customer", "address", "department", "request", "original", "forward", "activity",
            "reminder", "tag", "request_tag", "journal",
        )
    }  # fmt: skip
    header = {"poc": 1, "schema": 1, "counts": counts, "last": dict(sorted(LAST.items()))}
    lines: list[Row] = [
        {"table": table, **{name: _exported(table, name, value) for name, value in row.items()}}
        for table in counts
        for row in ROWS[table]
    ]
    return b"".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        for line in (header, *lines)
    )


def _exported(table: str, name: str, value: Any) -> Any:
    if value is None:
        return None
    if (table, name) in _FLAGS:
        return bool(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if name == "changes":
        return json.loads(value)
    if name in _MOMENTS or name.endswith("_at"):
        return datetime.fromtimestamp(value, UTC).isoformat().replace("+00:00", "Z")
    return value
