"""Where a quotation begins: what mail programs write above it.

Three things may stand there, also one below the other: a line between dashes, a line such as
"On ..., ... wrote:", broken anywhere, and fields of the header of the mail that is quoted. The
words are in `quote_words`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from itertools import islice

from poc_tui.mail.message.quote_words import alike, all_words

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

_DASHES = "-‐‑‒–—―_=*~#+·"
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

_JOINED = "\u2e80"
"""From here on letters are written without spaces between words."""
_WROTE = all_words("wrote")
_WROTE_ALONE = frozenset(word.split()[-1] for word in _WROTE if word < _JOINED)
_WROTE_JOINED = tuple(word for word in _WROTE if word >= _JOINED)
_SENT = frozenset(("sent", "said", "envoyé", "enviou"))
"""Says that somebody wrote it only beside a date and an address."""
_WORD = re.compile(r"[^\W\d_]+(?:\([^\W\d_]{1,3}\))?")
_LEADS = all_words("leads")
_TAIL = _LEADS | frozenset((
    "um", "op", "om", "v", "à", "kl", "kl.", "klo", "kello", "alle", "ore", "folgendes", "the",
    "following", "het", "volgende", "przez", "in", "im",
))  # fmt: skip
"""What may follow the word that says that somebody wrote, in small letters."""
_BEFORE_A_NAME = frozenset(("am", "pm", "a.m.", "p.m.", "uhr", "mez", "cet", "gmt", "utc", "hat"))
_PRONOUNS = frozenset((
    "i", "he", "she", "they", "me", "ich", "wir", "mir", "uns", "ihnen", "euch", "moi", "mij",
    "ons", "nosotros", "nós", "вам", "нам",
))  # fmt: skip
_MAY_BE_NAMES = frozenset((
    "you", "we", "us", "du", "er", "sie", "ihr", "je", "vous", "nous", "ik", "wij", "yo", "eu",
    "jag", "vi", "jeg", "я", "мы", "вы",
))  # fmt: skip
"""Pronouns too, but also names of people and firms."""

_MOST_OF_A_NAME = 8
"""Words."""

_SHORTEST_DASHED = 8

_ADDRESS = re.compile(r"[^\s@<>]@[^\s@<>]")
_ADDRESS_ENDS = re.compile(r"[^\s@<>]@[^\s@<>]{1,200}[>)\]]{0,3}\s?[:：]$")
_ANGLE = re.compile(r"[<(\[](?:mailto:)?[^<>\s@]{1,200}@[^<>\s@]{1,200}[>)\]]")
_TIME = re.compile(
    r"\b\d{1,2}:\d\d|\b\d{1,2}\s?[hH时時点點]\s?\d\d|[午前後]\s?\d{1,2}:\d\d"
    r"|\b(?:kl\.?|klo|kello|alle|ore|um|at|godz\.|o|v|à|op)\s\d{1,2}\.\d\d\b"
)
_DAY = re.compile(r"\b(?:19|20)\d\d(?!\d)|\b\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}\b|\d\s?[年월]")
_SHORT_WORD = r"[^\W\d_](?:[^\W\d_]|['-]){0,15}[.,]{0,2}"
_DATE_FIRST = re.compile(rf"[{_DASHES}\s\"'(]{{0,12}}+(?:{_SHORT_WORD}\s){{0,4}}(?:[于於在]\s?)?\d")
_TIME_FIRST = re.compile(rf"[\"'(\s]{{0,3}}(?:{_SHORT_WORD}\s)?(?:[于於在]\s?)?\d")
_YEAR_FIRST = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s")
_WHOLE_DATE = re.compile(
    r"\b\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}\b|年|[^\W\d_]{3}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s\d{4}\b"
    r"|\b\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,15}\.?\s(?:de\s)?\d{4}\b"
)
_ENDS_SENTENCE = re.compile(r"[^\W\d_]{5}[.!?]$")
_SENTENCE_ENDS = re.compile(r"[^\W\d_]{5}[.!?]\s+[A-ZÀ-ÖØ-Þ]")
_CITES = re.compile(r"(?:zitat von|zitiere|quoting|citando|citat från|cytowanie|citát)\s", re.I)
_OLD_GMAIL = re.compile(r"\d{4}/\d{1,2}/\d{1,2}\s.{0,200}<[^<>\s]{1,200}@[^<>\s]{1,200}>$")
_CAPITAL_LEADS = "|".join(sorted(word.capitalize() for word in _LEADS if word < _JOINED))
_BEHIND_WORDS = re.compile(
    rf"(?:\s|[{_DASHES}]{{2}})(?=(?:{_CAPITAL_LEADS})\s(?:{_SHORT_WORD}\s){{0,3}}\d)"
)


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
        self._may_end = [bool(bare) and _may_end(bare) for bare in self._bare]
        self._near = bytearray(len(lines) + _MAX_LINES)
        for at, may_end in enumerate(self._may_end):
            if may_end:
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
        return any(
            sought.search(bare[:MAX_LENGTH])
            for bare in self._bare[at:end]
            for sought in (_DAY, _TIME, _ADDRESS)
        )

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
        for found in islice(_BEHIND_WORDS.finditer(bare, max(0, len(bare) - MAX_LENGTH)), 8):
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
            address = address or _ADDRESS.search(bare) is not None
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
                if _is_date(line) and below[:1] == "<":
                    continue
                return None
            if bare[0] == ">" and line.count("<") <= line.count(">"):
                return None
            line = _joined(line, bare)
            if len(line) > MAX_LENGTH:
                return None
            if self._may_end[end] and _introduces(line, certain=certain, one=end == at):
                return None if self._begins_later(at, end) else end + 1
        return None

    def _begins_later(self, at: int, end: int) -> bool:
        """Whether what stands in line `at` belongs to the text above the introduction."""
        first = self._bare[at]
        half = _is_date(first) and not _ENDS_SENTENCE.search(first)
        for later in range(at + 1, end + 1):
            rest = ""
            for bare in self._bare[later : end + 1]:
                rest = _joined(rest, bare)
            whole = rest.count("<") == rest.count(">") and rest[:1] not in ("", "<")
            if not whole or not _introduces(rest, certain=False, one=False):
                continue
            if _ADDRESS.search(rest) is None:
                if _ANGLE.search(first) is None and _WHOLE_DATE.search(rest):
                    return True
            elif not half or _WHOLE_DATE.search(rest):
                return True
        return False


def separator_in(bare: str) -> Separator | None:
    """What a line without blanks around it says between dashes, or before a colon."""
    if not 4 < len(bare) < _MAX_SEPARATOR:
        return None
    dashed = _dashed(bare)
    if not dashed and bare[-1] not in ":：":
        return None
    said = alike(bare.strip(f"{_DASHES}<>:： "))
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
    return bare[0] in _DASHES and len(bare) > 1 and bare[1] in _DASHES


def _may_name(bare: str) -> bool:
    start = bare[:40]
    return ":" in start or "：" in start


def author_in(introduction: str) -> str:
    """Name and address of who wrote, as `Ott <ott@b.example>`; empty without an address."""
    address = _ANGLE.search(introduction)
    if address is None:
        return ""
    name = re.split(r"[\d,:]", introduction[: address.start()])[-1].split()
    while name and alike(name[0]) in _BEFORE_A_NAME | _TAIL | _WROTE_ALONE:
        name = name[1:]
    return f"{' '.join(name)} <{address[0].strip('<>()[]').removeprefix('mailto:')}>"


def _names(bare: str) -> list[str]:
    """The fields of a header in one line, usually one."""
    field = _FIELD.match(bare[:60]) if _may_name(bare) else None
    if field is None or (first := alike(field[1])) not in _NAMES:
        return []
    if first in _SENDER and _CLOCK.fullmatch(bare[field.end() :]):
        return []
    others = (alike(found[0]) for found in islice(_INSIDE.finditer(bare[:MAX_LENGTH]), 4))
    return [first, *(name for name in others if name in _NAMES)]


def _may_end(bare: str) -> bool:
    """Whether a line may be the last one of an introduction."""
    last = bare[-1]
    if last == ">":
        return bare[0].isdigit() or "@" in bare or bare == ">"
    return last in ":：" or (last in "-‐–—" and len(bare) > _SHORTEST_DASHED)


def _is_date(line: str) -> bool:
    """Whether a line begins with a date."""
    return _DATE_FIRST.match(line) is not None and _DAY.search(line) is not None


def _joined(line: str, more: str) -> str:
    space = "" if not line or line[-1] == "<" or more[:1] == ">" else " "
    return f"{line}{space}{more}"


def _introduces(line: str, *, certain: bool, one: bool) -> bool:
    """Whether a line, put together again, says that somebody wrote.

    `one`: it was not broken. A name without a date is taken for an introduction in one line only.
    """
    if line[-1] == ">":
        return _OLD_GMAIL.match(line) is not None
    address = _ADDRESS.search(line) is not None
    if _CITES.match(line):
        return address or not certain
    dashed = not line[:2].strip(_DASHES) and not line[-2:].strip(_DASHES)
    if not dashed and line[-1] not in ":：":
        return False
    day, time = _DAY.search(line) is not None, _TIME.search(line) is not None
    dated = (day or time) and _DATE_FIRST.match(line) is not None
    verb = _verb(line, weak=address and dated)
    if verb is None:
        whole = (day and time and _TIME_FIRST.match(line)) or _YEAR_FIRST.match(line)
        return whole is not None and _ADDRESS_ENDS.search(line) is not None
    if _SENTENCE_ENDS.search(line) or not _may_follow(line[verb[1] :]):
        return False
    if dashed:
        return True
    before = line[: verb[0]].partition("@")[0].split()
    named = not line[0].islower() and len(before) <= _MOST_OF_A_NAME
    if not certain:
        return dated or (named and (one or address))
    said_so = address and (dated or (named and (day or "<" in line)))
    return said_so and not _is_of_the_writer(line)


def _is_of_the_writer(line: str) -> bool:
    """Whether it rather tells what somebody wrote to whom, as a person does: `you wrote me`."""
    said = set(alike(line).split())
    named = _ANGLE.search(line) is not None
    return not said.isdisjoint(_PRONOUNS) or not (named or said.isdisjoint(_MAY_BE_NAMES))


def _verb(line: str, *, weak: bool) -> tuple[int, int] | None:
    """Where the last word stands that says that somebody wrote."""
    found = None
    for word in _WORD.finditer(line):
        said = word[0].lower()
        if (said in _WROTE_ALONE and said not in _SENT) or (weak and said in _SENT):
            found = word.span()
    if found is None and not line.isascii():
        for said in _WROTE_JOINED:
            if (at := line.rfind(said)) >= 0:
                return at, at + len(said)
    return found


def _may_follow(tail: str) -> bool:
    """Whether this may stand behind the word that says that somebody wrote: a name, a date."""
    words = tail.strip(f"{_DASHES}:： )").split()
    if not words or "@" in words[0] or tail.strip("-:： ")[-1:] in (">", ")", "]"):
        return True
    most = 2 * _MOST_OF_A_NAME if _ANGLE.search(tail) else _MOST_OF_A_NAME + 1
    begins = not words[0][0].islower() or alike(words[0]).strip(",") in _TAIL
    return begins and len(words) <= most
