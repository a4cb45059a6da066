"""The lines of a file to import from: their bytes, and their text whatever wrote them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes; a longer line is not a request, and must not fill the memory."""

UTF_8, UTF_16_LE, UTF_16_BE = "utf-8", "utf-16-le", "utf-16-be"
MARKS = {UTF_8: codecs.BOM_UTF8, UTF_16_LE: codecs.BOM_UTF16_LE, UTF_16_BE: codecs.BOM_UTF16_BE}
"""What a file begins with that says how it is encoded."""


def encoding_of(head: bytes) -> str:
    """How the file that begins so is encoded: by its mark, else UTF-8."""
    return next((name for name, mark in MARKS.items() if head.startswith(mark)), UTF_8)


def lines(stream: BinaryIO, encoding: str = UTF_8) -> Iterator[tuple[int, bytes]]:
    """Line numbers from 1, and the line with its end, without the mark at the start of the file.

    One that is longer than `LONGEST_LINE` comes cut there.
    """
    number = 0
    while line := _line(stream, encoding, LONGEST_LINE):
        number += 1
        cut = is_cut(line, encoding)
        yield number, line.removeprefix(MARKS[encoding]) if number == 1 and not cut else line
        while cut and is_cut(line, encoding):
            line = _line(stream, encoding, LONGEST_LINE)


def is_cut(line: bytes, encoding: str = UTF_8) -> bool:
    """Whether `lines` had to cut this one."""
    return len(line) >= LONGEST_LINE and not line.endswith("\n".encode(encoding))


def without_end(line: bytes, encoding: str) -> bytes:
    """The line without what ends it."""
    if encoding == UTF_8:
        return line.rstrip(b"\r\n")
    ends = tuple(sign.encode(encoding) for sign in "\r\n")
    while line.endswith(ends):
        line = line[:-2]
    return line


def text_of(raw: bytes, encoding: str) -> tuple[str, bool]:
    """What the bytes say, and whether they are in the encoding of the file.

    Bytes that are not UTF-8 are Windows-1252, as a row is that another program has added. It
    leaves five bytes open; escaped, they become U+FFFD when the text is stored.
    """
    try:
        return raw.decode(encoding), True
    except UnicodeDecodeError:
        if encoding == UTF_8:
            return raw.decode("cp1252", "surrogateescape"), False
        return raw.decode(encoding, "replace"), False


def _line(stream: BinaryIO, encoding: str, longest: int) -> bytes:
    """Up to the next line end or to so many bytes, whichever comes first."""
    if encoding == UTF_8:
        return stream.readline(longest)
    end = "\n".encode(encoding)
    line = bytearray()
    while len(line) < longest:
        part = stream.readline(longest - len(line))
        line += part
        if not part:
            break
        if len(line) % 2:
            # Half of a character: the line end of one byte was its first half.
            line += stream.read(1)
        if line.endswith(end):
            break
    return bytes(line)
