"""What was told already, so that everything is told once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from poc_tui.rules.agenda import AgendaItem
from poc_tui.store.connection import connect, translated
from poc_tui.store.queries.reader import seconds
from poc_tui.store.writer import immediate

DESK, COMMAND = "desk", "due"
"""What tells: the open desk, and `poc due`."""

_TELL = "INSERT INTO notice (teller, what, of, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_TAKE_BACK = "DELETE FROM notice WHERE teller = ? AND what = ? AND of = ? AND at = ?"


def teller(what: str, actor: str) -> str:
    """What tells to whom: what one person was told, another has yet to hear."""
    return f"{what}:{actor}"


def tell(path: str, teller: str, items: Sequence[AgendaItem]) -> Sequence[AgendaItem]:
    """Keep in mind that these are told; returns those that no other call has told before.

    Raises:
        StoreBusy, StoreUnreadable: the store cannot be written; they will be told again.
    """
    if not items:
        return ()
    with _writing(path) as connection:
        return [item for item in items if connection.execute(_TELL, _key(teller, item)).rowcount]


def take_back(path: str, teller: str, items: Sequence[AgendaItem]) -> None:
    """Nobody has read these, so they are to be told again. Raises as `tell` does."""
    if items:
        with _writing(path) as connection:
            connection.executemany(_TAKE_BACK, [_key(teller, item) for item in items])


@contextmanager
def _writing(path: str) -> Iterator[sqlite3.Connection]:
    with closing(connect(path)) as connection:
        try:
            with immediate(connection):
                yield connection
        except sqlite3.Error as error:
            raise translated(error, path) from error


def _key(teller: str, item: AgendaItem) -> tuple[str, str, int, int]:
    return (teller, item.what, item.of, seconds(item.at))
