"""Who else gets what a customer is told by mail: those who got the mail that it answers.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.rules.mail.address import is_address, known_as, same
from poc_tui.store.recipients import CustomersMail

if TYPE_CHECKING:
    from poc_tui.store.connection import Query

MOST_UNASKED = 10
"""Others who get an answer unless somebody says no; whoever writes to more is rarely answered
before all of them."""


class Others(NamedTuple):
    """Who else got a mail."""

    addresses: tuple[str, ...]
    doubt: str
    """Why none of them is answered unless somebody says so; empty where they are."""


def others(query: Query, last: CustomersMail | None, to: str, mine: Sequence[str]) -> Others:
    """Who got the customer's `last` mail besides us (`mine`) and `to`, who is answered."""
    got = () if last is None else last.recipients
    found: list[str] = []
    for address in got:
        if is_address(address) and not any(same(address, each) for each in (to, *mine, *found)):
            found.append(address)
    return Others(tuple(found), _doubt(query, found, got, mine) if found else "")


def _doubt(query: Query, found: Sequence[str], got: Sequence[str], mine: Sequence[str]) -> str:
    for name, *people in query("SELECT name, contact, deputy, lead FROM department", ()):
        if any(known_as(address, *people) for address in found):
            return f"{name} is among them"
    if len(found) > MOST_UNASKED:
        return f"they are {len(found)}"
    if not any(same(address, each) for address in got for each in mine):
        return "we were not named among them"
    return ""
