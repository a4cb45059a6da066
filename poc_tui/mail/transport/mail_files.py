"""Single mails: a file, a directory of files, or what comes in on standard input."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from typing import BinaryIO

from poc_tui.errors import MailFailed
from poc_tui.mail.transport.source import HEADER_BYTES, LARGEST, Batch, Found, Skipped, batched
from poc_tui.rules.text import safe
from poc_tui.store.raw_mail import DatedMail, Position
from poc_tui.system.files import open_file

_SAYS_WHEN = re.compile(rb"^(?:date|received):", re.I | re.M)

EML = ".eml"
"""How the name of a file with one mail in it ends."""


class MailFiles:
    """One mail in the file `path`, or one in each `.eml` file in and below the directory `path`.

    It remembers no position: each time all are given.
    """

    def __init__(self, path: str) -> None:
        self._path = os.path.abspath(path)
        self.name = f"files:{self._path}"

    def batches(self, since: Position) -> Generator[Batch, None, None]:
        """All of them each time, in order of their paths."""
        return batched(self._found(since))

    def taken(self, batch: Batch) -> None:
        """Files stay as they are."""

    def _found(self, since: Position) -> Iterator[Found]:
        paths = eml_files(self._path) if os.path.isdir(self._path) else iter([self._path])
        for path in paths:
            mail = read_mail(path)
            if mail is not None:
                yield mail, lambda: since


class StandardInput:
    """The one mail that `stream` gives, as a mail program pipes it into `poc add --mail -`."""

    name = "stdin"

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def batches(self, since: Position) -> Generator[Batch, None, None]:
        """The one mail that is piped in."""
        mail = self._stream.read(LARGEST + 1)
        if len(mail) > LARGEST:
            raise MailFailed(
                f"The mail on standard input is larger than {_megabytes(LARGEST)}; nothing was"
                " taken in. Take it down without what is attached."
            )
        if not mail.strip():
            raise MailFailed("There is no mail on standard input. Pipe one in, as it came.")
        yield Batch((without_envelope(mail),), since)

    def taken(self, batch: Batch) -> None:
        """What came in is gone already."""


def eml_files(directory: str) -> Iterator[str]:
    """The path of every `.eml` file in and below a directory, each directory in order of names."""
    for folder, below, names in os.walk(directory):
        below.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.lower().endswith(EML) and os.path.isfile(path):
                yield path


def read_mail(path: str) -> bytes | Skipped | None:
    """The mail in a file, or why it is left there; None when it is gone, or empty."""
    try:
        with open_file(path) as file:
            size = os.fstat(file.fileno()).st_size
            if size > LARGEST:
                return left_in(path, size, file.read(HEADER_BYTES))
            # A file that grows meanwhile is cut at what it may have, not read without end.
            return without_envelope(file.read(LARGEST)) or None
    except FileNotFoundError:
        return None
    except OSError as error:
        return Skipped(f"{safe(path)} cannot be read: {error.strerror}. It is still there.")


def left_in(path: str, size: int, start: bytes) -> Skipped:
    """That a mail of so many bytes, which begins with `start`, is too large."""
    return Skipped(
        f"A mail in {safe(path)} is too large to be taken in, {_megabytes(size)};"
        " it is still there.",
        header_of(start),
    )


def header_of(start: bytes) -> bytes:
    """The header of a mail that begins with `start`, as far as that goes."""
    ends = [at for blank in (b"\n\n", b"\r\n\r\n") if (at := start.find(blank)) >= 0]
    return start[: min(ends)] + b"\n" if ends else start


def arrived(mail: bytes, when: Callable[[], datetime | None]) -> bytes:
    """The mail; one that says itself neither when it was sent nor when received, as having come
    into its mailbox at the moment that is told `when` it is asked for."""
    if _SAYS_WHEN.search(header_of(mail[:HEADER_BYTES])) or (at := when()) is None:
        return mail
    found = DatedMail(mail)
    found.at = at
    return found


def without_envelope(mail: bytes) -> bytes:
    """The mail without the line that mbox files and delivery agents put before it (RFC 4155)."""
    return mail.partition(b"\n")[2] if mail.startswith(b"From ") else mail


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.0f} MB"
