"""Messages in the forms that S/MIME and Outlook wrap them in, made by hand."""

from __future__ import annotations

import base64
import zlib
from struct import pack

SIGNED, ENVELOPED = "2a864886f70d010702", "2a864886f70d010703"
AUTH_ENVELOPED, COMPRESSED = "2a864886f70d0109100117", "2a864886f70d0109100109"
_DATA = "2a864886f70d010701"


def element(tag: int, *content: bytes, told: bool = True) -> bytes:
    """An ASN.1 element (X.690); without its length being `told` it ends by its end-of-contents."""
    inside = b"".join(content)
    if not told:
        return bytes((tag, 0x80)) + inside + b"\0\0"
    size = len(inside)
    if size < 0x80:
        return bytes((tag, size)) + inside
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 + len(length))) + length + inside


def cms(kind: str, message: bytes, *, told: bool = True, piece: int = 0) -> bytes:
    """A CMS message of that kind (RFC 5652) around `message`; in pieces of so many bytes."""
    if kind == COMPRESSED:
        message = zlib.compress(message)
    octets = element(0x04, message)
    if piece:
        pieces = (message[at : at + piece] for at in range(0, len(message), piece))
        octets = element(0x24, *(element(0x04, one) for one in pieces), told=told)
    inner = element(
        0x30, element(0x06, bytes.fromhex(_DATA)), element(0xA0, octets, told=told), told=told
    )
    inside = element(0x30, element(2, b"\1"), element(0x31, told=told), inner, told=told)
    oid = element(0x06, bytes.fromhex(kind))
    return element(0x30, oid, element(0xA0, inside, told=told), told=told)


def of_type(type: str, data: bytes, *more: str) -> str:
    """The header and body of a part that holds these bytes."""
    head = "\n".join((f"Content-Type: {type}", "Content-Transfer-Encoding: base64", *more))
    return f"{head}\n\n{base64.encodebytes(data).decode()}"


def attribute(level: int, id: int, value: bytes) -> bytes:
    """An attribute of TNEF (MS-OXTNEF, 2.1.3.1); nobody looks at its checksum."""
    return pack("<BII", level, id, len(value)) + value + b"\0\0"


def properties(*given: tuple[int, int, bytes]) -> bytes:
    """Properties by type, id and value (MS-OXTNEF, 2.1.3.4)."""
    rows = [pack("<I", len(given))]
    for type, id, value in given:
        rows.append(pack("<HH", type, id))
        rows.append(value if type == 3 else pack("<II", 1, len(value)))
        rows.append(b"" if type == 3 else value + b"\0" * (-len(value) % 4))
    return b"".join(rows)


def tnef(*attributes: bytes) -> bytes:
    """A `winmail.dat` of these attributes."""
    return pack("<IH", 0x223E9F78, 1) + b"".join(attributes)


def file(title: bytes, data: bytes, *given: tuple[int, int, bytes]) -> bytes:
    """The attributes of an attached file."""
    more = attribute(2, 0x69005, properties(*given)) if given else b""
    return (
        attribute(2, 0x69002, b"\0" * 14)
        + attribute(2, 0x18010, title + b"\0")
        + (attribute(2, 0x6800F, data) if data else b"")
        + more
    )


def packed_rtf(document: bytes) -> bytes:
    """RTF as a property holds it (MS-OXRTFCP), without a single reference back."""
    runs = [document[at : at + 8] for at in range(0, len(document), 8)]
    body = b"".join(b"\0" + run for run in runs)
    return pack("<II4sI", len(body) + 12, len(document), b"LZFu", 0) + body
