"""mbox: a file of mails on this computer (RFC 4155), which is read and never changed or locked."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Generator, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import BinaryIO

from poc_tui.errors import MailFailed
from poc_tui.mail.transport.mail_files import arrived, header_of, left_in
from poc_tui.mail.transport.source import HEADER_BYTES, LARGEST, Batch, Found, Skipped, batched
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.store.raw_mail import Position
from poc_tui.system.files import open_file

SETTLED = timedelta(seconds=2)
"""A file that was written to since is perhaps being written to: its last mail waits."""

SAMPLE = 64 * 1024
"""Bytes at either end of what was read, which tell whether it is still the same: so many that the
last mail's date and Message-ID are among them."""

_CHUNK = 64 * 1024
"""As much is read at once of a line that does not end."""

_DATE = rb"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*\d\d:\d\d"
_SURELY = re.compile(rb"From \S+ +" + _DATE)
_PERHAPS = re.compile(rb"From (?:.*" + _DATE + rb"|[^\s]*[@-][^\s]*\s*$|\s*$)")
"""After a blank line: with a date somewhere, or only an address, "-" or nothing, as some write."""

_DELIVERED = re.compile(rb"[A-Z][a-z][a-z] +\d{1,2} +\d\d:\d\d:\d\d +\d{4}")
_LONGEST_ENVELOPE = 500
_QUOTED = re.compile(rb">+From ")

_KEPT_BY_PROGRAMS = re.compile(
    rb"(?:Status|X-Status|X-Keywords|X-UID|X-IMAP|X-IMAPbase|X-Mozilla-Status2?|X-Mozilla-Keys):",
    re.IGNORECASE,
)
"""What the program that looks after the file writes into each mail, and changes there."""

_DID_NOT_COME = re.compile(
    rb"X-Status: *\w*[DT]|X-Mozilla-Status: *[\da-f]{3}[89a-f]", re.IGNORECASE
)
"""What they write into one that is thrown away but still in the file, or is not finished."""

_NO_MAIL = re.compile(
    rb"^Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\s*$", re.MULTILINE
)
"""What the first mail of some files is called, which is none."""


class Mbox:
    """The mails in the file `path`. Its position is a digest of what was read, and how far.

    A file that was written to in the last `SETTLED` by `clock` keeps its last mail for the next
    time; with None as `clock`, for a file that nobody writes to, all are given. One level of the
    quoting of `From ` is undone (mboxrd), and the header fields that mail programs keep in such a
    file are left out, so that the same mail has the same bytes each time.
    """

    def __init__(self, path: str, clock: Clock | None) -> None:
        self._path = os.path.abspath(path)
        self._clock = clock
        self.name = f"mbox:{self._path}"

    def batches(self, since: Position) -> Generator[Batch, None, None]:
        """The mails behind the place reached; all where another file lies at the path."""
        try:
            # The second, unbuffered, looks back at what was read without disturbing the first.
            with open_file(self._path) as file, open_file(self._path, buffered=False) as back:
                yield from batched(self._found(file, back, since))
        except OSError as error:
            raise MailFailed(
                f"{safe(self._path)} cannot be read: {error.strerror}. Check its name and owner."
            ) from error

    def taken(self, batch: Batch) -> None:
        """The file stays as it is."""

    def _found(self, file: BinaryIO, back: BinaryIO, since: Position) -> Iterator[Found]:
        start = since.last_uid if _is_same(back, since) else 0
        last_waits = self._is_being_written(file)
        file.seek(start)
        for mail, end, is_last in _mails(file, self._path):
            if not (is_last and last_waits):
                yield mail, partial(_position, back, end)

    def _is_being_written(self, file: BinaryIO) -> bool:
        if self._clock is None:
            return False
        written = os.fstat(file.fileno()).st_mtime
        return written > (self._clock.now() - SETTLED).timestamp()


def looks_like_mbox(start: bytes) -> bool:
    """Whether a file that begins with these bytes is one."""
    return _perhaps(start.lstrip(b"\r\n").partition(b"\n")[0])


def _perhaps(line: bytes) -> bool:
    return _PERHAPS.match(line[:_LONGEST_ENVELOPE]) is not None


def _is_same(back: BinaryIO, since: Position) -> bool:
    """Whether what was read up to there still stands there, and a mail or nothing follows."""
    if not since.last_uid or _position(back, since.last_uid) != since:
        return False
    back.seek(since.last_uid)
    following = back.read(_CHUNK)
    return not following.strip() or looks_like_mbox(following)


def _position(back: BinaryIO, end: int) -> Position:
    """How far was read, and what that much is known by again, as a positive 63-bit number."""
    digest = hashlib.blake2b(digest_size=8)
    for start in (0, max(0, end - SAMPLE)):
        back.seek(start)
        digest.update(back.read(min(SAMPLE, end)))
    return Position(int.from_bytes(digest.digest(), "big") >> 1, end)


def _mails(file: BinaryIO, path: str) -> Iterator[tuple[bytes | Skipped, int, bool]]:
    """Each mail from here on, where it ends in the file, and whether it is the last.

    Raises `MailFailed` when something other than a mail stands here.
    """
    mail: _Mail | None = None
    end = file.tell()
    new_line = after_blank = True
    for line in iter(lambda: file.readline(_CHUNK), b""):
        may_begin = new_line and line.startswith(b"From ")
        if may_begin and (_SURELY.match(line) or (after_blank and _perhaps(line))):
            if mail is not None and (whole := mail.whole(path)):
                yield whole, end, False
            mail = _Mail(line)
        elif mail is not None:
            mail.add(line, new_line)
        elif line.strip():
            raise MailFailed(f"{safe(path)} is no mbox file: it does not begin with From.")
        after_blank = new_line and line in (b"\n", b"\r\n")
        new_line = line.endswith(b"\n")
        end += len(line)
    if mail is not None and (whole := mail.whole(path)):
        yield whole, end, True


class _Mail:
    """The bytes of one mail, gathered; of one that is too large only the first."""

    def __init__(self, envelope: bytes) -> None:
        self._envelope = envelope[:_LONGEST_ENVELOPE]
        self._gathered = bytearray()
        self._size = 0
        self._in_header = True
        self._left_out = False
        self._came = True

    def add(self, line: bytes, new_line: bool) -> None:
        """Take the next line, or the next part of it when it is no `new_line`."""
        if self._in_header:
            self._in_header = line not in (b"\n", b"\r\n")
            if new_line and not line.startswith((b" ", b"\t")):
                self._left_out = _KEPT_BY_PROGRAMS.match(line) is not None
                self._came = self._came and not _DID_NOT_COME.match(line)
            if self._left_out:
                return
        elif line.startswith(b">") and new_line and _QUOTED.match(line):
            line = line[1:]
        self._size += len(line)
        if self._size <= LARGEST:
            self._gathered += line
        else:
            del self._gathered[HEADER_BYTES:]

    def whole(self, path: str) -> bytes | Skipped | None:
        """The mail without the blank line that ends it in the file; None when it is none."""
        mail = self._gathered
        if not self._came:
            return None
        if self._size > LARGEST:
            return left_in(path, self._size, bytes(mail))
        for end in (b"\r\n", b"\n"):
            if mail.endswith(end + end):
                del mail[-len(end) :]
                break
        if not mail or _NO_MAIL.search(header_of(bytes(mail[:HEADER_BYTES]))):
            return None
        return arrived(bytes(mail), self._delivered_at)

    def _delivered_at(self) -> datetime | None:
        """What the line before it says, which is UTC (RFC 4155, appendix A)."""
        found = _DELIVERED.search(self._envelope)
        try:
            text = b" ".join(found[0].split()).decode() if found else ""
            return datetime.strptime(f"{text} +0000", "%b %d %H:%M:%S %Y %z")
        except ValueError:
            return None
