"""A file to import from: what it is, and its lines."""

from __future__ import annotations

import codecs
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from poc_tui.errors import NotFound, NotUnderstood, PocError

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes; a longer line is not a request, and must not fill the memory."""

_BLOCK = 1024 * 1024
_HEAD = 64 * 1024
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_KNOWN_BINARIES = {
    b"PK\x03\x04": "an Excel or zip file; save its sheet as CSV (UTF-8)",
    b"\xd0\xcf\x11\xe0": "an old Excel file; save its sheet as CSV (UTF-8)",
    b"SQLite format 3\0": "an SQLite file; open a store of poc with --db",
    b"\x1f\x8b": "packed; unpack it with gunzip",
    b"%PDF": "a PDF; poc reads CSV and JSON lines",
    b"\xff\xfe": "UTF-16; save it as UTF-8",
    b"\xfe\xff": "UTF-16; save it as UTF-8",
}


class Format(StrEnum):
    """How the rows of a file are written."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True)
class Source:
    """What one reading of the file found out."""

    path: str
    size: int
    """Bytes."""
    lines: int
    digest: str
    """By which the same file is known again, whatever it is called."""
    format: Format
    encoding: str
    """`utf-8`, or `cp1252` where the file is not UTF-8."""

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return os.path.basename(self.path)


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the file."""

    line: int
    """Of its beginning, counted from 1."""
    raw: bytes
    values: Mapping[str, object]
    """By column name."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken, and why."""

    line: int
    raw: bytes
    reason: str


def look_at(path: str) -> Source:
    """Read the file once: its kind, its encoding, its size.

    Raises:
        NotFound: there is no such file.
        NotUnderstood: it is empty, binary, or no file that can be read twice.
        PocError: it cannot be read.
    """
    if not os.path.exists(path):
        raise NotFound(f"there is no file {path}; nothing was imported")
    if not os.path.isfile(path):
        raise NotUnderstood(f"{path} is not a file; save what is to be imported in one")
    digest, size, lines, last = hashlib.sha256(), 0, 0, b"\n"
    head = b""
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding = "utf-8"
    try:
        with open(path, "rb") as stream:
            while block := stream.read(_BLOCK):
                head = head or block[:_HEAD]
                digest.update(block)
                size += len(block)
                lines += block.count(b"\n")
                last = block[-1:]
                encoding = _still(encoding, decoder, block)
        encoding = _still(encoding, decoder, b"", final=True)
    except OSError as error:
        raise PocError(f"{path} cannot be read: {error.strerror}; nothing was imported") from error
    _refuse_binary(path, head)
    return Source(
        path, size, lines + (last != b"\n"), digest.hexdigest(), _format(path, head), encoding
    )


def first_line(path: str) -> bytes:
    """The first line of the file, cut at `LONGEST_LINE`."""
    with open(path, "rb") as stream:
        return stream.readline(LONGEST_LINE)


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Line numbers from 1, and the line with its end; one that is too long comes cut."""
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        yield number, line
        while not line.endswith(b"\n") and len(line) == LONGEST_LINE:
            line = stream.readline(LONGEST_LINE)


def is_cut(line: bytes) -> bool:
    """Whether `lines` had to cut this one."""
    return len(line) == LONGEST_LINE and not line.endswith(b"\n")


def _still(
    encoding: str, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False
) -> str:
    if encoding == "utf-8":
        try:
            decoder.decode(block, final)
        except UnicodeDecodeError:
            return "cp1252"
    return encoding


def _refuse_binary(path: str, head: bytes) -> None:
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise NotUnderstood(f"{path} is empty; nothing was imported")
    for magic, what in _KNOWN_BINARIES.items():
        if head.startswith(magic):
            raise NotUnderstood(f"{path} is {what}")
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > 8 and controls > len(head) // 20:
        raise NotUnderstood(f"{path} is a binary file; poc reads CSV and JSON lines")
    if b"\n" not in head and b"\r" in head:
        raise NotUnderstood(f"{path} has the line ends of an old Mac; save it with others")


def _format(path: str, head: bytes) -> Format:
    ending = os.path.splitext(path)[1].lower()
    if ending in (".csv", ".tsv", ".tab"):
        return Format.CSV
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start == b"[":
        raise NotUnderstood(
            f"{path} is one JSON array; poc reads JSON lines, one object a line: "
            "jq -c '.[]' FILE makes them"
        )
    if start == b"{" or ending in (".jsonl", ".ndjson", ".json"):
        return Format.JSON_LINES
    return Format.CSV
