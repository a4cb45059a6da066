"""One request, whole: what the middle of the desk shows and `poc show` prints."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from poc_tui.errors import NotFound
from poc_tui.rules.service.shown_date import earliest
from poc_tui.rules.service.turns import Turn
from poc_tui.store.json_values import named
from poc_tui.store.queries import request_mail
from poc_tui.store.queries.reader import Reader, marks, of, portions
from poc_tui.store.queries.reminders import of_request
from poc_tui.store.records import ActivityRow, ForwardRow, QueueRow, RequestDetail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from poc_tui.rules.service.levels import EscalationRule, Facts
    from poc_tui.store.connection import Query

_REQUEST = """
    SELECT r.id, r.subject, r.text, r.customer_id, c.name, coalesce(c.vip, FALSE), r.kind,
           r.channel, r.priority, r.state, r.court, r.court_since, r.received_at, r.touched_at,
           r.due_at, r.next_at, r.first_answered_at, r.resolved_at, r.resolution,
           r.snoozed_until, r.due_for, r.resolve_by, r.escalated_at, r.escalated_to, r.escalated_why
    FROM request r LEFT JOIN customer c ON c.id = r.customer_id WHERE r.id = ?
"""


def request(
    reader: Reader, number: int, *, unfolded: bool = False, mine: Sequence[str] = ()
) -> RequestDetail:
    """The request of that number, with timeline, forwards, reminders and tags.

    `unfolded`: its mails with what they quote and their signatures. `mine`: our mail addresses, to
    tell by them who else got its mails.

    Raises:
        NotFound: there is none of that number.
    """
    row = reader.row(_REQUEST, (number,))
    if row is None:
        raise NotFound(f"there is no request #{number}; `poc list` shows the open ones")
    return of(
        RequestDetail,
        row,
        tags(reader, number),
        timeline(reader, number, unfolded=unfolded, mine=mine),
        forwards(reader, number),
        of_request(reader, number),
        turns(reader, number, row[10], row[11]),
        remarks(reader, number),
    )


def remarks(reader: Reader, number: int) -> tuple[str, ...]:
    """What was remarked on a request and not seen yet, the oldest first."""
    return tuple(
        text
        for (text,) in reader.rows(
            "SELECT text FROM remark WHERE request_id = ? AND seen_at IS NULL ORDER BY id",
            (number,),
        )
    )


_ACTIVITIES = (
    "SELECT a.id, a.at, a.actor, a.event, a.text, a.channel, d.name, a.forward_id, a.until,"
    " a.changes, a.request_id FROM activity a LEFT JOIN department d ON d.id = a.department_id"
)


def timeline(
    reader: Reader, number: int, *, unfolded: bool = False, mine: Sequence[str] = ()
) -> tuple[ActivityRow, ...]:
    """The activities of a request, oldest first, with the mails that made them or carry them."""
    rows = reader.rows(f"{_ACTIVITIES} WHERE a.request_id = ? ORDER BY a.id", (number,))
    came = request_mail.incoming_by_activity(reader, number, unfolded=unfolded, mine=mine)
    went = {row.activity_id: row for row in request_mail.outgoing_of_request(reader, number)}
    return tuple(
        _activity(row)._replace(mail=came.get(row[0]), outgoing=went.get(row[0])) for row in rows
    )


def made_by(reader: Reader, step: int | None) -> dict[int, ActivityRow]:
    """The last activity that a step of the journal left on each request, by its number; without
    the mails that made it or carry it."""
    from poc_tui.store.queries.journal import changed

    found = {}
    for ids in portions(changed(reader, step, "activity")):
        for row in reader.rows(f"{_ACTIVITIES} WHERE a.id IN ({marks(ids)}) ORDER BY a.id", ids):
            found[row[10]] = _activity(row)
    return found


def _activity(row: tuple[Any, ...]) -> ActivityRow:
    return of(ActivityRow, row[:9], None if row[9] is None else named(row[9], 2))


def forwards(reader: Reader, number: int) -> tuple[ForwardRow, ...]:
    """The forwards of a request, oldest first."""
    return reader.records(
        ForwardRow,
        "SELECT f.id, f.request_id, f.department_id, d.name, f.question, f.asked_at, f.due_at,"
        " f.answer, f.answered_at, f.withdrawn_at, f.chased, f.next_at FROM forward f"
        " JOIN department d ON d.id = f.department_id WHERE f.request_id = ? ORDER BY f.id",
        (number,),
    )


def duplicates(query: Query, numbers: Sequence[int]) -> dict[int, int]:
    """Those of these requests that are resolved as duplicates, and of which request each is one.

    It stands with the activity that ended the request, as what it changed.
    """
    rows = query(
        "SELECT a.request_id, a.changes FROM activity a JOIN request r ON r.id = a.request_id"
        f" WHERE r.id IN ({marks(numbers)}) AND r.resolution = 'duplicate' AND a.event = 'resolved'"
        " ORDER BY a.id",
        tuple(numbers),
    )
    found = {number: named(changes or "{}", 2).get("duplicate_of") for number, changes in rows}
    return {number: of[1] for number, of in found.items() if of is not None}


def turns(reader: Reader, number: int, court: str | None, since: int | None) -> tuple[Turn, ...]:
    """Whose move it was when, oldest first; the present turn, which began at `since` (seconds),
    comes last."""
    over = reader.rows(
        "SELECT court, since, until FROM turn WHERE request_id = ? ORDER BY id", (number,)
    )
    rows = over if court is None else [*over, (court, since, None)]
    return tuple(of(Turn, row) for row in rows)


def tags(reader: Reader, number: int) -> tuple[str, ...]:
    """The tags of a request, in the order of the alphabet."""
    rows = reader.rows(
        "SELECT t.name FROM request_tag rt JOIN tag t ON t.id = rt.tag_id"
        " WHERE rt.request_id = ? ORDER BY t.name",
        (number,),
    )
    return tuple(name for (name,) in rows)


def original(reader: Reader, number: int) -> bytes | None:
    """What was captured, to the byte: of a request that a mail made, that mail. None where nothing
    was (an import without it)."""
    value = reader.value("SELECT raw FROM original WHERE request_id = ?", (number,))
    if value is None:
        value = reader.value(
            "SELECT m.raw FROM mail_filed f JOIN mail m ON m.id = f.mail_id WHERE f.activity_id ="
            " (SELECT min(id) FROM activity WHERE request_id = ?) ORDER BY m.id LIMIT 1",
            (number,),
        )
    return None if value is None else bytes(value)


def facts(request: QueueRow | RequestDetail) -> Facts:
    """What of this request decides at which level it is served."""
    from poc_tui.rules.service.levels import Facts

    return Facts(
        request.channel, request.kind, request.priority, request.vip, request.customer or ""
    )


def reasons_for(
    detail: RequestDetail, suggesting: EscalationRule, now: datetime
) -> tuple[str, ...]:
    """Why the desk suggests to escalate this request, the gravest reason first.

    What is late is so by the clock that is furthest over, be it the customer's or that of a
    department which has not answered. Empty where nothing speaks for it, and for what is resolved.
    """
    # Not at the top: requests are painted first, and weighed when there is time.
    from poc_tui.rules.service.escalation import EscalationSigns, reasons

    if detail.state == "resolved":
        return ()
    waiting = detail.open_forwards
    due = earliest(detail.due_at, detail.resolve_by, *(forward.due_at for forward in waiting))
    signs = EscalationSigns(
        late_by=timedelta(0) if due is None else now - due,
        priority=detail.priority,
        vip=detail.vip,
        chased=max((forward.chased for forward in waiting), default=0),
        reopened=sum(activity.event == "reopened" for activity in detail.activities),
    )
    return reasons(signs, suggesting)
