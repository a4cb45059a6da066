"""Files that are being written: private, and gone when whoever writes them is killed.

Each is locked by its writer, and the lock dies with them: what can be locked was left behind.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

from poc_tui.system.locations import private_dir, sync_dir
from poc_tui.system.process_lock import is_free

_SUFFIX = ".unfinished"
_DESCRIPTORS = "/proc/self/fd"


class UnfinishedFile:
    """A file of mode 0600 that has not its name yet."""

    def __init__(self, path: str, descriptor: int) -> None:
        self.path = path
        self._descriptor: int | None = descriptor

    def sync(self) -> None:
        """Have on the disk what is in it by now."""
        if self._descriptor is not None:
            os.fsync(self._descriptor)

    def finish(self, target: str) -> None:
        """Have it on the disk, and give it this name in its folder, in place of what has it."""
        self.sync()
        self.close()  # Windows renames no open file
        os.replace(self.path, target)
        sync_dir(os.path.dirname(target))

    def close(self) -> None:
        """Let the file go, and with it the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


@contextmanager
def unfinished(target: str) -> Iterator[UnfinishedFile]:
    """An empty file beside `target`, taken away when the block ends without `finish`.

    Raises:
        OSError: none can be made.
    """
    made = _made(target)
    try:
        yield made
    finally:
        made.close()
        with suppress(OSError):
            os.unlink(made.path)


@contextmanager
def replacing(target: str) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file `target` when the block ends well, mode 0600.

    Where the system has files without a name, a killed writer leaves nothing; elsewhere the next
    one takes away what was left beside `target`.

    Raises:
        OSError: the disk refuses; what was there is then as it was.
    """
    clear(target)
    folder, name = os.path.split(target)
    nameless = _nameless(folder)
    if nameless is None:
        with unfinished(target) as made:
            with open(made.path, "wb") as file:
                yield file
            made.finish(target)
        return
    named = os.path.join(folder, f".{name}.{os.urandom(8).hex()}{_SUFFIX}")
    with os.fdopen(nameless, "wb") as file:
        yield file
        file.flush()
        os.fsync(nameless)
        # Naming a folder has Python use linkat, which follows the link that this path is.
        os.link(f"{_DESCRIPTORS}/{nameless}", named, src_dir_fd=nameless, follow_symlinks=True)
    os.replace(named, target)
    sync_dir(folder)


def write_private(path: str, content: bytes) -> None:
    """Replace the file `path` by `content`, mode 0600, wholly or not at all, even in a power cut.

    Makes missing directories. A symbolic link stays one: the file it names is replaced. Raises
    `StoreUnreadable` for a directory that cannot be made, and `OSError` as `replacing`.
    """
    target = os.path.realpath(path)
    private_dir(os.path.dirname(target))
    with replacing(target) as file:
        file.write(content)


def clear(target: str) -> None:
    """Take away what was begun for `target`, or for names that begin so, and never finished."""
    folder, name = os.path.split(target)
    with suppress(OSError):
        for entry in os.listdir(folder):
            if entry.startswith(f".{name}") and entry.endswith(_SUFFIX):
                _take_away(os.path.join(folder, entry))


def _made(target: str) -> UnfinishedFile:
    folder, name = os.path.split(target)
    while True:
        # mkstemp makes the file with mode 0600, so it is never open to others.
        descriptor, path = tempfile.mkstemp(dir=folder, prefix=f".{name}.", suffix=_SUFFIX)
        if is_free(descriptor) and os.fstat(descriptor).st_nlink:
            return UnfinishedFile(path, descriptor)
        os.close(descriptor)  # somebody cleared it away before it was locked


def _nameless(folder: str) -> int | None:
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not os.path.isdir(_DESCRIPTORS):
        return None
    try:
        return os.open(folder, flag | os.O_WRONLY, 0o600)
    except OSError:  # not every file system has them
        return None


def _take_away(path: str) -> None:
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            left = is_free(descriptor)
        finally:
            os.close(descriptor)
        if left:
            os.unlink(path)
