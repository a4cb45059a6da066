"""What is attached to a message: listed, and taken out again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from poc_tui.errors import NotFound
from poc_tui.mail.message import charsets
from poc_tui.mail.message.bodies import Bodies, read_as_text
from poc_tui.mail.message.headers import HeaderFields, one_line, words
from poc_tui.mail.message.structure import Entity, Structure
from poc_tui.mail.message.transfer import MAX_UU_FILES, UuFile, uu_files
from poc_tui.rules.mail.message import Part

if TYPE_CHECKING:
    from mimetypes import MimeTypes

MAILS = ("message/rfc822", "message/global")
"""What another mail is attached as (RFC 2046, RFC 6532)."""

_LONGEST_SUBJECT = 100
# What Python's own table does not know, or knows in several ways.
_SUFFIXES = {
    "application/octet-stream": "", "application/ics": ".ics", "application/pgp-signature": ".asc",
    "application/pkcs7-mime": ".p7m", "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-mime": ".p7m", "application/x-pkcs7-signature": ".p7s",
    "application/x-zip-compressed": ".zip", "audio/mpeg": ".mp3", "image/heic": ".heic",
    "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/tiff": ".tif", "image/webp": ".webp",
    "message/delivery-status": ".txt", "message/disposition-notification": ".txt",
    "message/global": ".eml", "message/rfc822": ".eml", "text/calendar": ".ics",
    "text/html": ".html", "text/plain": ".txt", "text/rfc822-headers": ".txt", "text/rtf": ".rtf",
    "text/vcard": ".vcf", "text/x-vcard": ".vcf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
}  # fmt: skip


def parts(structure: Structure, found: Bodies) -> tuple[Part, ...]:
    """Everything attached, by the place of each among the leaves; files in uuencode come last."""
    places = {id(leaf): index for index, leaf in enumerate(structure.leaves)}
    listed = [_part(places[id(leaf)], leaf, leaf.body()) for leaf in found.attached]
    listed += [
        _described(index, file) for index, file in enumerate(_uu_files(structure), len(places))
    ]
    return tuple(listed)


def part(raw: bytes, index: int) -> tuple[Part, bytes]:
    """One part of a message, decoded, by the index that `rules.mail.message.Part` gives it.

    Raises:
        NotFound: the message has no such part.
    """
    (found,) = some(raw, [index])
    return found


def some(raw: bytes, indices: Sequence[int]) -> list[tuple[Part, bytes]]:
    """Several parts of a message, in that order; the message is looked through once.

    Raises:
        NotFound: the message has not all of them.
    """
    structure = Structure(raw)
    leaves = structure.leaves
    files = _uu_files(structure) if any(index >= len(leaves) for index in indices) else []
    found = []
    for index in indices:
        if 0 <= index < len(leaves):
            leaf = leaves[index]
            data = leaf.body()
            found.append((_part(index, leaf, data), data))
        elif 0 <= index - len(leaves) < len(files):
            file = files[index - len(leaves)]
            found.append((_described(index, file), file.data))
        else:
            raise NotFound(f"the mail has no part {index}; its parts are listed with it")
    return found


def _part(index: int, leaf: Entity, data: bytes) -> Part:
    """What is attached, by a name that says what it is: a mail by its subject, else by its type."""
    name = leaf.name
    if not name:
        subject = ""
        if leaf.type in MAILS:
            header = HeaderFields(data, len(data) - len(data.lstrip(b"\r\n")), len(data))
            subject = one_line(words(header.first("subject")), _LONGEST_SUBJECT)
        name = (subject or f"part-{index + 1}") + _suffix(leaf.type)
    return Part(index, name, leaf.type, len(data))


def _suffix(type: str) -> str:
    """What a file of that type ends in, the same on every computer; "" if nobody knows."""
    if type in _SUFFIXES:
        return _SUFFIXES[type]
    return _known_types().guess_extension(type, strict=False) or ""


@cache
def _known_types() -> MimeTypes:
    """Python's own table, without what this computer adds to it."""
    from mimetypes import MimeTypes

    return MimeTypes()


def _uu_files(structure: Structure) -> list[UuFile]:
    files: list[UuFile] = []
    readable = read_as_text(structure)
    for leaf in structure.leaves:
        is_text_of_it = leaf.type in ("text/plain", "text/html") and leaf in readable
        if len(files) < MAX_UU_FILES and is_text_of_it:
            files += uu_files(leaf.body())
    return files[:MAX_UU_FILES]


def _described(index: int, file: UuFile) -> Part:
    name = one_line(charsets.decode(file.name), 255)
    return Part(index, name, "application/octet-stream", len(file.data))
