"""When the desk suggests that somebody above should know."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from poc_tui.rules.dates.format import short_span
from poc_tui.rules.service.levels import EscalationRule


class EscalationSigns(NamedTuple):
    """What of an open request speaks for escalating it."""

    late_by: timedelta
    """How long the customer's clock, or a department's, is over; nothing or less: it is not."""
    priority: str
    vip: bool
    chased: int
    """The most steps of the chase ladder taken for one open forward."""
    reopened: int


def reasons(signs: EscalationSigns, suggesting: EscalationRule) -> tuple[str, ...]:
    """Why to escalate, the gravest first; empty where nothing speaks for it."""
    late = signs.late_by > timedelta(0)
    found = [
        (suggesting.late and late, f"late by {short_span(signs.late_by)}"),
        (suggesting.critical and signs.priority == "critical", "critical"),
        (0 < suggesting.chased <= signs.chased, f"chased {_times(signs.chased)}"),
        (0 < suggesting.reopened <= signs.reopened, f"reopened {_times(signs.reopened)}"),
        (suggesting.vip and signs.vip, "VIP"),
    ]
    return tuple(reason for holds, reason in found if holds)


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")
