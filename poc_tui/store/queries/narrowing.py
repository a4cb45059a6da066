"""A view narrowed by words or sorted otherwise; all of a customer's requests; the latest deeds.

No index serves these. What a line of a view says is read once, kept until somebody writes, and
looked through in memory at every letter; a view that is too large for that is searched.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from poc_tui.models.values import Priority
from poc_tui.rules.text import fold, words
from poc_tui.store.queries import queue
from poc_tui.store.queries.customers import called, customers, recognised
from poc_tui.store.queries.reader import Reader, moment, seconds
from poc_tui.store.queries.search import matching
from poc_tui.store.queries.views import View, by

MOST_READ = 20_000
"""Requests of a view that are read to be looked through; a larger one is searched."""

MOST_FOUND = 500
"""The newest of a larger view that are found."""

_OF_CUSTOMER = 10_000
_OFFERED = 5
_RECENT = 50
_LOOKED_BACK = 2_000
"""Activities, from the last one on, in which one's own latest deeds are looked for."""

_PRIORITIES: Mapping[str, int] = {
    priority: place for place, priority in enumerate(reversed(Priority))
}
"""The weightiest first."""

_TAGS = (
    "SELECT rt.request_id, t.name FROM request_tag rt JOIN tag t ON t.id = rt.tag_id"
    " WHERE rt.request_id"
)
_DEPARTMENTS = (
    "SELECT f.request_id, d.name FROM forward f JOIN department d ON d.id = f.department_id"
    " WHERE f.answered_at IS NULL AND f.withdrawn_at IS NULL AND f.request_id"
)


class NarrowedView(NamedTuple):
    """The numbers of a view that are left, and how many it holds.

    `whole` is False where only the newest were looked for.
    """

    numbers: Sequence[int]
    of: int
    whole: bool = True


class _Line(NamedTuple):
    number: int
    said: str
    """All that can be looked for, as it came."""
    customer: str
    priority: str
    received_at: int
    touched_at: int


_ORDERS: Mapping[str, Callable[[_Line], Any]] = {
    "received": lambda line: (-line.received_at, -line.number),
    "customer": lambda line: (not line.customer, fold(line.customer)),
    "priority": lambda line: _PRIORITIES.get(line.priority, len(_PRIORITIES)),
    "untouched": lambda line: line.touched_at,
}
"""By sort: what the lines of a view are ordered by; lines that are alike stay in its order."""


class ViewNarrower:
    """Narrows and sorts the views of one store; from one thread at a time."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._of: tuple[object, ...] = ()
        self._lines: Sequence[_Line] = ()
        self._folded: Sequence[str] = ()

    def narrow(self, view: View, now: datetime, sought: str, sort: str) -> NarrowedView:
        """The requests of the view whose line has all these words begun in it, in that order.

        A line says number, subject, customer, organisation, kind, channel, priority, state, tags,
        and the departments that are asked. Of more than `MOST_READ` requests the newest are found
        whose texts or customer have the words, in their own order.

        Raises what reading raises.
        """
        held = queue.total(self._reader, view, now)
        if held > MOST_READ:
            at = seconds(now)
            numbers = matching(self._reader, sought, limit=MOST_FOUND, where=view.where, now=at)
            return NarrowedView(numbers, held, whole=False)
        self._read(view, now)
        wanted = [f" {word}" for word in words(sought)]
        if wanted and not self._folded:
            self._folded = [" " + " ".join(words(line.said)) for line in self._lines]
        left = (
            self._lines
            if not wanted
            else [
                line
                for line, folded in zip(self._lines, self._folded, strict=True)
                if all(word in folded for word in wanted)
            ]
        )
        if order := _ORDERS.get(sort):
            left = sorted(left, key=order)
        return NarrowedView([line.number for line in left], len(self._lines))

    def _read(self, view: View, now: datetime) -> None:
        """Read the lines of the view, unless they are those that were read last."""
        of = (view, seconds(now) // 60, self._reader.data_version())
        if of == self._of:
            return
        first, second = view.order
        direction = "DESC" if view.newest_first else "ASC"
        within = f"IN (SELECT id FROM request {by(view.by)} WHERE {view.where})"
        given = {"now": seconds(now)}
        rows = self._reader.rows(
            "SELECT r.id, r.subject, coalesce(c.name, ''), coalesce(c.organisation, ''), r.kind,"
            " r.channel, r.priority, r.state, r.received_at, r.touched_at FROM request r"
            f" LEFT JOIN customer c ON c.id = r.customer_id WHERE r.id {within}"
            f" ORDER BY r.{first} {direction}, r.{second} {direction}",
            given,
        )
        besides: dict[int, list[str]] = defaultdict(list)
        for sql in (_TAGS, _DEPARTMENTS):
            for number, name in self._reader.rows(f"{sql} {within}", given):
                besides[number].append(name)
        self._lines = [
            _Line(
                row[0], " ".join((*map(str, row[:8]), *besides[row[0]])), row[2], row[6], *row[8:]
            )
            for row in rows
        ]
        self._folded, self._of = (), of


def of_customer_named(reader: Reader, name: str) -> tuple[Sequence[str], list[int]]:
    """The customers that `name` could mean, and the numbers of the requests of the first.

    One who is called just so comes first, then those whose names begin so, then those of whom
    something else does. Of those who are called alike each has its id behind, as in `Meyer (12)`,
    which is understood too. Open requests come before the others, the newest first.
    """
    if not name.strip():
        return (), []
    before, _, id = name.strip().removesuffix(")").rpartition(" (")
    if before and id.isdecimal():
        rows = reader.rows("SELECT id, name FROM customer WHERE id = ?", (int(id),))
        found = {row[0]: row[1] for row in rows}
    else:
        sure = recognised(reader, name)
        found = dict(sure if len(sure) == 1 else ()) | dict(called(reader, name, limit=_OFFERED))
        found |= {row.id: row.name for row in customers(reader, name, limit=_OFFERED)}
    rows = reader.rows(
        "SELECT id FROM request WHERE customer_id = ? ORDER BY state = 'resolved', id DESC LIMIT ?",
        (next(iter(found), None), _OF_CUSTOMER),
    )
    alike = Counter(found.values())
    names = [name if alike[name] == 1 else f"{name} ({id})" for id, name in found.items()]
    return names, [number for (number,) in rows]


def last_deeds(reader: Reader, actor: str) -> dict[int, datetime]:
    """The requests that this actor did something to lately, and when, the latest first.

    That one was taken down does not count: an import takes down thousands.
    """
    rows = reader.rows(
        "SELECT request_id, max(at) FROM (SELECT request_id, at, actor, event FROM activity"
        " ORDER BY id DESC LIMIT ?) WHERE actor = ? AND event <> 'received'"
        " GROUP BY request_id ORDER BY max(at) DESC, request_id DESC LIMIT ?",
        (_LOOKED_BACK, actor, _RECENT),
    )
    return {number: moment(at) for number, at in rows}
