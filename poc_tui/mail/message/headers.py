"""Header fields: found in the bytes, decoded to text, and taken apart (RFC 5322, 2047, 2231)."""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Iterator
from itertools import islice

from poc_tui.mail.message import charsets
from poc_tui.mail.message.transfer import decoded
from poc_tui.rules.text import plain

MAX_FIELDS = 1000
"""Header fields of one part that are looked at."""

MAX_FIELD = 65_536
"""Bytes of one header field that are looked at."""

MAX_PARAMETERS = 100
MAX_LINE = 2000
"""Characters of a text that is one line: a subject, a name."""

_FIELD = re.compile(rb"([!-9;-~]{1,100}+)[ \t]{0,99}+:")
_FORGOTTEN = re.compile(rb"(?:charset|boundary|name|filename|format|type)\*?=", re.I)
_KNOWN = re.compile(
    rb"^(?:from|to|subject|date|message-id|mime-version|content-type|received|return-path"
    rb"|content-transfer-encoding)[ \t]{0,9}:",
    re.I | re.M,
)
_MBOX_LINE = re.compile(rb">?From [^\n]*\n")
_BLANK_LINE = re.compile(rb"^\r?\n", re.M)
_ENCODED = re.compile(
    r"=\?([^?\s]{1,80})\?(?:([bB])\?([^?]*+)|([qQ])\?([^?]*+(?:\?(?!=)[^?]{0,200}+){0,9}))\?="
)
_BETWEEN_WORDS = re.compile(r"(\?=)\s{1,200}+(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
_PARAMETER = re.compile(
    r";\s*+([^\s=;\"]{1,100}+)\s*+=\s*+(\"(?:[^\"\\]|\\.){0,9000}+\"|[^;]{0,9000}+)", re.S
)
_SECTION = re.compile(r"([^*]+)\*(\d{1,4})?(\*?)$")
_PERCENT = re.compile(rb"%([0-9a-fA-F]{2})")
_CONTROLS = dict.fromkeys([*range(32), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")


class HeaderFields:
    """The header fields of one part: names in lower case, values as bytes, folded as they came."""

    __slots__ = ("_order", "_values", "body", "cut", "skipped")

    def __init__(self, raw: bytes, start: int, end: int) -> None:
        """Read the header that begins at `start`; afterwards the body begins at `body`.

        `cut`: there were more than `MAX_FIELDS` fields. `skipped`: lines that are no fields
        stood among them. A line that is no field ends the header unless better fields follow.
        """
        self._values: dict[str, list[bytes]] = {}
        self._order: list[str] = []
        self.cut = self.skipped = False
        self.body = self._read(raw, start, end)

    def __bool__(self) -> bool:
        return bool(self._values)

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def all(self, name: str) -> list[str]:
        """The values of every field of that name, unfolded, not decoded any further."""
        return [_unfolded(value) for value in self._values.get(name, ())]

    def in_order(self, *names: str) -> list[tuple[str, str]]:
        """The fields of these names as they stand, each with its value as `all` gives it."""
        values = {name: iter(self.all(name)) for name in names}
        return [(name, next(values[name])) for name in self._order if name in values]

    def first(self, name: str) -> str:
        """The value of the first field of that name, or ""."""
        values = self._values.get(name)
        return _unfolded(values[0]) if values else ""

    def _read(self, raw: bytes, start: int, end: int) -> int:
        place, count = start, 0
        stop_junk: int | None = None  # the first empty line: a search for each line adds up
        while place < end:
            if field := _FIELD.match(raw, place, end):
                stop = _end_of_field(raw, field.end(), end)
                if count < MAX_FIELDS:
                    name = field[1].decode("ascii").lower()
                    value = raw[field.end() : min(stop, field.end() + MAX_FIELD)]
                    self._values.setdefault(name, []).append(value)
                    self._order.append(name)
                    place, count = stop, count + 1
                    continue
                self.cut = True
                blank = _BLANK_LINE.search(raw, stop, end)
                return blank.end() if blank else end
            if blank := _BLANK_LINE.match(raw, place, end):
                return blank.end()
            if mbox := _MBOX_LINE.match(raw, place, end):
                place = mbox.end()
                continue
            if stop_junk is None:
                blank = _BLANK_LINE.search(raw, place, end)
                stop_junk = blank.start() if blank else end
            known = _KNOWN.search(raw, place, stop_junk)
            if known is None:
                return place
            self.skipped, place = True, known.start()
        return end


def _end_of_field(raw: bytes, place: int, end: int) -> int:
    """Where the next field begins: behind the line's end and the lines that continue it."""
    while True:
        line_end = raw.find(b"\n", place, end)
        if line_end < 0:
            return end
        place = line_end + 1
        if raw[place : place + 1] in (b" ", b"\t"):
            continue
        # Some programs forget to indent a parameter that stands on a line of its own.
        if raw[line_end - 2 : line_end].rstrip()[-1:] == b";" and _FORGOTTEN.match(raw, place, end):
            continue
        return place


def _unfolded(value: bytes) -> str:
    value = value.replace(b"\r", b"").replace(b"\n", b"").strip()
    return charsets.decode(value) if not value.isascii() or b"\x1b" in value else value.decode()


def one_line(text: str, limit: int = MAX_LINE) -> str:
    """`text` fit to store and on one line: no controls, no line ends, single spaces, cut."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:limit].rstrip()
    return plain(" ".join(text.translate(_CONTROLS).split())[:limit].rstrip())


def words(value: str) -> str:
    """`value` with its encoded words decoded (RFC 2047), also such as the RFC forbids.

    Adjacent words of the same charset are joined as bytes first, because many programs split
    a character between two.
    """
    if "=?" not in value:
        return value
    value = _BETWEEN_WORDS.sub(r"\1", value)
    pieces: list[str] = []
    place, label, waiting = 0, "", b""
    for word in _ENCODED.finditer(value):
        charset = word[1].partition("*")[0].lower()  # RFC 2231, section 5: *language
        if waiting and (word.start() != place or charset != label):
            pieces.append(charsets.decode(waiting, label))
            waiting = b""
        pieces.append(value[place : word.start()])
        label, place = charset, word.end()
        encoded = (word[3] if word[2] else word[5]).encode("utf-8", "replace")
        waiting += decoded(encoded, "base64") if word[2] else a2b_qp(encoded, header=True)
    if waiting:
        pieces.append(charsets.decode(waiting, label))
    pieces.append(value[place:])
    return "".join(pieces)


def with_parameters(value: str) -> tuple[str, dict[str, str]]:
    """A value such as `text/plain; charset="utf-8"` as its head, in lower case, and parameters.

    Names of parameters are in lower case. Values are decoded by RFC 2231, continued ones joined,
    and by RFC 2047, which many programs use instead; of two with one name the first counts.
    """
    head, _, _ = value.partition(";")
    if len(head) == len(value):
        return head.strip().lower(), {}
    parameters: dict[str, str] = {}
    sections: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in islice(_PARAMETER.finditer(value, len(head)), MAX_PARAMETERS):
        name, text = found[1].lower(), found[2].strip()
        if text[:1] == '"':
            text = re.sub(r"\\([\"\\])", r"\1", text[1:].removesuffix('"'))
        if section := _SECTION.match(name):
            number, encoded = int(section[2] or 0), bool(section[3]) or section[2] is None
            sections.setdefault(section[1], {}).setdefault(number, (text, encoded))
        else:
            parameters.setdefault(name, words(text))
    parameters.update((name, _joined(pieces)) for name, pieces in sections.items())
    return head.strip().lower(), parameters


def _joined(sections: dict[int, tuple[str, bool]]) -> str:
    """The sections of one parameter as its value (RFC 2231, sections 3 and 4)."""
    label, data = "", b""
    for place, (_, (section, encoded)) in enumerate(sorted(sections.items())):
        text = section
        if place == 0 and encoded and text.count("'") >= 2:
            label, _, text = text.split("'", 2)
        raw = text.encode("utf-8", "replace")
        data += _PERCENT.sub(lambda found: bytes((int(found[1], 16),)), raw) if encoded else raw
    return charsets.decode(data, label)
