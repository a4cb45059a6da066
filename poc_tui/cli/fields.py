"""What each thing is as JSON; the names are those of the design and do not change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from poc_tui.store.reading.listing import Listed
    from poc_tui.store.records import (
        CustomerDetail,
        CustomerRow,
        DepartmentRow,
        ReminderRow,
        RequestDetail,
    )

_DAY = 86_400


class LocalTimes:
    """Moments as ISO 8601 in one zone, with offset, such as `2026-11-27T14:00:00+01:00`.

    A day on which the clocks do not change has one offset and one date, asked for once: asking for
    each of ten thousand moments takes longer than reading them from the store.
    """

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._days: dict[int, _Day | None] = {}

    def of(self, moment: datetime | None) -> str | None:
        """The aware moment, in the zone."""
        return None if moment is None else moment.astimezone(self._zone).isoformat()

    def of_seconds(self, seconds: int | None) -> str | None:
        """The moment that many seconds after the start of 1970, UTC."""
        if seconds is None:
            return None
        number = seconds // _DAY
        if number not in self._days:
            self._days[number] = self._day(number)
        day = self._days[number]
        if day is None:
            return datetime.fromtimestamp(seconds, self._zone).isoformat()
        ahead, time = divmod(seconds % _DAY + day.offset, _DAY)
        hour, rest = divmod(time, 3600)
        return f"{day.dates[ahead]}T{hour:02}:{rest // 60:02}:{rest % 60:02}{day.suffix}"

    def _day(self, number: int) -> _Day | None:
        """What holds on that day since 1970, UTC; None if the clocks change within."""
        start = datetime.fromtimestamp(number * _DAY, UTC)
        offset, after = (
            moment.astimezone(self._zone).utcoffset()
            for moment in (start, start + timedelta(days=1))
        )
        if offset is None or offset != after:
            return None
        dates = tuple((start + timedelta(days=ahead)).date().isoformat() for ahead in (0, 1, -1))
        suffix = start.astimezone(timezone(offset)).isoformat()[len("2026-11-27T14:00:00") :]
        return _Day(int(offset.total_seconds()), suffix, dates)


class _Day(NamedTuple):
    offset: int
    """Seconds ahead of UTC."""
    suffix: str
    dates: tuple[str, ...]
    """The local date of the moments that fall on the day itself, the next, and the one before."""


def requests(rows: Iterable[Listed], times: LocalTimes) -> Iterator[dict[str, Any]]:
    """Requests as a list prints them."""
    of = times.of_seconds
    for row in rows:
        yield {
            "number": row.number,
            "subject": row.subject,
            "text": row.text,
            "customer": row.customer,
            "department": row.department,
            "state": row.state,
            "court": row.court,
            "channel": row.channel,
            "kind": row.kind,
            "priority": row.priority,
            "tags": row.tags,
            "received_at": of(row.received_at),
            "due_at": of(row.due_at),
            "next_at": of(row.next_at),
            "first_answered_at": of(row.first_answered_at),
            "resolved_at": of(row.resolved_at),
            "resolution": row.resolution,
        }


def request(detail: RequestDetail, times: LocalTimes) -> dict[str, Any]:
    """A request whole: the fields of a list, then its activities, forwards and reminders."""
    waiting = min(detail.open_forwards, key=lambda forward: forward.due_at, default=None)
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
            }
            for forward in detail.forwards
        ],
        "reminders": [reminder(row, times) for row in detail.reminders],
    }


def reminder(row: ReminderRow, times: LocalTimes) -> dict[str, Any]:
    """A reminder, and what it hangs on."""
    return {
        "id": row.id,
        "at": times.of(row.at),
        "text": row.text,
        "kind": row.kind,
        "number": row.number,
        "customer": row.customer,
        "done_at": times.of(row.done_at),
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


def customer(detail: CustomerDetail, times: LocalTimes) -> dict[str, Any]:
    """A customer whole, with the newest of their requests."""
    return {
        "id": detail.id,
        "name": detail.name,
        "organisation": detail.organisation,
        "vip": detail.vip,
        "prefers": detail.prefers,
        "preferences": detail.preferences,
        "notes": detail.notes,
        "since": times.of(detail.since),
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


def department(row: DepartmentRow, times: LocalTimes) -> dict[str, Any]:
    """A department; `answer_within` as a person writes it, in business time."""
    from poc_tui.rules.business import say_work

    return {
        "id": row.id,
        "name": row.name,
        "remit": row.remit,
        "contact": row.contact,
        "deputy": row.deputy,
        "lead": row.lead,
        "answer_within": say_work(timedelta(minutes=row.answer_within)),
        "open_forwards": row.open_forwards,
        "retired_at": times.of(row.retired_at),
    }
