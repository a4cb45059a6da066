"""The lines of an iCalendar file (RFC 5545, section 3.1), before anybody asks what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_PARAMETER = re.compile(
    r';([\w-]{1,60}+)=((?:"[^"]{0,2000}+"|[^";:,]{0,2000}+)(?:,(?:"[^"]*+"|[^";:,]*+))*)'
)
_ESCAPED = re.compile(r"\\([\\;,nN])")


class CalendarLine(NamedTuple):
    """One line, such as `DTSTART;TZID=Europe/Berlin:20261203T140000`."""

    name: str
    """In upper case."""
    parameters: dict[str, str]
    """By their names in upper case, without quotes."""
    value: str
    """As it stands there."""


def content_lines(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number, folded ones joined to one."""
    number = 0
    for match in re.finditer(r"[^\n]*(?:\n[ \t][^\n]*)*\n?", f"\n{text}"):
        if whole := re.sub(r"\r?\n[ \t]", "", match[0]).rstrip():
            yield max(number, 1), whole
        number += match[0].count("\n")


def name_of(line: str) -> str:
    """The name at the beginning of a line, in upper case."""
    return line.replace(";", ":", 1).partition(":")[0].upper()


def taken_apart(line: str) -> CalendarLine:
    """The parts of a line; one without a colon has no value."""
    name = name_of(line)
    place = len(name)
    parameters: dict[str, str] = {}
    while found := _PARAMETER.match(line, place):
        parameters.setdefault(found[1].upper(), found[2].strip('"'))
        place = found.end()
    return CalendarLine(name, parameters, line[place:].partition(":")[2])


def in_words(value: str) -> str:
    """A value of the type TEXT without its escapes (section 3.3.11)."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
