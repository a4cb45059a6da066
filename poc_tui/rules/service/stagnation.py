"""Requests on which nothing has happened for too long, whoever's move it is."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.format import short_span
from poc_tui.rules.service.business_time import business_days_before

if TYPE_CHECKING:
    from poc_tui.rules.service.levels import Levels
    from poc_tui.rules.service.opening_hours import Hours

Cutoffs = Mapping[str, datetime]
"""For every priority the moment (aware UTC) before which the last activity is too long ago."""


def cutoffs(levels: Levels, hours: Hours, now: datetime) -> Cutoffs:
    """Since when nothing may have happened to a request for it to count as untouched at `now`.

    A priority whose days reach back over ten years is left out: it never is.
    """
    found: dict[str, datetime] = {}
    for priority, days in levels.stagnation.items():
        with suppress(NotUnderstood):
            found[priority] = business_days_before(hours, now, days)
    return found


def is_untouched(priority: str, touched_at: datetime, since: Cutoffs) -> bool:
    """Whether the last activity is longer ago than its priority allows."""
    return priority in since and touched_at < since[priority]


def label(touched_at: datetime, now: datetime) -> str:
    """How the queue says so: `untouched 6d`."""
    return f"untouched {short_span(now - touched_at)}"
