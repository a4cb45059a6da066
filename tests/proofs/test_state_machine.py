"""The invariants of the design, under thousands of steps of every verb with a moving clock.

The steps are the same in every run. `POC_STEPS=100000 pytest tests/proofs/test_state_machine.py`
takes that many, chosen anew each time. What fails is told as the shortest sequence that fails.
"""

from __future__ import annotations

import os
import secrets
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, seed, settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from poc_tui.quick import add
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import connection
from poc_tui.store.migrations import migrate
from tests.proofs.state_machine.arrival import Arrival
from tests.proofs.state_machine.conversation import Conversation
from tests.proofs.state_machine.departments import Departments
from tests.proofs.state_machine.escalation import Escalation
from tests.proofs.state_machine.levels import ServiceLevels
from tests.proofs.state_machine.machine import copy_of
from tests.proofs.state_machine.mail import Post
from tests.proofs.state_machine.people import People
from tests.proofs.state_machine.time_and_undo import TimeAndUndo
from tests.proofs.state_machine.waiting import Waiting

BERLIN = ZoneInfo("Europe/Berlin")

STEPS = 7200
"""How many steps all starts take together, unless POC_STEPS says otherwise."""

FEW = 240
"""Steps that `make test` takes from the first start."""

IN_A_ROW = 80
"""Steps from one new store to its end; each run begins with few requests and ends with many."""

STARTS = {
    "a Monday": datetime(2026, 11, 23, 9, 12, tzinfo=BERLIN),
    "before the clocks go back": datetime(2026, 10, 23, 16, 50, tzinfo=BERLIN),
    "before the clocks go forward": datetime(2027, 3, 26, 11, 0, tzinfo=BERLIN),
    "the end of a year": datetime(2027, 12, 30, 8, 59, 59, tzinfo=BERLIN),
}


class AnyVerb(
    Arrival,
    Departments,
    Conversation,
    Escalation,
    Waiting,
    People,
    ServiceLevels,
    Post,
    TimeAndUndo,
):
    """Every verb of the desk, in any order."""


@pytest.mark.parametrize(
    ("start", "few"),
    [
        pytest.param("a Monday", True, id="a few from a Monday"),
        *(pytest.param(start, False, id=start, marks=pytest.mark.proof) for start in STARTS),
    ],
)
def test_the_invariants_hold_after_every_step_and_undo_leads_back_to_the_start(
    start: str, few: bool, tmp_path: Path, deadlines: Deadlines, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (connection, add):
        # No power fails here, and waiting for the disk would take most of the time.
        monkeypatch.setattr(module, "PRAGMAS", (*module.PRAGMAS, "PRAGMA synchronous = OFF"))
    template = tmp_path / "new.sqlite3"
    migrate.ensure(str(template), FixedClock(STARTS[start].astimezone(UTC), BERLIN))

    more = None if few else os.environ.get("POC_STEPS")
    steps = FEW if few else int(more or STEPS) // len(STARTS)

    @seed(secrets.randbits(32) if more else list(STARTS).index(start))
    def machine() -> AnyVerb:
        clock = FixedClock(STARTS[start].astimezone(UTC), BERLIN)
        return AnyVerb(copy_of(template, tmp_path), clock, deadlines)

    run_state_machine_as_test(
        machine,  # type: ignore[arg-type]
        settings=hypothesis_settings(
            max_examples=max(1, steps // IN_A_ROW),
            stateful_step_count=IN_A_ROW,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
