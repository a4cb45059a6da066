"""Maildir: a directory of mails on this computer, which is read and never changed."""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from operator import itemgetter

from poc_tui.errors import MailFailed
from poc_tui.mail.transport.mail_files import arrived, read_mail
from poc_tui.mail.transport.source import Batch, Found, batched
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.store.raw_mail import Position

SLACK = timedelta(days=1)
"""How far the clocks of a file server and of this computer may differ."""

_LEFT_OUT = re.compile(r"[:;!]2,[A-Za-z]*[TD][A-Za-z]*$")
"""The name of a mail that is trashed or a draft; Windows takes no colon."""


class Maildir:
    """A directory with `new` and `cur` in it, or one of them (https://cr.yp.to/proto/maildir.html).

    Its position is a moment, in seconds since 1970: files whose inode did not change since, which
    also delivering and renaming does, were given before. What is flagged as trashed or as a draft
    did not come, and is left out; `left` says how many there are.
    """

    def __init__(self, path: str, clock: Clock) -> None:
        self._path = os.path.abspath(path)
        self._clock = clock
        self.name = f"maildir:{self._path}"
        self.left = 0

    def batches(self, since: Position) -> Generator[Batch, None, None]:
        """The mails whose files changed since, those delivered first before the others."""
        now = int(self._clock.now().timestamp())
        self.left = 0
        changed = list(self._files())
        newest = max((ctime for ctime, _, _ in changed), default=0)
        # A moment still to come is no moment to trust: this computer's clock was wrong then.
        after = since.last_uid - SLACK.total_seconds() if since.last_uid <= now else 0
        mails = [each[1:] for each in sorted(changed, key=itemgetter(1, 2)) if each[0] >= after]
        yield from batched(_each(mails, since, Position(0, min(newest, now))))

    def taken(self, batch: Batch) -> None:
        """A Maildir stays as it is."""

    def _files(self) -> Iterator[tuple[int, float, str]]:
        """Of each mail when it was changed and when delivered, both in seconds, and its path."""
        folders = [os.path.join(self._path, name) for name in ("new", "cur")]
        if not any(map(os.path.isdir, folders)):
            raise MailFailed(f"{safe(self._path)} is no Maildir: there is no new or cur in it.")
        for folder in filter(os.path.isdir, folders):
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        if _LEFT_OUT.search(entry.name):
                            self.left += 1
                        elif not entry.name.startswith(".") and (found := _stat(entry)):
                            yield int(found.st_ctime), found.st_mtime, entry.path
            except OSError as error:
                raise MailFailed(f"{safe(folder)} cannot be read: {error.strerror}.") from error


def _each(mails: Sequence[tuple[float, str]], since: Position, at_end: Position) -> Iterator[Found]:
    """The mail in each file. Not before the last may what was read be remembered."""
    for number, (delivered, path) in enumerate(mails, start=1):
        mail = read_mail(path)
        if isinstance(mail, bytes):
            mail = arrived(mail, partial(datetime.fromtimestamp, int(delivered), UTC))
        if mail is not None:
            position = at_end if number == len(mails) else since
            yield mail, partial(Position, *position)


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    """None for what is no file, or is no longer there: a mail program has moved it meanwhile."""
    try:
        return entry.stat() if entry.is_file() else None
    except FileNotFoundError:
        return None
