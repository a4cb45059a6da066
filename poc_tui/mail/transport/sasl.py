"""Signing in with an access token, and what a server offers for it (RFC 4422, 7628).

Besides OAUTHBEARER there is XOAUTH2, its forerunner at Google, which is all that Microsoft has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from poc_tui.mail.transport.passwords import Password
from poc_tui.settings.mail import Server

BY_TOKEN = ("OAUTHBEARER", "XOAUTH2")
"""The ways to sign in with a token, the better one first."""

_BY_PASSWORD = re.compile(r"PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|NTLM|SCRAM-.+")
_STATUS = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_SCOPE = re.compile(r"[!-~]{1,200}")


def takes_tokens(offered: Iterable[str]) -> bool:
    """Whether a server that offers these mechanisms takes tokens; their names are in capitals."""
    return not set(BY_TOKEN).isdisjoint(offered)


def takes_only_tokens(offered: Sequence[str]) -> bool:
    """Whether it takes tokens and no password, in whatever way one is shown."""
    return takes_tokens(offered) and not any(map(_BY_PASSWORD.fullmatch, offered))


class TokenSignIn:
    """One sign-in with a token, by the best of the mechanisms that the server offers.

    `mechanism` is that one, "" where the server has none. `status` and `scope` are what the server
    said of a token that it refused, as far as they are what RFC 7628, section 3.2.2 has there.
    """

    def __init__(self, server: Server, token: Password, offered: Iterable[str]) -> None:
        self.mechanism = next((name for name in BY_TOKEN if name in set(offered)), "")
        self.status = self.scope = ""
        self._server = server
        self._token = token
        self._begun = False

    def answer(self, challenge: bytes) -> bytes:
        """What is said to the server's challenge: first the token, and then that a no was heard.

        Without that the server would go on to wait (RFC 7628, section 3.2.3).
        """
        if not self._begun:
            self._begun = True
            return self._first()
        self._read(challenge)
        return b"\x01" if self.mechanism == "OAUTHBEARER" else b""

    def _first(self) -> bytes:
        bearer = f"auth=Bearer {self._token.reveal()}\x01\x01"
        if self.mechanism == "XOAUTH2":
            return f"user={self._server.user}\x01{bearer}".encode()
        # The name in the header of GS2 (RFC 5801, section 4).
        name = self._server.user.replace("=", "=3D").replace(",", "=2C")
        where = f"host={self._server.host}\x01port={self._server.port}"
        return f"n,a={name},\x01{where}\x01{bearer}".encode()

    def _read(self, challenge: bytes) -> None:
        try:
            said = json.loads(challenge)
        except (ValueError, RecursionError):
            return
        if isinstance(said, dict):
            self.status = self._word(said.get("status"), _STATUS)
            self.scope = self._word(said.get("scope"), _SCOPE)

    def _word(self, said: object, form: re.Pattern[str]) -> str:
        word = str(said) if isinstance(said, str | int) else ""
        return word if form.fullmatch(word) and not self._token.is_in(word) else ""
