"""What each thing is as JSON; the names are those of the design and do not change."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from poc_tui.store.queries import listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from poc_tui.quick.json_text import LocalTimes
    from poc_tui.rules.service.levels import Levels
    from poc_tui.rules.service.sla_clocks import SlaClocks
    from poc_tui.store.records import (
        ActivityMail,
        CustomerDetail,
        CustomerRow,
        DepartmentRow,
        MailDetail,
        MailRow,
        OutgoingRow,
        ReminderRow,
        RequestDetail,
    )

_OF_REQUEST = f"{' '.join(listing.FIELDS)} resolve_by due_for"


def fields(record: tuple[Any, ...], names: str, times: LocalTimes) -> dict[str, Any]:
    """These fields of a record under their own names; moments with the offset of their zone."""
    values = {name: getattr(record, name) for name in names.split()}
    return {
        name: times.of(value) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


def request(detail: RequestDetail, clocks: SlaClocks, times: LocalTimes) -> dict[str, Any]:
    """A request whole: the fields of a list, then its clocks, activities, forwards, reminders."""
    spent = clocks.spent
    return {
        **fields(detail, f"{_OF_REQUEST} duplicate_of", times),
        "escalation": None
        if detail.escalated_at is None
        else {
            "at": times.of(detail.escalated_at),
            "to": detail.escalated_to,
            "why": detail.escalated_why,
        },
        "clocks": [
            {
                **fields(clock, "name due_at", times),
                "left_minutes": minutes(clock.left),
                "chased": clock.chased,
            }
            for clock in clocks.running
        ],
        "burnt_minutes": {
            "mine": minutes(spent.my_turn),
            "departments": minutes(spent.with_departments),
            "customer": minutes(spent.with_customer),
        },
        "activities": [
            {
                **fields(activity, "at actor event text channel department until changes", times),
                "mail": _activity_mail(activity.mail),
                "outgoing": _activity_outgoing(activity.outgoing, times),
            }
            for activity in detail.activities
        ],
        "forwards": [
            {
                **fields(forward, "id department question asked_at due_at answer", times),
                **fields(forward, "answered_at withdrawn_at chased", times),
                "next_at": times.of(forward.next_at) if forward.is_open else None,
            }
            for forward in detail.forwards
        ],
        "reminders": [reminder(row, times) for row in detail.reminders],
        "remarks": list(detail.remarks),
    }


def minutes(work: timedelta) -> int:
    """Whole minutes of business time, towards nothing: minus one is a minute over."""
    return int(work.total_seconds() / 60)


def reminder(row: ReminderRow, times: LocalTimes) -> dict[str, Any]:
    """A reminder, and what it hangs on; `every` is an RRULE, null where it comes once."""
    return {
        **fields(row, "id at text kind number customer done_at", times),
        "every": row.every or None,
        "whom": row.whom or None,
        "outcome": row.outcome,
    }


def customer_row(row: CustomerRow, times: LocalTimes) -> dict[str, Any]:
    """A customer as the list of customers prints them."""
    return {
        **fields(row, "id name organisation vip prefers", times),
        "open": row.open_count,
        "resolved": row.resolved_count,
    }


def customer(
    detail: CustomerDetail, next_contact: datetime | None, times: LocalTimes
) -> dict[str, Any]:
    """A customer whole, with the newest of their requests; `every` is an RRULE."""
    past = "number subject state court received_at resolved_at resolution duplicate_of"
    return {
        **fields(detail, "id name organisation vip prefers preferences notes since", times),
        "every": detail.rhythm or None,
        "last_contact_at": times.of(detail.last_contact),
        "next_contact_at": times.of(next_contact),
        "addresses": [fields(address, "kind value", times) for address in detail.addresses],
        "open": detail.open_count,
        "resolved": detail.resolved_count,
        "requests": [fields(row, past, times) for row in detail.history],
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
        **fields(row, "id name remit contact deputy lead", times),
        "answer_within": say_work(usual),
        "in_force": {
            priority.value: say_work(levels.answer_within(row.name, usual, priority))
            for priority in Priority
        },
        **fields(row, "open_forwards retired_at", times),
    }


def mail_row(row: MailRow | MailDetail, times: LocalTimes) -> dict[str, Any]:
    """A mail that came, as a list prints it: all but its words, which `poc mail show` has.

    `number` is the request that it belongs to.
    """
    return {
        **fields(row, "id number came_at sent_at sender sender_name subject nature", times),
        "parts": _parts(row.parts),
        "source": row.source,
        "aside_why": row.aside_why,
        "doubt": row.doubt,
    }


def mail(row: MailDetail, times: LocalTimes) -> dict[str, Any]:
    """A mail that came, whole."""
    return {
        **mail_row(row, times),
        **fields(row, "text quoted signature", times),
        "carrier": row.carrier or None,
        "reply_to": row.reply_to or None,
        "dismissed": row.dismissed,
        "original_sender": row.original or None,
        "original_sender_name": row.original_name or None,
        "trouble": row.trouble,
    }


def outgoing_row(row: OutgoingRow, times: LocalTimes) -> dict[str, Any]:
    """A mail of ours, as the outbox lists it."""
    return {
        **fields(row, "id number kind recipient subject state tries", times),
        **fields(row, "queued_at next_try_at sent_at", times),
        **fields(row, "send_at unless_answered copies files", times),
        "why": row.why or None,
    }


def outgoing(row: OutgoingRow, times: LocalTimes) -> dict[str, Any]:
    """A mail of ours, whole."""
    return {**outgoing_row(row, times), "text": row.text}


def _activity_mail(row: ActivityMail | None) -> dict[str, Any] | None:
    """The mail that made an activity; its text is the activity's."""
    if row is None:
        return None
    return {
        "id": row.id,
        "sender": row.sender,
        "sender_name": row.sender_name,
        "nature": row.nature,
        "parts": _parts(row.parts),
        "quoted_lines": row.quoted_lines,
        "also_to": [{"name": name, "address": address} for name, address in row.others],
        "doubt": row.doubt,
    }


def _activity_outgoing(row: OutgoingRow | None, times: LocalTimes) -> dict[str, Any] | None:
    """The mail of ours that carries an activity's words."""
    if row is None:
        return None
    shown = fields(row, "id recipient copies files send_at state tries next_try_at sent_at", times)
    return {**shown, "why": row.why or None}


def _parts(parts: Sequence[tuple[int, str, str, int]]) -> list[dict[str, Any]]:
    return [dict(zip(("part", "name", "type", "size"), part, strict=True)) for part in parts]
