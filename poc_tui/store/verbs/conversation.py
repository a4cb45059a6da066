"""What is said to the customer, what they say again, and what we note for ourselves."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.errors import Refused
from poc_tui.models.values import Channel, Event, State
from poc_tui.rules import court
from poc_tui.rules.service.deadlines import DueDate, DueFor
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.records import ended_as
from poc_tui.store.rows import Request
from poc_tui.store.unit_of_work import UnitOfWork, iso
from poc_tui.store.verbs.ending import reopen, resolve
from poc_tui.store.verbs.outgoing_mail import queue_answer
from poc_tui.store.verbs.undelivered import they_wrote_first
from poc_tui.store.verbs.verb import Verb, on, requests


def answer(draft: drafts.Answer, work: UnitOfWork, request: Request) -> None:
    """Tell the customer; the move is theirs, or it ends here, or work on it goes on.

    Raises:
        Refused: the request is resolved, or it was to go out by mail and cannot.
    """
    if request.state == State.RESOLVED:
        raise Refused(f"#{request.id} is resolved; reopen it before you answer it")
    work.flush()
    # What goes out later is said then, and they have their time from then on.
    told_at = (draft.delivery and draft.delivery.send_at) or work.now
    check_back = draft.check_back_at or work.deadlines.check_back_at(told_at)
    update = (
        work.deadlines.next_update(work.facts(request), told_at)
        if draft.next_update_at is None
        else DueDate(draft.next_update_at, DueFor.GIVEN, work.now)
    )
    until = update.at if draft.still_working else check_back
    due = {"due_at": [iso(request.due_at), iso(update.at)]} if draft.still_working else None
    if request.first_answered_at is None:
        request.first_answered_at = told_at
    text = plain(draft.text).strip()
    wanted = draft.mail if draft.delivery is None else True
    said = work.record(
        request,
        Event.ANSWERED,
        text,
        channel=draft.channel or (Channel.EMAIL if wanted else request.channel),
        until=None if draft.resolve_as else until,
        changes=due,
    )
    queue_answer(work, request, said, text, wanted, draft.delivery)
    if draft.resolve_as is not None:
        resolve(
            drafts.Resolve(
                draft.resolve_as,
                duplicate_of=draft.duplicate_of,
                withdraw_forwards=draft.withdraw_forwards,
                reminders_done=draft.reminders_done,
                promises_kept=draft.promises_kept,
            ),
            work,
            request,
        )
    elif draft.still_working:
        work.due(request, update)
        open_next = [forward.next_at for forward in work.open_forwards(request)]
        work.move(request, court.interim(open_next, update.at))
    else:
        work.due(request, None)
        request.snoozed_until = None
        work.move(request, court.answered(check_back))


def seen(_: drafts.Seen, work: UnitOfWork, request: Request) -> None:
    """What was remarked on it needs no look any more."""
    work.remarks_seen([request.id])


def customer_wrote(draft: drafts.CustomerWrote, work: UnitOfWork, request: Request) -> None:
    """The customer's word: my turn, even while departments work; it wakes what was snoozed.

    A reminder that a snooze left stays. A resolved request is reopened by it.
    """
    if request.state == State.RESOLVED:
        reopen(drafts.Reopen("the customer wrote again"), work, request)
    they_wrote_first(work, request)
    request.snoozed_until = None
    work.move(request, court.customer_wrote(work.now))
    work.record(
        request,
        Event.RECEIVED,
        plain(draft.text).strip(),
        channel=draft.channel or request.channel,
        until=request.due_at,
    )


def note(draft: drafts.Note, work: UnitOfWork, request: Request) -> None:
    """A remark for ourselves; nothing else changes."""
    work.record(request, Event.NOTED, plain(draft.text).strip())


def _answer_label(draft: drafts.Answer, numbers: Sequence[int], _work: UnitOfWork) -> str:
    ended = ""
    if draft.resolve_as is not None:
        ended = f" and resolve as {ended_as(draft.resolve_as, draft.duplicate_of)}"
    return f"answer {requests(numbers)}{ended}"


VERBS = (
    Verb("seen", drafts.Seen, on("seen, what is remarked on"), seen),
    Verb("answer", drafts.Answer, _answer_label, answer),
    Verb("log", drafts.CustomerWrote, on("log the customer's words on"), customer_wrote),
    Verb("note", drafts.Note, on("note on"), note),
)
