"""`poc mail test`: whether mail comes in and goes out, and what is wrong where it does not."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import NamedTuple

from poc_tui.errors import MailFailed
from poc_tui.mail.hand_off import opener
from poc_tui.mail.transport import connection
from poc_tui.mail.transport.failures import failed, reply
from poc_tui.mail.transport.maildir import Maildir
from poc_tui.mail.transport.mbox import Mbox
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.transport.source import MailSource
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.settings.mail import Account, MailSettings, Server
from poc_tui.store.raw_mail import Position

_AFTERWARDS = {
    "nothing": "Mail that is taken in stays there as it is.",
    "seen": "Mail that is taken in is marked as seen there.",
    "flagged": "Mail that is taken in is flagged there.",
    "move": "Mail that is taken in is moved to {move_to}.",
}

_TELLS_NOBODY = (
    "It does not tell of new mail by itself: the open desk asks it as often as"
    ' "mail.fetch_every" says.'
)

_HANDED = {
    "mailto": "Mails are opened in your mail program.",
    "clipboard": "Mails are copied, for you to paste them into your mail program.",
    "eml": "Mails are written into {folder}, for you to send them.",
}


class Finding(NamedTuple):
    """What was found about one way of mail.

    `imap`, `smtp`, `maildir`, `mbox`, how mails are handed over (`mailto`, `clipboard`, `eml`), or
    `mail` for all of it. `account` is the name of a further one, "" for the first.
    """

    way: str
    ok: bool
    sentence: str
    account: str = ""


def check(
    mail: MailSettings, password: Callable[[Server], Password], clock: Clock
) -> list[Finding]:
    """Try every way that is set, in and then out; nothing is fetched, sent or changed.

    Each is tried until the first thing that is wrong. `password` gives what signs in, or raises
    `MailFailed`, which is a finding too.
    """
    findings = [
        finding._replace(account=account.key)
        for account in mail.accounts
        for finding in _account(account, password, clock, mail.watch)
    ]
    return findings or [
        Finding(
            "mail",
            False,
            'No mail server is set. Set "mail.imap.host" to fetch mail and "mail.smtp.host" to'
            " send it.",
        )
    ]


def _account(
    account: Account, password: Callable[[Server], Password], clock: Clock, watch: bool
) -> Iterator[Finding]:
    if account.imap.host:
        yield _finding("imap", partial(_imap, account, password, watch))
    for at in account.maildir:
        yield _finding("maildir", partial(_folder, Maildir(at, clock)))
    for at in account.mbox:
        yield _finding("mbox", partial(_folder, Mbox(at, clock)))
    if account.smtp.host:
        yield _finding("smtp", partial(_smtp, account, password))
    if account.send in _HANDED:
        yield _finding(account.send, partial(_handed, account))


def _finding(way: str, attempt: Callable[[], str]) -> Finding:
    try:
        return Finding(way, True, attempt())
    except MailFailed as error:
        return Finding(way, False, str(error))


def _imap(account: Account, password: Callable[[Server], Password], watch: bool) -> str:
    from poc_tui.mail.transport import imap, sent_folder

    server = account.imap
    secret = password(server)
    box = connection.imap(server, secret)
    counts = []
    try:
        for each in server.looked_at:
            imap.open_folder(box, each, secret)
            counted = box.folder.status(each.folder, ("MESSAGES", "UNSEEN"))
            counts.append(
                f"In {safe(each.folder)}: {counted.get('MESSAGES', 0)} mails,"
                f" {counted.get('UNSEEN', 0)} of them unread."
            )
        copies = sent_folder.said(box, account) if account.sends else ""
        tells = box.client.offers(b"IDLE")
    except connection.broken() as error:
        raise failed(error, server, secret) from None
    finally:
        connection.close(box)
    sentences = (
        f"{safe(server.host)} lets {safe(server.user)} in by {secret.kind}.",
        *counts,
        _AFTERWARDS[server.after].format(move_to=safe(server.move_to)),
        copies,
        "" if tells or not watch else _TELLS_NOBODY,
    )
    return " ".join(filter(None, sentences))


def _smtp(mail: Account, password: Callable[[Server], Password]) -> str:
    server, sender = mail.smtp, mail.address
    host = safe(server.host)
    secret = password(server) if server.user else None
    line = connection.smtp(server, secret)
    try:
        code, said = line.mail(sender) if sender else (250, b"")
        if code == 250:
            line.rset()
        line.quit()
    except OSError as error:
        raise failed(error, server, secret) from None
    finally:
        line.close()
    if code != 250:
        raise MailFailed(
            f"{host} takes no mail from {safe(sender)}: {code} {reply(said, secret)}."
            f' Check "{mail.table}.address" and "{server.table}.user".'
        )
    if not sender:
        raise MailFailed(
            f'{host} can be reached, but "{mail.table}.address" is "", and mail needs a sender.'
            " Set it."
        )
    entry = (
        "asks for no password and"
        if secret is None
        else f"lets {safe(server.user)} in by {secret.kind} and"
    )
    return f"{host} {entry} takes mail from {safe(sender)}. Nothing was sent.{_unused(mail)}"


def _unused(mail: Account) -> str:
    """That the settings send nothing through the server, which works."""
    if mail.sends:
        return ""
    instead = "nothing goes out" if mail.send == "none" else "nothing goes out through it"
    return (
        f' But "{mail.table}.send" is "{mail.send}", so {instead}; set it to "smtp" to send mail.'
    )


def _handed(mail: Account) -> str:
    if not mail.address:
        raise MailFailed(
            f'"{mail.table}.address" is "", and nothing is handed over without it. Set it.'
        )
    if mail.send == "mailto" and sys.platform != "win32":
        opener()
    return _HANDED[mail.send].format(folder=safe(mail.eml_folder))


def _folder(source: MailSource) -> str:
    path = source.name.partition(":")[2]
    with closing(source.batches(Position())) as batches:
        first = next(batches, None)
    return f"{safe(path)} can be read." + ("" if first else " There is no mail in it yet.")
