"""What the store has by its own rules, such as a row that another points to."""

from __future__ import annotations

from typing import TypeVar

from poc_tui.errors import StoreUnreadable

T = TypeVar("T")

DAMAGED = "this store is damaged: {}; nothing was changed. `poc locate` names the backups"


def present(value: T | None) -> T:
    """The value.

    Raises:
        StoreUnreadable: there is none, so something else than poc has written on the file.
    """
    if value is None:
        raise StoreUnreadable(DAMAGED.format("something in it points to what is gone"))
    return value
