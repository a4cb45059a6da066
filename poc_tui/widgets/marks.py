"""Which rows of a list are marked: one by one, a range of them, all, or the others."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

MOST_MARKED = 1000
"""Rows that are marked with one key: more nobody has looked at."""


class MarkedRows(Protocol):
    """A list, as far as marks know it."""

    @property
    def row_count(self) -> int:
        """How many rows there are."""

    def keys_between(self, first: int, stop: int) -> set[int]:
        """The keys of the rows in `first <= index < stop`. Raises what reading raises."""

    def place_of(self, key: int) -> int | None:
        """The index of the row with this key; None if it is gone. Raises what reading raises."""

    def marks_changed(self, keys: Collection[int], refused: int = 0) -> None:
        """These rows were marked or unmarked; `refused` were too many to be."""


class Marks:
    """Marked rows by key, also of rows that the list shows no more.

    A range begins at one row and reaches to another, forth and back, until it ends.
    """

    def __init__(self, rows: MarkedRows) -> None:
        self._rows = rows
        self.keys: set[int] = set()
        self.range_from: int | None = None
        """The key of the row at which a range begins; None while none is being marked."""
        self._before: frozenset[int] = frozenset()

    def toggle(self, key: int) -> None:
        """Mark a row, or take its mark away."""
        self._have({key} ^ self.keys)

    def clear(self) -> None:
        """Take all marks away."""
        self.range_from = None
        if self.keys:
            self._have(())

    def range_at(self, key: int) -> None:
        """Begin a range at this row, or end the one that is being marked."""
        if self.range_from is None:
            self.range_from, self._before = key, frozenset(self.keys)
            self._have({key} | self.keys)
        else:
            self.end_range()

    def end_range(self) -> None:
        """The rows of the range stay marked."""
        self.range_from = None
        self._rows.marks_changed(())

    def leave_range(self) -> bool:
        """Unmark the rows of the range; False if none is being marked."""
        if self.range_from is None:
            return False
        self.range_from = None
        self._have(self._before)
        return True

    def reach(self, index: int) -> None:
        """Let the range that is being marked reach to this row, as far as it may.

        Raises what reading raises.
        """
        if self.range_from is None:
            return
        place = self._rows.place_of(self.range_from)
        if place is None:  # it is gone: what was marked stays
            self.end_range()
            return
        first, last = sorted((place, index))
        if last - first < MOST_MARKED:
            self._have(self._before | self._rows.keys_between(first, last + 1))
        else:
            self._rows.marks_changed((), last - first + 1)

    def mark_all(self, *, invert: bool = False) -> None:
        """Mark every row of the list, or those that are not and no other of them.

        Raises what reading raises.
        """
        count = self._rows.row_count
        if count > MOST_MARKED:
            self._rows.marks_changed((), count)
            return
        self.range_from = None
        shown = self._rows.keys_between(0, count)
        self._have(self.keys ^ shown if invert else self.keys | shown)

    def _have(self, keys: Collection[int]) -> None:
        changed = self.keys ^ set(keys)
        self.keys.clear()
        self.keys.update(keys)
        self._rows.marks_changed(changed)
