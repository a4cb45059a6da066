"""Being told of new mail by an IMAP server, on a line that is quiet meanwhile (RFC 2177)."""

from __future__ import annotations

import re
import socket
from time import monotonic

from poc_tui.errors import MailFailed
from poc_tui.mail.transport.imap_line import ImapLine, ImapMailbox
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.settings.mail import Server

RENEWED_SECONDS = 9 * 60.0
"""How long one wait lasts. The server may end what is quiet for 30 minutes, and many a router
forgets what is quiet for ten."""

SLICE_SECONDS = 60.0
"""After so long it is looked whether the computer slept meanwhile, which no timer notices."""

PATIENCE = 10.0
"""Seconds for the server to begin or end the wait; who does not answer by then is gone."""

_MORE_SECONDS = 0.1
"""What comes together is told of as one."""

_TAG = b"poc"
_COUNT = re.compile(rb"\* (\d+) (EXISTS|EXPUNGE)\b", re.IGNORECASE)


class NotTold(MailFailed):
    """The server does not tell of new mail by itself."""


def check_offered(box: ImapMailbox, server: Server) -> None:
    """See that the server tells of new mail by itself.

    Raises:
        NotTold: it does not.
    """
    if not box.client.offers(b"IDLE"):
        raise NotTold(f"{safe(server.host)} does not tell of new mail by itself (RFC 2177).")


def wait_for_mail(client: ImapLine, known: int, wake: socket.socket, clock: Clock) -> bool:
    """Wait in the open folder, of which `known` mails are known, until there are more.

    False: there were none for `RENEWED_SECONDS`, the computer slept, or `wake` has something to
    read. The line is as it was then.

    Raises:
        OSError, imaplib.IMAP4.error: the line is dead, or the server does not do it.
    """
    wait = _Wait(client, known)
    client.send(_TAG + b" IDLE\r\n")
    wait.until(b"+")
    until = monotonic() + RENEWED_SECONDS
    while not wait.more and (left := until - monotonic()) > 0:
        seconds, before = min(left, SLICE_SECONDS), clock.now()
        if (line := client.line_within(seconds, wake)) is not None:
            wait.heard(line)
        elif readable(wake) or (clock.now() - before).total_seconds() > seconds + SLICE_SECONDS:
            break
    while wait.more and (line := client.line_within(_MORE_SECONDS, wake)) is not None:
        wait.heard(line)
    client.send(b"DONE\r\n")
    wait.until(_TAG)
    return wait.more


class _Wait:
    """What the server says meanwhile."""

    def __init__(self, client: ImapLine, known: int) -> None:
        self._client = client
        self._known = known
        self.more = False

    def until(self, start: bytes) -> None:
        """Read until a line begins so, which must not take long."""
        line = b""
        while not line.startswith(start):
            found = self._client.line_within(PATIENCE)
            if found is None:
                raise TimeoutError
            line = found
            self.heard(line)

    def heard(self, line: bytes) -> None:
        """Take in a line: how many mails there are by it."""
        words = line.upper().split(maxsplit=2)
        if words[:2] == [b"*", b"BYE"] or (words[:1] == [_TAG.upper()] and words[1:2] != [b"OK"]):
            raise self._client.abort("the server ends the wait")
        if (said := _COUNT.match(line)) is None:
            return
        if said[2].upper() == b"EXPUNGE":
            self._known -= 1
        else:
            self.more = self.more or int(said[1]) > self._known
            self._known = int(said[1])


def readable(line: socket.socket) -> bool:
    """Whether something came on it."""
    line.setblocking(False)
    try:
        return bool(line.recv(1, socket.MSG_PEEK))
    except BlockingIOError:
        return False
