"""Mails one after the other, put together into batches."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable

from poc_tui.mail.transport.source import BATCH_BYTES, BATCH_MAILS, Batch, Position, Skipped

Found = tuple[bytes | Skipped, Callable[[], Position]]
"""A mail, raw, or why it is left where it is; and what tells the position once it is kept."""


def batched(found: Iterable[Found]) -> Generator[Batch, None, None]:
    """Batches of few enough mails and bytes, each with the position of the last mail in it."""
    mails: list[bytes] = []
    left: list[Skipped] = []
    total = 0
    position: Callable[[], Position] = Position
    for mail, then in found:
        size = len(mail) if isinstance(mail, bytes) else len(mail.headers)
        if (mails or left) and (
            total + size > BATCH_BYTES or len(mails) + len(left) >= BATCH_MAILS
        ):
            yield Batch(tuple(mails), position(), tuple(left))
            mails, left, total = [], [], 0
        if isinstance(mail, bytes):
            mails.append(mail)
        else:
            left.append(mail)
        total += size
        position = then
    if mails or left:
        yield Batch(tuple(mails), position(), tuple(left))
