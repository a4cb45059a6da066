"""What the lists of the desk read, as sources for a `VirtualList`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from poc_tui.store.queries import queue
from poc_tui.store.queries.views import View

if TYPE_CHECKING:
    from poc_tui.store.queries.reader import Reader
    from poc_tui.store.records import QueueRow


_REMEMBERED = 10_000
"""Rows whose place is kept in mind; more would be a memory of everything one scrolled past."""


class ViewSource:
    """One view of the queue."""

    def __init__(self, reader: Reader, view: View, now: datetime) -> None:
        self.view = view
        self.now = now
        """The moment that decides what is snoozed; moved on when the view is shown anew."""
        self._reader = reader
        self._count: int | None = None
        self._places: dict[int, queue.QueuePosition] = {}
        """Where the first and last row of each page read stand, to find the next page from."""
        self._indexes: dict[int, int] = {}
        """At which index a request was last seen, to guess where it is now."""

    def count(self) -> int:
        """How many requests the view holds."""
        self._count = queue.total(self._reader, self.view, self.now)
        self._places.clear()
        return self._count

    def page(self, offset: int, limit: int) -> Sequence[QueueRow]:
        """The requests from `offset` on, at most `limit`."""
        rows = self._page(offset, limit)
        for index in (0, len(rows) - 1) if rows else ():
            self._places[offset + index] = queue.place_of(rows[index])
        if len(self._indexes) > _REMEMBERED:
            self._indexes.clear()
        self._indexes.update({row.number: offset + index for index, row in enumerate(rows)})
        return rows

    def position(self, key: int) -> int | None:
        """At which place the request of that number stands."""
        near = self._indexes.get(key, 0)
        return queue.position(self._reader, self.view, self.now, key, count=self._count, near=near)

    def _page(self, offset: int, limit: int) -> Sequence[QueueRow]:
        """From the page beside it if that was read, else from the nearer end."""
        if before := self._places.get(offset - 1):
            return queue.page_after(self._reader, self.view, self.now, before, limit)
        if after := self._places.get(offset + limit):
            return queue.page_before(self._reader, self.view, self.now, after, limit)
        return queue.page(self._reader, self.view, self.now, offset, limit, self._count)


class FoundSource:
    """Requests whose numbers were found before, in that order.

    Args:
        reader: where the rows are read that are not given.
        numbers: of all requests.
        rows: of the first ones, as many as were read with the numbers.
        view: whose date each row shows; else that of its state.
    """

    def __init__(
        self,
        reader: Reader,
        numbers: Sequence[int],
        rows: Sequence[QueueRow],
        view: View | None = None,
    ) -> None:
        self._reader = reader
        self._numbers = numbers
        self._rows = rows
        self._view = view
        self._places = {number: place for place, number in enumerate(numbers)}

    def count(self) -> int:
        """How many there are."""
        return len(self._numbers)

    def page(self, offset: int, limit: int) -> Sequence[QueueRow]:
        """The requests from `offset` on, at most `limit`; one that is gone is left out."""
        wanted = self._numbers[offset : offset + limit]
        if offset + len(wanted) <= len(self._rows):
            return self._rows[offset : offset + limit]
        return queue.by_number(self._reader, wanted, self._view)

    def position(self, key: int) -> int | None:
        """At which place the request of that number stands."""
        return self._places.get(key)
