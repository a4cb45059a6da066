"""What the fields of the models are in the store, and how they are checked and indexed.

One definition for every engine: SQLite today; PostgreSQL takes the same tables.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Computed,
    DefaultClause,
    Dialect,
    Index,
    Integer,
    Text,
    event,
    literal,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import AutoString, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""Of 64 bits, as each is in SQLite."""


class UtcSeconds(TypeDecorator[datetime]):
    """An aware moment, kept as whole seconds since 1970-01-01T00:00Z.

    An integer sorts, compares and indexes as time does, and the quick lane can write it without
    a library. A naive datetime is refused: nobody could say later which zone was meant.
    """

    impl = NUMBER
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Whole seconds since 1970 UTC, fractions cut off. `ValueError` for a naive moment."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
        return int(value.timestamp())

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """The moment, aware UTC."""
        return None if value is None else datetime.fromtimestamp(value, UTC)


_TYPES: dict[type, TypeEngine[Any]] = {AutoString: Text(), UTCDateTime: UtcSeconds()}


class StoreTable(SQLModel):
    """A row of a table.

    Text is as long as it likes, and a moment is `UtcSeconds`. What must not be missing and has a
    default has it in the store as well, for a row that is written without these classes.
    """


@event.listens_for(StoreTable, "instrument_class", propagate=True)
def _as_stored(mapper: Mapper[Any], _: type[StoreTable]) -> None:
    for column in mapper.local_table.columns:
        if not isinstance(column, Column):
            continue
        column.type = _TYPES.get(type(column.type), column.type)
        if isinstance(column.default, ScalarElementColumnDefault) and not column.nullable:
            column.server_default = DefaultClause(literal(column.default.arg, column.type))


class _Indexed(Computed):
    """SQLite reckons it where it is asked for, and keeps what the index holds; PostgreSQL, also of
    version 18, has no index on a column that it does not store."""


@compiles(_Indexed, "postgresql")
def _stored(made: _Indexed, compiler: DDLCompiler, **_: Any) -> str:
    return f"GENERATED ALWAYS AS ({made.sqltext}) STORED"


def computed(expression: str) -> Column[int]:
    """A moment, in seconds, that the store works out of others, and has an index on."""
    return Column(NUMBER, _Indexed(expression, persisted=False))


_numbers = count()


def one_of(column: str, values: type[StrEnum], name: str | None = None) -> CheckConstraint:
    """The check that a column holds one of the values, or nothing."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def index(name: str, columns: str, where: str | None = None) -> Index:
    """An index on the columns, separated by commas; of the rows that fit `where` only."""
    rows = None if where is None else text(where)
    return Index(name, *columns.split(", "), info={"number": next(_numbers), "where": rows})
