"""An account on an IMAP server: new mail by its UIDs; nothing there is ever deleted.

Without an `after` the folder is only examined, so that not even a flag changes (RFC 9051). Of
imap_tools only what reads is used: its `flag` and its `move` may end with EXPUNGE, which also
removes what somebody else has marked for deletion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from poc_tui.errors import MailFailed
from poc_tui.mail.transport import connection
from poc_tui.mail.transport.failures import failed, reply
from poc_tui.mail.transport.kept_connection import KeptConnection, said_number
from poc_tui.mail.transport.mail_files import arrived
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.transport.source import HEADER_BYTES, LARGEST, Batch, Skipped, grouped
from poc_tui.rules.dates.format import MONTH_LABELS
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.settings.mail import INBOX, Server, same_folder
from poc_tui.store.raw_mail import Position

if TYPE_CHECKING:
    from poc_tui.mail.transport.imap_line import ImapMailbox

SIZES_AT_ONCE = 500
"""Mails whose sizes are asked for in one command; its line stays below 8192 bytes (RFC 7162)."""

_CAME = "NOT DELETED NOT DRAFT"
_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_FLAGS = {"seen": r"(\Seen)", "flagged": r"(\Flagged)"}


class ImapSource:
    """The folder that `server` names. `password` is asked for when a connection is made, which is
    done for each look unless one is `kept`.

    Its position is UIDVALIDITY and the last UID. The first look goes back as far as the settings
    say; when the server has numbered the folder anew, what came since the look before is given
    again, and as much before that.
    """

    def __init__(
        self,
        server: Server,
        password: Callable[[Server], Password],
        clock: Clock,
        kept: KeptConnection | None = None,
    ) -> None:
        self._server = server
        self._password = password
        self._clock = clock
        self._kept_connection = kept
        self._box: ImapMailbox | None = None
        self._secret: Password | None = None
        self._kept = 0
        self.name = server.source(server.folder)

    def batches(self, since: Position) -> Generator[Batch, None, None]:
        """The mails behind the last UID; in a folder numbered anew, as the class says."""
        kept = self._kept_connection or KeptConnection(self._server)
        try:
            with kept.box(self._password) as (self._box, self._secret):
                yield from self._batches(self._box, self._secret, kept, since)
        finally:
            self._box = None
            if self._kept_connection is None:
                kept.let_go()

    def _batches(
        self, box: ImapMailbox, secret: Password, kept: KeptConnection, since: Position
    ) -> Iterator[Batch]:
        self._kept = 0
        try:
            validity = open_folder(box, self._server, secret)
            next_uid = said_number(box, "UIDNEXT")
            reading = _Reading(box, self._server)
            above = since.last_uid if since.uid_validity == validity else 0
            for batch in reading.batches(self._new(since, validity), above, validity):
                yield batch
                self._kept += len(batch.mails)
        except connection.broken() as error:
            raise self._ended(error, self._kept) from None
        kept.looked_through(self._server.folder, validity, next_uid)

    def _new(self, since: Position, validity: int) -> str:
        """Which mails are new, as IMAP searches for them (RFC 9051, section 6.4.4): neither what is
        thrown away nor what is not finished."""
        if since.uid_validity == validity:
            return f"UID {since.last_uid + 1}:* {_CAME}"
        if self._server.first_fetch is None:
            return _CAME
        seen = datetime.fromtimestamp(since.at, UTC) if since.at else self._clock.now()
        # The server counts whole days, and not in our zone.
        day = seen - self._server.first_fetch - timedelta(days=1)
        return f"SINCE {day.day}-{MONTH_LABELS[day.month - 1]}-{day.year} {_CAME}"

    def taken(self, batch: Batch) -> None:
        """Flag the mails or move them, as is set; nothing where nothing is."""
        if self._box is None or self._server.after == "nothing" or not batch.uids:
            return
        from imap_tools.utils import encode_folder

        uids = ",".join(map(str, batch.uids))
        try:
            if self._server.after == "move":
                to = encode_folder(self._server.move_to).decode("ascii")
                done, said = self._box.client.uid("MOVE", uids, to)
            else:
                flags = _FLAGS[self._server.after]
                done, said = self._box.client.uid("STORE", uids, "+FLAGS.SILENT", flags)
        except connection.broken() as error:
            raise self._ended(error, self._kept + len(batch.mails)) from None
        if done != "OK":
            raise MailFailed(
                f"{safe(self._server.host)} does not let mail that is here be marked or moved:"
                f" {reply(said, self._secret)}. The mail itself is in. Check"
                f' "{self._server.table}.after".'
            )

    def _ended(self, error: Exception, kept: int) -> MailFailed:
        mails = "1 mail is" if kept == 1 else f"{kept} mails are"
        return MailFailed(
            f"{failed(error, self._server, self._secret)} {mails} in; the rest comes next time."
        )


def open_folder(box: ImapMailbox, server: Server, secret: Password) -> int:
    """Choose the folder of the settings, to read or to change flags, and give its UIDVALIDITY.

    `secret`, by which we signed in, is in no sentence, whatever the server says.

    Raises:
        MailFailed: there is no such folder, or the server cannot do what is to be done with
            mail that was taken.
    """
    from imap_tools.errors import MailboxFolderSelectError

    if server.after == "move":
        _check_move(box, server)
    try:
        box.folder.set(server.folder, readonly=server.after == "nothing")
    except MailboxFolderSelectError as error:
        if same := existing(box, server.folder):
            raise MailFailed(
                f"{safe(server.host)} does not open the folder {safe(same)}:"
                f" {reply(error.command_result, secret)}."
            ) from None
        key = "folders" if server.folders else "folder"
        key = "junk" if server.folder == server.junk else key
        raise no_folder(box, server, key, server.folder) from error
    return said_number(box, "UIDVALIDITY")


def _check_move(box: ImapMailbox, server: Server) -> None:
    if not box.client.offers(b"MOVE"):
        raise MailFailed(
            f"{safe(server.host)} cannot move mail without deleting it (RFC 6851)."
            f' Set "{server.table}.after" to "seen", "flagged" or "nothing".'
        )
    if existing(box, server.move_to) is None:
        raise no_folder(box, server, "move_to", server.move_to)


def existing(box: ImapMailbox, folder: str) -> str | None:
    """The folder as the server writes it; None when it has no such folder."""
    return next((name for name in folders(box) if same_folder(name, folder)), None)


def folders(box: ImapMailbox) -> list[str]:
    """The names of all folders that can hold mail."""
    return [info.name for info in box.folder.list() if r"\Noselect" not in info.flags]


def no_folder(box: ImapMailbox, server: Server, key: str, folder: str) -> MailFailed:
    """The failure of a folder that the server does not have; names the nearest it has."""
    from difflib import get_close_matches

    known = {name.casefold(): name for name in [*folders(box), INBOX]}
    near = known[get_close_matches(folder.casefold(), known, n=1, cutoff=0)[0]]
    return MailFailed(
        f"{safe(server.host)} has no folder {safe(folder)}. The nearest is {safe(near)};"
        f' set "{server.table}.{key}".'
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One look through an open folder."""

    box: ImapMailbox
    server: Server

    def batches(self, new: str, above: int, validity: int) -> Iterator[Batch]:
        # `n:*` always has the highest one, even below n.
        found = map(int, self.box.uids(new, charset=None))
        waiting = sorted(uid for uid in found if uid > above)
        for start in range(0, len(waiting), SIZES_AT_ONCE):
            sizes = self._sizes(waiting[start : start + SIZES_AT_ONCE])
            # One that is too large is left where it is.
            taken = {uid: size if size <= LARGEST else 0 for uid, size in sizes.items()}
            for uids in grouped(taken, taken.__getitem__):
                yield self._batch(uids, sizes, Position(validity, uids[-1]))

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """The size of each in bytes; one that is gone by now is left out."""
        sizes = {}
        for item in self._fetched(uids, "(UID RFC822.SIZE)"):
            line = item[0] if isinstance(item, tuple) else item
            if not isinstance(line, bytes):
                continue
            if (uid := _UID.search(line)) and (size := _SIZE.search(line)):
                sizes[int(uid[1])] = int(size[1])
        return {uid: sizes[uid] for uid in uids if uid in sizes}

    def _batch(self, uids: list[int], sizes: Mapping[int, int], position: Position) -> Batch:
        wanted = [uid for uid in uids if sizes[uid] <= LARGEST]
        mails = self._bodies(wanted)
        # A server may give less than it was asked for: what still is there is asked for alone.
        missing = [uid for uid in wanted if uid not in mails]
        for uid in self._still_there(missing):
            mails |= self._bodies([uid])
        left = [self._left(uid, sizes[uid]) for uid in uids if sizes[uid] > LARGEST]
        left += [self._left(uid) for uid in self._still_there(missing) if uid not in mails]
        given = [uid for uid in wanted if uid in mails]
        return Batch(
            mails=tuple(mails[uid] for uid in given),
            position=position,
            left=tuple(left),
            uids=tuple(given),
            beside=self.server.source(self.server.junk) if self._is_beside_junk else "",
        )

    @property
    def _is_beside_junk(self) -> bool:
        return self.server.junk not in ("", self.server.folder)

    def _bodies(self, uids: Sequence[int]) -> dict[int, bytes]:
        return {
            uid: body
            for uid, body in _literals(self._fetched(uids, "(UID INTERNALDATE BODY.PEEK[])"))
            if body
        }

    def _still_there(self, uids: Iterable[int]) -> list[int]:
        asked = sorted(uids)
        if not asked:
            return []
        return sorted(map(int, self.box.uids(f"UID {','.join(map(str, asked))}", charset=None)))

    def _left(self, uid: int, size: int = 0) -> Skipped:
        headers = dict(
            _literals(self._fetched([uid], f"(UID BODY.PEEK[HEADER]<0.{HEADER_BYTES}>)"))
        )
        why = (
            f"is too large to be taken in, {size // 1_000_000} MB"
            if size
            else "was not given by the server"
        )
        return Skipped(
            why=(
                f"A mail in the folder {safe(self.server.folder)} of {safe(self.server.host)}"
                f" (UID {uid}) {why}; it is still there."
            ),
            headers=headers.get(uid, b""),
        )

    def _fetched(self, uids: Sequence[int], parts: str) -> Sequence[object]:
        if not uids:
            return ()
        done, data = self.box.client.uid("FETCH", ",".join(map(str, uids)), parts)
        if done != "OK":
            # RFC 5530, EXPUNGEISSUED: some are gone; what it gave of the others still stands.
            _, data = self.box.client.response("FETCH")
        return [item for item in data or () if item]


def _literals(data: Sequence[object]) -> Iterator[tuple[int, bytes]]:
    """UID and text of each FETCH response; its UID stands before the text or after it, and so does
    when it came into the folder."""
    for at, item in enumerate(data):
        if not isinstance(item, tuple):
            continue
        after = data[at + 1] if at + 1 < len(data) else b""
        uid = _UID.search(item[0]) or (_UID.search(after) if isinstance(after, bytes) else None)
        if uid:
            yield int(uid[1]), arrived(item[1], partial(_came, item[0], after))


def _came(*lines: object) -> datetime | None:
    """What one of the lines of a FETCH response says as its INTERNALDATE (RFC 9051, 2.3.3)."""
    from imaplib import Internaldate2tuple
    from time import mktime

    try:
        for line in lines:
            if isinstance(line, bytes) and (local := Internaldate2tuple(line)):
                return datetime.fromtimestamp(mktime(local), UTC)
    except (ValueError, OverflowError, LookupError):
        pass
    return None
