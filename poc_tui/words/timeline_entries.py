"""An entry of a timeline in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.rules.dates import human_dates
from poc_tui.rules.text import one_line
from poc_tui.words import signs
from poc_tui.words.mail_states import sender
from poc_tui.words.signs import Run

if TYPE_CHECKING:
    from poc_tui.store.records import ActivityRow

_NAME = 40
"""Cells of a name."""


class _Entry(NamedTuple):
    """An activity with what several events say alike; all of it is safe."""

    activity: ActivityRow
    text: str
    until: str
    """The date it sets; empty for none."""

    @property
    def department(self) -> str:
        return one_line(self.activity.department or "", _NAME)

    @property
    def channel(self) -> str:
        sign = signs.CHANNEL.get(self.activity.channel or "", "")
        return f"{sign} " if sign else ""

    @property
    def sender(self) -> str:
        """Who wrote the mail that made it; empty for the customer, and where there is none."""
        mail = self.activity.mail
        return "" if mail is None or mail.by_customer else sender(mail)

    @property
    def then(self) -> str:
        """The text behind what was said before."""
        return f": {self.text}" if self.text else ""

    def changed(self, field: str) -> tuple[str, str]:
        """What a field was and is; empty words for nothing."""
        before, after = (self.activity.changes or {}).get(field) or (None, None)
        return one_line(str(before or ""), _NAME), one_line(str(after or ""), _NAME)


def activity_words(activity: ActivityRow, text: str, now: datetime, zone: tzinfo) -> list[Run]:
    """The entry in words, with so much of its text, which is safe."""
    until = "" if activity.until is None else human_dates.say(activity.until, now, zone)
    say = _SAID.get(activity.event, _text)
    return say(_Entry(activity, text, until))


def _text(entry: _Entry) -> list[Run]:
    return [(entry.text, "")]


def _received(entry: _Entry) -> list[Run]:
    who = f"{entry.sender}: " if entry.sender else ""
    return [(entry.channel, ""), (who, "bold"), (entry.text, "")]


def _noted(entry: _Entry) -> list[Run]:
    by = f"by mail from {entry.sender}: " if entry.sender else ""
    return [(by, "dim"), (entry.text, "")]


def _answered(entry: _Entry) -> list[Run]:
    # An interim word sets when the customer hears again, not when we look for theirs.
    what = "next word" if entry.activity.changes else "look again"
    look = f" ({what} {entry.until})" if entry.until else ""
    return [(entry.channel, ""), (entry.text, ""), (look, "dim")]


def _forwarded(entry: _Entry) -> list[Run]:
    return [(f"{entry.department}: ", "bold"), (entry.text, ""), (f" (by {entry.until})", "dim")]


def _logged(entry: _Entry) -> list[Run]:
    who = f" ({entry.sender})" if entry.sender else ""
    return [(entry.department, "bold"), (who, "dim"), (": ", "bold"), (entry.text, "")]


def _withdrawn(entry: _Entry) -> list[Run]:
    return [(f"{entry.department}: question withdrawn", "dim")]


def _chased(entry: _Entry) -> list[Run]:
    step, person = entry.changed("chased")
    return [
        (f"{entry.department}: ", "bold"),
        (f"{step}, {person} (next {entry.until}): ", "dim"),
        (entry.text, ""),
    ]


def _escalated(entry: _Entry) -> list[Run]:
    _, to = entry.changed("escalated_to")
    return [(f"escalated to {to}", "bold $text-warning"), (entry.then, "")]


def _stood_down(entry: _Entry) -> list[Run]:
    before, _ = entry.changed("escalated_to")
    return [(f"escalation to {before} taken back", "bold"), (entry.then, "")]


def _promised(entry: _Entry) -> list[Run]:
    return [(f"promised for {entry.until}: ", "bold"), (entry.text, "")]


def _kept(entry: _Entry) -> list[Run]:
    return [("promise kept: ", "bold $text-success"), (entry.text, "")]


def _broken(entry: _Entry) -> list[Run]:
    return [("promise broken: ", "bold $text-error"), (entry.text, "")]


def _triaged(entry: _Entry) -> list[Run]:
    return [(_changes(entry.activity) + (f" · due {entry.until}" if entry.until else ""), "dim")]


def _snoozed(entry: _Entry) -> list[Run]:
    return [(f"until {entry.until}", "dim"), (entry.then, "")]


def _reminded(entry: _Entry) -> list[Run]:
    return [(f"{entry.until}: ", "dim"), (entry.text, "")]


def _done(entry: _Entry) -> list[Run]:
    again = f" (again {entry.until})" if entry.until else ""
    return [("done: ", "dim"), (entry.text, ""), (again, "dim")]


def _resolved(entry: _Entry) -> list[Run]:
    _, ended = entry.changed("resolution")
    return [(ended or "resolved", "bold"), (entry.then, "")]


def _reopened(entry: _Entry) -> list[Run]:
    return [("reopened", "bold"), (entry.then, "")]


def _auto_replied(entry: _Entry) -> list[Run]:
    mail = entry.activity.mail
    what = _AUTOMATIC.get(mail.nature if mail else "", "automatic reply")
    who = f" from {entry.sender}" if entry.sender else ""
    return [(f"{what}{who}{entry.then}", "dim")]


_AUTOMATIC: Mapping[str, str] = MappingProxyType(
    {"list": "mail by a list", "bounce": "a mail that came back"}
)
"""What a mail is that no person wrote to us, by its nature; all else is an automatic reply."""


def _not_delivered(entry: _Entry) -> list[Run]:
    to = f" to {entry.department}" if entry.department else ""
    return [(f"not delivered{to}", "bold $text-error"), (entry.then, "")]


_SAID: Mapping[str, Callable[[_Entry], list[Run]]] = MappingProxyType(
    {
        "received": _received,
        "triaged": _triaged,
        "forwarded": _forwarded,
        "logged": _logged,
        "withdrawn": _withdrawn,
        "chased": _chased,
        "escalated": _escalated,
        "stood-down": _stood_down,
        "answered": _answered,
        "resolved": _resolved,
        "reopened": _reopened,
        "snoozed": _snoozed,
        "reminded": _reminded,
        "done": _done,
        "promised": _promised,
        "kept": _kept,
        "broken": _broken,
        "noted": _noted,
        "auto-replied": _auto_replied,
        "not-delivered": _not_delivered,
    }
)


def _changes(activity: ActivityRow) -> str:
    """What a triage changed: `kind complaint · customer Meyer AG`."""
    if not activity.changes:
        return "looked at"
    parts = []
    for field, (_, after) in activity.changes.items():
        if field == "due_at":
            continue
        value = " ".join(f"+{tag}" for tag in after) if isinstance(after, list) else str(after)
        parts.append(f"{field} {one_line(value, _NAME)}")
    return " · ".join(parts) or "looked at"
