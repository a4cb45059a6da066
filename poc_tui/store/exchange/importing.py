"""Taking in a file: requests as CSV or JSON lines, or a whole export.

Requests go in in batches, each one transaction, with a rest between them in which a capture and
the desk get their turn. Whatever stops an import, what is in are whole batches, and one undo
takes all of them back; where another step was done between two of them, it takes back those above
that step, and the report says so.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO

from poc_tui.errors import NotUnderstood, PocError, Refused
from poc_tui.rules.dates.columns import DateOrder
from poc_tui.rules.text import plain
from poc_tui.rules.time_source import Clock
from poc_tui.store.connection import connect, translated
from poc_tui.store.exchange.batch import BATCH_BYTES, BATCH_ROWS, Batches
from poc_tui.store.exchange.columns import Columns
from poc_tui.store.exchange.export import Progress
from poc_tui.store.exchange.imported_request import ImportedRequest, RowReader
from poc_tui.store.exchange.refused_rows import RefusedRows
from poc_tui.store.exchange.restore import is_export, restore
from poc_tui.store.exchange.source import BadRow, ImportRow, ImportSource, first_line, look_at
from poc_tui.store.exchange.survey import rows_of, survey
from poc_tui.store.exchange.values import ValueWords
from poc_tui.store.writer import pause_after
from poc_tui.system.files import open_file

_MOST_REMARKS = 20
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How a file is to be read.

    `mapping` is column -> field, `defaults` field -> value for rows without it, `values` are pairs
    of `COLUMN:WORD` and the value that it means. `day_first` is said of this file,
    `usually_day_first` in the settings; None where it is not. `skip` is how many
    rows to leave out from the beginning, refused ones not counted; None refuses a file of which
    something is in already. `spare_folder` takes the refused rows where the source's folder
    cannot be written.
    """

    spare_folder: str
    mapping: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    values: Sequence[tuple[str, str]] = ()
    skip: int | None = None
    day_first: bool | None = None
    usually_day_first: bool | None = None
    actor: str = "me"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of it."""

    imported: int
    """Requests."""
    taken_back: int = 0
    """Requests that came in and that an undo took back before the end."""
    refused: int = 0
    refused_file: str | None = None
    skipped: int = 0
    not_stored: tuple[str, ...] = ()
    """Columns that mean no field."""
    remarks: tuple[str, ...] = ()
    restored: bool = False
    """It was a whole export."""
    stopped: bool = False
    """By Ctrl+C, before the end."""
    next_line: int = 1
    """The first line that is not in."""
    lines: int = 0
    """In the file."""


def import_file(
    path: str,
    store: str,
    clock: Clock,
    options: ImportOptions,
    *,
    progress: Progress = lambda done, total: None,
    rest: Callable[[float], None] = time.sleep,
) -> ImportReport:
    """Take the file at `path` into the store at path `store`.

    `progress` gets bytes done and bytes in all; `rest` is called with seconds between batches. A
    `KeyboardInterrupt`, also out of these two, ends the import with a report.

    Raises:
        NotFound, NotUnderstood: there is no such file, or it cannot be read as requests.
        Refused: a whole export for a store in use, or some of this file is in already.
        StoreBusy, StoreUnreadable: the store cannot be written; the sentence says how many rows
            are in by then and how to go on.
    """
    source = look_at(path)
    if is_export(first_line(path)):
        given = (options.mapping, options.defaults, options.values)
        if any(given) or options.skip is not None or options.day_first is not None:
            raise NotUnderstood(f"{path} is a whole export; it is taken in as it is, or not at all")
        counts = restore(path, store, progress)
        return ImportReport(counts["request"], restored=True, lines=source.lines)
    try:
        with closing(connect(store)) as connection:
            return _Import(source, store, connection, clock, options, progress, rest).run()
    except sqlite3.Error as error:
        raise translated(error, store) from error


class _Import:
    """One import of requests, from the first row to the report."""

    def __init__(
        self,
        source: ImportSource,
        store: str,
        connection: sqlite3.Connection,
        clock: Clock,
        options: ImportOptions,
        progress: Progress,
        rest: Callable[[float], None],
    ) -> None:
        self._source = source
        self._store = store
        self._connection = connection
        self._clock = clock
        self._options = options
        self._progress = progress
        self._rest = rest
        self._columns = Columns(options.mapping, options.defaults)
        self._values = ValueWords(options.values)
        self._refused = RefusedRows(source, options.spare_folder)
        self._run = f"{_mark(source)}{secrets.token_hex(4)}"
        self._skipped = 0
        self._took = 0.0
        self._line_behind = {0: 1}
        """How many rows came in -> the first line that did not."""

    def run(self) -> ImportReport:
        if self._options.skip is None:
            self._refuse_twice()
        batches = Batches(
            self._connection,
            run=self._run,
            label=f"import {plain(self._source.name)}",
            actor=self._options.actor,
        )
        stopped = False
        with open_file(self._source.path) as stream:
            found = survey(
                stream,
                self._source,
                self._columns,
                self._values,
                said=_order(self._options.day_first),
                usual=_order(self._options.usually_day_first),
            )
            stream.seek(0)
            self._intake = RowReader(self._clock, found.readers, self._values)
            try:
                for batch in self._batches(stream):
                    self._write(batches, batch)
                    self._progress(stream.tell(), self._source.size)
            except KeyboardInterrupt:
                stopped = True
            except (sqlite3.Error, PocError) as error:
                self._explain(error)
                raise
            finally:
                self._refused.close()
        return self._report(batches, found.remarks, stopped=stopped)

    def _refuse_twice(self) -> None:
        stored = _stored(self._connection, _mark(self._source))
        if stored:
            raise Refused(
                f"{stored:,} rows of this file are in already; go on behind them with "
                f"--skip {stored}, or take them in again with --skip 0"
            )

    def _batches(self, stream: BinaryIO) -> Iterator[list[ImportedRequest]]:
        batch: list[ImportedRequest] = []
        size = 0
        for row in self._incoming(stream):
            batch.append(row)
            size += len(row.raw)
            if len(batch) >= BATCH_ROWS or size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def _incoming(self, stream: BinaryIO) -> Iterator[ImportedRequest]:
        """The rows that can be stored, behind those to skip; the others are put aside."""
        skip = self._options.skip or 0
        for row in rows_of(stream, self._source, self._columns)[0]:
            read = self._read(row)
            if self._skipped < skip:
                self._skipped += isinstance(read, ImportedRequest)
            elif isinstance(read, BadRow):
                self._refused.add(read)
            else:
                yield read

    def _read(self, row: ImportRow | BadRow) -> ImportedRequest | BadRow:
        if isinstance(row, BadRow):
            return row
        try:
            return self._intake.read(row.line, row.raw, self._columns.sorted(row.values))
        except NotUnderstood as error:
            return BadRow(row.line, row.raw, str(error)[:_LONGEST_REASON])

    def _write(self, batches: Batches, batch: list[ImportedRequest]) -> None:
        """Store a batch, not before every other writer that waits had time to ask for the file."""
        rows, last = max(self._line_behind), batch[-1]
        self._line_behind[rows + len(batch)] = last.line + last.raw.count(b"\n") + 1
        if rows:
            self._rest(pause_after(self._took))
        began = time.monotonic()
        batches.write(batch, self._clock)
        self._took = time.monotonic() - began

    def _explain(self, error: sqlite3.Error | PocError) -> None:
        """Say in the error how far the import came."""
        stored = _stored(self._connection, self._run)
        came = stored + _stored(self._connection, self._run, undone=True)
        if not came:
            return
        if isinstance(error, sqlite3.Error):
            error = translated(error, self._store)
        raise type(error)(
            f"{stored:,} rows are in, those from line {self._line_behind[came]:,} on are not; go "
            f"on with --skip {self._skipped + came}. What stopped the next ones: {error}"
        ) from error

    def _report(self, batches: Batches, found: Sequence[str], *, stopped: bool) -> ImportReport:
        imported = _stored(self._connection, self._run)
        taken_back = _stored(self._connection, self._run, undone=True)
        came = imported + taken_back
        if not (came or self._refused.count or self._skipped or stopped):
            raise NotUnderstood(f"{self._source.path} holds no rows; nothing was imported")
        remarks = [*found, *self._values.sentences(), *batches.doubts[:_MOST_REMARKS]]
        if len(batches.doubts) > _MOST_REMARKS:
            remarks.append(f"and {len(batches.doubts) - _MOST_REMARKS} more such names")
        if between := _last_between(self._connection, self._run):
            remarks.append(
                f"“{between}” was done meanwhile: undo takes back what came in after it, then "
                "that step, then the rest"
            )
        return ImportReport(
            imported,
            taken_back=taken_back,
            refused=self._refused.count,
            refused_file=self._refused.path,
            skipped=self._skipped,
            not_stored=self._columns.not_stored,
            remarks=tuple(remarks),
            stopped=stopped and self._line_behind[came] <= self._source.lines,
            next_line=self._line_behind[came],
            lines=self._source.lines,
        )


def _order(day_first: bool | None) -> DateOrder | None:
    if day_first is None:
        return None
    return DateOrder.DAY if day_first else DateOrder.MONTH


def _mark(source: ImportSource) -> str:
    """How the runs that took in this very file begin."""
    return f"{source.digest[:16]}."


def _last_between(connection: sqlite3.Connection, run: str) -> str | None:
    """The label of the last step that somebody did between two batches of this run."""
    row = connection.execute(
        "SELECT label FROM journal WHERE undone = 0 AND (run IS NULL OR run <> :run)"
        " AND id > (SELECT min(id) FROM journal WHERE run = :run AND undone = 0)"
        " AND id < (SELECT max(id) FROM journal WHERE run = :run AND undone = 0)"
        " ORDER BY id DESC LIMIT 1",
        {"run": run},
    ).fetchone()
    return None if row is None else str(row[0])


def _stored(connection: sqlite3.Connection, run: str, *, undone: bool = False) -> int:
    """How many requests the runs that begin so have stored; `undone`: those taken back since.

    Asked of the journal, because nothing else knows it for certain after an interruption.
    """
    entries = connection.execute(
        "SELECT changes FROM journal WHERE run >= ? AND run < ? AND (undone <> 0) = ?",
        (run, run + "~", undone),
    )
    return sum(table == "request" for (changes,) in entries for table, _, _ in json.loads(changes))
