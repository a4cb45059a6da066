"""What the lists of the desk read, as sources for a `VirtualList`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from poc_tui.errors import StoreBusy
from poc_tui.store.reading import queue
from poc_tui.widgets.virtual_list import SourceBusy

if TYPE_CHECKING:
    from poc_tui.store.reading.reader import Reader
    from poc_tui.store.records import QueueRow


@contextmanager
def asked_again() -> Iterator[None]:
    """A store that is being written to is asked again in a moment, not an error."""
    try:
        yield
    except SourceBusy:
        raise
    except StoreBusy as error:
        raise SourceBusy(str(error)) from error


class ViewSource:
    """One view of the queue."""

    def __init__(self, reader: Reader, view: queue.View, now: datetime) -> None:
        self.view = view
        self.now = now
        """The moment that decides what is snoozed; moved on when the view is shown anew."""
        self._reader = reader
        self._count: int | None = None

    def count(self) -> int:
        """How many requests the view holds."""
        with asked_again():
            self._count = queue.total(self._reader, self.view, self.now)
        return self._count

    def page(self, offset: int, limit: int) -> Sequence[QueueRow]:
        """The requests from `offset` on, at most `limit`."""
        with asked_again():
            return queue.page(self._reader, self.view, self.now, offset, limit, self._count)

    def position(self, key: int) -> int | None:
        """At which place the request of that number stands."""
        with asked_again():
            return queue.position(self._reader, self.view, self.now, key)
