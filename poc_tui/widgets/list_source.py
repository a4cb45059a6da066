"""A list in memory as the source of a `VirtualList`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

R = TypeVar("R")


class ListSource(Generic[R]):
    """A few rows that are all there, as a source for a `VirtualList`."""

    def __init__(self, rows: Sequence[R], key_of: Callable[[R], int]) -> None:
        self._rows = rows
        self._key_of = key_of

    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def page(self, offset: int, limit: int) -> Sequence[R]:
        """The rows from `offset` on, at most `limit`."""
        return self._rows[offset : offset + limit]

    def position(self, key: int) -> int | None:
        """Where the row of this key stands."""
        for index, row in enumerate(self._rows):
            if self._key_of(row) == key:
                return index
        return None
