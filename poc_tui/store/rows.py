"""The rows that verbs write, spelled from `models.tables`; a test compares.

Made by `make rows`; change the models instead.
"""

from __future__ import annotations

from datetime import datetime
from typing import dataclass_transform

from poc_tui.store.row import Row, given


@dataclass_transform(kw_only_default=True, field_specifiers=(given,))
class _Spelled(Row, table=""):
    pass


class MailFiled(_Spelled, table="mail_filed"):
    mail_id: int
    request_id: int
    activity_id: int
    forward_id: int | None = None
    doubt: str = ""


class OutgoingMail(_Spelled, table="outbox"):
    id: int = given(init=False)
    request_id: int
    activity_id: int
    forward_id: int | None = None
    kind: str
    recipient: str
    subject: str
    text: str
    message_id: str
    in_reply_to: str = ""
    refs: list[str]
    enclosed: list[list[int]]
    automatic: bool = False
    queued_at: datetime
    state: str = "queued"
    tries: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    why: str = ""
    sender: str = ""
    copies: list[str]
    files: list[list[object]]
    html: bool = False
    answers_mail_id: int | None = None
    send_at: datetime | None = None
    unless_answered: bool = False
    copy_due: bool = False
    flag_due: bool = False


class Remark(_Spelled, table="remark"):
    id: int = given(init=False)
    request_id: int
    mail_id: int | None = None
    text: str
    at: datetime
    seen_at: datetime | None = None


class Customer(_Spelled, table="customer"):
    id: int = given(init=False)
    name: str
    name_folded: str
    organisation: str = ""
    prefers: str | None = None
    preferences: str = ""
    vip: bool = False
    notes: str = ""
    since: datetime
    rhythm: str = ""
    contacted_at: datetime | None = None


class Address(_Spelled, table="address"):
    id: int = given(init=False)
    customer_id: int
    kind: str
    value: str
    value_folded: str


class Department(_Spelled, table="department"):
    id: int = given(init=False)
    name: str
    name_folded: str
    remit: str = ""
    contact: str = ""
    deputy: str = ""
    lead: str = ""
    answer_within: int
    retired_at: datetime | None = None


class Request(_Spelled, table="request"):
    id: int = given(init=False)
    subject: str
    text: str = ""
    customer_id: int | None = None
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
    due_since: datetime | None = None
    resolve_by: datetime | None = None
    escalated_at: datetime | None = None
    escalated_to: str = ""
    escalated_why: str = ""


class PastTurn(_Spelled, table="turn"):
    id: int = given(init=False)
    request_id: int
    court: str
    since: datetime
    until: datetime


class Original(_Spelled, table="original"):
    request_id: int
    raw: bytes


class Forward(_Spelled, table="forward"):
    id: int = given(init=False)
    request_id: int
    department_id: int
    question: str
    asked_at: datetime
    due_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None
    withdrawn_at: datetime | None = None
    chased: int = 0
    next_at: datetime


class Activity(_Spelled, table="activity"):
    id: int = given(init=False)
    request_id: int
    at: datetime
    actor: str
    event: str
    text: str = ""
    channel: str | None = None
    department_id: int | None = None
    forward_id: int | None = None
    until: datetime | None = None
    changes: dict[str, object] | None = None


class Reminder(_Spelled, table="reminder"):
    id: int = given(init=False)
    request_id: int | None = None
    customer_id: int | None = None
    kind: str = "reminder"
    at: datetime
    text: str
    every: str = ""
    whom: str = ""
    done_at: datetime | None = None
    outcome: str | None = None
    stays: bool = False


class Tag(_Spelled, table="tag"):
    id: int = given(init=False)
    name: str


class RequestTag(_Spelled, table="request_tag"):
    request_id: int
    tag_id: int


class ServiceLevels(_Spelled, table="service_levels"):
    id: int = given(init=False)
    source: bytes
    texts: dict[str, str]
    hours: str
    applied_at: datetime
