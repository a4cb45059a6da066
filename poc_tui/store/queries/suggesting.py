"""What of a request speaks for telling somebody above."""

from __future__ import annotations

from datetime import datetime, timedelta

from poc_tui.rules.service.escalation import EscalationSigns, reasons
from poc_tui.rules.service.levels import EscalationRule
from poc_tui.rules.service.next_date import earliest
from poc_tui.store.records import RequestDetail


def reasons_for(
    detail: RequestDetail, suggesting: EscalationRule, now: datetime
) -> tuple[str, ...]:
    """Why the desk suggests to escalate this request, the gravest reason first.

    Empty where nothing speaks for it, and for what is resolved.
    """
    return () if detail.state == "resolved" else reasons(signs(detail, now), suggesting)


def signs(detail: RequestDetail, now: datetime) -> EscalationSigns:
    """What there is to weigh; `late_by` is over the clock that is furthest over, be it the
    customer's or that of a department which has not answered."""
    waiting = detail.open_forwards
    due = earliest(detail.due_at, detail.resolve_by, *(forward.due_at for forward in waiting))
    return EscalationSigns(
        late_by=timedelta(0) if due is None else now - due,
        priority=detail.priority,
        vip=detail.vip,
        chased=max((forward.chased for forward in waiting), default=0),
        reopened=sum(activity.event == "reopened" for activity in detail.activities),
    )
