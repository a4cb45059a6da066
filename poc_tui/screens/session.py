"""What every screen is handed: the store to read, the desk to act, the clock and the settings."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

from poc_tui.errors import PocError, Refused, StoreBusy
from poc_tui.store.reading.reader import Reader
from poc_tui.store.schema import BUSY_MS

if TYPE_CHECKING:
    from poc_tui.config import Settings
    from poc_tui.keymap import Keymap
    from poc_tui.rules.clock import Clock
    from poc_tui.store.desk import Desk
    from poc_tui.store.drafts import Draft
    from poc_tui.store.records import Done


class Session:
    """One open desk.

    Reading is quick and happens on the spot. The write side (SQLModel) takes half a second to
    import, so it is loaded by `warm_up` on a thread after the first paint; a verb that comes
    earlier waits for it, off the screen's thread.
    """

    def __init__(
        self, path: str, clock: Clock, settings: Settings, keymap: Keymap, *, demo: bool = False
    ) -> None:
        self.path = path
        self.clock = clock
        self.settings = settings
        self.keymap = keymap
        self.demo = demo
        self.reader = Reader(path)
        self._desk: Desk | None = None
        self._loading = threading.Lock()
        self._closed = False

    def warm_up(self) -> None:
        """Load the write side and the dialogs on a thread of its own; returns at once."""
        threading.Thread(target=self._load, name="poc-warm-up", daemon=True).start()

    async def do(self, draft: Draft, numbers: Sequence[int] = ()) -> Done:
        """Carry out a draft; raises what `Desk.do` raises."""
        return await asyncio.to_thread(lambda: self._open_desk().do(draft, numbers))

    async def undo(self, expected: int | None = None) -> Done:
        """Take the last step back; raises what `Desk.undo` raises."""
        return await asyncio.to_thread(lambda: self._open_desk().undo(expected))

    async def redo(self) -> Done:
        """Do it again; raises what `Desk.redo` raises."""
        return await asyncio.to_thread(lambda: self._open_desk().redo())

    async def readable(self) -> None:
        """Wait, off the screen's thread, until no writer holds the file.

        Raises:
            StoreBusy: one held it for longer than `BUSY_MS` milliseconds.
            StoreUnreadable: the file is damaged or gone.
        """
        try:
            self.reader.data_version()
            self.reader.value("SELECT 1 FROM journal LIMIT 1")
        except StoreBusy:
            await asyncio.to_thread(lambda: self.patient_reader().close())

    def patient_reader(self, busy_ms: int = BUSY_MS) -> Reader:
        """A connection of its own for a thread that may wait, such as a search."""
        return Reader(self.path, busy_ms=busy_ms)

    def close(self) -> None:
        """Let the file go."""
        self._closed = True
        self.reader.close()
        threading.Thread(target=self._close_desk, name="poc-close").start()

    def _close_desk(self) -> None:
        """Off the screen's thread: a verb that is under way is waited for, not cut off."""
        with self._loading:
            if self._desk is not None:
                self._desk.close()
                self._desk = None

    def _load(self) -> None:
        for dialog in ("forward", "log", "answer", "resolve", "new"):
            import_module(f"poc_tui.screens.dialogs.{dialog}")
        # What is wrong with the store is said to whoever acts on it.
        with suppress(PocError):
            self._open_desk()

    def _open_desk(self) -> Desk:
        with self._loading:
            if self._closed:
                raise Refused("the desk is closing; nothing was stored")
            if self._desk is None:
                from poc_tui.store.desk import Desk

                self._desk = Desk(
                    self.path,
                    self.clock,
                    self.settings.deadlines,
                    actor=self.settings.name,
                )
            return self._desk
