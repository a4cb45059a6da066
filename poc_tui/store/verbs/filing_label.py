"""What is said of mails that were filed: where one went, or how many there were."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.models.values import Event
from poc_tui.store import drafts
from poc_tui.store.queries.request_mail import WRITER, WRITER_NAME
from poc_tui.store.recipients import addresses, called
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.verb import short

_ON_THE_TIMELINE = {
    Event.LOGGED: "answer on",
    Event.AUTO_REPLIED: "automatic, on",
    Event.NOTED: "note on",
    Event.NOT_DELIVERED: "not delivered,",
    Event.UNVERIFIED: "not verified, on",
}

_FILED = f"""
    SELECT {WRITER}, {WRITER_NAME}, f.request_id, a.event,
           a.id = (SELECT min(id) FROM activity WHERE request_id = f.request_id),
           CASE a.event WHEN 'logged' THEN d.name END, c.id, c.name
    FROM mail_read r LEFT JOIN mail_filed f ON f.mail_id = r.mail_id
    LEFT JOIN activity a ON a.id = f.activity_id LEFT JOIN department d ON d.id = a.department_id
    LEFT JOIN request q ON q.id = f.request_id LEFT JOIN customer c ON c.id = q.customer_id
    WHERE r.mail_id = ?
"""


def label(draft: drafts.FileMails, _numbers: Sequence[int], work: UnitOfWork) -> str:
    """Where one mail went, or how many were filed."""
    count = len(set(draft.mail_ids))
    if count > 1:
        filed = sum(table == "mail_filed" for table, _, _ in work.changes)
        return f"{filed} mail{'s' * (filed > 1)}" if filed else f"{count} mails set aside"
    (row,) = work.query(_FILED, draft.mail_ids[:1])
    sender, name, number, event, first, department, customer_id, customer = row
    whose = department or called(sender, name, customer, addresses(work.query, customer_id))
    words = f"mail from {short(whose or 'nobody')}"
    if number is None:
        return f"{words}: set aside"
    return f"{words}: {'new' if first else _ON_THE_TIMELINE.get(event, 'on')} #{number}"
