"""Dates with a reason: snoozing, reminding, marking done."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.errors import NeedsYes, NotUnderstood, Refused
from poc_tui.models.values import Event, ReminderKind, State
from poc_tui.rules import court
from poc_tui.rules.recurrence.rule import check, following
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.rows import Customer, Reminder, Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.verb import Verb, on, requests, short


def snooze(draft: drafts.Snooze, work: UnitOfWork, request: Request) -> None:
    """Out of sight until then; a reminder keeps the reason.

    The customer's clock runs on: `due_at` stays, and a late request shows as late.
    """
    if request.state == State.RESOLVED:
        raise Refused(f"#{request.id} is resolved; there is nothing to snooze")
    if draft.until <= work.now:
        raise NotUnderstood("a snooze must end in the future; give a later date")
    why = plain(draft.why).strip()
    request.snoozed_until = draft.until
    open_next = [forward.next_at for forward in work.open_forwards(request)]
    work.move(request, court.snoozed(request.court or court.ME, draft.until, open_next))
    if request.due_at is not None and request.due_at < draft.until:
        work.remarks.append(f"#{request.id} is due before it comes back")
    work.add(
        Reminder(
            request_id=request.id,
            kind=ReminderKind.SNOOZE,
            at=draft.until,
            text=why or f"look again: {request.subject}",
        )
    )
    work.record(request, Event.SNOOZED, why, until=draft.until)


def wake(_: drafts.Wake, work: UnitOfWork, request: Request) -> None:
    """On the desk again, as if the snooze ended now; what it would have come back with is done.

    Raises:
        Refused: it is not snoozed.
    """
    if request.snoozed_until is None or request.snoozed_until <= work.now:
        raise Refused(f"#{request.id} is not snoozed")
    request.snoozed_until = None
    open_next = [forward.next_at for forward in work.open_forwards(request)]
    work.move(request, court.snoozed(request.court or court.ME, work.now, open_next))
    for reminder in work.open_reminders(request):
        if reminder.kind == ReminderKind.SNOOZE and reminder.at > work.now:
            reminder.done_at = work.now
    work.record(request, Event.WOKEN)


def remind(draft: drafts.Remind, work: UnitOfWork, request: Request | None = None) -> None:
    """Leave a date with a reason, on the request, on a customer or on its own."""
    text = plain(draft.text).strip()
    if draft.customer_id is not None:
        work.existing(Customer, draft.customer_id)
    work.add(
        Reminder(
            request_id=None if request is None else request.id,
            customer_id=draft.customer_id,
            at=draft.at,
            text=text,
            every=draft.every and check(draft.every),
            stays=request is not None and request.state == State.RESOLVED,
        )
    )
    if request is not None:
        work.record(request, Event.REMINDED, text, until=draft.at)


def mark_done(draft: drafts.MarkDone, work: UnitOfWork) -> list[int]:
    """These reminders are dealt with; returns the numbers of the requests they hang on.

    One that recurs moves on to its next date after now.
    """
    numbers: dict[int, None] = {}
    for id in draft.reminder_ids:
        reminder = work.existing(Reminder, id)
        if reminder.done_at is not None:
            raise Refused(f"the reminder “{reminder.text}” is done already")
        if reminder.kind == ReminderKind.PROMISE:
            raise NeedsYes(f"“{reminder.text}” is a promise; say whether it was kept or broken")
        of = reminder.request_id
        request = None if of is None else work.request(of)
        if reminder.every and not draft.end_series:
            zone = work.deadlines.hours.zone
            reminder.at = following(reminder.every, reminder.at, work.now, zone)
        else:
            reminder.done_at = work.now
        if of is not None and request is not None:
            again = None if reminder.done_at else reminder.at
            work.record(request, Event.DONE, reminder.text, until=again)
            numbers[of] = None
    return list(numbers)


def _remind_label(draft: drafts.Remind, numbers: Sequence[int], _work: UnitOfWork) -> str:
    return f"reminder {f'on {requests(numbers)}' if numbers else f'“{short(draft.text)}”'}"


def _done_label(draft: drafts.MarkDone, numbers: Sequence[int], _work: UnitOfWork) -> str:
    count = len(draft.reminder_ids)
    which = "the reminder" if count == 1 else f"{count} reminders"
    return f"mark {which} done" + (f" of {requests(numbers)}" if numbers else "")


VERBS = (
    Verb("snooze", drafts.Snooze, on("snooze"), snooze),
    Verb("wake", drafts.Wake, on("wake"), wake),
    Verb("remind", drafts.Remind, _remind_label, remind, alone=remind),
    Verb("done", drafts.MarkDone, _done_label, alone=mark_done),
)
