"""Service levels: how long things may take, by channel, kind, priority and customer.

Plain values; `poc_tui.settings.levels_file` reads them from `service-levels.toml`, and
`poc_tui.rules.service.deadlines` turns them into moments.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, NamedTuple

from poc_tui.rules.text import fold

Recipient = Literal["contact", "deputy", "lead"]
"""Whom of a department a step of the chase ladder turns to."""


class Facts(NamedTuple):
    """What of a request decides which level it is served at."""

    channel: str
    kind: str
    priority: str
    vip: bool = False
    customer: str = ""
    """The customer's name; empty where nobody knows yet who it is."""


class Target(NamedTuple):
    """By when: within so much business time, or before closing of the business day in which it
    begins, or whichever of the two comes first."""

    work: timedelta | None
    same_day: bool = False

    def times(self, share: float) -> Target:
        """A share of the time; "the same day" stays what it is."""
        return Target(None if self.work is None else self.work * share, self.same_day)


class Level(NamedTuple):
    """The three targets of the customer's clock."""

    first_answer: Target
    next_update: Target
    resolution: timedelta | None
    """Business time that counts only while the move is mine or a department's; None: no target."""


class SpecialLevel(NamedTuple):
    """A level of its own for some requests: what is None or empty is not asked, or not given.

    A target given as a number is a share of what the channel has.
    """

    channels: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    priorities: frozenset[str] = frozenset()
    vip: bool | None = None
    customers: frozenset[str] = frozenset()
    """Folded names."""
    first_answer: Target | float | None = None
    next_update: Target | float | None = None
    resolution: timedelta | float | None = None

    def fits(self, facts: Facts) -> bool:
        """Whether the request is one of those."""
        return (
            (not self.channels or facts.channel in self.channels)
            and (not self.kinds or facts.kind in self.kinds)
            and (not self.priorities or facts.priority in self.priorities)
            and (self.vip is None or facts.vip == self.vip)
            and (not self.customers or fold(facts.customer) in self.customers)
        )


class Rung(NamedTuple):
    """One step of the chase ladder."""

    name: str
    """What it is called on the screen: "remind", "ask the deputy"."""
    at: float
    """The share of the department's time after which it is due; 1.0 is when the answer is due."""
    to: Recipient
    template: str
    """The name of the text in `data/templates`."""
    words: str = ""
    """That text, with its placeholders; whoever reads the levels fills it in."""


class DepartmentLevel(NamedTuple):
    """What the file says of one department; empty where the department's own word counts."""

    answer_within: timedelta | None = None
    by_priority: Mapping[str, timedelta] | None = None
    ladder: tuple[Rung, ...] = ()


class EscalationRule(NamedTuple):
    """When the desk suggests to escalate, and to whom."""

    to: str
    late: bool
    critical: bool
    vip: bool
    chased: int
    """From so many steps of the chase ladder on; 0: never for that."""
    reopened: int
    """From so many times reopened on; 0: never for that."""


class Levels(NamedTuple):
    """All service levels, as one file gives them."""

    channels: Mapping[str, Level]
    """For every channel."""
    specials: tuple[SpecialLevel, ...]
    """Tried in order; for each target the first that fits and gives it counts."""
    check_back: timedelta
    """Business time after an answer until we look whether the customer replied."""
    stagnation: Mapping[str, int]
    """For every priority: business days without any activity after which it shows as untouched."""
    ladder: tuple[Rung, ...]
    """Never empty; in the order of the shares."""
    departments: Mapping[str, DepartmentLevel]
    """By folded name."""
    suggesting: EscalationRule

    @property
    def texts(self) -> dict[str, str]:
        """The words of every step of a ladder, by the name of their template."""
        ladders = (self.ladder, *(level.ladder for level in self.departments.values()))
        return {rung.template: rung.words for ladder in ladders for rung in ladder}

    def of(self, facts: Facts) -> Level:
        """The level at which such a request is served."""
        level = self.channels[facts.channel]
        first, update, resolution = level.first_answer, level.next_update, level.resolution
        # Backwards, so that the first that fits has the last word.
        for special in reversed(self.specials):
            if special.fits(facts):
                first = _target(level.first_answer, special.first_answer, first)
                update = _target(level.next_update, special.next_update, update)
                resolution = _span(level.resolution, special.resolution, resolution)
        return Level(first, update, resolution)

    def answer_within(self, department: str, usual: timedelta, priority: str) -> timedelta:
        """How long the department may take; `usual` is what the department itself says."""
        level = self.departments.get(fold(department))
        if level is None:
            return usual
        by_priority = (level.by_priority or {}).get(priority)
        return by_priority or level.answer_within or usual

    def ladder_of(self, department: str) -> tuple[Rung, ...]:
        """The chase ladder of the department: its own, else the common one."""
        level = self.departments.get(fold(department))
        return (level.ladder if level else ()) or self.ladder


def _target(base: Target, given: Target | float | None, otherwise: Target) -> Target:
    if given is None:
        return otherwise
    return given if isinstance(given, Target) else base.times(given)


def _span(
    base: timedelta | None, given: timedelta | float | None, otherwise: timedelta | None
) -> timedelta | None:
    if given is None:
        return otherwise
    if isinstance(given, timedelta):
        return given
    return None if base is None else base * given
