"""A row that a verb holds: plain attributes, and which of them were changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from poc_tui.store.writer import KEYS, Key


def given(*, init: bool) -> Any:
    """Marks the column that the store gives a new row."""


class Row:
    """One row of a table; a subclass for each table stands in `store.rows`.

    Raises (when it is made, and when an attribute is set):
        AttributeError: there is no such column, or it is the id, which the store gives.
        TypeError: a value of another type than the column has.
        ValueError: a moment without a time zone; fractions of a second are cut off.
    """

    table: ClassVar[str]
    columns: ClassVar[dict[str, str]]
    """Of each column the type that it is spelled with: `str`, `datetime`, `list`."""
    _types: ClassVar[dict[str, type | tuple[type, ...]]]
    _required: ClassVar[frozenset[str]]

    def __init_subclass__(cls, table: str) -> None:
        cls.table = table
        cls.columns = {
            name: words.partition(" ")[0].partition("[")[0]
            for name, words in cls.__annotations__.items()
        }
        cls._types = {name: _TYPES[word] for name, word in cls.columns.items()}
        cls._required = frozenset(name for name in cls.columns if name not in cls.__dict__)

    def __init__(self, **values: Any) -> None:
        if missing := self._required - values.keys():
            raise AttributeError(f"a new {self.table} has no {', '.join(sorted(missing))}")
        for name, value in values.items():
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.columns or name == "id":
            raise AttributeError(f"{self.table} has no column {name} that could be set")
        if value is not None and not isinstance(value, self._types[name]):
            raise TypeError(f"{name} of {self.table} cannot be {value!r}")
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise ValueError(f"a moment without a time zone cannot be stored: {value!r}")
            value = value.replace(microsecond=0)
        self.__dict__[name] = value
        changed: dict[Row, dict[str, None]] | None = self.__dict__.get("_changed")
        if changed is not None:
            changed.setdefault(self, {})[name] = None

    @classmethod
    def read(cls, values: Iterable[Any]) -> Self:
        """The row that the store has, of its values in the order of `columns`."""
        new = cls.__new__(cls)
        new.__dict__.update(
            {
                name: value if value is None or (of := _READ.get(word)) is None else of(value)
                for (name, word), value in zip(cls.columns.items(), values, strict=True)
            }
        )
        return new

    @property
    def key(self) -> Key:
        """By which it is found, as the journal has it."""
        values = [getattr(self, name) for name in KEYS[self.table]]
        return values[0] if len(values) == 1 else values

    def watch(self, changed: dict[Row, dict[str, None]]) -> None:
        """Note in `changed` from now on which columns are assigned."""
        self.__dict__["_changed"] = changed


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


_TYPES: dict[str, type | tuple[type, ...]] = {
    "str": str, "int": int, "bytes": bytes, "bool": bool, "datetime": datetime,
    "list": (list, tuple), "dict": dict,
}  # fmt: skip
_READ: dict[str, Callable[[Any], Any]] = {
    "datetime": _moment, "bool": bool, "list": json.loads, "dict": json.loads,
}  # fmt: skip
