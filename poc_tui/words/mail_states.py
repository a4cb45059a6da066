"""What a timeline says below an activity that has to do with mail; all of it is safe to show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from poc_tui.rules.mail.message import DISBELIEVED, ENCRYPTED, SIGNED
from poc_tui.rules.mail.sender_rules import LIST, kind_of
from poc_tui.rules.mail.set_aside import KNOWN_IN_JUNK, MARKED_AS_SPAM, WRITES_FIRST, is_by_rule
from poc_tui.rules.service import shown_date
from poc_tui.rules.text import one_line, safe, size
from poc_tui.words import signs
from poc_tui.words.signs import Run

if TYPE_CHECKING:
    from poc_tui.store.records import ActivityMail, OutgoingRow

_NAME, _WHOLE_NAME, _ADDRESS, _REASON = 24, 120, 60, 200
"""Cells."""

_MOST_OTHERS = 30
"""Others who got a mail that are named where there is room for them."""

_FLAWED = "not all of it could be read"
_SHORT = {
    ENCRYPTED: "encrypted",
    SIGNED: "signature not checked",
    DISBELIEVED: "its date is not believed",
}
"""What could not be read of a mail, in few words; of all else `_FLAWED` is said."""

_SEPARATORS = str.maketrans("/\\:", "___")
"""What makes a path of a name; a file that is saved has the same in their place."""

_OF_A_BOUNCE = frozenset(("message/delivery-status", "message/rfc822", "text/rfc822-headers"))
"""Parts in which a mail that came back tells programs what its text tells people (RFC 3464)."""

BECAME: Mapping[str, str] = {"came-back": "did not arrive", "refused": "could not be sent"}
"""What became of a mail of ours that failed, by its `failure`."""


NOT_SENT = "not sent, as they wrote first"
"""What became of a mail that was withdrawn."""

NOBODY, NAMELESS = "nobody who is named", "without a name"
"""Who wrote a mail that does not say; what an attachment is called that has no name."""

_IN_SHORT: Mapping[str, str] = {
    MARKED_AS_SPAM: "spam", WRITES_FIRST: "new writer", KNOWN_IN_JUNK: "in junk",
}  # fmt: skip

NATURES: Mapping[str, str] = {
    "letter": "letter",
    "auto-reply": "automatic",
    "bounce": "came back",
    "list": "list",
    "unreadable": "unreadable",
}
"""What a mail is, in a word, by its nature (`rules.mail.message.Nature`)."""

NO_PERSONS: Mapping[str, str] = {
    "letter": "",
    "auto-reply": "automatic reply",
    "bounce": "delivery failure",
    "list": "mailing list",
    "unreadable": "not readable",
}
"""The same written out, empty where a person wrote it for us alone."""

TREATED: Mapping[str, str] = {
    "requests": "always makes a request",
    "aside": "always lies aside",
    "spam": "is spam: kept, and never shown",
}
"""What becomes of somebody's mail, by `rules.mail.message.Treatment`."""

STUCK = ("failed", "unsure")
"""States in which only a person gets a mail of ours any further."""


def whom(who: str) -> str:
    """Whom a rule holds for, as `rules.mail.sender_rules` has it: `everybody at firm.example`."""
    match kind_of(who):
        case "domain":
            return f"everybody at {who[1:]}"
        case "list":
            return f"the list {who[len(LIST) :]}"
    return who


def aside_for(nature: str, why: str, *, whole: bool) -> str:
    """Why a mail lies aside: `whole`, or in a word or two where there is little room."""
    if not why:
        return (NO_PERSONS if whole else NATURES).get(nature, nature) or NATURES["letter"]
    if whole:
        return why
    return "your rule" if is_by_rule(why) else _IN_SHORT.get(why, why)


def person(name: str, address: str) -> str:
    """Who wrote a mail, as long as it is: the name and the address, or what there is of them."""
    if not address:
        return name or NOBODY
    return f"{name} <{address}>" if name else address


def sender(mail: ActivityMail) -> str:
    """Who wrote it: `Meyer AG <info@meyer.example>`. A name alone could be anybody's."""
    name, address = one_line(mail.sender_name, _NAME), one_line(mail.sender, _ADDRESS)
    if not address or not name or name == address:
        return address or name
    return f"{name} <{address}>"


def beside(mail: ActivityMail, *, whole: bool, most: int) -> str:
    """What there is besides its words, `whole` or to be cut, with at most so many attachments;
    empty where there is nothing.

    `▸ 34 quoted lines · signature · 2 attachments: invoice.pdf 12 kB, photo.png 1 MB`
    """
    said = []
    if mail.quoted_lines:
        said.append(f"{mail.quoted_lines} quoted line{'' if mail.quoted_lines == 1 else 's'}")
    if mail.signed:
        said.append("signature")
    said += troubles(mail)
    if parts := attached(mail):
        cells = _WHOLE_NAME if whole else _NAME
        names = [f"{_name(name, cells)} {size(bytes)}" for name, bytes in parts[:most]]
        more = [f"and {len(parts) - most:,} more"] if whole and len(parts) > most else []
        count = f"{len(parts)} attachment{'' if len(parts) == 1 else 's'}"
        said.append(f"{count}: {', '.join((*names, *more))}")
    return f"{signs.UNFOLDED if whole else signs.FOLDED} {' · '.join(said)}" if said else ""


def troubles(mail: ActivityMail) -> list[str]:
    """What could not be read of it or is not to be believed, in few words each."""
    words = (_SHORT.get(one.partition(":")[0], _FLAWED) for one in mail.trouble)
    return list(dict.fromkeys(words))


def also_to(mail: ActivityMail, *, whole: bool) -> str:
    """Who else got it: `also to: Chef <chef@huber.example>, steuer@kanzlei.example`."""
    if not mail.others:
        return ""
    most = _MOST_OTHERS if whole else len(mail.others)
    names = [
        person(one_line(name, _NAME), one_line(address, _ADDRESS))
        for name, address in mail.others[:most]
    ]
    if (more := len(mail.others) - most) > 0:
        names.append(f"and {more} more")
    return f"also to: {', '.join(names)}"


def attached(mail: ActivityMail) -> list[tuple[str, int]]:
    """Name and size of what is attached for people."""
    hidden = _OF_A_BOUNCE if mail.nature == "bounce" else frozenset[str]()
    return [(name, bytes) for _, name, type, bytes in mail.parts if type not in hidden]


def _name(name: str, cells: int) -> str:
    """The name of an attachment as that of a file in no folder."""
    shown = one_line(name, cells).translate(_SEPARATORS)
    return shown.lstrip("._- ") or NAMELESS


def not_verified(mail: ActivityMail, *, whole: bool) -> list[Run]:
    """Why nobody can say who wrote a mail, `whole` or to be cut, and the key that accepts it."""
    why = safe(mail.doubt) if whole else one_line(mail.doubt, _REASON)
    return [(f"not verified: {why}", "$text-warning"), (" (v: accept)", "dim")]


def progress(outgoing: OutgoingRow, now: datetime, zone: tzinfo) -> list[Run]:
    """How far a mail of ours has come: `mail to info@meyer.example: sent 09:14`."""
    at = outgoing.sent_at or outgoing.next_try_at
    moment = (
        "" if at is None else (shown_date.past if at < now else shown_date.moment)(at, now, zone)
    )
    why = one_line(outgoing.why, _REASON)
    match outgoing.state:
        case "queued" if why:
            said, style = f"not sent yet: {why}; tried again {moment}", "$text-warning"
        case "queued" if at is not None and at <= now:
            said, style = "waits to be sent", "dim"
        case "queued":
            said, style = f"waits, goes out {moment}{unless_answered(outgoing)}", "dim"
        case "sending":
            said, style = "is being sent", "dim"
        case "sent" if why:
            said, style = f"sent {moment}, but no copy for {why}", "$text-warning"
        case "sent":
            said, style = f"sent {moment}", "dim"
        case "handed":
            said, style = f"handed to you to send {moment}", "dim"
        case "failed":
            became = BECAME.get(outgoing.failure, "not delivered")
            said, style = f"{became}: {why}", "bold $text-error"
        case "withdrawn":
            said, style = NOT_SENT, "$text-warning"
        case _:
            said, style = "nobody knows whether it was sent", "bold $text-warning"
    to = ", ".join(one_line(each, _ADDRESS) for each in (outgoing.recipient, *outgoing.copies))
    files = f" · with {', '.join(map(_file, outgoing.files))}" if outgoing.files else ""
    return [(f"mail to {to}: ", "dim"), (said, style), *([(files, "dim")] if files else [])]


def unless_answered(outgoing: OutgoingRow) -> str:
    """What a mail that goes out later says of staying unsent; else empty."""
    return " unless they write first" if outgoing.unless_answered else ""


def _file(name: str) -> str:
    return _name(name, _NAME)
