"""The rows of the agenda: headings, and lines that say when, what, for whom and about what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.rules import agenda
from poc_tui.rules.service.shown_date import WIDTH as WHEN_WIDTH
from poc_tui.rules.text import one_line
from poc_tui.widgets.inks import Runs, padded
from poc_tui.widgets.section_list import SectionHeading

if TYPE_CHECKING:
    from poc_tui.rules.agenda import AgendaItem

SIGNS: Mapping[str, str] = {
    "new": "+",
    "answer": "»",
    "update": "»",
    "resolve": "✓",
    "check-back": "?",
    "chase": "→",
    "reminder": "○",
    "snooze": "z",
    "promise": "◆",
    "contact": "☎",
    "unverified": "!",
}
"""One cell for each `what`; the words beside it say the same."""

_ROOMY = 96
"""From this width on a line has room for the longer words and the request's number."""
_NUMBER = 6
_MOVE, _SHORT_MOVE = 25, 17


class AgendaLine(NamedTuple):
    """One item; `of_one_day` where its heading says the day."""

    item: AgendaItem
    of_one_day: bool


Row = SectionHeading | AgendaLine


def rows(parts: Iterable[agenda.AgendaPart]) -> Iterator[Row]:
    """The parts one below the other, each with its heading and what it holds."""
    for place, part in enumerate(parts):
        if place:
            yield SectionHeading(2 * place, "")
        yield SectionHeading(2 * place + 1, part.heading, load(part))
        for item in part.items:
            yield AgendaLine(item, part.of_one_day)


def load(part: agenda.AgendaPart) -> str:
    """How many, and in a day or what is late also what they ask for."""
    kinds = agenda.load(part.items) if part.name in ("late", "today", "coming") else ""
    return f"{len(part.items)}: {kinds}" if kinds else str(len(part.items))


def key_of(row: Row) -> int:
    """What stays the same while a row's content changes; lines first, headings below zero."""
    if isinstance(row, SectionHeading):
        return -1 - row.place
    return row.item.of * len(_PLACES) + _PLACES[row.item.what]


def draw(row: Row, width: int, now: datetime, zone: tzinfo) -> Runs:
    """A row in `width` cells; all outside text is made safe. What is late says so in words."""
    if isinstance(row, SectionHeading):
        return row.drawn(width)
    item = row.item
    when = agenda.label(item, now, zone, of_one_day=row.of_one_day)
    roomy = width >= _ROOMY
    number = f"{'' if item.number is None else f'#{item.number}':<{_NUMBER}} " if roomy else ""
    move_width = _MOVE if roomy else _SHORT_MOVE
    move = agenda.move(item) if roomy else agenda.short_move(item)
    rest = max(0, width - WHEN_WIDTH - 4 - move_width - 1 - len(number))
    customer_width = max(8, min(24, rest * 2 // 5))
    late = item.at < now
    return (
        (f"{when:<{WHEN_WIDTH}} ", "$text-error bold" if late else ""),
        (f"{SIGNS[item.what]}  ", "$text-accent"),
        (padded(move, move_width) + " ", ""),
        (number, "dim"),
        (padded(item.customer or "-", customer_width) + " ", ""),
        (one_line(agenda.about(item), max(1, rest - customer_width - 1)), ""),
    )


_PLACES = {what: place for place, what in enumerate(SIGNS)}
