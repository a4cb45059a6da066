"""When the clocks of a zone change, and the rule behind it, as a calendar tells it (VTIMEZONE).

RFC 5545 (3.6.5): a change is told by the wall time that the old clock shows at that moment, and
by both offsets. Where the changes follow a rule such as "the last Sunday of March" from some year
on for as long as anybody looks ahead, that rule is told; where they do not, each by its date.
"""

from __future__ import annotations

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import groupby
from typing import NamedTuple

_STEP = timedelta(days=3)
"""No zone ever changed its clocks there and back in less: Freetown did in four days, in 1939."""
_QUARTER = timedelta(weeks=13)
_SURE = 4
"""Years in a row that make a rule."""
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class ZoneChange(NamedTuple):
    """One change of the clocks."""

    onset: datetime
    """Naive: what the clock before it shows at that moment."""
    before: timedelta
    """Offset from UTC before the change, and after."""
    after: timedelta
    name: str
    daylight: bool


class Observance(NamedTuple):
    """Changes to one offset: the first of them, and how it comes again."""

    first: ZoneChange
    rule: str
    """An RRULE; empty where there is none."""
    others: tuple[datetime, ...]
    """Where there is no rule: the onsets after the first."""


def observances(zone: tzinfo, first: int, last: int) -> tuple[Observance, ...]:
    """What a calendar is told of that zone, for the years from `first` to `last`.

    The earliest first; what holds when the first year begins is told as a change at its beginning.
    """
    start, stop = (datetime(year, 1, 1, tzinfo=UTC) for year in (first, last + 1))
    changes = [*_changes(zone, start, stop)]
    found = [Observance(_beginning(zone, start), "", ())]
    by_kind = sorted(changes, key=lambda change: (change[1:], change.onset))
    for _, group in groupby(by_kind, key=lambda change: change[1:]):
        found += _told([*group], last)
    return tuple(sorted(found, key=lambda one: one.first.onset))


def _beginning(zone: tzinfo, start: datetime) -> ZoneChange:
    local = start.replace(tzinfo=zone)
    offset = _offset(local)
    return ZoneChange(
        start.replace(tzinfo=None), offset, offset, local.tzname() or "", daylight=False
    )


def _changes(zone: tzinfo, start: datetime, stop: datetime) -> Iterator[ZoneChange]:
    # Ireland has a winter time that is an hour less than its standard one.
    usual = min(_saving(zone, start + n * _QUARTER) for n in range(5))
    at, before = start, _offset(start.astimezone(zone))
    while at < stop:
        later = at + _STEP
        after = _offset(later.astimezone(zone))
        if after != before:
            moment = _between(zone, at, later)
            daylight = _saving(zone, moment) > usual
            onset = moment.replace(tzinfo=None) + before
            name = moment.astimezone(zone).tzname() or ""
            yield ZoneChange(onset, before, after, name, daylight)
        at, before = later, after


def _between(zone: tzinfo, early: datetime, late: datetime) -> datetime:
    """The first second after the change."""
    before = _offset(early.astimezone(zone))

    def is_over(seconds: int) -> bool:
        return _offset((early + timedelta(seconds=seconds)).astimezone(zone)) != before

    passed = range((late - early) // timedelta(seconds=1))
    return early + timedelta(seconds=bisect_left(passed, True, key=is_over))


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta(0)


def _saving(zone: tzinfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).dst() or timedelta(0)


def _told(changes: Sequence[ZoneChange], last: int) -> Iterator[Observance]:
    """Changes of one kind: as many as follow one rule to the end by it, those before by date."""
    onsets = [change.onset for change in changes]
    rule, since = _rule_to_the_end(onsets, last)
    if rule:
        yield Observance(changes[since], rule, ())
    if since:
        yield Observance(changes[0], "", tuple(onsets[1:since]))


def _rule_to_the_end(onsets: Sequence[datetime], last: int) -> tuple[str, int]:
    """The rule of the last of these, and with which of them it begins; with none, behind all."""
    since, model = len(onsets), onsets[-1]
    place, weeks = (model.month, model.weekday(), model.time()), _weeks(model)
    for year, onset in zip(range(last, 0, -1), reversed(onsets), strict=False):
        same = (onset.year, onset.month, onset.weekday(), onset.time()) == (year, *place)
        if not same or not weeks & _weeks(onset):
            break
        weeks &= _weeks(onset)
        since -= 1
    if len(onsets) - since < _SURE:
        return "", len(onsets)
    day = f"{min(weeks)}{_CODES[model.weekday()]}"
    return f"FREQ=YEARLY;BYMONTH={model.month};BYDAY={day}", since


def _weeks(onset: datetime) -> frozenset[int]:
    """Which weekday of its month it can be said to be: the fourth, the last (-1), or both."""
    is_last = onset.day + 7 > monthrange(onset.year, onset.month)[1]
    return frozenset({(onset.day - 1) // 7 + 1} | ({-1} if is_last else set()))
