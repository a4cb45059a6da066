"""Finding what the queue shows, while somebody types."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from poc_tui.errors import StoreBusy

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.queries.narrowing import ViewNarrower
    from poc_tui.store.queries.reader import Reader
    from poc_tui.store.queries.views import View
    from poc_tui.store.records import QueueRow

FIRST_ROWS = 100
"""Rows that are read with the numbers found, so that the screen's thread need not read them."""


class QueueContents(NamedTuple):
    """What the queue is to show: the requests of a view, or what is found otherwise."""

    view: View
    """Where one is once all else is left."""
    sort: str = "due"
    """A value of `store.queries.views.SORTS`; the view's own order at first."""
    words: str = ""
    """What the view is narrowed by, or what is searched for; or a customer's name."""
    what: Literal["view", "search", "customer", "recent"] = "view"

    @property
    def is_whole_view(self) -> bool:
        """Whether it is all of a view in its own order, which needs no finding."""
        return self.what == "view" and self.sort == "due" and not self.words.strip()


class QueueFound(NamedTuple):
    """What was found: all numbers, and the rows of the first `FIRST_ROWS`."""

    numbers: Sequence[int]
    rows: Sequence[QueueRow]
    of: int = 0
    """How many the view holds."""
    whole: bool = True
    """Whether those are all; else they are the newest."""
    names: Sequence[str] = ()
    """The customers that could be meant; the first one's requests are found."""


class SearchRunner:
    """Finds one thing at a time on a thread; the next one stops the one before."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reader: Reader | None = None
        self._narrower: ViewNarrower | None = None
        self._turn = asyncio.Lock()
        self._reading = threading.Lock()
        """Held by the thread that reads: nobody may close the file meanwhile."""
        self._latest = 0
        self._over = False

    async def find(self, contents: QueueContents) -> QueueFound | None:
        """What it is, or None if something else was asked for meanwhile.

        Raises what reading raises.
        """
        self._latest += 1
        mine = self._latest
        if self._reader is not None and not self._over:
            self._reader.interrupt()
        async with self._turn:
            if mine != self._latest or self._over:
                return None
            self._reader = self._reader or self._session.patient_reader()
            reader = self._reader
            task = asyncio.ensure_future(asyncio.to_thread(self._find, reader, contents))
            try:
                # A cancelled caller must not free the connection while the thread still reads.
                return await asyncio.shield(task)
            except asyncio.CancelledError:
                reader.interrupt()
                await asyncio.wait([task])
                task.exception()
                raise
            except StoreBusy:
                if mine != self._latest:
                    return None
                raise

    def close(self) -> None:
        """Let the file go; the thread that still reads does it."""
        self._over = True
        if self._reader is not None:
            self._reader.interrupt()
            if self._reading.acquire(blocking=False):
                self._reader.close()
                self._reading.release()

    def _find(self, reader: Reader, contents: QueueContents) -> QueueFound:
        with self._reading:
            if self._over:
                return QueueFound((), ())
            try:
                return self._found(reader, contents)
            finally:
                if self._over:
                    reader.close()

    def _found(self, reader: Reader, contents: QueueContents) -> QueueFound:
        from poc_tui.store.queries import narrowing, queue, search

        if contents.what == "search":
            rows = search.search(reader, contents.words)
            numbers = [row.number for row in rows]
            return QueueFound(numbers, rows, whole=len(rows) < search.LIMIT)
        if contents.what == "view":
            self._narrower = self._narrower or narrowing.ViewNarrower(reader)
            now = self._session.clock.now()
            left = self._narrower.narrow(contents.view, now, contents.words, contents.sort)
            rows = queue.by_number(reader, left.numbers[:FIRST_ROWS], contents.view)
            return QueueFound(left.numbers, rows, left.of, left.whole)
        names: Sequence[str] = ()
        if contents.what == "customer":
            names, numbers = narrowing.of_customer_named(reader, contents.words)
        else:
            deeds = self._session.looked_at.copy()
            for number, at in narrowing.last_deeds(reader, self._session.settings.name).items():
                deeds[number] = max(at, deeds.get(number, at))
            numbers = sorted(deeds, key=lambda number: deeds[number], reverse=True)
        return QueueFound(numbers, queue.by_number(reader, numbers[:FIRST_ROWS]), names=names)
