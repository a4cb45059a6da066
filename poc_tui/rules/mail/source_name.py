"""What a source of mail is called where people read it."""

from __future__ import annotations

import re

_ACCOUNT = re.compile(r"imap:(.+?)@([^@/]+)/(.*)", re.DOTALL)


def said(name: str) -> str:
    """The name that the store has of a source, in words; not yet safe to show.

    `imap:desk@example.com@mail.example.com/INBOX` is `desk@example.com at mail.example.com, INBOX`;
    of a Maildir, an mbox file or a directory it is the path.
    """
    account = _ACCOUNT.fullmatch(name)
    if account is not None:
        user, host, folder = account.groups()
        return f"{user} at {host}, {folder}"
    way, _, path = name.partition(":")
    return path or way
