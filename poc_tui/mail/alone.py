"""One at a time: who fetches or sends for a store holds a lock that dies with them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from poc_tui.errors import MailFailed
from poc_tui.locations import private_file

Work = Literal["fetching", "sending"]


@contextmanager
def alone(path: str, what: Work) -> Iterator[bool]:
    """Whether nobody else is doing this for the store at `path`; until the block ends, nobody will.

    Holds between processes and between threads. The operating system frees it when this process
    dies, so whoever holds it knows that what an earlier one began, it will not go on with. The
    file `<store>.<what>` beside the store stays; it is always empty.

    Raises `MailFailed` where files cannot be locked, `StoreUnreadable` where none can be made.
    """
    # Two names of one store are one lock.
    name = f"{os.path.realpath(path)}.{what}"
    private_file(name)
    descriptor = os.open(name, os.O_RDWR)
    try:
        yield _locked(descriptor, name)
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _locked(descriptor: int, name: str) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(descriptor: int, name: str) -> bool:
        try:
            # Unlike a POSIX lock (lockf), it belongs to this opening of the file: a second thread
            # is kept out too, and closing another descriptor does not free it.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            raise MailFailed(
                f"{name} cannot be locked: {error.strerror}. Put the store on a disk of this"
                " computer."
            ) from error
        return True
