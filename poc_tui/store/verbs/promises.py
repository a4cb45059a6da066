"""What was promised to whom by when; kept or broken is said by a person, never guessed."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.errors import NotFound, NotUnderstood, Refused
from poc_tui.models.values import Event, Outcome, ReminderKind, State
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.rows import Customer, Reminder, Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.verb import Verb, requests, short


def promise(draft: drafts.Promise, work: UnitOfWork, request: Request | None = None) -> None:
    """Keep in mind what was promised, on the request or to the customer."""
    if request is None and draft.customer_id is None and not plain(draft.whom).strip():
        raise NotUnderstood("a promise is given to somebody; say to whom, or on which request")
    if draft.by <= work.now:
        raise NotUnderstood("a promise is for a time to come; give a later date")
    if draft.customer_id is not None:
        work.existing(Customer, draft.customer_id)
    text = plain(draft.text).strip()
    work.add(
        Reminder(
            request_id=None if request is None else request.id,
            customer_id=draft.customer_id,
            kind=ReminderKind.PROMISE,
            at=draft.by,
            text=text,
            whom=plain(draft.whom).strip(),
            stays=request is not None and request.state == State.RESOLVED,
        )
    )
    if request is not None:
        work.record(request, Event.PROMISED, text, until=draft.by)


def keep_or_break(draft: drafts.EndPromise, work: UnitOfWork) -> list[int]:
    """Say how a promise ended; returns the number of the request it was given on, if any."""
    reminder = work.get(Reminder, draft.reminder_id)
    if reminder is None or reminder.kind != ReminderKind.PROMISE:
        raise NotFound(
            f"there is no promise {draft.reminder_id}; `poc reminders` lists the open ones"
        )
    if reminder.done_at is not None:
        raise Refused(f"the promise “{reminder.text}” was {reminder.outcome} already")
    request = None if reminder.request_id is None else work.request(reminder.request_id)
    end_promise(work, request, reminder, kept=draft.kept, why=draft.why)
    return [] if reminder.request_id is None else [reminder.request_id]


def end_promise(
    work: UnitOfWork, request: Request | None, reminder: Reminder, *, kept: bool, why: str = ""
) -> None:
    """The promise is over; the timeline says how."""
    reminder.done_at = work.now
    reminder.outcome = Outcome.KEPT if kept else Outcome.BROKEN
    if request is not None:
        event = Event.KEPT if kept else Event.BROKEN
        words = ": ".join(filter(None, (reminder.text, plain(why).strip())))
        work.record(request, event, words)


def _label(draft: drafts.Promise, numbers: Sequence[int], _work: UnitOfWork) -> str:
    return f"promise {f'on {requests(numbers)}' if numbers else f'“{short(draft.text)}”'}"


def _end_label(draft: drafts.EndPromise, numbers: Sequence[int], _work: UnitOfWork) -> str:
    ended = "kept" if draft.kept else "broken"
    return f"promise {ended}" + (f" on {requests(numbers)}" if numbers else "")


VERBS = (
    Verb("promise", drafts.Promise, _label, promise, alone=promise),
    Verb("end-promise", drafts.EndPromise, _end_label, alone=keep_or_break),
)
