"""Rows of a CSV file (RFC 4180) as people have it.

Separated by comma, semicolon, tab or bar, or by what a first line `sep=;` says, as spreadsheets
write it; rows that end before the last column, or have separators behind it; lines in another
encoding than the others.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple

from poc_tui.errors import NotUnderstood
from poc_tui.store.exchange.lines import LONGEST_LINE, UTF_8, is_cut, lines, text_of, without_end
from poc_tui.store.exchange.source import BadRow, ImportRow

LONGEST_FIELD = 1024 * 1024
"""Characters; what is longer is a quotation mark that was never closed."""
_MOST_AGAIN = 64 * 1024 * 1024
"""Bytes that are read again behind quotation marks that were never closed."""
_SHOWN = LONGEST_FIELD
"""Bytes of a row that is refused which are kept with the reason."""

_DELIMITERS = ",;\t|"
_SEPARATOR = re.compile(r"\s*\"?sep=([^\s\"]|\t)\"?[\s,;|]*", re.IGNORECASE)


class _Record(NamedTuple):
    line: int
    raw: bytes
    fields: list[str]


class CsvRows:
    """The rows of a CSV file; `columns` are known at once, as the first line names them.

    `odd` counts the lines read so far that are not in the encoding of the file.

    Raises:
        NotUnderstood: the line that names the columns is not CSV.
    """

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        # The only such limit of the process; the standard one is shorter than some e-mails.
        csv.field_size_limit(LONGEST_FIELD)
        self._lines = _Lines(stream, encoding)
        self._reader = csv.reader(
            self._lines, delimiter=self._delimiter(), skipinitialspace=True, strict=True
        )
        header = next(self._records(), None)
        if isinstance(header, BadRow):
            raise NotUnderstood(
                f"line {header.line}, which names the columns, is {header.reason}; mend that line"
            )
        names = header.fields if header else []
        self.columns = [name.strip() or f"column {n}" for n, name in enumerate(names, 1)]

    @property
    def odd(self) -> OddLines:
        """The lines that are in another encoding."""
        return self._lines.odd

    def rows(self, wanted: Collection[int] | None = None) -> Iterator[ImportRow | BadRow]:
        """Every row after the header with the columns of these numbers, from 0; all by default.

        A row without anything in it is none. One with more values than there are columns, or that
        is no CSV, comes as a bad row.
        """
        width = len(self.columns)
        places = sorted(range(width) if wanted is None else wanted)
        for record in self._records():
            if isinstance(record, BadRow):
                yield record
                continue
            fields = record.fields
            if len(fields) > width and any(map(str.strip, fields[width:])):
                count = max(n for n, field in enumerate(fields, 1) if field.strip())
                reason = f"has {count} fields where the first line has {width}"
                yield BadRow(record.line, record.raw, reason)
            elif any(map(str.strip, fields)):
                held = [(self.columns[n], fields[n]) for n in places if n < len(fields)]
                yield ImportRow(record.line, record.raw, held, short=len(fields) < width)

    def _delimiter(self) -> str:
        """What the first line says, or is parted by most often; the second decides a tie."""
        first = self._not_blank()
        if said := _SEPARATOR.fullmatch(first):
            self._lines.taken()
            return said[1]
        head = (first, self._not_blank())
        self._lines.put_back(0)
        return max(_DELIMITERS, key=lambda sign: [len(_split(line, sign)) for line in head])

    def _not_blank(self) -> str:
        """The next line with anything in it, empty where there is none or it is too long."""
        with suppress(_TooLongError):
            return next((line for line in self._lines if line.strip()), "")
        return ""

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
            except (csv.Error, _TooLongError) as error:
                alone = self._lines.held == 1
                self._lines.put_back(1)
                line, raw = self._lines.taken()
                yield BadRow(line, raw[:_SHOWN], _reason(error, line, alone=alone))
                continue
            line, raw = self._lines.taken()
            if fields:
                yield _Record(line, raw, fields)


class _TooLongError(Exception):
    """A line has more bytes than a request can have."""


class OddLines:
    """Lines that are not in the encoding of the file: how many, and the first."""

    def __init__(self) -> None:
        self.count = 0
        self.first = 0
        self.all = True
        """Whether no other line has a letter beyond ASCII."""
        self.unreadable = 0
        """How many of them hold bytes that mean nothing in Windows-1252 either."""


class _Lines:
    """The file's lines as text, remembering those of the record that is being read."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._source = lines(stream, encoding)
        self._encoding = encoding
        self._taken: list[tuple[int, bytes]] = []
        self._again: list[tuple[int, bytes]] = []
        """Last first."""
        self._read_again = 0
        self._seen = 0
        self.odd = OddLines()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        number, line = self._again.pop() if self._again else next(self._source)
        self._taken.append((number, line))
        if is_cut(line, self._encoding):
            raise _TooLongError
        text, as_said = text_of(line, self._encoding)
        if number > self._seen:
            self._seen = number
            if not as_said:
                self.odd.count += 1
                self.odd.first = self.odd.first or number
                self.odd.unreadable += not text.isprintable() and _is_broken(text)
            elif self._encoding != UTF_8 or not line.isascii():
                self.odd.all = False
        return text

    @property
    def held(self) -> int:
        """How many lines this record has so far."""
        return len(self._taken)

    def put_back(self, keep: int) -> None:
        """Let all but the first `keep` lines of this record be read again.

        Raises:
            NotUnderstood: so much was read again that the file would take for ever.
        """
        again = self._taken[keep:]
        self._read_again += sum(len(line) for _, line in again)
        if self._read_again > _MOST_AGAIN + 4 * LONGEST_LINE:
            raise NotUnderstood(
                f"line {self._taken[0][0]:,} opens a quotation mark that is never closed, and so "
                "do many before it; save the file anew as CSV"
            )
        self._again.extend(reversed(again))
        del self._taken[keep:]

    def taken(self) -> tuple[int, bytes]:
        """Where this record begins, and its bytes; the next one begins behind it."""
        first = self._taken[0][0]
        raw = without_end(b"".join(line for _, line in self._taken), self._encoding)
        self._taken.clear()
        return first, raw


def _is_broken(text: str) -> bool:
    return any("\udc80" <= sign <= "\udcff" or sign == "\ufffd" for sign in text)


def _reason(error: Exception, line: int, *, alone: bool) -> str:
    """Why a record cannot be read; `alone` if it has no line but its first."""
    if alone and isinstance(error, _TooLongError):
        return f"longer than {LONGEST_LINE:,} bytes"
    if alone and str(error).startswith("field larger"):
        return f"not CSV: a field is longer than {LONGEST_FIELD:,} characters"
    swallowed = isinstance(error, _TooLongError) or str(error).startswith("field larger")
    if swallowed or str(error) == "unexpected end of data":
        return f"not CSV: line {line:,} opens a quotation mark that is never closed"
    if str(error).startswith("new-line character"):
        return "not CSV: a lone carriage return stands outside quotation marks"
    return f"not CSV: {error}"


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
