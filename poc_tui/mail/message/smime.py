"""What S/MIME wraps a message in (RFC 8551): opened where no key is needed, else named.

Of ASN.1 (X.690) no more is read than leads to the content, which BER may hold in many pieces and
without telling lengths. No signature is checked.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

MAX_CONTENT = 32 * 1024 * 1024
"""Bytes of a content that was compressed."""

_SIGNED = bytes.fromhex("2a864886f70d010702")
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_ENCRYPTED = (
    bytes.fromhex("2a864886f70d010703"),  # enveloped-data (RFC 5652)
    bytes.fromhex("2a864886f70d010706"),  # encrypted-data
    bytes.fromhex("2a864886f70d0109100117"),  # auth-enveloped-data (RFC 5083)
)
_SEQUENCE, _OID, _OCTETS, _EXPLICIT = 0x30, 0x06, 0x04, 0xA0
_CONSTRUCTED, _MULTI_BYTE = 0x20, 0x1F
_MAX_ELEMENTS = 200_000
_MAX_DEPTH = 20


class Unreadable(Exception):
    """Nobody can read it without a key."""


def content(data: bytes) -> bytes | None:
    """The message inside of a signed or a compressed one; None for what is neither.

    Raises:
        Unreadable: it is encrypted.
    """
    try:
        kind, inside = _typed(memoryview(data))
        if kind in _ENCRYPTED:
            raise Unreadable
        if kind not in (_SIGNED, _COMPRESSED):
            return None
        # SignedData and CompressedData: a version, what it was made by, then what it holds.
        _, content = _typed(_nth(inside, 2))
        raw = b"".join(_octets(content))
    except (ValueError, IndexError):
        return None
    if kind == _SIGNED:
        return raw
    try:
        return zlib.decompressobj().decompress(raw, MAX_CONTENT)
    except zlib.error:
        return None


def _typed(value: memoryview) -> tuple[bytes, memoryview]:
    """A ContentInfo or the like: the type that is named, and what lies in the [0] behind it."""
    _, fields, _ = _element(value, _SEQUENCE)
    _, kind, rest = _element(fields, _OID)
    _, inside, _ = _element(rest, _EXPLICIT)
    return bytes(kind), inside


def _nth(value: memoryview, index: int) -> memoryview:
    """The sequence at `value` from its element of that index on."""
    _, rest, _ = _element(value, _SEQUENCE)
    for _ in range(index):
        _, _, rest = _element(rest)
    return rest


def _element(value: memoryview, wanted: int | None = None) -> tuple[int, memoryview, memoryview]:
    """The tag of the element at `value`, its content, and what follows it.

    Raises ValueError or IndexError for what is none, or is not the one that is `wanted`.
    """
    tag = value[0]
    if wanted is not None and tag != wanted:
        raise ValueError("another element was expected")
    start, length = _header(value, 0)
    if length is not None:
        return tag, value[start : start + length], value[start + length :]
    place, open_ones = start, 1
    for _ in range(_MAX_ELEMENTS):
        if place >= len(value):  # cut off on the way: what is there counts
            return tag, value[start:], value[:0]
        ended = value[place] == value[place + 1] == 0  # the end-of-contents octets
        inner, length = _header(value, place)
        open_ones += -1 if ended else length is None
        if not open_ones:
            return tag, value[start:place], value[inner:]
        place = inner + (length or 0)
    raise ValueError("it has too many elements")


def _header(value: memoryview, place: int) -> tuple[int, int | None]:
    """Where the content of the element at `place` begins, and its length; None if not told."""
    if value[place] & _MULTI_BYTE == _MULTI_BYTE:
        raise ValueError("a message has no tags of several bytes")
    length = value[place + 1]
    if length < 0x80:
        return place + 2, length
    end = place + 2 + length - 0x80
    return end, int.from_bytes(value[place + 2 : end], "big") if length > 0x80 else None


def _octets(value: memoryview) -> Iterator[memoryview]:
    """The pieces of an OCTET STRING, which BER may hold in one element or in many (X.690, 8.7)."""
    waiting = [value]
    for _ in range(_MAX_ELEMENTS):
        if not waiting or len(waiting) > _MAX_DEPTH:
            return
        rest = waiting.pop()
        if not rest:
            continue
        tag, inside, after = _element(rest)
        if tag & ~_CONSTRUCTED != _OCTETS:
            continue
        waiting.append(after)
        if tag & _CONSTRUCTED:
            waiting.append(inside)
        else:
            yield inside
