"""When a mail that did not go out is tried again."""

from __future__ import annotations

from datetime import timedelta

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 480))
"""After the first try, the second and so on; the last one goes for all that follow. A server that
puts strangers off (greylisting) mostly takes the mail within the first hour."""

GIVE_UP_AFTER = timedelta(days=5)
"""RFC 5321, section 4.5.4.1: four to five days at least."""

_UNREACHED = (
    (timedelta(minutes=3), timedelta(minutes=1)),
    (timedelta(minutes=10), timedelta(minutes=2)),
    (timedelta(minutes=30), timedelta(minutes=5)),
)
_UNREACHED_LONG = timedelta(minutes=10)


def next_try(tries: int, waited: timedelta) -> timedelta | None:
    """How long to leave a mail that the server put off, after so many tries; None: give it up.

    `waited` is how long ago it was written. A computer that was off for days tries all the pauses
    there are before it gives a mail up.
    """
    if waited >= GIVE_UP_AFTER and tries > len(PAUSES):
        return None
    return PAUSES[min(tries, len(PAUSES)) - 1]


def until_reachable(waited: timedelta) -> timedelta:
    """How long to leave all mails while their server cannot be reached, which is no try of any.

    `waited` is how long the oldest of them has been waiting. Never given up: to be offline is
    normal.
    """
    return next((pause for limit, pause in _UNREACHED if waited < limit), _UNREACHED_LONG)
