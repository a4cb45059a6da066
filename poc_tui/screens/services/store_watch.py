"""Following what is written to the store, by oneself or by others, and the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, thread_time
from typing import TYPE_CHECKING

from poc_tui.errors import PocError, StoreBusy

if TYPE_CHECKING:
    from datetime import datetime

    from textual.screen import Screen

    from poc_tui.screens.session import Session

POLL_SECONDS = 0.1
"""How often the store is asked whether somebody wrote; asking takes 3 us."""

TYPING_SECONDS = 0.1
"""Who has pressed a key this short a while ago is about to press another."""

RELOAD_SECONDS = 0.3
"""What others write shows this long after it was noticed, also while one types; and no more often
than that, however often they write."""

_RARER, _RAREST_SECONDS = 50, 5.0
"""Reading takes a fiftieth of the time at most, as long as it shows within so many seconds: with
hundreds of thousands of open requests it takes longer than a key may wait."""


class StoreWatch:
    """Knows whether what a screen shows is as new as the store, and has it read anew if not.

    Args:
        screen: its timers are used.
        session: where to read.
        reload: reads anew, within `reading`.
        trouble: told when the store cannot be read.
    """

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        reload: Callable[[], object],
        trouble: Callable[[PocError], object],
    ) -> None:
        self._screen = screen
        self._session = session
        self._reload = reload
        self._trouble = trouble
        self._seen = self._minute = -1
        self._noticed: float | None = None
        self._loaded_at = self._typed_at = 0.0
        self._pause = RELOAD_SECONDS

    @property
    def has_read(self) -> bool:
        """Whether the store could be read at all yet."""
        return self._minute >= 0

    @property
    def is_missing(self) -> bool:
        """Whether the store was too busy when it was read last, so that what is shown is old."""
        return self._seen < 0

    def begin(self) -> None:
        """Read now, and from now on whenever something is new."""
        self._reload()
        self._screen.set_interval(POLL_SECONDS, self._poll)

    def typed(self) -> None:
        """A person has pressed a key; what others write can wait for the next."""
        self._typed_at = monotonic()

    @contextmanager
    def reading(self) -> Iterator[Callable[[], tuple[datetime, bool]]]:
        """What is read and shown within, after a call of what this gives, is as new as the store.

        The call returns the moment (aware UTC), and whether it is in another minute than the one
        before. A store that cannot be read ends the block: a busy one is read again soon.
        """
        now = self._session.clock.now()
        minute = int(now.timestamp()) // 60

        def begin() -> tuple[datetime, bool]:
            self._seen = self._session.reader.data_version()
            return now, minute != self._minute

        self._noticed, self._loaded_at = None, monotonic()
        started = thread_time()
        try:
            yield begin
        except StoreBusy:
            self._seen = -1
        except PocError as error:
            self._trouble(error)
        else:
            self._minute = minute
        took = thread_time() - started
        self._pause = max(RELOAD_SECONDS, min(_RARER * took, _RAREST_SECONDS))

    def is_behind(self) -> bool:
        """Whether somebody has written, or another minute has begun, since it was last read."""
        try:
            written = self._session.reader.data_version() != self._seen
        except StoreBusy:
            return False
        except PocError as error:
            self._trouble(error)
            return False
        return written or int(self._session.clock.now().timestamp()) // 60 != self._minute

    def _poll(self) -> None:
        if not self.is_behind():
            return
        now = monotonic()
        self._noticed = now if self._noticed is None else self._noticed
        typing = now - self._typed_at < TYPING_SECONDS and now - self._noticed < RELOAD_SECONDS
        if not typing and now - self._loaded_at >= self._pause:
            self._reload()
