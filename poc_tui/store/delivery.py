"""What a person decides of a mail that carries their words: who gets it, what with, and when."""

from __future__ import annotations

from datetime import datetime

from poc_tui.errors import NotUnderstood
from poc_tui.rules.frozen import Frozen
from poc_tui.rules.text import safe

LARGEST_FILES = 25_000_000
"""Bytes of what goes with one mail: few servers take more."""


class Attachment(Frozen):
    """A file of the person's own that goes with a mail, as it was when it was read."""

    name: str
    raw: bytes


class Delivery(Frozen):
    """What a person decided of the mail that says it; the rest is decided as usual.

    Raises:
        NotUnderstood: what is to get it is no mail address, or the moment says no time zone.
    """

    to: str = ""
    """Who gets it; empty for whoever is answered as usual (`store.recipients`)."""
    everybody: bool | None = None
    """Whether everybody gets a copy who got the mail that it answers; None: unless that needs a
    second look (`store.copies`)."""
    copies: tuple[str, ...] = ()
    """Who gets one besides."""
    files: tuple[Attachment, ...] = ()
    send_at: datetime | None = None
    """It goes out no earlier, and counts as said then."""
    unless_answered: bool | None = None
    """Whether it stays unsent if they write first; None: where it follows up what we said."""

    def __post_init__(self) -> None:
        from poc_tui.rules.mail.address import is_address

        for address in filter(None, (self.to, *self.copies)):
            if not is_address(address):
                raise NotUnderstood(f"“{safe(address)}” is no mail address")
        if self.send_at is not None:
            with_zone(self.send_at)
        elif self.unless_answered is not None:
            raise NotUnderstood("what goes out at once cannot wait whether they write; say when")


def with_zone(value: datetime) -> None:
    """Refuse a moment that says no time zone.

    Raises:
        NotUnderstood: it says none.
    """
    if value.tzinfo is None:
        raise NotUnderstood(f"{value.isoformat()} has no time zone; give it with an offset")
