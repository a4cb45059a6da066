"""The running clocks of a request: how long each has left, and the time spent so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from poc_tui.rules.service.business_time import elapsed
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.service.turns import SpentTime, Turn, spent_time

_PURPOSES = {"first-answer": "first answer", "next-update": "next word", "given": "date given"}


class OpenForward(Protocol):
    """A forward that waits for its answer, due in aware UTC; `chased` counts the steps taken."""

    @property
    def department(self) -> str: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def chased(self) -> int: ...


class ClockedRequest(Protocol):
    """A request, as far as its clocks go: moments in aware UTC, turns oldest first."""

    @property
    def due_at(self) -> datetime | None: ...
    @property
    def due_for(self) -> str | None: ...
    @property
    def resolve_by(self) -> datetime | None: ...
    @property
    def open_forwards(self) -> Sequence[OpenForward]: ...
    @property
    def turns(self) -> Sequence[Turn]: ...


class SlaClock(NamedTuple):
    """One clock that runs."""

    name: str
    """`first answer`, `next word`, `date given`, `resolution`; for a forward its department."""
    due_at: datetime
    left: timedelta
    """Business time until then; negative: so much of it is over."""
    chased: int = 0
    """For a forward: how many steps of the chase ladder were taken."""


class SlaClocks(NamedTuple):
    """How a request stands with time."""

    running: tuple[SlaClock, ...]
    spent: SpentTime


def sla_clocks(request: ClockedRequest, hours: Hours, now: datetime) -> SlaClocks:
    """Every running clock of the request, the customer's first, and the time spent by whom."""
    clocks: list[SlaClock] = []
    if request.due_at is not None:
        name = _PURPOSES.get(request.due_for or "", "next word")
        clocks.append(SlaClock(name, request.due_at, left(hours, now, request.due_at)))
    if request.resolve_by is not None:
        by = request.resolve_by
        clocks.append(SlaClock("resolution", by, left(hours, now, by)))
    clocks += [
        SlaClock(asked.department, asked.due_at, left(hours, now, asked.due_at), asked.chased)
        for asked in request.open_forwards
    ]
    return SlaClocks(tuple(clocks), spent_time(hours, request.turns, now))


def left(hours: Hours, now: datetime, due_at: datetime) -> timedelta:
    """Business time from now until then; negative if that moment is past."""
    return elapsed(hours, now, due_at) if due_at >= now else -elapsed(hours, due_at, now)
