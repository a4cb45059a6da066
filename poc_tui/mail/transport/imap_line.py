"""The line of an IMAP connection, read so that a wait can end before anything was said.

`imaplib` reads through a file, which can never be read again once it has timed out, and which
keeps what came early where nothing that waits for the socket sees it. So the bytes are kept here.
"""

from __future__ import annotations

import imaplib
import selectors
import socket
import ssl
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from imap_tools import BaseMailBox

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

LONGEST_LINE = 20 << 20
"""Bytes: the UIDs of two million mails, which one line may name."""

_AT_ONCE = 1 << 16
_KEEPALIVE = {"TCP_KEEPIDLE": 120, "TCP_KEEPALIVE": 120, "TCP_KEEPINTVL": 30, "TCP_KEEPCNT": 4}
"""Seconds until a quiet line is tried (macOS has the second name for it), between two tries, and
how many fail until it is taken for dead."""


class ImapLine(imaplib.IMAP4):
    """A connection in the clear, or one that STARTTLS makes a secret one."""

    _bytes = bytearray()
    _bytes_of: socket.socket | None = None

    def open(self, host: str = "", port: int | None = 143, timeout: float | None = None) -> None:
        """Connect, and have the system notice when the other end is gone without a word."""
        super().open(host, port or 143, timeout)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in _KEEPALIVE.items():
            with suppress(AttributeError, OSError):
                self.sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)

    def offers(self, capability: bytes) -> bool:
        """Whether the server can do that; asked anew, since it may do more for who is signed in."""
        _, said = self.capability()
        return capability in said[-1].upper().split()

    def send(self, data: ReadableBuffer) -> None:
        """Within one time limit no more than a slow line can carry in it."""
        view = memoryview(data)
        for start in range(0, len(view), _AT_ONCE):
            super().send(view[start : start + _AT_ONCE])

    def read(self, size: int) -> bytes:
        """So many bytes; fewer when the server has hung up."""
        while len(self._came) < size and self._receive():
            pass
        return self._taken(size)

    def readline(self) -> bytes:
        """A line with its end; what there is of it when the server has hung up."""
        searched = 0
        while (end := self._came.find(b"\n", searched)) < 0:
            searched = len(self._came)
            self._check_length()
            if not self._receive():
                return self._taken(searched)
        return self._taken(end + 1)

    def line_within(self, seconds: float, wake: socket.socket | None = None) -> bytes | None:
        """The next line as soon as all of it is there, without its end.

        None: none came in that time, or something came for `wake`.

        Raises:
            OSError, imaplib.IMAP4.abort: the line is broken, or the server has hung up.
        """
        until = monotonic() + seconds
        with selectors.DefaultSelector() as selector:
            selector.register(self.sock, selectors.EVENT_READ)
            if wake is not None:
                selector.register(wake, selectors.EVENT_READ)
            while (end := self._came.find(b"\n")) < 0:
                self._check_length()
                if (came := self._at_once()) is None:
                    ready = selector.select(max(0.0, until - monotonic()))
                    if not ready or any(key.fileobj is wake for key, _ in ready):
                        return None
                elif not came:
                    raise self.abort("socket error: EOF")
                else:
                    self._came.extend(came)
        return self._taken(end + 1).rstrip(b"\r\n")

    @property
    def _came(self) -> bytearray:
        """What came and was not read. Before STARTTLS anybody could have written it, and it is
        thrown away with the socket of that time (RFC 3501, section 11.1)."""
        if self._bytes_of is not self.sock:
            self._bytes, self._bytes_of = bytearray(), self.sock
        return self._bytes

    def _receive(self) -> bool:
        came: bytes = self.sock.recv(_AT_ONCE)
        self._came.extend(came)
        return bool(came)

    def _at_once(self) -> bytes | None:
        """What is there already; None if nothing is, empty if nothing will be any more."""
        patience = self.sock.gettimeout()
        self.sock.settimeout(0)
        try:
            # Not asked of the socket alone: of a secret line a part may be here that says nothing.
            came: bytes = self.sock.recv(_AT_ONCE)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None
        finally:
            self.sock.settimeout(patience)
        return came

    def _check_length(self) -> None:
        if len(self._came) > LONGEST_LINE:
            raise self.error(f"a line of more than {LONGEST_LINE} bytes")

    def _taken(self, size: int) -> bytes:
        taken = bytes(self._came[:size])
        del self._came[:size]
        return taken


class SecretImapLine(ImapLine, imaplib.IMAP4_SSL):
    """A connection that is secret from its first byte."""


class ImapMailbox(BaseMailBox):
    """What `imap_tools` knows to do, over such a line."""

    client: ImapLine

    def __init__(self, client: ImapLine) -> None:
        self._client = client
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        return self._client
