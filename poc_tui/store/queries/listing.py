"""Requests in bulk, as `poc list` and the agenda print them.

The numbers of a view come first, in its order, in one walk of an index; the requests are then read
in portions, so that no writer is kept waiting while ten thousand are printed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from poc_tui.store.queries.reader import EVERY, Reader, marks, portions, seconds
from poc_tui.store.queries.views import ANY_UNWOUND, View

PORTION = 1000
"""Requests read at a time; SQLite takes 32,766 parameters at most."""


class ListedRequest(NamedTuple):
    """A request with all that is said of it in a list.

    Times are seconds since 1970, UTC, as they are stored: ten thousand rows are printed in the
    time it takes to make their dates.
    """

    number: int
    subject: str
    text: str
    customer: str | None
    department: str | None
    """Of the forward that is due first, if one is open."""
    state: str
    court: str | None
    channel: str
    kind: str
    priority: str
    tags: list[str]
    received_at: int
    due_at: int | None
    next_at: int | None
    first_answered_at: int | None
    resolved_at: int | None
    resolution: str | None


def numbers(
    reader: Reader,
    view: View,
    now: datetime,
    *,
    customer_id: int | None = None,
    tag: str | None = None,
    limit: int | None = None,
) -> list[int]:
    """The numbers of the requests in a view, in its order; of one customer, with one tag.

    A tag is given as it is stored, lower case and without its sign.
    """
    where = view.where
    if customer_id is not None:
        where += " AND customer_id = :customer"
    if tag is not None:
        where += (
            " AND id IN (SELECT rt.request_id FROM request_tag rt"
            " JOIN tag t ON t.id = rt.tag_id WHERE t.name = :tag)"
        )
    direction = "DESC" if view.newest_first else "ASC"
    order = ", ".join(f"{column} {direction}" for column in view.order)
    rows = reader.rows(
        f"SELECT id FROM request WHERE {where} ORDER BY {order} LIMIT :limit",
        {"now": seconds(now), "customer": customer_id, "tag": tag, "limit": limit or EVERY},
    )
    return [number for (number,) in rows]


def listed(reader: Reader, wanted: Sequence[int]) -> Iterator[ListedRequest]:
    """The requests of these numbers, in the order given; one that is gone is left out."""
    for portion in portions(wanted, PORTION):
        rows = {
            row[0]: row
            for row in reader.rows(
                "SELECT r.id, r.subject, r.text, c.name,"
                " (SELECT d.name FROM forward f JOIN department d ON d.id = f.department_id"
                "  WHERE f.request_id = r.id AND f.answered_at IS NULL AND f.withdrawn_at IS NULL"
                "  ORDER BY f.next_at LIMIT 1),"
                " r.state, r.court, r.channel, r.kind, r.priority, r.received_at, r.due_at,"
                " r.next_at, r.first_answered_at, r.resolved_at, r.resolution"
                " FROM request r LEFT JOIN customer c ON c.id = r.customer_id"
                f" WHERE r.id IN ({marks(portion)})",
                portion,
            )
        }
        tags = _tags(reader, portion)
        for number in portion:
            if row := rows.get(number):
                yield ListedRequest._make((*row[:10], tags.get(number, []), *row[10:]))


def is_unwound(reader: Reader) -> bool:
    """Whether some request was only taken down, so that nobody knows yet when it is due."""
    return reader.value(ANY_UNWOUND) is not None


def is_empty(reader: Reader) -> bool:
    """Whether no request was ever taken down here."""
    return reader.value("SELECT 1 FROM request LIMIT 1") is None


def newest(reader: Reader) -> int:
    """The highest number that a request has; 0 where there is none."""
    return int(reader.value("SELECT coalesce(max(id), 0) FROM request"))


def _tags(reader: Reader, portion: Sequence[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = defaultdict(list)
    for number, name in reader.rows(
        "SELECT rt.request_id, t.name FROM request_tag rt JOIN tag t ON t.id = rt.tag_id"
        f" WHERE rt.request_id IN ({marks(portion)}) ORDER BY t.name",
        portion,
    ):
        tags[number].append(name)
    return tags
