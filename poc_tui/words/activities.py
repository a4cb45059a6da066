"""An activity in words: the facts that `commands.EVENTS` names, filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from poc_tui.commands import EVENTS
from poc_tui.rules.dates.format import say
from poc_tui.rules.text import one_line
from poc_tui.words import signs

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from poc_tui.store.records import ActivityRow
    from poc_tui.words.signs import Run

_NAME = 40
"""Cells of a name."""


class ActivityFacts:
    """What the words of an event may name between braces: `_FACTS`, and of any field that changed
    what it was and is, such as `was_resolution` and `now_resolution`."""

    def __init__(
        self, activity: ActivityRow, until: str, text: str = "", cells: int | None = None
    ) -> None:
        """`until` is the date it sets, in words; `text` as much of its text as is told, safe; with
        `cells` names are made safe and cut to that width, else they are as they are kept."""
        self.activity = activity
        self.until = until
        self.text = text
        self._cells = cells

    def __getitem__(self, fact: str) -> str:
        when, _, field = fact.partition("_")
        became = when in ("was", "now")
        words = self.changed(field)[when == "now"] if became else _FACTS[fact](self)
        if not words:
            raise KeyError(fact)
        return words

    def fill(self, piece: str) -> str:
        """The piece with its facts; empty where there is none of one of them."""
        try:
            return piece.format_map(self)
        except KeyError:
            return ""

    def changed(self, field: str) -> tuple[str, str]:
        """What a field was and is; empty words for nothing."""
        before, after = (self.activity.changes or {}).get(field) or (None, None)
        return self.name(before), self.name(after)

    def name(self, words: object) -> str:
        """The words of somebody else, as wide as a name may be."""
        said = str(words or "")
        return said if self._cells is None else one_line(said, self._cells)


def activity_words(activity: ActivityRow, text: str, now: datetime, zone: tzinfo) -> list[Run]:
    """The activity in words, with so much of its text, which is safe."""
    told = EVENTS.get(activity.event)
    if told is None:
        return [(text, "")]
    until = "" if activity.until is None else say(activity.until, now, zone)
    facts = ActivityFacts(activity, until, text, _NAME)
    return [(facts.fill(piece), style) for piece, style in told.shown]


_AUTOMATIC = {"list": "mail by a list", "bounce": "a mail that came back"}
"""What a mail is that no person wrote to us, by its nature; all else is an automatic reply."""


def _sender(facts: ActivityFacts) -> str:
    """Who wrote the mail that made it; empty for the customer, and where there is none."""
    from poc_tui.words.mail_states import sender

    mail = facts.activity.mail
    return "" if mail is None or mail.by_customer else sender(mail)


def _triaged(facts: ActivityFacts) -> str:
    """What a triage changed: `kind complaint · customer Meyer AG`."""
    parts = []
    for field, (_, after) in (facts.activity.changes or {}).items():
        if field != "due_at":
            value = " ".join(f"+{tag}" for tag in after) if isinstance(after, list) else str(after)
            parts.append(f"{field} {facts.name(value)}")
    return " · ".join(parts) or "looked at"


def _changes(facts: ActivityFacts) -> str:
    """The same as the fields are kept: `kind complaint, customer Meyer AG`."""
    changes = (facts.activity.changes or {}).items()
    return ", ".join(
        f"{field} {after}"
        for field, (_, after) in changes
        if field != "due_at" and after is not None
    )


_FACTS: Mapping[str, Callable[[ActivityFacts], str]] = {
    "text": lambda facts: facts.text,
    "then": lambda facts: f": {facts.text}" if facts.text else "",
    "until": lambda facts: facts.until,
    # An interim word says when they hear again; after any other answer we look for theirs.
    "next_word": lambda facts: facts.until if facts.activity.changes else "",
    "look_again": lambda facts: "" if facts.activity.changes else facts.until,
    "department": lambda facts: facts.name(facts.activity.department),
    "channel": lambda facts: facts.activity.channel or "",
    "channel_sign": lambda facts: signs.CHANNEL.get(facts.activity.channel or "", ""),
    "sender": _sender,
    "automatic": lambda facts: _AUTOMATIC.get(
        facts.activity.mail.nature if facts.activity.mail else "", "automatic reply"
    ),
    "step": lambda facts: facts.changed("chased")[0],
    "person": lambda facts: facts.changed("chased")[1],
    "ended": lambda facts: facts.changed("resolution")[1] or "resolved",
    "triaged": _triaged,
    "changes": _changes,
}
