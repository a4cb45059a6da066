"""Work on threads that do not keep the program from ending, as `asyncio.to_thread` would."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TypeVar

T = TypeVar("T")


async def in_background(work: Callable[[], T], name: str) -> T:
    """What `work` returns or raises, done on a thread of that name."""
    return await BackgroundThreads(name).run(work)


class BackgroundThreads:
    """Some such threads, which can be waited for."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._running: set[threading.Thread] = set()

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()

        def settle(outcome: Callable[[], None]) -> None:
            self._running.discard(thread)
            if not future.done():
                outcome()

        def run() -> None:
            try:
                outcome = partial(future.set_result, work())
            except Exception as error:
                outcome = partial(future.set_exception, error)
            with suppress(RuntimeError):  # the desk was left meanwhile
                loop.call_soon_threadsafe(settle, outcome)

        thread = threading.Thread(target=run, name=self._name, daemon=True)
        self._running.add(thread)
        thread.start()
        return await future

    def wait(self, seconds: float) -> None:
        """Wait until all of them have ended, at most that long altogether."""
        until = monotonic() + seconds
        for thread in tuple(self._running):
            thread.join(max(0.0, until - monotonic()))
