"""What a timeline says below an activity that has to do with mail; all of it is safe to show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual.content import Content

from poc_tui.rules.service import next_date
from poc_tui.rules.text import one_line, safe, size
from poc_tui.words import signs

if TYPE_CHECKING:
    from poc_tui.store.records import ActivityMail, ActivityOutgoing

_NAME, _WHOLE_NAME, _ADDRESS, _REASON = 24, 120, 60, 200
"""Cells."""

_MOST_PARTS = 100
"""Attachments of one mail that are named where all are to be seen."""

_SEPARATORS = str.maketrans("/\\:", "___")
"""What makes a path of a name; a file that is saved has the same in their place."""

_OF_A_BOUNCE = frozenset(("message/delivery-status", "message/rfc822", "text/rfc822-headers"))
"""Parts in which a mail that came back tells programs what its text tells people (RFC 3464)."""

_BAR = "│ "

BECAME: Mapping[str, str] = MappingProxyType(
    {"came-back": "did not arrive", "refused": "could not be sent"}
)
"""What became of a mail of ours that failed, by its `failure`."""


def sender(mail: ActivityMail) -> str:
    """Who wrote it: `Meyer AG <info@meyer.example>`. A name alone could be anybody's."""
    name, address = one_line(mail.sender_name, _NAME), one_line(mail.sender, _ADDRESS)
    if not address or not name or name == address:
        return address or name
    return f"{name} <{address}>"


def beside(mail: ActivityMail, width: int, *, whole: bool = False) -> list[Content]:
    """What there is besides its words, in one line, or `whole`; none where there is nothing.

    `▸ 34 quoted lines · signature · 2 attachments: invoice.pdf 12 kB, photo.png 1 MB`
    """
    said = []
    if mail.quoted_lines:
        said.append(f"{mail.quoted_lines} quoted line{'' if mail.quoted_lines == 1 else 's'}")
    if mail.signed:
        said.append("signature")
    if mail.flawed:
        said.append("not all of it could be read")
    if parts := attached(mail):
        most, cells = (_MOST_PARTS, _WHOLE_NAME) if whole else (max(1, width // 4), _NAME)
        names = [f"{_name(name, cells)} {size(bytes)}" for name, bytes in parts[:most]]
        more = [f"and {len(parts) - most:,} more"] if whole and len(parts) > most else []
        count = f"{len(parts)} attachment{'' if len(parts) == 1 else 's'}"
        said.append(f"{count}: {', '.join((*names, *more))}")
    if not said:
        return []
    line = f"{signs.UNFOLDED if whole else signs.FOLDED} {' · '.join(said)}"
    lines = Content(line).wrap(width) if whole else [Content(one_line(line, width))]
    return [each.stylize("dim") for each in lines]


def attached(mail: ActivityMail) -> list[tuple[str, int]]:
    """Name and size of what is attached for people."""
    hidden = _OF_A_BOUNCE if mail.nature == "bounce" else frozenset[str]()
    return [(name, bytes) for _, name, type, bytes in mail.parts if type not in hidden]


def _name(name: str, cells: int) -> str:
    """The name of an attachment as that of a file in no folder."""
    shown = one_line(name, cells).translate(_SEPARATORS)
    return shown.lstrip("._- ") or "without a name"


def unfolded(mail: ActivityMail, width: int, most: int) -> list[Content]:
    """The signature and what it quotes, at most `most` characters of it, behind a bar."""
    room = max(1, width - len(_BAR))
    drawn = []
    for line in safe(mail.folded[:most], newline=True).split("\n"):
        if (
            len(line) <= room and line.isascii()
        ):  # as most are; wrapping one takes ten times as long
            drawn.append(Content.styled(_BAR + line, "dim"))
        else:
            parts = Content(line).wrap(room)
            drawn += (Content.styled(_BAR + part.plain, "dim") for part in parts)
    if len(mail.folded) > most:
        left = mail.folded.count("\n", most) + 1
        more = f"{_BAR}… {left} more line{'' if left == 1 else 's'}"
        drawn.append(Content.styled(more, "dim italic").truncate(width))
    return drawn


def progress(outgoing: ActivityOutgoing, now: datetime, zone: tzinfo) -> Content:
    """How far a mail of ours has come: `mail to info@meyer.example: sent 09:14`."""
    at = outgoing.sent_at or outgoing.next_try_at
    moment = "" if at is None else (next_date.past if at < now else next_date.moment)(at, now, zone)
    why = one_line(outgoing.why, _REASON)
    match outgoing.state:
        case "queued" if why:
            said, style = f"not sent yet: {why}; tried again {moment}", "$text-warning"
        case "queued" if at is not None and at <= now:
            said, style = "waits to be sent", "dim"
        case "queued":
            said, style = f"waits, goes out {moment}", "dim"
        case "sending":
            said, style = "is being sent", "dim"
        case "sent":
            said, style = f"sent {moment}", "dim"
        case "handed":
            said, style = f"handed to you to send {moment}", "dim"
        case "failed":
            became = BECAME.get(outgoing.failure, "not delivered")
            said, style = f"{became}: {why}", "bold $text-error"
        case _:
            said, style = "nobody knows whether it was sent", "bold $text-warning"
    to = f"mail to {one_line(outgoing.recipient, _ADDRESS)}: "
    return Content.assemble((to, "dim"), (said, style))
