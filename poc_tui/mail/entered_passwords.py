"""Passwords that a person typed, kept while the desk is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poc_tui.mail.transport.credentials import Credentials
    from poc_tui.mail.transport.passwords import Ask, Password
    from poc_tui.rules.time_source import Clock
    from poc_tui.settings.mail import Server


class EnteredPasswords:
    """What was typed for each server, kept unless it never worked. From any thread."""

    def __init__(self, environ: Mapping[str, str], clock: Clock) -> None:
        self._environ = environ
        self._clock = clock
        self._credentials: Credentials | None = None
        self._typed: dict[Server, str] = {}
        self._tried: dict[Server, list[Password]] = {}
        self._worked: set[Server] = set()

    def finder(self, ask: Ask) -> Callable[[Server], Password]:
        """Finds what signs in at a server; `ask` is asked for a password that is nowhere kept."""

        def find(server: Server) -> Password:
            from poc_tui.mail.transport.credentials import Credentials

            if self._credentials is None:
                self._credentials = Credentials(self._environ, self._clock)
            found = self._credentials.of(server, partial(self._asked, server, ask))
            if found.place == "person":
                self._tried.setdefault(server, []).append(found)
            return found

        return find

    def forget_wrong(self) -> None:
        """Have what let nobody in so far asked for again."""
        tried, self._tried = self._tried, {}
        for server, passwords in tried.items():
            if any(each.worked for each in passwords):
                self._worked.add(server)
            elif server not in self._worked:
                self._typed.pop(server, None)

    def forget(self) -> None:
        """Have every one asked for again."""
        self._credentials = None
        self._typed.clear()
        self._tried.clear()
        self._worked.clear()

    def _asked(self, server: Server, ask: Ask, words: str) -> str:
        if not self._typed.get(server):
            self._typed[server] = ask(words)
        return self._typed[server]
