"""SQLAlchemy over a connection of ours, in transactions of ours."""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.pool import StaticPool


class BorrowedDialect(SQLiteDialect_pysqlite):
    """SQLite on a connection whose transactions others begin and end (`store.writer`)."""

    supports_statement_cache = True

    def do_begin(self, dbapi_connection: Any) -> None:
        """Nothing: it has begun."""

    def do_commit(self, dbapi_connection: Any) -> None:
        """Nothing: it goes on."""

    def do_rollback(self, dbapi_connection: Any) -> None:
        """Nothing: who began it ends it, and knows why."""


registry.register("sqlite.borrowed", __name__, BorrowedDialect.__name__)


def engine_over(connection: sqlite3.Connection) -> Engine:
    """An engine that works within the transaction that is open on the connection.

    That is to be an `immediate` one: a transaction that reads first and asks for the write lock
    later lost two of three concurrent changes in trials; one that has the lock from the start
    lost none.
    """
    return create_engine(
        "sqlite+borrowed://",
        creator=lambda: connection,
        poolclass=StaticPool,
        json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
    )
