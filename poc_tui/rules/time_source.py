"""Time as it is handed in: what now is, and which zone the person sits in.

Inside the program every moment is an aware UTC `datetime` of whole seconds; a zone is used only
to read what a person typed and to show them a time.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

MOST_BACK = timedelta(days=1)
"""Clocks are set back by seconds, and those of two computers differ by minutes; by more than this
one of them is wrong."""


class Clock(Protocol):
    """Something that tells the time and knows where it is."""

    @property
    def zone(self) -> tzinfo:
        """The zone in which the person reads and types times."""
        ...

    def now(self) -> datetime:
        """The present moment, aware UTC, whole seconds."""
        ...


class SystemZone(tzinfo):
    """The zone of this computer, with its daylight saving rules for every date.

    `datetime.astimezone()` alone gives a fixed offset, right for that moment only; this asks the
    operating system again for each date, so that arithmetic across a change of the clocks holds.
    """

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """What is added to UTC at that wall time."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Unknown: the operating system tells the offset only."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        """The short name at that wall time, such as `CET`."""
        return None if dt is None else dt.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, dt: datetime) -> datetime:
        """The wall time at a moment in UTC; `fold` is 1 in an hour that comes again."""
        whole = int(dt.replace(tzinfo=UTC, microsecond=0).timestamp())
        local = datetime.fromtimestamp(whole)  # noqa: DTZ006 - the zone of this computer is meant
        return local.replace(tzinfo=self, microsecond=dt.microsecond)

    def __repr__(self) -> str:
        return "SystemZone()"


class SystemClock:
    """The computer's own clock."""

    def __init__(self, zone: tzinfo | None = None) -> None:
        self.zone = zone or SystemZone()

    def now(self) -> datetime:
        """The present moment, aware UTC, whole seconds."""
        return datetime.now(UTC).replace(microsecond=0)


def set_back(now: datetime, newest: datetime, zone: tzinfo) -> str | None:
    """What to say where the clock stands more than `MOST_BACK` before the newest activity of a
    request or of the store; None where it does not. Both are aware."""
    if newest - now <= MOST_BACK:
        return None
    stands, came = (f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for at in (now, newest))
    return (
        f"the last entry is of {came}, and this computer's clock says {stands}; "
        "set the clock, and look at the dates of what was done meanwhile"
    )


class FixedClock:
    """A clock that stands at `at` until it is moved."""

    def __init__(self, at: datetime, zone: tzinfo = UTC) -> None:
        self.at = at
        self.zone = zone

    def now(self) -> datetime:
        """The moment at which it stands, aware UTC, whole seconds."""
        return self.at.astimezone(UTC).replace(microsecond=0)

    def advance(self, by: timedelta) -> None:
        """Move on by that much."""
        self.at += by
