"""Search as you type: requests by number, words and customer, newest first.

Never by rank: ranking a million rows takes seconds, and who searches a desk nearly always wants
the latest. The user's words are tokens in quotes, so no query syntax of FTS5 is ever reached.
"""

from __future__ import annotations

import re

from poc_tui.rules.text import words
from poc_tui.store.queries.queue import by_number
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import QueueRow

LIMIT = 50
_NUMBER = re.compile(r"^#?(\d{1,18})$")


def search(reader: Reader, query: str, *, limit: int = LIMIT) -> list[QueueRow]:
    """The requests that match every word of `query`, the one with that number first.

    A word matches from its beginning, in the request's texts, its subject, or its customer's
    name, organisation and addresses; `ü` and `ue` are the same.
    """
    found = _NUMBER.match(query.strip())
    exact = [int(found[1])] if found else []
    numbers: set[int] = set()
    if match := " AND ".join(f'"{word}"*' for word in words(query)):
        numbers.update(_by_words(reader, match, limit), _by_customer(reader, match, limit))
    newest = sorted(numbers - set(exact), reverse=True)
    return by_number(reader, [*exact, *newest])[:limit]


def _by_words(reader: Reader, match: str, limit: int) -> list[int]:
    """Numbers from the newest matching activities; a request with many is read past."""
    numbers: dict[int, None] = {}
    below = 1 << 62
    while len(numbers) < limit:
        rows = reader.rows(
            "SELECT a.id, a.request_id FROM activity a WHERE a.id IN ("
            "  SELECT rowid FROM activity_search WHERE activity_search MATCH ? AND rowid < ?"
            "  ORDER BY rowid DESC LIMIT ?) ORDER BY a.id DESC",
            (match, below, limit * 4),
        )
        numbers |= dict.fromkeys(number for _, number in rows)
        if len(rows) < limit * 4:
            break
        below = rows[-1][0]
    return list(numbers)[:limit]


def _by_customer(reader: Reader, match: str, limit: int) -> list[int]:
    rows = reader.rows(
        "SELECT r.id FROM request r WHERE r.customer_id IN ("
        "  SELECT rowid FROM customer_search WHERE customer_search MATCH ? LIMIT 200)"
        " ORDER BY r.id DESC LIMIT ?",
        (match, limit),
    )
    return [number for (number,) in rows]
