"""To whom an answer goes by mail. Shared by the verbs, which send it there, and the dialogs, which
say so beforehand.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.models.values import AddressKind, Event
from poc_tui.rules.mail.address import address_in, is_address, is_among, of_one_house, same
from poc_tui.rules.mail.automatic_senders import is_no_reply
from poc_tui.rules.mail.correspondent import asked_for
from poc_tui.rules.mail.message import Mail, MailAddress, Nature
from poc_tui.store.json_values import listed
from poc_tui.store.queries.reader import moment
from poc_tui.store.queries.request_mail import WRITER, WRITER_NAME
from poc_tui.store.raw_mail import SENT

if TYPE_CHECKING:
    from poc_tui.store.connection import Query

STRANGE = "not an address of the customer"
"""What is said of one that is none, and that nobody asked to be answered at."""

UNREAD = "an address that nobody reads"
"""What is said of one that says so of itself, such as `noreply@shop.example`."""

_LOOKED_AT = 1000
"""Letters of a request among which the customer's last one is looked for."""

CUSTOMERS_MAIL = f"""
    FROM mail_filed f JOIN mail_read r ON r.mail_id = f.mail_id JOIN mail m ON m.id = f.mail_id
    JOIN activity a ON a.id = f.activity_id
    WHERE f.request_id = ? AND f.forward_id IS NULL AND a.event = '{Event.RECEIVED}'
"""
"""SQL: what is filed as the customer's words, which no department's mail ever is."""


class CustomersMail(NamedTuple):
    """A mail of the customer."""

    message_id: str
    refs: tuple[str, ...]
    sender: str
    """Who wrote it, not the form or the group address that sent it."""
    sender_name: str
    asked_for: tuple[str, ...]
    """Where they want the answers (Reply-To), if they say so."""
    subject: str
    text: str
    sent_at: datetime
    id: int
    source: str
    """Where it was fetched from."""
    recipients: tuple[str, ...]
    """The addresses that it went to."""
    declared: str
    """The language that its header names (Content-Language)."""
    html: bool
    """It was written in HTML."""


class RecipientReason(StrEnum):
    """Why an answer can go to an address."""

    ASKED_FOR = "asked-for"
    """The customer's last mail asks for answers there (Reply-To)."""
    WROTE = "wrote"
    """The last mail was written from there."""
    KEPT = "kept"
    """It is kept of the customer."""


class Recipient(NamedTuple):
    """An address that an answer can go to."""

    address: str
    why: RecipientReason
    mark: str = ""
    """What to mind before an answer goes there, without a full stop; empty for nothing."""


def recipients(query: Query, number: int, mine: Sequence[str]) -> tuple[Recipient, ...]:
    """All addresses at which the customer of a request can be answered, each once; an answer goes
    to the first one, unless a person says otherwise.

    `mine`: the addresses of the person at the desk, to whom nothing is sent.
    """
    known = customers_addresses(query, number)
    return candidates(last_mail(query, number, known, mine), known, mine)


def mark_of(query: Query, number: int, address: str, mine: Sequence[str]) -> str:
    """What to mind of a mail to the customer of the request that goes to this address."""
    found = recipients(query, number, mine)
    return next((each.mark for each in found if same(each.address, address)), STRANGE)


def customers_addresses(query: Query, number: int) -> list[str]:
    """The mail addresses of the customer of a request, the first one given first."""
    rows = query("SELECT customer_id FROM request WHERE id = ?", (number,))
    return addresses(query, rows[0][0] if rows else None)


def addresses(query: Query, customer_id: int | None) -> list[str]:
    """The customer's mail addresses, the first one given first."""
    if customer_id is None:
        return []
    rows = query(
        "SELECT value FROM address WHERE customer_id = ? AND kind = ? ORDER BY id",
        (customer_id, AddressKind.EMAIL),
    )
    return [found for (value,) in rows if (found := address_in(value)) is not None]


def last_mail(
    query: Query, number: int, addresses: Sequence[str], mine: Sequence[str]
) -> CustomersMail | None:
    """The last mail about the request from one of these addresses, which are its customer's, or
    from the house of one; only where there is none, the last that anybody wrote.

    Not one that we, or somebody who passed theirs on, sent.
    """
    rows = query(
        f"SELECT f.mail_id, {WRITER}, r.original {CUSTOMERS_MAIL}"
        f" AND r.nature = '{Nature.ORDINARY}' ORDER BY {SENT} DESC, m.id DESC LIMIT {_LOOKED_AT}",
        (number,),
    )
    others: list[int] = []
    for id, sender, original in rows:
        if not sender or is_among(sender, mine):
            continue
        if is_among(original, addresses) and not is_among(sender, addresses):
            continue
        if any(of_one_house(sender, each) for each in addresses):
            return _letter(query, id)
        others.append(id)
    return _letter(query, others[0]) if others else None


def _letter(query: Query, mail_id: int) -> CustomersMail:
    (
        message_id, refs, writer, name, reply_to, headers, subject, text, sent_at, source, went_to,
        html,
    ) = query(
        f"SELECT r.message_id, r.refs, {WRITER}, {WRITER_NAME}, r.reply_to, r.headers, r.subject,"
        f" r.text, {SENT}, m.source, r.recipients, r.html"
        " FROM mail_read r JOIN mail m ON m.id = r.mail_id WHERE r.mail_id = ?",
        (mail_id,),
    )[0]  # fmt: skip
    header = Mail(
        reply_to=MailAddress("", reply_to) if reply_to else None,
        headers=tuple((field, value) for field, value in listed(headers, 2)),
    )
    return CustomersMail(
        message_id,
        tuple(listed(refs)),
        writer,
        name,
        tuple(each.address for each in asked_for(header)),
        subject,
        text,
        moment(sent_at),
        mail_id,
        source,
        tuple(address for _, address in listed(went_to, 2)),
        next(iter(header.fields("content-language")), ""),
        bool(html),
    )


def candidates(
    last: CustomersMail | None, known: Sequence[str], mine: Sequence[str]
) -> tuple[Recipient, ...]:
    """Where the customer, of whom these addresses are `known`, can be answered, the best place
    first: where their last mail asks for it (RFC 5322, section 3.6.2), else where it came from.

    Who forges a mail can so divert what is said to its customer. So an address of another house
    that is not known bears a mark which names both; and a mail that nobody vouches for is none of
    the customer's (`Event.UNVERIFIED`).
    """
    found: dict[str, Recipient] = {}
    for address, why in _places(last, known):
        # A mail to ourselves would come in again, and be answered again.
        if not is_address(address) or is_among(address, mine) or is_among(address, found):
            continue
        mark = ""
        if is_no_reply(address):
            mark = UNREAD
        elif not is_among(address, known):
            mark = STRANGE
            if (
                last is not None
                and why == RecipientReason.ASKED_FOR
                and _is_elsewhere(address, last.sender)
            ):
                mark = f"not to {last.sender}, who wrote"
        found[address] = Recipient(address, why, mark)
    # What nobody reads is better than nothing: a person sees where it goes.
    return tuple(sorted(found.values(), key=lambda each: each.mark == UNREAD))


def _places(
    last: CustomersMail | None, known: Sequence[str]
) -> Iterator[tuple[str, RecipientReason]]:
    if last is not None:
        yield from ((each, RecipientReason.ASKED_FOR) for each in last.asked_for)
        yield last.sender, RecipientReason.WROTE
    yield from ((each, RecipientReason.KEPT) for each in known)


def _is_elsewhere(address: str, writer: str) -> bool:
    return is_address(writer) and not of_one_house(address, writer)


def called(sender: str, name: str, customer: str, addresses: Sequence[str]) -> str:
    """What to call the sender of a mail: as the `customer` who has these addresses is called if
    it is one of those, else by their own name."""
    return customer if is_among(sender, addresses) else name or sender


def reachable(addresses: Sequence[str], mine: Sequence[str]) -> str | None:
    """The first of these that is a mail address and not ours."""
    found = (each for each in addresses if is_address(each) and not is_among(each, mine))
    return next(found, None)
