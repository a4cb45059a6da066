"""Steps in words: "forward #1042 and 3 more to Technical"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from poc_tui.models.tables import Customer, Department
from poc_tui.models.values import Event, JournalStep
from poc_tui.rules.text import plain
from poc_tui.store import drafts
from poc_tui.store.recipients import addresses, called

if TYPE_CHECKING:
    from poc_tui.store.unit_of_work import UnitOfWork

_VERB = {
    JournalStep.LOG: "log the answer to",
    JournalStep.NOTE: "note on",
    JournalStep.CHASE: "chase the answer to",
    JournalStep.STAND_DOWN: "take back the escalation of",
}


def label(step: JournalStep, numbers: Sequence[int], draft: drafts.Draft, work: UnitOfWork) -> str:
    """What a step did, as it stands behind "undo:" and in the toast."""
    match draft:
        case drafts.EditCustomer():
            words = f"customer {_short(draft.name or str(draft.id))}"
        case drafts.EditDepartment():
            words = f"department {_short(draft.name or str(draft.id))}"
        case drafts.MarkDone():
            count = len(draft.reminder_ids)
            which = "the reminder" if count == 1 else f"{count} reminders"
            words = f"mark {which} done" + (f" of {requests(numbers)}" if numbers else "")
        case drafts.CustomerWrote():
            words = f"log the customer's words on {requests(numbers)}"
        case drafts.EndPromise():
            ended = "kept" if draft.kept else "broken"
            words = f"promise {ended}" + (f" on {requests(numbers)}" if numbers else "")
        case drafts.Contact():
            words = f"spoke to {_short(_name(work, Customer, draft.customer_id))}"
        case drafts.Promise():
            what = f"on {requests(numbers)}" if numbers else f"“{_short(draft.text)}”"
            words = f"promise {what}"
        case drafts.FileMails():
            words = _mails(draft, work)
        case drafts.NotDelivered():
            to = work.query("SELECT recipient FROM outbox WHERE id = ?", (draft.outbox_id,))
            words = f"mail to {_short(to[0][0])} not delivered, {requests(numbers)}"
        case drafts.Remind():
            what = f"on {requests(numbers)}" if numbers else f"“{_short(draft.text)}”"
            words = f"reminder {what}"
        case _:
            words = f"{_VERB.get(step, step.value)} {requests(numbers)}{_tail(draft, work)}"
    return words


def requests(numbers: Sequence[int]) -> str:
    """`#1042`, or `#1042 and 3 more`."""
    more = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
    return f"#{numbers[0]}{more}"


_ON_THE_TIMELINE = {
    Event.LOGGED: "answer on",
    Event.AUTO_REPLIED: "automatic, on",
    Event.NOTED: "note on",
    Event.NOT_DELIVERED: "not delivered,",
}


def _mails(draft: drafts.FileMails, work: UnitOfWork) -> str:
    """Where one mail went, or how many were filed."""
    count = len(set(draft.mail_ids))
    if count > 1:
        filed = sum(table == "mail_filed" for table, _, _ in work.changes)
        return f"{filed} mail{'s' * (filed > 1)}" if filed else f"{count} mails set aside"
    (row,) = work.query(_FILED, draft.mail_ids[:1])
    sender, name, number, event, first, department, customer_id, customer = row
    whose = department or called(sender, name, customer, addresses(work.query, customer_id))
    words = f"mail from {_short(whose or 'nobody')}"
    if number is None:
        return f"{words}: set aside"
    return f"{words}: {'new' if first else _ON_THE_TIMELINE.get(event, 'on')} #{number}"


_FILED = """
    SELECT r.sender, r.sender_name, f.request_id, a.event,
           a.id = (SELECT min(id) FROM activity WHERE request_id = f.request_id),
           CASE a.event WHEN 'logged' THEN d.name END, c.id, c.name
    FROM mail_read r LEFT JOIN mail_filed f ON f.mail_id = r.mail_id
    LEFT JOIN activity a ON a.id = f.activity_id LEFT JOIN department d ON d.id = a.department_id
    LEFT JOIN request q ON q.id = f.request_id LEFT JOIN customer c ON c.id = q.customer_id
    WHERE r.mail_id = ?
"""


def _tail(draft: drafts.Draft, work: UnitOfWork) -> str:
    match draft:
        case drafts.Forward():
            department = work.session.get(Department, draft.department_id)
            return "" if department is None else f" to {_short(department.name)}"
        case drafts.Escalate():
            return f" to {_short(draft.to)}"
        case drafts.Resolve():
            return f" as {draft.resolution}"
        case drafts.Answer() if draft.resolve_as is not None:
            return f" and resolve as {draft.resolve_as}"
    return ""


def _short(text: str) -> str:
    words = " ".join(plain(text).split())
    return words if len(words) <= 40 else words[:39] + "…"


def _name(work: UnitOfWork, table: type[Customer | Department], id: int | None) -> str:
    row = work.session.get(table, id)
    return row.name if isinstance(row, Customer | Department) else ""
