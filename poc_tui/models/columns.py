"""What the models' fields are in the store, and the checks, indexes and statements made of them.

One definition for every engine: SQLite today; PostgreSQL takes the same tables.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import AutoString, SQLModel
from sqlmodel.sql.sqltypes import UTCDateTime


class Wide(TypeDecorator[int]):
    """A number of 64 bits, as every one of SQLite is."""

    impl = BigInteger().with_variant(Integer(), "sqlite")
    cache_ok = True


class UtcSeconds(TypeDecorator[datetime]):
    """An aware moment, kept as whole seconds since 1970-01-01T00:00Z.

    An integer sorts, compares and indexes as time does, and the quick lane can write it without
    a library. A naive datetime is refused: nobody could say later which zone was meant.
    """

    impl = Wide.impl
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


class Stored(SQLModel):
    """A row of a table.

    Text is as long as it likes, and a moment is `UtcSeconds`. What must not be missing and has a
    default has it in the store as well, for a row that is written without these classes.
    """


@event.listens_for(Stored, "instrument_class", propagate=True)
def _as_stored(mapper: Mapper[Any], _: type[Stored]) -> None:
    for column in mapper.local_table.columns:
        if not isinstance(column, Column):
            continue
        column.type = _TYPES.get(type(column.type), column.type)
        if isinstance(column.default, ScalarElementColumnDefault) and not column.nullable:
            column.server_default = DefaultClause(literal(column.default.arg, column.type))


class Indexed(Computed):
    """A computed column with an index on it.

    SQLite reckons it where it is asked for, and keeps what the index holds; PostgreSQL, also of
    version 18, has no index on a column that it does not store.
    """


@compiles(Indexed, "postgresql")
def _stored(column: Indexed, compiler: DDLCompiler, **_: Any) -> str:
    return f"GENERATED ALWAYS AS ({column.sqltext}) STORED"


_numbers = count()


def one_of(column: str, values: type[StrEnum], name: str | None = None) -> CheckConstraint:
    """The check that a column holds one of the values, or nothing."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=name)


def index(name: str, columns: str, where: str | None = None) -> Index:
    """An index on the columns, separated by commas; of the rows that fit `where` only."""
    rows = None if where is None else text(where)
    return Index(name, *columns.split(", "), info={"number": next(_numbers), "where": rows})


def statements(dialect: Dialect) -> Iterator[str]:
    """The DDL that makes every table and index in an empty database, the same at every call.

    Indexes come in the order in which the models name them: where two serve SQLite alike, it takes
    the later one.
    """
    for table in SQLModel.metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=dialect))
        for made in sorted(table.indexes, key=lambda each: each.info["number"]):
            # Said here: to name an engine in the models loads what SQLAlchemy has of it.
            made.dialect_kwargs[f"{dialect.name}_where"] = made.info["where"]
            yield str(CreateIndex(made).compile(dialect=dialect))
