"""The line to a mail server: found, encrypted, signed in.

A certificate is always checked against those that this computer trusts, which `SSL_CERT_FILE`
can add to. Whatever fails is raised as a `MailFailed` with its sentence.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from ssl import create_default_context
from typing import TYPE_CHECKING, TypeVar

from poc_tui.mail.transport.failures import (
    TokenRefused,
    failed,
    no_entry,
    no_entry_by_token,
    no_password_taken,
    no_sign_in,
    no_starttls,
    no_token_taken,
    not_greeted,
    only_by_token,
    why,
)
from poc_tui.mail.transport.passwords import AccessToken, Password, unpacked
from poc_tui.mail.transport.sasl import TokenSignIn, takes_only_tokens, takes_tokens
from poc_tui.settings.mail import Server

if TYPE_CHECKING:
    import smtplib

    from poc_tui.mail.transport.imap_line import ImapMailbox

TIMEOUT = 30.0
"""Seconds that a server may take for any one thing."""

_LOGOUT_SECONDS = 5.0

OURSELVES = "[127.0.0.1]"
"""How a client greets whose computer has no name in the DNS (RFC 5321, section 4.1.3). Asking for
one could take long, and would tell every server what this computer is called."""

LONGEST_COMMAND = 512
"""Octets of a line of SMTP with its end (RFC 5321, section 4.5.3.1.4)."""

_BY_PASSWORD = frozenset({"PLAIN", "LOGIN", "CRAM-MD5"})
"""How a password is shown to a server that takes mail: what smtplib knows."""

_T = TypeVar("_T")


def imap(server: Server, secret: Password) -> ImapMailbox:
    """A connection to the account, signed in, with no folder chosen yet.

    An access token that the server refuses is renewed once.
    """
    return _with_a_new_token(partial(_imap, server, secret), secret)


def smtp(server: Server, secret: Password | None) -> smtplib.SMTP:
    """A connection to the server, signed in unless `secret` is None; a token as by `imap`."""
    return _with_a_new_token(partial(_smtp, server, secret), secret)


def _with_a_new_token(connect: Callable[[], _T], secret: Password | None) -> _T:
    try:
        made = connect()
    except TokenRefused:
        if not (isinstance(secret, AccessToken) and secret.renew()):
            raise
        made = connect()
    if secret is not None:
        secret.worked = True
    return made


def _imap(server: Server, secret: Password) -> ImapMailbox:
    import imaplib

    from imap_tools.errors import ImapToolsError

    from poc_tui.mail.transport.imap_line import ImapLine, ImapMailbox, SecretImapLine

    try:
        if server.security == "tls":
            client: ImapLine = SecretImapLine(
                server.host, server.port, timeout=TIMEOUT, ssl_context=create_default_context()
            )
        else:
            client = ImapLine(server.host, server.port, timeout=TIMEOUT)
        box = ImapMailbox(client)
    except (OSError, ValueError, imaplib.IMAP4.error) as error:
        raise not_greeted(error, server) from error
    try:
        if server.security == "starttls":
            if "STARTTLS" not in box.client.capabilities:
                raise no_starttls(server)
            box.client.starttls(create_default_context())
        if isinstance(secret, AccessToken):
            _sign_in_by_token(box, server, secret)
        else:
            _sign_in(box, server, secret)
    except BaseException as error:
        with suppress(OSError):
            box.client.shutdown()
        if isinstance(error, OSError | ValueError | imaplib.IMAP4.error | ImapToolsError):
            # Without the cause, which may hold the line that was to be sent.
            raise failed(error, server, secret) from None
        raise
    return box


def _sign_in(box: ImapMailbox, server: Server, secret: Password) -> None:
    import imaplib

    from imap_tools.errors import MailboxLoginError

    offered = box.client.capabilities
    if takes_only_tokens(_mechanisms(offered)):
        raise only_by_token(server)
    login = "LOGINDISABLED" not in offered  # RFC 9051, section 6.2.3
    if not login and "AUTH=PLAIN" not in offered:
        tokens = takes_tokens(_mechanisms(offered))
        raise only_by_token(server) if tokens else no_password_taken(server)
    user, password = server.user, secret.reveal()
    try:
        if login and user.isascii() and password.isascii():
            box.login(user, password, initial_folder=None)
        else:
            box.login_utf8(user, password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except MailboxLoginError as error:
        raise no_entry(server, secret, error.command_result) from None
    except imaplib.IMAP4.error as error:
        raise no_entry(server, secret, error.args) from None


def close(box: ImapMailbox) -> None:
    """Sign out, which changes nothing in the folder, and close the line."""
    with suppress(*broken()):
        box.client.sock.settimeout(_LOGOUT_SECONDS)
        box.client.logout()
    hang_up(box)


def hang_up(box: ImapMailbox) -> None:
    """Close the line without another word."""
    with suppress(OSError):
        box.client.shutdown()


def broken() -> tuple[type[Exception], ...]:
    """What comes of a line that breaks or an IMAP server that says no."""
    import imaplib

    from imap_tools.errors import ImapToolsError

    return (OSError, imaplib.IMAP4.error, ImapToolsError)


def _sign_in_by_token(box: ImapMailbox, server: Server, token: AccessToken) -> None:
    import imaplib

    exchange = TokenSignIn(server, token, _mechanisms(box.client.capabilities))
    if not exchange.mechanism:
        raise no_token_taken(server)
    try:
        box.client.authenticate(exchange.mechanism, exchange.answer)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise no_entry_by_token(server, token, exchange, why(error.args)) from None


def _mechanisms(capabilities: tuple[str, ...]) -> list[str]:
    return [name.removeprefix("AUTH=") for name in capabilities if name.startswith("AUTH=")]


def _smtp(server: Server, secret: Password | None) -> smtplib.SMTP:
    import smtplib

    try:
        if server.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname=OURSELVES,
                timeout=TIMEOUT,
                context=create_default_context(),
            )
        else:
            line = smtplib.SMTP(server.host, server.port, local_hostname=OURSELVES, timeout=TIMEOUT)
    except (OSError, ValueError) as error:
        raise not_greeted(error, server) from error
    try:
        line.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            if not line.has_extn("starttls"):
                raise no_starttls(server)
            line.starttls(context=create_default_context())
            line.ehlo_or_helo_if_needed()
        if secret is not None:
            _authenticate(line, server, secret)
    except BaseException as error:
        line.close()
        if isinstance(error, OSError | ValueError):
            raise failed(error, server, secret) from None
        raise
    return line


def _authenticate(line: smtplib.SMTP, server: Server, secret: Password) -> None:
    import smtplib

    if not line.has_extn("auth"):
        raise no_sign_in(server)
    offered = line.esmtp_features["auth"].upper().split()
    if isinstance(secret, AccessToken):
        _authenticate_by_token(line, server, secret, offered)
        return
    if _BY_PASSWORD.isdisjoint(offered):
        raise only_by_token(server) if takes_tokens(offered) else no_sign_in(server)
    user, password = server.user, secret.reveal()
    try:
        if user.isascii() and password.isascii():
            line.login(user, password)
            return
    except smtplib.SMTPAuthenticationError as error:
        raise no_entry(server, secret, error.smtp_error, error.smtp_code) from None
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException:
        # No way to sign in that both know, or one that has no end.
        raise no_sign_in(server) from None
    if "PLAIN" not in offered:
        raise no_sign_in(server)
    # smtplib knows ASCII only; PLAIN takes UTF-8 (RFC 4616).
    packed = b64encode(f"\0{user}\0{password}".encode()).decode()
    code, said = line.docmd("AUTH", f"PLAIN {packed}")
    if code != 235:
        raise no_entry(server, secret, said, code)


def _authenticate_by_token(
    line: smtplib.SMTP, server: Server, token: AccessToken, offered: list[str]
) -> None:
    exchange = TokenSignIn(server, token, offered)
    if not exchange.mechanism:
        raise no_token_taken(server)
    first = f"{exchange.mechanism} {b64encode(exchange.answer(b'')).decode()}"
    if len(f"AUTH {first}\r\n") <= LONGEST_COMMAND:
        code, said = line.docmd("AUTH", first)
    else:  # it is to wait until it is asked for (RFC 4954, section 4)
        code, said = line.docmd("AUTH", exchange.mechanism)
        if code == 334:
            code, said = line.docmd(first.partition(" ")[2])
    if code == 334:
        code, said = line.docmd(b64encode(exchange.answer(unpacked(said))).decode())
    if code != 235:
        raise no_entry_by_token(server, token, exchange, why(said, code))
