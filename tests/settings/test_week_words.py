"""Business hours of a week in one line, as a person types them."""

from __future__ import annotations

import pytest

from poc_tui.errors import NotUnderstood
from poc_tui.settings.week_words import DAYS, off_days, read, say

DAY, MORNING = ("09:00-17:00",), ("09:00-12:30",)


@pytest.mark.parametrize(
    ("words", "week"),
    [
        ("9-17", [DAY] * 5 + [(), ()]),
        ("mon-fri 09:00-17:00", [DAY] * 5 + [(), ()]),
        ("Mo–Fr 9–17; Sa. 9-12:30", [DAY] * 5 + [MORNING, ()]),
        ("mon-thu 9-17, fri 9-12:30", [DAY] * 4 + [MORNING, (), ()]),
        ("mo, mi, fr 9-12:30", [MORNING, (), MORNING, (), MORNING, (), ()]),
        ("sun-thu 9-17", [DAY] * 4 + [(), (), DAY]),
        ("tue 9-12:30 13-17", [(), (*MORNING, "13:00-17:00"), (), (), (), (), ()]),
        ("sat 22-24:00", [(), (), (), (), (), ("22:00-24:00",), ()]),
    ],
)
def test_it_is_read_as_people_write_it(words: str, week: list[tuple[str, ...]]) -> None:
    assert read(words) == dict(zip(DAYS, week, strict=True))


@pytest.mark.parametrize("words", ["", "always", "mon", "mon-fri", "moonday 9-17", "mo-fr-so 9-17"])
def test_what_is_no_week_is_refused_with_an_example(words: str) -> None:
    with pytest.raises(NotUnderstood, match="write it like"):
        read(words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("9-17", "mon-fri 09:00-17:00"),
        ("sun-thu 9-17", "sun-thu 09:00-17:00"),
        ("sat-mon 9-17", "sat-mon 09:00-17:00"),
        ("mon-sun 9-17", "mon-sun 09:00-17:00"),
        ("fri 8-12 13-15", "fri 08:00-12:00 13:00-15:00"),
        ("mon, wed 9-17", "mon 09:00-17:00, wed 09:00-17:00"),
    ],
)
def test_it_is_said_in_the_same_words_that_are_read(words: str, said: str) -> None:
    assert say(read(words)) == said
    assert read(said) == read(words)


def test_a_country_has_its_own_days_off() -> None:
    assert say(off_days({4, 5})) == "sun-thu 09:00-17:00"
