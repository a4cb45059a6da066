"""The end of a request, and its coming back."""

from __future__ import annotations

from datetime import datetime

from poc_tui.errors import NeedsYes, NotFound, Refused
from poc_tui.models.values import Event, ReminderKind, State
from poc_tui.rules import court
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.queries.requests import duplicates
from poc_tui.store.records import ended_as
from poc_tui.store.rows import Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.escalation import end_escalation
from poc_tui.store.verbs.forwards import names, withdraw
from poc_tui.store.verbs.outgoing_mail import queue_answer
from poc_tui.store.verbs.promises import end_promise
from poc_tui.store.verbs.verb import Verb, on, requests


def resolve(draft: drafts.Resolve, work: UnitOfWork, request: Request) -> None:
    """End the request with a resolution.

    Raises:
        NeedsYes: a forward is open and withdrawing was not agreed to, or a reminder is open and
            nobody said whether it is done or stays.
        NotFound: there is no request of the number that it is to be a duplicate of.
        Refused: it is resolved, or its last answer was to go out by mail and cannot, or it cannot
            be a duplicate of that one.
    """
    if request.state == State.RESOLVED:
        raise Refused(f"#{request.id} is resolved already, as {request.resolution}")
    changes: dict[str, object] = {"resolution": [None, draft.resolution]}
    if draft.duplicate_of is not None:
        _check_other(draft.duplicate_of, work, request)
        changes["duplicate_of"] = [None, draft.duplicate_of]
    _end_forwards(draft, work, request)
    _end_reminders(draft, work, request)
    text = plain(draft.text).strip()
    if text and request.first_answered_at is None:
        request.first_answered_at = work.now
    work.end_turn(request, work.now)
    request.state = State.RESOLVED
    request.resolution = draft.resolution
    request.resolved_at = work.now
    request.court = request.court_since = request.next_at = None
    request.snoozed_until = request.resolve_by = None
    work.due(request, None)
    end_escalation(request)
    said = work.record(request, Event.RESOLVED, text, changes=changes)
    if text:
        queue_answer(work, request, said, text, draft.mail)


def reopen(
    draft: drafts.Reopen, work: UnitOfWork, request: Request, at: datetime | None = None
) -> None:
    """A resolved request is my turn again, now, and the customer hears from us anew.

    `at`: since when, if not since now; no earlier than it was resolved. Its resolution has what
    was left of its time, and the time of an update at the very least.
    """
    since = at or work.now
    if request.state != State.RESOLVED:
        raise Refused(f"#{request.id} is not resolved, so it cannot be reopened")
    before = request.resolution
    # Asked first: asking writes what was changed so far, and half a reopening is refused.
    update = work.deadlines.next_update(work.facts(request), since)
    request.state = State.OPEN
    request.resolution = request.resolved_at = None
    work.due(request, update)
    work.move(request, court.reopened(since), since)
    for reminder in work.open_reminders(request):
        reminder.stays = False
    work.record(
        request,
        Event.REOPENED,
        plain(draft.why).strip(),
        until=request.due_at,
        changes={"resolution": [before, None]},
    )


def _check_other(number: int, work: UnitOfWork, request: Request) -> None:
    """Whether the request can be a duplicate of the one of that number."""
    if number == request.id:
        raise Refused(f"#{number} cannot be a duplicate of itself; give the other's number")
    if work.get(Request, number) is None:
        raise NotFound(f"there is no request #{number}, so #{request.id} is no duplicate of it")
    passed: set[int] = set()
    of: int | None = number
    while of is not None and of not in passed:
        passed.add(of)
        of = duplicates(work.query, [of]).get(of)
        if of == request.id:
            raise Refused(
                f"#{number} was resolved as a duplicate of #{request.id}, not the other way round"
            )


def _end_forwards(draft: drafts.Resolve, work: UnitOfWork, request: Request) -> None:
    waiting = work.open_forwards(request)
    if waiting and not draft.withdraw_forwards:
        raise NeedsYes(
            f"#{request.id} still waits for {names(work, waiting)}; "
            "resolving withdraws that question: say so explicitly, or log the answer first"
        )
    for forward in waiting:
        withdraw(work, request, forward)


def _end_reminders(draft: drafts.Resolve, work: UnitOfWork, request: Request) -> None:
    unconfirmed = [reminder for reminder in work.open_reminders(request) if not reminder.stays]
    if not unconfirmed:
        return
    if draft.reminders_done is None:
        promises = [r for r in unconfirmed if r.kind == ReminderKind.PROMISE]
        what, ends = ("promise", "was kept or broken") if promises else ("reminder", "is done")
        raise NeedsYes(
            f"#{request.id} has an open {what}: “{(promises or unconfirmed)[0].text}”; "
            f"say whether it {ends}, or stays"
        )
    for reminder in unconfirmed:
        if not draft.reminders_done:
            reminder.stays = True
        elif reminder.kind == ReminderKind.PROMISE:
            if draft.promises_kept is None:
                raise NeedsYes(
                    f"#{request.id} has an open promise: “{reminder.text}”; "
                    "say whether it was kept or broken"
                )
            end_promise(work, request, reminder, kept=draft.promises_kept)
        else:
            reminder.done_at = work.now


VERBS = (
    Verb(
        "resolve",
        drafts.Resolve,
        lambda draft, numbers, _: (
            f"resolve {requests(numbers)} as {ended_as(draft.resolution, draft.duplicate_of)}"
        ),
        resolve,
    ),
    Verb("reopen", drafts.Reopen, on("reopen"), reopen),
)
