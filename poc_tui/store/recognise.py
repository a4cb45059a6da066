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
    spelt = _spelt(name.strip())
    either = f"IN ({', '.join('?' * len(spelt))})"
    exact = query(
        f"SELECT id, name FROM customer WHERE name_folded {either}"
        " UNION SELECT c.id, c.name FROM address a JOIN customer c ON c.id = a.customer_id"
        f" WHERE a.value_folded {either} LIMIT ?",
        (*spelt, *spelt, MOST),
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


def _spelt(name: str) -> list[str]:
    """How what is meant by `name` can be kept, folded: the domain of an address can be written in
    its own letters, or as the DNS has it."""
    if "@" not in name or (name.isascii() and "xn--" not in name.lower()):
        return [fold(name)]
    from poc_tui.rules.mail.address import spellings

    return [fold(each) for each in spellings(name)]


def known_or_new(writer: Writer, words: str, since: datetime) -> tuple[int | None, str, list[str]]:
    """The id and the name of the customer meant, and what to say of it; made where unknown.

    Where it could be several, or there are no words, there is none.
    """
    name = as_kept(address_kind(words.strip()) or "", plain(words).strip())
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
    value = as_kept(kind, value)
    new = {"customer_id": customer_id, "kind": kind, "value": value, "value_folded": fold(value)}
    writer.insert("address", new)


def as_kept(kind: str, value: str) -> str:
    """An address as it is kept and shown: a mail address with its domain in its own letters."""
    if kind != "email" or "xn--" not in value.lower():
        return value
    from poc_tui.rules.mail.address import readable_address

    return readable_address(value)


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
