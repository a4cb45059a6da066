"""Mail read in a process of its own, which is ended when it takes too long."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, tzinfo
from typing import TypeVar

from poc_tui.errors import NotFound, PocError
from poc_tui.mail.worker import wire
from poc_tui.mail.worker.pipes import WorkerDied, WorkerProcess
from poc_tui.mail.worker.wire import WorkerMessage
from poc_tui.rules.mail.message import Mail, Nature, Part

LIMIT = 10.0
"""Seconds for one mail."""

_AHEAD = 2
"""Mails that are under way at once: while one is stored the next is read."""

_K = TypeVar("_K")


class MailReader(AbstractContextManager["MailReader"]):
    """Reads mail and never fails on account of one.

    The process starts with the first job and is started anew after one that it did not survive.
    To be used by one thread at a time, and for nothing else while `read_ahead` goes on.
    """

    def __init__(self, limit: float = LIMIT, zone: tzinfo = UTC) -> None:
        """`limit`: seconds that one mail may take. `zone`: in which times are told."""
        self._job = {"job": wire.READ, "zone": getattr(zone, "key", "")}
        self._limit = limit
        self._child: WorkerProcess | None = None
        self._waiting: deque[WorkerMessage] = deque()

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """By which the operating system knows the process, if there is one."""
        return self._child.pid if self._child is not None else None

    def read(self, raw: bytes) -> Mail:
        """What `raw` says; of nature `UNREADABLE`, with a sentence, if that cannot be found out."""
        self._send((self._job, raw))
        return self._mail()

    def read_ahead(self, mails: Iterable[tuple[_K, bytes]]) -> Iterator[tuple[_K, Mail]]:
        """Each of `mails` with its key, in their order; the next is read while one is used."""
        keys: deque[_K] = deque()
        try:
            for key, raw in mails:
                self._send((self._job, raw))
                keys.append(key)
                if len(keys) >= _AHEAD:
                    yield keys.popleft(), self._mail()
            while keys:
                yield keys.popleft(), self._mail()
        finally:
            if self._waiting:  # nobody takes these answers any more
                self.close()

    def part(self, raw: bytes, index: int) -> bytes:
        """One part of a mail, decoded, by the index that `Part` gives it.

        Raises:
            NotFound: there is no such part.
            PocError: it cannot be taken out of the mail.
        """
        ((_, data),) = self.parts(raw, [index])
        return data

    def parts(self, raw: bytes, indices: Sequence[int]) -> list[tuple[Part, bytes]]:
        """Several parts of one mail, in that order, within the time that one mail may take.

        Raises:
            NotFound: they are not all there.
            PocError: they cannot be taken out of the mail.
        """
        self._send(({"job": wire.PARTS, "indices": list(indices)}, raw))
        try:
            what, data = self._answer()
        except _Unread as error:
            raise PocError(f"what is attached {error}; save the original instead") from None
        if not what["done"]:
            raise NotFound(data.decode())
        return wire.to_parts(data)

    def close(self) -> None:
        """End the process, if there is one."""
        self._waiting.clear()
        self._end_child()

    def _send(self, job: WorkerMessage) -> None:
        self._waiting.append(job)
        if self._child is not None and self._child.alive:
            self._child.send(job)
        elif len(self._waiting) == 1:
            self._start()

    def _start(self) -> WorkerProcess:
        """A new process, with all jobs that wait for an answer."""
        self._end_child()
        self._child = WorkerProcess(math.ceil(self._limit) + 2)
        for job in self._waiting:
            self._child.send(job)
        return self._child

    def _mail(self) -> Mail:
        try:
            return wire.from_json(self._answer()[1])
        except _Unread as error:
            return Mail(nature=Nature.UNREADABLE, trouble=(f"It {error}; the original is kept.",))

    def _answer(self) -> WorkerMessage:
        """The answer to the job that waits longest.

        Raises:
            _Unread: there is none.
            PocError: no process can be started.
        """
        try:
            child = self._child or self._start()
            while True:
                try:
                    return child.answer(self._limit)
                except WorkerDied:
                    if not child.answered:
                        raise
                    # It may have died of what was before, or of old age: this job gets its own.
                    child = self._start()
        except (WorkerDied, TimeoutError) as error:
            self._end_child()
            raise _Unread(
                f"could not be read within {self._limit:g} seconds"
                if isinstance(error, TimeoutError)
                else "could not be read: the program that reads mail broke off"
            ) from None
        except PocError:
            self.close()
            raise
        finally:
            if self._waiting:
                self._waiting.popleft()

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Unread(Exception):
    """The process gave no answer; `str()` says why, to go on after "it"."""
