"""What somebody copied elsewhere and pasted, a mail among it: subject, text and sender."""

from __future__ import annotations

import re
from typing import NamedTuple

from poc_tui.rules.capture_line import SUBJECT_LIMIT, first_and_rest, subject_and_text
from poc_tui.rules.mail.address import address_in
from poc_tui.rules.mail.subject import bare
from poc_tui.rules.text import plain

_FIELD = re.compile(r"\*{0,2}([\w-]{1,40})\*{0,2}[ \t]*:\*{0,2}(.*)")
"""A field of a header, as it is sent or as a mail program shows and copies it."""

_FROM, _SUBJECT = ("from", "von"), ("subject", "betreff")

_MOST_FIELDS = 100
"""Lines of a header that are looked at."""


class Pasted(NamedTuple):
    """What was pasted, taken apart.

    `subject` is one line; `sender` the address that a mail came from, else the name in it; empty
    where it is no mail.
    """

    subject: str
    text: str
    sender: str = ""


def taken_apart(pasted: str) -> Pasted:
    """Subject and text: the first line that is not blank, and what follows it.

    What begins with a header that names sender and subject is a mail; its header is in neither.
    """
    words = plain(pasted)
    fields, body = _header(words)
    sender = next((fields[name] for name in _FROM if fields.get(name)), "")
    subject = next((bare(fields[name]) for name in _SUBJECT if name in fields), "")
    if sender and subject:
        return Pasted(*_bearable(subject, body), address_in(sender) or sender)
    return Pasted(*_bearable(*first_and_rest(words)))


def _header(words: str) -> tuple[dict[str, str], str]:
    """The fields by their names in small letters, and what stands behind them."""
    fields: dict[str, str] = {}
    name, rest = "", words.lstrip("\n")
    for _ in range(_MOST_FIELDS):
        line, _, after = rest.partition("\n")
        if name and line[:1] in (" ", "\t") and line.strip():
            fields[name] += " " + line.strip()
        elif (found := _FIELD.fullmatch(line)) is not None:
            name = found[1].lower()
            fields.setdefault(name, found[2].strip())
        else:
            break
        rest = after
    return fields, rest.strip("\n")


def _bearable(subject: str, text: str) -> tuple[str, str]:
    """A line that is too long for a subject stays whole in the text."""
    if len(subject) <= SUBJECT_LIMIT:
        return subject.strip(), text.strip("\n")
    return subject_and_text(subject, text)
