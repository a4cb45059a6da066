"""What signs in at a mail server: a password, or an access token, which is renewed by itself.

A sign-in by OAuth 2 lasts by its refresh token, which is in the computer's keyring under who signs
in at whom as which program: several accounts are apart, and one sign-in is for both ways of an
account. An access token, which is good for an hour or so, is kept in memory only.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING

from poc_tui.errors import MailFailed
from poc_tui.mail.transport.passwords import (
    AccessToken,
    Ask,
    Password,
    kept,
    no_user,
    password,
    printed,
    put,
)
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.settings.mail import Server

if TYPE_CHECKING:
    from poc_tui.mail.transport.oauth import Provider, Tokens

RENEWED_BEFORE = timedelta(minutes=5)
"""A token is not begun with that ends so soon."""

_SERVICE = "poc:oauth"
_CLIENT_SERVICE = "poc:oauth-client"

_PIECE = 1000
"""Characters. Windows keeps no more than 1,280 under one name, and refresh tokens are longer."""

_END = "\n"


class Credentials:
    """Finds what signs in at each server. Several threads may ask at once.

    `environ` is what the commands of the settings run in.
    """

    def __init__(self, environ: Mapping[str, str], clock: Clock) -> None:
        self._environ = environ
        self._clock = clock
        self._held: dict[str, tuple[str, datetime]] = {}
        self._lock = Lock()

    def of(self, server: Server, ask: Ask | None) -> Password:
        """The password or the access token of the server's user, found as the settings say.

        `ask` asks a person for a password that is nowhere; None where there is nobody.

        Raises:
            MailFailed: there is none.
        """
        if server.auth == "password":
            return password(server, self._environ, ask)
        if not server.user:
            raise no_user(server)
        if server.token_command:
            return AccessToken(self._printed(server), "command", lambda _: self._printed(server))
        another = partial(self._token, server)
        return AccessToken(another(""), "sign-in", another)

    def _printed(self, server: Server) -> str:
        key = f"{server.table}.token_command"
        token = printed(server.token_command, key, self._environ)
        if not (token.isascii() and token.isprintable()):
            raise MailFailed(f'What the command in "{key}" prints first is no access token.')
        return token

    def _token(self, server: Server, refused: str) -> str:
        """An access token that still holds, but not that one."""
        name = sign_in_name(server)
        with self._lock:
            held, until = self._held.get(name, ("", self._clock.now()))
            if held in ("", refused) or self._clock.now() >= until:
                tokens = self._renewed(server, name)
                held, lasts = tokens.access, timedelta(seconds=tokens.seconds)
                until = self._clock.now() + max(lasts - RENEWED_BEFORE, lasts / 2)
                self._held[name] = held, until
            return held

    def _renewed(self, server: Server, name: str) -> Tokens:
        from poc_tui.mail.transport.oauth import SignInEnded

        provider = provider_of(server, self._environ)
        refresh = _read(name)
        try:
            if not refresh:
                raise SignInEnded(
                    f"Nobody has signed in as {safe(server.user)} at {safe(provider.host)} on this"
                    f" computer. `poc mail login {server.argument}` does."
                )
            tokens = provider.refresh(refresh)
        except SignInEnded:
            # Another poc may have renewed it meanwhile, or somebody has signed in again.
            newer = _read(name)
            if newer in ("", refresh):
                raise
            tokens, refresh = provider.refresh(newer), newer
        if tokens.refresh not in ("", refresh):
            with suppress(MailFailed):  # the old one often holds on; if not, it will be said
                keep_sign_in(server, tokens)
        return tokens


def provider_of(server: Server, environ: Mapping[str, str], ask: Ask | None = None) -> Provider:
    """Who signs in the server's account, with the secret that the client has there, if any.

    The secret comes of the command in the settings, else of the keyring. Where the provider gives
    every client one, `ask` asks a person for one to be kept there in place of what is.
    """
    from poc_tui.mail.transport.oauth import Provider

    oauth = server.oauth
    if oauth.client_secret_command:
        key = f"{server.table}.oauth.client_secret_command"
        return Provider(server, Password(printed(oauth.client_secret_command, key, environ)))
    if ask is not None and oauth.provider == "google":
        words = f"Client secret of {safe(oauth.client_id)} (nothing: as before): "
        if typed := ask(words).strip():
            put(_CLIENT_SERVICE, oauth.client_id, typed)
    secret = kept(_CLIENT_SERVICE, oauth.client_id)
    return Provider(server, Password(secret) if secret else None)


def sign_in_name(server: Server) -> str:
    """Under which name the keyring has what a sign-in gave: who, at whom, as which program."""
    from poc_tui.mail.transport.oauth import Provider

    provider = Provider(server)
    return f"{server.user}@{provider.host}/{provider.oauth.client_id}"


def keep_sign_in(server: Server, tokens: Tokens) -> None:
    """Keep what renews the access tokens of the server's account, in place of what is there.

    Raises:
        MailFailed: there is nothing that does, or the keyring does not take it.
    """
    if not tokens.refresh:
        raise MailFailed(
            "The sign-in would be over in an hour: no refresh token came with it."
            f' Check "{server.table}.oauth.scopes"; many providers want "offline_access" there.'
        )
    name = sign_in_name(server)
    text = tokens.refresh + _END
    for at, start in enumerate(range(0, len(text), _PIECE)):
        put(_SERVICE, _piece_name(name, at), text[start : start + _PIECE])
    if _read(name) != tokens.refresh:
        raise no_keyring(server)


def no_keyring(server: Server) -> MailFailed:
    """The failure of keeping a sign-in where nothing keeps it."""
    return MailFailed(
        "This computer has no keyring that keeps the sign-in. Let another program sign in, and"
        f' name it in "{server.table}.token_command", such as "oama access {server.user}".'
    )


def _read(name: str) -> str:
    """The refresh token of that name, put together; "" when there is none, or not all of it."""
    text = ""
    for at in range(100):
        piece = kept(_SERVICE, _piece_name(name, at)) or ""
        text += piece
        if text.endswith(_END) or not piece:
            break
    return text.removesuffix(_END) if text.endswith(_END) else ""


def _piece_name(name: str, at: int) -> str:
    return f"{name}#{at}" if at else name
