"""Customers, their history, and recognising one by what somebody called them."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.errors import NotFound
from poc_tui.rules.text import fold
from poc_tui.store.queries.reader import Reader, of
from poc_tui.store.queries.search import every_word_of_a_customer
from poc_tui.store.recognise import as_id, candidates
from poc_tui.store.records import AddressRow, CustomerDetail, CustomerRow, PastRequest

LAST_CONTACT = (
    "(SELECT CASE WHEN max(a.at) > coalesce(c.contacted_at, c.since) THEN max(a.at)"
    " ELSE coalesce(c.contacted_at, c.since) END"
    " FROM request r JOIN activity a ON a.request_id = r.id"
    " WHERE r.customer_id = c.id AND a.event IN ('received', 'answered'))"
)
"""SQL: when a customer `c` last wrote, or was told something, or since when they are known."""
_COUNTS = (
    "(SELECT count(*) FROM request r WHERE r.customer_id = c.id AND r.state <> 'resolved'),"
    " (SELECT count(*) FROM request r WHERE r.customer_id = c.id AND r.state = 'resolved')"
)
HISTORY = 50
"""Past requests that the history pane shows; `poc customers show --all` lists every one."""


def customer(reader: Reader, id: int, *, history: int = HISTORY) -> CustomerDetail:
    """A customer with addresses, preferences, counts and the newest of their requests.

    Raises:
        NotFound: there is none of that id.
    """
    row = reader.row(
        "SELECT id, name, organisation, prefers, preferences, vip, notes, since,"
        f" {_COUNTS}, c.rhythm, {LAST_CONTACT} FROM customer c WHERE c.id = ?",
        (id,),
    )
    if row is None:
        raise NotFound(f"there is no customer {id}; `poc customers` lists them")
    addresses = reader.records(
        AddressRow, "SELECT id, kind, value FROM address WHERE customer_id = ? ORDER BY id", (id,)
    )
    past = reader.records(
        PastRequest,
        "SELECT id, subject, received_at, resolved_at, resolution, state, court,"
        " coalesce(resolved_at, sort_at) FROM request"
        " WHERE customer_id = ? ORDER BY id DESC LIMIT ?",
        (id, history),
    )
    if ended := [row.number for row in past if row.resolution == "duplicate"]:
        from poc_tui.store.queries.requests import duplicates

        known = duplicates(reader.rows, ended)
        past = tuple(row._replace(duplicate_of=known.get(row.number)) for row in past)
    return of(CustomerDetail, (*row[:8], addresses, *row[8:]), past)


def customers(reader: Reader, query: str = "", *, limit: int = 100) -> tuple[CustomerRow, ...]:
    """Customers whose name, organisation or address has all of these words begun in it.

    Without words, the ones by name.
    """
    match = every_word_of_a_customer(query)
    which = (
        "WHERE c.id IN (SELECT rowid FROM customer_search WHERE customer_search MATCH :match)"
        if match
        else ""
    )
    return reader.records(
        CustomerRow,
        f"SELECT c.id, c.name, c.organisation, c.vip, c.prefers, {_COUNTS}"
        f" FROM customer c {which} ORDER BY c.name_folded, c.id LIMIT :limit",
        {"match": match, "limit": limit},
    )


def called(reader: Reader, start: str, *, limit: int = 50) -> list[tuple[int, str]]:
    """The first customers whose names begin so when both are folded, as (id, name), by name."""
    return reader.rows(
        "SELECT id, name FROM customer WHERE name_folded >= ? AND name_folded < ?"
        " ORDER BY name_folded LIMIT ?",
        (fold(start), fold(start) + "\U0010ffff", limit),
    )


def names_from(reader: Reader, start: str) -> list[str]:
    """The first names that begin so when both are folded, in the order of the alphabet."""
    return [name for _, name in called(reader, start)]


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


def customers_at(reader: Reader, whom: Sequence[str]) -> int:
    """How many customers have one of these addresses, or one at one of these domains, which are
    written `@firm.example`; what names neither names nobody."""
    ids: set[int] = set()
    for who in whom:
        if who.startswith("@"):
            plain = who[1:].replace("_", r"\_")
            where = r"(lower(value) LIKE ? ESCAPE '\' OR lower(value) LIKE ? ESCAPE '\')"
            values: tuple[str, ...] = (f"%@{plain}", f"%.{plain}")
        else:
            where, values = "value_folded = ?", (fold(who),)
        found = reader.rows(
            f"SELECT customer_id FROM address WHERE kind = 'email' AND {where}", values
        )
        ids.update(id for (id,) in found)
    return len(ids)
