"""What the words of a file mean where a request has values of its own: state, kind and the like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from poc_tui.errors import NotUnderstood
from poc_tui.models.values import Channel, Kind, Priority, Resolution, State
from poc_tui.rules import value_words
from poc_tui.rules.text import fold, plain, safe
from poc_tui.store.exchange.columns import Cell, Columns, known_field, listed, normal

VALUES = {
    "state": tuple(State),
    "kind": tuple(Kind),
    "channel": tuple(Channel),
    "priority": tuple(Priority),
    "resolution": tuple(Resolution),
}
"""The fields that have values of their own."""

_MOST_COUNTED = 1000
_NOT_KNOWN = (None, True)
"""No value, and to be noted."""
_MOST_NAMED = 8


class ValueWords:
    """What words mean: as a person says it of this file, else as it is commonly known.

    `said` are pairs of `COLUMN:WORD` and the value it means; the column may be called as in the
    file or as the field that it means.
    """

    def __init__(self, said: Sequence[tuple[str, str]]) -> None:
        self._said = said
        self._meant: dict[tuple[str, str], str] = {}
        """Column as compared, folded word -> value."""
        self._used: set[tuple[str, str]] = set()
        self._words: dict[str, dict[str, int]] = {}
        """Column -> the words met there that are not known, and how often."""
        self._found: dict[tuple[str, str, str], tuple[str | None, bool]] = {}

    def check(self, names: Sequence[str], columns: Columns) -> None:
        """Hold what was said against the columns of the file.

        Raises:
            NotUnderstood: there is no such column, it has no values, or the value is none; or a
                default is none.
        """
        for field, (option, value) in columns.defaults.items():
            if field in VALUES:
                _value(f"{option}={value}", field, str(value))
        present = {normal(name): name for name in names}
        for words, value in self._said:
            column, word = _parted(words, present)
            if column is None:
                raise NotUnderstood(
                    f"--values {safe(words)}={safe(value)}: there is no column "
                    f"“{safe(words.partition(':')[0])}”; there are {listed(names)}"
                )
            here = present.get(column)
            field = columns.field_of(here) if here else known_field(column)
            if field not in VALUES:
                raise NotUnderstood(
                    f"--values {safe(words)}={safe(value)}: “{safe(column)}” is none of "
                    f"{', '.join(VALUES)}; --map {safe(column)}=FIELD says what it is"
                )
            meant = _value(f"--values {words}={value}", field, value)
            for name in names:
                if normal(name) == column or (not here and columns.field_of(name) == field):
                    self._meant[normal(name), _folded(word)] = meant

    def meaning(self, field: str, column: str, words: str) -> tuple[str | None, bool]:
        """The value of `field` that the words mean, and whether they are to be noted."""
        asked = field, column, words
        found = self._found.get(asked) or self._look_up(*asked)
        if len(self._found) < _MOST_COUNTED:
            self._found[asked] = found
        if found == _NOT_KNOWN:
            met = self._words.setdefault(safe(column), {})
            if words in met or len(met) < _MOST_COUNTED:
                met[words] = met.get(words, 0) + 1
        return found

    def _look_up(self, field: str, column: str, words: str) -> tuple[str | None, bool]:
        key = normal(column), _folded(words)
        if key in self._meant:
            self._used.add(key)
            return self._meant[key], False
        meant = value_words.meaning(field, words, shortest=value_words.SHORTEST)
        if meant is not None:
            return meant, field == "state" and value_words.says_more(words)
        if value_words.is_absent(words) or (field == "resolution" and _is_still_open(words)):
            return None, False
        if field == "state" and self.ending(Cell(column, words)):
            return None, False
        return _NOT_KNOWN

    def ending(self, cell: Cell | None) -> str | None:
        """The resolution that a word of a state says beside: `merged`, `cancelled`."""
        if cell is None or not isinstance(cell.value, str):
            return None
        return value_words.meaning("resolution", cell.value, shortest=len(cell.value) + 1)

    def sentences(self) -> list[str]:
        """Which words are not known, for each column, and which that were said never came."""
        said = []
        for column, met in self._words.items():
            often = sorted(met, key=lambda words: -met[words])
            shown = ", ".join(f"“{safe(words)}” ({met[words]:,})" for words in often[:_MOST_NAMED])
            more = f" and {len(met) - _MOST_NAMED:,} more" if len(met) > _MOST_NAMED else ""
            said.append(
                f"not known under “{column}”: {shown}{more}; each stands in a note on its "
                f"request (--values '{column}:{safe(often[0])}=…' says what one means)"
            )
        never = self._meant.keys() - self._used
        said += [f"no row has “{safe(word)}” under “{safe(name)}”" for name, word in sorted(never)]
        return said


def _value(given: str, field: str, value: str) -> str:
    meant = value_words.meaning(field, value)
    if meant is None:
        raise NotUnderstood(
            f"{safe(given)}: “{safe(value)}” is no {field}; choose from {', '.join(VALUES[field])}"
        )
    return meant


def _parted(words: str, present: Mapping[str, str]) -> tuple[str | None, str]:
    """Column, as compared, and word; either may hold a colon itself."""
    parts = words.split(":")
    for n in range(1, len(parts)):
        column = normal(":".join(parts[:n]))
        if column in present or known_field(column) in VALUES:
            return column, ":".join(parts[n:])
    return None, words


def _is_still_open(words: str) -> bool:
    """Whether a resolution says that there is none: `Unresolved`."""
    return value_words.meaning("state", words, shortest=len(words) + 1) in (State.NEW, State.OPEN)


def _folded(words: str) -> str:
    return " ".join(fold(plain(words)).split())
