"""What each thing is as JSON; the names are those of the design and do not change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from poc_tui.quick.json_text import LocalTimes
    from poc_tui.rules.service.levels import Levels
    from poc_tui.rules.service.sla_clocks import SlaClocks
    from poc_tui.store.records import (
        CustomerDetail,
        CustomerRow,
        DepartmentRow,
        ReminderRow,
        RequestDetail,
    )


def request(detail: RequestDetail, clocks: SlaClocks, times: LocalTimes) -> dict[str, Any]:
    """A request whole: the fields of a list, then its clocks, activities, forwards, reminders."""
    from poc_tui.cli.output import serialize_mail

    waiting = min(detail.open_forwards, key=lambda forward: forward.next_at, default=None)
    return {
        "number": detail.number,
        "subject": detail.subject,
        "text": detail.text,
        "customer": detail.customer,
        "department": None if waiting is None else waiting.department,
        "state": detail.state,
        "court": detail.court,
        "channel": detail.channel,
        "kind": detail.kind,
        "priority": detail.priority,
        "tags": list(detail.tags),
        "received_at": times.of(detail.received_at),
        "due_at": times.of(detail.due_at),
        "next_at": times.of(detail.next_at),
        "first_answered_at": times.of(detail.first_answered_at),
        "resolved_at": times.of(detail.resolved_at),
        "resolution": detail.resolution,
        "resolve_by": times.of(detail.resolve_by),
        "due_for": detail.due_for,
        "escalation": None
        if detail.escalated_at is None
        else {
            "at": times.of(detail.escalated_at),
            "to": detail.escalated_to,
            "why": detail.escalated_why,
        },
        "clocks": [
            {
                "name": clock.name,
                "due_at": times.of(clock.due_at),
                "left_minutes": minutes(clock.left),
                "chased": clock.chased,
            }
            for clock in clocks.running
        ],
        "burnt_minutes": {
            "mine": minutes(clocks.spent.mine),
            "departments": minutes(clocks.spent.departments),
            "customer": minutes(clocks.spent.customers),
        },
        "activities": [
            {
                "at": times.of(activity.at),
                "actor": activity.actor,
                "event": activity.event,
                "text": activity.text,
                "channel": activity.channel,
                "department": activity.department,
                "until": times.of(activity.until),
                "changes": activity.changes,
                "mail": serialize_mail.activity_mail(activity.mail),
                "outgoing": serialize_mail.activity_outgoing(activity.outgoing, times),
            }
            for activity in detail.activities
        ],
        "forwards": [
            {
                "id": forward.id,
                "department": forward.department,
                "question": forward.question,
                "asked_at": times.of(forward.asked_at),
                "due_at": times.of(forward.due_at),
                "answer": forward.answer,
                "answered_at": times.of(forward.answered_at),
                "withdrawn_at": times.of(forward.withdrawn_at),
                "chased": forward.chased,
                "next_at": times.of(forward.next_at) if forward.is_open else None,
            }
            for forward in detail.forwards
        ],
        "reminders": [reminder(row, times) for row in detail.reminders],
    }


def minutes(work: timedelta) -> int:
    """Whole minutes of business time, towards nothing: minus one is a minute over."""
    return int(work.total_seconds() / 60)


def reminder(row: ReminderRow, times: LocalTimes) -> dict[str, Any]:
    """A reminder, and what it hangs on; `every` is an RRULE, null where it comes once."""
    return {
        "id": row.id,
        "at": times.of(row.at),
        "text": row.text,
        "kind": row.kind,
        "number": row.number,
        "customer": row.customer,
        "done_at": times.of(row.done_at),
        "every": row.every or None,
        "whom": row.whom or None,
        "outcome": row.outcome,
    }


def customer_row(row: CustomerRow) -> dict[str, Any]:
    """A customer as the list of customers prints them."""
    return {
        "id": row.id,
        "name": row.name,
        "organisation": row.organisation,
        "vip": row.vip,
        "prefers": row.prefers,
        "open": row.open_count,
        "resolved": row.resolved_count,
    }


def customer(
    detail: CustomerDetail, next_contact: datetime | None, times: LocalTimes
) -> dict[str, Any]:
    """A customer whole, with the newest of their requests; `every` is an RRULE."""
    return {
        "id": detail.id,
        "name": detail.name,
        "organisation": detail.organisation,
        "vip": detail.vip,
        "prefers": detail.prefers,
        "preferences": detail.preferences,
        "notes": detail.notes,
        "since": times.of(detail.since),
        "every": detail.rhythm or None,
        "last_contact_at": times.of(detail.last_contact),
        "next_contact_at": times.of(next_contact),
        "addresses": [
            {"kind": address.kind, "value": address.value} for address in detail.addresses
        ],
        "open": detail.open_count,
        "resolved": detail.resolved_count,
        "requests": [
            {
                "number": past.number,
                "subject": past.subject,
                "state": past.state,
                "court": past.court,
                "received_at": times.of(past.received_at),
                "resolved_at": times.of(past.resolved_at),
                "resolution": past.resolution,
            }
            for past in detail.history
        ],
    }


def department(row: DepartmentRow, levels: Levels, times: LocalTimes) -> dict[str, Any]:
    """A department; times as a person writes them, in business time.

    `answer_within` is what the department itself says, `in_force` what the service levels make
    of it for every priority.
    """
    from poc_tui.models.values import Priority
    from poc_tui.rules.service.business_time import say_work

    usual = timedelta(minutes=row.answer_within)
    return {
        "id": row.id,
        "name": row.name,
        "remit": row.remit,
        "contact": row.contact,
        "deputy": row.deputy,
        "lead": row.lead,
        "answer_within": say_work(usual),
        "in_force": {
            priority.value: say_work(levels.answer_within(row.name, usual, priority))
            for priority in Priority
        },
        "open_forwards": row.open_forwards,
        "retired_at": times.of(row.retired_at),
    }
