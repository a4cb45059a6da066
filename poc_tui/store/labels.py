"""Steps in words: "forward #1042 and 3 more to Technical"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from poc_tui.models.tables import Department
from poc_tui.models.values import Step
from poc_tui.store import drafts

if TYPE_CHECKING:
    from poc_tui.store.work import Work

_VERB = {
    Step.LOG: "log the answer to",
    Step.DONE: "mark done",
    Step.REMIND: "reminder",
    Step.NOTE: "note on",
}


def label(step: Step, numbers: Sequence[int], draft: drafts.Draft, work: Work) -> str:
    """What a step did, as it stands behind "undo:" and in the toast."""
    match draft:
        case drafts.EditCustomer():
            return f"customer {draft.name or draft.id}"
        case drafts.EditDepartment():
            return f"department {draft.name or draft.id}"
        case drafts.MarkDone():
            count = len(draft.reminder_ids)
            which = "the reminder" if count == 1 else f"{count} reminders"
            return f"mark {which} done" + (f" of {requests(numbers)}" if numbers else "")
        case drafts.CustomerWrote():
            return f"log the customer's words on {requests(numbers)}"
        case drafts.Remind() if not numbers:
            return f"reminder “{_short(draft.text)}”"
        case drafts.Remind():
            return f"reminder on {requests(numbers)}"
    return f"{_VERB.get(step, step.value)} {requests(numbers)}{_tail(draft, work)}"


def requests(numbers: Sequence[int]) -> str:
    """`#1042`, or `#1042 and 3 more`."""
    more = f" and {len(numbers) - 1} more" if len(numbers) > 1 else ""
    return f"#{numbers[0]}{more}"


def _tail(draft: drafts.Draft, work: Work) -> str:
    match draft:
        case drafts.Forward():
            department = work.session.get(Department, draft.department_id)
            return "" if department is None else f" to {department.name}"
        case drafts.Resolve():
            return f" as {draft.resolution}"
        case drafts.Answer() if draft.resolve_as is not None:
            return f" and resolve as {draft.resolve_as}"
    return ""


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 40 else words[:39] + "…"
