"""The agenda: everything with a date, read by the hour and by whom to turn to.

By the hour it says what is late, what is new, what today asks for and what each of the coming
days; by whom, which departments to chase, which promises fall due and whom to call back. Both are
readings of the same items. Moments come in as aware UTC; days and hours are those of the zone
given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from poc_tui.rules.dates.format import day_label, named, short_span
from poc_tui.rules.recurrence import rule
from poc_tui.rules.service import shown_date

WEEK = 7
"""How many days an agenda reaches, today included, unless somebody asks for more or fewer."""

CUSTOMERS_CLOCK = ("answer", "update", "resolve")
"""What the customer is to hear by then; past it, it is late."""
REMINDERS = ("reminder", "snooze", "promise")
"""What a person has set for themselves; its `of` is the id of a reminder."""

_BROKEN_BY_TIME = (*CUSTOMERS_CLOCK, "promise", "new")
"""What somebody outside was to have by then: late. The date of everything else has only passed."""
_OF_THE_REQUEST = (*CUSTOMERS_CLOCK, "check-back")
"""Dates that a new request has as well, and that its line among the new ones stands for."""


class AgendaItem(NamedTuple):
    """Something with a date (aware UTC) that asks for a move of mine."""

    what: str
    """`answer` (the first), `update`, `resolve`: the customer's clock. `chase`: a department.
    `check-back`: whether the customer replied. `reminder`, `snooze`, `promise`. `contact`: a
    customer who wants to be talked to every so often. `aside`: mail that lies aside.
    `unverified`: a mail of which nobody can say who wrote it."""
    of: int
    """The id of the request, the forward (`chase`), the reminder, the customer (`contact`), the
    mail (`unverified`) or the newest one (`aside`)."""
    at: datetime
    number: int | None
    subject: str | None
    customer_id: int | None
    customer: str | None
    who: str
    """The department to chase, or to whom a promise was given where that is not the customer."""
    text: str
    """A reminder's reason, what was promised, a forward's question, a contact's rule, how much mail
    lies aside, why nobody can say who wrote one."""


class AgendaDay(NamedTuple):
    """A day to come, and what falls on it, by the hour."""

    day: date
    items: tuple[AgendaItem, ...]


class AgendaPart(NamedTuple):
    """A part of the agenda under its heading; never without items.

    `of_one_day` is whether the heading says the day, so that a line need say the hour only.
    """

    name: str
    heading: str
    items: tuple[AgendaItem, ...]
    of_one_day: bool = False


class Agenda(NamedTuple):
    """What there is to do until the end of the last day, each in the order of its dates."""

    today: date
    late: tuple[AgendaItem, ...]
    """Its date has passed; the longest ago first."""
    new: tuple[AgendaItem, ...]
    """Requests nobody has looked at, each once."""
    rest_of_today: tuple[AgendaItem, ...]
    coming: tuple[AgendaDay, ...]
    """The days after today on which something falls."""

    @property
    def dated(self) -> tuple[AgendaItem, ...]:
        """All but the new requests, in the order of their dates."""
        return (*self.late, *self.rest_of_today, *(i for day in self.coming for i in day.items))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do at all."""
        return not (self.new or self.late or self.rest_of_today or self.coming)

    def by_hour(self) -> tuple[AgendaPart, ...]:
        """What is due when: late, new, today, then day by day."""
        parts = [AgendaPart("late", "Late", self.late), AgendaPart("new", "New", self.new)]
        for day, items in ((self.today, self.rest_of_today), *self.coming):
            name = "today" if day == self.today else "coming"
            parts.append(AgendaPart(name, day_heading(day, self.today), items, of_one_day=True))
        return tuple(part for part in parts if part.items)

    def by_whom(self) -> tuple[AgendaPart, ...]:
        """Whom to turn to: each department to chase, who was promised something, whom to call.

        The department that waits longest for it comes first.
        """
        found: dict[tuple[str, str], list[AgendaItem]] = {}
        for item in self.dated:
            if item.what == "chase":
                found.setdefault(("chase", f"Chase {item.who}"), []).append(item)
        found["promises", "Promises"] = [item for item in self.dated if item.what == "promise"]
        found["calls", "Call back"] = [item for item in self.dated if is_call(item)]
        return tuple(AgendaPart(*named, tuple(items)) for named, items in found.items() if items)


def without_echoes(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """The items but for the check-backs that a snooze has moved to its own end.

    The snooze says the same, and its reason.
    """
    found = list(items)
    snoozed = {(item.number, item.at) for item in found if item.what == "snooze"}
    return [i for i in found if i.what != "check-back" or (i.number, i.at) not in snoozed]


def agenda(
    items: Iterable[AgendaItem],
    new: Iterable[AgendaItem],
    now: datetime,
    zone: tzinfo,
    days: int = WEEK,
) -> Agenda:
    """The agenda of so many days, today included.

    Args:
        items: everything with a date, in any order; what falls after the last day is left out.
        new: a line for each request nobody has looked at. Until it is late, it stands for the
            dates of the customer's clock that the request has; so none is listed twice.
        now: aware UTC; what has passed by then is late.
        zone: says where a day begins and ends.
        days: at least 1.
    """
    fresh = sorted(new, key=_by_date)
    numbers = {item.number for item in fresh}
    today = now.astimezone(zone).date()
    last = today + timedelta(days=days - 1)
    late: list[AgendaItem] = []
    on: dict[date, list[AgendaItem]] = {}
    for item in without_echoes(sorted(items, key=_by_date)):
        if item.at < now:
            late.append(item)
            continue
        day = item.at.astimezone(zone).date()
        if day <= last and not (item.number in numbers and item.what in _OF_THE_REQUEST):
            on.setdefault(day, []).append(item)
    rest = tuple(on.pop(today, ()))
    coming = tuple(AgendaDay(day, tuple(found)) for day, found in on.items())
    return Agenda(today, tuple(late), tuple(fresh), rest, coming)


def end(now: datetime, zone: tzinfo, days: int = WEEK) -> datetime:
    """The midnight, aware UTC, that ends the last of so many days."""
    after = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(after, time(0), zone).astimezone(UTC)


def is_call(item: AgendaItem) -> bool:
    """Whether it is a customer to talk to: a contact rhythm, or a reminder on the customer."""
    reminded = item.what == "reminder" and item.number is None and item.customer is not None
    return item.what == "contact" or reminded


def day_heading(day: date, today: date) -> str:
    """A day as a heading: "Today, Mon 23 Nov", "Tomorrow, Tue 24 Nov", "Wed 25 Nov"."""
    near = {0: "Today, ", 1: "Tomorrow, "}.get((day - today).days, "")
    return near + (day_label(day) if day.year == today.year else named(day))


def load(items: Sequence[AgendaItem]) -> str:
    """What a day holds, counted by what it asks for: "2 answers, 1 to chase, 1 promise"."""
    counted = Counter(_LOAD[item.what] for item in items)
    return ", ".join(
        f"{count} {one if count == 1 else many}"
        for (one, many) in dict.fromkeys(_LOAD.values())
        if (count := counted[one, many])
    )


def move(item: AgendaItem) -> str:
    """What there is to do, for a column beside the customer and what it is about."""
    match item.what:
        case "chase":
            return f"chase {item.who}"
        case "promise":
            return f"promised to {item.who}" if item.who else "promised"
        case "reminder" if is_call(item):
            return "call back"
        case what:
            return _MOVES[what]


def short_move(item: AgendaItem) -> str:
    """The same for a narrow column: 17 cells or less, unless a name is longer."""
    return _SHORT.get(item.what) or move(item)


def about(item: AgendaItem) -> str:
    """What it is about: a reminder's reason and the request's subject, a contact's rhythm."""
    if item.what == "contact":
        return rule.say(item.text)
    subject = item.subject or ""
    if item.what not in REMINDERS or item.text in subject:
        return subject
    return item.text if subject in item.text else f"{item.text} · {subject}"


def words(item: AgendaItem) -> str:
    """What there is to do, as words that stand on their own."""
    if item.what == "contact":
        return f"talk to {item.customer} ({about(item)})"
    return f"{move(item)}: {item.text}" if item.what in REMINDERS else move(item)


def label(item: AgendaItem, now: datetime, zone: tzinfo, *, of_one_day: bool) -> str:
    """When, in nine cells or less: "late 2h", "3d ago", "now", "14:00", "Fri 14:00", "27 Nov".

    Where the day is said already (`of_one_day`), the hour alone.
    """
    if item.at < now:
        return overdue(item, short_span(now - item.at))
    if item.at == now:
        return "now"
    if of_one_day:
        return f"{item.at.astimezone(zone):%H:%M}"
    return shown_date.moment(item.at, now, zone)


def overdue(item: AgendaItem, since: str) -> str:
    """How long its date has passed: "late 2h" if somebody outside waits for it, else "2h ago"."""
    return f"late {since}" if item.what in _BROKEN_BY_TIME else f"{since} ago"


def _by_date(item: AgendaItem) -> tuple[datetime, int, str]:
    return item.at, item.number or 0, item.what


_MOVES = {
    "answer": "first answer",
    "update": "next word to the customer",
    "resolve": "to be resolved",
    "check-back": "has the customer replied?",
    "reminder": "reminder",
    "snooze": "back from snooze",
    "contact": "talk to",
    "new": "not looked at yet",
    "unverified": "a mail is not verified",
}
_SHORT = {"update": "next word", "check-back": "any reply?", "unverified": "not verified"}
_LOAD = {
    "new": ("new", "new"),
    "answer": ("answer", "answers"),
    "update": ("answer", "answers"),
    "resolve": ("to resolve", "to resolve"),
    "check-back": ("check-back", "check-backs"),
    "chase": ("to chase", "to chase"),
    "promise": ("promise", "promises"),
    "contact": ("to call", "to call"),
    "reminder": ("reminder", "reminders"),
    "snooze": ("reminder", "reminders"),
    "unverified": ("mail not verified", "mails not verified"),
}
