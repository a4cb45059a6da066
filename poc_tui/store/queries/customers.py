"""Customers, their history, and recognising one by what somebody called them."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.errors import NotFound
from poc_tui.rules.text import words
from poc_tui.store.queries.reader import Reader, typed
from poc_tui.store.recognise import as_id, candidates
from poc_tui.store.records import AddressRow, CustomerDetail, CustomerRow, PastRequest

LAST_CONTACT = (
    "max(coalesce(c.contacted_at, c.since), coalesce((SELECT max(a.at) FROM request r"
    " JOIN activity a ON a.request_id = r.id"
    " WHERE r.customer_id = c.id AND a.event IN ('received', 'answered')), 0))"
)
"""SQL: when a customer `c` last wrote, or was told something, or since when they are known."""
HISTORY = 50
"""Past requests that the history pane shows; `poc customers show --all` lists every one."""


def customer(reader: Reader, id: int, *, history: int = HISTORY) -> CustomerDetail:
    """A customer with addresses, preferences, counts and the newest of their requests.

    Raises:
        NotFound: there is none of that id.
    """
    row = reader.row(
        "SELECT id, name, organisation, prefers, preferences, vip, notes, since,"
        " (SELECT count(*) FROM request r WHERE r.customer_id = c.id AND r.state <> 'resolved'),"
        " (SELECT count(*) FROM request r WHERE r.customer_id = c.id AND r.state = 'resolved'),"
        f" c.rhythm, {LAST_CONTACT} FROM customer c WHERE c.id = ?",
        (id,),
    )
    if row is None:
        raise NotFound(f"there is no customer {id}; `poc customers` lists them")
    addresses = reader.rows(
        "SELECT id, kind, value FROM address WHERE customer_id = ? ORDER BY id", (id,)
    )
    whole = (
        *typed(row[:8], moments=(7,), flags=(5,)),
        tuple(AddressRow(*address) for address in addresses),
        *typed(row[8:], moments=(3,)),
        _history(reader, id, history),
    )
    return CustomerDetail(*whole)


def customers(reader: Reader, query: str = "", *, limit: int = 100) -> tuple[CustomerRow, ...]:
    """Customers whose name, organisation or address has all of these words begun in it.

    Without words, the ones by name.
    """
    match = " AND ".join(f'"{word}"*' for word in words(query))
    which = (
        "WHERE c.id IN (SELECT rowid FROM customer_search WHERE customer_search MATCH :match)"
        if match
        else ""
    )
    return tuple(
        CustomerRow(*typed(row, flags=(3,)))
        for row in reader.rows(
            "SELECT c.id, c.name, c.organisation, c.vip, c.prefers,"
            " (SELECT count(*) FROM request r"
            "  WHERE r.customer_id = c.id AND r.state <> 'resolved'),"
            " (SELECT count(*) FROM request r"
            "  WHERE r.customer_id = c.id AND r.state = 'resolved')"
            f" FROM customer c {which} ORDER BY c.name_folded, c.id LIMIT :limit",
            {"match": match, "limit": limit},
        )
    )


def recognised(reader: Reader, name: str) -> Sequence[tuple[int, str]]:
    """The customers that `name` could mean, as (id, name): one is sure, several are not."""
    return candidates(reader.rows, name)


def find(reader: Reader, name: str) -> CustomerDetail:
    """The one customer that `name` (or an id) means.

    Raises:
        NotFound: none or several; the sentence says which they could be.
    """
    if (id := as_id(name)) is not None:
        return customer(reader, id)
    fits = recognised(reader, name)
    if len(fits) == 1:
        return customer(reader, fits[0][0])
    if not fits:
        raise NotFound(f"there is no customer “{name}”; `poc customers {name}` searches")
    could = ", ".join(f"{fit} ({id})" for id, fit in fits)
    raise NotFound(f"“{name}” could be {could}; give the number in brackets")


def _history(reader: Reader, id: int, limit: int) -> tuple[PastRequest, ...]:
    rows = reader.rows(
        "SELECT id, subject, received_at, resolved_at, resolution, state, court,"
        " coalesce(resolved_at, sort_at) FROM request"
        " WHERE customer_id = ? ORDER BY id DESC LIMIT ?",
        (id, limit),
    )
    return tuple(PastRequest(*typed(row, moments=(2, 3, 7))) for row in rows)
