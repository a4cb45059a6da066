"""The tables of mail: as it came, as it was read, where it lies, and what goes out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field

from poc_tui.models import values
from poc_tui.models.columns import NUMBER, StoreTable, index, one_of
from poc_tui.rules.mail.message import Nature


class RawMail(StoreTable, table=True):
    """A mail to the byte, kept before anything of it was read; never changed, never deleted."""

    __tablename__ = "mail"

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    """Of `raw`, in hexadecimal: the same mail twice is one."""
    source: str
    """Where it came from, such as `imap:desk@example.com/INBOX`."""
    came_at: datetime
    raw: bytes


class MailRead(StoreTable, table=True):
    """What was read of a mail: `rules.mail.message.Mail`, column by column."""

    __tablename__ = "mail_read"
    __table_args__ = (
        one_of("nature", Nature, "mail_nature"),
        index("mail_to_file", "mail_id", "taken_at IS NULL"),
        index("mail_aside", "mail_id", "aside"),
    )

    mail_id: int = Field(foreign_key="mail.id", primary_key=True)
    message_id: str = ""
    refs: list[str] = Field(sa_type=JSON)
    sender: str = ""
    sender_name: str = ""
    reply_to: str = ""
    recipients: list[list[str]] = Field(sa_type=JSON)
    """Of each the name and the address."""
    subject: str = ""
    sent_at: datetime | None = None
    nature: str
    text: str = ""
    quoted: str = ""
    signature: str = ""
    original: str = ""
    original_name: str = ""
    bounced: list[str] = Field(sa_type=JSON)
    bounce_why: str = ""
    parts: list[list[object]] = Field(sa_type=JSON)
    """Of each its index, name, type and size."""
    trouble: list[str] = Field(sa_type=JSON)
    taken_at: datetime | None = None
    """When it was filed or set aside; empty while it waits for that."""
    aside: bool = False
    """It belongs to no request, and nobody has dismissed it; kept by triggers."""
    reply_to_name: str = ""
    cc: list[list[str]] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    """Those of the recipients that got a copy."""
    headers: list[list[str]] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    """Of `rules.mail.message.KEPT_FIELDS` what the header has: of each its name and value."""
    html: bool = False
    """It was written in HTML."""
    aside_why: str = ""
    """Why it lies aside, where its nature does not say so."""
    writer: str = ""
    """Who wrote it, where that is not its sender: a form or a group address carried it."""
    writer_name: str = ""


class MailRef(StoreTable, table=True):
    """An id that a mail has or names; mails that share one belong together."""

    __tablename__ = "mail_ref"
    __table_args__ = (index("mail_ref_of_mail", "mail_id"), {"sqlite_with_rowid": False})

    ref: str = Field(primary_key=True)
    mail_id: int = Field(foreign_key="mail.id", primary_key=True)


class MailFiled(StoreTable, table=True):
    """Where a mail lies: the activity that it made. One without a row is set aside."""

    __tablename__ = "mail_filed"
    __table_args__ = (
        index("mail_of_request", "request_id, mail_id"),
        index("mail_of_activity", "activity_id"),
    )

    mail_id: int = Field(foreign_key="mail.id", primary_key=True)
    request_id: int = Field(foreign_key="request.id")
    activity_id: int = Field(foreign_key="activity.id")
    forward_id: int | None = Field(default=None, foreign_key="forward.id")
    """The forward that it answered."""
    doubt: str = ""
    """Why nobody can say that its sender wrote it; empty where nothing speaks against it."""


class OutgoingMail(StoreTable, table=True):
    """A mail of ours: what was said to a customer or put to a department."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("kind", values.OutgoingKind, "outbox_kind"),
        CheckConstraint("trim(recipient) <> ''", name="outbox_has_a_recipient"),
        one_of("state", values.OutgoingState, "outbox_state"),
        CheckConstraint(
            "(state = 'queued') = (next_try_at IS NOT NULL)", name="queued_has_a_next_try"
        ),
        CheckConstraint(
            "(state IN ('sent', 'handed')) = (sent_at IS NOT NULL)", name="sent_has_a_moment"
        ),
        index(
            "outbox_open", "next_try_at, id", "state IN ('queued', 'sending', 'failed', 'unsure')"
        ),
        index("outbox_of_request", "request_id, id"),
        index("outbox_of_activity", "activity_id"),
        index("outbox_to_settle", "id", "copy_due OR flag_due"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="request.id")
    activity_id: int = Field(foreign_key="activity.id")
    forward_id: int | None = Field(default=None, foreign_key="forward.id")
    kind: str
    recipient: str
    subject: str
    text: str
    message_id: str = Field(unique=True)
    """Without angle brackets; decided once, so that a mail sent twice could be told as one."""
    in_reply_to: str = ""
    refs: list[str] = Field(sa_type=JSON)
    enclosed: list[list[int]] = Field(sa_type=JSON)
    """What goes with it: of each the id of a mail that came and the index of its part."""
    automatic: bool = False
    """Nobody wrote it: the words are those of a template (RFC 3834, section 5)."""
    queued_at: datetime
    state: str = "queued"
    tries: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    why: str = ""
    """What went wrong, in a sentence."""
    sender: str = ""
    """The address of ours that it goes out from; empty for the one that is set first."""
    copies: list[str] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    """The addresses that get a copy."""
    files: list[list[object]] = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    """What the person put with it: of each the id of an `OutgoingFile`, its name and its type."""
    html: bool = False
    """It goes out in HTML beside its plain text."""
    answers_mail_id: int | None = Field(default=None, foreign_key="mail.id")
    """The mail that came which it answers."""
    send_at: datetime | None = None
    """It goes out no earlier, whatever else is sent."""
    unless_answered: bool = False
    """It does not go out if they write first."""
    copy_due: bool = False
    """Once it is sent it is still to be copied to the folder of what was sent."""
    flag_due: bool = False
    """Once it is sent what it answers is still to be flagged so."""


class OutgoingFile(StoreTable, table=True):
    """A file that went with a mail of ours, as it was when it was put there."""

    __tablename__ = "outgoing_file"

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(unique=True)
    """Of `raw`, in hexadecimal: the same file twice is one."""
    raw: bytes


class Remark(StoreTable, table=True):
    """What taking a mail in had to say about a request, until somebody has seen it."""

    __table_args__ = (
        index("remark_of_request", "request_id, id"),
        index("remark_unseen", "request_id", "seen_at IS NULL"),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="request.id")
    mail_id: int | None = Field(default=None, foreign_key="mail.id")
    text: str
    at: datetime
    seen_at: datetime | None = None


class Secret(StoreTable, table=True):
    """What this store alone knows, such as the key of the numbers in subjects."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    name: str = Field(primary_key=True)
    value: str


class Mailbox(StoreTable, table=True):
    """How far a source of mail was read."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    name: str = Field(primary_key=True)
    uid_validity: int | None = Field(default=None, sa_column=Column(NUMBER))
    """RFC 9051, 2.3.1.1: under another one all UIDs mean other mails."""
    last_uid: int | None = Field(default=None, sa_column=Column(NUMBER))
    fetched_at: datetime
    trouble: str = ""
    """Why the last fetching failed; empty when it went well."""
