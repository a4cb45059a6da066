"""Taking a request down."""

from __future__ import annotations

from poc_tui.rules.capture_line import subject_and_text, tag_name
from poc_tui.store.damage import present
from poc_tui.store.drafts import Capture, ForwardDraft
from poc_tui.store.rows import Request, RequestTag, Tag
from poc_tui.store.taking_down import add_tag, new_request, take_down
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.customers import resolve_customer
from poc_tui.store.verbs.forwards import forward
from poc_tui.store.verbs.verb import Verb, on


def capture(draft: Capture, work: UnitOfWork) -> Request:
    """Store a new request: my turn, now. With `to` it is forwarded in the same step."""
    customer_id = resolve_customer(work, draft.customer)
    raw = draft.raw or _encoded("\n".join(filter(None, (draft.subject, draft.text))))
    subject, text = subject_and_text(draft.subject, draft.text)
    new = new_request(
        subject,
        text,
        received_at=draft.received_at or work.now,
        now=work.now,
        customer_id=customer_id,
        kind=draft.kind,
        channel=draft.channel,
        priority=draft.priority,
        due_at=draft.due_at,
    )
    number, _ = take_down(work, work.actor, new, raw, _cleaned(draft.tags))
    request = present(work.get(Request, number))
    if draft.to is not None:
        forward(ForwardDraft(draft.to, text or subject), work, request)
    return request


def _encoded(words: str) -> bytes:
    """Bytes that were no UTF-8 as they came; other lone surrogates, which JSON can hold, kept."""
    try:
        return words.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return words.encode("utf-8", "surrogatepass")


def set_tags(work: UnitOfWork, request: Request, names: tuple[str, ...]) -> None:
    """Make the request carry exactly these tags."""
    wanted = _cleaned(names)
    links = work.all(RequestTag, "request_id = ? ORDER BY tag_id", (request.id,))
    carried = {present(work.get(Tag, link.tag_id)).name: link for link in links}
    for name in sorted(carried.keys() - wanted):
        work.remove(carried[name])
    for name in wanted:
        if name not in carried:
            add_tag(work, request.id, name)


def _cleaned(names: tuple[str, ...]) -> list[str]:
    return sorted({cleaned for name in names if (cleaned := tag_name(name))})


VERBS = (Verb("new", Capture, on("new"), alone=lambda draft, work: [capture(draft, work).id]),)
