"""Requests in bulk, as `poc list` and the agenda print them.

The numbers of a view come first, in its order, in one walk of an index; the requests are then read
in portions, so that no writer is kept waiting while ten thousand are printed.
"""

from __future__ import annotations

from collections.abc import Iterator

from poc_tui.store.queries.reader import EVERY, Reader, marks, portions, seconds
from poc_tui.store.queries.views import ANY_UNWOUND, View, by

TYPE_CHECKING = False  # what `typing` calls it, without the cost of importing `typing`
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from typing import Any

PORTION = 1000
"""Requests read at a time; SQLite takes 32,766 parameters at most."""
_NUMBERS_AT_ONCE = 20_000
"""Numbers read at a time: a million of them are not held at once, nor all read for the first."""

FIELDS = (
    "number",
    "subject",
    "text",
    "customer",
    "department",
    "state",
    "court",
    "channel",
    "kind",
    "priority",
    "tags",
    "received_at",
    "due_at",
    "next_at",
    "first_answered_at",
    "resolved_at",
    "resolution",
)
"""What is said of a request in a list."""


def numbers(
    reader: Reader,
    view: View,
    now: datetime,
    *,
    customer_id: int | None = None,
    tag: str | None = None,
    limit: int | None = None,
) -> Iterator[int]:
    """The numbers of the requests in a view, in its order; of one customer, with one tag.

    A tag is given as it is stored, lower case and without its sign.
    """
    where = _where(view, customer_id, tag)
    direction = "DESC" if view.newest_first else "ASC"
    first, second = view.order
    beyond = f" AND ({first}, {second}) {'<' if view.newest_first else '>'} (:at, :number)"
    parameters = {"now": seconds(now), "customer": customer_id, "tag": tag}
    place: dict[str, int] = {}
    left = limit or EVERY
    while left > 0:
        take = min(left, _NUMBERS_AT_ONCE)
        rows = reader.rows(
            f"SELECT {first}, id FROM request WHERE {where}{beyond if place else ''}"
            f" ORDER BY {first} {direction}, {second} {direction} LIMIT :take",
            parameters | place | {"take": take},
        )
        for _, number in rows:
            yield number
        if len(rows) < take:
            return
        left -= take
        place = dict(zip(("at", "number"), rows[-1], strict=True))


def count(
    reader: Reader, view: View, now: datetime, *, customer_id: int | None, tag: str | None
) -> int:
    """How many there are of them."""
    return int(
        reader.value(
            f"SELECT count(*) FROM request WHERE {_where(view, customer_id, tag)}",
            {"now": seconds(now), "customer": customer_id, "tag": tag},
        )
    )


def _where(view: View, customer_id: int | None, tag: str | None) -> str:
    where = view.where
    if customer_id is not None:
        where += " AND customer_id = :customer"
    if tag is not None:
        where += (
            " AND id IN (SELECT rt.request_id FROM request_tag rt"
            " JOIN tag t ON t.id = rt.tag_id WHERE t.name = :tag)"
        )
    return where


def listed(reader: Reader, wanted: Iterable[int]) -> Iterator[Sequence[Any]]:
    """The requests of these numbers, in the order given; one that is gone is left out.

    Of each all that is said of it in a list, in a plain tuple and as it is stored, times in seconds
    since 1970, UTC: ten thousand are printed in the time it takes to make records of them. They
    are the `FIELDS`, but for two that come last: the department of the forward that is due first,
    if one is open, and the tags, None where there are none.
    """
    departments = _asked(reader)
    for portion in portions(wanted, PORTION):
        rows = {
            row[0]: row
            for row in reader.rows(
                "SELECT r.id, r.subject, r.text, c.name, r.state, r.court, r.channel, r.kind,"
                " r.priority, r.received_at, r.due_at, r.next_at, r.first_answered_at,"
                " r.resolved_at, r.resolution"
                " FROM request r LEFT JOIN customer c ON c.id = r.customer_id"
                f" WHERE r.id IN ({marks(portion)})",
                portion,
            )
        }
        tags = _tags(reader, portion)
        for number in portion:
            if row := rows.get(number):
                yield *row, departments.get(number), tags.get(number)


def is_unwound(reader: Reader) -> bool:
    """Whether some request was only taken down, so that nobody knows yet when it is due."""
    return reader.value(ANY_UNWOUND) is not None


def is_empty(reader: Reader) -> bool:
    """Whether no request was ever taken down here."""
    return reader.value("SELECT 1 FROM request LIMIT 1") is None


def newest(reader: Reader) -> int:
    """The highest number that a request has; 0 where there is none."""
    return int(reader.value("SELECT coalesce(max(id), 0) FROM request"))


def _asked(reader: Reader) -> dict[int, str]:
    """Of each request with an open forward, whom the one that is due first asks.

    Asking for each of ten thousand requests takes eight times as long as reading all that are open.
    """
    return dict(
        reader.rows(
            "SELECT f.request_id, d.name"
            f" FROM forward f {by('forward_to_chase')} JOIN department d ON d.id = f.department_id"
            " WHERE f.answered_at IS NULL AND f.withdrawn_at IS NULL"
            " ORDER BY f.next_at DESC, f.id DESC"
        )
    )


def _tags(reader: Reader, portion: Sequence[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    for number, name in reader.rows(
        "SELECT rt.request_id, t.name FROM request_tag rt JOIN tag t ON t.id = rt.tag_id"
        f" WHERE rt.request_id IN ({marks(portion)}) ORDER BY t.name",
        portion,
    ):
        tags.setdefault(number, []).append(name)
    return tags
