"""The values that a column may hold; one word for one thing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from poc_tui.commands import Event as Event
from poc_tui.errors import NotUnderstood
from poc_tui.rules import value_words


class State(StrEnum):
    """How far a request has come."""

    NEW = "new"
    OPEN = "open"
    RESOLVED = "resolved"


class Court(StrEnum):
    """Whose move it is."""

    ME = "me"
    DEPARTMENT = "department"
    CUSTOMER = "customer"


class Kind(StrEnum):
    """What sort of request it is."""

    QUESTION = "question"
    COMPLAINT = "complaint"
    INFORMATION = "information"
    FEEDBACK = "feedback"
    ORDER = "order"


class Channel(StrEnum):
    """How it came."""

    EMAIL = "email"
    PHONE = "phone"
    CHAT = "chat"
    SOCIAL = "social"
    LETTER = "letter"
    IN_PERSON = "in-person"
    WEB = "web"


class Priority(StrEnum):
    """How much hangs on it."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"


class Resolution(StrEnum):
    """How it ended. Declined: a rule forbids what was asked."""

    SOLVED = "solved"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    NO_REPLY = "no-reply"


class AddressKind(StrEnum):
    """What an address of a customer is."""

    EMAIL = "email"
    PHONE = "phone"
    HANDLE = "handle"


class ReminderKind(StrEnum):
    """Why a reminder exists."""

    REMINDER = "reminder"
    SNOOZE = "snooze"
    """Left by a snooze, keeps its reason."""
    PROMISE = "promise"
    """Says what was promised to whom by when."""


class OutgoingKind(StrEnum):
    """What a mail of ours is."""

    ANSWER = "answer"
    FORWARD = "forward"
    CHASE = "chase"


class OutgoingState(StrEnum):
    """How far a mail of ours has come."""

    QUEUED = "queued"
    """It waits to be sent, or to be tried again."""
    SENDING = "sending"
    """Its end is on the way to the server; one left so was broken off there."""
    SENT = "sent"
    FAILED = "failed"
    """Refused for good, or given up."""
    UNSURE = "unsure"
    """It was broken off before the server said whether it has it; a person decides."""
    HANDED = "handed"
    """Given to the mail program, to the clipboard or to a file; sent by the person."""
    WITHDRAWN = "withdrawn"
    """It was not to go out if they wrote first, and they did."""


class Outcome(StrEnum):
    """How a promise ended."""

    KEPT = "kept"
    BROKEN = "broken"


class JournalStep(StrEnum):
    """What one step of the journal did, where it goes by another name than that of a verb.

    For all others the journal keeps the `id` of the verb (`store.verbs`).
    """

    LEVELS = "levels"
    MAIL = "mail"
    """A mail was filed."""
    UNFILE = "unfile"
    """A mail was taken off its request."""
    IMPORT = "import"


_Value = TypeVar("_Value", bound=StrEnum)

_FIELDS: Mapping[type[StrEnum], str] = {
    Channel: "channel",
    Kind: "kind",
    Priority: "priority",
    Resolution: "resolution",
}
"""Values that have other words, by the name under which `rules.value_words` has them."""


def one_of(values: type[_Value], words: str, what: str) -> _Value:
    """The value that `words` names, also by another word for it, English or German (`telefon`).

    Shortened without doubt will do (`compl` -> complaint).

    Raises:
        NotUnderstood: none or several fit; the sentence lists what there is.
    """
    if values in _FIELDS:
        meant = value_words.meaning(_FIELDS[values], words)
        fits = [] if meant is None else [values(meant)]
    else:
        wanted = words.strip().lower().replace("_", "-")
        fits = [v for v in values if v == wanted] or [
            v for v in values if wanted and v.startswith(wanted)
        ]
    if len(fits) == 1:
        return fits[0]
    raise NotUnderstood(f"{what} “{words}” is not known; choose from {', '.join(values)}")
