"""Values that never change are the dataclasses that they are written as."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import FrozenInstanceError, dataclass, replace

import pytest

from poc_tui.rules.frozen import Frozen


class Span(Frozen):
    first: int
    last: int = 9

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("it ends before it begins")


def test_it_is_made_of_its_fields_in_order_or_by_name_with_their_defaults() -> None:
    assert repr(Span(3)) == "Span(first=3, last=9)"
    assert Span(last=4, first=2) == Span(2, 4) != Span(2, 5)
    assert {Span(1), Span(1, 9)} == {Span(1)}
    with pytest.raises(TypeError):
        Span()  # type: ignore[call-arg]


def test_it_is_checked_whenever_it_is_made() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        Span(3, 2)
    with pytest.raises(ValueError, match="before it begins"):
        replace(Span(1), last=0)


def test_it_does_not_change() -> None:
    span = Span(1)
    with pytest.raises(FrozenInstanceError):
        span.first = 2  # type: ignore[misc]
    assert span == Span(1)


def test_it_goes_to_another_process_and_comes_back() -> None:
    assert pickle.loads(pickle.dumps(Span(1, 2))) == Span(1, 2)  # noqa: S301 - our own


def test_threads_that_make_the_first_one_at_once_all_get_theirs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another thread has its turn in the middle of the making of the first."""
    others = ThreadPoolExecutor(4)

    def one_turn_later(**options: bool) -> Callable[[type[First]], type[First]]:
        made = [others.submit(First, number) for number in range(4)]
        waiting.extend(made)
        wait(made, timeout=0.05)
        return dataclass(**options)

    class First(Frozen):
        number: int

    waiting: list[Future[First]] = []
    with others, monkeypatch.context() as patch:
        patch.setattr(dataclasses, "dataclass", one_turn_later)
        assert First(9).number == 9
        assert [one.result().number for one in waiting] == [0, 1, 2, 3]
