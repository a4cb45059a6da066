"""In which line of a TOML file something stands.

`tomllib` keeps no lines. This looks only at text that `tomllib` has already read, so it refuses
nothing and takes every shortcut that the grammar of TOML 1.0 allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

Path = tuple[str | int, ...]
"""The keys that lead to a value, with a number from 0 for an entry of a list."""

_LEXEMES = r'''
    (?P<nothing> [ \t]+ | \#[^\n]* )
    | \n
    | """ (?: \\. | (?!""") . )*+ """ "{0,2}   # two quotes more may belong to the text
    | \'\'\' (?: (?!\'\'\') . )*+ \'\'\' '{0,2}
    | " (?: \\. | [^"\\] )*+ "
    | ' [^']*+ '
    | [\[\]{}=,.]
    | [^\s\[\]{}=,.\#"']+
    '''
"""A pattern of `re`, compiled only when something is wrong."""


def line_of(text: str, path: Path) -> int:
    """The line, from 1, in which the key or the entry of a list begins.

    `text` is TOML that `tomllib` reads. A table is where its first header is, or its first key.
    What is not there is looked for one step up; line 1 in the end.
    """
    lines = _Scan(text.replace("\r\n", "\n")).lines
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class _Token(NamedTuple):
    text: str
    """As it is written, quotes included; empty at the end of the file."""
    line: int


def _tokens(text: str) -> Iterator[_Token]:
    line = 1
    for match in re.finditer(_LEXEMES, text, re.DOTALL | re.VERBOSE):
        if match["nothing"] is None:
            yield _Token(match[0], line)
        line += match[0].count("\n")
    yield _Token("", line)


class _Scan:
    """One walk through a file; `lines` says then where each thing begins."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._entries: dict[Path, int] = {}
        """How many tables each `[[array]]` has so far."""
        self._tokens = _tokens(text)
        self._token = next(self._tokens)
        table: Path = ()
        while self._past_line_ends().text:
            if self._token.text == "[":
                table = self._header()
            else:
                self._pair(table)

    def _next(self) -> _Token:
        token = self._token
        self._token = next(self._tokens, token)
        return token

    def _past_line_ends(self) -> _Token:
        while self._token.text == "\n":
            self._next()
        return self._token

    def _header(self) -> Path:
        line = self._next().line
        is_array = self._token.text == "["
        if is_array:
            self._next()
        *parents, name = self._names()
        path: Path = ()
        for parent in parents:
            path = self._entered((*path, parent))
            self.lines.setdefault(path, line)
        path = (*path, name)
        if is_array:
            self.lines.setdefault(path, line)
            self._entries[path] = self._entries.get(path, 0) + 1
            path = self._entered(path)
            self._next()
        self.lines.setdefault(path, line)
        self._next()
        return path

    def _entered(self, path: Path) -> Path:
        """`path`, and if that is an array of tables, the last of them: TOML means that one."""
        return (*path, self._entries[path] - 1) if path in self._entries else path

    def _names(self) -> list[str]:
        names = [_name(self._next().text)]
        while self._token.text == ".":
            self._next()
            names.append(_name(self._next().text))
        return names

    def _pair(self, table: Path) -> None:
        line = self._token.line
        path = table
        for name in self._names():
            path = (*path, name)
            self.lines.setdefault(path, line)
        self._next()
        self._value(path)

    def _value(self, path: Path) -> None:
        # Nested lists take one call a level, fewer than tomllib needed to read them.
        opening = self._next().text
        if opening == "[":
            index = 0
            while self._past_line_ends().text != "]":
                if self._token.text == ",":
                    index += 1
                    self._next()
                else:
                    self.lines[(*path, index)] = self._token.line
                    self._value((*path, index))
            self._next()
        elif opening == "{":
            while self._past_line_ends().text != "}":
                if self._token.text == ",":
                    self._next()
                else:
                    self._pair(path)
            self._next()
        else:
            # A number or a date can be more than one token.
            while self._token.text not in ("", "\n", ",", "]", "}"):
                self._next()


def _name(written: str) -> str:
    if written.startswith("'"):
        return written[1:-1]
    if not written.startswith('"'):
        return written
    import tomllib

    return str(tomllib.loads(f"name = {written}")["name"])
