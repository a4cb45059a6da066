"""One write transaction; everything that writes to the store begins and ends it here."""

from __future__ import annotations

import sqlite3

TYPE_CHECKING = False  # what `typing` calls it, without the cost of importing `typing`
if TYPE_CHECKING:
    pass


class immediate:  # noqa: N801 - read as a word: `with immediate(connection):`
    """One write transaction: committed when the block ends, rolled back when it raises.

    A COMMIT that fails is rolled back as well, so that the connection is free again. On a full
    disk and on an I/O error SQLite has rolled back by itself, and a ROLLBACK then would fail and
    hide why.

    Raises:
        sqlite3.Error: the lock was not given in time, or the file does not take what was written.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> None:
        self._connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
        else:
            self._roll_back()

    def _roll_back(self) -> None:
        if not self._connection.in_transaction:
            return
        try:
            self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            # What brought it here is what a person must hear; the file is put right by the
            # journal beside it when it is opened next.
            return
