"""What of a text its sender wrote anew, and what is quoted, forwarded or a signature.

`quotequail` knows how mail programs introduce a quotation in many languages; what it does not
know, German programs above all, is here. It is asked about single lines only: its patterns take
long over long lines, and it looks at no more than a thousand.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from poc_tui.mail.message.addresses import addresses
from poc_tui.rules.mail.message import MailAddress

_MAX_INTRODUCTION = 3
"""Lines over which a line such as "On ..., ... wrote:" is broken."""

_MAX_LENGTH = 300
_MAX_SIGNATURE = 40
"""Lines; what is longer is no signature."""

_MAX_ASKED = 50
"""Lines of one text about which quotequail is asked."""

_SEPARATOR = re.compile(
    r"[-_*=]{2,}\s{0,9}(?:original[- ]?(?:message|nachricht|mail)|ursprüngliche (?:nachricht|mail)"
    r"|ursprungliche nachricht|(?:begin )?forwarded message|weitergeleitete (?:nachricht|e-?mail)"
    r"|original appointment|ursprünglicher termin|message d'origine|message transféré)"
    r"\s{0,9}[-_*=]{2,}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten (?:e-?mail|nachricht))\s?:$",
    re.I,
)
_FORWARDED = re.compile(r"forward|weitergeleitet|weiterleitung|transféré", re.I)
_RULE = re.compile(r"[_-]{10,}$|[-=*_]{5,}$")
_FROM = r"von|from|de|da|van|från|fra|od|от"
_DATE = (
    r"gesendet(?: am)?|sent|datum|date|envoyé|enviado(?: el)?|verzonden|skickat|fecha|data|inviato"
)
_OTHER = (
    r"an|to|à|para|aan|till|a|cc|kopie|betreff|subject|objet|asunto|oggetto|onderwerp|ämne"
    r"|antwort an|reply-to|priorität|importance|wichtigkeit|organisation|organization|message-id"
)
_FIELD = re.compile(
    rf"\*{{0,2}}(?:({_FROM})|({_DATE})|({_OTHER}))\*{{0,2}}\s?:\*{{0,2}}(?:\s|$)", re.I
)
_WROTE = re.compile(
    r"(?:am|on|le|den|op|il|el|em)\s.{0,250}\b"
    r"(?:schrieb|wrote|hat|geschrieben|écrit|skrev|schreef|scritto|escribió|escreveu)\b.{0,200}:$"
    r"|(?:zitat von|quoting|zitiere)\s.{1,250}:$",
    re.I,
)
# Without a word that it begins with, an introduction is only known where it stands on one line.
_SOMEBODY_WROTE = re.compile(r".{1,250}\b(?:schrieb|wrote|writes|schreibt)(?:\s.{0,200})?:$", re.I)
_WHEN_OR_WHO = re.compile(r"\d{1,2}:\d{2}|\b(?:19|20)\d\d\b|\S@\S")
_MAY_INTRODUCE = re.compile(r".*:$|\d{4}/\d")
_DEVICE = re.compile(
    r"(?:sent from|sent with|von meinem|gesendet (?:von|mit|aus)"
    r"|diese (?:nachricht|e-?mail) wurde von|get outlook for|outlook für"
    r"|holen sie sich outlook|envoyé de mon|enviado desde mi)\b.{0,120}$",
    re.I,
)


class SplitText(NamedTuple):
    """A text taken apart; `text` is never empty if there were words anywhere."""

    text: str
    quoted: str
    signature: str


def split(text: str) -> SplitText:
    """What was written anew, the quotation at the end, and the signature.

    Answers between the lines of a quotation stay in `text` together with them, in order. If
    nothing was written anew, `text` is what was forwarded or quoted, without its marks.
    """
    lines = text.split("\n")
    cut = _where_the_rest_is_quoted(lines)
    new, rest = lines[:cut], lines[cut:]
    new, signature = _without_signature(new)
    new, trailing = _without_trailing_quote(new)
    if not signature:
        new, signature = _without_signature(new)
    quoted = [*trailing, *rest]
    parts = SplitText(*("\n".join(part).strip("\n") for part in (new, quoted, signature)))
    if parts.text.strip():
        return parts
    words = "\n".join(_words_quoted(trailing or rest)).strip("\n")
    if words.strip():
        return parts._replace(text=words)
    if parts.quoted.strip():
        return SplitText(parts.quoted, "", parts.signature)
    return SplitText(parts.signature, "", "")


def original_sender(text: str, *, forwarded: bool) -> MailAddress | None:
    """Who wrote first what is forwarded in `text`, if its address is given.

    `forwarded`: it is known that something is; otherwise the text must say so itself.
    """
    lines = text.split("\n")
    cut = _where_the_rest_is_quoted(lines)
    if cut == len(lines):
        cut = next((at for at, line in enumerate(lines) if line.startswith(">")), cut)
    block = [line.lstrip("> ")[:_MAX_LENGTH] for line in lines[cut : cut + 40]]
    if not (forwarded or any(_FORWARDED.search(line) for line in block[:2])):
        return None
    return _said_by_quotequail(block) or _from_line(block)


def _said_by_quotequail(block: list[str]) -> MailAddress | None:
    from quotequail import unwrap  # type: ignore[import-untyped]

    found = unwrap("\n".join(block)) or {}
    return next(iter(addresses(found.get("from", ""), 1)), None)


def _from_line(block: list[str]) -> MailAddress | None:
    for line in block:
        field = _FIELD.match(line)
        if field and field[1] and (found := addresses(line[field.end() :], 1)):
            return found[0]
    return None


def _where_the_rest_is_quoted(lines: list[str]) -> int:
    """The first line from which on nothing is new, since the quotation bears no marks."""
    introductions = _Introductions(lines)
    refused = -2  # the last field that began no block: neither does one that follows it at once
    for at, line in enumerate(lines):
        bare = line.strip()
        if not bare or bare[0] == ">":
            continue
        if _SEPARATOR.match(bare[:_MAX_LENGTH]):
            end = at + 1
        elif _RULE.match(bare[:_MAX_LENGTH]):
            end = _next_with_words(lines, at + 1)
            if not _is_header_block(lines, end):
                continue
        elif _FIELD.match(bare[:40]):
            if refused < at - 1 and _is_header_block(lines, at):
                return at
            refused = at
            continue
        else:
            introduced = introductions.end(at, strict=True)
            if introduced is None:
                continue
            end = introduced
        following = _next_with_words(lines, end)
        if following < len(lines) and not lines[following].lstrip().startswith(">"):
            return at
    return len(lines)


def _next_with_words(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _is_header_block(lines: list[str], at: int) -> bool:
    """Three fields of a header, sender and date among them, in the lines from `at` on.

    A form on a web site may ask for a sender and a subject too, but hardly for a date.
    """
    names: set[str] = set()
    sender = date = False
    strangers = 0
    for line in lines[at : at + 14]:
        bare = line.strip()[:_MAX_LENGTH]
        if not bare:
            continue
        if field := _FIELD.match(bare):
            sender, date = sender or bool(field[1]), date or bool(field[2])
            names.add(field[0].strip(" *:").lower())
        else:
            strangers += 1  # a long list of recipients goes on in the next line
        if sender and date and len(names) >= 3:
            return True
        if strangers > 1 or not names:
            return False
    return False


class _Introductions:
    """Lines that introduce a quotation, such as "Am 3. Nov. um 10:11 schrieb ...:"."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._asked = 0

    def end(self, at: int, *, strict: bool) -> int | None:
        """Behind the introduction that begins at line `at`, None if none does.

        `strict`: it must also say when it was written, or by which address.
        """
        joined = ""
        for end in range(at, min(at + _MAX_INTRODUCTION, len(self._lines))):
            bare = self._lines[end].strip()
            if not bare or bare[0] == ">":
                return None
            joined = f"{joined} {bare}" if joined else bare
            if len(joined) > _MAX_LENGTH:
                return None
            if joined[-1] not in ":>":
                continue
            if end > at and _WROTE.match(bare):
                return None  # what stands above it belongs to the text
            known = (
                _WROTE.match(joined)
                or (end == at and _SOMEBODY_WROTE.match(joined))
                or self._known_to_quotequail(joined)
            )
            if known and (not strict or _WHEN_OR_WHO.search(joined)):
                return end + 1
        return None

    def _known_to_quotequail(self, line: str) -> bool:
        if self._asked >= _MAX_ASKED or not _MAY_INTRODUCE.match(line):
            return False
        from quotequail import quote

        self._asked += 1
        pieces = quote(line, quote_intro_line=True)
        return len(pieces) == 2 and not pieces[0][1]


def _without_trailing_quote(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines, and the quotation with marks that ends them, its introduction included."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    start = end
    while start and (not lines[start - 1].strip() or lines[start - 1].lstrip().startswith(">")):
        start -= 1
    if start == end:
        return lines, []
    introductions = _Introductions(lines)
    above = start
    for at in range(max(0, start - _MAX_INTRODUCTION - 1), start):
        found = introductions.end(at, strict=False)
        separated = _SEPARATOR.match(lines[at].strip()[:_MAX_LENGTH])
        if separated or (found is not None and not any(map(str.strip, lines[found:start]))):
            above = at
            break
    while above == start and not lines[start].strip():
        start = above = start + 1
    return lines[:above], lines[above:]


def _without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines, and the signature that ends them (RFC 3676, section 4.3), its mark left out."""
    first = max(0, len(lines) - _MAX_SIGNATURE - 1)
    for at in range(first, len(lines)):
        if lines[at] in ("-- ", "--") and not any(line.startswith(">") for line in lines[at + 1 :]):
            before, _ = _without_device(lines[:at])
            return before, lines[at + 1 :]
    return _without_device(lines)


def _without_device(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines, and the one at their end that names the telephone they were written on."""
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    if end and _DEVICE.match(lines[end - 1].strip()[:_MAX_LENGTH]):
        return lines[: end - 1], lines[end - 1 :]
    return lines, []


def _words_quoted(lines: list[str]) -> list[str]:
    """The lines of a quotation without marks, separators, introduction and header."""
    bare = [line.lstrip("> ") if line.lstrip().startswith(">") else line for line in lines]
    at = _next_with_words(bare, 0)
    while at < len(bare):
        line = bare[at].strip()[:_MAX_LENGTH]
        if _SEPARATOR.match(line) or _RULE.match(line):
            at = _next_with_words(bare, at + 1)
        elif (end := _Introductions(bare).end(at, strict=False)) is not None:
            at = _next_with_words(bare, end)
        elif _is_header_block(bare, at):
            return bare[_behind_header(bare, at) :]
        else:
            break
    return bare[at:]


def _behind_header(lines: list[str], at: int) -> int:
    """Behind the block of fields at `at`: it ends at an empty line, or at the last field."""
    last = at
    for place in range(at, min(at + 20, len(lines))):
        if _FIELD.match(lines[place].strip()[:_MAX_LENGTH]):
            last = place
        elif not lines[place].strip() and not any(
            _FIELD.match(line.strip()[:_MAX_LENGTH]) for line in lines[place + 1 : place + 2]
        ):
            break
    return last + 1
