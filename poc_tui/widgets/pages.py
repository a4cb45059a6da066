"""Rows read page by page from a source that may hold a million, and one's place among them."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

R = TypeVar("R")
Row_co = TypeVar("Row_co", covariant=True)

PAGE_ROWS = 100
"""Rows read at once: more than a tall terminal shows, few enough to be read between two frames."""

KEPT_PAGES = 32
"""Pages held at most, so that memory does not grow with the way a person scrolls."""


class RowSource(Protocol[Row_co]):
    """A list of rows in a fixed order.

    Raises (from every method):
        PocError: the rows cannot be had now.
    """

    def count(self) -> int:
        """How many rows there are."""
        ...

    def page(self, offset: int, limit: int) -> Sequence[Row_co]:
        """The rows from `offset` on, at most `limit`; fewer where the list ends."""
        ...

    def position(self, key: int) -> int | None:
        """The index at which the row with this key is now, None when it is gone."""
        ...


class Pages(Generic[R]):
    """One look at a source: its count as it was, and those of its pages that were asked for.

    What was read is not read again while it is kept; a later state of the source is seen by
    making new `Pages`.

    Args:
        source: where the rows come from; its `count` is read at once.
        size: rows a page.
        keep: pages held; the one not used for longest is dropped first.

    Raises:
        PocError: the count cannot be read now.
    """

    def __init__(self, source: RowSource[R], size: int = PAGE_ROWS, keep: int = KEPT_PAGES) -> None:
        self.source = source
        self.count = source.count()
        self._size = size
        self._keep = keep
        self._held: OrderedDict[int, Sequence[R]] = OrderedDict()
        self._place: tuple[int, int | None] | None = None

    def holds(self, index: int) -> bool:
        """Whether the page of this index is held, so that `row` reads nothing."""
        return index // self._size in self._held

    def row(self, index: int) -> R | None:
        """The row at `index`, reading its page unless it is held.

        Returns:
            The row; None outside the list, or where the list has shrunk since it was counted.

        Raises:
            PocError: the page cannot be read now; nothing that is held has changed.
        """
        if not 0 <= index < self.count:
            return None
        number, at = divmod(index, self._size)
        page = self._held.get(number)
        if page is None:
            first = number * self._size
            page = self.source.page(first, min(self._size, self.count - first))
            self._held[number] = page
            if len(self._held) > self._keep:
                self._held.popitem(last=False)
        else:
            self._held.move_to_end(number)
        return page[at] if at < len(page) else None

    def place_of(self, key: int) -> int | None:
        """The index of the row with this key, None when it is gone; asked of the source once, as
        long as the same key is asked for.

        Raises:
            PocError: it cannot be read now.
        """
        if self._place is None or self._place[0] != key:
            self._place = (key, self.source.position(key))
        return self._place[1]

    def read(self, first: int, stop: int) -> None:
        """Read every page that has a row in `first <= index < stop`.

        Raises:
            PocError: one of them cannot be read now.
        """
        stop = min(stop, self.count)
        for index in range(max(0, first) // self._size * self._size, stop, self._size):
            self.row(index)


class ListPosition(NamedTuple):
    """Where a person is in a list: the highlighted index, the index at the top, lines in view."""

    highlighted: int
    top: int
    height: int

    @property
    def highlight_in_view(self) -> bool:
        """Whether the highlighted row is one of those on the screen."""
        return 0 <= self.highlighted - self.top < self.height

    def at_the_start(self) -> ListPosition:
        """The first row, at the top."""
        return ListPosition(0, 0, self.height)

    def carried_over(
        self, old: Pages[R] | None, new: Pages[R], key: int | None, key_of: Callable[[R], int]
    ) -> ListPosition:
        """The same place in `new`, which shows the source of `old` again or another one.

        The row with `key` stays highlighted, on its line of the screen unless the list stands at
        its top. If it is gone, the row in
        its place is highlighted, or the first row of another source. When the person has scrolled
        away from the highlight, the row at the top stays at the top.

        Raises:
            PocError: the new places of the rows cannot be read now.
        """
        same = old is not None and old.source is new.source
        found = None if key is None else new.source.position(key)
        if found is None and not same:
            return self.at_the_start()
        index = self.highlighted if found is None else found
        top = self.top
        if self.highlight_in_view:
            # At the very top what comes in above is seen, as long as the highlight stays in view.
            top = 0 if top == 0 and index < self.height else top + index - self.highlighted
        elif not same:
            top = index - self.height // 2
        elif old is not None and old.holds(top) and (row := old.row(top)) is not None:
            moved = new.source.position(key_of(row))
            top = top if moved is None else moved
        last = max(0, new.count - 1)
        return ListPosition(
            min(index, last), max(0, min(top, new.count - self.height)), self.height
        )


class ListSource(Generic[R]):
    """A few rows that are all there, as a source for a `VirtualList`."""

    def __init__(self, rows: Sequence[R], key_of: Callable[[R], int]) -> None:
        self._rows = rows
        self.key_of = key_of

    def count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def page(self, offset: int, limit: int) -> Sequence[R]:
        """The rows from `offset` on, at most `limit`."""
        return self._rows[offset : offset + limit]

    def position(self, key: int) -> int | None:
        """Where the row of this key stands."""
        for index, row in enumerate(self._rows):
            if self.key_of(row) == key:
                return index
        return None
