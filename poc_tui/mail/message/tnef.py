"""`winmail.dat`: what Outlook wraps text and files in (MS-OXTNEF, MS-OXCDATA), opened.

What is inside becomes parts as MIME has them, so that they are read as all others are.
"""

from __future__ import annotations

from collections.abc import Iterator
from mimetypes import MimeTypes
from struct import error, unpack_from
from typing import NamedTuple
from urllib.parse import quote

from poc_tui.mail.message import charsets, rtf

MAX_FILES = 200
MAX_PROPERTIES = 5000
_MAX_DEPTH = 5

_SIGNATURE = 0x223E9F78
_BODY, _CODEPAGE, _PROPERTIES = 0x800C, 0x9007, 0x9003
_NEW_FILE, _FILE_NAME, _FILE_DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
# Properties (MS-OXPROPS): what they are called there stands behind PidTag.
_P_BODY, _P_RTF, _P_HTML = 0x1000, 0x1009, 0x1013
_P_INTERNET_CODEPAGE, _P_DATA, _P_MIME_TYPE = 0x3FDE, 0x3701, 0x370E
_P_NAMES = (0x3707, 0x3704, 0x3001)  # AttachLongFilename, AttachFilename, DisplayName
_UNICODE, _BINARY, _OBJECT = 0x1F, 0x0102, 0x0D
_MULTIPLE, _NAMED = 0x1000, 0x8000
_WIDTHS = {2: 4, 3: 4, 4: 4, 0xA: 4, 0xB: 4, 5: 8, 6: 8, 7: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_MESSAGE = bytes.fromhex("0703020000000000c000000000000046")  # IID_IMessage

_Values = dict[int, tuple[int, memoryview]]
"""Properties by their id: of which type, and the bytes."""


class _File(NamedTuple):
    title: bytes
    data: memoryview
    properties: _Values


def opened(data: bytes) -> list[bytes]:
    """The text, if there is one, and the files, each as a part with its own header.

    Raises:
        ValueError: it is no TNEF, or damaged so that nothing of it can be read.
    """
    return _Opening().parts(memoryview(data), 0)


class _Opening:
    """One `winmail.dat` and all that lies in it; `room` is left for rich text to be unpacked."""

    def __init__(self) -> None:
        self.room = rtf.MAX_BYTES

    def parts(self, stream: memoryview, depth: int) -> list[bytes]:
        """What a stream holds. Raises ValueError for what is none."""
        try:
            if unpack_from("<I", stream) != (_SIGNATURE,):
                raise ValueError("it is no TNEF")
            message = _Message()
            for level, id, value in _attributes(stream):
                message.take(level, id, value)
            text, files = self._text(message), message.files
            parts = (part for file in files for part in self._part(message, file, depth))
            return [*text, *parts]
        except error as broken:
            raise ValueError("it is damaged") from broken

    def _text(self, message: _Message) -> Iterator[bytes]:
        """The plainest form of the text that says something."""
        for form, text in (("plain", message.plain()), ("html", message.said(_P_HTML))):
            if text.strip():
                yield _text(form, text)
                return
        if packed := message.properties.get(_P_RTF):
            try:
                document = rtf.unpacked(bytes(packed[1]), self.room)
            except ValueError:
                return
            self.room -= len(document)
            yield b"Content-Type: text/rtf\n\n" + document

    def _part(self, message: _Message, file: _File, depth: int) -> Iterator[bytes]:
        """What is attached, as a part; a message in it as its words, its files behind it."""
        names = (message.decoded(file.properties.get(id)) for id in _P_NAMES)
        name = next(filter(None, names), "") or message.in_codepage(file.title)
        type, data = file.properties.get(_P_DATA, (0, file.data))
        if type == _OBJECT and data[:16] == _MESSAGE:
            if depth < _MAX_DEPTH:
                yield from self._message(data[16:], name, depth)
            return
        data = file.data if len(file.data) else data[16:] if type == _OBJECT else data
        said = message.decoded(file.properties.get(_P_MIME_TYPE))
        if not (said.isascii() and said.isprintable() and "/" in said):
            said = MimeTypes().guess_type(name)[0] or "application/octet-stream"
        yield _head(said, name) + data

    def _message(self, stream: memoryview, name: str, depth: int) -> Iterator[bytes]:
        try:
            inside = self.parts(stream, depth + 1)
        except ValueError:
            return
        for part in inside:
            is_its_text = part.startswith(b"Content-Type: text/") and b"filename" not in part[:200]
            yield (
                _head("message/rfc822", f"{name or 'Message'}.eml") + part if is_its_text else part
            )


def _attributes(stream: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Level, id and value of each attribute (MS-OXTNEF, 2.1.3); one cut short is the last."""
    place = 6
    while place + 9 <= len(stream):
        level, id, length = unpack_from("<BIi", stream, place)
        place += 9
        if level not in (1, 2) or length < 0:
            return
        yield level, id & 0xFFFF, stream[place : place + length]
        place += length + 2  # a checksum


class _Message:
    """What is gathered of one stream."""

    def __init__(self) -> None:
        self.codepage = "cp1252"
        self.body: memoryview | None = None
        self.properties: _Values = {}
        self.files: list[_File] = []

    def take(self, level: int, id: int, value: memoryview) -> None:
        if level == 1:
            if id == _CODEPAGE and len(value) >= 4:
                self.codepage = f"cp{unpack_from('<I', value)[0]}"
            elif id == _BODY:
                self.body = value
            elif id == _PROPERTIES:
                self.properties = _properties(value)
        elif id == _NEW_FILE and len(self.files) < MAX_FILES:
            self.files.append(_File(b"", value[:0], {}))
        elif self.files and id == _FILE_NAME:
            self.files[-1] = self.files[-1]._replace(title=bytes(value[:1000]))
        elif self.files and id == _FILE_DATA:
            self.files[-1] = self.files[-1]._replace(data=value)
        elif self.files and id == _FILE_PROPERTIES:
            self.files[-1] = self.files[-1]._replace(properties=_properties(value))

    def plain(self) -> str:
        """The text without a layout, or ""."""
        return self.said(_P_BODY) or self.in_codepage(bytes(self.body or b""))

    def said(self, id: int) -> str:
        """A property of the message as text, or ""."""
        return self.decoded(self.properties.get(id))

    def decoded(self, value: tuple[int, memoryview] | None) -> str:
        """Any property as text, or ""."""
        if value is None:
            return ""
        type, data = value
        if type == _UNICODE:
            return bytes(data).decode("utf-16-le", "replace").rstrip("\0")
        label = self.codepage
        if type == _BINARY and (page := self.properties.get(_P_INTERNET_CODEPAGE)):
            label = _codec(unpack_from("<I", page[1])[0])
        return charsets.decode(bytes(data), label).rstrip("\0")

    def in_codepage(self, data: bytes) -> str:
        """Text of the attributes, which are older than the properties."""
        return charsets.decode(data, self.codepage).rstrip("\0")


def _properties(value: memoryview) -> _Values:
    """A list of properties (MS-OXTNEF, 2.1.3.4); what is cut short is left out."""
    found: _Values = {}
    try:
        (count,) = unpack_from("<I", value)
        place = 4
        for _ in range(min(count, MAX_PROPERTIES)):
            type, id = unpack_from("<HH", value, place)
            place += 4
            if id >= _NAMED:
                (kind,) = unpack_from("<I", value, place + 16)
                place += 24
                if kind == 1:
                    place += _padded(unpack_from("<I", value, place - 4)[0])
            several, type = type & _MULTIPLE, type & ~_MULTIPLE
            width = _WIDTHS.get(type)
            number = 1
            if several or width is None:
                (number,) = unpack_from("<I", value, place)
                place += 4
            if width is not None:
                data = value[place : place + width]
                place += width * number
            else:
                data = value[:0]
                for _ in range(min(number, MAX_PROPERTIES)):
                    (length,) = unpack_from("<I", value, place)
                    data = value[place + 4 : place + 4 + length]
                    place += 4 + _padded(length)
            if place > len(value) + 3:
                break
            found.setdefault(id, (type, data))
    except error:
        pass
    return found


def _padded(length: int) -> int:
    return length + -length % 4


def _codec(page: int) -> str:
    return {65001: "utf-8", 20127: "ascii", 28591: "iso-8859-1"}.get(page, f"cp{page}")


def _text(subtype: str, text: str) -> bytes:
    head = f"Content-Type: text/{subtype}; charset=utf-8\n\n"
    return head.encode() + text.encode("utf-8", "replace")


def _head(type: str, name: str) -> bytes:
    named = quote(name[:255], safe="", errors="replace")
    return (
        f"Content-Type: {type[:100]}\nContent-Disposition: attachment; filename*=utf-8''{named}\n\n"
    ).encode()
