"""The first column of the queue: nine cells that say when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from poc_tui.rules import when

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "state", "court", "dates"),
    [
        ("late 2h", "open", "me", {"due_at": NOW - 2 * HOUR, "next_at": NOW - 2 * HOUR}),
        ("late 12d", "open", "department", {"due_at": NOW - 300 * HOUR, "next_at": NOW}),
        ("late 5m", "new", "me", {"due_at": NOW - HOUR / 12, "next_at": NOW}),
        ("new", "new", "me", {"next_at": NOW}),
        ("new 20m", "new", "me", {"received_at": NOW - HOUR / 3, "next_at": NOW - HOUR / 3}),
        ("chase 3h", "open", "department", {"due_at": NOW + HOUR, "next_at": NOW - 3 * HOUR}),
        ("over 3h", "open", "customer", {"next_at": NOW - 3 * HOUR}),
        ("11:00", "open", "me", {"due_at": NOW + HOUR * 1.8, "next_at": NOW - HOUR}),
        ("now", "open", "me", {"next_at": NOW - HOUR}),
        ("late 3h", "open", "me", {"due_at": NOW + HOUR, "resolve_by": NOW - 3 * HOUR}),
        ("10:12", "open", "me", {"due_at": NOW + 2 * HOUR, "resolve_by": NOW + HOUR}),
        ("chase 14w", "open", "department", {"next_at": NOW - 99 * 24 * HOUR}),
        ("Fri 14:00", "open", "me", {"due_at": datetime(2026, 11, 27, 13, tzinfo=UTC)}),
        ("30 Nov", "open", "me", {"due_at": datetime(2026, 11, 30, 13, tzinfo=UTC)}),
        ("3 Jan 27", "open", "me", {"due_at": datetime(2027, 1, 3, 13, tzinfo=UTC)}),
        ("Tue 09:00", "open", "me", {"snoozed_until": datetime(2026, 11, 24, 8, tzinfo=UTC)}),
        ("08:00", "resolved", None, {"resolved_at": datetime(2026, 11, 23, 7, tzinfo=UTC)}),
        ("3 Mar 25", "resolved", None, {"resolved_at": datetime(2025, 3, 3, 7, tzinfo=UTC)}),
    ],
)
def test_what_the_column_says(
    said: str, state: str, court: str | None, dates: dict[str, datetime]
) -> None:
    none = dict.fromkeys(("due_at", "resolve_by", "next_at", "snoozed_until", "resolved_at"))
    known = {"received_at": NOW} | none | dates
    label = when.label(state=state, court=court, now=NOW, zone=BERLIN, **known)  # type: ignore[arg-type]
    assert label == said
    assert len(label) <= when.WIDTH


@pytest.mark.parametrize(
    ("court", "due", "then", "late"),
    [
        ("me", -1, -1, True),
        ("me", +1, -1, False),
        ("me", None, -1, False),
        ("department", +1, -1, True),
        ("customer", None, -1, True),
        ("customer", None, +1, False),
        (None, None, None, False),
    ],
)
def test_late_is_a_date_given_to_somebody_that_has_passed(
    court: str | None, due: int | None, then: int | None, late: bool
) -> None:
    due_at = None if due is None else NOW + due * HOUR
    next_at = None if then is None else NOW + then * HOUR
    late_now = when.is_late(court=court, due_at=due_at, resolve_by=None, next_at=next_at, now=NOW)
    assert late_now is late


def test_late_is_also_what_should_have_been_resolved() -> None:
    assert when.is_late(court="me", due_at=NOW + HOUR, resolve_by=NOW - HOUR, next_at=NOW, now=NOW)
