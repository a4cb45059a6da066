"""Values that lie in the store as JSON."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from poc_tui.errors import StoreUnreadable
from poc_tui.store.damage import DAMAGED


def listed(text: str, width: int | None = None) -> list[Any]:
    """The list that the text spells; with `width` one of lists, so many values in each.

    Raises:
        StoreUnreadable: it is none, so something else than poc has written on the file.
    """
    if text == "[]":  # as most are
        return []
    found = _read(text, list)
    _check(found, width)
    return list(found)


def named(text: str, width: int | None = None) -> dict[str, Any]:
    """The object that the text spells; `width` and what it raises are as with `listed`."""
    found = _read(text, dict)
    _check(found.values(), width)
    return dict(found)


def _read(text: str, kind: type[Any]) -> Any:
    from json import loads

    try:
        found = loads(text)
    except (ValueError, TypeError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(found, kind):
        raise _unreadable()
    return found


def _check(values: Collection[Any], width: int | None) -> None:
    if width is not None and any(
        not isinstance(value, list) or len(value) != width for value in values
    ):
        raise _unreadable()


def _unreadable() -> StoreUnreadable:
    return StoreUnreadable(DAMAGED.format("a list in it cannot be read any more"))
