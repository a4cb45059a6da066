"""How a message is put together: its parts, found in the bytes without copying them (RFC 2046).

The standard library's parser goes as deep as the message does and keeps every line as an object;
this one has bounds, and costs a search for each boundary.
"""

from __future__ import annotations

import re

from poc_tui.mail.message import containers, content_type
from poc_tui.mail.message.headers import HeaderFields, one_line, with_parameters
from poc_tui.mail.message.transfer import decoded

MAX_PARTS = 500
MAX_DEPTH = 30
MAX_OPENED = 10
"""Containers of one message, such as what was signed, that are opened."""

_GUESSED_BOUNDARY = re.compile(rb"^--([^\r\n]{1,200})\r?\n(?=content-)", re.I | re.M)


class Entity:
    """A part of a message: its header, and either its body or the parts in it.

    `name` is what the sender called it, decoded, or ""; `inline` and `attached` say what the sender
    wants done with it, neither that nothing is said. `is_form`: it is one of several forms of the
    same, of which one is to be shown.
    """

    __slots__ = (
        "_end", "_raw", "_start", "attached", "charset", "children", "fields", "inline", "is_form",
        "name", "parameters", "type",
    )  # fmt: skip

    def __init__(self, raw: bytes, start: int, end: int, usual: str) -> None:
        self.fields = HeaderFields(raw, start, end)
        self._raw, self._start, self._end = raw, self.fields.body, end
        self.type, self.parameters = content_type.read(self.fields.first("content-type"), usual)
        how, disposition = with_parameters(self.fields.first("content-disposition"))
        self.attached, self.inline = how == "attachment", how == "inline"
        self.charset = self.parameters.get("charset", "")
        name = disposition.get("filename") or self.parameters.get("name", "")
        self.name = one_line(name, 255)
        if self.type == "text/plain" and "content-type" not in self.fields:
            self.type = content_type.text_of(self.body(1000))
        elif not self.type:
            self.type = content_type.guessed(self.body(1000), named=self.attached or bool(name))
        self.is_form = False
        self.children: list[Entity] = []

    def body(self, limit: int | None = None) -> bytes:
        """The body, decoded; of a longer one no more than the first `limit` bytes are read."""
        end = self._end if limit is None else min(self._end, self._start + limit)
        encoding = self.fields.first("content-transfer-encoding").lower().strip(" \"';")
        return decoded(memoryview(self._raw)[self._start : end], encoding)

    def encoded_size(self) -> int:
        """The bytes of the body as they came."""
        return self._end - self._start

    def split(self, most: int) -> list[Entity]:
        """The parts in this one, at most `most`; none if it has none or its boundary is unknown."""
        boundary = self.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
        places = self._places(boundary, most) if boundary else []
        if not places:
            guessed = _GUESSED_BOUNDARY.search(self._raw, self._start, self._end)
            places = self._places(guessed[1].rstrip(), most) if guessed else []
        usual = "message/rfc822" if self.type == "multipart/digest" else "text/plain"
        return [Entity(self._raw, start, end, usual) for start, end in places]

    def _places(self, boundary: bytes, most: int) -> list[tuple[int, int]]:
        """From where to where each part goes, at most `most`."""
        raw, end = self._raw, self._end
        delimiter = b"--" + boundary
        places: list[tuple[int, int]] = []
        begun, place = None, self._start
        while len(places) < most:
            at = raw.find(delimiter, place, end)
            if at < 0:
                break
            place = at + len(delimiter)
            if at > self._start and raw[at - 1] != 10:
                continue
            line_end = raw.find(b"\n", place, end)
            rest = raw[place : min(place + 1000, line_end if line_end >= 0 else end)].strip()
            if rest not in (b"", b"--"):
                continue
            if begun is not None:
                places.append((begun, max(begun, at - (2 if raw[at - 2] == 13 else 1))))
            begun = (line_end + 1 if line_end >= 0 else end) if not rest else None
        if begun is not None and len(places) < most:
            places.append((begun, end))
        return places


class Structure:
    """A whole message. `leaves` are its parts that hold no others, in order: their place is the
    index by which a part is found again. Those that were opened, such as what was signed, have
    `children`, whose leaves come behind all others. `trouble` says in sentences what was not looked
    at."""

    __slots__ = ("leaves", "root", "trouble")

    def __init__(self, raw: bytes) -> None:
        if b"\n" not in raw:
            raw = raw.replace(b"\r", b"\n")
        start = len(raw) - len(raw.lstrip(b"\r\n"))
        self.root = Entity(raw, start, len(raw), "text/plain")
        self.leaves: list[Entity] = []
        self.trouble: list[str] = []
        self._walk(self.root, 0)
        self._open()
        if self.root.fields.cut:
            self._say("It has too many header fields; the last ones were not read.")
        if self.root.fields.skipped:
            self._say("Its header has lines that are none; they were skipped.")

    def _open(self) -> None:
        """Put what the leaves hold behind them, and what those hold behind that."""
        left = MAX_OPENED
        for leaf in self.leaves:
            inside, sentence = (
                containers.opened(leaf.type, leaf.name, leaf.body) if left else ([], "")
            )
            if sentence:
                self._say(sentence)
            for raw in inside[: MAX_PARTS - len(self.leaves)]:
                child = Entity(raw, 0, len(raw), "text/plain")
                leaf.children.append(child)
                self._walk(child, 1)
            left -= bool(inside)

    def _walk(self, entity: Entity, depth: int) -> None:
        if not entity.type.startswith("multipart/"):
            self.leaves.append(entity)
            return
        if depth >= MAX_DEPTH:
            self._say(
                f"Its parts are nested deeper than {MAX_DEPTH}; the inner ones were not read."
            )
            self.leaves.append(entity)
            return
        room = MAX_PARTS - len(self.leaves)
        inside = entity.split(room + 1)
        for child in inside:
            if len(self.leaves) >= MAX_PARTS:
                self._say(f"It has more than {MAX_PARTS} parts; the last ones were not read.")
                break
            entity.children.append(child)
            first_of_form = (
                entity.is_form and entity.type != "multipart/mixed" and child is inside[0]
            )
            child.is_form = entity.type == "multipart/alternative" or first_of_form
            self._walk(child, depth + 1)
        if not inside:
            self.leaves.append(entity)

    def _say(self, sentence: str) -> None:
        if sentence not in self.trouble:
            self.trouble.append(sentence)
