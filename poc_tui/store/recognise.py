"""Which customer a name means. Shared by the read side, the verbs and the quick lane.

Standard library only, because the quick lane of `poc add` uses it.
"""

from __future__ import annotations

from poc_tui.rules.text import fold, plain, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from poc_tui.store.connection import Query
    from poc_tui.store.writer import Writer

MOST = 6
"""More candidates than a person reads out are not worth naming."""


def as_id(words: str) -> int | None:
    """The id that `words` are, None if they are a name; SQLite holds no longer number."""
    return int(words) if words.isascii() and words.isdecimal() and len(words) <= 18 else None


def candidates(query: Query, name: str) -> Sequence[tuple[int, str]]:
    """The customers that `name` could mean, as (id, name).

    One: recognised. None: unknown, to be created. Several: nobody can tell, a person decides.
    An exact name or address wins; then every word of `name` must be a whole word of the
    customer's name, organisation or addresses (so that "Otto" is not taken for "Ottobrunn").
    """
    name = plain(name)
    folded = fold(name).strip()
    exact = query(
        "SELECT id, name FROM customer WHERE name_folded = ?"
        " UNION SELECT c.id, c.name FROM address a JOIN customer c ON c.id = a.customer_id"
        " WHERE a.value_folded = ? LIMIT ?",
        (folded, folded, MOST),
    )
    if exact:
        return [(row[0], row[1]) for row in exact]
    match = " AND ".join(f'"{word}"' for word in words(name))
    if not match:
        return []
    fits = query(
        "SELECT c.id, c.name FROM customer_search s JOIN customer c ON c.id = s.rowid"
        " WHERE customer_search MATCH ? ORDER BY c.id LIMIT ?",
        (match, MOST),
    )
    return [(row[0], row[1]) for row in fits]


def known_or_new(writer: Writer, words: str, since: datetime) -> tuple[int | None, str, list[str]]:
    """The id and the name of the customer meant, and what to say of it; made where unknown.

    Where it could be several, or there are no words, there is none.
    """
    name = plain(words).strip()
    if not name:
        return None, "", []
    fits = candidates(writer.query, name)
    if len(fits) > 1:
        return None, "", [could_be(name, fits)]
    if fits:
        return *fits[0], []
    return new_customer(writer, name, since), name, [f"new customer “{name}”"]


def could_be(words: str, fits: Iterable[tuple[int, str]]) -> str:
    """The sentence that leaves open who of several, as (id, name), is meant."""
    return f"customer open: “{words}” could be {', '.join(f'{name} ({id})' for id, name in fits)}"


def new_customer(
    writer: Writer,
    name: str,
    since: datetime,
    organisation: str = "",
    addresses: Sequence[tuple[str, str]] = (),
) -> int:
    """Store a new customer, known `since` then, with addresses as (kind, value).

    Without any, a name that is an address is kept as one, too.
    """
    new = {"name": name, "name_folded": fold(name), "organisation": organisation, "since": since}
    id = writer.insert("customer", new)
    if not addresses and (kind := address_kind(name)):
        addresses = ((kind, name),)
    for kind, value in addresses:
        add_address(writer, id, kind, value)
    return id


def add_address(writer: Writer, customer_id: int, kind: str, value: str) -> None:
    """Keep where a customer can be reached."""
    new = {"customer_id": customer_id, "kind": kind, "value": value, "value_folded": fold(value)}
    writer.insert("address", new)


def address_kind(value: str) -> str | None:
    """`email` or `phone` or `handle` if a name given for a customer is an address, else None."""
    stripped = value.strip()
    if "@" in stripped[1:] and " " not in stripped and "." in stripped.rsplit("@", 1)[1]:
        return "email"
    digits = sum(character.isdigit() for character in stripped)
    if digits >= 5 and all(c.isdigit() or c in "+-/() ." for c in stripped):
        return "phone"
    if stripped.startswith("@") and len(stripped) > 1:
        return "handle"
    return None
