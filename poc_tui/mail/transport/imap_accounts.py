"""The connections to all IMAP accounts of a desk, or of one command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poc_tui.mail.transport.kept_connection import KeptConnection
    from poc_tui.settings.mail import Server


class ImapAccounts:
    """Each is made when it is needed and kept until it is let go, at the latest by the end of the
    `with`; from any thread."""

    def __init__(self) -> None:
        self._of: dict[Server, KeptConnection] = {}

    def __enter__(self) -> ImapAccounts:
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go()

    def of(self, server: Server) -> KeptConnection:
        """That of an account, by its server as the settings have it."""
        if server not in self._of:
            from poc_tui.mail.transport.kept_connection import KeptConnection

            self._of.setdefault(server, KeptConnection(server))
        return self._of[server]

    def let_go(self) -> None:
        """Sign out wherever nobody waits for mail or reads it."""
        for kept in tuple(self._of.values()):
            if not kept.waited_on:
                kept.let_go()

    def close(self) -> None:
        """Have nobody wait for mail any more, and begin anew; returns at once."""
        before, self._of = self._of, {}
        for kept in before.values():
            kept.close()
