"""Where a quotation begins: what mail programs write above it.

Three things may stand there, also one below the other: a line between dashes, an introduction,
broken anywhere, and fields of the header of the mail that is quoted. Their words are in
`quote_words`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from itertools import islice

from poc_tui.mail.message.introductions import (
    ADDRESS,
    BEHIND_WORDS,
    begins_below,
    introduces,
    is_date,
    joined,
    may_end,
    says_when_or_who,
)
from poc_tui.mail.message.quote_words import DASHES, alike, all_words

MAX_LENGTH = 400
"""Characters of a line that are looked at, and of an introduction."""

_MAX_SEPARATOR = 120
_MAX_LINES = 5
"""Over which an introduction is broken."""

_MAX_FIELDS = 16
"""Lines that the fields of one header are looked for in."""

_MAX_HEADS = 4
"""That stand one below the other."""

_MOST_ASKED = 400
"""Places of one text at which an introduction is looked for."""

_RULE = re.compile(r"[_-]{10,}+$|[-=*_‐–—]{3,}+$")
_ABOVE = ("above this line", "oberhalb dieser zeile", "oberhalb dieser linie", "cette ligne")

_SENDER, _DATE, _SUBJECT = all_words("sender"), all_words("date"), all_words("subject")
_NAMES = _SENDER | _DATE | _SUBJECT | all_words("others")
_FIELD = re.compile(r"[*_\s]{0,4}+([^\W\d_][^:：*_]{0,24}?)[*_\s]{0,4}[:：][*_]{0,2}")
_INSIDE = re.compile(r"(?<=\s)[^\W\d_][\w-]{1,14}\s?(?=:\s)")
_CLOCK = re.compile(r"\s*+\d{1,2}(?:[:.]\d\d)?(?:\s?(?:uhr|h|am|pm))?", re.I)
"""From when, rather than from whom."""
_MAIL_DATE = re.compile(r"\d{1,2} [a-z]{3} \d{4} \d{1,2}:\d\d:\d\d", re.I)
_ORIGINAL, _FORWARDED = all_words("original"), all_words("forwarded")


class Separator(StrEnum):
    """What a line between dashes says."""

    ORIGINAL = "original"
    """Below it stands the mail that is answered."""
    FORWARDED = "forwarded"
    """Below it stands a mail that is passed on."""


class Heads:
    """The lines of one text, asked what of them stands above a quotation."""

    def __init__(self, lines: list[str]) -> None:
        self._bare = [line.strip() for line in lines]
        self._may_end = [bool(bare) and may_end(bare) for bare in self._bare]
        self._near = bytearray(len(lines) + _MAX_LINES)
        for at, ends in enumerate(self._may_end):
            if ends:
                first = max(0, at - _MAX_LINES + 1)
                self._near[first : at + 1] = b"\1" * (at + 1 - first)
        self._asked = 0
        self._refused = -2

    @cached_property
    def places(self) -> list[int]:
        """The lines from which on something may stand above a quotation; few of them do."""
        return [
            at
            for at, bare in enumerate(self._bare)
            if bare and bare[0] != ">" and (self._near[at] or _dashed(bare) or _may_name(bare))
        ]

    def end(self, at: int, *, certain: bool) -> int | None:
        """Behind all that stands above a quotation from line `at` on; None if nothing does.

        `certain`: what follows bears no marks, so it must say itself what it is.
        """
        end: int | None = None
        for _ in range(_MAX_HEADS):
            found = self._one(at, certain=certain, ruled=False)
            if found is None:
                break
            end, at = found, self.next_with_words(found)
        return end

    def says_when_or_who(self, at: int, end: int) -> bool:
        """Whether a date, a time or an address stands in the lines from `at` to before `end`."""
        return any(says_when_or_who(bare[:MAX_LENGTH]) for bare in self._bare[at:end])

    def next_with_words(self, at: int) -> int:
        """The first line from `at` on that is not empty."""
        while at < len(self._bare) and not self._bare[at]:
            at += 1
        return at

    def separator(self, at: int) -> Separator | None:
        """What line `at` says between dashes, or before a colon, if it says that."""
        return separator_in(self._bare[at])

    def inside(self, at: int) -> int | None:
        """The column at which an introduction begins in line `at`, behind words of its own."""
        bare = self._bare[at]
        if not self._near[at] or len(bare) > 10 * MAX_LENGTH:
            return None
        for found in islice(BEHIND_WORDS.finditer(bare, max(0, len(bare) - MAX_LENGTH)), 8):
            if self._introduction(at, certain=True, column=found.end()) is not None:
                return found.end()
        return None

    def _one(self, at: int, *, certain: bool, ruled: bool) -> int | None:
        if at >= len(self._bare):
            return None
        bare = self._bare[at]
        if not bare or bare[0] == ">":
            return None
        if self.separator(at):
            return at + 1
        if _dashed(bare) and _RULE.match(bare[:MAX_LENGTH]):
            below = self.next_with_words(at + 1)
            return None if ruled else self._one(below, certain=certain, ruled=True)
        block = self._fields(at, ruled=ruled)
        return self._introduction(at, certain=certain) if block is None else block

    def _fields(self, at: int, *, ruled: bool) -> int | None:
        """Behind the fields of a header that begin at `at`: its sender, its date and more.

        A form on a web site may ask for a sender and a subject too, but hardly for a date.
        """
        if not _names(self._bare[at]):
            return None
        before, self._refused = self._refused, at
        if before == at - 1:
            return None
        names: set[str] = set()
        address = exact = complete = False
        strangers, last, valued = 0, at, True
        for place in range(at, min(at + _MAX_FIELDS, len(self._bare))):
            bare = self._bare[place][:MAX_LENGTH]
            found = _names(bare) if bare else []
            if complete and not found and (not bare or not self._bare[place - 1]):
                break
            if not bare:
                continue
            if found:
                names.update(found)
                last, valued = place, bare[-1] not in ":：*"
            elif not valued:
                last, valued = place, True  # what the field says stands below its name
            elif bare[0] == ">" or (strangers := strangers + 1) > 1 + (bare[-1:] in ";,"):
                break  # a long list of recipients goes on in the next line
            address = address or ADDRESS.search(bare) is not None
            exact = exact or _MAIL_DATE.search(bare) is not None
            known = not names.isdisjoint(_SENDER) and not names.isdisjoint(_DATE)
            enough = len(names) > 2 and (address or not names.isdisjoint(_SUBJECT))
            complete = known and (enough or (address and (exact or ruled)))
        if not complete:
            return None
        self._refused = before
        return last + 1

    def _introduction(self, at: int, *, certain: bool, column: int = 0) -> int | None:
        """Behind the introduction that begins at line `at`."""
        if not self._near[at] or self._asked >= _MOST_ASKED:
            return None
        self._asked += 1
        line = ""
        for end in range(at, min(at + _MAX_LINES, len(self._bare))):
            bare = self._bare[end]
            if end == at:
                bare = bare[column:]
            if not bare:
                # Some programs put the address into a paragraph of its own.
                below = self._bare[min(end + 1, len(self._bare) - 1)]
                if is_date(line) and below[:1] == "<":
                    continue
                return None
            if bare[0] == ">" and line.count("<") <= line.count(">"):
                return None
            line = joined(line, bare)
            if len(line) > MAX_LENGTH:
                return None
            if self._may_end[end] and introduces(line, certain=certain, one=end == at):
                return None if self._begins_later(at, end) else end + 1
        return None

    def _begins_later(self, at: int, end: int) -> bool:
        """Whether what stands in line `at` belongs to the text above the introduction."""
        for later in range(at + 1, end + 1):
            rest = ""
            for bare in self._bare[later : end + 1]:
                rest = joined(rest, bare)
            if begins_below(self._bare[at], rest):
                return True
        return False


def separator_in(bare: str) -> Separator | None:
    """What a line without blanks around it says between dashes, or before a colon."""
    if not 4 < len(bare) < _MAX_SEPARATOR:
        return None
    dashed = _dashed(bare)
    if not dashed and bare[-1] not in ":：":
        return None
    said = alike(bare.strip(f"{DASHES}<>:： "))
    if said in _FORWARDED or said.startswith("forwarded by "):
        return Separator.FORWARDED
    if dashed and (said in _ORIGINAL or any(words in said for words in _ABOVE)):
        return Separator.ORIGINAL
    return None


def sender_in(line: str) -> str | None:
    """What stands in the field of the sender, if the line is that field."""
    field = _FIELD.match(line)
    return line[field.end() :] if field and alike(field[1]) in _SENDER else None


def _dashed(bare: str) -> bool:
    """Whether a line begins as one between dashes does."""
    return bare[0] in DASHES and len(bare) > 1 and bare[1] in DASHES


def _may_name(bare: str) -> bool:
    start = bare[:40]
    return ":" in start or "：" in start


def _names(bare: str) -> list[str]:
    """The fields of a header in one line, usually one."""
    field = _FIELD.match(bare[:60]) if _may_name(bare) else None
    if field is None or (first := alike(field[1])) not in _NAMES:
        return []
    if first in _SENDER and _CLOCK.fullmatch(bare[field.end() :]):
        return []
    others = (alike(found[0]) for found in islice(_INSIDE.finditer(bare[:MAX_LENGTH]), 4))
    return [first, *(name for name in others if name in _NAMES)]
