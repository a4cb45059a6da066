"""Ports of this computer: a free one, one that answers, a line that is cut in the middle."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest

DEADLINE = 20.0
"""Seconds that a server may take to be ready; far more than it needs."""


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(happened: Callable[[], bool], what: str) -> None:
    """Wait until it has; fail, naming `what`, when it takes longer than `DEADLINE`."""
    deadline = time.monotonic() + DEADLINE
    while not happened():
        if time.monotonic() > deadline:
            pytest.fail(f"waited {DEADLINE:.0f} s for {what}")
        time.sleep(0.01)


def answers(port: int) -> bool:
    """Whether somebody listens on that port of loopback."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def cut_after(port: int, size: int) -> Iterator[int]:
    """A port that leads to `port` of loopback until so many bytes came back from there."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        lines = threading.Thread(target=_pass_on, args=(listening, port, size))
        lines.start()
        try:
            yield int(listening.getsockname()[1])
        finally:
            # Wakes the thread when nobody has connected, and does nothing when somebody has.
            with closing(socket.socket()) as knock:
                knock.connect_ex(listening.getsockname())
            lines.join()


def _pass_on(listening: socket.socket, port: int, size: int) -> None:
    near, _ = listening.accept()
    with near, closing(socket.create_connection(("127.0.0.1", port))) as far:
        while size > 0:
            ready, _, _ = select.select([near, far], [], [])
            if near in ready:
                said = near.recv(1 << 16)
                far.sendall(said)
            else:
                said = far.recv(min(size, 1 << 16))
                near.sendall(said)
                size -= len(said)
            if not said:
                return
