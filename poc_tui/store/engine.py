"""SQLAlchemy over a connection of ours."""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import StaticPool


def engine_over(connection: sqlite3.Connection) -> Engine:
    """An engine whose transactions all start as BEGIN IMMEDIATE.

    A transaction that reads first and asks for the write lock later lost two of three concurrent
    changes in trials; one that has the lock from the start lost none.
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: connection,
        poolclass=StaticPool,
        json_serializer=partial(json.dumps, ensure_ascii=False, separators=(",", ":")),
    )

    @event.listens_for(engine, "begin")
    def begin_immediate(borrowed: Any) -> None:
        borrowed.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
