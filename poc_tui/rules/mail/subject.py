"""The subject of a mail: our number in it, and what mail programs put in front."""

from __future__ import annotations

import re

_LOOKED_AT = 2000
"""Characters; no subject that a person wrote is as long."""

# SQLite holds no longer number. The number as we write it has no zeros in front.
_TOKEN = re.compile(r"\[#([1-9][0-9]{0,17})\]")
# English, German, Scandinavian and Dutch, French, Spanish; some programs count: `RE[2]:`.
_PREFIX = re.compile(
    r"\s*+(?:(re|aw|antw|antwort|sv)|(fwd|fw|wg|tr|rv|vs))(?:\[\d{1,4}\]|\(\d{1,4}\))?\s{0,3}+[:：]",
    re.IGNORECASE,
)


def token(number: int) -> str:
    """What a mail about the request of that number carries in its subject: `[#1042]`."""
    return f"[#{number}]"


def number_in(subject: str) -> int | None:
    """The number of the request that a subject names as `token` writes it; None if it names none.

    Of several the last one counts: a program that numbers mails on its own, as ours or another
    desk's does, puts its number in front of what it got. The number proves nothing: whoever
    writes it must be known to the request.
    """
    found = _TOKEN.findall(subject[:_LOOKED_AT])
    return int(found[-1]) if found else None


def bare(subject: str) -> str:
    """A subject in one line, without the prefixes of replies and forwards, and without numbers
    that `token` writes. Empty where nothing else was there."""
    line = " ".join(_TOKEN.sub(" ", subject).split())
    start = 0
    while found := _PREFIX.match(line, start):
        start = found.end()
    return line[start:].strip()


def is_forward(subject: str) -> bool:
    """Whether the first prefix of a subject says that the mail was passed on.

    `VS` is taken for the Danish one: in Finnish it marks a reply.
    """
    found = _PREFIX.match(" ".join(_TOKEN.sub(" ", subject[:_LOOKED_AT]).split()))
    return found is not None and found[2] is not None
