"""Whether who is written to is the customer, as far as the desk knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poc_tui.rules.mail.address import same
from poc_tui.store.recipients import addresses

if TYPE_CHECKING:
    from poc_tui.store.recognise import Query

STRANGE = "not an address of the customer"
"""What is said of one that is none. A mail may name any other for answers (Reply-To), and who
forges one names their own."""


def is_strange(query: Query, number: int, address: str) -> bool:
    """Whether the address is none of those that are kept of the customer of the request."""
    rows = query("SELECT customer_id FROM request WHERE id = ?", (number,))
    known = addresses(query, rows[0][0] if rows else None)
    return not any(same(address, each) for each in known)
