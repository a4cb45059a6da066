"""When somebody must hear from us, and when we look again; all counted in business time.

The customer's clock has three targets. The first answer and the next update count from a moment:
when the request came, or when the customer was last promised a word. The resolution counts what
was burnt while the move was mine or a department's, so it stands still while it is the
customer's. Every forward has a clock of its own, with the rungs of the chase ladder on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from poc_tui.errors import NotUnderstood
from poc_tui.rules.business import Hours, add, closes, elapsed, next_open
from poc_tui.rules.levels import Facts, Levels, Rung, Target

_SHORTEST_STEP = timedelta(minutes=30)
"""Between two steps of the ladder there is at least so much business time to answer in."""


class Aim(StrEnum):
    """What a due date is for."""

    FIRST_ANSWER = "first-answer"
    NEXT_UPDATE = "next-update"
    GIVEN = "given"
    """A person said so; no change of the service levels moves it."""


class Due(NamedTuple):
    """When the customer must hear from us, what for, and from when it was counted (aware UTC)."""

    at: datetime
    aim: Aim
    since: datetime


@dataclass(frozen=True)
class Deadlines:
    """How long things may take, and the hours in which that time passes."""

    hours: Hours
    levels: Levels

    def first_answer(self, facts: Facts, received_at: datetime) -> Due:
        """When the customer must hear from us for the first time."""
        target = self.levels.of(facts).first_answer
        return Due(self._by(target, received_at), Aim.FIRST_ANSWER, received_at)

    def next_update(self, facts: Facts, since: datetime) -> Due:
        """When the customer must hear from us again."""
        target = self.levels.of(facts).next_update
        return Due(self._by(target, since), Aim.NEXT_UPDATE, since)

    def while_ours(
        self,
        facts: Facts,
        received_at: datetime,
        first_answered_at: datetime | None,
        now: datetime,
    ) -> Due:
        """When the customer must hear from us, where nobody said: while the move is mine or a
        department's their clock runs, so there always is such a date."""
        if first_answered_at is None:
            return self.first_answer(facts, received_at)
        return self.next_update(facts, now)

    def again(self, aim: Aim, facts: Facts, since: datetime) -> datetime:
        """A due date that was counted from `since`, as these levels have it. Not for one that
        was given."""
        if aim == Aim.FIRST_ANSWER:
            return self.first_answer(facts, since).at
        return self.next_update(facts, since).at

    def resolve_by(
        self, facts: Facts, spent: timedelta, since: datetime, *, at_least: timedelta | None = None
    ) -> datetime | None:
        """When it must be resolved if the customer's clock, which had burnt `spent` by `since`,
        runs on; None where there is no target.

        `at_least` is what is left at the very least: a request that is reopened after its time
        was used up still gets the time of an update.
        """
        target = self.levels.of(facts).resolution
        if target is None:
            return None
        left = max(target - spent, at_least or timedelta(0))
        return add(self.hours, since, left)

    def check_back_at(self, answered_at: datetime) -> datetime:
        """When to look whether the customer replied (aware UTC)."""
        return add(self.hours, answered_at, self.levels.check_back)

    def forward_due(
        self, department: str, usual: timedelta, priority: str, asked_at: datetime
    ) -> datetime:
        """When a department's answer is expected; `usual` is the department's own answer-within."""
        within = self.levels.answer_within(department, usual, priority)
        return add(self.hours, asked_at, within)

    def first_chase(self, department: str, asked_at: datetime, due_at: datetime) -> datetime:
        """When the first step of the department's ladder is due."""
        return self._rung_at(self.levels.ladder_of(department)[0], asked_at, due_at)

    def next_chase(
        self, department: str, chased: int, asked_at: datetime, due_at: datetime, now: datetime
    ) -> datetime:
        """When the next step is due, now that `chased` steps were taken.

        It is the rung's own moment; where that is past, because nobody chased in time, the
        department gets the time between the two rungs once more. Above the last rung that rung
        comes again, each time after as long as it took from the one before.
        """
        ladder = self.levels.ladder_of(department)
        if chased < len(ladder):
            at = self._rung_at(ladder[chased], asked_at, due_at)
            if at > now:
                return at
            between = ladder[chased].at - ladder[chased - 1].at
        else:
            between = ladder[-1].at - ladder[-2].at if len(ladder) > 1 else 1.0
        step = max(elapsed(self.hours, asked_at, due_at) * between, _SHORTEST_STEP)
        return add(self.hours, now, _whole(step))

    def rung(self, department: str, chased: int) -> Rung:
        """The step that is next after `chased` ones: the last comes again and again."""
        ladder = self.levels.ladder_of(department)
        return ladder[min(chased, len(ladder) - 1)]

    def _rung_at(self, rung: Rung, asked_at: datetime, due_at: datetime) -> datetime:
        if rung.at == 1.0:
            return due_at
        return add(self.hours, asked_at, _whole(elapsed(self.hours, asked_at, due_at) * rung.at))

    def _by(self, target: Target, since: datetime) -> datetime:
        moments: list[datetime] = []
        if target.work is not None:
            moments.append(add(self.hours, since, _whole(target.work)))
        if target.same_day:
            moments.append(closing_after(self.hours, since))
        return min(moments)


def closing_after(hours: Hours, moment: datetime) -> datetime:
    """When the business day ends in which `moment` lies, or before which it lies (aware UTC)."""
    opening = next_open(hours, moment)
    closing = closes(hours, opening.astimezone(hours.zone).date())
    if closing is None:
        raise NotUnderstood("The day opens but never closes. Correct the business hours.")
    return closing


def _whole(span: timedelta) -> timedelta:
    """Whole seconds, as moments are kept."""
    return timedelta(seconds=round(span.total_seconds()))
