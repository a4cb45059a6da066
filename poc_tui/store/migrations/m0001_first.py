"""The first store: tables, checks, the indexes each view needs, search and tallies.

A migration is frozen: it spells out what it makes and imports no table class, so that it does
the same in ten years. `tests/store/test_migrations.py` holds the sum of them against the models.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

from poc_tui.store.migrations import triggers

_SORT_AT = (
    "CASE state WHEN 'new' THEN min(next_at, coalesce(due_at, next_at))"
    " ELSE coalesce(due_at, next_at) END"
)
_STATES = "'new', 'open', 'resolved'"
_COURTS = "'me', 'department', 'customer'"
_KINDS = "'question', 'complaint', 'information', 'feedback', 'order'"
_CHANNELS = "'email', 'phone', 'chat', 'social', 'letter', 'in-person', 'web'"
_PRIORITIES = "'low', 'normal', 'high', 'critical'"
_RESOLUTIONS = "'solved', 'declined', 'duplicate', 'withdrawn', 'no-reply'"


def upgrade(op: Operations) -> None:
    """Make every table of version 1 in an empty store."""
    _people(op)
    _requests(op)
    _timeline(op)
    _indexes(op)
    triggers.history_is_kept(op.execute)
    _redo_ends(op)
    triggers.tally(op.execute)
    triggers.search_customers(op.execute)
    triggers.search_activities(op.execute)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _to(column: str, table: str, *, required: bool = True) -> sa.Column[int]:
    return sa.Column(column, sa.Integer, sa.ForeignKey(f"{table}.id"), nullable=not required)


def _text(column: str, default: str | None = None, *, required: bool = True) -> sa.Column[str]:
    return sa.Column(column, sa.Text, nullable=not required, server_default=default)


def _moment(column: str, *, required: bool = False) -> sa.Column[int]:
    return sa.Column(column, sa.Integer, nullable=not required)


def _flag(column: str) -> sa.Column[bool]:
    return sa.Column(column, sa.Boolean, nullable=False, server_default="0")


def _people(op: Operations) -> None:
    op.create_table(
        "customer",
        _id(),
        _text("name"),
        _text("name_folded"),
        _text("organisation", ""),
        _text("prefers", required=False),
        _text("preferences", ""),
        _flag("vip"),
        _text("notes", ""),
        _moment("since", required=True),
        sa.CheckConstraint("trim(name) <> ''", name="customer_has_a_name"),
        sa.CheckConstraint(f"prefers IN ({_CHANNELS})", name="customer_prefers_a_channel"),
    )
    op.create_table(
        "address",
        _id(),
        _to("customer_id", "customer"),
        _text("kind"),
        _text("value"),
        _text("value_folded"),
        sa.CheckConstraint("kind IN ('email', 'phone', 'handle')", name="address_kind"),
    )
    op.create_table(
        "department",
        _id(),
        _text("name"),
        _text("name_folded"),
        _text("remit", ""),
        _text("contact", ""),
        _text("deputy", ""),
        _text("lead", ""),
        sa.Column("answer_within", sa.Integer, nullable=False),
        _moment("retired_at"),
        sa.UniqueConstraint("name_folded"),
        sa.CheckConstraint("trim(name) <> ''", name="department_has_a_name"),
        sa.CheckConstraint("answer_within > 0", name="department_answers_within"),
    )


def _requests(op: Operations) -> None:
    op.create_table(
        "request",
        _id(),
        _text("subject"),
        _text("text", ""),
        _to("customer_id", "customer", required=False),
        _text("kind", "question"),
        _text("channel", "email"),
        _text("priority", "normal"),
        _text("state", "new"),
        _text("court", required=False),
        _moment("court_since"),
        _moment("received_at", required=True),
        _moment("touched_at", required=True),
        _moment("due_at"),
        _moment("next_at"),
        _moment("first_answered_at"),
        _moment("resolved_at"),
        _text("resolution", required=False),
        _moment("snoozed_until"),
        sa.Column("sort_at", sa.Integer, sa.Computed(_SORT_AT, persisted=False)),
        sa.CheckConstraint("trim(subject) <> ''", name="request_has_a_subject"),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name="request_kind"),
        sa.CheckConstraint(f"channel IN ({_CHANNELS})", name="request_channel"),
        sa.CheckConstraint(f"priority IN ({_PRIORITIES})", name="request_priority"),
        sa.CheckConstraint(f"state IN ({_STATES})", name="request_state"),
        sa.CheckConstraint(f"court IN ({_COURTS})", name="request_court"),
        sa.CheckConstraint(f"resolution IN ({_RESOLUTIONS})", name="request_resolution"),
        sa.CheckConstraint(
            "(state = 'resolved') = (court IS NULL)"
            " AND (state = 'resolved') = (court_since IS NULL)"
            " AND (state = 'resolved') = (next_at IS NULL)",
            name="open_has_a_court_and_a_next_date",
        ),
        sa.CheckConstraint(
            "(state = 'resolved') = (resolution IS NOT NULL)"
            " AND (state = 'resolved') = (resolved_at IS NOT NULL)"
            " AND (state <> 'resolved' OR (due_at IS NULL AND snoozed_until IS NULL))",
            name="resolved_has_a_resolution",
        ),
        sa.CheckConstraint("state <> 'new' OR court = 'me'", name="new_is_my_move"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "original",
        sa.Column(
            "request_id",
            sa.Integer,
            sa.ForeignKey("request.id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("raw", sa.LargeBinary, nullable=False),
    )
    op.create_table("tag", _id(), _text("name"), sa.UniqueConstraint("name"))
    op.create_table(
        "request_tag",
        sa.Column("request_id", sa.Integer, sa.ForeignKey("request.id"), primary_key=True),
        sa.Column("tag_id", sa.Integer, sa.ForeignKey("tag.id"), primary_key=True),
        sqlite_with_rowid=False,
    )


def _timeline(op: Operations) -> None:
    op.create_table(
        "forward",
        _id(),
        _to("request_id", "request"),
        _to("department_id", "department"),
        _text("question"),
        _moment("asked_at", required=True),
        _moment("due_at", required=True),
        _text("answer", required=False),
        _moment("answered_at"),
        _moment("withdrawn_at"),
        sa.CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="forward_answer"),
        sa.CheckConstraint("answered_at IS NULL OR withdrawn_at IS NULL", name="forward_ends_once"),
    )
    op.create_table(
        "activity",
        _id(),
        _to("request_id", "request"),
        _moment("at", required=True),
        _text("actor"),
        _text("event"),
        _text("text", ""),
        _text("channel", required=False),
        _to("department_id", "department", required=False),
        _to("forward_id", "forward", required=False),
        _moment("until"),
        sa.Column("changes", sa.JSON, nullable=True),
        sa.CheckConstraint(f"channel IN ({_CHANNELS})", name="activity_channel"),
    )
    op.create_table(
        "reminder",
        _id(),
        _to("request_id", "request", required=False),
        _to("customer_id", "customer", required=False),
        _text("kind", "reminder"),
        _moment("at", required=True),
        _text("text"),
        _moment("done_at"),
        _flag("kept"),
        sa.CheckConstraint("kind IN ('reminder', 'snooze')", name="reminder_kind"),
        sa.CheckConstraint("trim(text) <> ''", name="reminder_has_a_reason"),
    )
    op.create_table(
        "journal",
        _id(),
        _moment("at", required=True),
        _text("actor"),
        _text("step"),
        _text("label"),
        _text("run", required=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("undone", sa.Integer, nullable=False, server_default="0"),
        sa.CheckConstraint("undone IN (0, 1, 2)", name="journal_undone"),
        sqlite_autoincrement=True,
    )


def _indexes(op: Operations) -> None:
    unresolved = "state <> 'resolved'"
    for name, table, columns, where in (
        ("request_by_court", "request", "court, sort_at, id, snoozed_until", unresolved),
        (
            "request_open",
            "request",
            "sort_at, id, snoozed_until, court, due_at, next_at, state",
            unresolved,
        ),
        ("request_resolved", "request", "resolved_at, id", "state = 'resolved'"),
        ("request_of_customer", "request", "customer_id, id, state", None),
        ("customer_by_name", "customer", "name_folded", None),
        ("address_by_value", "address", "value_folded", None),
        ("address_of_customer", "address", "customer_id", None),
        ("activity_of_request", "activity", "request_id, id", None),
        ("forward_of_request", "forward", "request_id, id", None),
        ("forward_open", "forward", "due_at, id", "answered_at IS NULL AND withdrawn_at IS NULL"),
        ("reminder_open", "reminder", "at, id", "done_at IS NULL"),
        ("reminder_of_request", "reminder", "request_id", None),
        ("reminder_of_customer", "reminder", "customer_id", None),
        ("request_with_tag", "request_tag", "tag_id, request_id", None),
        ("journal_undone", "journal", "undone, id", None),
        ("journal_run", "journal", "run, id", "run IS NOT NULL"),
    ):
        op.create_index(
            name,
            table,
            [sa.text(column) for column in columns.split(", ")],
            sqlite_where=None if where is None else sa.text(where),
        )


def _redo_ends(op: Operations) -> None:
    """What was taken back cannot be done again once something new was done."""
    op.execute(
        "CREATE TRIGGER journal_redo_ends AFTER INSERT ON journal WHEN NEW.undone = 0 "
        "BEGIN UPDATE journal SET undone = 2 WHERE undone = 1 AND id < NEW.id; END"
    )
