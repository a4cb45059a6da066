"""Half-typed words: kept on disk while a dialog is open, so that they outlive a crash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from poc_tui.errors import PocError
from poc_tui.screens.workers import begin_work, later
from poc_tui.system.kept_words import HalfTyped

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

PAUSE = 0.3
"""Seconds without a key after which half-typed words are written down."""


class HalfTypedWords:
    """Writes what `words` gives into a file, a moment after the last key in `dialog`.

    `now` gives the moment (aware UTC); `complain` is told when the disk does not take the words.
    """

    def __init__(
        self,
        dialog: Screen[Any],
        file: HalfTyped,
        words: Callable[[], dict[str, str]],
        now: Callable[[], datetime],
        complain: Callable[[str], object],
    ) -> None:
        self._dialog = dialog
        self._file = file
        self._words = words
        self._now = now
        self._complain = complain
        self._pause: Timer | None = None
        self._unwritten: dict[str, str] | None = None

    def typed(self) -> None:
        """Something was typed."""
        self._unwritten = self._words()
        if self._pause is not None:
            self._pause.stop()
        self._pause = later(
            self._dialog, PAUSE, lambda: begin_work(self._dialog, self._write, "words")
        )

    def write_now(self) -> None:
        """Write down what is in the fields, which are about to be gone."""
        self._unwritten = self._words()
        self.write_rest()

    def write_rest(self) -> None:
        """Write down what was typed a moment before the fields were gone."""
        if self._unwritten is not None:
            with suppress(PocError, OSError):
                self._file.write(self._unwritten, self._now())

    async def forget(self) -> None:
        """The words were saved or thrown away."""
        if self._pause is not None:
            self._pause.stop()
        await asyncio.to_thread(self._file.forget)

    async def _write(self) -> None:
        words, self._unwritten = self._words(), None
        try:
            await asyncio.to_thread(self._file.write, words, self._now())
        except (PocError, OSError) as error:
            self._complain(f"these words would not survive a crash: {error}")
