"""How often something recurs: the part of RFC 5545's RRULE that this desk makes.

A rule is kept as text without the `RRULE:` before it, in one canonical form:

    FREQ=DAILY|WEEKLY|MONTHLY|YEARLY [;INTERVAL=n] [;BYDAY=MO,TU,...] [;BYMONTHDAY=n]
        [;BYSETPOS=n] [;BYHOUR=h;BYMINUTE=m]

With WEEKLY `BYDAY` holds plain weekdays. With MONTHLY it holds one, the first to fourth or one of
the last two of the month (`2TU`, `-1FR`); or Monday to Friday with `BYSETPOS`, the first to
twentieth or one of the last two of its workdays. `BYMONTHDAY` is one day (1 to 31, or -1 for the
last) and goes with MONTHLY only. A series has no end of its own (no COUNT, no UNTIL).

`BYHOUR` and `BYMINUTE` stand only where the time of day is one that clocks can skip: a series at
2:30 must know that time on the day on which it fell on 3:30.

One thing differs from RFC 5545 on purpose: where a month has no 29th, 30th or 31st, RFC 5545
leaves that month out, while here its last day is taken, as anybody means who wants to be reminded
"on the 31st of every month". `rules.recurrence.calendar_rule` says the same in RFC 5545's own
terms.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.format import ordinal
from poc_tui.rules.dates.months import month_end, months_on, nth_weekday, wall_moment
from poc_tui.rules.frozen import Frozen
from poc_tui.rules.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

DAILY, WEEKLY, MONTHLY, YEARLY = "DAILY", "WEEKLY", "MONTHLY", "YEARLY"

MOST = {DAILY: 3650, WEEKLY: 520, MONTHLY: 120, YEARLY: 10}
"""The longest interval of each: ten years. More is a slip of the finger."""

WORKDAYS = frozenset(range(5))
"""Monday to Friday; holidays are not left out."""

LAST_DAY = -1
"""As the day of a month: its last."""

_WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNIT_NAMES = {DAILY: "day", WEEKLY: "week", MONTHLY: "month", YEARLY: "year"}
_KEYS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYSETPOS", "BYHOUR", "BYMINUTE")
_LONGEST_RULE = 100
"""Characters; the longest rule there is has 86."""
_NTH_WEEKDAYS = frozenset((1, 2, 3, 4, -1, -2))
"""Every month has these; a fifth one not."""
_NTH_WORKDAYS = frozenset((*range(1, 21), -1, -2))
"""Every month has twenty workdays."""
_SURE_DAYS = 28
"""Every month has these."""


class Rule(Frozen):
    """A rule in parts.

    Raises:
        NotUnderstood: it is not in the grammar above.
    """

    freq: str
    interval: int = 1
    weekdays: frozenset[int] = frozenset()
    """Monday is 0; only with WEEKLY."""
    month_day: int | None = None
    """1 to 31 or LAST_DAY; only with MONTHLY."""
    nth: int | None = None
    """Which of the weekdays in the month, from the end if negative; only with MONTHLY."""
    clock: time | None = None
    """The time of day, where clocks can skip it."""

    def __post_init__(self) -> None:
        if not 1 <= self.interval <= MOST[self.freq]:
            unit = _UNIT_NAMES[self.freq]
            raise NotUnderstood(
                f"Every {self.interval} {unit}s cannot be. "
                f"Give a number from 1 to {MOST[self.freq]}."
            )
        if self.nth is not None:
            self._check_nth()
        elif self.weekdays and self.freq != WEEKLY:
            raise NotUnderstood("Weekdays go with weeks only, as in 'every 2 weeks on monday'.")
        if self.month_day is not None:
            if self.freq != MONTHLY:
                raise NotUnderstood("A day of the month goes with months only: monthly on the 1st.")
            if self.month_day != LAST_DAY and not 1 <= self.month_day <= 31:
                raise NotUnderstood(
                    f"There is no day {self.month_day} in a month. Days run from 1 to 31."
                )

    def _check_nth(self) -> None:
        one = len(self.weekdays) == 1
        if self.freq != MONTHLY or not (one or self.weekdays == WORKDAYS):
            raise NotUnderstood(
                "The first, second or last of several days goes with one weekday or with workdays, "
                "as in 'every last friday of the month'."
            )
        if self.nth not in (_NTH_WEEKDAYS if one else _NTH_WORKDAYS):
            most = "four, and a last one" if one else "twenty, and a last one"
            raise NotUnderstood(f"Not every month has so many of that day. Each has {most}.")

    def __str__(self) -> str:
        parts = [f"FREQ={self.freq}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            which = self.nth if self.nth is not None and len(self.weekdays) == 1 else ""
            codes = ",".join(_WEEKDAY_CODES[weekday] for weekday in sorted(self.weekdays))
            parts.append(f"BYDAY={which}{codes}")
            if self.nth is not None and which == "":
                parts.append(f"BYSETPOS={self.nth}")
        if self.month_day is not None:
            # The 31st is here the last day of every month, and -1 says so to a calendar too.
            parts.append(f"BYMONTHDAY={LAST_DAY if self.month_day == 31 else self.month_day}")
        if self.clock is not None:
            parts.append(f"BYHOUR={self.clock.hour};BYMINUTE={self.clock.minute}")
        return ";".join(parts)


def parse(text: str) -> Rule:
    """The parts of a rule as stored or imported, with or without `RRULE:`, in any case and order.

    Raises:
        NotUnderstood: this desk does not make such a rule, COUNT and UNTIL included.
    """
    found: dict[str, str] = {}
    rule = text.strip().upper().removeprefix("RRULE:") if len(text) <= _LONGEST_RULE else ""
    for part in rule.split(";"):
        key, _, value = part.partition("=")
        if key not in _KEYS or not value or key in found:
            raise _unknown(text)
        found[key] = value
    codes = found["BYDAY"].split(",") if "BYDAY" in found else []
    which = found.get("BYSETPOS")
    if len(codes) == 1 and which is None and codes[0][:-2]:
        which, codes = codes[0][:-2].removeprefix("+"), [codes[0][-2:]]
    elif which is not None and len(codes) == 1:
        raise _unknown(text)
    freq = found.get("FREQ")
    if freq not in MOST or not all(code in _WEEKDAY_CODES for code in codes):
        raise _unknown(text)
    month_day = found.get("BYMONTHDAY")
    return Rule(
        freq,
        _number(found.get("INTERVAL", "1"), text),
        frozenset(map(_WEEKDAY_CODES.index, codes)),
        None if month_day is None else _number(month_day, text),
        None if which is None else _number(which, text),
        _clock(found, text),
    )


def _clock(found: dict[str, str], text: str) -> time | None:
    if "BYHOUR" not in found and "BYMINUTE" not in found:
        return None
    hour, minute = (_number(found.get(key, "x"), text) for key in ("BYHOUR", "BYMINUTE"))
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        raise _unknown(text)
    return time(hour, minute)


def _number(value: str, text: str) -> int:
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 4):
        raise _unknown(text)
    return int(value)


def _unknown(text: str) -> NotUnderstood:
    return NotUnderstood(
        f"'{one_line(text, 40)}' is no rule that this desk keeps. It knows FREQ of DAILY, WEEKLY, "
        "MONTHLY or YEARLY with INTERVAL, weekdays in BYDAY, and one BYMONTHDAY."
    )


def check(rule: str) -> str:
    """The canonical form of a rule as stored or imported. Raises NotUnderstood as `parse` does."""
    return str(parse(rule))


def say(rule: str) -> str:
    """The rule in words that `recurrence.understand` reads again: "every 6 weeks"."""
    parts = parse(rule)
    unit = _UNIT_NAMES[parts.freq]
    every = f"every {unit}" if parts.interval == 1 else f"every {parts.interval} {unit}s"
    if parts.month_day is not None:
        is_last = parts.month_day in (LAST_DAY, 31)
        return f"{every} on the {'last day' if is_last else ordinal(parts.month_day)}"
    if parts.nth is not None:
        name = "workday" if len(parts.weekdays) > 1 else _listed(parts.weekdays)
        which = {-1: "last", -2: "second to last"}.get(parts.nth) or ordinal(parts.nth)
        return f"{every} on the {which} {name}"
    if not parts.weekdays:
        return every
    if parts.interval > 1:
        return f"{every} on {_listed(parts.weekdays)}"
    return "every workday" if parts.weekdays == WORKDAYS else f"every {_listed(parts.weekdays)}"


def _listed(weekdays: frozenset[int]) -> str:
    *others, last = (_WEEKDAY_NAMES[weekday] for weekday in sorted(weekdays))
    return f"{', '.join(others)} and {last}" if others else last


def following(rule: str, at: datetime, now: datetime, zone: tzinfo) -> datetime:
    """The first time of the series that began at `at` which is after both `at` and `now`.

    All moments are aware; out comes aware UTC. It is reckoned in the wall clock of `zone`: 9:00
    stays 9:00 across a change of the clocks; a wall time that the change skips moves forward by
    the gap, one that comes twice is the first. Weeks of `INTERVAL` are counted from the Monday
    before `at`. Takes equally long however many times were missed.

    Raises:
        NotUnderstood: `check` refuses the rule, or the time is after the year 9999.
    """
    parts = parse(rule)
    began, clock = meant(parts, at, zone)
    return next_time(parts, began, clock, max(at, now), zone)


def meant(rule: Rule, at: datetime, zone: tzinfo) -> tuple[date, time]:
    """The wall clock of `at`, or what it would have been had the clocks not skipped it."""
    local = at.astimezone(zone)
    if rule.clock is not None:
        for day in (local.date(), local.date() - timedelta(days=1)):
            if wall_moment(day, rule.clock, zone) == at:
                return day, rule.clock
    return local.date(), local.time()


_FIRST_DAY, _LAST_DAY = date(2, 1, 1).toordinal(), date(9999, 12, 1).toordinal()
_CLOCKS_LOOKED_AT = 10 * 52
"""Weeks before and after: clocks that skip no such time within these are taken for never doing."""


def keeping_clock(rule: Rule, began: date, clock: time, zone: tzinfo) -> Rule:
    """The rule with the time of day in it, if the clocks of the zone skip it on some day."""
    clock = clock.replace(second=0, fold=0)
    shown = (wall_moment(day, clock, zone) for day in _days_of_change(began, zone))
    skips = any(moment.astimezone(zone).time() != clock for moment in shown)
    return replace(rule, clock=clock) if skips else rule


def _days_of_change(near: date, zone: tzinfo) -> Iterator[date]:
    """The days of those weeks in which clocks are put forward, years before and after."""
    around = 7 * _CLOCKS_LOOKED_AT
    first = max(_FIRST_DAY, near.toordinal() - around)
    weeks = range(first, min(near.toordinal() + around, _LAST_DAY), 7)
    noons = [datetime.combine(date.fromordinal(day), time(12), zone) for day in weeks]
    offsets = [noon.utcoffset() or timedelta(0) for noon in noons]
    for week, (before, after_it) in enumerate(pairwise(offsets)):
        if after_it > before:
            yield from (date.fromordinal(weeks[week] + day) for day in range(8))


def after(rule: str, since: datetime, zone: tzinfo) -> datetime:
    """One interval after `since` (aware), at the same wall time in `zone`, as aware UTC.

    31 January and a month is the last of February. Raises NotUnderstood as `following` does.
    """
    return following(rule, since, since, zone)


def next_time(rule: Rule, began: date, clock: time, past: datetime, zone: tzinfo) -> datetime:
    """The first time after `past`, aware UTC, of the series at `clock` on and from day `began`.

    `began` and `clock` are in the wall clock of `zone`.
    """
    try:
        turn = max(0, _turn(rule, began, past.astimezone(zone).date()))
        # The turn after the one that `past` is in would do, if clocks were never put back from
        # just after midnight to the day before.
        for turn_ahead in range(turn, turn + 3):
            for day in _days(rule, began, turn_ahead):
                moment = wall_moment(day, clock, zone)
                if day >= began and moment > past:
                    return moment
    except (OverflowError, ValueError):
        pass
    raise NotUnderstood("That would recur after the year 9999. Give a date nearer to today.")


def _turn(rule: Rule, began: date, day: date) -> int:
    """How many whole intervals lie between the two days, or the weeks and months they are in."""
    if rule.freq in (MONTHLY, YEARLY):
        months = (day.year - began.year) * 12 + day.month - began.month
        return months // (rule.interval * (12 if rule.freq == YEARLY else 1))
    if rule.weekdays:
        began -= timedelta(days=began.weekday())
    return (day - began).days // (rule.interval * (7 if rule.freq == WEEKLY else 1))


def _days(rule: Rule, began: date, turn: int) -> list[date]:
    """The days of one turn, in order; those of the first can lie before `began`."""
    steps = turn * rule.interval
    if rule.freq == DAILY:
        return [began + timedelta(days=steps)]
    if rule.freq == WEEKLY:
        monday = began + timedelta(weeks=steps, days=-began.weekday())
        weekdays = sorted(rule.weekdays or {began.weekday()})
        return [monday + timedelta(days=weekday) for weekday in weekdays]
    if rule.month_day is None and rule.nth is None:
        return [months_on(began, steps * (12 if rule.freq == YEARLY else 1))]
    last = month_end(months_on(began.replace(day=1), steps))
    if rule.nth is not None:
        return [_nth_of(rule, last)]
    if rule.month_day is None or rule.month_day == LAST_DAY:
        return [last]
    return [last.replace(day=min(rule.month_day, last.day))]


def _nth_of(rule: Rule, last: date) -> date:
    """The day of the month that ends with `last` on which its nth weekday or workday falls."""
    nth = rule.nth or 1
    if len(rule.weekdays) == 1:
        return nth_weekday(last.year, last.month, min(rule.weekdays), nth)
    days = [last.replace(day=day) for day in range(1, last.day + 1)]
    worked = [day for day in days if day.weekday() in rule.weekdays]
    return worked[nth - 1 if nth > 0 else nth]


def keeping_day(rule: Rule, began: date) -> Rule:
    """The rule with the day in it that a short month would make the series forget.

    "monthly" from 31 January falls on 28 February; whoever goes on from there must still know
    that it is the 31st. So a month's 29th to 31st is written into the rule; 29 February, which
    YEARLY has no room for, becomes every 12 months on the 29th.
    """
    if rule.freq != YEARLY and (rule.month_day is not None or rule.nth is not None):
        return rule
    if rule.freq == MONTHLY and began.day > _SURE_DAYS:
        return replace(rule, month_day=began.day)
    if rule.freq == YEARLY and (began.month, began.day) == (2, 29):
        return replace(rule, freq=MONTHLY, interval=12 * rule.interval, month_day=29)
    return rule
