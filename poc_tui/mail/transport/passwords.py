"""Passwords: found where they are kept, and shown to nobody but the server that asks.

They are looked for in the computer's keyring, then asked of the password command, then of the
person. They are in no setting, no store, no log and no sentence; nor are access tokens.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Literal

from poc_tui.errors import MailFailed
from poc_tui.rules.text import safe
from poc_tui.settings.mail import Server

COMMAND_SECONDS = 60
"""How long a password command may take: it may ask for a passphrase of its own."""

PasswordPlace = Literal["keyring", "command", "person", "sign-in"]
"""Where a password or a token was found; `sign-in` is with who signs people in (OAuth 2)."""

Ask = Callable[[str], str]
"""Asks a person, with these words, for a password that is not shown; "" when none was given."""


class Password:
    """A password that does not show itself, whatever it is printed or logged in.

    `place` is where it was found, and where another one is to be put if it is wrong; `worked` is
    whether it has let somebody in.
    """

    __slots__ = ("_text", "place", "worked")

    kind = "password"
    """What it is, for a sentence."""

    def __init__(self, text: str, place: PasswordPlace = "keyring") -> None:
        self._text = text
        self.place = place
        self.worked = False

    def reveal(self) -> str:
        """The password itself, for the line to the server and nothing else."""
        return self._text

    def is_in(self, text: str) -> bool:
        """Whether `text` gives it away, however often it was quoted.

        As it is, in a quoted string of IMAP (RFC 9051, section 4.3), as Python prints its bytes, or
        in base64, as SASL sends it (RFC 4616).
        """
        bare = _unquoted(text)
        packed = self._text.encode()
        forms = filter(None, (_unquoted(self._text), _unquoted(repr(packed)[2:-1])))
        return (
            self._text in text
            or any(form in bare for form in forms)
            or any(
                packed in unpacked(word) for word in re.findall(r"[A-Za-z0-9+/]{4,}={0,2}", text)
            )
        )

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Password) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)


class AccessToken(Password):
    """An access token (RFC 6750), which signs in as a password does and can be had anew.

    `another` gives the one to use in place of one that was refused.
    """

    __slots__ = ("_another",)

    kind = "OAuth2"

    def __init__(self, text: str, place: PasswordPlace, another: Callable[[str], str]) -> None:
        super().__init__(text, place)
        self._another = another

    def renew(self) -> bool:
        """Become another one, since the server has refused this; False where there is no other.

        Raises:
            MailFailed: there is none at all any more.
        """
        refused, self._text = self._text, self._another(self._text)
        return self._text != refused


def password(server: Server, environ: Mapping[str, str], ask: Ask | None) -> Password:
    """The password of the server's user; `ask` is None where there is nobody to ask.

    `environ` is what the password command runs in.

    Raises:
        MailFailed: no way gives one.
    """
    if not server.user:
        raise no_user(server)
    place: PasswordPlace = "keyring"
    found = kept(_service(server), server.account)
    if found is None and server.password_command:
        key = f"{server.table}.password_command"
        found, place = printed(server.password_command, key, environ), "command"
    if found is None and ask is not None:
        found = ask(f"Password of {safe(server.user)} at {safe(server.host)}: ")
        place = "person"
    if not found:
        raise MailFailed(
            f"There is no password for {safe(server.user)} at {safe(server.host)}."
            f" `poc mail password {server.argument}` keeps one in the keyring, or a command in"
            f' "{server.table}.password_command" prints it.'
        )
    return _checked(found, server, place)


def no_user(server: Server) -> MailFailed:
    """The failure of a sign-in of nobody."""
    return MailFailed(
        f'"{server.table}.user" is "", and {safe(server.host)} wants to know who signs in.'
        " Set it; with most providers it is the address."
    )


def keep(server: Server, secret: Password) -> None:
    """Keep the password in the computer's keyring, in place of one that is there.

    Raises:
        MailFailed: the keyring does not take it.
    """
    text = _checked(secret.reveal(), server).reveal()
    put(_service(server), server.account, text)
    if kept(_service(server), server.account) != text:
        # Some keyrings, such as the null one, forget without a word.
        raise no_keyring(server)


def no_keyring(server: Server) -> MailFailed:
    """The failure of keeping a password where nothing keeps it."""
    return MailFailed(
        "This computer has no keyring that keeps the password. Let a command print it instead:"
        f' "{server.table}.password_command", such as "pass show mail".'
    )


def has_keyring() -> bool:
    """Whether this computer has a keyring at all; it may be locked, or forget."""
    import keyring
    from keyring.backends import fail

    return not isinstance(keyring.get_keyring(), fail.Keyring)


def _service(server: Server) -> str:
    return f"poc:{server.way}"


def kept(service: str, name: str) -> str | None:
    """What the keyring holds there; one that is missing, locked or broken holds nothing."""
    try:
        import keyring

        return keyring.get_password(service, name) or None
    except Exception:  # each keyring of each system has errors of its own
        return None


def put(service: str, name: str, text: str) -> None:
    """Have the keyring hold that there; whether it does is for `kept` to say."""
    with suppress(Exception):  # each keyring of each system has errors of its own
        import keyring

        keyring.set_password(service, name, text)


def printed(command: str, key: str, environ: Mapping[str, str]) -> str:
    """The first line that the command of that setting prints; no shell reads the command.

    Raises:
        MailFailed: it prints none.
    """
    import shlex
    import subprocess

    key = f'"{key}"'
    try:
        ran = subprocess.run(  # noqa: S603
            shlex.split(command),
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except ValueError as error:
        raise MailFailed(f"The command in {key} has a quote that is not closed.") from error
    except OSError as error:
        raise MailFailed(
            f"The command in {key} cannot be run: {error.strerror}. Try it in a terminal."
        ) from None
    except subprocess.TimeoutExpired:
        raise MailFailed(
            f"The command in {key} printed nothing within {COMMAND_SECONDS} seconds."
            " Try it in a terminal."
        ) from None
    first = ran.stdout.partition(b"\n")[0].rstrip(b"\r").decode("utf-8", "replace")
    if ran.returncode or not first:
        ended = f"failed with status {ran.returncode}" if ran.returncode else "printed nothing"
        raise MailFailed(f"The command in {key} {ended}. Try it in a terminal.")
    return first


def _checked(found: str, server: Server, place: PasswordPlace = "keyring") -> Password:
    """The password, when it is one line: a line end in it would be a command to the server."""
    if not found.isprintable():
        raise MailFailed(
            f"The password of {safe(server.user)} at {safe(server.host)} has a line end or another"
            f" control character in it. `poc mail password {server.argument}` keeps it anew."
        )
    return Password(found, place)


def _unquoted(text: str) -> str:
    """Without any backslash: imaplib quotes once more what the server has quoted."""
    return text.replace("\\", "")


def unpacked(word: str | bytes) -> bytes:
    """What that is in base64; empty where it is none."""
    try:
        return base64.b64decode(word)
    except binascii.Error:
        return b""
