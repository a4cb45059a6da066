"""When somebody must hear from us, and when we look again; all counted in business time.

The customer's clock has three targets. The first answer and the next update count from a moment:
when the request came, or when the customer was last promised a word. The resolution counts what
was spent while the move was mine or a department's, so it stands still while it is the
customer's. Every forward has a clock of its own, with the rungs of the chase ladder on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from poc_tui.errors import NotUnderstood
from poc_tui.rules.court import CUSTOMER
from poc_tui.rules.service.business_time import add, elapsed
from poc_tui.rules.service.levels import Facts, Levels, Rung, Target
from poc_tui.rules.service.opening_hours import FURTHEST, Hours, closes, next_open
from poc_tui.rules.service.turns import Turn

_SHORTEST_STEP = timedelta(minutes=30)
"""Between two steps of the ladder there is at least so much business time to answer in."""


class DueFor(StrEnum):
    """What a due date is for."""

    FIRST_ANSWER = "first-answer"
    NEXT_UPDATE = "next-update"
    GIVEN = "given"
    """A person said so; no change of the service levels moves it."""


class DueDate(NamedTuple):
    """When the customer must hear from us, what for, and from when it was counted (aware UTC)."""

    at: datetime
    purpose: DueFor
    since: datetime


class Deadlines(NamedTuple):
    """How long things may take, and the hours in which that time passes."""

    hours: Hours
    levels: Levels

    def first_answer(self, facts: Facts, received_at: datetime) -> DueDate:
        """When the customer must hear from us for the first time."""
        target = self.levels.of(facts).first_answer
        return DueDate(self._by(target, received_at), DueFor.FIRST_ANSWER, received_at)

    def next_update(self, facts: Facts, since: datetime) -> DueDate:
        """When the customer must hear from us again."""
        target = self.levels.of(facts).next_update
        return DueDate(self._by(target, since), DueFor.NEXT_UPDATE, since)

    def while_ours(
        self, facts: Facts, received_at: datetime, first_answered_at: datetime | None, now: datetime
    ) -> DueDate:
        """When the customer must hear from us, where nobody said: while the move is mine or a
        department's their clock runs, so there always is such a date."""
        if first_answered_at is None:
            return self.first_answer(facts, received_at)
        return self.next_update(facts, now)

    def anew(self, facts: Facts, due: DueDate) -> DueDate:
        """A due date as these levels have it; one that was given stays."""
        if due.purpose == DueFor.FIRST_ANSWER:
            return self.first_answer(facts, due.since)
        return self.next_update(facts, due.since) if due.purpose == DueFor.NEXT_UPDATE else due

    def resolve_by(
        self, facts: Facts, turns: Iterable[Turn], due: DueDate | None = None
    ) -> datetime | None:
        """When it must be, or should have been, resolved; None where there is no target.

        `turns` are all there were, oldest first; the present one, which is not the customer's,
        comes last. What comes after a gap was reopened: it has what was left of its time, and the
        time of an update at the very least. Where `due` was given by a person, it is the word that
        counts: a target that comes no later is none until that date is met.
        """
        at = self._used_up(facts, turns)
        given = due is not None and due.purpose == DueFor.GIVEN
        return None if given and due is not None and at is not None and at <= due.at else at

    def _used_up(self, facts: Facts, turns: Iterable[Turn]) -> datetime | None:
        """When the time to resolve it is used up, whatever anybody said."""
        target = self.levels.of(facts).resolution
        if target is None:
            return None
        left, used_up, ended = _whole(target), None, None
        for turn in turns:
            if ended is not None and turn.since > ended:
                update = self.next_update(facts, turn.since).at
                left, used_up = max(left, elapsed(self.hours, turn.since, update)), None
            ended = turn.until
            if turn.court == CUSTOMER:
                # What is over stays over by as much: their time is not counted against us.
                if used_up is not None and turn.until is not None:
                    theirs = elapsed(self.hours, turn.since, turn.until)
                    used_up = self._however_long(used_up, theirs)
            elif used_up is None:
                at = self._after(turn.since, left)
                if turn.until is None or at <= turn.until:
                    left, used_up = timedelta(0), at
                else:
                    left -= elapsed(self.hours, turn.since, turn.until)
        return used_up

    def check_back_at(self, answered_at: datetime) -> datetime:
        """When to look whether the customer replied (aware UTC)."""
        return self._after(answered_at, self.levels.check_back)

    def forward_due(
        self, department: str, usual: timedelta, priority: str, asked_at: datetime
    ) -> datetime:
        """When a department's answer is expected; `usual` is the department's own answer-within."""
        within = self.levels.answer_within(department, usual, priority)
        return self._after(asked_at, within)

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
                return max(at, self._after(now, _SHORTEST_STEP))
            between = ladder[chased].at - ladder[chased - 1].at
        else:
            between = ladder[-1].at - ladder[-2].at if len(ladder) > 1 else 1.0
        time = elapsed(self.hours, asked_at, due_at)
        step = max(time * between, _SHORTEST_STEP)
        return self._after(now, _whole(step))

    def rung(self, department: str, chased: int) -> Rung:
        """The step that is next after `chased` ones: the last comes again and again."""
        ladder = self.levels.ladder_of(department)
        return ladder[min(chased, len(ladder) - 1)]

    def _rung_at(self, rung: Rung, asked_at: datetime, due_at: datetime) -> datetime:
        time = elapsed(self.hours, asked_at, due_at)
        if rung.at < 1.0:
            return self._after(asked_at, _whole(time * rung.at))
        # From the date itself: it may have been given for an hour out of hours.
        return self._after(due_at, _whole(time * (rung.at - 1.0)))

    def _after(self, start: datetime, work: timedelta) -> datetime:
        """When so much business time has passed; ten years on where it takes longer than that.

        Hours that hardly open, or a share of a long target, must not keep a request from being
        handled.
        """
        return min(self._however_long(start, work), start + FURTHEST)

    def _however_long(self, start: datetime, work: timedelta) -> datetime:
        """When so much business time has passed; ten years on where that is never."""
        try:
            return add(self.hours, start, work)
        except NotUnderstood:
            return start + FURTHEST

    def _by(self, target: Target, since: datetime) -> datetime:
        moments: list[datetime] = []
        if target.work is not None:
            moments.append(self._after(since, _whole(target.work)))
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
