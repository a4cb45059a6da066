"""Where mail comes from. A source gives batches of raw mails and remembers nothing itself.

The caller keeps a batch for good, remembers its position in the same transaction, and only then
tells the source that it was taken. Whatever breaks in between, no mail is lost; one that comes
again is known by its digest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from poc_tui.store.raw_mail import Position

_T = TypeVar("_T")

BATCH_BYTES = 8 * 1024 * 1024
"""A batch holds no more, unless a single mail does."""

BATCH_MAILS = 250
"""As many go into one transaction without holding up a capture."""

LARGEST = 100 * 1024 * 1024
"""Bytes of the largest mail that is taken in; most providers stop at a quarter of that."""

HEADER_BYTES = 64 * 1024
"""As much of a mail that is left is read for its headers."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A mail that stays where it is, because it is too large or cannot be had."""

    why: str
    """A sentence that names it; the same each time."""
    headers: bytes = b""
    """Its header as it stands there, up to `HEADER_BYTES`; empty when not even that can be read."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some mails, raw, and the position to remember once they are kept."""

    mails: tuple[bytes, ...]
    position: Position
    left: tuple[Skipped, ...] = ()
    uids: tuple[int, ...] = field(default=(), repr=False)
    """Of an IMAP server's mails; for `taken`."""
    beside: str = ""
    """The name of the source of unwanted mail of the same account: what came from there before was
    taken out of it by somebody."""


class MailSource(Protocol):
    """Somewhere mail comes from."""

    @property
    def name(self) -> str:
        """What its position is remembered under, such as `maildir:/srv/mail`; no secret in it."""
        ...

    def batches(self, since: Position) -> Generator[Batch, None, None]:
        """What has come since that position (all, when it is `Position()`), oldest first.

        A mail may come again, never be left out. The generator holds the connection: close it
        (`contextlib.closing`) when it is not read to its end.

        Raises:
            MailFailed: the source cannot be read any further; the batches before hold.
        """
        ...

    def taken(self, batch: Batch) -> None:
        """Do with the mails of the batch what is set; the generator must still be open.

        To be called when they are kept for good.

        Raises:
            MailFailed: it cannot be done.
        """
        ...


Found = tuple[bytes | Skipped, Callable[[], Position]]
"""A mail, raw, or why it is left where it is; and what tells the position once it is kept."""


def batched(found: Iterable[Found]) -> Generator[Batch, None, None]:
    """Batches of few enough mails and bytes, each with the position of the last mail in it."""
    for group in grouped(found, _size):
        mails = tuple(mail for mail, _ in group if isinstance(mail, bytes))
        left = tuple(mail for mail, _ in group if isinstance(mail, Skipped))
        yield Batch(mails, group[-1][1](), left)


def _size(found: Found) -> int:
    mail, _ = found
    return len(mail) if isinstance(mail, bytes) else len(mail.headers)


def grouped(found: Iterable[_T], size: Callable[[_T], int]) -> Iterator[list[_T]]:
    """What makes a batch each: few enough, and with few enough bytes unless it is a single one."""
    group: list[_T] = []
    total = 0
    for each in found:
        taken = size(each)
        if group and (total + taken > BATCH_BYTES or len(group) >= BATCH_MAILS):
            yield group
            group, total = [], 0
        group.append(each)
        total += taken
    if group:
        yield group


_ACCOUNT = re.compile(r"imap:(.+?)@([^@/]+)/(.*)", re.DOTALL)


def source_name(name: str) -> str:
    """The name that the store has of a source, in words; not yet safe to show.

    `imap:desk@example.com@mail.example.com/INBOX` is `desk@example.com at mail.example.com, INBOX`;
    of a Maildir, an mbox file or a directory it is the path.
    """
    account = _ACCOUNT.fullmatch(name)
    if account is not None:
        user, host, folder = account.groups()
        return f"{user} at {host}, {folder}"
    way, _, path = name.partition(":")
    return path or way
