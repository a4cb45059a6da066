"""Who is known to a request."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from poc_tui.models.values import AddressKind
from poc_tui.rules.mail.address import known_as, same
from poc_tui.rules.mail.correspondent import is_colleague
from poc_tui.rules.mail.message import MailAddress
from poc_tui.store.queries.reader import marks, portions
from poc_tui.store.queries.request_mail import WRITER
from poc_tui.store.unit_of_work import UnitOfWork

_CUSTOMERS = (
    "SELECT r.id, a.value FROM request r JOIN address a ON a.customer_id = r.customer_id"
    f" WHERE r.id IN ({{}}) AND a.kind = '{AddressKind.EMAIL}'"
)
_CONTACTS = (
    "SELECT f.request_id, d.contact, d.deputy, d.lead FROM forward f"
    " JOIN department d ON d.id = f.department_id WHERE f.request_id IN ({})"
)
_RECIPIENTS = "SELECT DISTINCT request_id, recipient FROM outbox WHERE request_id IN ({})"
_WRITERS = (
    f"SELECT DISTINCT f.request_id, {WRITER} FROM mail_filed f"
    " JOIN mail_read r ON r.mail_id = f.mail_id WHERE f.doubt = '' AND f.request_id IN ({})"
)


def where_known(connection: sqlite3.Connection, address: str, numbers: Iterable[int]) -> set[int]:
    """Those of these requests to which an address is known: of the customer, of a department that
    was asked, of anybody to whom we wrote about it or whose mail is filed there without doubt."""
    return _named(connection, address, numbers, (_CUSTOMERS, _CONTACTS, _RECIPIENTS, _WRITERS))


def is_the_customer(connection: sqlite3.Connection, address: str, number: int) -> bool:
    """Whether an address is one of the request's customer."""
    return bool(_named(connection, address, [number], (_CUSTOMERS,)))


def is_of_our_house(work: UnitOfWork, address: str) -> bool:
    """Whether somebody of ours writes from an address: at a domain of ours, or one who answers for
    a department."""
    return is_colleague(MailAddress("", address), work.mail_policy.mine) or is_of_a_department(
        work, address
    )


def is_of_a_department(work: UnitOfWork, address: str) -> bool:
    """Whether an address is named as that of somebody who answers for a department."""
    contacts = work.query("SELECT contact, deputy, lead FROM department")
    return any(known_as(address, *texts) for texts in contacts)


def _named(
    connection: sqlite3.Connection, address: str, numbers: Iterable[int], sources: Iterable[str]
) -> set[int]:
    if not address.strip():
        return set()
    left = set(numbers)
    found: set[int] = set()
    for sql in sources:
        for part in portions(sorted(left)):
            for number, *texts in connection.execute(sql.format(marks(part)), part):
                if any(_names(text, address) for text in texts):
                    found.add(number)
        left -= found
    return found


def _names(text: str, address: str) -> bool:
    # There are many to compare and it takes long; only a domain can be written in two ways.
    wanted = address.strip().lower()
    if not (text.isascii() and wanted.isascii()):
        wanted = wanted.rpartition("@")[0]
    return wanted in text.lower() and (same(text, address) or known_as(address, text))
