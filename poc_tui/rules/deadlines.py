"""When somebody must hear from us, and when we look again; all counted in business time.

The starter values are what customers commonly expect of a channel: chat within minutes, phone the
same day, social web within the hour, e-mail one to two days, a letter within a week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from poc_tui.rules.business import Hours, add

_DAY = timedelta(hours=8)

FIRST_ANSWER: Mapping[str, timedelta] = MappingProxyType(
    {
        "chat": timedelta(minutes=30),
        "social": timedelta(hours=1),
        "phone": timedelta(hours=4),
        "in-person": timedelta(hours=4),
        "email": _DAY,
        "web": _DAY,
        "letter": 5 * _DAY,
    }
)

_SHARE = MappingProxyType({"critical": 0.25, "high": 0.5})
"""What hangs on more gets a share of the usual time."""


@dataclass(frozen=True)
class Deadlines:
    """How long things may take, in business time, and the hours in which it passes."""

    hours: Hours
    first_answer: Mapping[str, timedelta] = field(default_factory=lambda: FIRST_ANSWER)
    next_update: timedelta = 2 * _DAY
    check_back: timedelta = 3 * _DAY

    def first_answer_due(self, channel: str, priority: str, received_at: datetime) -> datetime:
        """When the customer must hear from us for the first time (aware UTC)."""
        within = self.first_answer.get(channel, _DAY) * _SHARE.get(priority, 1.0)
        return add(self.hours, received_at, within)

    def due_while_ours(
        self,
        channel: str,
        priority: str,
        received_at: datetime,
        first_answered_at: datetime | None,
        now: datetime,
    ) -> datetime:
        """When the customer must hear from us, where nobody said: while the move is mine or a
        department's their clock runs, so there always is such a date."""
        if first_answered_at is None:
            return self.first_answer_due(channel, priority, received_at)
        return self.next_update_due(now)

    def next_update_due(self, since: datetime) -> datetime:
        """When the customer must hear from us again (aware UTC)."""
        return add(self.hours, since, self.next_update)

    def check_back_at(self, answered_at: datetime) -> datetime:
        """When to look whether the customer replied (aware UTC)."""
        return add(self.hours, answered_at, self.check_back)

    def forward_due(self, answer_within: timedelta, asked_at: datetime) -> datetime:
        """When a department's answer is expected (aware UTC)."""
        return add(self.hours, asked_at, answer_within)
