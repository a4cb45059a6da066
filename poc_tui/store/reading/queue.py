"""The queue: which requests a view holds, in which order, page by page.

A view of 10,000 open requests or a million resolved ones is never read whole. A page is found by
walking a covering index for the numbers and then looking up only those rows; from the far end
the index is walked backwards, so that no place is further than half way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from poc_tui.errors import NotUnderstood
from poc_tui.store.reading.reader import Reader, seconds, typed
from poc_tui.store.records import Counts, QueueRow

_AWAKE = "(snoozed_until IS NULL OR snoozed_until <= :now)"
_LATE = "state <> 'resolved' AND (due_at < :now OR (state = 'open' AND next_at < :now))"


class View(NamedTuple):
    """A view of the queue: its rows and their order. `by` is the index that gives it."""

    name: str
    where: str
    order: tuple[str, str]
    """Two columns that together put every row in one place, both in one direction."""
    newest_first: bool
    by: str


def _court(name: str, court: str) -> View:
    where = f"state <> 'resolved' AND court = '{court}' AND {_AWAKE}"
    return View(name, where, ("sort_at", "id"), False, "request_by_court")


VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        _court("mine", "me"),
        _court("departments", "department"),
        _court("customers", "customer"),
        View(
            "snoozed",
            "state <> 'resolved' AND snoozed_until > :now",
            ("sort_at", "id"),
            False,
            "request_open",
        ),
        View("open", "state <> 'resolved'", ("sort_at", "id"), False, "request_open"),
        View("resolved", "state = 'resolved'", ("resolved_at", "id"), True, "request_resolved"),
        View("late", _LATE, ("sort_at", "id"), False, "request_open"),
        View("new", "state = 'new'", ("sort_at", "id"), False, "request_open"),
    )
}
"""By name; the first six are the keys 1 to 6 of the desk."""

_COLUMNS = """
    r.id, r.subject, c.name, coalesce(c.vip, 0), r.channel, r.kind, r.priority, r.state, r.court,
    r.received_at, r.due_at, r.next_at, r.snoozed_until, r.resolved_at, r.resolution,
    (SELECT d.name FROM forward f JOIN department d ON d.id = f.department_id
     WHERE f.request_id = r.id AND f.answered_at IS NULL AND f.withdrawn_at IS NULL
     ORDER BY f.due_at LIMIT 1)
"""


def named(name: str) -> View:
    """The view of that name.

    Raises:
        NotUnderstood: there is none; the sentence lists them.
    """
    try:
        return VIEWS[name]
    except KeyError:
        raise NotUnderstood(f"there is no view “{name}”; choose from {', '.join(VIEWS)}") from None


def counts(reader: Reader, now: datetime) -> Counts:
    """How many requests each view holds at that moment."""
    row = reader.row(
        f"""
        SELECT
            coalesce(sum(court = 'me' AND {_AWAKE}), 0),
            coalesce(sum(court = 'department' AND {_AWAKE}), 0),
            coalesce(sum(court = 'customer' AND {_AWAKE}), 0),
            coalesce(sum(coalesce(snoozed_until > :now, 0)), 0),
            count(*),
            (SELECT n FROM tally WHERE name = 'resolved'),
            coalesce(sum(coalesce(due_at < :now, 0) OR (state = 'open' AND next_at < :now)), 0),
            coalesce(sum(state = 'new'), 0)
        FROM request INDEXED BY request_open WHERE state <> 'resolved'
        """,
        {"now": seconds(now)},
    )
    assert row is not None  # noqa: S101 - an aggregate always gives one row
    return Counts(*row)


def total(reader: Reader, view: View, now: datetime) -> int:
    """How many requests the view holds."""
    if view.name == "resolved":
        return int(reader.value("SELECT n FROM tally WHERE name = 'resolved'"))
    return int(
        reader.value(
            f"SELECT count(*) FROM request INDEXED BY {view.by} WHERE {view.where}",
            {"now": seconds(now)},
        )
    )


def page(
    reader: Reader, view: View, now: datetime, offset: int, limit: int, count: int | None = None
) -> list[QueueRow]:
    """The rows from `offset` on, at most `limit`.

    With the view's `count`, a page in its second half is found from the end.
    """
    backwards = count is not None and offset > count // 2
    if backwards and count is not None:
        take = max(0, min(limit, count - offset))
        skip = count - offset - take
    else:
        take, skip = limit, offset
    numbers = [
        number
        for (number,) in reader.rows(
            f"SELECT id FROM request INDEXED BY {view.by} WHERE {view.where} "
            f"ORDER BY {_order(view, backwards=backwards)} LIMIT :take OFFSET :skip",
            {"now": seconds(now), "take": take, "skip": skip},
        )
    ]
    if backwards:
        numbers.reverse()
    return by_number(reader, numbers)


def position(reader: Reader, view: View, now: datetime, number: int) -> int | None:
    """At which place of the view the request stands, None if it is not in it."""
    first, second = view.order
    before = ">" if view.newest_first else "<"
    parameters = {"now": seconds(now), "number": number}
    at = reader.value(
        f"SELECT {first} FROM request WHERE id = :number AND {view.where}", parameters
    )
    if at is None:
        return None
    return int(
        reader.value(
            f"SELECT count(*) FROM request INDEXED BY {view.by} WHERE {view.where} "
            f"AND ({first}, {second}) {before} (:at, :number)",
            parameters | {"at": at},
        )
    )


def by_number(reader: Reader, numbers: Sequence[int]) -> list[QueueRow]:
    """The rows of these requests, in the order given; a number that is gone is left out."""
    marks = ",".join("?" * len(numbers))
    rows = {
        row[0]: _queue_row(row)
        for row in reader.rows(
            f"SELECT {_COLUMNS} FROM request r LEFT JOIN customer c ON c.id = r.customer_id "
            f"WHERE r.id IN ({marks})",
            list(numbers),
        )
    }
    return [rows[number] for number in numbers if number in rows]


def _order(view: View, *, backwards: bool) -> str:
    direction = "DESC" if view.newest_first != backwards else "ASC"
    return ", ".join(f"{column} {direction}" for column in view.order)


def _queue_row(row: Sequence[Any]) -> QueueRow:
    return QueueRow(*typed(row, moments=range(9, 14), flags=(3,)))
