"""In which line of a TOML file something stands, however it is written."""

from __future__ import annotations

import json
import random
import re
import tomllib
from typing import TypeGuard

import pytest
from hypothesis import given, strategies as st

from poc_tui.settings.toml_lines import line_of

NASTY = '''\
# [not.a.table] a = 1
top = 1 # b = 2
"quoted.key" = 'x'
'lit"eral' = """
fake = 1
[fake]
\\""" still """"
after = \'\'\'
[[fake]]
'\'\'\'
a.b."c.d".e = 1
a . f = 2
list = [ # comment ]
  1, 2,

  [ "]", '[',
    { in = "{", deep = [ 1,
  3 ] } ],
  1979-05-27 07:32:00,
]
inline = { x = 1, y.z = [ 1 ], "w" = {} }
1.2 = 3
"\\u00fc" = 1
[ table . "sub.table" ]
key = -1.5e+3
[[rows]]
name = 1

[[rows]] # second
name = 2
[rows.more]
key = 1
[[rows.inner]]
[[rows.inner]]
key = 1
[[rows]]
[[rows.inner]]
key = "last"
[later.first]
[later]
key = """\\
  x"""
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("b",), 1),
        (("quoted.key",), 3),
        (('lit"eral',), 4),
        (("fake",), 1),
        (("after",), 8),
        (("a",), 11),
        (("a", "b", "c.d", "e"), 11),
        (("a", "f"), 12),
        (("list",), 13),
        (("list", 0), 14),
        (("list", 1), 14),
        (("list", 2), 16),
        (("list", 2, 1), 16),
        (("list", 2, 2), 17),
        (("list", 2, 2, "deep"), 17),
        (("list", 2, 2, "deep", 1), 18),
        (("list", 3), 19),
        (("list", 4), 13),
        (("inline", "y", "z", 0), 21),
        (("inline", "w"), 21),
        (("1", "2"), 22),
        (("ü",), 23),
        (("table", "sub.table"), 24),
        (("table", "sub.table", "key"), 25),
        (("rows",), 26),
        (("rows", 0, "name"), 27),
        (("rows", 1), 29),
        (("rows", 1, "name"), 30),
        (("rows", 1, "more", "key"), 32),
        (("rows", 1, "inner", 0), 33),
        (("rows", 1, "inner", 1, "key"), 35),
        (("rows", 2), 36),
        (("rows", 2, "inner", 0, "key"), 38),
        (("rows", 2, "inner", 0, "missing"), 37),
        (("later", "first"), 39),
        (("later", "key"), 41),
        (("later", "none", 3, "none"), 39),
        ((), 1),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_line_of_a_key_is_found_in_nasty_toml(
    path: tuple[str | int, ...], line: int, line_end: str
) -> None:
    text = NASTY.replace("\n", line_end)
    tomllib.loads(text)
    assert line_of(text, path) == line


KEYS = st.text(alphabet="ab-_1. \"'[]{}=#,\\ü", max_size=5)
TREES = st.dictionaries(
    KEYS,
    st.recursive(
        st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
        max_leaves=12,
    ),
    max_size=5,
)


class Writer:
    """Writes a tree as TOML in as many ways as there are, every leaf with a mark of its own."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.marks: dict[tuple[str | int, ...], str] = {}

    def table(self, path: tuple[str | int, ...], names: str, tree: dict[str, object]) -> list[str]:
        """The lines of a table; what has a header of its own comes after the rest."""
        lines: list[str] = []
        below: list[str] = []
        for key, value in tree.items():
            name = self.key(key)
            dotted = f"{names}.{name}" if names else name
            if isinstance(value, dict) and self.dice.random() < 0.5:
                below += [self.noise(), f"[{dotted}]"]
                below += self.table((*path, key), dotted, value)
            elif is_array_of_tables(value) and self.dice.random() < 0.7:
                for at, entry in enumerate(value):
                    below += [f"[[ {dotted} ]]{self.noise()}"]
                    below += self.table((*path, key, at), dotted, entry)
            else:
                lines += [self.noise(), f"{name} = {self.value((*path, key), value)}"]
        return lines + below

    def value(self, path: tuple[str | int, ...], value: object) -> str:
        if isinstance(value, dict):
            pairs = (f"{self.key(k)}={self.value((*path, k), v)}" for k, v in value.items())
            return "{ " + ", ".join(pairs) + " }"
        if isinstance(value, list):
            entries = (self.value((*path, at), entry) for at, entry in enumerate(value))
            gap = self.dice.choice([" ", "\n", ' # ], "\n\n'])
            return f"[{gap}" + f",{gap}".join(entries) + f"{gap}]"
        mark = self.marks[path] = f"v{len(self.marks)}v"
        quote = self.dice.choice(["'", '"', "'''", '"""'])
        return quote + mark + self.dice.choice(["", "\n[x]\n"] if len(quote) == 3 else [""]) + quote

    def key(self, key: str) -> str:
        if re.fullmatch("[ab_1-]+", key) and self.dice.random() < 0.5:
            return key
        if "'" not in key and self.dice.random() < 0.5:
            return f"'{key}'"
        return json.dumps(key, ensure_ascii=self.dice.random() < 0.5)

    def noise(self) -> str:
        return self.dice.choice(["", "", " ", "# [a] = 'x"])


def is_array_of_tables(value: object) -> TypeGuard[list[dict[str, object]]]:
    return isinstance(value, list) and value != [] and all(isinstance(e, dict) for e in value)


@given(TREES, st.randoms())
def test_the_line_of_every_value_is_found_in_any_toml(
    tree: dict[str, object], dice: random.Random
) -> None:
    writer = Writer(dice)
    text = "\n".join(writer.table((), "", tree))
    assert set(tomllib.loads(text)) == set(tree)
    for path, mark in writer.marks.items():
        assert line_of(text, path) == text.count("\n", 0, text.index(mark)) + 1, (path, text)
