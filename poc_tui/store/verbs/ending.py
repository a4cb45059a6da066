"""The end of a request, and its coming back."""

from __future__ import annotations

from poc_tui.errors import NeedsYes, Refused
from poc_tui.models.tables import Request
from poc_tui.models.values import Event, State
from poc_tui.rules import court
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.verbs.forwards import names, withdraw
from poc_tui.store.work import Work


def resolve(draft: drafts.Resolve, work: Work, request: Request) -> None:
    """End the request with a resolution.

    Raises:
        NeedsYes: a forward is open and withdrawing was not agreed to, or a reminder is open and
            nobody said whether it is done or stays.
    """
    if request.state == State.RESOLVED:
        raise Refused(f"#{request.id} is resolved already, as {request.resolution}")
    _end_forwards(draft, work, request)
    _end_reminders(draft, work, request)
    text = plain(draft.text).strip()
    if text and request.first_answered_at is None:
        request.first_answered_at = work.now
    request.state = State.RESOLVED
    request.resolution = draft.resolution
    request.resolved_at = work.now
    request.court = request.court_since = request.next_at = None
    request.due_at = request.snoozed_until = None
    work.record(request, Event.RESOLVED, text, changes={"resolution": [None, draft.resolution]})


def reopen(draft: drafts.Reopen, work: Work, request: Request) -> None:
    """A resolved request is mine again, now, and the customer hears from us anew."""
    if request.state != State.RESOLVED:
        raise Refused(f"#{request.id} is not resolved, so it cannot be reopened")
    before = request.resolution
    request.state = State.OPEN
    request.resolution = request.resolved_at = None
    request.due_at = work.deadlines.next_update_due(work.now)
    work.move(request, court.reopened(work.now))
    for reminder in work.open_reminders(request):
        reminder.kept = False
    work.record(
        request,
        Event.REOPENED,
        plain(draft.why).strip(),
        until=request.due_at,
        changes={"resolution": [before, None]},
    )


def _end_forwards(draft: drafts.Resolve, work: Work, request: Request) -> None:
    waiting = work.open_forwards(request)
    if waiting and not draft.withdraw_forwards:
        raise NeedsYes(
            f"#{request.id} still waits for {names(work, waiting)}; "
            "resolving withdraws that question: say so explicitly, or log the answer first"
        )
    for forward in waiting:
        withdraw(work, request, forward)


def _end_reminders(draft: drafts.Resolve, work: Work, request: Request) -> None:
    pending = work.open_reminders(request)
    unconfirmed = [reminder for reminder in pending if not reminder.kept]
    if unconfirmed and draft.reminders_done is None:
        raise NeedsYes(
            f"#{request.id} has an open reminder: “{unconfirmed[0].text}”; "
            "say whether it is done or stays"
        )
    for reminder in unconfirmed:
        if draft.reminders_done:
            reminder.done_at = work.now
        else:
            reminder.kept = True
