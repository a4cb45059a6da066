"""Which customer wrote a mail."""

from __future__ import annotations

from datetime import datetime

from poc_tui.models.values import AddressKind
from poc_tui.rules.capture_line import is_blank
from poc_tui.rules.mail import message
from poc_tui.rules.mail.address import is_among, same, spellings
from poc_tui.rules.mail.automatic_senders import is_program
from poc_tui.rules.text import fold, plain
from poc_tui.store.queries.reader import marks
from poc_tui.store.recognise import add_address, could_be, new_customer
from poc_tui.store.unit_of_work import UnitOfWork

_LONGEST_NAME = 200
"""Characters of a display name."""

_BY_ADDRESS = (
    "SELECT DISTINCT c.id, c.name, a.value FROM address a JOIN customer c ON c.id = a.customer_id"
    f" WHERE a.kind = '{AddressKind.EMAIL}' AND a.value_folded IN ({{}}) ORDER BY c.id"
)
_BY_NAME = (
    "SELECT id, name FROM customer c WHERE name_folded = ? AND NOT EXISTS (SELECT 1 FROM address a"
    f" WHERE a.customer_id = c.id AND a.kind = '{AddressKind.EMAIL}') ORDER BY id"
)
_NAMESAKE = "SELECT id FROM customer WHERE name_folded = ? ORDER BY id LIMIT 1"


def customer_of(
    work: UnitOfWork, sender: message.MailAddress | None, since: datetime
) -> int | None:
    """The id of the customer who writes from that address: known by it, or by the exact name if
    no mail address of theirs is known, else new and known `since` then: anybody can give
    themselves the name of another, also at the same mail provider.

    None where there is no address, where it is a form's or another program's, or where it could be
    several; a remark says which.
    """
    address = "" if sender is None else plain(sender.address).strip()
    if sender is None or not address:
        return None
    fits = {id: name for id, name, value in _known(work, address) if same(value, address)}
    if fits:
        return _the_one(work, fits, address)
    if is_program(address):
        work.remarks.append(f"customer open: no person writes from {address}")
        return None
    name = _name(sender)
    named: dict[int, str] = {}
    if name != address:
        named.update(work.query(_BY_NAME, (fold(name),)))
    if len(named) > 1:
        return _the_one(work, named, name)
    if named:
        (id,) = named
        work.remarks.append(f"“{name}” writes from {address}; the address was added")
        add_address(work, id, AddressKind.EMAIL, address)
        return id
    namesake = work.query(_NAMESAKE, (fold(name),))
    beside = f" beside customer {namesake[0][0]} of that name" if namesake else ""
    work.remarks.append(f"new customer “{name}”{beside}")
    return new_customer(work, name, since, addresses=((AddressKind.EMAIL, address),))


def is_a_customers(work: UnitOfWork, address: str) -> bool:
    """Whether some customer has that address."""
    return is_among(address, (value for _, _, value in _known(work, address)))


def _known(work: UnitOfWork, address: str) -> list[tuple[int, str, str]]:
    written = [*map(fold, spellings(address))]
    return [
        (id, name, value)
        for id, name, value in work.query(_BY_ADDRESS.format(marks(written)), written)
    ]


def _the_one(work: UnitOfWork, fits: dict[int, str], by: str) -> int | None:
    if len(fits) == 1:
        return next(iter(fits))
    work.remarks.append(could_be(by, fits.items()))
    return None


def _name(sender: message.MailAddress) -> str:
    name = " ".join(plain(sender.name).split())
    return plain(sender.address).strip() if is_blank(name) else name[:_LONGEST_NAME].strip()
