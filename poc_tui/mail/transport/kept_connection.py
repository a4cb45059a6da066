"""The connection to an IMAP account, kept: for the next fetch, and to be told of new mail (IDLE).

It is used by one thread at a time. Who needs it interrupts who only waits on it for mail.
"""

from __future__ import annotations

import imaplib
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Condition
from time import monotonic
from typing import NamedTuple

from poc_tui.mail.transport import connection, watching
from poc_tui.mail.transport.failures import failed
from poc_tui.mail.transport.imap_line import ImapMailbox
from poc_tui.mail.transport.passwords import Password
from poc_tui.rules.time_source import Clock
from poc_tui.settings.mail import Server

HANDED_OVER_SECONDS = 3.0
"""How long to wait for who uses the connection before another one is made."""

_FRESH_SECONDS = 30.0
"""A connection that was used so lately is there without being tried."""

_TRIED_SECONDS = 5.0


class _Looked(NamedTuple):
    """How far a folder was looked through: its UIDVALIDITY, and the UID that its next mail gets
    (0: the server did not say)."""

    validity: int
    next_uid: int

    def is_more_than(self, before: _Looked | None) -> bool:
        """Whether there can be mails that were not there then."""
        if before is None or before.validity != self.validity:
            return True
        return before.next_uid < self.next_uid


class KeptConnection:
    """The connection to the account of `server`; made when it is first needed."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._changed = Condition()
        self._kept: tuple[ImapMailbox, Password] | None = None
        self._used_at = 0.0
        self._in_use = self._closed = False
        self._wanted = self.uses = 0
        """`uses`: how often somebody wanted to read or write mail on it."""
        self._wake: socket.socket | None = None
        self.waited_on = False
        """Whether some thread waits for mail on it, again and again."""
        self.tells = True
        """Whether the server tells of new mail, as far as is known."""
        self._looked: dict[str, _Looked] = {}
        self._told: _Looked | None = None

    @contextmanager
    def box(self, password: Callable[[Server], Password]) -> Iterator[tuple[ImapMailbox, Password]]:
        """The account, signed in, and what was signed in with; any folder may be open.

        `password` is asked when the connection has to be made. What fails within ends it.

        Raises:
            MailFailed: there is no way in.
        """
        ours = self._enter(HANDED_OVER_SECONDS)
        try:
            box, secret = self._opened(password) if ours else self._new(password)
            whole = False
            try:
                yield box, secret
                whole = True
            except GeneratorExit:  # nobody reads on; between two commands
                whole = True
                raise
            finally:
                self._put_back(box, secret, whole=whole, ours=ours)
        finally:
            if ours:
                self._leave()

    def looked_through(self, folder: str, validity: int, next_uid: int) -> None:
        """Note that all mails of the folder below that UID are known now."""
        self._looked[folder] = _Looked(validity, next_uid)

    def wait_for_mail(self, password: Callable[[Server], Password], clock: Clock) -> bool:
        """Wait until there is mail in the folder that was not looked at.

        True: there is. False: there was none for a while, or somebody needed the connection; wait
        again. To be called by one thread only.

        Raises:
            NotTold: the server tells nobody.
            MailFailed: there is no way in, or the line is dead.
        """
        if not self._enter():
            return False
        box = None
        try:
            box, secret = self._opened(password)
            try:
                came = self._wait(box, clock)
            except connection.broken() as error:
                raise failed(error, self.server, secret) from None
            self._put_back(box, secret, whole=True, ours=True)
            box = None
            return came
        finally:
            if box is not None:
                connection.hang_up(box)
            self._leave()

    def rest(self, seconds: float, since: int | None = None) -> None:
        """Let time pass for who waits for mail; less when the connection is closed, or when it was
        used by somebody else `since` it had been used so often."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or since not in (None, self.uses), seconds)

    def rest_until_let_in(self, seconds: float) -> None:
        """The same; less when somebody else was let in."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._kept is not None, seconds)

    def let_go(self) -> None:
        """Sign out, if nobody uses it just now."""
        with self._changed:
            kept = self._taken_unless_used()
        if kept is not None:
            connection.close(kept[0])

    def close(self) -> None:
        """Nobody waits on it any more, and it is not kept; returns at once."""
        with self._changed:
            self._closed = True
            kept = self._taken_unless_used()
            self._interrupt()
            self._changed.notify_all()
        if kept is not None:
            connection.hang_up(kept[0])

    @property
    def closed(self) -> bool:
        """Whether nobody is to wait on it any more."""
        return self._closed

    # Whose turn it is

    def _enter(self, seconds: float | None = None) -> bool:
        """Have it for this thread; who has `seconds` to wait goes before who waits for mail."""
        with self._changed:
            if seconds is None:
                self._changed.wait_for(lambda: self._closed or not (self._in_use or self._wanted))
                if self._closed:
                    return False
            else:
                self._wanted += 1
                self.uses += 1
                self._interrupt()
                self._changed.notify_all()
                free = self._changed.wait_for(lambda: not self._in_use, seconds)
                self._wanted -= 1
                if not free:
                    return False
            self._in_use = True
            return True

    def _leave(self) -> None:
        with self._changed:
            self._in_use = False
            self._changed.notify_all()

    def _interrupt(self) -> None:
        if self._wake is not None:
            with suppress(OSError):
                self._wake.send(b".")

    # What it is

    def _taken_unless_used(self) -> tuple[ImapMailbox, Password] | None:
        """What is kept, which is not kept any more; None where somebody uses it."""
        if self._in_use:
            return None
        kept, self._kept = self._kept, None
        return kept

    def _opened(self, password: Callable[[Server], Password]) -> tuple[ImapMailbox, Password]:
        kept, self._kept = self._kept, None
        if kept is not None:
            if monotonic() - self._used_at < _FRESH_SECONDS or _answers(kept[0]):
                return kept
            connection.hang_up(kept[0])
        self._told = None
        return self._new(password)

    def _new(self, password: Callable[[Server], Password]) -> tuple[ImapMailbox, Password]:
        secret = password(self.server)
        return connection.imap(self.server, secret), secret

    def _put_back(self, box: ImapMailbox, secret: Password, *, whole: bool, ours: bool) -> None:
        if whole and ours and not self._closed:
            self._kept, self._used_at = (box, secret), monotonic()
        else:
            connection.close(box)

    # Waiting for mail

    def _wait(self, box: ImapMailbox, clock: Clock) -> bool:
        watching.check_offered(box, self.server)
        folder = self.server.folder
        _, said = box.folder.set(folder, readonly=True)
        count = int(said[0] or 0)
        now = _Looked(said_number(box, "UIDVALIDITY"), said_number(box, "UIDNEXT"))
        if count and now != self._told and now.is_more_than(self._looked.get(folder)):
            self._told = now
            return True
        near, far = socket.socketpair()
        with near, far:
            with self._changed:
                if self._wanted or self._closed:
                    return False
                self._wake = far
            try:
                return watching.wait_for_mail(box.client, count, near, clock)
            finally:
                with self._changed:
                    self._wake = None


def said_number(box: ImapMailbox, name: str) -> int:
    """What the server said of the folder that was just chosen, such as UIDNEXT; 0 for nothing."""
    _, said = box.client.response(name)
    return int(said[0] or 0)


def _answers(box: ImapMailbox) -> bool:
    box.client.sock.settimeout(_TRIED_SECONDS)
    try:
        return box.client.noop()[0] == "OK"
    except (OSError, imaplib.IMAP4.error):
        return False
    finally:
        box.client.sock.settimeout(connection.TIMEOUT)
