"""In which line of a TOML file something stands.

`tomllib` keeps no lines. So it is given the text once more, with the number of its line in the
place of each value. This looks only at text that `tomllib` has already read, so it refuses nothing.
"""

from __future__ import annotations

import re
from typing import Any

Path = tuple[str | int, ...]
"""The keys that lead to a value, with a number from 0 for an entry of a list."""

_HERE = "line-of-this-table-8c1f"
"""The key under which a table says its own line; it stands in nobody's file."""

_LEXEMES = r'''(?sx)
    """ (?: \\. | (?!""") . )*+ """ "{0,2}   # two quotes more may belong to the text
    | \'\'\' (?: (?!\'\'\') . )*+ \'\'\' '{0,2}
    | " (?: \\. | [^"\\] )*+ "
    | ' [^']*+ '
    | \{ [ \t]* \}
    | [\[\]{}=,\n]
    | [^\s\[\]{}=,\#"']+
    | (?P<nothing> [ \t]+ | \#[^\n]* )
    '''
"""A pattern of `re`, compiled only when something is wrong."""


def line_of(text: str, path: Path) -> int:
    """The line, from 1, in which the key or the entry of a list begins.

    `text` is TOML that `tomllib` reads. A table is where its first header is, or its first key.
    What is not there is looked for one step up; line 1 in the end.
    """
    import tomllib

    node: Any = tomllib.loads(_numbered(text.replace("\r\n", "\n")))
    line = 1
    for part in path:
        inline = isinstance(node, list) and isinstance(node[0], int)
        try:
            node = (node[1:] if inline else node)[part]
        except (LookupError, TypeError):
            break
        line = _first(node)
    return line


def _numbered(text: str) -> str:
    """The text with its line for each value; a list in brackets begins with its own."""
    written: list[str] = []
    opened: list[str] = []
    line, header, expected = 1, 0, "key"
    for match in re.finditer(_LEXEMES, f"{text}\n"):
        lexeme = new = match[0]
        if lexeme == "\n" and not opened:
            new = f"\n{_HERE}={header}\n" if header else "\n"
            header, expected = 0, "key"
        elif match["nothing"] is not None or lexeme == "\n":
            new = ""
        elif header or (lexeme == "[" and expected == "key"):
            header = line
        elif lexeme in ("]", "}"):
            opened.pop()
            expected = "end"
        elif lexeme in ("=", ","):
            expected = "key" if lexeme == "," and opened[-1] == "{" else "value"
        elif expected == "end":  # a number or a date can be more than one lexeme
            new = ""
        elif expected == "value" and lexeme in ("[", "{"):
            opened.append(lexeme)
            new = f"[{line}," if lexeme == "[" else f"{{{_HERE}={line},"
            expected = "value" if lexeme == "[" else "key"
        elif expected == "value":
            new = f"{{{_HERE}={line}}}" if lexeme[0] == "{" else f"{line}"
            expected = "end"
        written.append(new)
        line += lexeme.count("\n")
    return "".join(written)


def _first(node: Any) -> int:
    """The least of the lines in it, which is where it begins."""
    if isinstance(node, int):
        return node
    return _first(node[0]) if isinstance(node, list) else min(map(_first, node.values()))
