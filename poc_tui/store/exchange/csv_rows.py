"""Rows of a CSV file (RFC 4180), separated by comma, semicolon or tab."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from poc_tui.errors import NotUnderstood
from poc_tui.store.exchange.source import BadRow, Row, lines

LONGEST_FIELD = 1024 * 1024
"""Characters; what is longer is a quotation mark that was never closed."""

_DELIMITERS = ",;\t"


class _Record(NamedTuple):
    line: int
    raw: bytes
    fields: list[str]


class CsvRows:
    """The rows of a CSV file; `columns` are known at once.

    Raises:
        NotUnderstood: the first line is not CSV, or names a column twice.
    """

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        # The only such limit of the process; the standard one is shorter than some e-mails.
        csv.field_size_limit(LONGEST_FIELD)
        self._lines = _Lines(stream, encoding)
        first = next(self._lines, "")
        self._lines.put_back(0)
        delimiter = max(_DELIMITERS, key=lambda sign: len(_split(first, sign)))
        self._reader = csv.reader(
            self._lines, delimiter=delimiter, skipinitialspace=True, strict=True
        )
        header = next(self._records(), None)
        if isinstance(header, BadRow):
            raise NotUnderstood(f"line {header.line}, which names the columns, is {header.reason}")
        names = header.fields if header else []
        self.columns = [name.strip() or f"column {n}" for n, name in enumerate(names, 1)]
        if twice := {name for name in self.columns if self.columns.count(name) > 1}:
            raise NotUnderstood(
                f"the first line names {', '.join(sorted(twice))} twice; "
                "give each column its own name"
            )

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row after the header; one that does not fit it comes as a bad row."""
        width = len(self.columns)
        for record in self._records():
            if isinstance(record, BadRow):
                yield record
            elif len(record.fields) == width:
                values = dict(zip(self.columns, record.fields, strict=True))
                yield Row(record.line, record.raw, values)
            else:
                reason = f"has {len(record.fields)} fields where the first line has {width}"
                yield BadRow(record.line, record.raw, reason)

    def _records(self) -> Iterator[_Record | BadRow]:
        """Records that are not blank.

        Where one cannot be read, only its first line is given up and reading begins anew behind
        it, so that a quotation mark that was never closed does not swallow the rest of the file.
        """
        while True:
            try:
                fields = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._lines.put_back(1)
                yield BadRow(*self._lines.taken(), f"not CSV: {error}")
                continue
            line, raw = self._lines.taken()
            if fields:
                yield _Record(line, raw, fields)


class _Lines:
    """The file's lines as text, remembering those of the record that is being read."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._source = lines(stream)
        self._encoding = encoding
        self._taken: list[tuple[int, bytes]] = []
        self._again: list[tuple[int, bytes]] = []
        """Last first."""

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        number, line = self._again.pop() if self._again else next(self._source)
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        self._taken.append((number, line))
        # cp1252 leaves five bytes open; escaped, they become U+FFFD when the text is stored.
        return line.decode(self._encoding, "surrogateescape")

    def put_back(self, keep: int) -> None:
        """Let all but the first `keep` lines of this record be read again."""
        self._again.extend(reversed(self._taken[keep:]))
        del self._taken[keep:]

    def taken(self) -> tuple[int, bytes]:
        """Where this record begins, and its bytes; the next one begins behind it."""
        first = self._taken[0][0]
        raw = b"".join(line for _, line in self._taken).rstrip(b"\r\n")
        self._taken.clear()
        return first, raw


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
