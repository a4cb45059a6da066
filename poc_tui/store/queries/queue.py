"""The queue: which requests a view holds, in which order, page by page.

A view of 10,000 open requests or a million resolved ones is never read whole. A page is found by
walking a covering index for the numbers and then looking up only those rows; from the far end
the index is walked backwards, so that no place is further than half way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from poc_tui.store.damage import present
from poc_tui.store.queries.reader import Reader, marks, seconds
from poc_tui.store.queries.views import AWAKE, LATE_ITSELF, OVERDUE, WITH_DEPARTMENT, View, by
from poc_tui.store.records import Counts, QueueRow

_FIRST_OPEN = (
    "SELECT id FROM forward o"
    " WHERE o.request_id = r.id AND o.answered_at IS NULL AND o.withdrawn_at IS NULL"
    " ORDER BY o.next_at, o.id LIMIT 1"
)
_WITH_WHOM = f"""
    FROM request r LEFT JOIN customer c ON c.id = r.customer_id
    LEFT JOIN forward f ON f.id = ({_FIRST_OPEN}) LEFT JOIN department d ON d.id = f.department_id
"""
_COLUMNS = """
    r.id, r.subject, c.name, coalesce(c.vip, FALSE), r.channel, r.kind, r.priority, r.state,
    r.court, r.court_since, r.received_at, r.due_at, r.next_at, r.snoozed_until, r.resolved_at,
    r.resolution, r.resolve_by, r.touched_at, r.escalated_at IS NOT NULL,
    d.name, f.next_at
"""
_SHOWN = "coalesce(r.resolved_at, r.sort_at)"


def counts(reader: Reader, now: datetime) -> Counts:
    """How many requests each view holds at that moment."""
    # Apart: few questions are overdue, and looking for them in each row takes as long as the rest.
    row = reader.row(
        f"""
        SELECT c.my_turn, c.with_departments + o.asked, c.with_customer, c.snoozed, c.open,
               (SELECT n FROM tally WHERE name = 'resolved'), c.late + o.late, c.new, c.escalated
        FROM (
            SELECT count(*) FILTER (WHERE court = 'me' AND {AWAKE}) AS my_turn,
                   count(*) FILTER (WHERE {WITH_DEPARTMENT}) AS with_departments,
                   count(*) FILTER (WHERE court = 'customer' AND {AWAKE}) AS with_customer,
                   count(*) FILTER (WHERE snoozed_until > :now) AS snoozed,
                   count(*) AS open,
                   count(*) FILTER (WHERE {LATE_ITSELF}) AS late,
                   count(*) FILTER (WHERE state = 'new') AS new,
                   count(escalated_at) AS escalated
            FROM request {by("request_open")} WHERE state <> 'resolved'
        ) c, (
            SELECT count(*) FILTER (WHERE NOT {WITH_DEPARTMENT}) AS asked,
                   count(*) FILTER (WHERE {LATE_ITSELF} IS NOT TRUE) AS late
            FROM request WHERE id IN ({OVERDUE}) AND state <> 'resolved'
        ) o
        """,
        {"now": seconds(now)},
    )
    return Counts(*present(row))


def total(reader: Reader, view: View, now: datetime) -> int:
    """How many requests the view holds."""
    if view.name == "resolved":
        return int(reader.value("SELECT n FROM tally WHERE name = 'resolved'"))
    return int(
        reader.value(
            f"SELECT count(*) FROM request {by(view.by)} WHERE {view.where}", {"now": seconds(now)}
        )
    )


class QueuePosition(NamedTuple):
    """Where a row stands in the order of its view: the values of the view's two columns."""

    at: int
    number: int


def page(
    reader: Reader, view: View, now: datetime, offset: int, limit: int, count: int | None = None
) -> list[QueueRow]:
    """The rows from `offset` on, at most `limit`.

    With the view's `count`, a page in its second half is found from the end.
    """
    if count is None or offset <= count // 2:
        return _walk(reader, view, now, limit, skip=offset)
    take = max(0, min(limit, count - offset))
    return _walk(reader, view, now, take, skip=count - offset - take, backwards=True)


def page_after(
    reader: Reader, view: View, now: datetime, place: QueuePosition, limit: int
) -> list[QueueRow]:
    """The rows that follow a place, at most `limit`; as quick in the middle as at the top."""
    return _walk(reader, view, now, limit, beyond=place)


def page_before(
    reader: Reader, view: View, now: datetime, place: QueuePosition, limit: int
) -> list[QueueRow]:
    """The rows that come before a place, at most `limit`, in the view's order."""
    return _walk(reader, view, now, limit, beyond=place, backwards=True)


def place_of(row: QueueRow) -> QueuePosition:
    """Where the row stands in the order of the view that it was read for."""
    return QueuePosition(seconds(row.at), row.number)


def _walk(
    reader: Reader,
    view: View,
    now: datetime,
    take: int,
    *,
    skip: int = 0,
    beyond: QueuePosition | None = None,
    backwards: bool = False,
) -> list[QueueRow]:
    """Walk the view's index, then look up only the rows found; always in the view's order."""
    first, second = view.order
    descending = view.newest_first != backwards
    direction = "DESC" if descending else "ASC"
    reach = f"AND ({first}, {second}) {'<' if descending else '>'} (:at, :number)"
    place = {} if beyond is None else beyond._asdict()
    numbers = [
        number
        for (number,) in reader.rows(
            f"SELECT id FROM request {by(view.by)} WHERE {view.where} "
            f"{reach if place else ''} "
            f"ORDER BY {first} {direction}, {second} {direction} LIMIT :take OFFSET :skip",
            {"now": seconds(now), "take": take, "skip": skip} | place,
        )
    ]
    if backwards:
        numbers.reverse()
    return by_number(reader, numbers, view)


def position(
    reader: Reader,
    view: View,
    now: datetime,
    number: int,
    *,
    count: int | None = None,
    near: int = 0,
) -> int | None:
    """At which place of the view the request stands, None if it is not in it.

    With the view's `count`, and `near`, where it probably stands, it is counted from the nearer
    end.
    """
    first, second = view.order
    parameters = {"now": seconds(now), "number": number}
    at = reader.value(
        f"SELECT {first} FROM request WHERE id = :number AND {view.where}", parameters
    )
    if at is None:
        return None
    from_end = count is not None and near > count // 2
    beyond = ">" if view.newest_first != from_end else "<"
    passed = int(
        reader.value(
            f"SELECT count(*) FROM request {by(view.by)} WHERE {view.where} "
            f"AND ({first}, {second}) {beyond} (:at, :number)",
            parameters | {"at": at},
        )
    )
    return count - 1 - passed if from_end and count is not None else passed


def by_number(reader: Reader, numbers: Sequence[int], view: View | None = None) -> list[QueueRow]:
    """The rows of these requests, in the order given; a number that is gone is left out.

    Each shows the date of the view that it is read for, else that of its state.
    """
    if not numbers:
        return []
    shown = _SHOWN if view is None else f"coalesce(r.{view.order[0]}, {_SHOWN})"
    rows = {
        row.number: row
        for row in reader.records(
            QueueRow,
            f"SELECT {_COLUMNS}, {shown} {_WITH_WHOM} WHERE r.id IN ({marks(numbers)})",
            list(numbers),
        )
    }
    return [rows[number] for number in numbers if number in rows]
