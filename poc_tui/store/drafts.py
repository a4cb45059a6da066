"""What a person decided, checked before it reaches a table.

A dialog, a command or an import fills one of these; the desk carries it out. `table=True` models
do not validate, so the checking happens here, once, in words a person can act on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from poc_tui.errors import NotUnderstood
from poc_tui.models.values import AddressKind, Channel, Kind, Priority, Resolution
from poc_tui.rules.capture_line import is_blank
from poc_tui.rules.frozen import Frozen
from poc_tui.rules.text import plain
from poc_tui.store.delivery import Attachment, Delivery, with_zone


class Draft(Frozen):
    """What a person decided; `store.verbs` has for each what carries it out.

    Its class names the texts that must not be empty, and says of each what is missing then; None
    is none.

    Raises:
        NotUnderstood: such a text would show nothing, or a moment says no time zone.
    """

    _sentences: ClassVar[Mapping[str, str]]

    def __init_subclass__(cls, **sentences: str) -> None:
        cls._sentences = sentences

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if isinstance(value, datetime):
                with_zone(value)
            if value is not None and name in self._sentences:
                required(value, self._sentences[name])


class RequestDraft(Draft):
    """A draft that acts on requests that exist."""


def required(text: str, sentence: str) -> str:
    """The text, cleaned for storing; refused with `sentence` when none of it would be seen."""
    cleaned = plain(text).strip()
    if is_blank(cleaned):
        raise NotUnderstood(sentence)
    return cleaned


class CustomerName(Frozen):
    """A customer as somebody named them (`@Hotel Krone`): to be recognised, else created."""

    words: str

    def __post_init__(self) -> None:
        if self.words.strip():
            required(self.words, "the name of the customer shows nothing; write it out")


class CustomerNumber(Frozen):
    """A customer that is known by its id."""

    id: int


CustomerRef = CustomerName | CustomerNumber


class Capture(Draft, subject="a request needs at least one word; nothing was stored"):
    """A request taken down. `raw` is what came, to the byte; `text` may be empty."""

    subject: str
    text: str = ""
    raw: bytes = b""
    customer: CustomerRef | None = None
    kind: Kind | None = None
    channel: Channel | None = None
    priority: Priority | None = None
    tags: tuple[str, ...] = ()
    due_at: datetime | None = None
    received_at: datetime | None = None
    to: int | None = None
    """The id of the department it is forwarded to at once."""


class Triage(RequestDraft, subject="a subject cannot be empty; write a few words"):
    """Looked at: who it is from, what it is, how much hangs on it, when they must hear from us.

    A field that is None stays as it is, so that several requests can be triaged in one go.
    """

    customer: CustomerRef | None = None
    subject: str | None = None
    kind: Kind | None = None
    channel: Channel | None = None
    priority: Priority | None = None
    due_at: datetime | None = None
    tags: tuple[str, ...] | None = None


class GuessedTriage(RequestDraft):
    """Triaged as the dialog would be filled in: what is known of it, and what its words say."""


class ForwardDraft(RequestDraft):
    """A question to a department. Without a due date its answer-within decides."""

    department_id: int
    question: str = ""
    due_at: datetime | None = None
    mail: bool | None = None
    """Whether it goes out by mail; None: where mail is set up and the department has an address."""
    files: tuple[Attachment, ...] = ()
    """What goes with the mail besides what the customer sent."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mail is False and self.files:
            raise NotUnderstood("files are for a mail; ask by mail, or leave them out")


class LogAnswer(RequestDraft, text="an answer needs words; write what the department said"):
    """What a department answered. Without a forward id the only open one is meant."""

    text: str
    forward_id: int | None = None


class CustomerWrote(RequestDraft, text="write what the customer said"):
    """The customer wrote or called again."""

    text: str
    channel: Channel | None = None


class Answer(RequestDraft, text="an answer needs words; write what the customer was told"):
    """What was said to the customer.

    With `resolve_as` the request ends here. Without, the customer is to move and `check_back_at`
    is when we look again; with `still_working` it was an interim word: the move stays where it is
    and `next_update_at` is when the customer hears from us again.
    """

    text: str
    channel: Channel | None = None
    check_back_at: datetime | None = None
    still_working: bool = False
    next_update_at: datetime | None = None
    resolve_as: Resolution | None = None
    withdraw_forwards: bool = False
    reminders_done: bool | None = None
    promises_kept: bool | None = None
    mail: bool | None = None
    """Whether it goes out by mail; None: where mail is set up and it is answered by mail."""
    duplicate_of: int | None = None
    """With an end as duplicate, the number of the request that it repeats."""
    delivery: Delivery | None = None
    """How it goes out by mail; what is said of that asks for a mail."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.mail is False and self.delivery is not None:
            raise NotUnderstood(
                "addresses, files and a moment to send are for a mail; say it by mail, or leave"
                " them out"
            )


class Chase(RequestDraft, text="write what to tell the department, or take the words of the step"):
    """The next step of the ladder for the open forward that is to be chased first, or for the one
    given. Without words the template of the step speaks."""

    forward_id: int | None = None
    text: str | None = None
    early: bool = False
    """Somebody said to take the step although its date is still to come."""
    mail: bool | None = None
    """Whether it goes out by mail; None: where mail is set up and the one asked has an address."""


class Escalate(
    RequestDraft,
    to="say to whom it is escalated, such as “management”",
    why="an escalation needs a reason; say why it cannot wait",
):
    """Somebody above should know: to whom, and why."""

    to: str
    why: str


class StandDown(RequestDraft):
    """The escalation is taken back."""

    why: str = ""


class Note(RequestDraft, text="a note needs words"):
    """A remark for ourselves; the customer never sees it."""

    text: str


class Resolve(RequestDraft):
    """The end of a request. `text` is the last answer, if it was not given before.

    `duplicate_of` is the number of the request that a duplicate repeats, where that is known.
    Open forwards are withdrawn only on an explicit yes. Open reminders of the request must be
    either marked done (True) or confirmed to stay (False); None refuses if there are any. A
    promise that is done was kept or broken: somebody must say which.
    """

    resolution: Resolution
    text: str = ""
    withdraw_forwards: bool = False
    reminders_done: bool | None = None
    promises_kept: bool | None = None
    mail: bool | None = None
    """Whether the last answer goes out by mail, as with `Answer`."""
    duplicate_of: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.duplicate_of is not None and self.resolution != Resolution.DUPLICATE:
            raise NotUnderstood(f"what is {self.resolution} is a duplicate of none; leave one out")


class Reopen(RequestDraft):
    """A resolved request lives again."""

    why: str = ""


class Snooze(RequestDraft):
    """Out of sight until a date; the reason comes back with it."""

    until: datetime
    why: str = ""


class Wake(RequestDraft):
    """A snooze ends before its date."""


class Seen(RequestDraft):
    """What taking mail in remarked on them was seen."""


class Remind(Draft, text="a reminder needs a reason; say what to do then"):
    """A date with a reason, on the requests given, on a customer, or on its own.

    `every` is the rule by which it comes again (see `rules.recurrence.series`), empty for once.
    """

    at: datetime
    text: str
    customer_id: int | None = None
    every: str = ""


class Promise(Draft, text="say what was promised"):
    """What was promised by when: on the requests given, or to a customer.

    `whom` says to whom where that is not the customer.
    """

    by: datetime
    text: str
    customer_id: int | None = None
    whom: str = ""


class EndPromise(Draft):
    """A promise was kept, or it was not."""

    reminder_id: int
    kept: bool
    why: str = ""


class Contact(Draft):
    """This customer was talked to, apart from any request."""

    customer_id: int
    text: str = ""


class MarkDone(Draft):
    """These reminders are dealt with; one that recurs comes again, unless its series ends."""

    reminder_ids: tuple[int, ...]
    end_series: bool = False

    def __post_init__(self) -> None:
        if not self.reminder_ids:
            raise NotUnderstood("there is no open reminder to mark done")


class AddressDraft(Frozen):
    """One address of a customer."""

    kind: AddressKind
    value: str

    def __post_init__(self) -> None:
        required(self.value, "an address cannot be empty")


class EditCustomer(Draft):
    """A customer added (`id` None) or changed; a field that is None stays as it is."""

    id: int | None = None
    name: str | None = None
    organisation: str | None = None
    prefers: Channel | None = None
    prefers_nothing: bool = False
    """Take the preferred channel away."""
    preferences: str | None = None
    vip: bool | None = None
    notes: str | None = None
    addresses: tuple[AddressDraft, ...] | None = None
    rhythm: str | None = None
    """How often to talk to them, as a rule of `rules.recurrence.series`; empty takes it away."""

    def __post_init__(self) -> None:
        if self.id is None or self.name is not None:
            required(self.name or "", "a customer needs a name")


class EditDepartment(Draft):
    """A department added (`id` None) or changed; a field that is None stays as it is."""

    id: int | None = None
    name: str | None = None
    remit: str | None = None
    contact: str | None = None
    deputy: str | None = None
    lead: str | None = None
    answer_within_minutes: int | None = None
    retired: bool | None = None

    def __post_init__(self) -> None:
        if self.id is None or self.name is not None:
            required(self.name or "", "a department needs a name")
        if self.answer_within_minutes is not None and self.answer_within_minutes <= 0:
            raise NotUnderstood("answer-within must be longer than nothing, such as 4h or 2d")


class FileMails(Draft):
    """Mails that were read, to be filed in this order: each finds its request, or makes one.

    A list's mail, or an automatic one, that belongs to no request is set aside, unless `lists`
    says that what comes by lists is written by people, or `wanted` that somebody asked for a
    request. With `to` they belong to the request of that number, whatever they say and however
    long ago it was resolved; `apart` each is a new one, whatever they answer.
    """

    mail_ids: tuple[int, ...]
    lists: bool = False
    wanted: bool = False
    to: int | None = None
    apart: bool = False


class SplitMail(Draft):
    """A mail that is on a request becomes one of its own; what was done since stays there."""

    mail_id: int


class AcceptMails(RequestDraft):
    """Mails come from who they say, though nobody could tell: they count from now on.

    Those of these ids; on requests, without ids, all that are in doubt there.
    """

    mail_ids: tuple[int, ...] = ()


class NotDelivered(Draft):
    """A mail of ours did not arrive, and nobody will try again: the request is mine, unless it
    was a `copy`."""

    outbox_id: int
    why: str
    copy: str = ""
    """Who alone got none of it; the others have it, and nothing moves."""
