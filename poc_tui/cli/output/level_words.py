"""Service levels in words, as the file spells them; for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from poc_tui.cli.output.layout import Block, Line, Table
from poc_tui.rules.service.business_time import say_work
from poc_tui.rules.service.levels import DepartmentLevel, Facts, Levels, Rung, SpecialLevel, Target
from poc_tui.settings.levels_toml import NO_TARGET, SAME_DAY, TARGETS

_Given = Target | timedelta | float | None
"""What a level or a special gives for one of these."""


class TargetReason(NamedTuple):
    """What a target is for one request, and where that comes from."""

    target: str
    within: list[str]
    special: int | None
    """Which of the specials gave it, counted from 1; None: the channel."""
    because: str


def reasons(levels: Levels, facts: Facts) -> tuple[TargetReason, ...]:
    """At which level a request is served, target by target, and why."""
    level = levels.of(facts)
    found = []
    for name in TARGETS:
        within = spelled(getattr(level, name))
        fits = (
            (at, special)
            for at, special in enumerate(levels.specials, start=1)
            if special.fits(facts) and getattr(special, name) is not None
        )
        at, special = next(fits, (None, None))
        because = f"channel {facts.channel}"
        if special is not None:
            given = getattr(special, name)
            usual = spelled(getattr(levels.channels[facts.channel], name))
            # "same day" has no share.
            is_part = isinstance(given, float) and within != usual
            share = f", {given:.0%} of {_said(usual)}" if is_part else ""
            because = f"special {at}: {_said(_conditions(special))}{share}"
        found.append(TargetReason(name, within, at, because))
    return tuple(found)


def spelled(given: _Given) -> list[str]:
    """A target as the file has it: times and "same day", a share, or "none"."""
    if given is None:
        return [NO_TARGET]
    if isinstance(given, float):
        return [f"{given:.0%}"]
    if isinstance(given, timedelta):
        return [say_work(given)]
    work = [] if given.work is None else [say_work(given.work)]
    return [*work, *([SAME_DAY] if given.same_day else [])]


def as_fields(levels: Levels) -> dict[str, Any]:
    """All levels, under the names and in the spelling of the file."""
    return {
        **{
            target: {
                channel: spelled(getattr(level, target))
                for channel, level in levels.channels.items()
            }
            for target in TARGETS
        },
        "special": [
            {
                "when": _asked(special),
                **{
                    target: spelled(given)
                    for target in TARGETS
                    if (given := getattr(special, target)) is not None
                },
            }
            for special in levels.specials
        ],
        "check_back": say_work(levels.check_back),
        "stagnation": dict(levels.stagnation),
        "ladder": _ladder_fields(levels.ladder),
        "departments": {
            name: _department_fields(level) for name, level in levels.departments.items()
        },
        "escalation": levels.suggesting._asdict(),
    }


def page(levels: Levels) -> Iterator[Block]:
    """All levels for a person to read."""
    yield Table(
        {"Channel": channel, **{_heading(t): _said(spelled(getattr(level, t))) for t in TARGETS}}
        for channel, level in levels.channels.items()
    )
    if levels.specials:
        yield Line()
        cells = map(_special_cells, range(1, len(levels.specials) + 1), levels.specials)
        yield Table(cells, gives_way="When", right=("Special",))
    yield Line()
    yield _ladder_table(levels.ladder, "Chase ladder")
    for name, level in levels.departments.items():
        yield Line()
        times = _department_fields(level)
        times.pop("ladder", None)
        said = ", ".join(f"{key.replace('_', ' ')} {time}" for key, time in times.items())
        yield Line(f"{name}: {said or 'a ladder of its own'}")
        if level.ladder:
            yield _ladder_table(level.ladder, f"Chase ladder of {name}")
    yield Line()
    yield Line(f"Look whether the customer replied: after {say_work(levels.check_back)}")
    days = ", ".join(f"{priority} {count}" for priority, count in levels.stagnation.items())
    yield Line(f"Untouched after business days: {days}")
    yield Line(f"Suggest to escalate to {levels.suggesting.to}: {_suggesting(levels)}")


def _heading(target: str) -> str:
    return target.replace("_", " ").capitalize()


def _special_cells(at: int, special: SpecialLevel) -> dict[str, str]:
    cells = {"Special": str(at), "When": _said(_conditions(special))}
    for target in TARGETS:
        given = getattr(special, target)
        cells[_heading(target)] = "" if given is None else _said(spelled(given))
    return cells


def _asked(special: SpecialLevel) -> dict[str, Any]:
    """For which requests a special is, as the file has it; customers by their folded names."""
    lists = {
        "priority": special.priorities,
        "kind": special.kinds,
        "channel": special.channels,
        "customer": special.customers,
    }
    asked: dict[str, Any] = {what: sorted(values) for what, values in lists.items() if values}
    return asked if special.vip is None else {**asked, "vip": special.vip}


def _conditions(special: SpecialLevel) -> list[str]:
    """The same in words."""
    asked = _asked(special)
    vip = asked.pop("vip", None)
    said = [f"{what} {' or '.join(values)}" for what, values in asked.items()]
    return said if vip is None else [*said, "VIP" if vip else "not VIP"]


def _said(words: Sequence[str]) -> str:
    return ", ".join(words)


def _ladder_table(ladder: Sequence[Rung], heading: str) -> Table:
    cells = (
        {heading: rung.name, "At": f"{rung.at:.0%}", "To": rung.to, "Template": rung.template}
        for rung in ladder
    )
    return Table(cells, right=("At",))


def _ladder_fields(ladder: Sequence[Rung]) -> list[dict[str, Any]]:
    return [
        {"name": rung.name, "at": rung.at, "to": rung.to, "template": rung.template}
        for rung in ladder
    ]


def _department_fields(level: DepartmentLevel) -> dict[str, Any]:
    """What the file says of one department; only what it does say."""
    found: dict[str, Any] = {}
    if level.answer_within is not None:
        found["answer_within"] = say_work(level.answer_within)
    found |= {priority: say_work(time) for priority, time in (level.by_priority or {}).items()}
    if level.ladder:
        found["ladder"] = _ladder_fields(level.ladder)
    return found


def _suggesting(levels: Levels) -> str:
    signs = levels.suggesting
    said = [name for name in ("late", "critical", "vip") if getattr(signs, name)]
    counts = {"chased": signs.chased, "reopened": signs.reopened}
    said += [f"{name} {count}x" for name, count in counts.items() if count]
    return ", ".join(said) or "never"
