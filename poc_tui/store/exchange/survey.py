"""One reading of all rows before any is stored: what can only be said of the whole file.

How the dates of each column are written, whether the columns and words that a person named are
there, and what of the file is not as it should be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.columns import DateColumn, DateOrder, DateReader, decide_all
from poc_tui.rules.text import safe
from poc_tui.store.exchange.columns import DATES, FIELDS, Columns, Found
from poc_tui.store.exchange.csv_rows import CsvRows, OddLines
from poc_tui.store.exchange.imported_request import date_words
from poc_tui.store.exchange.lines import UTF_8
from poc_tui.store.exchange.source import BadRow, FileFormat, ImportRow, ImportSource, json_rows
from poc_tui.store.exchange.values import ValueWords

_MOST_NAMES = 10_000


@dataclass(frozen=True, slots=True)
class ImportSurvey:
    """What was found."""

    readers: Mapping[str, DateReader]
    """By column."""
    remarks: Sequence[str]


def rows_of(
    stream: BinaryIO, source: ImportSource, columns: Columns, fields: Collection[str] = FIELDS
) -> tuple[Iterable[ImportRow | BadRow], CsvRows | None]:
    """The rows of a file, and the table that they are of; of a table the columns of these fields.

    Raises:
        NotUnderstood: the first line does not name what is needed.
    """
    if source.format == FileFormat.JSON_LINES:
        return json_rows(stream), None
    table = CsvRows(stream, source.encoding)
    names = table.columns
    return table.rows(
        [n for n in columns.check(names) if columns.field_of(names[n]) in fields]
    ), table


def survey(
    stream: BinaryIO,
    source: ImportSource,
    columns: Columns,
    values: ValueWords,
    *,
    said: DateOrder | None,
    usual: DateOrder | None,
) -> ImportSurvey:
    """Read all rows; `said` and `usual` as `decide_all` has them.

    Raises:
        NotUnderstood: the file cannot be read as requests, or dates in it can be read in two ways.
    """
    rows, table = rows_of(stream, source, columns, DATES)
    if table is not None:
        values.check(table.columns, columns)
    dates: dict[str, DateColumn] = {}
    names: dict[str, None] = {}
    short = first_short = 0
    for row in rows:
        if isinstance(row, BadRow):
            continue
        if row.short:
            short, first_short = short + 1, first_short or row.line
        if table is None and len(names) < _MOST_NAMES:
            names.update(dict.fromkeys(name for name, _ in row.values))
        _note(columns.sorted(row.values), row.line, dates)
    if table is None:
        columns.check_mapped(names)
        values.check(list(names), columns)
    readers, remarks = decide_all(list(dates.values()), said, usual)
    if table is not None and table.odd.count:
        remarks.insert(0, _said_of_odd(table.odd, source))
    if short:
        remarks.append(
            f"{_counted(short, 'row ends', 'rows end')} before the last column (the first is line "
            f"{first_short:,}); what is missing was taken as empty"
        )
    return ImportSurvey(dict(zip(dates, readers, strict=True)), remarks)


def _note(found: Found, line: int, dates: dict[str, DateColumn]) -> None:
    for field in DATES:
        for cell in found.get(field, ()):
            try:
                words = date_words(cell)
            except NotUnderstood:  # its row is refused when it is read
                continue
            if words:
                if cell.column not in dates:
                    dates[cell.column] = DateColumn(cell.column)
                dates[cell.column].note(words, line)


def _said_of_odd(odd: OddLines, source: ImportSource) -> str:
    if source.encoding != UTF_8:
        return f"{_counted(odd.count, 'line holds', 'lines hold')} what is not UTF-16"
    if odd.all:
        said = f"{safe(source.name)} is not UTF-8; it was read as Windows-1252"
    else:
        said = (
            f"{_counted(odd.count, 'line is', 'lines are')} not UTF-8 as the others (the first is "
            f"line {odd.first:,}); read as Windows-1252"
        )
    if odd.unreadable:
        said += (
            f"; {_counted(odd.unreadable, 'line holds', 'lines hold')} bytes that mean nothing "
            "there: save the file as UTF-8, take back what is in and import that"
        )
    return said


def _counted(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
