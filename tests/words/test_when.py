"""The first column of the queue: nine cells that say when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from poc_tui.rules.service import shown_date

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Row:
    """A request with the dates that a test is about; `at` is the date it is sorted by."""

    state: str = "open"
    court: str | None = "me"
    court_since: datetime | None = NOW - 72 * HOUR
    due_at: datetime | None = None
    resolve_by: datetime | None = None
    next_at: datetime | None = None
    snoozed_until: datetime | None = None
    resolved_at: datetime | None = None
    chase_at: datetime | None = None
    asleep: bool = False

    @property
    def at(self) -> datetime:
        if self.asleep:
            assert self.snoozed_until is not None
            return self.snoozed_until
        at = self.resolved_at or shown_date.first(self.due_at, self.resolve_by, self.next_at)
        assert at is not None
        return at


def berlin(month: int, day: int, hour: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=BERLIN)


LONG_AGO = NOW - 99 * 24 * HOUR


@pytest.mark.parametrize(
    ("said", "beside", "row"),
    [
        ("late 2h", (), Row(due_at=NOW - 2 * HOUR, next_at=NOW - 2 * HOUR)),
        ("late 12d", (), Row(court="department", due_at=NOW - 300 * HOUR, next_at=NOW)),
        ("late 5m", (), Row("new", due_at=NOW - HOUR / 12, next_at=NOW)),
        ("late 3h", (), Row(due_at=NOW + HOUR, resolve_by=NOW - 3 * HOUR)),
        ("now", ("no reply 3d",), Row(court="customer", next_at=NOW - 3 * HOUR)),
        ("now", (), Row(next_at=NOW - HOUR)),
        ("now", (), Row(due_at=NOW)),
        # what is new says by when it must be looked at
        ("new", (), Row("new", next_at=NOW - HOUR / 3)),
        ("new 10:12", (), Row("new", due_at=NOW + HOUR, next_at=NOW - HOUR)),
        ("new Fri", (), Row("new", due_at=berlin(11, 27, 14), next_at=NOW)),
        ("new 30Nov", (), Row("new", due_at=berlin(11, 30, 14), next_at=NOW)),
        ("new Jan28", (), Row("new", due_at=berlin(1, 30, 14, 2028), next_at=NOW)),
        # else the date itself
        ("11:00", (), Row(due_at=NOW + HOUR * 1.8, next_at=NOW - HOUR)),
        ("10:12", (), Row(due_at=NOW + 2 * HOUR, resolve_by=NOW + HOUR)),
        ("Fri 14:00", (), Row(due_at=berlin(11, 27, 14))),
        ("30 Nov", (), Row(due_at=berlin(11, 30, 14))),
        ("3 Jan 27", (), Row(due_at=berlin(1, 3, 14, 2027))),
        # what calls for more than that stands beside it
        (
            "10:12",
            ("chase 3h",),
            Row(court="department", due_at=NOW + HOUR, chase_at=NOW - 3 * HOUR),
        ),
        (
            "10:12",
            ("chase 14w",),
            Row(court="me", due_at=NOW + HOUR, next_at=NOW, chase_at=LONG_AGO),
        ),
        (
            "10:12",
            ("no reply 3d",),
            Row(court="customer", due_at=NOW + HOUR, next_at=NOW - 3 * HOUR),
        ),
        ("10:12", ("snoozed",), Row(due_at=NOW + HOUR, snoozed_until=NOW + 2 * HOUR)),
        # asleep it says when it comes back
        ("Tue 09:00", (), Row(snoozed_until=berlin(11, 24, 9), asleep=True)),
        (
            "Tue 09:00",
            ("late 1h",),
            Row(due_at=NOW - HOUR, snoozed_until=berlin(11, 24, 9), asleep=True),
        ),
        ("08:00", (), Row("resolved", None, resolved_at=berlin(11, 23, 8))),
        ("3 Mar 25", (), Row("resolved", None, resolved_at=berlin(3, 3, 8, 2025))),
    ],
)
def test_what_a_row_says(said: str, beside: tuple[str, ...], row: Row) -> None:
    label = shown_date.label(row, NOW, BERLIN)
    assert (label, shown_date.leads(row, NOW)) == (said, beside)
    assert len(label) <= shown_date.WIDTH


@pytest.mark.parametrize(
    ("late", "row"),
    [
        (True, Row(due_at=NOW - HOUR, next_at=NOW - HOUR)),
        (True, Row(due_at=NOW + HOUR, resolve_by=NOW - HOUR)),
        (False, Row(due_at=NOW + HOUR, next_at=NOW - HOUR)),
        (False, Row(next_at=NOW - HOUR)),
        (False, Row(due_at=NOW)),
        (True, Row(court="department", due_at=NOW + HOUR, next_at=NOW - HOUR)),
        (True, Row(court="customer", next_at=NOW - HOUR)),
        (False, Row(court="customer", next_at=NOW + HOUR)),
        # a question to a department that is overdue, whoever's move it is
        (True, Row(court="customer", next_at=NOW + HOUR, chase_at=NOW - HOUR)),
        (True, Row(court="me", due_at=NOW + HOUR, chase_at=NOW - HOUR)),
        (False, Row(court="me", due_at=NOW + HOUR, chase_at=NOW + HOUR)),
        (False, Row("resolved", None, resolved_at=NOW - HOUR)),
    ],
)
def test_late_is_a_date_given_to_somebody_that_has_passed(late: bool, row: Row) -> None:
    assert shown_date.is_late(row, NOW) is late
