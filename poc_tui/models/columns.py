"""How a moment lies in the store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, Integer
from sqlalchemy.types import TypeDecorator


class UtcSeconds(TypeDecorator[datetime]):
    """An aware moment, kept as whole seconds since 1970-01-01T00:00Z.

    An integer sorts, compares and indexes as time does, and the quick lane can write it without
    a library. A naive datetime is refused: nobody could say later which zone was meant.
    """

    impl = Integer
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
