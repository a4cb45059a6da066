"""An outgoing mail as the bytes of a mail (RFC 5322): the same bytes each time for the same row.

The header is written here, field by field, because the standard library decodes what it is given
before it encodes it again, so that a stranger's encoded words could become lines of ours, and
because it breaks long message ids. The content is left to the library.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from datetime import datetime, tzinfo
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from textwrap import wrap

from poc_tui.errors import MailFailed
from poc_tui.mail.saved_files import safe_name
from poc_tui.rules.mail.address import ascii_address, is_address
from poc_tui.rules.mail.message import Part
from poc_tui.rules.mail.outgoing_html import to_html
from poc_tui.rules.text import one_line, plain, safe
from poc_tui.settings.mail import Account
from poc_tui.store.outbox import QueuedMail

Enclosed = Callable[[int, int], tuple[Part, bytes]]
"""A part of a mail that came, and its bytes: by the id of the mail and the part's index. A file of
the person's own is a part of the mail `OWN_FILES`."""

OWN_FILES = 0
"""No mail that came has this id."""

CRLF = "\r\n"
_LONGEST_NAME = 100
_LONGEST_LINE = 76
_LONGEST_ID = 900
"""Characters: with its brackets it is one line, of which none has more than 998 (RFC 5322)."""

_BYTES_IN_WORD = 36
"""Of UTF-8 in one encoded word: a line with one has 76 characters at most (RFC 2047, section 2)."""

_BOUNDARY = 40
"""Signs of a boundary that are a mail's own."""

_SEVEN_BIT = SMTP.clone(cte_type="7bit")
_ID = re.compile(rf"[!-;=?-~]{{1,{_LONGEST_ID}}}")
_DIGEST = "sha256-"
"""Begins what stands for an id that was too long to keep; nobody else knows a mail by it."""

_TYPE = re.compile(r"([a-z0-9][a-z0-9!#$&^_.+-]*)/([a-z0-9][a-z0-9!#$&^_.+-]*)")
# C0 and C1 without tab and line feed: nothing that a mail program could show.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def message(
    queued: QueuedMail, account: Account, zone: tzinfo, enclosed: Enclosed, *, draft: bool = False
) -> bytes:
    """The mail, each line ended by CRLF, with nothing but ASCII in it.

    Only where the part of an address before the @ is not ASCII, the header is UTF-8 (RFC 6532).
    Its Date is when it was queued, or was to go out, as `zone` has it. A `draft` is for the person
    to send: mail programs that know the sign for it open it for writing.

    Raises:
        MailFailed: an address or the id of it cannot stand in a mail.
        NotFound: what goes with it is not there any more.
    """
    for address in (account.address, queued.recipient, *queued.copies):
        if not is_address(address):
            raise MailFailed(f"“{safe(address)}” is no mail address.")
    if not _is_id(queued.message_id):
        raise MailFailed(f"“{safe(queued.message_id)}” cannot be the id of a mail.")
    said_at = queued.send_at or queued.queued_at
    fields = [
        f"Date: {format_datetime(datetime.fromtimestamp(said_at, zone))}",
        f"From: {_mailbox(account.name, account.address)}",
        f"To: {ascii_address(queued.recipient)}",
        *_copies(queued),
        f"Subject: {_subject(queued.subject)}",
        f"Message-ID: <{queued.message_id}>",
        *_thread(queued),
    ]
    if queued.automatic:
        # RFC 3834, section 5; the second is how Exchange is asked for no note of absence.
        fields += ["Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: OOF, AutoReply"]
    if draft:
        fields.append("X-Unsent: 1")
    header = CRLF.join(fields) + CRLF
    return header.encode("utf-8") + _content(queued, enclosed).as_bytes()


def _copies(queued: QueuedMail) -> Iterable[str]:
    if queued.copies:
        yield "Cc: " + f",{CRLF} ".join(map(ascii_address, queued.copies))


def _thread(queued: QueuedMail) -> Iterable[str]:
    """RFC 5322, section 3.6.4; an id that cannot stand in a header is left out."""
    if queued.in_reply_to and _is_id(queued.in_reply_to):
        yield f"In-Reply-To: <{queued.in_reply_to}>"
    refs = [f"<{ref}>" for ref in queued.refs if _is_id(ref)]
    if refs:
        yield "References: " + f"{CRLF} ".join(refs)


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text)) and "=?" not in text and not text.startswith(_DIGEST)


def _mailbox(name: str, address: str) -> str:
    ours = ascii_address(address)
    shown = one_line(name, _LONGEST_NAME)
    if not shown:
        return ours
    if not _is_plain(shown):
        return f"{_encoded_words(shown)}{CRLF} <{ours}>"
    escaped = shown.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"{CRLF} <{ours}>'


def _subject(subject: str) -> str:
    line = " ".join(_CONTROLS.sub(" ", plain(subject)).split())
    if not _is_plain(line):
        return _encoded_words(line)
    # Broken where there is a space, so that no line is long if words are not.
    room = _LONGEST_LINE - len("Subject: ")
    return f"{CRLF} ".join(wrap(line, room, break_long_words=False, break_on_hyphens=False))


def _is_plain(line: str) -> bool:
    """Whether it can stand as it is, and means nothing else then (RFC 2047, section 5)."""
    return line.isascii() and line.isprintable() and "=?" not in line


def _encoded_words(text: str) -> str:
    """RFC 2047 in UTF-8; no character is parted, and no word has too many letters."""
    words: list[bytes] = [b""]
    for char in text:
        encoded = char.encode("utf-8", "replace")
        if len(words[-1]) + len(encoded) > _BYTES_IN_WORD:
            words.append(b"")
        words[-1] += encoded
    return f"{CRLF} ".join(f"=?utf-8?b?{base64.b64encode(word).decode()}?=" for word in words)


def _content(queued: QueuedMail, enclosed: Enclosed) -> EmailMessage:
    content = EmailMessage(_SEVEN_BIT)
    text = _CONTROLS.sub("", plain(queued.text)).rstrip("\n") + "\n"
    content.set_content(text)
    # Not by chance, so that the same row gives the same bytes; nobody outside knows the id yet.
    digest = hashlib.sha256(queued.message_id.encode()).hexdigest()
    if queued.html:
        content.add_alternative(to_html(text), subtype="html")
        content.set_boundary(f"=_{digest[-_BOUNDARY:]}")
    parts = (*((OWN_FILES, id) for id, _, _ in queued.files), *queued.enclosed)
    for mail_id, index in parts:
        part, data = enclosed(mail_id, index)
        main, sub = _media_type(part.type)
        name = safe_name(part.name, f"part-{index}")
        content.add_attachment(data, main, sub, cte="base64", filename=name)
    if parts:
        content.set_boundary(f"=_{digest[:_BOUNDARY]}")
    return content


def _media_type(type: str) -> tuple[str, str]:
    """What it says it is, unless that must not be encoded (RFC 2046, section 5)."""
    found = _TYPE.fullmatch(type.lower())
    if found is None or found[1] in ("message", "multipart"):
        return "application", "octet-stream"
    return found[1], found[2]
