"""The rows of the screen of the mail: what is going out, and what came and lies aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from poc_tui.rules.mail.set_aside import MARKED_AS_SPAM
from poc_tui.rules.mail.subject import without_number
from poc_tui.rules.service import shown_date
from poc_tui.rules.text import one_line, safe
from poc_tui.widgets.inks import Runs, padded
from poc_tui.widgets.section_list import SectionHeading
from poc_tui.words import signs
from poc_tui.words.mail_states import NOBODY, STUCK, aside_for

if TYPE_CHECKING:
    from poc_tui.store.records import MailRow, OutgoingRow

_STATES: Mapping[str, tuple[str, str, str]] = {
    "queued": ("·", "waits", ""),
    "again": (signs.RECURRING, "again", "$text-warning"),
    "sending": ("»", "sending", ""),
    "failed": ("✗", "failed", "bold $text-error"),
    "unsure": ("?", "unsure", "bold $text-warning"),
}
"""Sign, word and style; `again` is queued after a try."""

_WORD, _NUMBER = 7, 6
_WHY, _WHOLE_WHY, _ROOMY = 10, 30, 110
"""Cells of why a mail lies aside, in short and whole, and from which width on that is whole."""

_INDENT = 2 + _WORD + 1
_REASON_LINES = 3
_OUTGOING_KEYS, _MAIL_KEYS = 0, 1


class MailRemark(NamedTuple):
    """A line of words that is not chosen: why the mail above it is stuck, or that there is none."""

    place: int
    text: str


class OutgoingLine(NamedTuple):
    """A mail of ours that is not gone yet."""

    id: int
    number: int
    recipient: str
    subject: str
    state: str
    tries: int
    at: datetime
    """When it is tried next, else when it was queued."""
    is_next: bool
    why: str

    @property
    def is_stuck(self) -> bool:
        """Whether a person has to look after it: it failed, or nobody knows whether it went out."""
        return self.state in STUCK


class AsideLine(NamedTuple):
    """A mail that came and belongs to no request."""

    id: int
    at: datetime
    sender: str
    subject: str
    nature: str
    why: str = ""
    """Why it lies aside, where its nature does not say so."""

    @property
    def is_spam(self) -> bool:
        """Whether the provider says so."""
        return self.why == MARKED_AS_SPAM


class SourceLine(NamedTuple):
    """Something to know about the mail as a whole, and the reason for it where there is one."""

    text: str
    why: str


class MailSection(NamedTuple):
    """Lines of one sort, or what is said where there are none; `load` says how many."""

    heading: str
    load: str
    lines: Sequence[OutgoingLine | AsideLine | SourceLine]
    nothing: str = ""


Row = SectionHeading | MailRemark | OutgoingLine | AsideLine


def going(row: OutgoingRow) -> OutgoingLine:
    """What the list needs of a mail of ours, without its text."""
    return OutgoingLine(
        row.id,
        row.number,
        row.recipient,
        without_number(row.subject),
        row.state,
        row.tries,
        row.next_try_at or row.queued_at,
        row.next_try_at is not None,
        row.why,
    )


def lying(row: MailRow) -> AsideLine:
    """What the list needs of a mail that came."""
    sender = row.sender_name or row.sender or NOBODY
    at = row.sent_at or row.came_at
    return AsideLine(row.id, at, sender, row.subject, row.nature, row.aside_why)


def loads(lines: Sequence[AsideLine], of: int) -> str:
    """How many mails lie there and why, of which these are listed: `7 (4 list, 3 new writer)`."""
    if not of:
        return ""
    said = f"the first {len(lines):,} of {of:,}" if of > len(lines) else f"{of:,}"
    whys = Counter(aside_for(line.nature, line.why, whole=False) for line in lines)
    counts = ", ".join(f"{count:,} {one_line(why, _WHY)}" for why, count in whys.most_common())
    return f"{said} ({counts})" if len(whys) > 1 else said


def rows(sections: Iterable[MailSection], width: int) -> Iterator[Row]:
    """The sections one below the other, for lines of `width` cells."""
    places = count()
    for section in sections:
        if place := next(places):
            yield SectionHeading(place, "")
        yield SectionHeading(next(places), section.heading, section.load)
        if not section.lines:
            yield MailRemark(next(places), section.nothing)
        for line in section.lines:
            yield (
                MailRemark(next(places), safe(line.text)) if isinstance(line, SourceLine) else line
            )
            for reason in () if isinstance(line, AsideLine) else _broken(line.why, width):
                yield MailRemark(next(places), reason)


def _broken(why: str, width: int) -> list[str]:
    """A reason as a few indented lines."""
    if not why:
        return []
    room = max(20, width - _INDENT)
    lines = [line.plain.rstrip() for line in Content(safe(why)).wrap(room)]
    if len(lines) > _REASON_LINES:
        rest = " ".join(lines[_REASON_LINES - 1 :])
        lines = [*lines[: _REASON_LINES - 1], one_line(rest, room)]
    return [" " * _INDENT + line for line in lines]


def key_of(row: Row) -> int:
    """What stays the same while a row's content changes; mails first, all else below zero."""
    if isinstance(row, OutgoingLine):
        return 2 * row.id + _OUTGOING_KEYS
    if isinstance(row, AsideLine):
        return 2 * row.id + _MAIL_KEYS
    return -1 - row.place


def draw(row: Row, width: int, now: datetime, zone: tzinfo) -> Runs:
    """A row in `width` cells; all outside text is made safe."""
    if isinstance(row, SectionHeading):
        return row.drawn(width)
    if isinstance(row, MailRemark):
        return ((row.text, "dim"),)
    if isinstance(row, OutgoingLine):
        return _going(row, width, now, zone)
    return _lying(row, width, now, zone)


def _going(row: OutgoingLine, width: int, now: datetime, zone: tzinfo) -> Runs:
    tried = row.state == "queued" and bool(row.tries or row.why)
    sign, word, style = _STATES["again" if tried else row.state]
    moment = shown_date.past(row.at, now, zone)
    if row.is_next:
        moment = "now" if row.at <= now else shown_date.moment(row.at, now, zone)
    rest = max(0, width - _INDENT - shown_date.WIDTH - 1 - _NUMBER - 1)
    recipient = max(8, min(30, rest // 2))
    return (
        (f"{sign} {word:<{_WORD}} ", style),
        (f"{moment:<{shown_date.WIDTH}} ", ""),
        (padded(row.recipient, recipient) + " ", ""),
        (f"{f'#{row.number}':<{_NUMBER}} ", "dim"),
        (one_line(row.subject, max(1, rest - recipient - 1)), ""),
    )


def _lying(row: AsideLine, width: int, now: datetime, zone: tzinfo) -> Runs:
    whole = width >= _ROOMY
    cells = _WHOLE_WHY if whole else _WHY
    rest = max(0, width - shown_date.WIDTH - 1 - cells - 1)
    sender = max(8, min(30, rest * 2 // 5))
    plain, lit = ("dim", "dim") if row.is_spam else ("", "$text-accent")
    return (
        (f"{shown_date.past(row.at, now, zone):<{shown_date.WIDTH}} ", plain),
        (padded(aside_for(row.nature, row.why, whole=whole), cells) + " ", lit),
        (padded(row.sender, sender) + " ", plain),
        (one_line(row.subject, max(1, rest - sender - 1)) or "(no subject)", plain),
    )
