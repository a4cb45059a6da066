"""Service levels: which one a request is served at, and how long a department may take."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from poc_tui.models.values import Channel, Priority
from poc_tui.rules.service.levels import DepartmentLevel, Facts, Level, Rung, SpecialLevel, Target
from poc_tui.settings.levels_file import starter

MINUTE, HOUR, DAY, WEEK = (
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(hours=8),
    timedelta(hours=40),
)
SAME_DAY = Target(None, same_day=True)
EMAIL = Facts("email", "question", "normal")


def served(*specials: SpecialLevel, facts: Facts = EMAIL) -> Level:
    """The level of that request when only these specials hold above the starter's channels."""
    return starter()._replace(specials=specials).of(facts)


@pytest.mark.parametrize(
    ("channel", "first_answer"),
    [
        ("chat", Target(5 * MINUTE)),
        ("social", Target(HOUR, same_day=True)),
        ("phone", SAME_DAY),
        ("in-person", SAME_DAY),
        ("email", Target(DAY)),
        ("web", Target(DAY)),
        ("letter", Target(WEEK)),
    ],
)
def test_the_starter_answers_first_when_customers_expect_it(
    channel: str, first_answer: Target
) -> None:
    assert starter().of(Facts(channel, "question", "normal")).first_answer == first_answer


@pytest.mark.parametrize(
    ("facts", "first_answer"),
    [
        (Facts("email", "question", "critical"), Target(2 * HOUR)),
        (Facts("email", "question", "normal", vip=True), Target(4 * HOUR)),
        (Facts("email", "question", "high"), Target(4 * HOUR)),
        (Facts("email", "question", "low"), Target(2 * DAY)),
        (Facts("letter", "question", "low"), Target(2 * WEEK)),
        (Facts("email", "question", "low", vip=True), Target(4 * HOUR)),
        (Facts("email", "question", "critical", vip=True), Target(2 * HOUR)),
        (Facts("phone", "question", "critical"), Target(HOUR)),
        (Facts("phone", "question", "high"), SAME_DAY),
        (Facts("social", "question", "critical"), Target(15 * MINUTE, same_day=True)),
    ],
)
def test_in_the_starter_priority_and_vip_change_the_share(
    facts: Facts, first_answer: Target
) -> None:
    assert starter().of(facts).first_answer == first_answer


def test_a_critical_call_keeps_the_shares_of_its_other_targets() -> None:
    level = starter().of(Facts("phone", "complaint", "critical"))
    assert level == Level(Target(HOUR), Target(2 * HOUR), 6 * HOUR)


@pytest.mark.parametrize("channel", list(Channel))
@pytest.mark.parametrize("vip", [True, False])
def test_in_the_starter_what_is_more_urgent_never_waits_longer(channel: str, vip: bool) -> None:
    levels = [
        starter().of(Facts(channel, "question", priority, vip))
        for priority in reversed(list(Priority))
    ]
    for sooner, later in pairwise(levels):
        assert (sooner.first_answer.work or DAY) <= (later.first_answer.work or DAY)
        assert (sooner.next_update.work or DAY) <= (later.next_update.work or DAY)
        assert sooner.resolution is not None
        assert later.resolution is not None
        assert sooner.resolution <= later.resolution


def test_for_each_target_the_first_special_that_fits_and_gives_it_counts() -> None:
    level = served(
        SpecialLevel(kinds=frozenset({"complaint"}), first_answer=Target(MINUTE)),
        SpecialLevel(channels=frozenset({"email"}), resolution=DAY),
        SpecialLevel(vip=False, first_answer=Target(HOUR), resolution=2 * DAY),
        SpecialLevel(priorities=frozenset({"normal"}), first_answer=0.1, next_update=0.5),
    )
    assert level == Level(Target(HOUR), Target(DAY), DAY)


def test_all_that_a_special_asks_must_fit() -> None:
    special = SpecialLevel(
        channels=frozenset({"email", "web"}),
        priorities=frozenset({"high"}),
        vip=True,
        customers=frozenset({"baeckerei ott"}),
    )
    fitting = Facts("email", "question", "high", vip=True, customer="Bäckerei OTT")
    assert special.fits(fitting)
    assert not special.fits(fitting._replace(channel="phone"))
    assert not special.fits(fitting._replace(priority="low"))
    assert not special.fits(fitting._replace(vip=False))
    assert not special.fits(fitting._replace(customer="Meyer AG"))
    assert not special.fits(fitting._replace(customer=""))


def test_a_share_is_of_what_the_channel_has_and_same_day_stays() -> None:
    half = SpecialLevel(first_answer=0.5, next_update=0.5, resolution=0.5)
    doubled = SpecialLevel(first_answer=2.0, next_update=2.0, resolution=2.0)
    assert served(half, doubled) == Level(Target(4 * HOUR), Target(DAY), timedelta(hours=20))
    social = Facts("social", "question", "normal")
    assert served(doubled, facts=social).first_answer == Target(2 * HOUR, same_day=True)
    phone = Facts("phone", "question", "normal")
    assert served(half, facts=phone).first_answer == SAME_DAY


def test_a_share_of_no_target_is_no_target() -> None:
    channels = {"email": Level(Target(DAY), Target(DAY), None)}
    levels = starter()._replace(channels=channels, specials=(SpecialLevel(resolution=0.5),))
    assert levels.of(EMAIL).resolution is None


def test_a_department_takes_what_the_file_says_for_the_priority_else_for_it_else_its_own() -> None:
    levels = starter()._replace(
        departments={
            "technical": DepartmentLevel(2 * DAY, {"critical": 2 * HOUR}),
            "legal": DepartmentLevel(by_priority={"low": 2 * WEEK}),
        },
    )
    assert levels.answer_within("Technical", DAY, "critical") == 2 * HOUR
    assert levels.answer_within("TECHNICAL", DAY, "high") == 2 * DAY
    assert levels.answer_within("Legal", 3 * DAY, "low") == 2 * WEEK
    assert levels.answer_within("Legal", 3 * DAY, "high") == 3 * DAY
    assert levels.answer_within("Sales", HOUR, "critical") == HOUR


def test_a_department_has_its_own_ladder_or_the_common_one() -> None:
    own = (Rung("call", 0.5, "lead", "lead"),)
    levels = starter()._replace(
        departments={"technical": DepartmentLevel(ladder=own), "legal": DepartmentLevel(DAY)},
    )
    assert levels.ladder_of("Technical") == own
    assert levels.ladder_of("Legal") == levels.ladder_of("Sales") == starter().ladder


def test_the_starter_climbs_from_the_contact_to_the_lead() -> None:
    climb = [(rung.at, rung.to) for rung in starter().ladder]
    assert climb == [(1.0, "contact"), (1.25, "contact"), (1.5, "deputy"), (2.0, "lead")]
