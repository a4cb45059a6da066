"""Putting a question to a department, and logging what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from poc_tui.errors import NotFound, Refused
from poc_tui.models.values import Event, State
from poc_tui.rules import court
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.rows import Department, Forward, Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.outgoing_mail import queue_forward
from poc_tui.store.verbs.verb import Verb, on, requests, short


def forward(draft: drafts.ForwardDraft, work: UnitOfWork, request: Request) -> None:
    """Open a forward; the move is with departments until the last one has answered.

    A request not yet triaged is triaged by this: it gets the due date its channel calls for.

    Raises:
        Refused: the department is retired, the request is resolved, or the question was to go out
            by mail and cannot.
    """
    department = work.existing(Department, draft.department_id)
    if department.retired_at is not None:
        raise Refused(f"{department.name} is retired; forward to a department in use")
    if request.state == State.RESOLVED:
        raise Refused(f"#{request.id} is resolved; reopen it before you forward it")
    question = plain(draft.question).strip() or request.subject
    due_at = draft.due_at or work.deadlines.forward_due(
        department.name, timedelta(minutes=department.answer_within), request.priority, work.now
    )
    row = work.add(
        Forward(
            request_id=request.id,
            department_id=department.id,
            question=question,
            asked_at=work.now,
            due_at=due_at,
            next_at=work.deadlines.first_chase(department.name, work.now, due_at),
        )
    )
    request.snoozed_until = None
    work.move(request, court.forwarded([f.next_at for f in work.open_forwards(request)]))
    asked = work.record(
        request,
        Event.FORWARDED,
        question,
        department_id=department.id,
        forward_id=row.id,
        until=due_at,
    )
    wanted = True if draft.files else draft.mail
    queue_forward(work, request, asked, row, department, wanted, draft.files)


def log_answer(draft: drafts.LogAnswer, work: UnitOfWork, request: Request) -> None:
    """Close a forward with the department's words; with the last one it is my turn."""
    answered = _meant(draft, work, request)
    answered.answer = plain(draft.text).strip()
    answered.answered_at = work.now
    work.flush()
    still_open = [forward.next_at for forward in work.open_forwards(request)]
    move = court.logged(request.court or court.ME, work.now, still_open)
    if move.court == court.ME:
        request.snoozed_until = None
    work.move(request, move)
    work.record(
        request,
        Event.LOGGED,
        answered.answer,
        department_id=answered.department_id,
        forward_id=answered.id,
    )


def withdraw(work: UnitOfWork, request: Request, forward: Forward) -> None:
    """A forward that is no longer wanted; the department need not answer."""
    forward.withdrawn_at = work.now
    work.record(
        request, Event.WITHDRAWN, department_id=forward.department_id, forward_id=forward.id
    )


def names(work: UnitOfWork, forwards: list[Forward]) -> str:
    """Where these forwards lie, for a sentence."""
    departments = (work.get(Department, f.department_id) for f in forwards)
    return ", ".join(dict.fromkeys(d.name for d in departments if d is not None))


def _meant(draft: drafts.LogAnswer, work: UnitOfWork, request: Request) -> Forward:
    open_forwards = work.open_forwards(request)
    if not open_forwards:
        raise Refused(
            f"#{request.id} has no open forward; note it (m), or log it as the customer's words"
        )
    if draft.forward_id is not None:
        return among(open_forwards, draft.forward_id, request)
    if len(open_forwards) > 1:
        raise Refused(
            f"#{request.id} is with {names(work, open_forwards)}; say whose answer this is"
        )
    return open_forwards[0]


def among(open_forwards: list[Forward], id: int, request: Request) -> Forward:
    """The open forward of that id.

    Raises:
        NotFound: it is not open, or not one of the request's.
    """
    for forward in open_forwards:
        if forward.id == id:
            return forward
    raise NotFound(f"forward {id} of #{request.id} is not open any more")


def _label(draft: drafts.ForwardDraft, numbers: Sequence[int], work: UnitOfWork) -> str:
    department = work.get(Department, draft.department_id)
    to = "" if department is None else f" to {short(department.name)}"
    return f"forward {requests(numbers)}{to}"


VERBS = (
    Verb("forward", drafts.ForwardDraft, _label, forward),
    Verb("log", drafts.LogAnswer, on("log the answer to"), log_answer),
)
