"""The values of a TOML file that a person wrote, each knowing where it stands.

So that whatever is wrong with one is refused in one sentence with the file, the line, and what to
write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, time
from typing import Any, NamedTuple, TypeVar

from poc_tui.errors import ConfigWrong, NotUnderstood
from poc_tui.rules.text import safe
from poc_tui.settings.schema import nearest
from poc_tui.settings.toml_lines import Path, line_of

T = TypeVar("T")

_WHERE = r" \(at (?:line (\d+), column \d+|end of document)\)$"
"""How tomllib ends its messages."""

_DEEPEST = 64
"""As many tables or lists in one another are read, and as many parts of one name."""

_MANY_PARTS = r"""(?x) (?: \. [ \t]*+ (?: [\w-]++ | "[^"\n]*+" | '[^'\n]*+' ) [ \t]*+ ){64}"""
"""A dotted name of more parts, for which tomllib takes time and memory by the square of them."""


class TomlFile(NamedTuple):
    """A file of TOML: what its name and its text are, for sentences, and what it gives."""

    path: str
    text: str
    values: dict[str, Any]


class TomlValue(NamedTuple):
    """One value, and the keys that lead to it.

    Raises (from every method):
        ConfigWrong: it is not what was expected; with file and line.
    """

    raw: object
    path: Path
    file: TomlFile

    def wrong(self, reason: str) -> ConfigWrong:
        """The refusal of this value; `reason` is a sentence after a colon."""
        return ConfigWrong(f"{self.file.path}, line {line_of(self.file.text, self.path)}: {reason}")

    def not_what(self, expected: str) -> ConfigWrong:
        """The refusal of a value that must be what `expected` says."""
        return self.wrong(f'"{self.name}" must be {expected}, not {_shown(self.raw)}.')

    @property
    def name(self) -> str:
        """The keys as they are written with dots; which entry of a list is left to the line."""
        return ".".join(_key(part) for part in self.path if isinstance(part, str))

    def table(self, known: Collection[str] | None, what: str = "setting") -> dict[str, TomlValue]:
        """What is in this table; `known` are the keys it may have, None for any."""
        if not isinstance(self.raw, dict):
            raise self.not_what(f"a table, such as [{self.name}] with its settings below")
        entries = {
            key: TomlValue(raw, (*self.path, key), self.file) for key, raw in self.raw.items()
        }
        if known is not None:
            for key, entry in entries.items():
                if key not in known:
                    raise entry.wrong(_none_such(what, key, known))
        return entries

    def tables(self) -> list[TomlValue]:
        """The entries of this array of tables."""
        if not isinstance(self.raw, list) or not all(isinstance(raw, dict) for raw in self.raw):
            raise self.not_what(f"one or more tables, each below a line [[{self.name}]]")
        return self._entries(self.raw)

    def one_or_more(self, expected: str) -> list[TomlValue]:
        """This value by itself, or the entries of the list that it is."""
        if not isinstance(self.raw, list):
            return [self]
        if not self.raw:
            raise self.wrong(f'"{self.name}" is an empty list. It must be {expected}.')
        return self._entries(self.raw)

    def _entries(self, raw: list[object]) -> list[TomlValue]:
        return [TomlValue(entry, (*self.path, at), self.file) for at, entry in enumerate(raw)]

    def one_of(self, known: Collection[str], what: str) -> str:
        """This text, which must be one of those."""
        if not isinstance(self.raw, str):
            raise self.not_what("one of " + ", ".join(f'"{word}"' for word in known))
        if self.raw not in known:
            raise self.wrong(_none_such(what, self.raw, known))
        return self.raw

    def read(self, read: Callable[[object], T], expected: str) -> T:
        """What `read`, as of a `Setting`, makes of this value."""
        try:
            return read(self.raw)
        except (TypeError, ValueError, NotUnderstood) as error:
            raise self.not_what(expected) from error

    def whole(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        number = self.raw if isinstance(self.raw, int) and not isinstance(self.raw, bool) else None
        if number is None or not least <= number <= most:
            raise self.not_what(f"a whole number from {least} to {most}")
        return number


def parse_toml(content: bytes, path: str) -> TomlFile:
    """Read TOML that a person wrote; `path` names the file in the sentences.

    Raises:
        ConfigWrong: it is not UTF-8, not TOML, or so deep that reading it takes more than a
            moment; with the line where there is one.
    """
    import tomllib

    try:
        text = content.decode("utf-8-sig")
        if many := re.search(_MANY_PARTS, text):
            line = text.count("\n", 0, many.start()) + 1
            raise ConfigWrong(
                f"{path}, line {line}: a name of more than {_DEEPEST} parts is none of poc's."
                " Take that out."
            )
        values = tomllib.loads(text)
        if _is_deep(values):
            raise RecursionError
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigWrong(
            f"{path}, line {line}: this is not UTF-8. Save the file as UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        where = re.search(_WHERE, str(error))
        line = int(where[1]) if where and where[1] else max(1, len(text.splitlines()))
        reason = re.sub(_WHERE, "", str(error))
        raise ConfigWrong(
            f"{path}, line {line}: this is not TOML: {safe(reason)}. Correct that line."
        ) from error
    except (RecursionError, ValueError) as error:
        # tomllib lets through what Python itself refuses, and then without a line.
        raise ConfigWrong(
            f"{path}: a number in it is too long, or lists lie too deep in one another."
            " Take that out."
        ) from error
    return TomlFile(path, text, values)


def read_toml(content: bytes, path: str, under: Mapping[str, object]) -> TomlValue:
    """The whole file as one table, laid over the tables in `under`.

    A table of the file adds to the one below it key by key; anything else replaces it. `path`
    names the file in the sentences.

    Raises:
        ConfigWrong: as `parse_toml` does.
    """
    file = parse_toml(content, path)
    return TomlValue(_laid_over(under, file.values), (), file)


def _is_deep(values: object) -> bool:
    """Whether tables and lists lie so deep in one another that walking them could end badly."""
    level = [values]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return bool(level)


def _laid_over(base: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    merged = {
        key: _laid_over(base[key], value)
        for key, value in given.items()
        if isinstance(value, dict) and isinstance(base.get(key), dict)
    }
    return {**base, **given, **merged}


def _none_such(what: str, word: str, known: Collection[str]) -> str:
    return (
        f'there is no {what} "{_cut(word)}". The nearest is "{_cut(nearest(word, known))}";'
        f" there are {', '.join(map(_cut, known))}."
    )


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{_cut(key)}"'


def _shown(raw: object) -> str:
    """A value of TOML for a sentence, short."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return f'"{_cut(raw)}"'
    if isinstance(raw, dict):
        return "a table"
    if isinstance(raw, list):
        return "a list" if raw else "an empty list"
    if isinstance(raw, date | time):
        return f"the date or time {raw.isoformat()}"
    if isinstance(raw, int) and abs(raw) >= 10**18:
        return "so long a number"
    return str(raw)


def _cut(text: str) -> str:
    shown = safe(text)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
