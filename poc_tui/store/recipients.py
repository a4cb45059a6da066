"""To whom an answer goes by mail. Shared by the verbs, which send it there, and the dialogs, which
say so beforehand.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.models.values import AddressKind, Event
from poc_tui.rules.mail.address import address_in, ascii_domain, domain, is_address, same
from poc_tui.rules.mail.message import Nature
from poc_tui.store.json_values import listed
from poc_tui.store.queries.reader import moment
from poc_tui.store.raw_mail import SENT

if TYPE_CHECKING:
    from poc_tui.store.connection import Query

STRANGE = "not an address of the customer"
"""What is said of one that is none. A mail may name any other for answers (Reply-To), and who
forges one names their own."""

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
    sender_name: str
    reply_to: str
    subject: str
    text: str
    sent_at: datetime
    id: int
    source: str
    """Where it was fetched from."""
    recipients: tuple[str, ...]
    """The addresses that it went to."""


def answered_at(query: Query, number: int, mine: Sequence[str]) -> str | None:
    """The address that an answer to the request goes to, None if there is none.

    `mine`: the addresses of the person at the desk, to whom nothing is sent.
    """
    rows = query("SELECT customer_id FROM request WHERE id = ?", (number,))
    known = addresses(query, rows[0][0] if rows else None)
    return reachable(candidates(last_mail(query, number, known, mine), known), mine)


def addresses(query: Query, customer_id: int | None) -> list[str]:
    """The customer's mail addresses, the first one given first."""
    if customer_id is None:
        return []
    rows = query(
        "SELECT value FROM address WHERE customer_id = ? AND kind = ? ORDER BY id",
        (customer_id, AddressKind.EMAIL),
    )
    return [found for (value,) in rows if (found := address_in(value)) is not None]


def is_strange(query: Query, number: int, address: str) -> bool:
    """Whether the address is none of those that are kept of the customer of the request."""
    rows = query("SELECT customer_id FROM request WHERE id = ?", (number,))
    known = addresses(query, rows[0][0] if rows else None)
    return not _among(address, known)


def last_mail(
    query: Query, number: int, addresses: Sequence[str], mine: Sequence[str]
) -> CustomersMail | None:
    """The last mail about the request from one of these addresses, which are its customer's, or
    from the domain of one; only where there is none, the last that anybody wrote.

    Not one that we, or somebody who passed theirs on, sent.
    """
    rows = query(
        f"SELECT f.mail_id, r.sender, r.original {CUSTOMERS_MAIL}"
        f" AND r.nature = '{Nature.ORDINARY}' ORDER BY {SENT} DESC, m.id DESC LIMIT {_LOOKED_AT}",
        (number,),
    )
    others: list[int] = []
    for id, sender, original in rows:
        if not sender or _among(sender, mine):
            continue
        if _among(original, addresses) and not _among(sender, addresses):
            continue
        if any(_at_one_domain(sender, each) for each in addresses):
            return _letter(query, id)
        others.append(id)
    return _letter(query, others[0]) if others else None


def _letter(query: Query, mail_id: int) -> CustomersMail:
    message_id, refs, sender, name, reply_to, subject, text, sent_at, source, went_to = query(
        "SELECT r.message_id, r.refs, r.sender, r.sender_name, r.reply_to, r.subject, r.text,"
        f" {SENT}, m.source, r.recipients FROM mail_read r JOIN mail m ON m.id = r.mail_id"
        " WHERE r.mail_id = ?",
        (mail_id,),
    )[0]
    sent = moment(sent_at)
    recipients = tuple(address for _, address in listed(went_to, 2))
    return CustomersMail(
        message_id, tuple(listed(refs)), sender, name, reply_to, subject, text, sent,
        mail_id, source, recipients,
    )  # fmt: skip


def candidates(last: CustomersMail | None, addresses: Sequence[str]) -> list[str]:
    """Where the customer can be answered, the best place first: where they wrote from last.

    They may ask for the answer elsewhere (Reply-To), but at the same domain or at one of their
    addresses: who forges a mail must not divert what is said to them.
    """
    if last is None:
        return list(addresses)
    elsewhere = last.reply_to
    if not (_at_one_domain(elsewhere, last.sender) or _among(elsewhere, addresses)):
        elsewhere = last.sender
    return [elsewhere, last.sender, *addresses]


def called(sender: str, name: str, customer: str, addresses: Sequence[str]) -> str:
    """What to call the sender of a mail: as the `customer` who has these addresses is called if
    it is one of those, else by their own name."""
    return customer if _among(sender, addresses) else name or sender


def reachable(candidates: Sequence[str], mine: Sequence[str]) -> str | None:
    """The first of these that is a mail address and not ours: a mail to ourselves would come in
    again, and be answered again."""
    found = (each for each in candidates if is_address(each) and not _among(each, mine))
    return next(found, None)


def _at_one_domain(one: str, other: str) -> bool:
    """Whether two addresses are at the same domain, or are the same."""
    if not (is_address(one) and is_address(other)):
        return same(one, other)
    return ascii_domain(domain(one)) == ascii_domain(domain(other))


def _among(address: str, addresses: Sequence[str]) -> bool:
    return any(same(address, each) for each in addresses)
