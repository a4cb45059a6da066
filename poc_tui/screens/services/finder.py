"""Searching while somebody types."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from poc_tui.errors import StoreBusy
from poc_tui.store.queries.search import search

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.queries.reader import Reader
    from poc_tui.store.records import QueueRow


class SearchRunner:
    """Runs one search at a time on a thread; the next one stops the one before."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._reader: Reader | None = None
        self._turn = asyncio.Lock()
        self._latest = 0

    async def find(self, words: str) -> list[QueueRow] | None:
        """The requests that match, or None if another search came meanwhile."""
        self._latest += 1
        mine = self._latest
        if self._reader is not None:
            self._reader.interrupt()
        async with self._turn:
            if mine != self._latest:
                return None
            reader = self._reader = self._reader or self._session.patient_reader()
            task = asyncio.ensure_future(asyncio.to_thread(search, reader, words))
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
        """Let the file go."""
        if self._reader is not None:
            self._reader.interrupt()
            self._reader.close()
