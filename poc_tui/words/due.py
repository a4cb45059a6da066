"""What fell due, in words: for `poc due`, a notice of the desktop, a toast, a calendar.

Every sentence is safe to show, and one line of bounded length whatever the words of others hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from poc_tui.rules.text import one_line

if TYPE_CHECKING:
    from poc_tui.rules.agenda import AgendaItem

_NAME_CELLS, _TEXT_CELLS = 40, 100

MOST = 3
"""What one notice names; a desktop cuts off what is longer."""

_WORDS = {
    "answer": "first answer due",
    "update": "next word due",
    "resolve": "resolution due",
    "chase": "chase",
    "check-back": "check back",
    "reminder": "reminder",
    "snooze": "back from snooze",
    "promise": "promise due",
    "contact": "time to talk",
    "unverified": "a mail is not verified",
}
_WITH_WHOM = {"chase": "chase {}", "promise": "promise to {} due"}
_TEXT_OF_ITS_OWN = ("reminder", "snooze", "promise")


def headline(item: AgendaItem) -> str:
    """Whose it is and what is due: "#1042 Meyer AG: first answer due"."""
    if item.what == "aside":
        return item.text
    words = _WORDS[item.what]
    if item.who and item.what in _WITH_WHOM:
        words = _WITH_WHOM[item.what].format(one_line(item.who, _NAME_CELLS))
    number = "" if item.number is None else f"#{item.number}"
    customer = one_line(item.customer or "", _NAME_CELLS)
    place = " ".join(part for part in (number, customer) if part)
    return f"{place}: {words}" if place else words


def about(item: AgendaItem) -> str:
    """What it is about: a reminder's reason, what was promised, a rhythm, else the subject."""
    if item.what == "contact":
        from poc_tui.rules.recurrence.rule import say

        return say(item.text)
    if item.what == "aside":
        return "`poc mail` lists all of it"
    own = item.text if item.what in _TEXT_OF_ITS_OWN else ""
    return one_line(own or item.subject or "", _TEXT_CELLS)


def sentence(item: AgendaItem) -> str:
    """Both: "#1042 Meyer AG: first answer due — Invoice 4711 is wrong"."""
    return " — ".join(part for part in (headline(item), about(item)) if part)


def line(item: AgendaItem, now: datetime, zone: tzinfo) -> str:
    """The same behind the moment it was due, as a past one is said at `now` in `zone`:
    "Fri 14:02  #1042 Meyer AG: first answer due — Invoice 4711 is wrong".
    """
    from poc_tui.rules.service.shown_date import past

    return f"{past(item.at, now, zone)}  {sentence(item)}"


def how_many(count: int) -> str:
    """The count in words: "1 thing fell due", "7 things fell due"."""
    return "1 thing fell due" if count == 1 else f"{count:,} things fell due"


def notify(
    items: Sequence[AgendaItem], now: datetime, zone: tzinfo, send: Callable[[str, str], bool]
) -> bool:
    """Show one notice of what fell due through `send`; returns whether a desktop took it.

    One thing by itself, several as how many there are with the first `MOST` of them. Moments are
    said at `now` in `zone`. There is no notice of nothing.
    """
    if not items:
        return False
    if len(items) == 1:
        return send(headline(items[0]), about(items[0]))
    lines = [line(item, now, zone) for item in items[:MOST]]
    if more := len(items) - MOST:
        lines += [f"and {more:,} more"] if more > 0 else []
    return send(how_many(len(items)), "\n".join(lines))
