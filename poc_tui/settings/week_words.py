"""Business hours of a week in one line, as a person types them: `mon-thu 8-17, fri 8-12:30`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.words import WEEKDAYS
from poc_tui.rules.text import fold, safe

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The settings of the table [hours], Monday first."""

Week = Mapping[str, tuple[str, ...]]
"""The spans of each of `DAYS` as the settings have them (`09:00-17:00`); a day off has none."""

_WORKING_DAYS = DAYS[:5]
_SPAN = re.compile(r"(\d{1,2})(?::(\d\d))?\s*[-–]\s*(\d{1,2})(?::(\d\d))?")
_DAYS = re.compile(r"([^\W\d]+)\.?(?:\s*[-–]\s*([^\W\d]+)\.?)?")
_EXAMPLE = "write it like mon-thu 9-17, fri 9-12:30 13-16"


def say(week: Week) -> str:
    """The week in one line; `read` reads it again."""
    days = list(DAYS)
    if week["mon"] == week["sun"]:  # a week that begins on another day than Monday
        days = next((_from(day) for day in DAYS if week[day] != week[_before(day)]), days)
    runs: list[list[str]] = []
    for day in days:
        if runs and week[day] == week[runs[-1][0]]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"{run[0]}{f'-{run[-1]}' if len(run) > 1 else ''} {' '.join(week[run[0]])}"
        for run in runs
        if week[run[0]]
    )


def read(words: str) -> Week:
    """What the line says; a day that it does not name is a day off. Without days, Monday to Friday.

    Raises:
        NotUnderstood: a word in it is no day and no time.
    """
    week: dict[str, tuple[str, ...]] = dict.fromkeys(DAYS, ())
    days: list[str] = []
    for entry in filter(None, map(str.strip, re.split(r"[,;\n]", words))):
        spans = tuple(map(_clock_times, _SPAN.finditer(entry)))
        named = _SPAN.sub(" ", entry).strip()
        days += _days(named) if named else []
        if spans:
            week |= dict.fromkeys(days or _WORKING_DAYS, spans)
            days = []
    if days or not any(week.values()):
        raise NotUnderstood(f"these hours have no times; {_EXAMPLE}")
    return week


def off_days(weekend: set[int]) -> Week:
    """The usual hours, on all days but these (0 is Monday)."""
    spans = ("09:00-17:00",)
    return {day: () if at in weekend else spans for at, day in enumerate(DAYS)}


def _days(named: str) -> Sequence[str]:
    found = _DAYS.fullmatch(named)
    numbers = [WEEKDAYS.get(fold(word)) for word in found.groups() if word] if found else [None]
    if None in numbers:
        raise NotUnderstood(f"“{safe(named)}” is no day of the week; {_EXAMPLE}")
    first, last = (DAYS[number] for number in (numbers[0], numbers[-1]) if number is not None)
    days = _from(first)
    return days[: days.index(last) + 1]


def _clock_times(span: re.Match[str]) -> str:
    opens, closes = (f"{span[at].zfill(2)}:{span[at + 1] or '00'}" for at in (1, 3))
    return f"{opens}-{closes}"


def _from(day: str) -> list[str]:
    """The days of the week, that one first."""
    at = DAYS.index(day)
    return [*DAYS[at:], *DAYS[:at]]


def _before(day: str) -> str:
    return DAYS[DAYS.index(day) - 1]
