"""Whether a line introduces a quotation, such as "On ..., ... wrote:": it has a date, a name or an
address, and a word for writing in some language of `quote_words`."""

from __future__ import annotations

import re

from poc_tui.mail.message.quote_words import DASHES, JOINED, alike, all_words

_WROTE = all_words("wrote")
_WROTE_ALONE = frozenset(word.split()[-1] for word in _WROTE if word < JOINED)
_WROTE_JOINED = tuple(word for word in _WROTE if word >= JOINED)
_SENT = frozenset(("sent", "said", "envoyé", "enviou"))
"""Says that somebody wrote it only beside a date and an address."""
_WORD = re.compile(r"[^\W\d_]+(?:\([^\W\d_]{1,3}\))?")
_LEADS = all_words("leads")
_TAIL = _LEADS | frozenset((
    "um", "op", "om", "v", "à", "kl", "kl.", "klo", "kello", "alle", "ore", "folgendes", "the",
    "following", "het", "volgende", "przez", "in", "im",
))  # fmt: skip
"""What may follow the word that says that somebody wrote, in small letters."""
_BEFORE_A_NAME = _TAIL | frozenset(
    ("am", "pm", "a.m.", "p.m.", "uhr", "mez", "cet", "gmt", "utc", "hat", "ha")
)
_TITLES = frozenset(("herr", "frau", "mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr.", "herrn"))
"""How a person names somebody, rather than a program."""
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

ADDRESS = re.compile(r"[^\s@<>]@[^\s@<>]")
_ADDRESS_ENDS = re.compile(r"[^\s@<>]@[^\s@<>]{1,200}[>)\]]{0,3}\s?[:：]$")
_ANGLE = re.compile(r"[<(\[](?:mailto:)?[^<>\s@]{1,200}@[^<>\s@]{1,200}[>)\]]")
_TIME = re.compile(
    r"\b\d{1,2}:\d\d|\b\d{1,2}\s?[hH时時点點]\s?\d\d|[午前後]\s?\d{1,2}:\d\d"
    r"|\b(?:kl\.?|klo|kello|alle|ore|um|at|godz\.|o|v|à|op)\s\d{1,2}\.\d\d\b"
)
_DAY = re.compile(r"\b(?:19|20)\d\d(?!\d)|\b\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{2,4}\b|\d\s?[年월]")
_SHORT_WORD = r"[^\W\d_](?:[^\W\d_]|['-]){0,15}[.,]{0,2}"
_DATE_FIRST = re.compile(rf"[{DASHES}\s\"'(]{{0,12}}+(?:{_SHORT_WORD}\s){{0,4}}(?:[于於在]\s?)?\d")
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
_CAPITAL_LEADS = "|".join(sorted(word.capitalize() for word in _LEADS if word < JOINED))
BEHIND_WORDS = re.compile(
    rf"(?:\s|[{DASHES}]{{2}})(?=(?:{_CAPITAL_LEADS})\s(?:{_SHORT_WORD}\s){{0,3}}\d)"
)
"""Behind what an introduction may begin, inside a line."""


def may_end(bare: str) -> bool:
    """Whether a line may be the last one of an introduction."""
    last = bare[-1]
    if last == ">":
        return bare[0].isdigit() or "@" in bare or bare == ">"
    return last in ":：" or (last in "-‐–—" and len(bare) > _SHORTEST_DASHED)


def is_date(line: str) -> bool:
    """Whether a line begins with a date."""
    return _DATE_FIRST.match(line) is not None and _DAY.search(line) is not None


def says_when_or_who(line: str) -> bool:
    """Whether a date, a time or an address stands in a line."""
    return any(sought.search(line) for sought in (_DAY, _TIME, ADDRESS))


def joined(line: str, more: str) -> str:
    """A line with the next one, put together as they were before a program broke them."""
    space = "" if not line or line[-1] == "<" or more[:1] == ">" else " "
    return f"{line}{space}{more}"


def introduces(line: str, *, certain: bool, one: bool) -> bool:
    """Whether a line, put together again, says that somebody wrote.

    `one`: it was not broken. A name without a date is taken for an introduction in one line only.
    """
    if line[-1] == ">":
        return _OLD_GMAIL.match(line) is not None
    address = ADDRESS.search(line) is not None
    if _CITES.match(line):
        return address or not certain
    dashed = not line[:2].strip(DASHES) and not line[-2:].strip(DASHES)
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
    if address:
        said_so = dated or (named and (day or "<" in line))
    else:
        said_so = dated and day and time and _is_name(line, verb)
    return said_so and not _is_of_the_writer(line)


def begins_below(first: str, rest: str) -> bool:
    """Whether an introduction begins in `rest`, so that the line above it belongs to the text."""
    whole = rest.count("<") == rest.count(">") and rest[:1] not in ("", "<")
    if not whole or not introduces(rest, certain=False, one=False):
        return False
    dated = _WHOLE_DATE.search(rest) is not None
    if ADDRESS.search(rest) is None:
        return dated and _ANGLE.search(first) is None
    return dated or not is_date(first) or _ENDS_SENTENCE.search(first) is not None


def _is_name(line: str, verb: tuple[int, int]) -> bool:
    """Whether nothing but a name stands between the date and the word that says that somebody
    wrote, or behind that word."""
    before = re.split(r"[\d:]", line[: verb[0]])[-1].replace(",", " ").split()
    said = [word for word in before if alike(word) not in _BEFORE_A_NAME]
    said += line[verb[1] :].strip(f"{DASHES}:： ").split()
    return 0 < len(said) <= _MOST_OF_A_NAME and all(
        not word[0].islower() and alike(word) not in _TITLES for word in said
    )


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
    words = tail.strip(f"{DASHES}:： )").split()
    if not words or "@" in words[0] or tail.strip("-:： ")[-1:] in (">", ")", "]"):
        return True
    most = 2 * _MOST_OF_A_NAME if _ANGLE.search(tail) else _MOST_OF_A_NAME + 1
    begins = not words[0][0].islower() or alike(words[0]).strip(",") in _TAIL
    return begins and len(words) <= most


def author_in(introduction: str) -> str:
    """Name and address of who wrote, as `Ott <ott@b.example>`; empty without an address."""
    address = _ANGLE.search(introduction)
    if address is None:
        return ""
    name = re.split(r"[\d,:]", introduction[: address.start()])[-1].split()
    while name and alike(name[0]) in _BEFORE_A_NAME | _WROTE_ALONE:
        name = name[1:]
    return f"{' '.join(name)} <{address[0].strip('<>()[]').removeprefix('mailto:')}>"
