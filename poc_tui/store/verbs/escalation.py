"""Telling somebody above, and taking it back."""

from __future__ import annotations

from poc_tui.errors import Refused
from poc_tui.models.values import Event, State
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.rows import Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.verb import Verb, on, requests, short


def escalate(draft: drafts.Escalate, work: UnitOfWork, request: Request) -> None:
    """Mark the request as escalated, until it is taken back or resolved.

    Whose move it is and every date stay as they are. Escalating again says anew to whom and why.
    """
    if request.state == State.RESOLVED:
        raise Refused(f"#{request.id} is resolved; reopen it before you escalate it")
    raise_it(work, request, plain(draft.to).strip(), plain(draft.why).strip())


def stand_down(draft: drafts.StandDown, work: UnitOfWork, request: Request) -> None:
    """Take an escalation back."""
    if request.escalated_at is None:
        raise Refused(f"#{request.id} is not escalated, so there is nothing to take back")
    changes = {"escalated_to": [request.escalated_to, None]}
    end_escalation(request)
    work.record(request, Event.STOOD_DOWN, plain(draft.why).strip(), changes=changes)


def raise_it(work: UnitOfWork, request: Request, to: str, why: str) -> None:
    """Say on the request and on its timeline to whom it is escalated, and why."""
    before = request.escalated_to or None
    request.escalated_at = work.now
    request.escalated_to = to
    request.escalated_why = why
    work.record(request, Event.ESCALATED, why, changes={"escalated_to": [before, to]})


def end_escalation(request: Request) -> None:
    """Nobody above need know any more."""
    request.escalated_at = None
    request.escalated_to = request.escalated_why = ""


VERBS = (
    Verb(
        "escalate",
        drafts.Escalate,
        lambda draft, numbers, _: f"escalate {requests(numbers)} to {short(draft.to)}",
        escalate,
    ),
    Verb("stand-down", drafts.StandDown, on("take back the escalation of"), stand_down),
)
