r"""Rich Text Format as Outlook sends it: unpacked (MS-OXRTFCP), and its words, or the HTML that it
was made from (MS-OXRTFEX)."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass
from struct import unpack_from

from poc_tui.mail.message import charsets

MAX_BYTES = 1_000_000
"""Of a longer document only the first part is read."""

_MAX_GROUPS = 1000
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_SIZE = 4096
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,40}+)(-?[0-9]{1,10}+)? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])"
    rb"|[\r\n\0]++|([^\\{}\r\n\0]++)",
    re.S,
)
_SIGNS = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t",
    b"cell": "\t", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
# \fcharset (Word 2007 RTF specification 1.9.1, font table); other fonts go by the document.
_CHARSETS = {
    128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
_ESCAPES = {b"~": "\xa0", b"_": "-", b"\n": "\n", b"\r": "\n"}
_NOT_SHOWN = frozenset(
    (b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer",
     b"fldinst", b"themedata", b"datastore", b"listtable", b"listoverridetable", b"xmlnstbl")
)  # fmt: skip


def unpacked(data: bytes, most: int = MAX_BYTES) -> bytes:
    """The document in a PidTagRtfCompressed (MS-OXRTFCP, 2.1.3), at most so many bytes of it.

    Raises:
        ValueError: it is none, or of a form that nobody writes.
    """
    if len(data) < 16:
        raise ValueError("it is too short")
    size, raw_size = unpack_from("<II", data)
    kind = data[8:12]
    end, wanted = min(size + 4, len(data)), min(raw_size, most)
    if kind == b"MELA":
        return data[16 : 16 + wanted]
    if kind != b"LZFu":
        raise ValueError("it is packed in a way that is not known")
    # The dictionary is a ring; as one long row, a reference is a distance back.
    out = bytearray(_DICTIONARY)
    first, last = len(out), len(out) + wanted
    place = 16
    while place < end and len(out) < last:
        control = data[place]
        place += 1
        for bit in range(8):
            if place >= end:
                break
            if not control >> bit & 1:
                out.append(data[place])
                place += 1
                continue
            if place + 1 >= end:
                return bytes(out[first:last])
            reference = data[place] << 8 | data[place + 1]
            place += 2
            back = (len(out) - (reference >> 4)) % _SIZE
            if back == 0:  # where the writing goes on: the end
                return bytes(out[first:last])
            length = (reference & 15) + 2
            if back > len(out):
                raise ValueError("it refers to what was never written")
            for _ in range(length):
                out.append(out[-back])
    return bytes(out[first:last])


def to_text(document: bytes) -> tuple[str, bool]:
    r"""The words of a document, or the HTML in it; the second says which: whether it is HTML.

    Never raises on account of the document. Struck-out words stand between `~~`.
    """
    reading = _Reading(document[:MAX_BYTES])
    return reading.text(), reading.from_html


@dataclass(slots=True)
class _Group:
    """What holds within one pair of braces, and in those inside."""

    hidden: bool = False
    only_rtf: bool = False
    """It is no part of the HTML."""
    tag: bool = False
    """It is a tag of the HTML."""
    struck: bool = False
    font: int = 0
    after_unicode: int = 1
    """So many characters say once more what a Unicode character said."""


class _Reading:
    """One document while its words are gathered."""

    def __init__(self, document: bytes) -> None:
        self.document = document
        self.from_html = b"\\fromhtml" in document[:2000]
        self._said: list[str] = []
        self._bytes = bytearray()
        self._bytes_codec = self._codec = "cp1252"
        self._codecs: dict[int, str] = {}
        self._skip = 0
        self._struck = False

    def text(self) -> str:
        groups = [_Group()]
        starred = False
        for token in _TOKEN.finditer(self.document):
            word, number, code, escape, brace, words = token.groups()
            group = groups[-1]
            if brace == b"{":
                if len(groups) > _MAX_GROUPS:
                    break
                groups.append(copy(group))
                self._skip = 0
            elif brace == b"}":
                if len(groups) > 1:
                    groups.pop()
                self._skip = 0
            elif escape == b"*":
                starred = True
                continue
            elif word is not None:
                self._word(word, int(number) if number else None, group, starred=starred)
            elif code is not None:
                self._say_bytes(bytes((int(code, 16),)), group)
            elif escape is not None:
                self._say(_ESCAPES.get(escape, escape.decode("latin-1")), group)
            elif words is not None:
                self._say_bytes(words, group)
            starred = False
        self._flush(_Group())
        # Characters beyond the basic plane come in two halves.
        text = "".join(self._said)
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _word(self, word: bytes, number: int | None, group: _Group, *, starred: bool) -> None:
        if word == b"htmltag" or (word == b"mhtmltag" and starred):
            group.tag, group.hidden = True, group.hidden or word == b"mhtmltag"
        elif starred or word in _NOT_SHOWN:
            group.hidden = True
        elif word == b"htmlrtf":
            group.only_rtf = number != 0
        elif word == b"ansicpg" and number:
            self._codec = f"cp{number}"
        elif word == b"f":
            group.font = number or 0
        elif word == b"fcharset" and number in _CHARSETS and len(self._codecs) < _MAX_GROUPS:
            self._codecs[group.font] = _CHARSETS[number]
        elif word == b"uc":
            group.after_unicode = min(max(number or 0, 0), 10)
        elif word == b"u" and number is not None:
            self._say(chr(number % 65536), group)
            self._skip = group.after_unicode
        elif word in (b"strike", b"striked"):
            group.struck = number != 0
        elif word == b"plain":
            group.struck = False
        elif word == b"bin":
            group.hidden = True
        elif word in _SIGNS and not (self.from_html and word in (b"row", b"cell")):
            self._say(_SIGNS[word], group)

    def _say_bytes(self, data: bytes, group: _Group) -> None:
        """Bytes of a codepage, the font's or the document's; a character may be of two."""
        skipped = min(self._skip, len(data))
        self._skip -= skipped
        if self._is_shown(group):
            codec = self._codecs.get(group.font, self._codec)
            if group.struck != self._struck or codec != self._bytes_codec:
                self._flush(group)
            self._bytes_codec = codec
            self._bytes += data[skipped:]

    def _say(self, text: str, group: _Group) -> None:
        if self._skip:
            self._skip -= 1
        elif self._is_shown(group):
            self._flush(group)
            self._said.append(text)

    def _is_shown(self, group: _Group) -> bool:
        return not group.hidden and (group.tag or not group.only_rtf)

    def _flush(self, group: _Group) -> None:
        if self._bytes:
            self._said.append(charsets.decode(bytes(self._bytes), self._bytes_codec))
            self._bytes.clear()
        if group.struck != self._struck and not self.from_html:
            self._struck = group.struck
            self._said.append("~~")
