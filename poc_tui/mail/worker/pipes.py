"""The other end of the pipes to `mail.worker`: threads, since Windows cannot select on pipes."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO

import poc_tui
from poc_tui.errors import PocError
from poc_tui.mail.worker import wire
from poc_tui.mail.worker.wire import WorkerMessage

_TO_START = 60.0
"""Seconds; a machine that is very busy may take some."""


class WorkerDied(Exception):
    """The process ended before it answered."""


class WorkerProcess:
    """One process that reads mail, from its start to its end."""

    def __init__(self, seconds: int) -> None:
        """Start it; by itself it ends when a job takes longer than `seconds`.

        Raises:
            PocError: the operating system will not start it.
        """
        self.answered = 0
        self._ready = False
        self._seconds = seconds
        self._jobs: queue.SimpleQueue[WorkerMessage | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[WorkerMessage | None] = queue.SimpleQueue()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "poc_tui.mail.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Ctrl+C in the terminal goes to the whole session.
                start_new_session=True,
                env=os.environ | {"PYTHONPATH": _where_this_is()},
            )
        except OSError as error:
            raise PocError(
                f"the program that reads mail cannot be started: {error.strerror}"
            ) from error
        self._threads = [
            threading.Thread(target=self._write, args=(self._process.stdin,), daemon=True),
            threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    @property
    def alive(self) -> bool:
        """Whether it can still take a job."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """By which the operating system knows it."""
        return self._process.pid

    def send(self, job: WorkerMessage) -> None:
        """Put a job into the pipe, or behind those that wait for it; returns at once."""
        self._jobs.put(job)

    def answer(self, limit: float) -> WorkerMessage:
        """The next answer.

        Raises:
            TimeoutError: none came within `limit` seconds.
            WorkerDied: the process has ended.
            PocError: it could not even begin.
        """
        if not self._ready:
            try:
                self._next(_TO_START)
            except (TimeoutError, WorkerDied):
                raise PocError(
                    "the program that reads mail does not start;"
                    f" `{sys.executable} -m poc_tui.mail.worker` says why"
                ) from None
            self._ready = True
        answer = self._next(limit)
        self.answered += 1
        return answer

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _next(self, limit: float) -> WorkerMessage:
        try:
            message = self._answers.get(timeout=limit)
        except queue.Empty:
            raise TimeoutError from None
        if message is None:
            raise WorkerDied
        return message

    def _write(self, pipe: IO[bytes]) -> None:
        # What the process does not take when it ends is lost with it.
        with suppress(OSError), pipe:
            while (job := self._jobs.get()) is not None:
                what, data = job
                wire.send(pipe, {**what, "seconds": self._seconds}, data)

    def _read(self, pipe: IO[bytes]) -> None:
        with suppress(OSError, ValueError), pipe:
            while (message := wire.receive(pipe)) is not None:
                self._answers.put(message)
        self._answers.put(None)


def _where_this_is() -> str:
    """The path by which the process finds this package, however this one found it."""
    return os.pathsep.join(
        filter(None, (os.environ.get("PYTHONPATH"), os.path.dirname(poc_tui.__path__[0])))
    )
