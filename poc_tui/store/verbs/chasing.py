"""Climbing the chase ladder for a forward that has no answer yet."""

from __future__ import annotations

from poc_tui.errors import NeedsYes, Refused
from poc_tui.models.values import Court, Event
from poc_tui.rules import court
from poc_tui.rules.dates.format import say
from poc_tui.rules.service import chase
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.damage import present
from poc_tui.store.rows import Customer, Department, Forward, Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.escalation import raise_it
from poc_tui.store.verbs.forwards import among
from poc_tui.store.verbs.outgoing_mail import queue_chase
from poc_tui.store.verbs.verb import Verb, on


def chase_answer(draft: drafts.Chase, work: UnitOfWork, request: Request) -> None:
    """Take the next step: its words on the timeline, its date the request's next.

    The step that turns to the department's lead also escalates the request, unless it is
    escalated already.

    Raises:
        Refused: no forward is open, so there is nobody to chase; or its words were to go out by
            mail and cannot.
        NeedsYes: the department still has time, and nobody said to chase it all the same.
    """
    waiting = work.open_forwards(request)
    if not waiting:
        raise Refused(f"#{request.id} waits for no department, so there is nobody to chase")
    forward = waiting[0] if draft.forward_id is None else among(waiting, draft.forward_id, request)
    department = present(work.get(Department, forward.department_id))
    if forward.next_at > work.now and not draft.early:
        until = say(forward.next_at, work.now, work.deadlines.hours.zone)
        raise NeedsYes(
            f"#{request.id}: {department.name} is not to be chased before {until};"
            " say so if it is to be all the same"
        )
    step = chase.chase_step(
        work.deadlines, _asked(work, request, forward, department), work.now, work.actor
    )
    words = step.words if draft.text is None else plain(draft.text).strip()
    forward.chased += 1
    forward.next_at = step.following_at
    said = work.record(
        request,
        Event.CHASED,
        words,
        department_id=department.id,
        forward_id=forward.id,
        until=forward.next_at,
        changes={"chased": [step.name, step.person]},
    )
    unchanged = words.strip() == plain(step.words).strip()
    queue_chase(work, request, said, forward, step.person, draft.mail, automatic=unchanged)
    if request.court == Court.DEPARTMENT:
        still = [other.next_at for other in work.open_forwards(request)]
        work.move(request, court.forwarded(still))
    if step.escalates and request.escalated_at is None:
        why = f"{department.name} has not answered, chased {forward.chased} times"
        raise_it(work, request, step.person, why)
    if step.remark:
        work.remarks.append(f"#{request.id}: {step.remark}")


def _asked(
    work: UnitOfWork, request: Request, forward: Forward, department: Department
) -> chase.ChasedForward:
    customer = work.get(Customer, request.customer_id)
    name = None if customer is None else customer.name
    return chase.ChasedForward(request.id, request.subject, name, department, forward)


VERBS = (Verb("chase", drafts.Chase, on("chase the answer to"), chase_answer),)
