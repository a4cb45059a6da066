"""What the read side gives out: plain, frozen rows with aware UTC times.

Named tuples, not dataclasses: making these classes is part of the time to the first paint, and
fourteen frozen dataclasses with slots take 15 ms. And no postponed annotations: a named tuple
compiles each of those, which takes as long again as the rest of it.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from poc_tui.rules.service.turns import Turn


def ended_as(resolution: str | None, duplicate_of: int | None) -> str:
    """How a request ended, in words, with the number of the one that a duplicate repeats."""
    of = "" if duplicate_of is None else f" of #{duplicate_of}"
    return f"{resolution or ''}{of}"


class QueueRow(NamedTuple):
    """One line of the queue."""

    number: int
    subject: str
    customer: str | None
    vip: bool
    channel: str
    kind: str
    priority: str
    state: str
    court: str | None
    court_since: datetime | None
    received_at: datetime
    due_at: datetime | None
    next_at: datetime | None
    snoozed_until: datetime | None
    resolved_at: datetime | None
    resolution: str | None
    resolve_by: datetime | None
    """When it must be resolved; None while the customer's clock stands still."""
    touched_at: datetime
    """When anything last happened to it."""
    escalated: bool
    waiting_for: str | None
    """The department of the forward that is to be chased first, if one is open."""
    chase_at: datetime | None
    """When that one is to be chased."""
    at: datetime
    """The date that the row shows: the one by which its view is sorted."""


class Counts(NamedTuple):
    """How many there are in each view, and how many are late."""

    my_turn: int
    with_departments: int
    with_customer: int
    snoozed: int
    open: int
    resolved: int
    late: int
    new: int
    escalated: int

    def of(self, view: str) -> int:
        """How many there are in the view of that name."""
        return int(getattr(self, view.replace("-", "_")))


class ActivityMail(NamedTuple):
    """The mail that made an activity."""

    id: int
    nature: str
    """A value of `rules.mail.message.Nature`."""
    sender: str
    sender_name: str
    by_customer: bool
    """Whether it came from an address of the request's customer."""
    quoted_lines: int
    signed: bool
    """Whether a signature stood below its words."""
    parts: tuple[tuple[int, str, str, int], ...]
    """What is attached: of each its index, name, type and size in bytes."""
    trouble: tuple[str, ...]
    """What could not be read, or is not to be believed, in a sentence each."""
    folded: str
    """The signature and what was quoted; empty unless it was asked for."""
    others: tuple[tuple[str, str], ...] = ()
    """Who else got it, of each the name and the address."""
    doubt: str = ""
    """Why nobody can say that its sender wrote it."""


class OutgoingRow(NamedTuple):
    """A mail of ours."""

    id: int
    number: int
    activity_id: int
    kind: str
    """A value of `models.values.OutgoingKind`."""
    recipient: str
    subject: str
    text: str
    state: str
    """A value of `models.values.OutgoingState`."""
    tries: int
    queued_at: datetime
    next_try_at: datetime | None
    sent_at: datetime | None
    why: str
    sender: str
    """The address of ours that it goes out from; empty for that which is set first."""
    failure: str = ""
    """Of one that failed: `came-back` after it was sent, or `refused` by the server; empty where
    the timeline does not say."""
    send_at: datetime | None = None
    """It goes out no earlier."""
    unless_answered: bool = False
    """It stays unsent if they write first."""
    copies: tuple[str, ...] = ()
    """Who gets a copy."""
    files: tuple[str, ...] = ()
    """The names of what the person put with it."""


class ActivityRow(NamedTuple):
    """One activity of a timeline."""

    id: int
    at: datetime
    actor: str
    event: str
    text: str
    channel: str | None
    department: str | None
    forward_id: int | None
    until: datetime | None
    changes: dict[str, Any] | None
    mail: ActivityMail | None = None
    """The mail that made the activity."""
    outgoing: OutgoingRow | None = None
    """The mail of ours that carries its words."""


class ForwardRow(NamedTuple):
    """One forward of a request."""

    id: int
    number: int
    department_id: int
    department: str
    question: str
    asked_at: datetime
    due_at: datetime
    answer: str | None
    answered_at: datetime | None
    withdrawn_at: datetime | None
    chased: int
    """How many steps of the chase ladder were taken."""
    next_at: datetime
    """When the next one is due."""

    @property
    def is_open(self) -> bool:
        """Whether it still waits: neither answered nor withdrawn."""
        return self.answered_at is None and self.withdrawn_at is None


class ReminderRow(NamedTuple):
    """One reminder, with what it hangs on."""

    id: int
    at: datetime
    text: str
    kind: str
    number: int | None
    subject: str | None
    customer_id: int | None
    customer: str | None
    done_at: datetime | None
    stays: bool
    every: str
    """The rule by which it comes again, empty for once."""
    whom: str
    """To whom it was promised, where that is not the customer."""
    outcome: str | None

    def is_at_hand(self, now: datetime) -> bool:
        """Whether "done" means it: open, and not what a snooze that still runs will come back
        with."""
        return self.done_at is None and (self.kind != "snooze" or self.at <= now)


class RequestDetail(NamedTuple):
    """One request, whole."""

    number: int
    subject: str
    text: str
    customer_id: int | None
    customer: str | None
    vip: bool
    kind: str
    channel: str
    priority: str
    state: str
    court: str | None
    court_since: datetime | None
    received_at: datetime
    touched_at: datetime
    due_at: datetime | None
    next_at: datetime | None
    first_answered_at: datetime | None
    resolved_at: datetime | None
    resolution: str | None
    snoozed_until: datetime | None
    due_for: str | None
    """What the due date is for: first-answer, next-update, given."""
    resolve_by: datetime | None
    escalated_at: datetime | None
    escalated_to: str
    escalated_why: str
    tags: tuple[str, ...]
    activities: tuple[ActivityRow, ...]
    forwards: tuple[ForwardRow, ...]
    reminders: tuple[ReminderRow, ...]
    turns: "tuple[Turn, ...]"
    """Whose move it was when, up to now; the last one is under way unless it is resolved."""
    remarks: tuple[str, ...] = ()
    """What taking its mail in said of it, as long as nobody has seen it."""

    @property
    def duplicate_of(self) -> int | None:
        """The request that it was resolved as a duplicate of, as far as it was said."""
        if self.resolution != "duplicate":
            return None
        ends = (row.changes or {} for row in reversed(self.activities) if row.event == "resolved")
        before_and_now: list[int | None] = next(ends, {}).get("duplicate_of", [None])
        return before_and_now[-1]

    @property
    def ended_as(self) -> str:
        """How it ended: `solved`, `duplicate of #1039`; empty while it is open."""
        return ended_as(self.resolution, self.duplicate_of)

    @property
    def department(self) -> str | None:
        """The department of the forward that is due first, if one is open."""
        waiting = sorted(self.open_forwards, key=lambda forward: forward.next_at)
        return waiting[0].department if waiting else None

    @property
    def open_forwards(self) -> tuple[ForwardRow, ...]:
        """Those that still wait for their answer."""
        return tuple(forward for forward in self.forwards if forward.is_open)

    @property
    def open_reminders(self) -> tuple[ReminderRow, ...]:
        """Those that are not done."""
        return tuple(reminder for reminder in self.reminders if reminder.done_at is None)


class AddressRow(NamedTuple):
    """One address of a customer."""

    id: int
    kind: str
    value: str


class PastRequest(NamedTuple):
    """A line of a customer's history."""

    number: int
    subject: str
    received_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    state: str
    court: str | None
    at: datetime
    """The date that it shows in the queue; of one that is resolved, when it was."""
    duplicate_of: int | None = None

    @property
    def ended_as(self) -> str:
        """How it ended: `solved`, `duplicate of #1039`; empty while it is open."""
        return ended_as(self.resolution, self.duplicate_of)


class CustomerDetail(NamedTuple):
    """A customer with what they prefer and how it went so far."""

    id: int
    name: str
    organisation: str
    prefers: str | None
    preferences: str
    vip: bool
    notes: str
    since: datetime
    addresses: tuple[AddressRow, ...]
    open_count: int
    resolved_count: int
    rhythm: str
    """How often to talk to them, as a rule; empty for no matter how often."""
    last_contact: datetime
    """When they last wrote, or were told something, or since when they are known."""
    history: tuple[PastRequest, ...]
    """Newest first, at most as many as asked for."""


class CustomerRow(NamedTuple):
    """A line of the list of customers."""

    id: int
    name: str
    organisation: str
    vip: bool
    prefers: str | None
    open_count: int
    resolved_count: int


class DepartmentRow(NamedTuple):
    """A department and what lies there."""

    id: int
    name: str
    remit: str
    contact: str
    deputy: str
    lead: str
    answer_within: int
    """Minutes of business time."""
    retired_at: datetime | None
    open_forwards: int


class MailRow(NamedTuple):
    """A mail that came, as lists show it: without its words, which can be long."""

    id: int
    came_at: datetime
    sent_at: datetime | None
    sender: str
    sender_name: str
    subject: str
    nature: str
    """A value of `rules.mail.message.Nature`."""
    number: int | None
    """The request that it is filed under; None: it lies aside."""
    activity_id: int | None
    parts: tuple[tuple[int, str, str, int], ...]
    """What is attached: of each its index, name, type and size in bytes."""
    source: str
    aside_why: str
    """Why it lies aside, where its nature does not say so."""
    doubt: str
    """Why nobody can say that its sender wrote it; empty where nothing speaks against it."""


class MailDetail(NamedTuple):
    """A mail that came, as it was read; whole."""

    id: int
    came_at: datetime
    sent_at: datetime | None
    sender: str
    sender_name: str
    subject: str
    nature: str
    """A value of `rules.mail.message.Nature`."""
    number: int | None
    """The request that it is filed under; None: it lies aside."""
    activity_id: int | None
    parts: tuple[tuple[int, str, str, int], ...]
    """What is attached: of each its index, name, type and size in bytes."""
    source: str
    aside_why: str
    doubt: str
    text: str
    quoted: str
    signature: str
    carrier: str
    """The address in From, where somebody else wrote it: a form's, or a group's; else empty."""
    reply_to: str
    """The address that an answer is to go to; empty where it is the sender's."""
    original: str
    """Of a mail that was forwarded: the address of who wrote it first."""
    original_name: str
    dismissed: bool
    """Whether it is on no request and was taken off the list of what lies aside."""
    trouble: tuple[str, ...]


class JournalRow(NamedTuple):
    """A step that can be undone or redone."""

    id: int
    at: datetime
    actor: str
    step: str
    label: str
    run: str | None


class Done(NamedTuple):
    """What a verb did: the sentence for the person, and the requests it touched."""

    label: str
    numbers: tuple[int, ...]
    journal_id: int | None
    remarks: tuple[str, ...] = ()
    """What else the person should know, such as whom a name could have meant."""
