"""A file to import from: what it is, and its lines."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, NamedTuple

from poc_tui.errors import NotFound, NotUnderstood, PocError
from poc_tui.store.exchange.lines import (
    LONGEST_LINE,
    MARKS,
    UTF_8,
    encoding_of,
    is_cut,
    lines,
    text_of,
)
from poc_tui.system.files import UnfitFileError, open_file
from poc_tui.system.locations import PIPED

_BLOCK = 1024 * 1024
_HEAD = 64 * 1024
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b"))
_KNOWN_BINARIES = {
    b"PK\x03\x04": "an Excel or zip file; save its sheet as CSV (UTF-8)",
    b"\xd0\xcf\x11\xe0": "an old Excel file; save its sheet as CSV (UTF-8)",
    b"SQLite format 3\0": "an SQLite file; open a store of poc with --db",
    b"\x1f\x8b": "packed; unpack it with gunzip",
    b"%PDF": "a PDF; poc reads CSV and JSON lines",
    codecs.BOM_UTF32_LE: "UTF-32; save it as UTF-8",
    codecs.BOM_UTF32_BE: "UTF-32; save it as UTF-8",
}


class FileFormat(StrEnum):
    """How the rows of a file are written."""

    CSV = "csv"
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True)
class ImportSource:
    """What one reading of the file found out."""

    path: str
    size: int
    """Bytes."""
    lines: int
    digest: str
    """By which the same file is known again, whatever it is called."""
    format: FileFormat
    encoding: str
    """As its mark says, else `utf-8`; single lines may be in another (`lines.text_of`)."""

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return _called(os.path.basename(self.path))


class ImportRow(NamedTuple):
    """One row as it stands in the file."""

    line: int
    """Of its beginning, counted from 1."""
    raw: bytes
    values: Sequence[tuple[str, object]]
    """Column names and what stands there; a name may come more than once."""
    short: bool = False
    """Whether values were missing at its end."""


class BadRow(NamedTuple):
    """A row that cannot be taken, and why."""

    line: int
    raw: bytes
    reason: str


def _called(path: str) -> str:
    """The path as a sentence has it, which is not where standard input is kept meanwhile."""
    piped = os.path.basename(path).startswith(f".{PIPED}.")
    return "standard input" if piped else path


def look_at(path: str) -> ImportSource:
    """Read the file once: its kind, its encoding, its size.

    Raises:
        NotFound: there is no such file.
        NotUnderstood: it is empty, binary, or no file that can be read twice.
        PocError: it cannot be read.
    """
    if not os.path.exists(path):
        raise NotFound(f"there is no file {path}; nothing was imported")
    if os.path.isdir(path):
        raise NotUnderstood(f"{_called(path)} is not a file; name one in it")
    digest, size, lines, last = hashlib.sha256(), 0, 0, b"\n"
    head = b""
    try:
        with open_file(path) as stream:
            while block := stream.read(_BLOCK):
                if not head:
                    head = block[:_HEAD]
                    _refuse_binary(path, head)  # before all of it is read
                digest.update(block)
                size += len(block)
                lines += block.count(b"\n")
                last = (last + block)[-2:]
    except UnfitFileError as error:
        raise NotUnderstood(
            f"{_called(path)} cannot be read: {error.strerror}; what another program gives is "
            "piped in: PROGRAM | poc import -"
        ) from error
    except OSError as error:
        raise PocError(
            f"{_called(path)} cannot be read: {error.strerror}; nothing was imported"
        ) from error
    encoding = encoding_of(head)
    if not head:
        _refuse_binary(path, head)
    return ImportSource(
        path,
        size,
        lines + (not last.endswith("\n".encode(encoding))),
        digest.hexdigest(),
        _format(path, head, encoding),
        encoding,
    )


def first_line(path: str) -> bytes:
    """The first line of the file, cut at `lines.LONGEST_LINE`."""
    with open_file(path) as stream:
        return stream.readline(LONGEST_LINE)


def _refuse_binary(path: str, head: bytes) -> None:
    encoding = encoding_of(head)
    text = head.removeprefix(MARKS[encoding])
    if encoding != UTF_8:
        text = text.decode(encoding, "ignore").encode()
    if not text.strip():
        raise NotUnderstood(f"{_called(path)} is empty; nothing was imported")
    for magic, what in _KNOWN_BINARIES.items():
        if head.startswith(magic):
            raise NotUnderstood(f"{_called(path)} is {what}")
    controls = len(text) - len(text.translate(None, _CONTROLS))
    if controls > 8 and controls > len(text) // 20:
        raise NotUnderstood(f"{_called(path)} is a binary file; poc reads CSV and JSON lines")
    if b"\n" not in text and b"\r" in text:
        raise NotUnderstood(f"{_called(path)} has the line ends of an old Mac; save it with others")


def _format(path: str, head: bytes, encoding: str) -> FileFormat:
    ending = os.path.splitext(path)[1].lower()
    if ending in (".csv", ".tsv", ".tab"):
        return FileFormat.CSV
    start = text_of(head.removeprefix(MARKS[encoding])[:1024], encoding)[0].lstrip()[:1]
    if start == "[":
        raise NotUnderstood(
            f"{_called(path)} is one JSON array; poc reads JSON lines, one object a line: "
            "jq -c '.[]' FILE makes them"
        )
    if start == "{" and encoding != UTF_8:
        raise NotUnderstood(
            f"{_called(path)} is UTF-16, and JSON lines are UTF-8 (RFC 8259); save it so"
        )
    if start == "{" or ending in (".jsonl", ".ndjson", ".json"):
        return FileFormat.JSON_LINES
    return FileFormat.CSV


def json_rows(stream: BinaryIO) -> Iterator[ImportRow | BadRow]:
    """Every line that is not blank; one that is no JSON object comes as a bad row."""
    for number, line in lines(stream):
        raw = line.rstrip(b"\r\n")
        if not raw.strip():
            continue
        if is_cut(line):
            yield BadRow(number, raw[:1000], f"longer than {LONGEST_LINE:,} bytes")
            continue
        try:
            value = json.loads(raw.decode("utf-8"))
        except UnicodeDecodeError:
            yield BadRow(number, raw, "not UTF-8")
        except json.JSONDecodeError as error:
            yield BadRow(number, raw, f"not JSON: {error.msg} at character {error.colno}")
        except (ValueError, RecursionError):  # a number of 5,000 digits, 100,000 brackets
            yield BadRow(number, raw, "not JSON that can be read")
        else:
            if isinstance(value, dict):
                yield ImportRow(number, raw, list(value.items()))
            else:
                yield BadRow(number, raw, 'not an object: a row looks like {"text": "..."}')
