"""The line to a mail server: found, encrypted, signed in.

A certificate is always checked against those that this computer trusts, which `SSL_CERT_FILE`
can add to. Whatever fails is raised as a `MailFailed` with its sentence.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import suppress
from ssl import create_default_context
from typing import TYPE_CHECKING

from poc_tui.mail.transport.failures import failed, no_entry, no_sign_in, no_starttls, not_greeted
from poc_tui.mail.transport.passwords import Password
from poc_tui.settings.mail import Server

if TYPE_CHECKING:
    import smtplib

    from imap_tools import BaseMailBox

TIMEOUT = 30.0
"""Seconds that a server may take for any one thing."""

OURSELVES = "[127.0.0.1]"
"""How a client greets whose computer has no name in the DNS (RFC 5321, section 4.1.3). Asking for
one could take long, and would tell every server what this computer is called."""


def imap(server: Server, secret: Password) -> BaseMailBox:
    """A connection to the account, signed in, with no folder chosen yet."""
    import imaplib

    from imap_tools import MailBox, MailBoxUnencrypted
    from imap_tools.errors import ImapToolsError

    try:
        if server.security == "tls":
            box: BaseMailBox = MailBox(
                server.host, server.port, timeout=TIMEOUT, ssl_context=create_default_context()
            )
        else:
            box = MailBoxUnencrypted(server.host, server.port, timeout=TIMEOUT)
    except (OSError, ValueError, imaplib.IMAP4.error) as error:
        raise not_greeted(error, server) from error
    try:
        if server.security == "starttls":
            if "STARTTLS" not in box.client.capabilities:
                raise no_starttls(server)
            box.client.starttls(create_default_context())
        _sign_in(box, server, secret)
    except BaseException as error:
        with suppress(OSError):
            box.client.shutdown()
        if isinstance(error, OSError | ValueError | imaplib.IMAP4.error | ImapToolsError):
            # Without the cause, which may hold the line that was to be sent.
            raise failed(error, server, secret) from None
        raise
    return box


def _sign_in(box: BaseMailBox, server: Server, secret: Password) -> None:
    import imaplib

    from imap_tools.errors import MailboxLoginError

    user, password = server.user, secret.reveal()
    try:
        if user.isascii() and password.isascii():
            box.login(user, password, initial_folder=None)
        else:
            box.login_utf8(user, password, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except MailboxLoginError as error:
        raise no_entry(server, secret, error.command_result) from None
    except imaplib.IMAP4.error as error:
        raise no_entry(server, secret, error.args) from None


def smtp(server: Server, secret: Password | None) -> smtplib.SMTP:
    """A connection to the server, signed in unless `secret` is None."""
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
    # smtplib knows ASCII only; PLAIN takes UTF-8 (RFC 4616).
    packed = b64encode(f"\0{user}\0{password}".encode()).decode()
    code, said = line.docmd("AUTH", f"PLAIN {packed}")
    if code != 235:
        raise no_entry(server, secret, said, code)
