"""Being told of new mail while the desk is open: a thread for each account that is watched."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING

from poc_tui.errors import PocError
from poc_tui.mail.transport.failures import PasswordRefused, TokenRefused
from poc_tui.mail.transport.kept_connection import KeptConnection
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.transport.watching import NotTold
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock

if TYPE_CHECKING:
    from poc_tui.settings.mail import Server

PAUSES = (0.0, 10.0, 60.0, 300.0, 600.0)
"""Seconds until a connection that is lost is made again: at once when it held, and longer each time
that it does not."""

REFUSED_SECONDS = 24 * 3600.0
"""Until who is not let in tries again by itself: many servers shut out who tries often."""

SAID_AFTER = 3
"""Failures in a row: what passes within a minute is not worth a word."""

HELD_SECONDS = 60.0
"""What lasted so long was a connection that held."""

_READ_SECONDS = 5.0
"""Until who reads the mail needs the connection; it is not waited on once more before that."""

_IN_A_ROW = 5
"""So many tidings come as fast as they can; then one a second, if the server has always more."""


class MailWatch:
    """Says which account has mail that was not looked at, as soon as its server does.

    `came` and `trouble`, to which it says in a sentence what is wrong, are called on threads of its
    own; so is `password`.
    """

    def __init__(
        self,
        password: Callable[[Server], Password],
        clock: Clock,
        came: Callable[[Server], None],
        trouble: Callable[[str], None],
    ) -> None:
        self._password = password
        self._clock = clock
        self._came = came
        self._trouble = trouble

    def begin(self, account: KeptConnection) -> None:
        """Watch that account until its connection is closed; returns at once."""
        account.waited_on = True
        Thread(target=self._watch, args=(account,), name="poc-watch", daemon=True).start()

    def _watch(self, account: KeptConnection) -> None:
        failures = 0
        told: deque[float] = deque(maxlen=_IN_A_ROW)
        while not account.closed:
            began = monotonic()
            try:
                came = account.wait_for_mail(self._password, self._clock)
                held = monotonic() - began > HELD_SECONDS
            except NotTold:
                account.tells = False
                break
            except Exception as error:
                # Whatever a server somewhere brings about, the desk stands.
                held = monotonic() - began > HELD_SECONDS
                failures = 0 if held else failures + 1
                refused = isinstance(error, PasswordRefused | TokenRefused)
                if failures >= SAID_AFTER or refused:
                    self._trouble(_sentence(error, account))
                if refused:
                    account.rest_until_let_in(REFUSED_SECONDS)
                else:
                    account.rest(PAUSES[min(failures, len(PAUSES) - 1)], account.uses)
                continue
            failures = 0 if held else failures
            if not came:
                continue
            if len(told) == _IN_A_ROW and monotonic() - told[0] < _IN_A_ROW:
                account.rest(1.0)
            told.append(monotonic())
            uses = account.uses
            self._came(account.server)
            account.rest(_READ_SECONDS, uses)
        account.waited_on = False
        account.let_go()


def _sentence(error: Exception, account: KeptConnection) -> str:
    if isinstance(error, PocError):
        return str(error)
    # Not its own words, in which a password could stand.
    return f"New mail of {safe(account.server.host)} is not told of ({type(error).__name__})."
