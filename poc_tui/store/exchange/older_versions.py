"""Rows of an export that an older version wrote, as this version stores them.

Each version has one step here, which gives a row what that version's migration gives it; a test
holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from poc_tui.store.exchange.export_format import TABLES
from poc_tui.store.migrations.m0002_clocks import renewed as renewed_changes
from poc_tui.store.migrations.m0004_actors import renewed as renewed_request

Row = dict[str, Any]
"""An object of the export: `table`, and the row's values as JSON has them."""
Step = Callable[[Row], Row]

_NEW_TABLES: Mapping[int, frozenset[str]] = {
    2: frozenset({"turn", "service_levels", "notice"}),
    3: frozenset({"mail", "mail_read", "mail_ref", "mail_filed", "outbox", "mailbox"}),
    5: frozenset({"outgoing_file", "remark", "secret"}),
}
"""By the version that brought them."""

_NEW_IN_2: Mapping[str, Row] = {
    "customer": {"rhythm": "", "contacted_at": None},
    "request": {
        "due_for": None,
        "due_since": None,
        "resolve_by": None,
        "escalated_at": None,
        "escalated_to": "",
        "escalated_why": "",
    },
    "forward": {"chased": 0, "next_at": None},
    "reminder": {"every": "", "whom": "", "outcome": None, "stays": None},
}

_NEW_IN_5: Mapping[str, Row] = {
    "mail_read": {
        "reply_to_name": "",
        "cc": [],
        "headers": [],
        "html": False,
        "aside_why": "",
        "writer": "",
        "writer_name": "",
    },
    "mail_filed": {"doubt": ""},
    "outbox": {
        "sender": "",
        "copies": [],
        "files": [],
        "html": False,
        "answers_mail_id": None,
        "send_at": None,
        "unless_answered": False,
        "copy_due": False,
        "flag_due": False,
    },
}


def tables(schema: int) -> frozenset[str]:
    """The tables that an export of that version holds."""
    newer = (new for version, new in _NEW_TABLES.items() if version > schema)
    return frozenset(TABLES).difference(*newer)


def renewing(schema: int) -> Step:
    """What makes a row of an export of version `schema` one of this version.

    The step raises `ValueError`, `TypeError` or `KeyError` for a row that version cannot have
    written, unless reading the row finds out anyway.
    """
    steps: Sequence[Step] = (_to_2, _to_3, _to_4, _to_5)[schema - 1 :]
    held = tables(schema)

    def renewed(row: Row) -> Row:
        if steps and row.get("table") not in held:
            raise ValueError(f"version {schema} has no table {row.get('table')!r}")
        for step in steps:
            row = step(row)
        return row

    return renewed


def _to_2(row: Row) -> Row:
    table = row["table"]
    row = _with_new(row, _NEW_IN_2)
    if table == "request" and row.get("due_at") is not None:
        row["due_for"] = "given"
    elif table == "forward":
        row["next_at"] = row.get("due_at")
    elif table == "reminder":
        row["stays"] = row.pop("kept")
    elif table == "journal":
        row["changes"] = renewed_changes(row["changes"], row["undone"])
    return row


def _to_3(row: Row) -> Row:
    """Version 3 brought tables only."""
    return row


def _to_4(row: Row) -> Row:
    """In version 4 a target gives way to a date that was given."""
    return renewed_request(row) if row["table"] == "request" else row


def _to_5(row: Row) -> Row:
    """Version 5 brought columns and tables, and changed no value."""
    return _with_new(row, _NEW_IN_5)


def _with_new(row: Row, columns: Mapping[str, Row]) -> Row:
    """The row with the columns that its table got in a version, none of which it may have yet."""
    table = row["table"]
    new = columns.get(table, {})
    if too_new := sorted(row.keys() & new.keys()):
        raise ValueError(f"the columns of {table} do not fit: {', '.join(too_new)}")
    return row | new
