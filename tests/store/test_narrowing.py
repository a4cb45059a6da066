"""Views narrowed by words and sorted; a customer's requests; one's own latest deeds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from poc_tui.models.values import Priority, Resolution
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import narrowing, views
from poc_tui.store.queries.narrowing import ViewNarrower, last_deeds, of_customer_named
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.search import matching

Narrow = Callable[..., list[int]]


@pytest.fixture
def narrow(reader: Reader, clock: FixedClock) -> Narrow:
    narrower = ViewNarrower(reader)

    def numbers(sought: str = "", sort: str = "due", view: str = "open") -> list[int]:
        return list(narrower.narrow(views.VIEWS[view], clock.now(), sought, sort).numbers)

    return numbers


@pytest.fixture
def four(desk: Desk, clock: FixedClock) -> Desk:
    """Four open requests that differ in all that one can narrow and sort by; #4 is due first."""
    for number, (subject, customer, priority, tags) in enumerate(
        (
            ("Türschloss klemmt", "Meyer AG", Priority.NORMAL, ("lock",)),
            ("Where is my order?", "Bäckerei Ott", Priority.LOW, ()),
            ("Invoice 4711", None, Priority.CRITICAL, ()),
            ("Invoice again", "meyer & Söhne", Priority.HIGH, ("urgent-delivery",)),
        ),
        1,
    ):
        who = None if customer is None else drafts.CustomerName(customer)
        due = clock.now() + timedelta(days=10 - number)
        desk.do(drafts.Capture(subject, customer=who, priority=priority, tags=tags, due_at=due))
        clock.advance(timedelta(minutes=1))
    return desk


@pytest.mark.parametrize(
    ("sought", "left"),
    [
        ("", [4, 3, 2, 1]),
        ("mey", [4, 1]),
        ("inv mey", [4]),
        ("tuerschl", [1]),
        ("BAECKEREI", [2]),
        ("lock", [1]),
        ("delivery", [4]),
        ("critical", [3]),
        ("4711", [3]),
        ("2", [2]),
        ("#3", [3]),
        ("nvoice", []),
        ("%", [4, 3, 2, 1]),
    ],
)
def test_each_word_begins_one_in_the_line_of_the_request(
    four: Desk, narrow: Narrow, sought: str, left: list[int]
) -> None:
    assert narrow(sought) == left


def test_a_department_that_is_asked_narrows_until_it_has_answered(
    four: Desk, narrow: Narrow
) -> None:
    four.do(drafts.ForwardDraft(1, "is it right?"), [2])
    assert narrow("technical") == [2]
    assert narrow("technical", view="with-customer") == []
    four.do(drafts.LogAnswer("it is"), [2])
    assert narrow("technical") == []


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("due", [4, 3, 2, 1]),
        ("received", [4, 3, 2, 1]),
        ("customer", [2, 4, 1, 3]),
        ("priority", [3, 4, 1, 2]),
        ("untouched", [2, 3, 4, 1]),
    ],
)
def test_the_sorts_of_a_view(four: Desk, narrow: Narrow, sort: str, order: list[int]) -> None:
    four.do(drafts.Note("looked at"), [1])
    assert narrow(sort=sort) == order


def test_what_is_written_is_seen_at_the_next_word(four: Desk, narrow: Narrow) -> None:
    assert narrow("mey") == [4, 1]
    four.do(drafts.Capture("Meyer once more"))
    assert set(narrow("mey")) == {1, 4, 5}
    four.do(drafts.Resolve(Resolution.SOLVED), [1])
    assert set(narrow("mey")) == {4, 5}


def test_a_view_too_large_to_be_read_is_searched(
    four: Desk, reader: Reader, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    four.do(drafts.Resolve(Resolution.SOLVED), [1, 3])
    monkeypatch.setattr(narrowing, "MOST_READ", 1)
    monkeypatch.setattr(narrowing, "MOST_FOUND", 1)
    narrower = ViewNarrower(reader)
    found = narrower.narrow(views.VIEWS["resolved"], clock.now(), "invoice", "due")
    assert (found.numbers, found.of, found.whole) == ([3], 2, False)
    found = narrower.narrow(views.VIEWS["open"], clock.now(), "mey", "due")
    assert found.numbers == [4]


def test_a_search_within_a_view_reads_past_what_is_not_in_it(four: Desk, reader: Reader) -> None:
    """However many of the newest that match are elsewhere."""
    for _ in range(30):
        four.do(drafts.Note("invoice"), [4])
    four.do(drafts.Resolve(Resolution.SOLVED), [3])
    assert matching(reader, "invoice", limit=2, where="state = 'resolved'") == [3]


def test_a_customer_is_meant_by_the_name_first_and_open_requests_stand_first(
    four: Desk, reader: Reader
) -> None:
    four.do(drafts.Capture("older", customer=drafts.CustomerName("Agentur Meyer")))
    four.do(drafts.Capture("newer", customer=drafts.CustomerName("Meyer AG")))
    four.do(drafts.Resolve(Resolution.SOLVED), [6])
    names, _ = of_customer_named(reader, "meyer")
    assert set(names[:2]) == {"Meyer AG", "meyer & Söhne"}
    assert names[2] == "Agentur Meyer"
    exact, numbers = of_customer_named(reader, "Meyer AG")
    assert (exact[0], numbers) == ("Meyer AG", [1, 6])
    assert of_customer_named(reader, "nobody") == ([], [])
    assert of_customer_named(reader, " ") == ((), [])


def test_customers_who_are_called_alike_are_told_apart_by_their_ids(
    four: Desk, reader: Reader
) -> None:
    four.do(drafts.EditCustomer(None, name="Meyer AG"))
    names, _ = of_customer_named(reader, "meyer ag")
    assert len(names) == 2
    found = [of_customer_named(reader, name) for name in names]
    assert sorted(numbers for _, numbers in found) == [[], [1]]
    assert of_customer_named(reader, "Meyer AG (99)") == ([], [])


def test_the_latest_deeds_are_ones_own_and_taking_down_is_none(
    four: Desk, reader: Reader, clock: FixedClock
) -> None:
    assert last_deeds(reader, "me") == {}
    for number in (2, 4, 2):
        clock.advance(timedelta(minutes=1))
        four.do(drafts.Note("looked at"), [number])
    assert list(last_deeds(reader, "me").items()) == [
        (2, clock.now()),
        (4, clock.now() - timedelta(minutes=1)),
    ]
    assert last_deeds(reader, "somebody else") == {}
