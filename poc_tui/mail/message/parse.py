"""A mail read, field by field, each under its own guard: what cannot be read is said, not raised.

Meant for the reader's own process (`mail.worker`): the bounds here keep hostile mail cheap, the
limits there make sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, TypeVar

from poc_tui.mail.message import addresses, bounces, quotes
from poc_tui.mail.message.bodies import Bodies, bodies
from poc_tui.mail.message.headers import HeaderFields, one_line, words
from poc_tui.mail.message.parts import MAILS, parts
from poc_tui.mail.message.structure import Structure
from poc_tui.rules.mail.address import is_address
from poc_tui.rules.mail.authentication import RECEIVED, RESULTS, received_by
from poc_tui.rules.mail.automatic_senders import is_program
from poc_tui.rules.mail.message import (
    APPOINTMENT,
    DISBELIEVED,
    KEPT_FIELDS,
    Mail,
    MailAddress,
    Nature,
    Part,
)
from poc_tui.rules.mail.nature import FIELDS, by_header, by_words, reports
from poc_tui.rules.mail.subject import is_forward
from poc_tui.rules.text import plain

if TYPE_CHECKING:
    from poc_tui.mail.message.invitations import Invitation

MAX_RECIPIENTS = 200
MAX_REFS = 200
MAX_KEPT = 1000
"""Characters of each header field that is kept."""

MAX_KEPT_VALUES = 10
"""Fields of one name that are kept."""

MAX_HOPS = 30
"""Servers that had it, of which something is kept."""

MAX_RESULTS = 4000
"""Characters of what one of them says of where it comes from."""

_FIRST_REFS = 20
"""Kept of a longer thread: its beginning tells most after its end."""

_BELIEVED = timedelta(days=1)
"""A Date that differs more from when the mail was received was not when it was sent."""

_DELIVERED = "delivery-date"
_RECEIVED = ("received", "x-received", _DELIVERED)
_DAY = re.compile(r" \d{1,2} [A-Z][a-z]{2} \d{4} (?=\d\d:\d\d:\d\d [+-]\d{4}\b)")
_MAX_RECEIVED = 5
_DEEPEST = 5
"""Mails that are attached each to the one before, and nothing else in them."""

_KEPT = frozenset(KEPT_FIELDS)
_BY_A_PERSON = {"REQUEST", "ADD", "CANCEL", "COUNTER"}

_T = TypeVar("_T")
_Recipients = tuple[tuple[MailAddress, ...], tuple[MailAddress, ...]]
_NOBODY: _Recipients = ((), ())


def parse(raw: bytes, zone: tzinfo = UTC) -> Mail:
    """Everything that can be read of a message; appointments as clocks in `zone` show them.

    Raises nothing whatever the bytes are, but `MemoryError` where there is none left.
    """
    return _Reading(raw, zone).mail()


class _Reading:
    """One message while it is read; `trouble` gathers what could not be."""

    def __init__(self, raw: bytes, zone: tzinfo) -> None:
        self.zone = zone
        self.trouble: list[str] = []
        self.structure = self.guarded("Its parts", Structure(b""), lambda: Structure(raw))
        self.trouble += self.structure.trouble

    def guarded(self, what: str, otherwise: _T, read: Callable[[], _T]) -> _T:
        """What `read` gives; if it fails, `otherwise` and a sentence of trouble."""
        try:
            return read()
        except MemoryError:
            raise
        except Exception:
            self.trouble.append(f"{what} could not be read; the original is kept.")
            return otherwise

    def mail(self) -> Mail:
        """The whole of it."""
        body = self.guarded("Its text", Bodies(), lambda: bodies(self.structure))
        self.trouble += body.trouble
        nothing_attached: tuple[Part, ...] = ()
        attached = self.guarded(
            "What is attached", nothing_attached, lambda: parts(self.structure, body)
        )
        if not (self.structure.root.fields or attached or any(map(str.isalnum, body.text))):
            nothing = "Nothing could be read of it; the original is kept."
            return Mail(nature=Nature.UNREADABLE, trouble=(nothing,))
        subject = self.guarded("Its subject", "", lambda: one_line(self._text("subject")))
        status = self.guarded(
            "The delivery status",
            bounces.DeliveryStatus("", ""),
            lambda: bounces.delivery_status(self.structure.leaves),
        )
        no_fields: dict[str, str] = {}
        fields = self.guarded("Its header", no_fields, self._of_nature)
        nature = self.guarded(
            "What sort of mail it is", Nature.ORDINARY, lambda: by_header(fields, status.action)
        )
        nothing_told: tuple[Invitation, ...] = ()
        told = self.guarded("Its invitation", nothing_told, lambda: self._invitations(body))
        submitted = self.structure.root.fields.first("auto-submitted")
        nature = _nature_of_invitation(nature, told, submitted)
        passes_on = is_forward(subject)
        forwarded = None
        if nature is not Nature.BOUNCE:
            forwarded = self._forwarded(body, passes_on=passes_on)
        split = self._split(body.text, forwarded, passes_on=passes_on)
        nature = by_words(nature, fields, split.text)
        recipients, cc = self.guarded("Its recipients", _NOBODY, self._recipients)
        about = bounces.MailReport()
        if reports(fields, status.action):
            about = self.guarded(
                "What did not arrive", about, lambda: bounces.returned(self.structure, body.text)
            )
        no_header: tuple[tuple[str, str], ...] = ()
        return Mail(
            message_id=self._message_id(),
            refs=self.guarded("What it answers", (), lambda: self._refs(told)),
            sender=self.guarded("Its sender", None, self._sender),
            reply_to=self._first_address("reply-to", self.structure),
            recipients=recipients,
            cc=cc,
            headers=(*self.guarded("Its header", no_header, self._headers), *about.fields),
            html=body.html,
            subject=subject,
            sent_at=self.guarded("Its date", None, self._sent_at),
            nature=nature,
            text=_with_invitations(split.text, told),
            quoted=split.quoted,
            signature=split.signature,
            original=self._original(body.text, forwarded, passes_on=passes_on),
            bounced=about.ids,
            bounce_why=status.why
            or (bounces.reason_in(body.text) if nature is Nature.BOUNCE else ""),
            parts=attached,
            trouble=tuple(dict.fromkeys(self.trouble)),
        )

    def _text(self, name: str) -> str:
        return words(self.structure.root.fields.first(name))

    def _message_id(self) -> str:
        fields = self.structure.root.fields
        return self.guarded(
            "Its id", "", lambda: next(iter(addresses.ids(fields.first("message-id"))), "")
        )

    def _refs(self, told: Sequence[Invitation]) -> tuple[str, ...]:
        fields = self.structure.root.fields
        appointments = _of_invitations(told)
        named = (fields.all("in-reply-to")[:1], fields.all("references"))
        refs = dict.fromkeys(id for values in named for one in values for id in addresses.ids(one))
        found, most = tuple(refs), MAX_REFS - len(appointments)
        if len(found) > most:
            found = found[:_FIRST_REFS] + found[_FIRST_REFS - most :]
        return found + appointments

    def _sender(self) -> MailAddress | None:
        for name in ("from", "sender", "return-path"):
            for value in self.structure.root.fields.all(name):
                if found := addresses.addresses(value, 1):
                    return _named_rightly(found[0])
        said = one_line(self._text("from"), 100)
        if said:
            self.trouble.append(f"Its sender has no address: {said}")
        return None

    def _first_address(self, name: str, message: Structure) -> MailAddress | None:
        value = message.root.fields.first(name)
        nobody: list[MailAddress] = []
        found = self.guarded(f"The field {name}", nobody, lambda: addresses.addresses(value, 1))
        return found[0] if found else None

    def _recipients(self) -> _Recipients:
        """All of them, and those who got a copy."""
        fields = self.structure.root.fields
        found: list[MailAddress] = []
        copied_from = 0
        for name in ("to", "cc"):
            copied_from = len(found)
            for value in fields.all(name):
                if len(found) <= MAX_RECIPIENTS:
                    found += addresses.addresses(value, MAX_RECIPIENTS + 1 - len(found))
        if len(found) > MAX_RECIPIENTS:
            self.trouble.append(f"It has more than {MAX_RECIPIENTS} recipients.")
        recipients = tuple(found[:MAX_RECIPIENTS])
        return recipients, recipients[copied_from:]

    def _headers(self) -> tuple[tuple[str, str], ...]:
        fields = self.structure.root.fields
        kept = [
            (name, one_line(words(value), MAX_KEPT))
            for name in sorted(_KEPT.intersection(fields))
            for value in fields.all(name)[:MAX_KEPT_VALUES]
        ]
        return (*kept, *_hops(fields), *_several_senders(fields))

    def _sent_at(self) -> datetime | None:
        """When it was written, unless our own server knows better.

        Each server puts its Received on top (RFC 5321, section 4.4), so the first is ours, or that
        of who handed it to us.
        """
        said = one_line(self.structure.root.fields.first("date"), 100)
        sent_at = addresses.moment(said)
        day = _DAY.search(said)
        if sent_at and day and day[0] in self.structure.root.fields.first("received"):
            return sent_at  # as nearly every mail has it
        received_at = _received_at(self.structure.root.fields)
        if sent_at is None:
            if said:
                self.trouble.append(f"Its date makes no sense: {said}")
            return received_at
        if received_at is None:
            return sent_at
        if abs(received_at - sent_at) <= _BELIEVED:
            return sent_at if addresses.has_zone(said) else received_at
        self.trouble.append(f"{DISBELIEVED}: {said}. It was received on another day.")
        return received_at

    def _of_nature(self) -> dict[str, str]:
        """The fields that say what sort of mail it is."""
        fields = self.structure.root.fields
        return {name: words(fields.first(name)) for name in fields if name in FIELDS}

    def _invitations(self, body: Bodies) -> tuple[Invitation, ...]:
        if not any(
            "calendar" in leaf.type or leaf.name.lower().endswith(".ics") for leaf in body.attached
        ):
            return ()
        from poc_tui.mail.message import invitations

        return tuple(invitations.told(body.attached, self.zone))

    def _forwarded(self, body: Bodies, *, passes_on: bool) -> Structure | None:
        """The message that is attached, if it is what the mail is about."""
        if not passes_on and body.text.strip():
            return None
        return self._attached_mail(body)

    def _attached_mail(self, body: Bodies) -> Structure | None:
        leaf = next((leaf for leaf in body.attached if leaf.type in MAILS), None)
        if leaf is None:
            return None
        return self.guarded("The mail that is attached", None, lambda: Structure(leaf.body()))

    def _text_inside(self, message: Structure | None) -> str:
        """What an attached mail says, or the one that it does nothing but hold."""
        for _ in range(_DEEPEST):
            if message is None:
                break
            body = bodies(message)
            if body.text.strip():
                return body.text
            message = self._attached_mail(body)
        return ""

    def _split(
        self, text: str, forwarded: Structure | None, *, passes_on: bool
    ) -> quotes.SplitText:
        inner = self.guarded("The attached mail's text", "", lambda: self._text_inside(forwarded))
        if not text.strip():
            text, inner = inner, ""
        split = self.guarded(
            "What is quoted",
            quotes.SplitText(text, "", ""),
            lambda: quotes.split(text, forwarded=passes_on),
        )
        return split._replace(quoted="\n\n".join(filter(None, (split.quoted, inner))))

    def _original(
        self, text: str, forwarded: Structure | None, *, passes_on: bool
    ) -> MailAddress | None:
        if forwarded is not None and (first := self._first_address("from", forwarded)):
            by_a_form = is_program(first.address)
            return (by_a_form and self._first_address("reply-to", forwarded)) or first
        return self.guarded(
            "Who wrote it first",
            None,
            lambda: quotes.original_sender(text, forwarded=passes_on),
        )


def _received_at(fields: HeaderFields) -> datetime | None:
    """What the topmost of the lines says that say it."""
    for name in _RECEIVED:
        for value in fields.all(name)[:_MAX_RECEIVED] if name in fields else ():
            _, behind, said = value.rpartition(";")
            dated = behind or name == _DELIVERED
            if dated and (at := addresses.moment(one_line(said, 200))):
                return at
    return None


def _nature_of_invitation(nature: Nature, told: Sequence[Invitation], submitted: str) -> Nature:
    """That somebody comes or does not is what a program writes, unless they say more than that;
    whoever invites, changes or cancels is a person, though their calendar says of its mails that it
    generated them."""
    methods = {one.method for one in told}
    by_a_person = bool(methods & _BY_A_PERSON) or any(one.commented for one in told)
    if nature in (Nature.ORDINARY, Nature.LIST) and "REPLY" in methods and not by_a_person:
        return Nature.AUTO_REPLY
    if nature is Nature.AUTO_REPLY and submitted.lower().startswith("auto-generated"):
        return Nature.ORDINARY if by_a_person else nature
    return nature


def _of_invitations(told: Sequence[Invitation]) -> tuple[str, ...]:
    """What an invitation and all that is said about it have in common."""
    uids = (uid for one in told for uid in one.uids)
    return tuple(addresses.clean_id(f"{APPOINTMENT}{uid}") for uid in uids)


def _with_invitations(text: str, told: Sequence[Invitation]) -> str:
    words = [one.words for one in told]
    if not text.strip():
        words += filter(None, (one.description for one in told))
    return plain("\n\n".join(filter(str.strip, (text, *words)))) if words else text


def _named_rightly(sender: MailAddress) -> MailAddress:
    """Without a name that is the address of somebody else, for whom it would be taken."""
    name = sender.name.strip("'\"<> ")
    return MailAddress("", sender.address) if is_address(name) else sender


def _hops(fields: HeaderFields) -> list[tuple[str, str]]:
    """What servers say about where a mail comes from, in the order in which they had it.

    Not decoded: what stands there encoded came from who sent it, and is no field's syntax.
    """
    if RESULTS not in fields:
        return []
    hops = fields.in_order(RESULTS, RECEIVED)[:MAX_HOPS]
    last = max((place for place, (name, _) in enumerate(hops) if name == RESULTS), default=-2)
    return [
        (name, one_line(value, MAX_RESULTS) if name == RESULTS else received_by(value))
        for name, value in hops[: last + 2]
    ]


def _several_senders(fields: HeaderFields) -> list[tuple[str, str]]:
    """The addresses that a mail says it comes from, where it says more than one."""
    values = fields.all("from")[:MAX_KEPT_VALUES]
    if sum(value.count("@") for value in values) < 2:
        return []
    named = {
        found.address.lower(): found.address
        for value in values
        for found in addresses.addresses(value, MAX_KEPT_VALUES)
    }
    return [("from", address) for address in named.values()] if len(named) > 1 else []
