"""A mail of ours in HTML: the same plain text, with its paragraphs, its quotations and its links.

Nothing else is in it: whoever reads it fetches nothing, and no sign of the text is markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby

_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}[^\s<>\"'.,;:!?)\]}]")
_QUOTED = re.compile(r">+ ?")
_DEEPEST = 20
"""Quotations in quotations that are told apart; deeper ones stand with these."""

_QUOTE = '<blockquote style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">'
"""As mail programs draw it."""


def to_html(text: str) -> str:
    """The text as the body of a mail in HTML."""
    parts: list[str] = []
    depth = 0
    for deep, lines in groupby(text.strip("\n").split("\n"), _depth):
        parts += [_QUOTE] * (deep - depth) + ["</blockquote>"] * (depth - deep)
        parts += _paragraphs([_QUOTED.sub("", line, count=1) if deep else line for line in lines])
        depth = deep
    parts += ["</blockquote>"] * depth
    return "\n".join(("<!DOCTYPE html>", "<html><body>", *parts, "</body></html>", ""))


def _depth(line: str) -> int:
    """How often a line is quoted."""
    return min(len(line) - len(line.lstrip(">")), _DEEPEST)


def _paragraphs(lines: list[str]) -> Iterator[str]:
    for is_blank, together in groupby(lines, lambda line: not line.strip()):
        if not is_blank:
            said = "<br>\n".join(map(_line, together))
            yield f"<p>{said}</p>"


def _line(line: str) -> str:
    """One line, its links to be clicked, its blanks kept."""
    said, end = [], 0
    for found in _LINK.finditer(line):
        link = escape(found[0])
        said += [_plain(line[end : found.start()]), f'<a href="{link}">{link}</a>']
        end = found.end()
    return "".join((*said, _plain(line[end:])))


def _plain(words: str) -> str:
    kept = escape(words).replace("\t", "    ").replace("  ", "&nbsp; ")
    return f"&nbsp;{kept[1:]}" if kept.startswith(" ") else kept
