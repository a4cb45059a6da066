"""The tables of the store.

What a column may hold is also checked by the database, so that the quick lane, which writes
without these classes, is held to the same. The checks and indexes stand in the migrations; a
test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Column, Computed, Dialect, ForeignKey, Integer, LargeBinary
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

_SORT_AT = "min(coalesce(due_at, next_at), coalesce(resolve_by, due_at, next_at))"


def _moment(*, required: bool = True) -> Column[datetime]:
    return Column(UtcSeconds, nullable=not required)


def _to(table: str, *, required: bool = True) -> Column[int]:
    return Column(Integer, ForeignKey(f"{table}.id"), nullable=not required)


class UtcSeconds(TypeDecorator[datetime]):
    """An aware moment, kept as whole seconds since 1970-01-01T00:00Z.

    An integer sorts, compares and indexes as time does, and the quick lane can write it without
    a library. A naive datetime is refused: nobody could say later which zone was meant.
    """

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Whole seconds since 1970 UTC, fractions cut off. `ValueError` for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        return int(value.timestamp())

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The moment, aware UTC."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


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
    rhythm: str = ""
    """How often they want to be spoken to, as an RFC 5545 rule; empty for no matter how often."""
    contacted_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    """When they were last spoken to apart from any request."""


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
    due_for: str | None = None
    """What the due date is for: a value of `rules.service.deadlines.DueFor`."""
    due_since: datetime | None = Field(default=None, sa_column=_moment(required=False))
    """The moment from which the due date was counted; empty while the customer is to move, and
    until the clocks of a request that was only taken down are wound."""
    resolve_by: datetime | None = Field(default=None, sa_column=_moment(required=False))
    """When it must be resolved; empty while the customer's clock stands still."""
    escalated_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    escalated_to: str = ""
    escalated_why: str = ""
    sort_at: int | None = Field(
        default=None,
        sa_column=Column(Integer, Computed(_SORT_AT, persisted=False)),
    )
    """The date that is shown: what is due first, without a due date the next move. Its twin in
    Python is `rules.service.shown_date.first`."""


class PastTurn(SQLModel, table=True):
    """A time that is over, in which the move was somebody's; the present one is on the request."""

    __tablename__ = "turn"

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(sa_column=_to("request"))
    court: str
    since: datetime = Field(sa_column=_moment())
    until: datetime = Field(sa_column=_moment())


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
    chased: int = 0
    """How many steps of the chase ladder were taken."""
    next_at: datetime = Field(sa_column=_moment())
    """When the next step of the ladder is due."""


class Activity(SQLModel, table=True):
    """What happened to a request, on its timeline; never edited."""

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
    every: str = ""
    """How it comes again, as an RFC 5545 rule; empty for once."""
    whom: str = ""
    """To whom it was promised, where that is not the customer."""
    done_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    outcome: str | None = None
    """Whether a promise was kept; empty until somebody says so."""
    stays: bool = False
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


class RawMail(SQLModel, table=True):
    """A mail to the byte, kept before anything of it was read; never changed, never deleted."""

    __tablename__ = "mail"

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    """Of `raw`, in hexadecimal: the same mail twice is one."""
    source: str
    """Where it came from, such as `imap:desk@example.com/INBOX`."""
    came_at: datetime = Field(sa_column=_moment())
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class MailRead(SQLModel, table=True):
    """What was read of a mail: `rules.mail.message.Mail`, column by column."""

    __tablename__ = "mail_read"

    mail_id: int = Field(sa_column=Column(Integer, ForeignKey("mail.id"), primary_key=True))
    message_id: str = ""
    refs: list[str] = Field(sa_column=Column(JSON, nullable=False))
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    recipients: list[list[str]] = Field(sa_column=Column(JSON, nullable=False))
    """Of each the name and the address."""
    subject: str = ""
    sent_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    nature: str
    text: str = ""
    quoted: str = ""
    signature: str = ""
    original: str = ""
    original_name: str = ""
    bounced: list[str] = Field(sa_column=Column(JSON, nullable=False))
    bounce_why: str = ""
    parts: list[list[object]] = Field(sa_column=Column(JSON, nullable=False))
    """Of each its index, name, type and size."""
    trouble: list[str] = Field(sa_column=Column(JSON, nullable=False))
    taken_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    """When it was filed or set aside; empty while it waits for that."""
    aside: bool = False
    """It belongs to no request, and nobody has dismissed it; kept by triggers."""


class MailRef(SQLModel, table=True):
    """An id that a mail has or names; mails that share one belong together."""

    __tablename__ = "mail_ref"

    ref: str = Field(primary_key=True)
    mail_id: int = Field(sa_column=Column(Integer, ForeignKey("mail.id"), primary_key=True))


class MailFiled(SQLModel, table=True):
    """Where a mail lies: the activity that it made. One without a row is set aside."""

    __tablename__ = "mail_filed"

    mail_id: int = Field(sa_column=Column(Integer, ForeignKey("mail.id"), primary_key=True))
    request_id: int = Field(sa_column=_to("request"))
    activity_id: int = Field(sa_column=_to("activity"))
    forward_id: int | None = Field(default=None, sa_column=_to("forward", required=False))
    """The forward that it answered."""


class OutgoingMail(SQLModel, table=True):
    """A mail of ours: what was said to a customer or put to a department."""

    __tablename__ = "outbox"

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(sa_column=_to("request"))
    activity_id: int = Field(sa_column=_to("activity"))
    forward_id: int | None = Field(default=None, sa_column=_to("forward", required=False))
    kind: str
    recipient: str
    subject: str
    text: str
    message_id: str = Field(unique=True)
    """Without angle brackets; decided once, so that a mail sent twice could be told as one."""
    in_reply_to: str = ""
    refs: list[str] = Field(sa_column=Column(JSON, nullable=False))
    enclosed: list[list[int]] = Field(sa_column=Column(JSON, nullable=False))
    """What goes with it: of each the id of a mail that came and the index of its part."""
    automatic: bool = False
    """Nobody wrote it: the words are those of a template (RFC 3834, section 5)."""
    queued_at: datetime = Field(sa_column=_moment())
    state: str = "queued"
    tries: int = 0
    next_try_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    sent_at: datetime | None = Field(default=None, sa_column=_moment(required=False))
    why: str = ""
    """What went wrong, in a sentence."""


class Mailbox(SQLModel, table=True):
    """How far a source of mail was read."""

    name: str = Field(primary_key=True)
    uid_validity: int | None = None
    """RFC 9051, 2.3.1.1: under another one all UIDs mean other mails."""
    last_uid: int | None = None
    fetched_at: datetime = Field(sa_column=_moment())
    trouble: str = ""
    """Why the last fetching failed; empty when it went well."""


class ServiceLevels(SQLModel, table=True):
    """The service levels in force: the file as it was when it was last applied."""

    __tablename__ = "service_levels"

    id: int | None = Field(default=None, primary_key=True)
    source: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    texts: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    """The words of the chase ladder, by the names of their templates."""
    hours: str
    """The business hours that the dates were counted in, as `rules.service.business_time` spells
    them."""
    applied_at: datetime = Field(sa_column=_moment())


class Notice(SQLModel, table=True):
    """Something that fell due and was told; each is told once to each who asks."""

    teller: str = Field(primary_key=True)
    """What told it, and to whom: `desk:me`, `due:me`. Before version 4 to whom was not kept, and a
    notice of `desk` or `due` counts as told to everybody."""
    what: str = Field(primary_key=True)
    of: int = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(UtcSeconds, primary_key=True))


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
