"""Content-Transfer-Encoding undone (RFC 2045, section 6), however broken the middle is."""

from __future__ import annotations

import binascii
import re
from typing import NamedTuple

_SPACE_AT_END = re.compile(rb"=[ \t]++(?=\r?\n)")
_NOT_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)
_UU_BEGIN = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n(?=[ -`])", re.M)
_UU_END = re.compile(rb"^end[ \t]*\r?$", re.M)


MAX_UU_FILES = 100
"""Of one text."""


class UuFile(NamedTuple):
    """A file that stands in the middle of a text in uuencode; `start` to `end` are its place."""

    name: bytes
    data: bytes
    start: int
    end: int


def decoded(body: bytes | memoryview, encoding: str) -> bytes:
    """`body` as it was before it was encoded for the way. Never raises.

    An encoding that nobody knows is none. Of base64 that is damaged, whatever is not of its
    alphabet is skipped.
    """
    if encoding == "base64":
        return _from_base64(body)
    if encoding == "quoted-printable":
        data = bytes(body)
        return binascii.a2b_qp(_SPACE_AT_END.sub(b"=", data)) if b"=" in data else data
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        files = uu_files(bytes(body))
        return files[0].data if files else bytes(body)
    return bytes(body)


def uu_files(text: bytes) -> list[UuFile]:
    """The uuencoded files in a text, in order, at most `MAX_UU_FILES`.

    Those without an end line are none.
    """
    files: list[UuFile] = []
    if b"begin " not in text:
        return files
    place = 0
    while len(files) < MAX_UU_FILES and (begin := _UU_BEGIN.search(text, place)):
        end = _UU_END.search(text, begin.end())
        if end is None:
            break
        data = b"".join(map(_uu_line, text[begin.end() : end.start()].splitlines()))
        files.append(UuFile(begin[1], data, begin.start(), end.end()))
        place = end.end()
    return files


def _from_base64(body: bytes | memoryview) -> bytes:
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        letters = bytes(body).translate(None, _NOT_BASE64)
        # One letter of four holds no whole byte.
        letters = letters[:-1] if len(letters) % 4 == 1 else letters
        return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def _uu_line(line: bytes) -> bytes:
    if not line:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders count the padding wrong; the line's first letter says how long it is.
        whole = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:whole])
        except binascii.Error:
            return b""
