"""Taking a request down."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from poc_tui.models.tables import Original, Request, RequestTag, Tag
from poc_tui.models.values import Channel, Event, Kind, Priority, State
from poc_tui.rules import court
from poc_tui.rules.capture_line import subject_and_text, tag_name
from poc_tui.rules.service.deadlines import DueFor
from poc_tui.store.damage import present
from poc_tui.store.drafts import Capture, ForwardDraft
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.customers import resolve_customer
from poc_tui.store.verbs.forwards import forward
from poc_tui.store.verbs.verb import Verb, on


def capture(draft: Capture, work: UnitOfWork) -> Request:
    """Store a new request: my move, now. With `to` it is forwarded in the same step."""
    request = work.add(Request(**_new(draft, work, resolve_customer(work, draft.customer))))
    raw = draft.raw or _encoded("\n".join(filter(None, (draft.subject, draft.text))))
    work.add(Original(request_id=present(request.id), raw=raw))
    set_tags(work, request, draft.tags)
    text = request.text or request.subject
    work.record(
        request,
        Event.RECEIVED,
        text,
        at=request.received_at,
        channel=request.channel,
        until=request.due_at,
    )
    if draft.to is not None:
        forward(ForwardDraft(draft.to, text), work, request)
    return request


def take_down(draft: Capture, work: UnitOfWork, customer_id: int | None) -> tuple[int, int]:
    """Store a new request of a customer who is known: my move, now. Made for thousands of them.

    For what lies elsewhere to the byte: of the draft, `raw`, `customer`, `tags` and `to` are not
    asked for. Returns the number of the request, and the id of its first activity.
    """
    new = _new(draft, work, customer_id)
    number = work.insert(Request, new)
    activity = work.enter(
        number,
        Event.RECEIVED,
        new["text"] or new["subject"],
        at=new["received_at"],
        channel=new["channel"],
        until=new["due_at"],
    )
    return number, activity


def _new(draft: Capture, work: UnitOfWork, customer_id: int | None) -> dict[str, Any]:
    """The columns of a request that is taken down."""
    received_at = draft.received_at or work.now
    subject, text = subject_and_text(draft.subject, draft.text)
    move = court.taken_down(received_at)
    return {
        "subject": subject,
        "text": text,
        "customer_id": customer_id,
        "kind": draft.kind or Kind.QUESTION,
        "channel": draft.channel or Channel.EMAIL,
        "priority": draft.priority or Priority.NORMAL,
        "state": State.NEW,
        "court": move.court,
        "court_since": received_at,
        "received_at": received_at,
        "touched_at": work.now,
        "due_at": draft.due_at,
        "due_for": None if draft.due_at is None else DueFor.GIVEN,
        "next_at": move.next_at,
    }


def _encoded(words: str) -> bytes:
    """Bytes that were no UTF-8 as they came; other lone surrogates, which JSON can hold, kept."""
    try:
        return words.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return words.encode("utf-8", "surrogatepass")


def set_tags(work: UnitOfWork, request: Request, names: tuple[str, ...]) -> None:
    """Make the request carry exactly these tags."""
    number = present(request.id)
    wanted = {cleaned for name in names if (cleaned := tag_name(name))}
    carried = {
        tag.name: link
        for link, tag in work.session.execute(
            select(RequestTag, Tag)
            .where(RequestTag.tag_id == Tag.id)
            .where(RequestTag.request_id == number)
        )
    }
    for name in carried.keys() - wanted:
        work.remove(carried[name])
    for name in sorted(wanted - carried.keys()):
        tag = work.session.scalars(select(Tag).where(Tag.name == name)).first()
        tag = tag or work.add(Tag(name=name))
        work.add(RequestTag(request_id=number, tag_id=present(tag.id)))


VERBS = (
    Verb("new", Capture, on("new"), alone=lambda draft, work: [present(capture(draft, work).id)]),
)
