"""Locks that die with whoever holds them: one at a time, and who is there at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

from poc_tui.errors import StoreUnreadable
from poc_tui.system.locations import private_file

Work = Literal["fetching", "sending", "copying", "backing-up", "open"]


@contextmanager
def alone(path: str, what: Work) -> Iterator[bool]:
    """Whether nobody else is doing this for the store at `path`; until the block ends, nobody will.

    Holds between processes and between threads. The operating system frees it when this process
    dies, so whoever holds it knows that what an earlier one began, it will not go on with. The
    file `<store>.<what>` beside the store stays; it is always empty.

    Raises:
        StoreUnreadable: files cannot be locked, or none can be made.
    """
    with _opened(path, what) as (descriptor, name):
        granted = is_free(descriptor, name)
        if granted:
            os.utime(name)
        yield granted


@contextmanager
def among_others(path: str, what: Work) -> Iterator[None]:
    """Any number hold this at once for the store at `path`, and nobody is `alone` meanwhile.

    Where the system knows no such locks it keeps nobody out. Raises as `alone`.
    """
    with _opened(path, what) as (descriptor, _):
        _shared(descriptor)
        yield


def tried_at(path: str, what: Work) -> float:
    """When this was last begun for the store at `path`, in seconds since 1970; 0 for never."""
    try:
        return os.stat(_name(path, what)).st_mtime
    except OSError:
        return 0.0


@contextmanager
def _opened(path: str, what: Work) -> Iterator[tuple[int, str]]:
    name = _name(path, what)
    private_file(name)
    descriptor = os.open(name, os.O_RDWR)
    try:
        yield descriptor, name
    finally:
        os.close(descriptor)


def _name(path: str, what: Work) -> str:
    # Two names of one store are one lock.
    return f"{os.path.realpath(path)}.{what}"


if sys.platform == "win32":
    import msvcrt

    def is_free(descriptor: int, name: str = "a file of poc") -> bool:
        """Take the lock of an open file that nobody else holds, until the file is closed."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _shared(descriptor: int) -> None:
        """Windows itself keeps a file that is open from being replaced."""

else:
    import fcntl

    def is_free(descriptor: int, name: str = "a file of poc") -> bool:
        """Take the lock of an open file that nobody else holds, until the file is closed."""
        try:
            # Unlike a POSIX lock (lockf), it belongs to this opening of the file: a second thread
            # is kept out too, and closing another descriptor does not free it.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise StoreUnreadable(
                f"{name} cannot be locked: {error.strerror}. Put the store on a disk of this"
                " computer."
            ) from error
        return True

    def _shared(descriptor: int) -> None:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
