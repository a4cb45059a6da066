"""What `service-levels.toml` may say, turned into `Levels` and checked on the way.

Every function takes the value of one key and raises `ConfigWrong`, with file, line and what to
write instead, for one that will not do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple, TypeVar, cast, get_args

from poc_tui.models.values import Channel, Kind, Priority
from poc_tui.rules.service.business_time import DAYS_PER_WEEK, parse_work
from poc_tui.rules.service.levels import (
    DepartmentLevel,
    EscalationRule,
    Level,
    Levels,
    Recipient,
    Rung,
    SpecialLevel,
    Target,
)
from poc_tui.rules.text import fold
from poc_tui.settings.schema import YES_NO, filled, flag, text
from poc_tui.settings.toml_values import TomlValue

T = TypeVar("T")

LONGEST = timedelta(hours=8) * DAYS_PER_WEEK * 52
"""A year of work. What is longer is a slip of the finger, and no deadline could be counted."""

_CHANNELS = tuple(channel.value for channel in Channel)
_KINDS = tuple(kind.value for kind in Kind)
_PRIORITIES = tuple(priority.value for priority in Priority)
_RECIPIENTS: tuple[str, ...] = get_args(Recipient)

TARGETS = ("first_answer", "next_update", "resolution")
"""What the customer's clock runs towards, as the file calls it; two of the times it can give:"""
SAME_DAY = "same day"
NO_TARGET = "none"

_TABLES = (*TARGETS, "special", "waiting", "stagnation", "ladder", "departments", "escalation")
_CONDITIONS = ("priority", "kind", "channel", "customer", "vip")
_RUNG = ("name", "at", "to", "template")

_SPAN = 'business time up to 52w such as "30min", "4h", "2d" or "1w"'
_TIME = f'{_SPAN}, or "same day", or a list of both'
_PART = 'a share from "1%" to "1000%"'


class LadderText(NamedTuple):
    """The texts that a step of a ladder can have: their names, and each by its name."""

    names: Collection[str]
    of: Callable[[str], str]


def levels_from(file: TomlValue, texts: LadderText) -> Levels:
    """The levels that the whole file gives, each step of a ladder with its text.

    The file must give everything but departments: it is read laid over the starter.
    """
    tables = file.table(_TABLES, "table")
    first, update, resolution = (tables[target].table(_CHANNELS, "channel") for target in TARGETS)
    return Levels(
        channels={
            channel: Level(
                first_answer=_target(first[channel], _TIME),
                next_update=_target(update[channel], _TIME),
                resolution=_resolution(resolution[channel]),
            )
            for channel in _CHANNELS
        },
        specials=tuple(map(_special, tables["special"].tables())),
        check_back=_span(tables["waiting"].table(("check_back",))["check_back"], _SPAN),
        stagnation={
            priority: days.whole(1, 1000)
            for priority, days in tables["stagnation"].table(_PRIORITIES, "priority").items()
        },
        ladder=_ladder(tables["ladder"], texts),
        departments=_departments(tables.get("departments"), texts),
        suggesting=_suggesting(tables["escalation"]),
    )


def _special(entry: TomlValue) -> SpecialLevel:
    given = entry.table(("when", *TARGETS))
    example = 'when = { priority = "critical" }'
    if "when" not in given:
        raise entry.wrong(f'this [[special]] has no "when". Say for whom it is: {example}.')
    when = given["when"].table(_CONDITIONS, "condition")
    if not when:
        raise given["when"].wrong(f'"when" is empty. Say for whom this [[special]] is: {example}.')
    if len(given) == 1:
        raise entry.wrong(
            'this [[special]] gives no target. Write one below it, such as first_answer = "1h".'
        )
    return SpecialLevel(
        channels=_some(when, "channel", _CHANNELS),
        kinds=_some(when, "kind", _KINDS),
        priorities=_some(when, "priority", _PRIORITIES),
        vip=when["vip"].read(flag, YES_NO) if "vip" in when else None,
        customers=_customers(when),
        first_answer=_or_share(given.get("first_answer"), _target, _TIME),
        next_update=_or_share(given.get("next_update"), _target, _TIME),
        resolution=_or_share(given.get("resolution"), _span, _SPAN),
    )


def _some(when: dict[str, TomlValue], what: str, known: Collection[str]) -> frozenset[str]:
    if what not in when:
        return frozenset()
    entries = when[what].one_or_more(f"one {what} or a list of them")
    return frozenset(entry.one_of(known, what) for entry in entries)


def _customers(when: dict[str, TomlValue]) -> frozenset[str]:
    if "customer" not in when:
        return frozenset()
    expected = 'the name of a customer such as "Meyer AG", or a list of them'
    entries = when["customer"].one_or_more(expected)
    return frozenset(fold(entry.read(filled, expected)) for entry in entries)


def _or_share(
    value: TomlValue | None, read: Callable[[TomlValue, str], T], expected: str
) -> T | float | None:
    if value is None:
        return None
    if isinstance(value.raw, str) and "%" in value.raw:
        return value.read(_share, _PART)
    return read(value, f"{expected}, or {_PART}")


def _resolution(value: TomlValue) -> timedelta | None:
    return None if value.raw == NO_TARGET else _span(value, f'{_SPAN}, or "none"')


def _target(value: TomlValue, expected: str) -> Target:
    entries = value.one_or_more(expected)
    spans = [_span(entry, expected) for entry in entries if entry.raw != SAME_DAY]
    if len(spans) > 1 or len(entries) > len(spans) + 1:
        raise value.wrong(f'"{value.name}" gives the same sort of time twice. Keep one of them.')
    return Target(work=spans[0] if spans else None, same_day=len(entries) > len(spans))


def _span(value: TomlValue, expected: str) -> timedelta:
    return value.read(_work, expected)


def _work(raw: object) -> timedelta:
    work = parse_work(text(raw))
    if not timedelta(0) < work <= LONGEST:
        raise ValueError
    return work


def _share(raw: object) -> float:
    digits = text(raw).removesuffix("%").rstrip()
    is_share = digits != raw and digits.isascii() and digits.isdecimal() and len(digits) < 5
    if not is_share or not 1 <= int(digits) <= 1000:
        raise ValueError
    return int(digits) / 100


def _ladder(value: TomlValue, texts: LadderText) -> tuple[Rung, ...]:
    entries = value.tables()
    if not entries:
        raise value.wrong(
            f'"{value.name}" has no step. Leave it out, or give it one below [[{value.name}]].'
        )
    rungs = tuple(_rung(entry, texts) for entry in entries)
    for entry, (before, rung) in zip(entries[1:], pairwise(rungs), strict=True):
        if rung.at <= before.at:
            raise entry.table(_RUNG)["at"].wrong(
                f"this step is due at {rung.at:.0%}, and the one above it at {before.at:.0%}."
                " Put them in the order of their time, each later than the one before."
            )
    return rungs


def _rung(entry: TomlValue, texts: LadderText) -> Rung:
    given = entry.table(_RUNG)
    for key in _RUNG:
        if key not in given:
            raise entry.wrong(
                f'this step of the ladder has no "{key}". Give it name, at, to and template.'
            )
    name = given["name"].read(filled, 'a name in one line such as "remind"')
    at = given["at"].read(_share, _PART)
    to = cast("Recipient", given["to"].one_of(_RECIPIENTS, "recipient"))
    template = given["template"].one_of(texts.names, "template")
    return Rung(name, at, to, template, texts.of(template))


def _departments(value: TomlValue | None, texts: LadderText) -> dict[str, DepartmentLevel]:
    levels: dict[str, DepartmentLevel] = {}
    for name, entry in (value.table(None) if value else {}).items():
        folded = fold(name.strip())
        if not folded:
            raise entry.wrong("this department has no name. Write it as [departments.Technical].")
        if folded in levels:
            raise entry.wrong(f"{entry.name} is there already. Put both into one table.")
        keys = ("answer_within", *_PRIORITIES)
        given = entry.table((*keys, "ladder"))
        spans = {key: _span(given[key], _SPAN) for key in keys if key in given}
        levels[folded] = DepartmentLevel(
            answer_within=spans.pop("answer_within", None),
            by_priority=spans,
            ladder=_ladder(given["ladder"], texts) if "ladder" in given else (),
        )
    return levels


def _suggesting(value: TomlValue) -> EscalationRule:
    given = value.table(("to", "late", "critical", "vip", "chased", "reopened"))
    to = given["to"].read(filled, 'a person or a department, such as "management"')
    late, critical, vip = (given[sign].read(flag, YES_NO) for sign in ("late", "critical", "vip"))
    chased, reopened = (given[count].whole(0, 100) for count in ("chased", "reopened"))
    return EscalationRule(to, late, critical, vip, chased, reopened)
