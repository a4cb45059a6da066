"""When a request is shown: one date, which its row says, and by which its view is sorted.

The date is that of the customer's clock: when they must hear from us, or must have been helped,
whichever comes first; else that of the next move. One that a person gave is never overtaken by one
that was counted: `rules.service.deadlines` sees to that. `first` is the one expression of it beside
the store's `sort_at`, and a test holds the two against each other.

In the first column of the queue, in nine cells or less:

late 2h    the customer should have heard from us two hours ago
new 14:00  not looked at yet; the customer is to hear by then
14:00      today; otherwise `Fri 14:00`, `27 Nov`, `3 Jan 27`
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple, Protocol

from poc_tui.rules.dates.format import MONTH_LABELS, WEEKDAY_LABELS, short_span

WIDTH = 9
"""Cells the longest label takes."""


class DatedRequest(Protocol):
    """The dates of a request that has a row, all aware UTC."""

    @property
    def state(self) -> str: ...
    @property
    def court(self) -> str | None: ...
    @property
    def court_since(self) -> datetime | None: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def resolve_by(self) -> datetime | None: ...
    @property
    def next_at(self) -> datetime | None: ...
    @property
    def snoozed_until(self) -> datetime | None: ...
    @property
    def resolved_at(self) -> datetime | None: ...
    @property
    def chase_at(self) -> datetime | None: ...
    @property
    def at(self) -> datetime: ...


class ShownDate(NamedTuple):
    """What a row says of its date, before it is put into words of one length or another."""

    word: str
    """`late`, `new`, `now`; empty for a mere date."""
    at: datetime | None
    """The moment that is said; None where the word, or for how long, says it all."""
    since: timedelta | None = None


def first(
    due_at: datetime | None, resolve_by: datetime | None, next_at: datetime | None
) -> datetime | None:
    """The date of a request: what is due first, or the next move where nothing is due.

    The Python twin of the store's `sort_at`. A resolved request has none.
    """
    return earliest(due_at or next_at, resolve_by)


def customers_dates(
    due_at: datetime | None, resolve_by: datetime | None
) -> tuple[tuple[str, datetime], ...]:
    """What a request says of the customer's clock, the date that its row shows first.

    When it must be resolved is said only where that comes before they hear from us; the other way
    round it is one of the running clocks.
    """
    sooner = resolve_by is not None and (due_at is None or resolve_by < due_at)
    found = (("resolve by", resolve_by if sooner else None), ("due", due_at))
    return tuple((word, at) for word, at in found if at is not None)


def shown_date(row: DatedRequest, now: datetime) -> ShownDate:
    """What the row says of the date that it is sorted by."""
    if row.resolved_at is not None:
        return ShownDate("", row.resolved_at)
    if row.at > now:
        return ShownDate("new" if row.state == "new" else "", row.at)
    if row.at in (row.due_at, row.resolve_by) and row.at < now:
        return ShownDate("late", None, now - row.at)
    if row.state == "new":
        return ShownDate("new", None)
    return ShownDate("now", None)


def beside(row: DatedRequest, now: datetime) -> tuple[tuple[str, timedelta | None], ...]:
    """What calls for more than the date of the row says: words, and for how long.

    `late` beside the end of a snooze, `chase` a department, `no reply` of the customer where it is
    time to look for one, counted from when the move became theirs; `snoozed`.
    """
    if row.resolved_at is not None:
        return ()
    customers = earliest(row.due_at, row.resolve_by)
    asleep = row.snoozed_until is not None and row.snoozed_until > now
    found: list[tuple[str, timedelta | None]] = []
    if customers is not None and customers < now and row.at != customers:
        found.append(("late", now - customers))
    if row.chase_at is not None and row.chase_at < now:
        found.append(("chase", now - row.chase_at))
    if row.court_since and lacks_reply(row, now):
        found.append(("no reply", now - row.court_since))
    if asleep and row.at != row.snoozed_until:
        found.append(("snoozed", None))
    return tuple(found)


def lacks_reply(row: DatedRequest, now: datetime) -> bool:
    """Whether we were to look for the customer's reply by now; that nothing happened is said so."""
    return row.court == "customer" and row.next_at is not None and row.next_at < now


def label(row: DatedRequest, now: datetime, zone: tzinfo) -> str:
    """What the column says, in `zone`."""
    word, at, since = shown_date(row, now)
    if since is not None:
        return f"{word} {short_span(since)}"
    if at is None:
        return word
    if row.resolved_at is not None:
        return day(at, now, zone)
    return f"{word} {_brief(at, now, zone)}" if word else moment(at, now, zone)


def leads(row: DatedRequest, now: datetime, *, elsewhere: str = "") -> tuple[str, ...]:
    """What stands before the subject: "chase 2h", "snoozed"; a word said `elsewhere` does not."""
    return tuple(
        word if since is None else f"{word} {short_span(since)}"
        for word, since in beside(row, now)
        if word != elsewhere
    )


def is_late(row: DatedRequest, now: datetime) -> bool:
    """Whether it counts in "2 late": a date that was given to somebody has passed.

    The Python twin of `store.queries.views.LATE`; a resolved request has no dates left.
    """
    if row.resolved_at is not None:
        return False
    theirs = None if row.court == "me" else row.next_at
    at = earliest(row.due_at, row.resolve_by, theirs, row.chase_at)
    return at is not None and at < now


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of those that there are."""
    return min((moment for moment in moments if moment is not None), default=None)


def _brief(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment to come in five cells: `14:00`, `Fri`, `30Nov`, `Jan28`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if local.date() - today.date() < timedelta(days=7):
        return WEEKDAY_LABELS[local.weekday()]
    month = MONTH_LABELS[local.month - 1]
    return f"{local.day}{month}" if at - now < _A_YEAR else f"{month}{local:%y}"


_A_YEAR = timedelta(days=330)
"""Until then a day and a month are those to come."""


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment to come, as short as it can be said: `14:00`, `Fri 14:00`, `27 Nov`, `3 Jan 27`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    if timedelta(0) < local.date() - today.date() < timedelta(days=7):
        return f"{WEEKDAY_LABELS[local.weekday()]} {local:%H:%M}"
    return day(at, now, zone)


def day(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A day: `14:00` if it is today, else `27 Nov`, in another year `3 Jan 27`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    year = "" if local.year == today.year else f" {local:%y}"
    return f"{local.day} {MONTH_LABELS[local.month - 1]}{year}"


def past(at: datetime, now: datetime, zone: tzinfo) -> str:
    """A moment gone by, for a timeline: `14:00`, `Fri 14:02`, `27 Nov`, `3 Jan 25`."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    if timedelta(0) < today.date() - local.date() < timedelta(days=7):
        return f"{WEEKDAY_LABELS[local.weekday()]} {local:%H:%M}"
    return day(at, now, zone)
