"""Looking at a request for the first time, or again."""

from __future__ import annotations

from poc_tui.errors import Refused
from poc_tui.models.values import Court, Event, Kind, Priority, State
from poc_tui.rules import court
from poc_tui.rules.capture_line import subject_and_text, tag_name
from poc_tui.rules.service.deadlines import DueDate, DueFor
from poc_tui.store.drafts import GuessedTriage, Triage
from poc_tui.store.rows import Customer, Request
from poc_tui.store.unit_of_work import UnitOfWork, iso
from poc_tui.store.verbs.capture import set_tags
from poc_tui.store.verbs.customers import resolve_customer
from poc_tui.store.verbs.verb import Verb, on

_SERVED_BY = {"customer", "kind", "channel", "priority"}
"""What decides the level at which a request is served."""


def triage(draft: Triage, work: UnitOfWork, request: Request) -> None:
    """Give the request its customer, kind, priority and due date; it counts as looked at."""
    if request.state == State.RESOLVED:
        raise Refused(f"#{request.id} is resolved; reopen it before you triage it")
    changes: dict[str, object] = {}
    _set_customer(draft, work, request, changes)
    if draft.subject is not None:
        subject, _ = subject_and_text(draft.subject, "")
        _set(request, changes, "subject", subject)
    for field in ("kind", "channel", "priority"):
        if (value := getattr(draft, field)) is not None:
            _set(request, changes, field, str(value))
    if draft.tags is not None:
        before = sorted(
            name
            for (name,) in work.query(
                "SELECT t.name FROM tag t JOIN request_tag rt ON rt.tag_id = t.id"
                " WHERE rt.request_id = ?",
                (request.id,),
            )
        )
        set_tags(work, request, draft.tags)
        after = sorted({name for tag in draft.tags if (name := tag_name(tag))})
        if before != after:
            changes["tags"] = [before, after]
    _set_due(draft, work, request, changes)
    work.record(request, Event.TRIAGED, until=request.due_at, changes=changes or None)


def take_guesses(_: GuessedTriage, work: UnitOfWork, request: Request) -> None:
    """Triage a new request with what is known of it and with what its words point to.

    Raises:
        Refused: somebody has looked at it already.
    """
    if request.state != State.NEW:
        raise Refused(f"#{request.id} is not new, so there is nothing to guess")
    from poc_tui.rules.guess import triaged  # no other verb needs it

    words, vip = f"{request.subject}\n{request.text}", work.facts(request).vip
    kind, priority = triaged(words, request.kind, request.priority, vip=vip)
    triage(Triage(kind=Kind(kind), priority=Priority(priority)), work, request)


def _set_due(draft: Triage, work: UnitOfWork, request: Request, changes: dict[str, object]) -> None:
    """The due date given; else the one that what it is now calls for.

    While the customer is to move nothing is due to them, unless it is said explicitly. A date
    that somebody gave stays until somebody gives another.
    """
    before = request.due_at
    if draft.due_at is not None:
        work.due(request, DueDate(draft.due_at, DueFor.GIVEN, work.now))
    elif request.due_at is None and request.state == State.NEW:
        facts = work.facts(request)
        work.due(request, work.deadlines.first_answer(facts, request.received_at))
    if changes.keys() & _SERVED_BY or request.resolve_by is None:
        work.recount(request)
    if request.due_at != before:
        changes["due_at"] = [iso(before), iso(request.due_at)]
    if request.court == Court.ME:
        snoozed = request.snoozed_until is not None and request.snoozed_until > work.now
        if not snoozed:
            work.move(request, court.triaged(work.now, request.due_at))


def _set_customer(
    draft: Triage, work: UnitOfWork, request: Request, changes: dict[str, object]
) -> None:
    customer_id = resolve_customer(work, draft.customer)
    if customer_id is None or customer_id == request.customer_id:
        return
    changes["customer"] = [_name(work, request.customer_id), _name(work, customer_id)]
    request.customer_id = customer_id


def _name(work: UnitOfWork, customer_id: int | None) -> str | None:
    customer = work.get(Customer, customer_id)
    return None if customer is None else customer.name


def _set(request: Request, changes: dict[str, object], field: str, value: str) -> None:
    before = getattr(request, field)
    if before != value:
        changes[field] = [before, value]
        setattr(request, field, value)


VERBS = (
    Verb("triage", Triage, on("triage"), triage),
    Verb("triage", GuessedTriage, on("triage"), take_guesses),
)
