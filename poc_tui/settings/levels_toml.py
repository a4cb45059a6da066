"""What `service-levels.toml` may say, turned into `Levels` and checked on the way.

Every function takes the value of one key and raises `ConfigWrong`, with file, line and what to
write instead, for one that will not do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import cast, get_args

from poc_tui.errors import NotUnderstood
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
from poc_tui.settings.toml_values import TomlValue

LONGEST = timedelta(hours=8) * DAYS_PER_WEEK * 52
"""A year of work. What is longer is a slip of the finger, and no deadline could be counted."""

_CHANNELS = tuple(channel.value for channel in Channel)
_KINDS = tuple(kind.value for kind in Kind)
_PRIORITIES = tuple(priority.value for priority in Priority)
_RECIPIENTS: tuple[str, ...] = get_args(Recipient)

_TARGETS = ("first_answer", "next_update", "resolution")
_TABLES = (*_TARGETS, "special", "waiting", "stagnation", "ladder", "departments", "escalation")
_CONDITIONS = ("priority", "kind", "channel", "customer", "vip")
_RUNG = ("name", "at", "to", "template")

_SAME_DAY = "same day"
_NO_TARGET = "none"

_SPAN = 'business time up to 52w such as "30min", "4h", "2d" or "1w"'
_TIME = f'{_SPAN}, or "same day", or a list of both'
_PART = 'a share from "1%" to "1000%"'


def levels_from(file: TomlValue, templates: Collection[str]) -> Levels:
    """The levels that the whole file gives; `templates` are the names of the texts there are.

    The file must give everything but departments: it is read laid over the starter.
    """
    tables = file.table(_TABLES, "table")
    first, update, resolution = (tables[target].table(_CHANNELS, "channel") for target in _TARGETS)
    departments = tables.get("departments")
    return Levels(
        channels=MappingProxyType(
            {
                channel: Level(
                    first_answer=_target(first[channel], _TIME),
                    next_update=_target(update[channel], _TIME),
                    resolution=_resolution(resolution[channel]),
                )
                for channel in _CHANNELS
            }
        ),
        specials=tuple(_special(entry) for entry in tables["special"].tables()),
        check_back=_span(tables["waiting"].table(("check_back",))["check_back"], _SPAN),
        stagnation=MappingProxyType(
            {
                priority: days.whole(1, 1000)
                for priority, days in tables["stagnation"].table(_PRIORITIES, "priority").items()
            }
        ),
        ladder=_ladder(tables["ladder"], templates),
        departments=_departments(departments, templates) if departments else MappingProxyType({}),
        suggesting=_suggesting(tables["escalation"]),
    )


def _special(entry: TomlValue) -> SpecialLevel:
    given = entry.table(("when", *_TARGETS))
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
    first, update, resolution = (given.get(target) for target in _TARGETS)
    return SpecialLevel(
        channels=_some(when.get("channel"), _CHANNELS, "channel"),
        kinds=_some(when.get("kind"), _KINDS, "kind"),
        priorities=_some(when.get("priority"), _PRIORITIES, "priority"),
        vip=when["vip"].flag() if "vip" in when else None,
        customers=_customers(when.get("customer")),
        first_answer=_target_or_share(first) if first else None,
        next_update=_target_or_share(update) if update else None,
        resolution=_span_or_share(resolution) if resolution else None,
    )


def _some(value: TomlValue | None, known: Collection[str], what: str) -> frozenset[str]:
    if value is None:
        return frozenset()
    entries = value.one_or_more(f"one {what} or a list of them")
    return frozenset(entry.one_of(known, what) for entry in entries)


def _customers(value: TomlValue | None) -> frozenset[str]:
    if value is None:
        return frozenset()
    expected = 'the name of a customer such as "Meyer AG", or a list of them'
    return frozenset(fold(entry.one_line(expected)) for entry in value.one_or_more(expected))


def _target_or_share(value: TomlValue) -> Target | float:
    if isinstance(value.raw, str) and "%" in value.raw:
        return _share(value)
    return _target(value, f"{_TIME}, or {_PART}")


def _span_or_share(value: TomlValue) -> timedelta | float:
    if isinstance(value.raw, str) and "%" in value.raw:
        return _share(value)
    return _span(value, f"{_SPAN}, or {_PART}")


def _resolution(value: TomlValue) -> timedelta | None:
    return None if value.raw == _NO_TARGET else _span(value, f'{_SPAN}, or "none"')


def _target(value: TomlValue, expected: str) -> Target:
    entries = value.one_or_more(expected)
    spans = [_span(entry, expected) for entry in entries if entry.raw != _SAME_DAY]
    if len(spans) > 1 or len(entries) > len(spans) + 1:
        raise value.wrong(f'"{value.name}" gives the same sort of time twice. Keep one of them.')
    return Target(work=spans[0] if spans else None, same_day=len(entries) > len(spans))


def _span(value: TomlValue, expected: str) -> timedelta:
    try:
        work = parse_work(value.raw) if isinstance(value.raw, str) else timedelta(0)
    except NotUnderstood:
        work = timedelta(0)
    if not timedelta(0) < work <= LONGEST:
        raise value.not_what(expected)
    return work


def _share(value: TomlValue) -> float:
    digits = value.raw.removesuffix("%").rstrip() if isinstance(value.raw, str) else ""
    is_share = digits != value.raw and digits.isascii() and digits.isdecimal() and len(digits) < 5
    if not is_share or not 1 <= int(digits) <= 1000:
        raise value.not_what(_PART)
    return int(digits) / 100


def _ladder(value: TomlValue, templates: Collection[str]) -> tuple[Rung, ...]:
    entries = value.tables()
    if not entries:
        raise value.wrong(
            f'"{value.name}" has no step. Leave it out, or give it one below [[{value.name}]].'
        )
    rungs = tuple(_rung(entry, templates) for entry in entries)
    for entry, (before, rung) in zip(entries[1:], pairwise(rungs), strict=True):
        if rung.at <= before.at:
            raise entry.table(_RUNG)["at"].wrong(
                f"this step is due at {rung.at:.0%}, and the one above it at {before.at:.0%}."
                " Put them in the order of their time, each later than the one before."
            )
    return rungs


def _rung(entry: TomlValue, templates: Collection[str]) -> Rung:
    given = entry.table(_RUNG)
    for key in _RUNG:
        if key not in given:
            raise entry.wrong(
                f'this step of the ladder has no "{key}". Give it name, at, to and template.'
            )
    return Rung(
        name=given["name"].one_line('a name in one line such as "remind"'),
        at=_share(given["at"]),
        to=cast("Recipient", given["to"].one_of(_RECIPIENTS, "recipient")),
        template=given["template"].one_of(templates, "template"),
    )


def _departments(value: TomlValue, templates: Collection[str]) -> Mapping[str, DepartmentLevel]:
    levels: dict[str, DepartmentLevel] = {}
    for name, entry in value.table(None).items():
        folded = fold(name.strip())
        if not folded:
            raise entry.wrong("this department has no name. Write it as [departments.Technical].")
        if folded in levels:
            raise entry.wrong(f"{entry.name} is there already. Put both into one table.")
        given = entry.table(("answer_within", *_PRIORITIES, "ladder"))
        within, ladder = given.get("answer_within"), given.get("ladder")
        levels[folded] = DepartmentLevel(
            answer_within=_span(within, _SPAN) if within else None,
            by_priority=MappingProxyType(
                {
                    priority: _span(given[priority], _SPAN)
                    for priority in _PRIORITIES
                    if priority in given
                }
            ),
            ladder=_ladder(ladder, templates) if ladder else (),
        )
    return MappingProxyType(levels)


def _suggesting(value: TomlValue) -> EscalationRule:
    given = value.table(("to", "late", "critical", "vip", "chased", "reopened"))
    return EscalationRule(
        to=given["to"].one_line('a person or a department, such as "management"'),
        late=given["late"].flag(),
        critical=given["critical"].flag(),
        vip=given["vip"].flag(),
        chased=given["chased"].whole(0, 100),
        reopened=given["reopened"].whole(0, 100),
    )
