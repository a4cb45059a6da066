"""What went wrong between here and a mail server, said in a sentence that says what to do."""

from __future__ import annotations

import re
import socket
import ssl

from poc_tui.errors import MailFailed
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.transport.sasl import TokenSignIn
from poc_tui.rules.text import safe
from poc_tui.settings.mail import Server

LONGEST_REPLY = 200
"""Characters of a server's own words that a sentence takes."""

_WHY_NO_ENTRY = (
    "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "CONTACTADMIN", "EXPIRED", "INUSE", "LIMIT",
    "PRIVACYREQUIRED", "UNAVAILABLE",
)  # fmt: skip
"""What IMAP says of a sign-in in one word (RFC 5530, section 3)."""

_CLOCK = (9, 10)
"""What OpenSSL says of a certificate that is not valid yet, or no more."""

_UNREAD_GREETING = ("unexpected response", "None")
"""What imaplib says of a first line that is none of IMAP's, by itself or as it stands."""

_RESPONSE_CODE = re.compile(rb"\[([A-Za-z]{1,30})\]")
_STATUS_CODE = re.compile(rb"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)")


def failed(error: Exception, server: Server, secret: Password | None = None) -> MailFailed:
    """The sentence for `error`, which came of talking to `server`.

    `error` is whatever `socket`, `ssl`, `imaplib`, `imap_tools` or `smtplib` raised. No sentence
    holds the password `secret`, not even where the server said it back.
    """
    if isinstance(error, MailFailed):
        return error
    return MailFailed(_of_the_line(error, server) or _of_the_server(error, server, secret))


def reply(said: object, secret: Password | None = None) -> str:
    """A server's own words, made safe and short; "" when they give the password away."""
    words = _bytes(said).decode("utf-8", "replace")
    if secret is not None and secret.is_in(words):
        return ""
    shown = safe(words).strip().rstrip(".")
    return shown if len(shown) <= LONGEST_REPLY else f"{shown[: LONGEST_REPLY - 1]}…"


def _of_the_line(error: Exception, server: Server) -> str | None:
    """The sentence for what keeps the two from talking at all; None for anything else."""
    host, port = safe(server.host), server.port
    if isinstance(error, socket.gaierror | UnicodeError):
        return (
            f"There is no server by the name of {host}, or this computer is offline."
            f" Check {_key(server, 'host')} and the network."
        )
    if isinstance(error, ConnectionRefusedError):
        return (
            f"{host} takes no connection on port {port}."
            f" Check {_key(server, 'port')} and {_key(server, 'security')}, or try again later."
        )
    if isinstance(error, TimeoutError):
        return (
            f"{host} does not answer on port {port}."
            f" Check {_key(server, 'port')} and the network, or try again later."
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return (
            f"The certificate of {host} cannot be trusted: {reply(error.verify_message)}."
            f" Nothing was said to it. Check {_key(server, 'host')}{the_clock(error)}; a server of"
            " your own needs a certificate that this computer trusts."
        )
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return (
            f"{host} does not speak TLS on port {port} as this computer does."
            f' Check {_key(server, "port")}; perhaps {_key(server, "security")} must be "starttls".'
        )
    return None


def _of_the_server(error: Exception, server: Server, secret: Password | None) -> str:
    """The sentence for what the server said, or that it said nothing more."""
    import imaplib
    import smtplib

    host = safe(server.host)
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{host} refuses: {error.smtp_code}{_after(' ', reply(error.smtp_error, secret))}."
    if isinstance(error, imaplib.IMAP4.abort | smtplib.SMTPServerDisconnected):
        return f"The connection to {host} broke in the middle. Try again later."
    if isinstance(error, OSError) and not isinstance(error, smtplib.SMTPException):
        return (
            f"The connection to {host} broke{_after(': ', reply(error.strerror))}. Try again later."
        )
    said = getattr(error, "command_result", None) or error.args
    return f"{host} refuses{_after(': ', reply(said, secret))}."


def not_greeted(error: Exception, server: Server) -> MailFailed:
    """The sentence for `error`, which came before the server had greeted as one of its kind does.

    A greeting in another language is a server for something else: imaplib (`abort`) and smtplib
    (-1) say that they could not read it.
    """
    import imaplib
    import smtplib

    other = (
        error.smtp_code == -1
        if isinstance(error, smtplib.SMTPConnectError)
        else isinstance(error, imaplib.IMAP4.error) and str(error).startswith(_UNREAD_GREETING)
    )
    if not other:
        return failed(error, server)
    return MailFailed(
        f"There is no {server.way.upper()} server on port {server.port} of {safe(server.host)}."
        f" Check {_key(server, 'port')}."
    )


class PasswordRefused(MailFailed):
    """The server does not take the password, now or later."""


_PASSING = ("INUSE", "LIMIT", "UNAVAILABLE")
"""What keeps somebody out for a while, whatever the password is (RFC 5530)."""


def no_entry(server: Server, secret: Password, said: object, code: int | None = None) -> MailFailed:
    """The failure of a sign-in: `said` is the server's reply, which came with `code` in SMTP.

    Of its words none is repeated, since servers repeat the line that they refuse, in whatever
    quoting; only the code that says why (IMAP: RFC 5530; SMTP: RFC 3463).
    """
    because = why(said, code)
    kind = MailFailed if because in _PASSING else PasswordRefused
    return kind(
        f"{safe(server.host)} does not let {safe(server.user)} in{_after(': ', because)}."
        f" Check {_key(server, 'user')} and the password{_place(server, secret)}."
        " Many providers want one made for programs, an app password, or OAuth2"
        f" ({_key(server, 'auth')})."
    )


class TokenRefused(MailFailed):
    """The server does not take the access token, which may be too old."""


def no_entry_by_token(
    server: Server, secret: Password, exchange: TokenSignIn, why: str
) -> TokenRefused:
    """The failure of a sign-in with a token; `why` is the server's code for it, or ""."""
    words = ", ".join(filter(None, (exchange.status, why)))
    wants = f" It wants the scope {exchange.scope}." if exchange.scope else ""
    mend = (
        f"that the command in {_key(server, 'token_command')} prints a token for this server"
        if secret.place == "command"
        else f"{_key(server, 'oauth.scopes')}, or sign in again as that user:"
        f" `poc mail login {server.argument}`"
    )
    return TokenRefused(
        f"{safe(server.host)} does not let {safe(server.user)} in with this access token"
        f"{_after(': ', words)}.{wants} Check {_key(server, 'user')} and {mend}."
    )


def only_by_token(server: Server) -> MailFailed:
    """The failure of a sign-in with a password at a server that takes none; none was sent."""
    return MailFailed(
        f"{safe(server.host)} lets nobody in with a password, only with OAuth2; none was sent."
        f' Set {_key(server, "auth")} to "oauth2".'
    )


def no_password_taken(server: Server) -> MailFailed:
    """The failure of a sign-in where the server says that it takes no password; none was sent."""
    return MailFailed(
        f"{safe(server.host)} takes no password on port {server.port}; none was sent."
        f" Check {_key(server, 'port')} and {_key(server, 'security')}."
    )


def no_token_taken(server: Server) -> MailFailed:
    """The failure of a sign-in with a token at a server that takes none; none was sent."""
    return MailFailed(
        f"{safe(server.host)} takes no access token on port {server.port}; none was sent."
        f' Set {_key(server, "auth")} to "password", or check {_key(server, "host")} and'
        f" {_key(server, 'port')}."
    )


def the_clock(error: ssl.SSLCertVerificationError) -> str:
    """That the clock of this computer may be wrong, where a certificate's time is; else ""."""
    return " and the clock of this computer" if error.verify_code in _CLOCK else ""


def _place(server: Server, secret: Password) -> str:
    """Where the password is that was wrong, and how it becomes another one."""
    keeps = f"`poc mail password {server.argument}` keeps another"
    match secret.place:
        case "keyring":
            return f" in the keyring; {keeps}"
        case "command":
            return f", which the command in {_key(server, 'password_command')} printed"
    return f" that you typed; {keeps} in the keyring"


def no_starttls(server: Server) -> MailFailed:
    """The failure of a connection that was to be encrypted; nothing is said in the clear."""
    return MailFailed(
        f"{safe(server.host)} offers no STARTTLS on port {server.port}."
        f' Perhaps {_key(server, "security")} must be "tls".'
    )


def no_sign_in(server: Server) -> MailFailed:
    """The failure of a sign-in at a server that nobody can sign in to."""
    return MailFailed(
        f"{safe(server.host)} lets nobody sign in on port {server.port}."
        f" Check {_key(server, 'port')} and {_key(server, 'security')};"
        f' where no password is asked for, {_key(server, "user")} is "".'
    )


def why(said: object, code: int | None = None) -> str:
    """The code that says why a sign-in failed; `code` is the number of a reply of SMTP."""
    if code is None:
        return _response_code(said)
    status = _STATUS_CODE.match(_bytes(said))
    return f"{code} {status[1].decode()}" if status else str(code)


def _response_code(said: object) -> str:
    found = (code[1].decode().upper() for code in _RESPONSE_CODE.finditer(_bytes(said)))
    return next((code for code in found if code in _WHY_NO_ENTRY), "")


def _bytes(said: object) -> bytes:
    """A server's reply, out of the lists in which imaplib and imap_tools put it."""
    while isinstance(said, list | tuple):
        said = said[-1] if said else b""
    return said if isinstance(said, bytes) else str(said or "").encode("utf-8", "replace")


def _key(server: Server, name: str) -> str:
    return f'"{server.table}.{name}"'


def _after(before: str, words: str) -> str:
    return f"{before}{words}" if words else ""
