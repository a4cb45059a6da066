"""The folder of an account that what went out is copied to, and what lies in a folder already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from poc_tui.mail.transport.imap import existing, no_folder
from poc_tui.rules.text import safe
from poc_tui.settings.mail import AUTO, NO_FOLDER, Account

if TYPE_CHECKING:
    from poc_tui.mail.transport.imap_line import ImapMailbox

_SENT = r"\Sent"
"""What the folder is for (RFC 6154)."""

_WITH_USES = cast("str", b'"*" RETURN (SPECIAL-USE)')
"""All folders with what they are for, as it goes over the line."""

_CALLED_SO = (
    "sent", "sent items", "sent mail", "sent messages", "sent objects",
    "gesendet", "gesendete elemente", "gesendete objekte",
    "envoyés", "messages envoyés", "éléments envoyés",
    "verzonden", "verzonden items", "verzonden berichten",
    "inviati", "inviata", "posta inviata", "elementi inviati",
    "enviados", "elementos enviados", "mensajes enviados", "itens enviados",
    "wysłane", "elementy wysłane", "odeslaná pošta", "odeslané",
    "sendt", "sendt post", "sendte elementer", "skickat", "skickade objekt", "lähetetyt",
    "отправленные", "gönderilmiş öğeler", "gönderilenler", "已发送", "已发送邮件",
)  # fmt: skip
"""How such folders are called where the server does not say what they are for, in small letters."""

_COPIES_BY_ITSELF = re.compile(
    r"(.+\.)?(gmail|googlemail|office365|outlook|hotmail|live)\.com", re.IGNORECASE
)
"""Whoever hands a mail in there by SMTP finds it in their folder of sent mail."""


def sent_folder(box: ImapMailbox, account: Account) -> str | None:
    """The name of the folder that copies are put into; None if none are to be made.

    Raises:
        MailFailed: the settings name one that there is not.
        what `connection.broken` names: the line breaks.
    """
    wanted = account.imap.sent
    if wanted == NO_FOLDER or _copies_by_itself(account):
        return None
    if wanted != AUTO:
        found = existing(box, wanted)
        if found is None:
            raise no_folder(box, account.imap, "sent", wanted)
        return found
    folders = box.folder.list()
    if not any(_SENT in each.flags for each in folders) and box.client.offers(b"SPECIAL-USE"):
        folders = box.folder.list("", _WITH_USES)
    known = [each for each in folders if r"\Noselect" not in each.flags]
    for each in known:
        if _SENT in each.flags:
            return each.name
    called = {_last(each.name, each.delim): each.name for each in reversed(known)}
    return next((called[name] for name in _CALLED_SO if name in called), None)


def said(box: ImapMailbox, account: Account) -> str:
    """A sentence that says where what is sent is copied to; raises as `sent_folder`."""
    if account.imap.sent == NO_FOLDER:
        return ""
    if _copies_by_itself(account):
        return f"{safe(account.smtp.host)} itself keeps a copy of what is sent."
    folder = sent_folder(box, account)
    if folder is None:
        return "There is no folder of sent mail that what is sent could be copied to."
    return f"What is sent is copied to {safe(folder)}."


def _copies_by_itself(account: Account) -> bool:
    return account.imap.sent == AUTO and bool(_COPIES_BY_ITSELF.fullmatch(account.smtp.host))


def uids_with_id(box: ImapMailbox, message_id: str) -> list[str]:
    """The UIDs of the mails with that Message-ID in the folder that is open."""
    if not (message_id.isascii() and message_id.isprintable()):
        return []  # nobody can ask for it in a line
    quoted = re.sub(r'(["\\])', r"\\\1", message_id)
    return box.uids(f'HEADER Message-ID "<{quoted}>"', charset=None)


def _last(name: str, delimiter: str) -> str:
    """The name of a folder without those that it lies in, in small letters."""
    return (name.rpartition(delimiter)[2] if delimiter else name).casefold()
