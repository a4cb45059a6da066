"""What becomes of a mail of ours: it did not arrive, or it is proved that it did."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime

from poc_tui.errors import NotFound, Refused
from poc_tui.models.values import Event, OutgoingState, State
from poc_tui.rules.mail.address import known_as
from poc_tui.rules.mail.filing import back_to_me
from poc_tui.rules.service.deadlines import DueFor
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.damage import present
from poc_tui.store.json_values import listed
from poc_tui.store.queries.reader import moment, seconds
from poc_tui.store.rows import Activity, Forward, Request
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.ending import reopen
from poc_tui.store.verbs.returned_mail import COLUMNS, MatchedOutgoing
from poc_tui.store.verbs.threads import Filed
from poc_tui.store.verbs.verb import Verb, requests, short

_LONGEST_REASON = 1000
"""Characters; servers tell long stories."""

_ROWS = f"SELECT {COLUMNS} FROM outbox"
_TOLD = (
    f"SELECT 1 FROM activity WHERE request_id = ? AND event = '{Event.NOT_DELIVERED}' AND id > ?"
    " AND forward_id IS ? LIMIT 1"
)
_ANSWERED_OTHERWISE = f"""
    SELECT min(a.at) FROM activity a WHERE a.request_id = ? AND a.id <> ?
    AND (a.event = '{Event.ANSWERED}' OR a.event = '{Event.RESOLVED}' AND a.text <> '')
    AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.activity_id = a.id
                    AND o.state IN ('{OutgoingState.FAILED}', '{OutgoingState.WITHDRAWN}'))
"""
# The rows of the outbox that a sender changes are no step either (`store.outbox`).
_FAILED = (
    f"UPDATE outbox SET state = '{OutgoingState.FAILED}', why = ?, sent_at = NULL,"
    " next_try_at = NULL WHERE id = ?"
)
_SENT = (
    f"UPDATE outbox SET state = '{OutgoingState.SENT}', why = '', sent_at = ?, next_try_at = NULL"
    " WHERE id = ?"
)


def not_delivered(draft: drafts.NotDelivered, work: UnitOfWork) -> list[int]:
    """A mail of ours failed for good: its request is mine, and says why. Of a copy that alone did
    not arrive it only says so.

    Raises:
        NotFound: there is no such mail.
        Refused: its request says so already.
    """
    rows = work.query(f"{_ROWS} WHERE id = ?", (draft.outbox_id,))
    if not rows:
        raise NotFound(f"there is no mail {draft.outbox_id} in the outbox; nothing was changed")
    row = MatchedOutgoing(*rows[0])
    if draft.copy:
        copy_did_not_arrive(work, row, draft.copy, draft.why)
        return [row.number]
    if is_told(work, row):
        raise Refused(f"#{row.number} says already that the mail to {row.recipient} did not arrive")
    did_not_arrive(work, work.request(row.number), row, draft.why)
    return [row.number]


def copy_in(work: UnitOfWork, row: MatchedOutgoing, *words: str) -> str:
    """Of what says why a mail came back, the copy that it speaks of; empty for all of the mail.

    The first of the texts that names anybody who was to get it decides.
    """
    ((copies,),) = work.query("SELECT copies FROM outbox WHERE id = ?", (row.id,))
    for text in words if copies != "[]" else ():
        if known_as(row.recipient, text):
            return ""
        for copy in listed(copies):
            if known_as(copy, text):
                return str(copy)
    return ""


def copy_did_not_arrive(work: UnitOfWork, row: MatchedOutgoing, copy: str, why: str) -> Filed:
    """Say on the request that somebody got no copy; whoever was answered has the mail."""
    reason = _reason(why)
    work.turn_to(work.request(row.number))
    work.remark(row.number, f"no copy of the mail to {row.recipient} reached {copy}: {reason}")
    return Filed(row.number, work.enter(row.number, Event.NOT_DELIVERED, f"{copy}: {reason}"))


def did_not_arrive(work: UnitOfWork, request: Request, row: MatchedOutgoing, why: str) -> Filed:
    """Say on the request that the mail did not arrive: it is mine now, opened again if it was
    resolved; but nothing moves where a department was asked and nobody waits for it any more.

    The mail counts as failed, whatever is taken back later. Returns where that is said.
    """
    reason = _reason(why)
    work.connection.execute(_FAILED, (reason, row.id))
    words = f"{row.recipient}: {reason}"
    said = f"#{row.number}: the mail to {row.recipient} did not arrive: {reason}"
    forward = work.get(Forward, row.forward_id)
    asked = {
        "department_id": None if forward is None else forward.department_id,
        "forward_id": row.forward_id,
    }
    if forward is not None and (forward.answered_at or forward.withdrawn_at):
        work.remarks.append(f"{said}; nobody waits for its answer any more")
        activity = work.enter(row.number, Event.NOT_DELIVERED, words, **asked)
        return Filed(row.number, activity, row.forward_id)
    if request.state == State.RESOLVED:
        reopen(drafts.Reopen(f"the mail to {row.recipient} did not arrive"), work, request)
    if forward is None and _takes_the_first_answer(work, request, row):
        said += "; it was the first answer, so that is still due"
    request.snoozed_until = None
    work.move(request, back_to_me(work.now))
    work.remarks.append(said)
    recorded = work.record(request, Event.NOT_DELIVERED, words, until=request.due_at, **asked)
    return Filed(row.number, recorded.id, row.forward_id)


def they_wrote_first(work: UnitOfWork, request: Request, mail_id: int | None = None) -> None:
    """Keep back what was to go out later unless they write, now that they have, and say so; if
    it was to be the first answer, that is still due. `mail_id` is what they wrote."""
    waiting = work.query(
        f"{_ROWS} WHERE request_id = ? AND state = '{OutgoingState.QUEUED}' AND unless_answered",
        (request.id,),
    )
    for row in itertools.starmap(MatchedOutgoing, waiting):
        said = f"they wrote first, so what was to go out later to {row.recipient} was not sent"
        kept_back = {"state": OutgoingState.WITHDRAWN, "next_try_at": None, "why": ""}
        work.update("outbox", row.id, kept_back)
        _takes_the_first_answer(work, request, row)
        work.remark(request.id, said, mail_id)


def _reason(why: str) -> str:
    return " ".join(plain(why[:_LONGEST_REASON]).split()) or "no reason was given"


def _takes_the_first_answer(work: UnitOfWork, request: Request, row: MatchedOutgoing) -> bool:
    """Whether nothing has answered the customer now that this mail did not arrive; then the first
    answer is due as if it had never been given, unless somebody has given another date since.

    Where another answer stands, that one was the first.
    """
    answer = present(work.get(Activity, row.activity_id))
    ((send_at,),) = work.query("SELECT send_at FROM outbox WHERE id = ?", (row.id,))
    if request.first_answered_at not in (answer.at, moment(send_at)):
        return False
    ((at,),) = work.query(_ANSWERED_OTHERWISE, (row.number, answer.id))
    request.first_answered_at = moment(at)
    if request.first_answered_at is not None:
        return False
    if request.due_for != DueFor.GIVEN or _promised(answer) == request.due_at:
        work.due(request, None)
    return True


def _promised(answer: Activity) -> datetime | None:
    """When the customer was to hear from us next, as an answer to them said."""
    due = (answer.changes or {}).get("due_at")
    return datetime.fromisoformat(due[1]) if isinstance(due, list) and due[1] else None


def is_news(work: UnitOfWork, row: MatchedOutgoing) -> bool:
    """Whether nobody knows yet that the mail did not arrive; one that waits to be sent is on its
    way anew, whatever became of the try before."""
    if row.state == OutgoingState.QUEUED:
        return False
    return row.state != OutgoingState.FAILED or not is_told(work, row)


def is_told(work: UnitOfWork, row: MatchedOutgoing) -> bool:
    """Whether the timeline says that the mail failed."""
    told = work.query(_TOLD, (row.number, row.activity_id, row.forward_id))
    return row.state == OutgoingState.FAILED and bool(told)


def is_proved_sent(work: UnitOfWork, row: MatchedOutgoing, *, by_a_person: bool) -> None:
    """Somebody has the mail in hand: where that was in doubt, it is so no more.

    A program's word proves that a server took it, not that one which was refused did arrive.
    """
    if row.state == OutgoingState.UNSURE or (by_a_person and row.state == OutgoingState.FAILED):
        work.connection.execute(_SENT, (seconds(work.now), row.id))
        work.remarks.append(f"#{row.number}: the mail to {row.recipient} did arrive after all")


def _label(draft: drafts.NotDelivered, numbers: Sequence[int], work: UnitOfWork) -> str:
    to = work.query("SELECT recipient FROM outbox WHERE id = ?", (draft.outbox_id,))
    what = f"copy for {short(draft.copy)}" if draft.copy else f"mail to {short(to[0][0])}"
    return f"{what} not delivered, {requests(numbers)}"


VERBS = (Verb("not-delivered", drafts.NotDelivered, _label, alone=not_delivered, by_itself=True),)
