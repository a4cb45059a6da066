"""Which source a path or the settings stand for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from poc_tui.errors import MailFailed
from poc_tui.mail.transport.mail_files import EML, MailFiles, eml_files
from poc_tui.mail.transport.maildir import Maildir
from poc_tui.mail.transport.mbox import Mbox, looks_like_mbox
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.transport.source import MailSource
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.settings.mail import MailSettings, Server
from poc_tui.system.files import open_file

if TYPE_CHECKING:
    from poc_tui.mail.transport.imap_accounts import ImapAccounts

MOST_LOOKED_AT = 20_000
"""Files in and below a directory; a person who names one with more may not know what it holds."""

_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
"""How a mail begins: with a header field (RFC 5322, section 2.2)."""


def configured(
    mail: MailSettings,
    password: Callable[[Server], Password],
    clock: Clock,
    connections: ImapAccounts,
) -> tuple[MailSource, ...]:
    """Every source that the settings name; `password` is called when an account is opened.

    The folders of an account are read over one of the `connections`, which stays open.
    """
    sources: list[MailSource] = []
    for account in mail.accounts:
        if account.imap.host:
            from poc_tui.mail.transport.imap import ImapSource

            kept = connections.of(account.imap)
            sources += [ImapSource(at, password, clock, kept) for at in account.imap.looked_at]
        sources += [Maildir(path, clock) for path in account.maildir]
        sources += [Mbox(path, clock) for path in account.mbox]
    return tuple(sources)


def open_source(path: str, clock: Clock) -> MailSource:
    """What lies at `path`: a Maildir, an mbox file, a mail, or a directory of `.eml` files.

    Raises:
        MailFailed: it is none of them, or not there.
    """
    path = os.path.expanduser(path)
    try:
        if os.path.isdir(path):
            return _directory(path, clock)
        start = _start(path)
    except FileNotFoundError as error:
        raise MailFailed(f"There is nothing at {safe(path)}. Check the path.") from error
    except OSError as error:
        raise MailFailed(f"{safe(path)} cannot be read: {error.strerror}.") from error
    if looks_like_mbox(start):
        return Mbox(path, None)
    if start.strip() and (path.lower().endswith(EML) or _FIELD.match(start.lstrip())):
        return MailFiles(path)
    raise MailFailed(
        f"There is no mail in {safe(path)}. It must be a Maildir, an mbox file, a mail as it came"
        " (.eml), or a directory of such mails."
    )


def how_much(path: str) -> str:
    """What to ask before a directory of mails is taken in that holds very much; empty else.

    Looks at no more than `MOST_LOOKED_AT` files, whatever lies there.
    """
    path = os.path.abspath(os.path.expanduser(path))
    if not os.path.isdir(path) or _is_maildir(path):
        return ""
    files, mails = 0, 0
    for _, below, names in os.walk(path):
        below.sort()
        files += len(names) + len(below)
        mails += sum(name.lower().endswith(EML) for name in names)
        if files > MOST_LOOKED_AT:
            break
    what = f"{safe(path)} is a whole disk" if os.path.ismount(path) else ""
    if files > MOST_LOOKED_AT:
        what = what or f"{safe(path)} holds very much"
        return f"{what}: {mails:,} mails (.eml) among the first {files:,} files. Take in all?"
    if what and mails:
        return f"{what}, with {mails:,} mails (.eml) in it. Take them in?"
    return ""


def left_out(path: str) -> list[str]:
    """What `open_source` leaves in a directory of mails: mbox files and Maildirs, in order.

    Of the first `MOST_LOOKED_AT` files.

    Each by its path from there; empty where `path` is anything else.
    """
    path = os.path.expanduser(path)
    if not os.path.isdir(path) or _is_maildir(path):
        return []
    found: list[str] = []
    looked_at = 0
    for folder, below, names in os.walk(path):
        looked_at += len(names) + len(below)
        if looked_at > MOST_LOOKED_AT:
            break  # it is a help, and not worth opening every file of a disk
        maildirs = [name for name in below if _is_maildir(os.path.join(folder, name))]
        below[:] = sorted({*below} - {*maildirs})
        files = (name for name in names if not name.lower().endswith(EML))
        mboxes = [name for name in files if _is_mbox(os.path.join(folder, name))]
        found += [os.path.relpath(os.path.join(folder, name), path) for name in maildirs + mboxes]
    return sorted(found)


def _directory(path: str, clock: Clock) -> MailSource:
    if _is_maildir(path):
        return Maildir(path, clock)
    if next(eml_files(path), None) is None:
        raise MailFailed(
            f"There is no mail in the directory {safe(path)}: neither a Maildir's cur and new nor"
            " a file whose name ends in .eml. An mbox file is named itself, and so is a Maildir"
            " that lies in it."
        )
    return MailFiles(path)


def _is_maildir(path: str) -> bool:
    return any(os.path.isdir(os.path.join(path, name)) for name in ("cur", "new"))


def _is_mbox(path: str) -> bool:
    try:
        return os.path.isfile(path) and looks_like_mbox(_start(path))
    except OSError:
        return False


def _start(path: str) -> bytes:
    with open_file(path) as file:
        return file.read(4096)
