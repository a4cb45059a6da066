"""What the verbs must know of how mail goes out and comes in; the settings give it."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple


class MailPolicy(NamedTuple):
    """How this desk writes and is written to."""

    sends: bool = False
    """Whether what is said goes out as mail: sent, or handed to the person's mail program."""
    address: str = ""
    """Ours, from which everything is sent."""
    mine: tuple[str, ...] = ()
    """All addresses whose mail the person at the desk wrote, `address` among them."""
    signature: str = ""
    quote: bool = True
    """Whether an answer repeats the words that it answers."""
    wait: timedelta = timedelta(minutes=1)
    """How long a mail can still be taken back before the open desk sends it."""
    reopen_within: timedelta = timedelta(days=14)
    """How long after its resolution a request is opened again by a mail."""


NO_MAIL = MailPolicy()
"""A desk that was never told about mail."""
