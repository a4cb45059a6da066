"""How requests, reminders and customers look to a person on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from poc_tui.cli.output.layout import Block, Line, Prose, Table
from poc_tui.commands import EVENTS, Event
from poc_tui.models.values import Court, OutgoingKind, Priority, ReminderKind, State
from poc_tui.rules.court import whose_move
from poc_tui.rules.dates.format import say, span
from poc_tui.rules.service import shown_date, stagnation
from poc_tui.rules.service.business_time import DAY_IS, in_days, say_work
from poc_tui.store.queries.queue import by_number
from poc_tui.words.activities import ActivityFacts
from poc_tui.words.signs import ESCALATED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from poc_tui.cli.output.printing import OutputContext
    from poc_tui.rules.service.sla_clocks import SlaClocks
    from poc_tui.rules.service.stagnation import Cutoffs
    from poc_tui.store.records import (
        ActivityRow,
        Done,
        OutgoingRow,
        QueueRow,
        ReminderRow,
        RequestDetail,
    )

MOST_STANDINGS = 10
"""Requests whose new standing is told after a verb; more would bury what was done."""

_ONLY_WIDE = ("Priority", "Kind", "Channel")
_HOW = {
    "mailto": "opens it in your mail program",
    "clipboard": "copies it for your mail program",
    "eml": "writes it as a file",
}


def queue(rows: Iterable[QueueRow], context: OutputContext, empty: str) -> Table:
    """Requests as a table, each with what is due."""
    deadlines, now = context.deadlines, context.clock.now()
    untouched_since = stagnation.cutoffs(deadlines.levels, deadlines.hours, now)
    said = partial(say, now=now, zone=context.clock.zone)
    cells = (
        {
            "No.": f"#{row.number}",
            "When": _when(row, now, said),
            "Customer": row.customer or "",
            "Subject": _subject(row, now, untouched_since),
            "Move": row.resolution or _move(row),
            "Priority": "" if row.priority == Priority.NORMAL else row.priority,
            "Kind": row.kind,
            "Channel": row.channel,
        }
        for row in rows
    )
    return Table(cells, empty, "Subject", {"Customer": 24}, _ONLY_WIDE, right=("No.",))


def reminders(rows: Iterable[ReminderRow], context: OutputContext, empty: str) -> Table:
    """Reminders as a table; their ids are what `poc done --reminder` takes."""
    cells = (
        {
            "Id": str(row.id),
            "When": context.say(row.at),
            "Recurs": recurring(row),
            "Kind": "" if row.kind == ReminderKind.REMINDER else row.kind,
            "Request": "" if row.number is None else f"#{row.number}",
            "Customer": row.customer or "",
            "To": row.whom,
            "Reminder": row.text,
        }
        for row in rows
    )
    most = {"Customer": 24, "To": 24}
    return Table(cells, empty, "Reminder", most, right=("Id", "Request"))


def recurring(row: ReminderRow) -> str:
    """How often a reminder comes again, in words; empty for once."""
    if not row.every:
        return ""
    from poc_tui.rules.recurrence.rule import say

    return say(row.every)


def standings(context: OutputContext, numbers: Sequence[int]) -> Iterator[str]:
    """How each request stands after a verb: whose move it is, and until when."""
    for row in by_number(context.reader(), numbers[:MOST_STANDINGS]):
        if row.state == State.RESOLVED:
            yield f"#{row.number}  resolved as {row.resolution}"
            continue
        parts = [_move(row)]
        if row.next_at is not None:
            parts.append(f"next {context.say(row.next_at)}")
        for word, at in shown_date.customers_dates(row.due_at, row.resolve_by):
            parts.append(f"{word} {context.say(at)}")
        if row.escalated:
            parts.append("escalated")
        yield f"#{row.number}  {', '.join(parts)}"


def with_what_goes_out(context: OutputContext, done: Done) -> Done:
    """What was done, with a remark for each mail that it queued."""
    from poc_tui.store.queries.mail import queued_by
    from poc_tui.store.recipients import mark_of

    reader = context.reader()
    mail = context.settings.mail
    mine = mail.mine

    def whom(row: OutgoingRow) -> str:
        is_answer = row.kind == OutgoingKind.ANSWER
        mark = mark_of(reader.rows, row.number, row.recipient, mine) if is_answer else ""
        return f"{row.recipient} ({mark})" if mark else row.recipient

    def how(row: OutgoingRow) -> str:
        return _HOW.get(mail.account_of(row.sender).send, "sends it")

    def when(row: OutgoingRow) -> str:
        if row.send_at is None:
            return ""
        from poc_tui.words.mail_states import unless_answered

        return f" {context.say(row.send_at)}{unless_answered(row)}"

    remarks = [
        f"#{row.number} goes out by mail{when(row)} to {whom(row)}{_besides(row)};"
        f" `poc send` {how(row)}{'' if row.send_at is None else ' then'}"
        for row in queued_by(reader, done.journal_id)
    ]
    return done._replace(remarks=(*done.remarks, *remarks))


def _besides(row: OutgoingRow) -> str:
    copies = f", with a copy to {', '.join(row.copies)}" if row.copies else ""
    return f"{copies}, with {', '.join(row.files)}" if row.files else copies


def request(detail: RequestDetail, clocks: SlaClocks, context: OutputContext) -> Iterator[Block]:
    """A request whole: what it is, how it stands, its clocks, words, timeline and reminders."""
    yield Line(f"#{detail.number}  {detail.subject}", strong=True)
    yield Line(" · ".join(_facts(detail)))
    yield Line(" · ".join(_standing(detail, context)))
    yield from _escalation(detail, context)
    for remark in detail.remarks:
        yield Line(f"! {remark} (poc seen {detail.number})")
    yield from _clocks(detail, clocks, context)
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
            at = context.say(reminder.at)
            yield Line(f"  {reminder.id}  {at}  {_reminder(reminder)}")


def _when(row: QueueRow, now: datetime, said: Callable[[datetime], str]) -> str:
    """The first column of the queue (`rules.service.shown_date`), with dates written out."""
    word, at, since = shown_date.shown_date(row, now)
    if since is not None:
        return f"{word} {span(since)}"
    if at is None:
        return word
    return f"{word}, {said(at)}" if word else said(at)


def _subject(row: QueueRow, now: datetime, untouched_since: Cutoffs) -> str:
    """The subject, led by what calls for more than its date."""
    if row.state == State.RESOLVED:
        return row.subject
    leads = [ESCALATED] if row.escalated else []
    for word, since in shown_date.beside(row, now):
        leads.append(word if since is None else f"{word} {span(since)}")
    if not shown_date.lacks_reply(row, now) and stagnation.is_untouched(
        row.priority, row.touched_at, untouched_since
    ):
        leads.append(stagnation.label(row.touched_at, now))
    return " ".join([*leads, row.subject])


def _move(row: QueueRow) -> str:
    return whose_move(row.court, row.waiting_for or "departments")


def _facts(detail: RequestDetail) -> Iterator[str]:
    yield f"{detail.customer} (VIP)" if detail.vip else detail.customer or "no customer"
    yield detail.kind
    yield detail.channel
    yield f"priority {detail.priority}"
    yield from (f"+{tag}" for tag in detail.tags)


def _standing(detail: RequestDetail, context: OutputContext) -> Iterator[str]:
    now = context.clock.now()
    yield f"received {context.say(detail.received_at)}"
    if detail.resolved_at is not None:
        yield f"resolved as {detail.ended_as} {context.say(detail.resolved_at)}"
        return
    yield detail.state
    names = ", ".join(dict.fromkeys(forward.department for forward in detail.open_forwards))
    if names and detail.court != Court.DEPARTMENT:
        yield f"waits for {names}"
    if detail.court_since is not None:
        yield f"{whose_move(detail.court, names)} for {span(now - detail.court_since)}"
    if detail.snoozed_until is not None and detail.snoozed_until > now:
        yield f"snoozed until {context.say(detail.snoozed_until)}"
    if detail.next_at is not None:
        yield f"next {context.say(detail.next_at)}"
    for word, at in shown_date.customers_dates(detail.due_at, detail.resolve_by):
        yield f"{word} {context.say(at)}{', late' if at < now else ''}"


def _escalation(detail: RequestDetail, context: OutputContext) -> Iterator[Block]:
    """Who above knows of it, else what speaks for telling them."""
    if detail.escalated_at is not None:
        since = context.say(detail.escalated_at)
        yield Line(
            f"{ESCALATED} escalated to {detail.escalated_to}, {since}: {detail.escalated_why}"
        )
        return
    from poc_tui.store.queries.requests import reasons_for

    suggesting = context.deadlines.levels.suggesting
    if reasons := reasons_for(detail, suggesting, context.clock.now()):
        said = ", ".join(reasons)
        yield Line(f"escalate to {suggesting.to}? {said} (poc escalate {detail.number})")


def _clocks(detail: RequestDetail, clocks: SlaClocks, context: OutputContext) -> Iterator[Block]:
    """What every running clock has left, and the time spent so far, in business time."""
    now = context.clock.now()
    yield Line()
    if clocks.running:
        left = f"Business time, {DAY_IS}"
        rows = (
            {
                "Clock": clock.name,
                "Due": context.say(clock.due_at),
                left: f"{say_work(abs(clock.left))} {'late' if clock.due_at < now else 'left'}",
                "Chased": f"{clock.chased}x" if clock.chased else "",
            }
            for clock in clocks.running
        )
        yield Table(rows, right=(left, "Chased"))
    if detail.court == Court.CUSTOMER:
        yield Line("The customer's clock stands still while it is with the customer.")
    spent = clocks.spent
    day = f" ({DAY_IS})" if not clocks.running and any(map(in_days, spent)) else ""
    yield Line(
        f"Time spent: my turn {say_work(spent.my_turn)},"
        f" with departments {say_work(spent.with_departments)},"
        f" with customer {say_work(spent.with_customer)}{day}"
    )


def _reminder(row: ReminderRow) -> str:
    whom = f" to {row.whom}" if row.whom else ""
    lead = "" if row.kind == ReminderKind.REMINDER else f"{row.kind}{whom}: "
    again = f" ({recurring(row)})" if row.every else ""
    return f"{lead}{row.text}{again}"


def _activity(activity: ActivityRow, context: OutputContext, *, repeated: str) -> Iterator[Block]:
    """One activity of the timeline; words that stand above already are not said again."""
    until = "" if activity.until is None else context.say(activity.until)
    yield Line(f"  {context.say(activity.at)}  {_event(activity, until)}")
    if activity.text and not (activity.event == Event.RECEIVED and activity.text == repeated):
        yield Prose(activity.text, indent=6)
    if activity.mail is not None or activity.outgoing is not None:
        from poc_tui.cli.output import mail_listings

        for words in mail_listings.beside(activity, context):
            yield Line(f"      {words}")


def _event(activity: ActivityRow, until: str) -> str:
    """Which way the words of an activity went, and what it was."""
    told = EVENTS.get(activity.event)
    if told is None:
        return f"     {activity.event}"
    facts = ActivityFacts(activity, until)
    return f"{told.way:<3}  {''.join(map(facts.fill, told.printed))}"
