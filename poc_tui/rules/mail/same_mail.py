"""Whether two mails of one id are the same mail, of which one was changed on its way.

What looks for viruses and spam between two people puts a word before the subject, a warning above
the text or a note below it, rewrites links, and takes away what is attached.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from poc_tui.rules.mail.message import Part

_LINK = re.compile(r"<?\b(?:https?|ftp)://\S+", re.I)


class MailContents(NamedTuple):
    """What two mails are compared by."""

    subject: str
    text: str
    parts: tuple[Part, ...]


def same(one: MailContents, other: MailContents, *, at_once: bool) -> bool:
    """Whether one is the other, as it was or changed on its way.

    The id and the sender are the same already. Some programs, such as document scanners, give all
    their mails one id; what was changed is believed only where both were sent `at_once`, in the
    same second.
    """
    if one[:2] == other[:2] and _attached(one) == _attached(other):
        return True
    return (
        at_once
        and _holds(_words(one.subject), _words(other.subject))
        and _holds(_words(one.text), _words(other.text))
        and _has_all(_files(one), _files(other))
    )


def _attached(contents: MailContents) -> list[tuple[str, str, int]]:
    """What is attached; a text's size hangs on its line ends, which are no part of it."""
    return [
        (part.name, part.type, 0 if part.type.startswith("text/") else part.size)
        for part in contents.parts
    ]


def _files(contents: MailContents) -> set[str]:
    """What is attached, by name; a text may be the note on what was taken away."""
    return {part.name for part in contents.parts if not part.type.startswith("text/")}


def _has_all(one: set[str], other: set[str]) -> bool:
    return one <= other or other <= one


def _words(text: str) -> str:
    """The words of a text in a row; links may be rewritten."""
    return " ".join(_LINK.sub(" ", text).split())


def _holds(one: str, other: str) -> bool:
    """Whether the shorter of two rows of words stands in the longer."""
    shorter, longer = sorted((one, other), key=len)
    return not shorter or f" {shorter} " in f" {longer} "
