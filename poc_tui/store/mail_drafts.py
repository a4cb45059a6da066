"""What is to be done with mail; the other drafts are in `store.drafts`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileMails:
    """Mails that were read, to be filed in this order: each finds its request, or makes one.

    A list's mail, or an automatic one, that belongs to no request is set aside, unless `lists`
    says that what comes by lists is written by people, or `wanted` that somebody asked for a
    request. With `to` they belong to the request of that number, whatever they say and however
    long ago it was resolved.
    """

    mail_ids: tuple[int, ...]
    lists: bool = False
    wanted: bool = False
    to: int | None = None


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """A mail of ours did not arrive, and nobody will try again: the request is mine."""

    outbox_id: int
    why: str
