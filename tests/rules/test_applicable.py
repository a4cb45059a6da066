"""What makes sense for a request as it stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from poc_tui.commands import COMMANDS
from poc_tui.rules.applicable import meets, refusal, skipped

NOW = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
SOON = NOW + timedelta(hours=1)


class Stands(NamedTuple):
    state: str = "open"
    court: str | None = "me"
    customer: str | None = "Meyer AG"
    waiting_for: str | None = None
    chase_at: datetime | None = None
    snoozed_until: datetime | None = None


NEW = Stands("new")
MINE = Stands()
ASKED = Stands(court="department", waiting_for="Technical")
INTERIM = Stands(waiting_for="Technical")
CUSTOMERS = Stands(court="customer")
RESOLVED = Stands("resolved", None)


def able(stands: Stands) -> set[str]:
    """The verbs on requests that do not fail there."""
    verbs = (command for command in COMMANDS if command.scope == "request" and command.dialog)
    return {verb.id for verb in verbs if meets(stands, verb.needs, NOW)}


def suited(stands: Stands) -> list[str]:
    """The verbs that the footer shows there, in its order."""
    verbs = sorted(
        (c for c in COMMANDS if c.footer and c.scope == "request"), key=lambda c: c.footer
    )
    return [v.id for v in verbs if meets(stands, v.needs, NOW) and meets(stands, v.suits, NOW)]


def test_what_is_resolved_is_reopened_and_not_answered() -> None:
    assert able(RESOLVED) == {"log", "note", "remind", "promise", "reopen"}
    for stands in (NEW, MINE, ASKED, INTERIM, CUSTOMERS):
        assert "reopen" not in able(stands)
        assert {"answer", "resolve", "forward", "triage", "snooze", "escalate"} <= able(stands)


def test_only_a_department_that_was_asked_is_chased() -> None:
    assert [stands for stands in (NEW, MINE, ASKED, INTERIM, CUSTOMERS, RESOLVED)
            if "chase" in able(stands)] == [ASKED, INTERIM]  # fmt: skip


@pytest.mark.parametrize(
    ("stands", "first"),
    [(NEW, "triage"), (ASKED, "log"), (INTERIM, "log"), (CUSTOMERS, "log"), (RESOLVED, "reopen")],
)
def test_what_one_does_next_comes_first(stands: Stands, first: str) -> None:
    assert suited(stands)[0] == first


def test_only_an_answer_whose_time_is_up_is_overdue() -> None:
    assert meets(ASKED._replace(chase_at=NOW - timedelta(minutes=1)), "overdue", NOW)
    assert not meets(ASKED._replace(chase_at=SOON), "overdue", NOW)
    assert not meets(MINE, "overdue", NOW)


def test_a_snooze_that_is_over_is_none() -> None:
    assert meets(MINE._replace(snoozed_until=SOON), "snoozed", NOW)
    assert not meets(MINE._replace(snoozed_until=NOW), "snoozed", NOW)
    assert not meets(MINE, "snoozed", NOW)


def test_only_who_is_known_can_be_looked_at() -> None:
    assert meets(MINE, "customer", NOW)
    assert not meets(Stands(customer=None), "customer", NOW)


def test_what_is_left_out_is_named_with_its_reason() -> None:
    assert skipped("unresolved", []) == ""
    assert skipped("unresolved", [1039]) == "skipped #1039 (resolved)"
    assert skipped("resolved", [1, 2]) == "skipped #1, #2 (not resolved)"
    assert skipped("asked", [1, 2, 3, 4]) == "skipped #1, #2 and 2 more (asks no department)"


def test_guesses_are_taken_of_what_nobody_has_looked_at() -> None:
    assert [stands for stands in (NEW, MINE, ASKED, RESOLVED) if meets(stands, "new")] == [NEW]
    assert refusal("new", [7]).startswith("#7 is not new")
