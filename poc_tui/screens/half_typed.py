"""Half-typed words: kept on disk while a dialog is open, so that they outlive a crash."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from poc_tui.errors import PocError
from poc_tui.screens.workers import begin_work, later
from poc_tui.system.files import read_file

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

PAUSE = 0.3
"""Seconds without a key after which half-typed words are written down."""

_LARGEST = 40_000_000
"""Bytes; what a few fields hold at the most is far less."""


class KeptWords(NamedTuple):
    """What was typed, by the id of its field, and when (aware UTC)."""

    at: datetime
    words: Mapping[str, str]


class HalfTyped:
    """The words of one dialog about certain requests of one store.

    They lie in a file of mode 0600 in `directory`. May be called from any thread; after `forget`
    nothing is written any more, so that a slow write cannot bring back what was saved.

    Args:
        directory: where half-typed words are kept.
        store: the path of the store; two stores may hold requests of the same number.
        dialog: the name of the dialog, such as `forward`.
        numbers: what the dialog acts on.
    """

    def __init__(self, directory: str, store: str, dialog: str, numbers: Sequence[int]) -> None:
        which = sha256(os.path.abspath(store).encode("utf-8", "surrogateescape")).hexdigest()[:12]
        self.path = os.path.join(directory, which, f"{dialog}{_tail(numbers)}.json")
        self._lock = threading.Lock()
        self._over = False

    def read(self) -> KeptWords | None:
        """What was kept; None if there is nothing, or nothing that can be read."""
        try:
            content = read_file(self.path, _LARGEST)
            kept = json.loads(content.decode("utf-8", "surrogatepass"))
            at = datetime.fromisoformat(kept["at"]).astimezone(UTC)
            return KeptWords(at, {str(id): str(words) for id, words in kept["words"].items()})
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return None

    def write(self, words: Mapping[str, str], at: datetime) -> None:
        """Keep these words; without any, keep nothing.

        Raises:
            StoreUnreadable, OSError: the disk does not take them.
        """
        from poc_tui.system.unfinished import write_private

        with self._lock:
            if self._over:
                return
            if not words:
                self._remove()
                return
            content = json.dumps(
                {"at": at.isoformat(), "words": dict(words)}, ensure_ascii=False, indent=1
            )
            write_private(self.path, content.encode("utf-8", "surrogatepass"))

    def forget(self) -> None:
        """The words were saved or thrown away: nothing is kept from now on."""
        with self._lock:
            self._over = True
            self._remove()

    def _remove(self) -> None:
        try:
            os.unlink(self.path)
        except OSError:
            return


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


def _tail(numbers: Sequence[int]) -> str:
    if len(numbers) <= 4:
        return "".join(f"-{number}" for number in numbers)
    # Hundreds of numbers do not fit into the name of a file.
    digest = sha256(",".join(map(str, numbers)).encode()).hexdigest()[:12]
    return f"-{numbers[0]}-and-{len(numbers) - 1}-more-{digest}"
