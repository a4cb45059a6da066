"""The tables of the store.

What a column may hold is also checked by the database, so that the quick lane, which writes
without these classes, is held to the same. The checks and indexes stand in the migrations; a
test compares the two.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Column, Computed, ForeignKey, Integer, LargeBinary
from sqlmodel import Field, SQLModel

from poc_tui.models.columns import UtcSeconds

_SORT_AT = (
    "CASE state WHEN 'new' THEN min(next_at, coalesce(due_at, next_at))"
    " ELSE coalesce(due_at, next_at) END"
)


def _moment(*, required: bool = True) -> Column[datetime]:
    return Column(UtcSeconds, nullable=not required)


def _to(table: str, *, required: bool = True) -> Column[int]:
    return Column(Integer, ForeignKey(f"{table}.id"), nullable=not required)


class Customer(SQLModel, table=True):
    """A person who turns to us, with an organisation and what they prefer."""

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
    since: datetime = Field(sa_column=_moment())


class Address(SQLModel, table=True):
    """Where a customer can be reached, and by what they are recognised."""

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(sa_column=_to("customer"))
    kind: str
    value: str
    value_folded: str


class Department(SQLModel, table=True):
    """Who inside can answer."""

    id: int | None = Field(default=None, primary_key=True)
    name: str
    name_folded: str = Field(unique=True)
    remit: str = ""
    contact: str = ""
    deputy: str = ""
    lead: str = ""
    answer_within: int
    """Minutes of business time."""
    retired_at: datetime | None = Field(default=None, sa_column=_moment(required=False))


class Request(SQLModel, table=True):
    """What a customer wants, from arrival to resolution; its id is its number."""

    id: int | None = Field(default=None, primary_key=True)
    subject: str
    text: str = ""
    customer_id: int | None = Field(default=None, sa_column=_to("customer", required=False))
    kind: str = "question"
    channel: str = "email"
    priority: str = "normal"
    state: str = "new"
    court: str | None = "me"
    court_since: datetime | None = Field(default=None, sa_column=_moment(required=False))
    received_at: datetime = Field(sa_column=_moment())
    touched_at: datetime = Field(sa_column=_moment())
    due_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    next_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    first_answered_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    resolved_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    resolution: str | None = None
    snoozed_until: datetime | None = Field(default=None, sa_column=_moment(required=False))
    sort_at: int | None = Field(
        default=None,
        sa_column=Column(Integer, Computed(_SORT_AT, persisted=False)),
    )
    """What is due first stands first; without a due date the next move counts. A new request is
    to be looked at now, whenever it is due."""


class Original(SQLModel, table=True):
    """A request's words as they came, to the byte."""

    request_id: int = Field(
        sa_column=Column(Integer, ForeignKey("request.id"), primary_key=True, nullable=False)
    )
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Forward(SQLModel, table=True):
    """One question put to one department."""

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(sa_column=_to("request"))
    department_id: int = Field(sa_column=_to("department"))
    question: str
    asked_at: datetime = Field(sa_column=_moment())
    due_at: datetime = Field(sa_column=_moment())
    answer: str | None = None
    answered_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    withdrawn_at: datetime | None = Field(default=None, sa_column=_moment(required=False))


class Activity(SQLModel, table=True):
    """One entry on a request's timeline; never edited."""

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(sa_column=_to("request"))
    at: datetime = Field(sa_column=_moment())
    actor: str
    event: str
    text: str = ""
    channel: str | None = None
    department_id: int | None = Field(default=None, sa_column=_to("department", required=False))
    forward_id: int | None = Field(default=None, sa_column=_to("forward", required=False))
    until: datetime | None = Field(default=None, sa_column=_moment(required=False))
    """The date this set: a forward's due, a check-back, a snooze's end, a reminder."""
    changes: dict[str, object] | None = Field(
        default=None, sa_column=Column(JSON(none_as_null=True))
    )
    """What it changed on the request: field -> [before, after]."""


class Reminder(SQLModel, table=True):
    """A date with a reason, on a request or a customer or on its own."""

    id: int | None = Field(default=None, primary_key=True)
    request_id: int | None = Field(default=None, sa_column=_to("request", required=False))
    customer_id: int | None = Field(default=None, sa_column=_to("customer", required=False))
    kind: str = "reminder"
    at: datetime = Field(sa_column=_moment())
    text: str
    done_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    kept: bool = False
    """Confirmed to outlive its request's resolution."""


class Tag(SQLModel, table=True):
    """A word that groups requests."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class RequestTag(SQLModel, table=True):
    """Which request carries which tag."""

    __tablename__ = "request_tag"

    request_id: int = Field(sa_column=Column(Integer, ForeignKey("request.id"), primary_key=True))
    tag_id: int = Field(sa_column=Column(Integer, ForeignKey("tag.id"), primary_key=True))


class Journal(SQLModel, table=True):
    """One action, and how to go back.

    `changes` is a list of `[table, key, image]`: putting each row back to its image (null: the
    row goes) takes the action back. Undo replaces the list with its own inverse, so that redo is
    the same motion again. Entries of one `run` (an import in several transactions) go together.
    """

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_column=_moment())
    actor: str
    step: str
    label: str
    run: str | None = None
    changes: list[list[object]] = Field(sa_column=Column(JSON, nullable=False))
    undone: int = 0
    """0 it stands, 1 it was taken back and can be done again, 2 it was taken back and something
    new was done since, so that doing it again could overwrite other rows."""
