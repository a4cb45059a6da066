"""How requests, reminders and customers look to a person on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from poc_tui.cli.layout import Block, Column, Line, Prose, Table
from poc_tui.models.values import Court, Event, Priority, State
from poc_tui.rules.dates import span
from poc_tui.store.reading.queue import by_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from poc_tui.cli.context import Context
    from poc_tui.store.records import ActivityRow, QueueRow, ReminderRow, RequestDetail

MOST_STANDINGS = 10
"""Requests whose new standing is told after a verb; more would bury what was done."""

_QUEUE_COLUMNS = (
    Column("No.", right=True),
    Column("When"),
    Column("Customer", most=24),
    Column("Subject", gives_way=True),
    Column("Move"),
    Column("Priority"),
    Column("Kind", only_wide=True),
    Column("Channel", only_wide=True),
)


def queue(
    rows: Iterable[QueueRow], context: Context, empty: str, *, by_next: bool = False
) -> Table:
    """Requests as a table, each with what is due, or `by_next` with its next move."""
    return Table(
        _QUEUE_COLUMNS,
        (
            (
                f"#{row.number}",
                _next(row, context) if by_next else _when(row, context),
                row.customer or "",
                row.subject,
                _whose(row),
                "" if row.priority == Priority.NORMAL else row.priority,
                row.kind,
                row.channel,
            )
            for row in rows
        ),
        empty,
    )


def reminders(rows: Iterable[ReminderRow], context: Context, empty: str) -> Table:
    """Reminders as a table; their ids are what `poc done --reminder` takes."""
    return Table(
        (
            Column("Id", right=True),
            Column("When"),
            Column("Request", right=True),
            Column("Customer", most=24),
            Column("Reminder", gives_way=True),
        ),
        (
            (
                str(row.id),
                context.say(row.at),
                "" if row.number is None else f"#{row.number}",
                row.customer or "",
                row.text,
            )
            for row in rows
        ),
        empty,
    )


def standings(context: Context, numbers: Sequence[int]) -> Iterator[str]:
    """How each request stands after a verb: whose move it is, and until when."""
    for row in by_number(context.reader(), numbers[:MOST_STANDINGS]):
        if row.state == State.RESOLVED:
            yield f"#{row.number}  resolved as {row.resolution}"
            continue
        parts = [f"move: {_court(row)}"]
        if row.next_at is not None:
            parts.append(f"next {context.say(row.next_at)}")
        if row.due_at is not None:
            parts.append(f"due {context.say(row.due_at)}")
        yield f"#{row.number}  {', '.join(parts)}"


def request(detail: RequestDetail, context: Context) -> Iterator[Block]:
    """A request whole: what it is, how it stands, its words, its timeline, its reminders."""
    yield Line(f"#{detail.number}  {detail.subject}", strong=True)
    yield Line(" · ".join(_facts(detail)))
    yield Line(" · ".join(_standing(detail, context)))
    if detail.text:
        yield Line()
        yield Prose(detail.text)
    yield Line()
    yield Line("Timeline", strong=True)
    for activity in detail.activities:
        yield from _activity(activity, context, repeated=detail.text or detail.subject)
    if detail.open_reminders:
        yield Line()
        yield Line("Reminders", strong=True)
        for reminder in detail.open_reminders:
            yield Line(f"  {reminder.id}  {context.say(reminder.at)}  {reminder.text}")


def _when(row: QueueRow, context: Context) -> str:
    """The date that the place in the queue comes from, and whether it has passed."""
    now = context.clock.now()
    if row.resolved_at is not None:
        return context.say(row.resolved_at)
    if row.due_at is not None and row.due_at < now:
        return f"late {span(now - row.due_at)}"
    if row.court != Court.ME and row.next_at is not None and row.next_at < now:
        return f"over {span(now - row.next_at)}"
    if row.snoozed_until is not None and row.snoozed_until > now:
        return f"snoozed {context.say(row.snoozed_until)}"
    if row.due_at is not None:
        return context.say(row.due_at)
    if row.state == State.NEW or row.next_at is None:
        return "new"
    return context.say(row.next_at)


def _next(row: QueueRow, context: Context) -> str:
    return "" if row.next_at is None else context.say(row.next_at)


def _whose(row: QueueRow) -> str:
    return row.resolution or _court(row)


def _court(row: QueueRow) -> str:
    if row.court == Court.DEPARTMENT and row.waiting_for is not None:
        return row.waiting_for
    return row.court or ""


def _facts(detail: RequestDetail) -> Iterator[str]:
    yield f"{detail.customer} (VIP)" if detail.vip else detail.customer or "no customer"
    yield detail.kind
    yield detail.channel
    yield f"priority {detail.priority}"
    yield from (f"+{tag}" for tag in detail.tags)


def _standing(detail: RequestDetail, context: Context) -> Iterator[str]:
    now = context.clock.now()
    yield f"received {context.say(detail.received_at)}"
    if detail.resolved_at is not None:
        yield f"resolved as {detail.resolution} {context.say(detail.resolved_at)}"
        return
    yield detail.state
    if detail.open_forwards:
        names = dict.fromkeys(forward.department for forward in detail.open_forwards)
        yield f"waits for {', '.join(names)}"
    if detail.court_since is not None:
        yield f"move: {detail.court}, for {span(now - detail.court_since)}"
    if detail.snoozed_until is not None and detail.snoozed_until > now:
        yield f"snoozed until {context.say(detail.snoozed_until)}"
    if detail.next_at is not None:
        yield f"next {context.say(detail.next_at)}"
    if detail.due_at is not None:
        late = ", late" if detail.due_at < now else ""
        yield f"due {context.say(detail.due_at)}{late}"


def _activity(activity: ActivityRow, context: Context, *, repeated: str) -> Iterator[Block]:
    """One entry of the timeline; words that stand above already are not said again."""
    until = "" if activity.until is None else context.say(activity.until)
    yield Line(f"  {context.say(activity.at)}  {_event(activity, until)}")
    if activity.text and not (activity.event == Event.RECEIVED and activity.text == repeated):
        yield Prose(activity.text, indent=6)


def _event(activity: ActivityRow, until: str) -> str:
    by = f" until {until}" if until else ""
    way, said = "", str(activity.event)
    match activity.event:
        case Event.RECEIVED:
            way, said = "in", f"received, {activity.channel}"
        case Event.FORWARDED:
            way, said = "->", f"forwarded to {activity.department}{by}"
        case Event.LOGGED:
            way, said = "<-", f"{activity.department} answered"
        case Event.WITHDRAWN:
            said = f"withdrawn from {activity.department}"
        case Event.ANSWERED:
            way, said = "out", f"answered, {activity.channel}{f', next {until}' if until else ''}"
        case Event.TRIAGED:
            said += _changes(activity)
        case Event.RESOLVED:
            said = f"resolved as {(activity.changes or {}).get('resolution', [None, ''])[1]}"
        case Event.SNOOZED:
            said += by
        case Event.REMINDED:
            said = f"reminder for {until}"
    return f"{way:<3}  {said}"


def _changes(activity: ActivityRow) -> str:
    said = [
        f"{field} {after}"
        for field, (_, after) in (activity.changes or {}).items()
        if field != "due_at" and after is not None
    ]
    return f", {', '.join(said)}" if said else ""
