"""The subject of a mail: our number in it, and what mail programs put in front."""

from __future__ import annotations

import re
from typing import NamedTuple

_LOOKED_AT = 2000
"""Characters; no subject that a person wrote is as long."""

_MOST_NUMBERS = 3
"""Numbers in one subject that are looked at, or it could try many."""

# SQLite holds no longer number. The number as we write it has no zeros in front.
_TOKEN = re.compile(r"\[#([1-9][0-9]{0,17})(?:-([0-9A-Za-z]{1,9}))?\]")
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, which has no letters that look like others; these are read as what they
look like."""

_ALIKE = str.maketrans("oil", "011")
_SIGNS_OF_PROOF = 4
"""Of five bits each: a guess is right once in a million mails."""

# English, German, Scandinavian and Dutch, French, Spanish; some programs count: `RE[2]:`.
_PREFIX = re.compile(
    r"\s*+(?:(re|aw|antw|antwort|sv)|(fwd|fw|wg|tr|rv|vs))(?:\[\d{1,4}\]|\(\d{1,4}\))?\s{0,3}+[:：]",
    re.IGNORECASE,
)


class RequestNumber(NamedTuple):
    """The number of a request that a subject names."""

    number: int
    proved: bool
    """Whether it stands there as this desk writes it. A number alone can be guessed."""


def token(number: int, key: str) -> str:
    """What a mail about the request of that number carries in its subject: `[#1042-k7f3]`.

    `key` is the secret of the store, without which nobody can make the signs behind the number.
    """
    return f"[#{number}-{_proof(number, key)}]"


def number_in(subject: str, key: str) -> RequestNumber | None:
    """The number of the request that a subject names as `token` writes it; None if it names none.

    Of several the last one that is proved by `key` counts, else the last: a program that numbers
    mails on its own, as another desk's does, puts its number in front of what it got.

    Where it is not proved, as in mails of before there were such proofs, the number means nothing
    by itself.
    """
    found = _TOKEN.findall(subject[:_LOOKED_AT])[-_MOST_NUMBERS:]
    if not found:
        return None
    for digits, proof in reversed(found):
        number = int(digits)
        if proof and proof.lower().translate(_ALIKE) == _proof(number, key):
            return RequestNumber(number, proved=True)
    return RequestNumber(int(found[-1][0]), proved=False)


def has_number(subject: str) -> bool:
    """Whether a subject names the number of a request, proved or not."""
    return _TOKEN.search(subject[:_LOOKED_AT]) is not None


def without_number(subject: str) -> str:
    """A subject without what `token` writes."""
    return " ".join(_TOKEN.sub(" ", subject).split())


def _proof(number: int, key: str) -> str:
    from hmac import digest  # no one who only looks at requests needs it

    bits = int.from_bytes(digest(key.encode(), b"request %d" % number, "sha256")[:8], "big")
    return "".join(_SIGNS[bits >> 5 * place & 31] for place in range(_SIGNS_OF_PROOF))


def bare(subject: str) -> str:
    """A subject in one line, without the prefixes of replies and forwards, and without numbers
    that `token` writes. Empty where nothing else was there."""
    line = without_number(subject)
    start = 0
    while found := _PREFIX.match(line, start):
        start = found.end()
    return line[start:].strip()


def is_forward(subject: str) -> bool:
    """Whether the first prefix of a subject says that the mail was passed on.

    `VS` is taken for the Danish one: in Finnish it marks a reply.
    """
    found = _PREFIX.match(without_number(subject[:_LOOKED_AT]))
    return found is not None and found[2] is not None
