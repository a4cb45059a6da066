"""The tables of the store, column by column: with those of mail the one definition of them.

What a column may hold is also checked by the database, so that what writes without these classes is
held to the same. What only SQLite has (search, tally, triggers) stands beside the migrations, which
brought older stores to the same tables; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, CheckConstraint, Column, make_url
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import Field, SQLModel

from poc_tui.models import mail_tables as mail_tables, values
from poc_tui.models.columns import StoreTable, computed, index, one_of
from poc_tui.rules.service.deadlines import DueFor

_SHOWN = (
    "CASE WHEN resolve_by < coalesce(due_at, next_at) THEN resolve_by"
    " ELSE coalesce(due_at, next_at) END"
)
_OPEN = "state <> 'resolved'"
_WAITS = "answered_at IS NULL AND withdrawn_at IS NULL"


class Customer(StoreTable, table=True):
    """A person who turns to us, with an organisation and what they prefer."""

    __table_args__ = (
        CheckConstraint("trim(name) <> ''", name="customer_has_a_name"),
        one_of("prefers", values.Channel, "customer_prefers_a_channel"),
        index("customer_by_name", "name_folded"),
        index("customer_with_rhythm", "id", "rhythm <> ''"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_folded: str
    """`rules.text.fold(name)`, by which an exact name is found."""
    organisation: str = ""
    prefers: str | None = None
    """The channel on which they want to be answered."""
    preferences: str = ""
    """What else they prefer, in words: language, hours, tone."""
    vip: bool = False
    notes: str = ""
    since: datetime
    rhythm: str = ""
    """How often they want to be talked to, as an RFC 5545 rule; empty for no matter how often."""
    contacted_at: datetime | None = None
    """When they were last talked to apart from any request."""


class Address(StoreTable, table=True):
    """Where a customer can be reached, and by what they are recognised."""

    __table_args__ = (
        one_of("kind", values.AddressKind, "address_kind"),
        index("address_by_value", "value_folded"),
        index("address_of_customer", "customer_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customer.id")
    kind: str
    value: str
    value_folded: str


class Department(StoreTable, table=True):
    """Who inside can answer."""

    __table_args__ = (
        CheckConstraint("trim(name) <> ''", name="department_has_a_name"),
        CheckConstraint("answer_within > 0", name="department_answers_within"),
    )

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_folded: str = Field(unique=True)
    remit: str = ""
    contact: str = ""
    deputy: str = ""
    lead: str = ""
    answer_within: int
    """Minutes of business time."""
    retired_at: datetime | None = None


class Request(StoreTable, table=True):
    """What a customer wants, from arrival to resolution; its id is its number."""

    __table_args__ = (
        CheckConstraint("trim(subject) <> ''", name="request_has_a_subject"),
        one_of("kind", values.Kind, "request_kind"),
        one_of("channel", values.Channel, "request_channel"),
        one_of("priority", values.Priority, "request_priority"),
        one_of("state", values.State, "request_state"),
        one_of("court", values.Court, "request_court"),
        one_of("resolution", values.Resolution, "request_resolution"),
        one_of("due_for", DueFor),
        CheckConstraint(
            "(state = 'resolved') = (court IS NULL)"
            " AND (state = 'resolved') = (court_since IS NULL)"
            " AND (state = 'resolved') = (next_at IS NULL)",
            name="open_has_a_court_and_a_next_date",
        ),
        CheckConstraint(
            "(state = 'resolved') = (resolution IS NOT NULL)"
            " AND (state = 'resolved') = (resolved_at IS NOT NULL)"
            " AND (state <> 'resolved' OR (due_at IS NULL AND snoozed_until IS NULL))",
            name="resolved_has_a_resolution",
        ),
        CheckConstraint("state <> 'new' OR court = 'me'", name="new_is_my_move"),
        index("request_resolved", "resolved_at, id", "state = 'resolved'"),
        index("request_of_customer", "customer_id, id, state"),
        index("request_unwound", "id", f"{_OPEN} AND court <> 'customer' AND due_since IS NULL"),
        index("request_by_court", "court, sort_at, id, snoozed_until", _OPEN),
        index(
            "request_open",
            "sort_at, id, snoozed_until, court, due_at, next_at, state, resolve_by, touched_at,"
            " priority, escalated_at",
            _OPEN,
        ),
        index("request_snoozed", "snoozed_until, id", f"{_OPEN} AND snoozed_until IS NOT NULL"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    text: str = ""
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    kind: str = "question"
    channel: str = "email"
    priority: str = "normal"
    state: str = "new"
    court: str | None = "me"
    court_since: datetime | None = None
    received_at: datetime
    touched_at: datetime
    due_at: datetime | None = None
    next_at: datetime | None = None
    first_answered_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None
    snoozed_until: datetime | None = None
    due_for: str | None = None
    """What the due date is for: a value of `rules.service.deadlines.DueFor`."""
    due_since: datetime | None = None
    """The moment from which the due date was counted; empty while the customer is to move, and
    until the clocks of a request that was only taken down are wound."""
    resolve_by: datetime | None = None
    """When it must be resolved; empty while the customer's clock stands still."""
    escalated_at: datetime | None = None
    escalated_to: str = ""
    escalated_why: str = ""
    sort_at: int | None = Field(default=None, sa_column=computed(_SHOWN))
    """The date that is shown: what is due first, without a due date the next move. Its twin in
    Python is `rules.service.shown_date.first`."""


class PastTurn(StoreTable, table=True):
    """A time that is over, in which the move was somebody's; the present one is on the request."""

    __tablename__ = "turn"
    __table_args__ = (
        one_of("court", values.Court),
        CheckConstraint("since < until"),
        index("turn_of_request", "request_id, id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="request.id")
    court: str
    since: datetime
    until: datetime


class Original(StoreTable, table=True):
    """A request's words as they came, to the byte."""

    request_id: int = Field(foreign_key="request.id", primary_key=True)
    raw: bytes


class Forward(StoreTable, table=True):
    """One question put to one department."""

    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="forward_answer"),
        CheckConstraint("answered_at IS NULL OR withdrawn_at IS NULL", name="forward_ends_once"),
        index("forward_of_request", "request_id, id"),
        index("forward_open", "due_at, id", _WAITS),
        index("forward_to_chase", "next_at, id", _WAITS),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="request.id")
    department_id: int = Field(foreign_key="department.id")
    question: str
    asked_at: datetime
    due_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None
    chased: int = 0
    """How many steps of the chase ladder were taken."""
    next_at: datetime = Field(sa_column_kwargs={"server_default": "0"})
    """When the next step of the ladder is due."""


class Activity(StoreTable, table=True):
    """What happened to a request, on its timeline; never edited."""

    __table_args__ = (
        one_of("channel", values.Channel, "activity_channel"),
        index("activity_of_request", "request_id, id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="request.id")
    at: datetime
    actor: str
    event: str
    text: str = ""
    channel: str | None = None
    department_id: int | None = Field(default=None, foreign_key="department.id")
    forward_id: int | None = Field(default=None, foreign_key="forward.id")
    until: datetime | None = None
    """The date this set: a forward's due, a check-back, a snooze's end, a reminder."""
    changes: dict[str, object] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    """What it changed on the request: field -> [before, after]."""


class Reminder(StoreTable, table=True):
    """A date with a reason, on a request or a customer or on its own."""

    __table_args__ = (
        one_of("kind", values.ReminderKind, "reminder_kind"),
        CheckConstraint("trim(text) <> ''", name="reminder_has_a_reason"),
        one_of("outcome", values.Outcome),
        CheckConstraint(
            "(kind = 'promise' AND done_at IS NOT NULL) = (outcome IS NOT NULL)",
            name="promise_is_kept_or_broken",
        ),
        index("reminder_open", "at, id", "done_at IS NULL"),
        index("reminder_of_request", "request_id"),
        index("reminder_of_customer", "customer_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int | None = Field(default=None, foreign_key="request.id")
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    kind: str = "reminder"
    at: datetime
    text: str
    every: str = ""
    """How it comes again, as an RFC 5545 rule; empty for once."""
    whom: str = ""
    """To whom it was promised, where that is not the customer."""
    done_at: datetime | None = None
    outcome: str | None = None
    """Whether a promise was kept; empty until somebody says so."""
    stays: bool = False
    """Confirmed to outlive its request's resolution."""


class Tag(StoreTable, table=True):
    """A word that groups requests."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class RequestTag(StoreTable, table=True):
    """Which request carries which tag."""

    __tablename__ = "request_tag"
    __table_args__ = (index("request_with_tag", "tag_id, request_id"), {"sqlite_with_rowid": False})

    request_id: int = Field(foreign_key="request.id", primary_key=True)
    tag_id: int = Field(foreign_key="tag.id", primary_key=True)


class ServiceLevels(StoreTable, table=True):
    """The service levels in force: the file as it was when it was last applied."""

    __tablename__ = "service_levels"

    id: int | None = Field(default=None, primary_key=True)
    source: bytes
    texts: dict[str, str] = Field(sa_type=JSON)
    """The words of the chase ladder, by the names of their templates."""
    hours: str
    """The business hours that the dates were counted in, as `rules.service.business_time` spells
    them."""
    applied_at: datetime


class Notice(StoreTable, table=True):
    """Something that fell due and was told; each is told once to each who asks."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    teller: str = Field(primary_key=True)
    """What told it, and to whom: `desk:me`, `due:me`. Before version 4 to whom was not kept, and a
    notice of `desk` or `due` counts as told to everybody."""
    what: str = Field(primary_key=True)
    of: int = Field(primary_key=True)
    at: datetime = Field(primary_key=True)


class Journal(StoreTable, table=True):
    """One action, and how to go back.

    `changes` is a list of `[table, key, image]`: putting each row back to its image (null: the
    row goes) takes the action back. Undo replaces the list with its own inverse, so that redo is
    the same motion again. Entries of one `run` (an import in several transactions) go together.
    """

    __table_args__ = (
        CheckConstraint("undone IN (0, 1, 2)", name="journal_undone"),
        index("journal_run", "run, id", "run IS NOT NULL"),
        index("journal_undone", "undone, actor, id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    actor: str
    step: str
    label: str
    run: str | None = None
    changes: list[list[object]] = Field(sa_type=JSON)
    undone: int = 0
    """0 it stands, 1 it was taken back and can be done again, 2 it was taken back and something
    new was done since, so that doing it again could overwrite other rows."""


def statements(engine: str) -> Iterator[str]:
    """The DDL that makes every table and index in an empty database, the same at every call.

    `engine` is `sqlite` or `postgresql`. Indexes come in the order in which the models name them:
    where two serve SQLite alike, it takes the later one.
    """
    dialect = make_url(f"{engine}://").get_dialect()()
    for table in SQLModel.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        for made in sorted(table.indexes, key=lambda each: each.info["number"]):
            # Said here: to name an engine in the models loads what SQLAlchemy has of it.
            made.dialect_kwargs[f"{engine}_where"] = made.info["where"]
            yield str(CreateIndex(made).compile(dialect=dialect))


def check_nested(table: str, row: Mapping[str, object]) -> None:
    """Refuse a row in which a value that is kept as JSON is not nested as the model has it.

    Raises:
        ValueError: names the column.
    """
    for column, nested in _nested(table).items():
        try:
            nested.validate_python(row[column], strict=True)
        except ValidationError as error:
            raise ValueError(f"{table}.{column}: is not nested as it should be") from error


@cache
def _nested(table: str) -> Mapping[str, TypeAdapter[Any]]:
    (model,) = (model for model in StoreTable.__subclasses__() if model.__tablename__ == table)
    columns = SQLModel.metadata.tables[table].columns
    return {
        name: TypeAdapter(field.rebuild_annotation())
        for name, field in model.model_fields.items()
        if isinstance(columns[name].type, JSON)
    }
