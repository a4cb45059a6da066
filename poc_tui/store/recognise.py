"""Which customer a name means. Shared by the read side, the verbs and the quick lane.

Standard library only, because the quick lane of `poc add` uses it.
"""

from __future__ import annotations

from poc_tui.rules.text import fold, plain, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from poc_tui.store.connection import Query

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
