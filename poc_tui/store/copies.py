"""Who else gets what a customer is told by mail: those who got the mail that it answers.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.rules.mail.address import is_address, is_among, known_as
from poc_tui.rules.mail.automatic_senders import is_program
from poc_tui.store.json_values import listed
from poc_tui.store.recipients import (
    CUSTOMERS_MAIL,
    CustomersMail,
    Recipient,
    candidates,
    customers_addresses,
    last_mail,
)

if TYPE_CHECKING:
    from poc_tui.store.connection import Query

MOST_UNASKED = 10
"""Others who get an answer unless somebody says no; whoever writes to more is rarely answered
before all of them."""

MOST_OFFERED = 50
"""Addresses from which a person chooses."""

_LOOKED_AT = 50
"""Mails of a request, the newest, whose addresses are offered."""


class CopyRecipients(NamedTuple):
    """Who else got a mail."""

    addresses: tuple[str, ...]
    doubt: str
    """Why none of them is answered unless somebody says so; empty where they are."""

    @property
    def unasked(self) -> tuple[str, ...]:
        """Who of them gets an answer unless somebody says no."""
        return () if self.doubt else self.addresses


def others(
    query: Query, last: CustomersMail | None, to: str, mine: Sequence[str]
) -> CopyRecipients:
    """Who got the customer's `last` mail besides us (`mine`) and `to`, who is answered."""
    got = () if last is None else last.recipients
    found: list[str] = []
    for address in got:
        if is_address(address) and not is_among(address, (to, *mine, *found)):
            found.append(address)
    doubt = _doubt(query, last, found, mine) if found and last is not None else ""
    return CopyRecipients(tuple(found), doubt)


def _doubt(query: Query, last: CustomersMail, found: Sequence[str], mine: Sequence[str]) -> str:
    if any(why for (why,) in query("SELECT doubt FROM mail_filed WHERE mail_id = ?", (last.id,))):
        return "nobody vouches for that mail"
    for name, *people in query("SELECT name, contact, deputy, lead FROM department", ()):
        if any(known_as(address, *people) for address in found):
            return f"{name} is among them"
    if len(found) > MOST_UNASKED:
        return f"they are {len(found)}"
    if not any(is_among(address, mine) for address in last.recipients):
        return "we were not named among them"
    return ""


class AnswerRecipients(NamedTuple):
    """Where an answer can go, and who else is in the conversation."""

    recipients: tuple[Recipient, ...]
    others: CopyRecipients
    known: tuple[str, ...]
    """Everybody who can be answered, or wrote on the request, or got one of its mails; no form."""


def places(query: Query, number: int, mine: Sequence[str]) -> AnswerRecipients:
    """What a person chooses from who answers the customer of that request."""
    kept = customers_addresses(query, number)
    last = last_mail(query, number, kept, mine)
    found = candidates(last, kept, mine)
    known = [each.address for each in found]
    for sender, went_to in query(
        f"SELECT r.sender, r.recipients {CUSTOMERS_MAIL} ORDER BY f.mail_id DESC"
        f" LIMIT {_LOOKED_AT}",
        (number,),
    ):
        for address in (sender, *(each for _, each in listed(went_to, 2))):
            if not is_address(address) or is_program(address):
                continue
            if not is_among(address, (*mine, *known)):
                known.append(address)
    to = known[0] if found else ""
    return AnswerRecipients(found, others(query, last, to, mine), tuple(known[:MOST_OFFERED]))
