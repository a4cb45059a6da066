"""One kept connection for reading."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from itertools import islice

from poc_tui.errors import NotFound, StoreUnreadable
from poc_tui.store.connection import READ_BUSY_MS, TOO_LARGE, connect, translated

TYPE_CHECKING = False  # what `typing` calls it, without the cost of importing `typing`
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any, TypeVar, overload

    Parameters = Sequence[Any] | dict[str, Any]
    Record = TypeVar("Record", bound=tuple[Any, ...])
    """A named tuple."""

EVERY = 1 << 62
"""The limit of a list that is wanted whole."""

# The first and the last year that datetime knows have moments without a wall time in some zone.
_EARLIEST = int(datetime(2, 1, 1, tzinfo=UTC).timestamp())
_LATEST = int(datetime(9998, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())


class Reader:
    """Reads a store. Not for several threads at once, but for `interrupt`.

    Opening it waits for a writer as reading does, or `opening_ms` milliseconds.

    Raises (from every method that reads):
        StoreBusy: a writer held the file longer than `busy_ms` milliseconds, or the query was
            interrupted; ask again.
        StoreUnreadable: the file is damaged or gone.
    """

    def __init__(
        self, path: str, *, busy_ms: int = READ_BUSY_MS, opening_ms: int | None = None
    ) -> None:
        self.path = path
        self._connection = connect(path, busy_ms=busy_ms if opening_ms is None else opening_ms)
        self._connection.execute(f"PRAGMA busy_timeout = {busy_ms}")
        self._file = _identity(path)

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Every row of a query."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        except OverflowError as error:
            raise NotFound(TOO_LARGE) from error

    def records(
        self, record: type[Record], sql: str, parameters: Parameters = ()
    ) -> tuple[Record, ...]:
        """Every row of a query, which has the fields of the record in their order."""
        return tuple(of(record, row) for row in self.rows(sql, parameters))

    def row(self, sql: str, parameters: Parameters = ()) -> tuple[Any, ...] | None:
        """The first row of a query, if there is one."""
        rows = self.rows(sql, parameters)
        return rows[0] if rows else None

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row, None without one."""
        row = self.row(sql, parameters)
        return None if row is None else row[0]

    def holds_anything(self) -> bool:
        """Whether anything was ever done here; looks at one row."""
        return self.value("SELECT 1 FROM journal LIMIT 1") is not None

    def data_version(self) -> int:
        """A number that changes when another connection has written (3 us).

        Raises:
            StoreUnreadable: also when another file lies in the store's place, or none: what is
                read here is then not what other programs see.
        """
        if _identity(self.path) != self._file:
            raise StoreUnreadable(
                f"{self.path} was moved or replaced; close the desk and open it again"
            )
        return int(self.value("PRAGMA data_version"))

    def interrupt(self) -> None:
        """Stop the query that another thread runs on this connection."""
        self._connection.interrupt()

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


if TYPE_CHECKING:

    @overload
    def moment(seconds: int) -> datetime: ...
    @overload
    def moment(seconds: None) -> None: ...
    @overload
    def moment(seconds: int | None) -> datetime | None: ...


def moment(seconds: int | None) -> datetime | None:
    """Stored seconds as an aware UTC datetime, moved to where every zone can show it."""
    if seconds is None:
        return None
    if not _EARLIEST <= seconds <= _LATEST:
        seconds = _EARLIEST if seconds < _EARLIEST else _LATEST
    return datetime.fromtimestamp(seconds, UTC)


def of(record: type[Record], row: Sequence[Any], *rest: Any) -> Record:
    """The row, and what it does not hold, as a record.

    By the types of its fields seconds become moments, and 0 and 1 truth.
    """
    values = [*row, *rest]
    if record not in _places:
        _places[record] = _found_places(record)
    moments, flags = _places[record]
    for place in moments:
        at = values[place]
        if at is not None:
            # As `moment` does, but for what is out of reach: nine of ten thousand rows each.
            in_reach = _EARLIEST <= at <= _LATEST
            values[place] = datetime.fromtimestamp(at, UTC) if in_reach else moment(at)
    for place in flags:
        values[place] = bool(values[place])
    return record(*values)


_places: dict[type, tuple[Sequence[int], Sequence[int]]] = {}


def _found_places(record: type[tuple[Any, ...]]) -> tuple[Sequence[int], Sequence[int]]:
    """The places of a record's moments, and of its flags."""
    types = [*enumerate(record.__annotations__.values())]
    return (
        [place for place, found in types if _may_be(found, datetime)],
        [place for place, found in types if _may_be(found, bool)],
    )


def _may_be(annotation: Any, kind: type) -> bool:
    from typing import get_args

    if (words := getattr(annotation, "__forward_arg__", None)) is not None:
        return bool(words.partition(" ")[0] == kind.__name__)
    return kind in (annotation, *get_args(annotation))


def portions(values: Iterable[Any], most: int = 500) -> Iterator[Sequence[Any]]:
    """The values, as many at a time as SQL is to take in one list."""
    remaining = iter(values)
    while portion := tuple(islice(remaining, most)):
        yield portion


def marks(values: Sequence[Any]) -> str:
    """A placeholder of SQL for each."""
    return ", ".join("?" * len(values))


def seconds(at: datetime) -> int:
    """An aware moment as it is stored."""
    return int(at.timestamp())
