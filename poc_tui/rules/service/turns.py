"""Whose move it was and for how long: the time spent on each clock.

A request's life is a row of turns, one after the other, each in one court. The customer's clock
runs through my turn and the departments' and stands still in the customer's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from poc_tui.rules.court import CUSTOMER, DEPARTMENT, ME
from poc_tui.rules.service.business_time import elapsed
from poc_tui.rules.service.opening_hours import Hours


class Turn(NamedTuple):
    """A time in which the move was somebody's (aware UTC); `until` is None for the present one."""

    court: str
    since: datetime
    until: datetime | None


class SpentTime(NamedTuple):
    """Business time that went by while the move was each one's."""

    my_turn: timedelta
    with_departments: timedelta
    with_customer: timedelta

    @property
    def ours(self) -> timedelta:
        """What the customer waited for: the time that their clock ran."""
        return self.my_turn + self.with_departments


def spent_time(hours: Hours, turns: Iterable[Turn], now: datetime) -> SpentTime:
    """What has gone by in each court until `now`."""
    spent = dict.fromkeys((ME, DEPARTMENT, CUSTOMER), timedelta(0))
    for turn in turns:
        spent[turn.court] += elapsed(hours, turn.since, turn.until or now)
    return SpentTime(spent[ME], spent[DEPARTMENT], spent[CUSTOMER])
