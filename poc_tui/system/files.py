"""The one way to read a file that a person names, whatever lies there.

Only a regular file is read: a pipe or a device may never end, and opening one may wait for ever.
How much is read is bounded, however large the file is or grows. What is wrong comes as an
`OSError`, whose `strerror` completes the sentence "FILE cannot be read: ...".
"""

from __future__ import annotations

import errno
import io
import os
import stat
from typing import Any, BinaryIO, cast

from poc_tui.rules.text import size

MOST_WRITTEN = 256_000
"""Bytes of a file that a person writes by hand, such as the settings."""

_KINDS = {
    stat.S_IFIFO: "it is a pipe, and a file is needed",
    stat.S_IFCHR: "it is a device, and a file is needed",
    stat.S_IFBLK: "it is a device, and a file is needed",
    stat.S_IFSOCK: "it is a socket, and a file is needed",
}


class UnfitFileError(OSError):
    """What lies there is no file, or too large a one; `strerror` says which."""


def open_file(path: str | os.PathLike[str], *, buffered: bool = True) -> BinaryIO:
    """Open a regular file, or a link to one, for reading bytes. Never waits for another program.

    Raises:
        UnfitError: it is a pipe, a device, a socket, or no name of a file.
        OSError: it is not there, is a directory, or may not be read.
    """
    try:
        # Before it is opened: opening alone sets some devices going.
        _refuse_odd(os.stat(path).st_mode, path)
        descriptor = os.open(path, _FLAGS)
    except ValueError as error:  # a zero byte, or a sign that names here cannot hold
        raise UnfitFileError(errno.EINVAL, "that is no name of a file", path) from error
    try:
        _refuse_odd(os.fstat(descriptor).st_mode, path)
        raw = _Ready(descriptor)
        return cast("BinaryIO", io.BufferedReader(raw, _BUFFER) if buffered else raw)
    except BaseException:
        os.close(descriptor)
        raise


def read_file(path: str | os.PathLike[str], most: int) -> bytes:
    """The content of a regular file of at most `most` bytes.

    Raises:
        UnfitFileError: it is larger; and what `open_file` raises.
    """
    with open_file(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise UnfitFileError(errno.EFBIG, f"it is larger than {size(most)}", path)
    return content


def read_text(path: str | os.PathLike[str], most: int) -> str:
    """The same as text, without a byte order mark and with each line end as one character.

    Raises:
        UnfitFileError: it is not UTF-8, with the line; and what `read_file` raises.
    """
    content = read_file(path, most)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnfitFileError(errno.EILSEQ, f"line {line} is not UTF-8", path) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Ready(io.FileIO):
    """Reads what is there; what would have to be waited for, as a kernel's log, is refused."""

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer)
        if count is None:
            raise UnfitFileError(errno.EAGAIN, "it gives nothing to read")
        return count


_BUFFER = 64 * 1024
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_FLAGS |= getattr(os, "O_BINARY", 0)


def _refuse_odd(mode: int, path: str | os.PathLike[str]) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(mode):
        raise UnfitFileError(errno.EINVAL, _KINDS.get(stat.S_IFMT(mode), "it is no file"), path)
