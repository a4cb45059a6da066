"""Search as you type: requests by number, words and customer, newest first.

Never by rank: ranking a million rows takes seconds, and who searches a desk nearly always wants
the latest. The user's words are tokens in quotes, so no query syntax of FTS5 is ever reached.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from poc_tui.rules.text import words
from poc_tui.store.queries.queue import by_number
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import QueueRow

LIMIT = 50
OFFERED = 6
"""Requests that one could be a duplicate of: more nobody steps through; a number is quicker."""
_NUMBER = re.compile(r"^#?(\d{1,18})$")


def search(reader: Reader, query: str, *, limit: int = LIMIT) -> list[QueueRow]:
    """The requests that match every word of `query`, the one with that number first.

    A word matches from its beginning, in the request's texts, its subject, or its customer's
    name, organisation and addresses; `ü` and `ue` are the same.
    """
    found = _NUMBER.match(query.strip())
    exact = [int(found[1])] if found else []
    newest = [number for number in matching(reader, query, limit=limit) if number not in exact]
    return by_number(reader, [*exact, *newest])[:limit]


def matching(reader: Reader, query: str, *, limit: int, where: str = "", now: int = 0) -> list[int]:
    """The numbers of the newest requests that match every word, at most `limit`.

    `where` is SQL over a request, such as that of a view at the second `now`, which they meet too.
    """
    match = every_word(query)
    if not match:
        return []
    within = f"EXISTS (SELECT 1 FROM request WHERE id = {{}} AND {where})" if where else "TRUE"
    given = {
        "match": match,
        "limit": limit,
        "now": now,
        "customer": every_word_of_a_customer(query),
    }
    numbers = {*_by_words(reader, within, given, limit), *_by_customer(reader, within, given)}
    return sorted(numbers, reverse=True)[:limit]


def every_word(query: str) -> str:
    """What FTS5 is asked for: every word begins one of the text; empty without any."""
    return " AND ".join(f'"{word}"*' for word in words(query))


def every_word_of_a_customer(query: str) -> str:
    """The same of customers, whose addresses are kept with their domains as people write them."""
    if "xn--" in query.lower():
        from poc_tui.rules.mail.address import readable_domains

        query = readable_domains(query)
    return every_word(query)


def likely_others(reader: Reader, rows: Sequence[QueueRow]) -> list[QueueRow]:
    """Requests that these could be duplicates of, the likeliest first: what the same customer
    wants besides, open ones before resolved ones, then what is called the same."""
    own = {row.number for row in rows}
    of_customer = reader.rows(
        "SELECT o.id FROM request r JOIN request o ON o.customer_id = r.customer_id"
        " WHERE r.id = ? ORDER BY o.state = 'resolved', o.id DESC LIMIT ?",
        (rows[0].number, OFFERED + len(own)),
    )
    alike = matching(reader, rows[0].subject, limit=OFFERED + len(own))
    found = dict.fromkeys([*(number for (number,) in of_customer), *alike])
    return by_number(reader, [number for number in found if number not in own][:OFFERED])


def _by_words(reader: Reader, within: str, given: dict[str, object], limit: int) -> list[int]:
    """Numbers from the newest matching activities; a request with many is read past."""
    numbers: dict[int, None] = {}
    below = 1 << 62
    while len(numbers) < limit:
        rows = reader.rows(
            f"SELECT a.id, a.request_id, {within.format('a.request_id')} FROM activity a"
            " WHERE a.id IN ("
            "  SELECT rowid FROM activity_search WHERE activity_search MATCH :match"
            "  AND rowid < :below ORDER BY rowid DESC LIMIT :limit * 4) ORDER BY a.id DESC",
            given | {"below": below},
        )
        numbers |= dict.fromkeys(number for _, number, inside in rows if inside)
        if len(rows) < limit * 4:
            break
        below = rows[-1][0]
    return list(numbers)[:limit]


def _by_customer(reader: Reader, within: str, given: dict[str, object]) -> list[int]:
    rows = reader.rows(
        "SELECT r.id FROM request r WHERE r.customer_id IN ("
        "  SELECT rowid FROM customer_search WHERE customer_search MATCH :customer LIMIT 200)"
        f" AND {within.format('r.id')} ORDER BY r.id DESC LIMIT :limit",
        given,
    )
    return [number for (number,) in rows]
