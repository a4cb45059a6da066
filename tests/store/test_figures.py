"""One figure for one thing: what a request shows, is sorted by and counts as, everywhere."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from poc_tui.models.values import Resolution
from poc_tui.rules.service import shown_date
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.sla_clocks import sla_clocks
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import customers, dated_items, departments, listing, queue, requests
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.views import VIEWS
from poc_tui.widgets.request_facts import facts
from tests.conftest import BERLIN
from tests.helpers.command_line import Poc

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FRIDAY = datetime(2026, 11, 27, 14, tzinfo=BERLIN).astimezone(UTC)
"""A date given by hand: after every target there is for such a request."""

Verb = Callable[[Desk, Reader, int], object]


@pytest.fixture
def poc(path: str, clock: FixedClock, capsys: pytest.CaptureFixture[str]) -> Poc:
    return Poc(path, clock, capsys)


def ask(desk: Desk, reader: Reader, number: int, name: str = "Technical") -> None:
    desk.do(drafts.ForwardDraft(departments.department(reader, name).id, "Which?"), [number])


def log(desk: Desk, reader: Reader, number: int) -> None:
    ask(desk, reader, number)
    desk.do(drafts.LogAnswer("The first."), [number])


def reopened(desk: Desk, reader: Reader, number: int) -> None:
    desk.do(drafts.Resolve(Resolution.SOLVED), [number])
    desk.do(drafts.Reopen(), [number])
    desk.do(drafts.Triage(due_at=FRIDAY), [number])


def undone(desk: Desk, reader: Reader, number: int) -> None:
    desk.do(drafts.Answer("Soon.", still_working=True), [number])
    desk.undo()


def triaged(**what: object) -> Verb:
    return lambda desk, _, number: desk.do(drafts.Triage(**what), [number])  # type: ignore[arg-type]


def done(draft: object) -> Verb:
    return lambda desk, _, number: desk.do(draft, [number])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "verb",
    [
        lambda *_: None,
        triaged(),
        triaged(priority="critical"),
        triaged(channel="phone"),
        triaged(customer=drafts.CustomerName("Meyer AG"), kind="complaint"),
        ask,
        log,
        reopened,
        undone,
        done(drafts.CustomerWrote("And?")),
        done(drafts.Answer("Soon.", still_working=True, next_update_at=FRIDAY)),
        done(drafts.Escalate("the board", "they threaten to leave")),
        done(drafts.Promise(FRIDAY + DAY, "a new invoice")),
        done(drafts.Note("a note")),
    ],
)
def test_a_date_given_by_hand_is_the_one_that_is_shown_everywhere(
    verb: Verb, desk: Desk, reader: Reader, clock: FixedClock, deadlines: Deadlines, poc: Poc
) -> None:
    draft = drafts.Capture("Invoice 4711", due_at=FRIDAY, channel="phone")  # type: ignore[arg-type]
    (number,) = desk.do(draft).numbers
    desk.wind()
    verb(desk, reader, number)

    (row,) = queue.page(reader, VIEWS["open"], clock.now(), 0, 5)
    assert row.at == FRIDAY
    assert shown_date.label(row, clock.now(), BERLIN) in ("Fri 14:00", "new Fri")
    detail = requests.request(reader, number)
    head = facts(detail, None, clock.now(), BERLIN).plain
    assert "customer hears by Fri 27 Nov 14:00" in head
    assert "resolved by" not in head
    clocks = sla_clocks(detail, deadlines.hours, clock.now()).running
    assert [one.due_at for one in clocks if one.name == "date given"] == [FRIDAY]
    theirs = [one.due_at for one in clocks if one.name in ("date given", "resolution")]
    assert min(theirs) == FRIDAY
    dated = [
        i.at for i in dated_items.items(reader, BERLIN) if i.what in ("answer", "update", "resolve")
    ]
    assert min(dated) == FRIDAY
    found = dated_items.read_agenda(reader, clock.now(), BERLIN)
    assert {i.at for i in (*found.new, *found.dated) if i.what in ("new", "answer", "update")} == {
        FRIDAY
    }

    assert "Fri 27 Nov 14:00" in poc.ok("list").lines[1]
    assert "due Fri 27 Nov 14:00" in poc.ok("show", str(number)).out
    shown = poc.ok("show", str(number), "--json").json
    (listed,) = poc.ok("list", "--json").json
    assert shown["due_at"] == listed["due_at"] == "2026-11-27T14:00:00+01:00"
    assert shown["resolve_by"] is None or shown["resolve_by"] >= shown["due_at"]

    # not late before it, late after it, by every count there is
    for at, late in ((FRIDAY - HOUR, 0), (FRIDAY + HOUR, 1)):
        (row,) = queue.page(reader, VIEWS["open"], at, 0, 5)
        by_department = row.chase_at is not None and row.chase_at < at
        assert queue.counts(reader, at).late == shown_date.is_late(row, at) == late or by_department
        assert (shown_date.label(row, at, BERLIN) == "late 1h") == bool(late)


def test_a_target_comes_back_once_the_date_that_was_given_is_met(
    desk: Desk, reader: Reader, clock: FixedClock, deadlines: Deadlines
) -> None:
    draft = drafts.Capture("Invoice 4711", due_at=FRIDAY, channel="phone")  # type: ignore[arg-type]
    (number,) = desk.do(draft).numbers
    desk.wind()
    assert requests.request(reader, number).resolve_by is None
    desk.do(drafts.Answer("We are looking into it.", still_working=True), [number])
    detail = requests.request(reader, number)
    assert detail.due_for == "next-update"
    assert detail.resolve_by is not None
    assert detail.resolve_by < FRIDAY


def test_a_target_after_the_date_that_was_given_stands(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    soon = clock.now() + HOUR
    draft = drafts.Capture("Invoice 4711", due_at=soon, channel="phone")  # type: ignore[arg-type]
    (number,) = desk.do(draft).numbers
    desk.wind()
    detail = requests.request(reader, number)
    assert detail.due_at == soon
    assert detail.resolve_by is not None
    assert detail.resolve_by > soon


def test_what_is_to_be_resolved_before_the_next_word_is_said_so_everywhere(
    desk: Desk, reader: Reader, clock: FixedClock, poc: Poc
) -> None:
    """A first word was given in time; then the time to resolve it ends before the next."""
    (number,) = desk.do(drafts.Capture("Key card", channel="phone")).numbers  # type: ignore[arg-type]
    desk.wind()
    clock.advance(2 * DAY + 4 * HOUR)
    desk.do(drafts.Answer("We are looking into it.", still_working=True), [number])
    detail = requests.request(reader, number)
    assert detail.resolve_by is not None
    assert detail.due_at is not None
    assert detail.resolve_by < detail.due_at
    (row,) = queue.page(reader, VIEWS["open"], clock.now(), 0, 5)
    assert row.at == detail.resolve_by
    head = facts(detail, None, clock.now(), BERLIN).plain
    said = poc.ok("show", str(number)).out
    echo = poc.ok("note", str(number), "a note").out
    for words in (head, said, echo):
        assert re.search("resolved? by (tomorrow|Thu 26 Nov)", words)


class Kind(NamedTuple):
    """A request as the store may hold it; hours from now."""

    state: str
    court: str
    due: int | None
    resolve: int | None
    next: int
    snoozed: int | None
    chases: tuple[int, ...]


def any_kind(dice: random.Random) -> Kind:
    def hours() -> int:
        return dice.randrange(-50, 50)

    new = dice.random() < 0.2
    return Kind(
        state="new" if new else "open",
        court="me" if new else dice.choice(["me", "department", "customer"]),
        due=dice.choice([None, hours(), hours()]),
        resolve=dice.choice([None, hours()]),
        next=hours(),
        snoozed=dice.choice([None, None, hours()]),
        chases=tuple(hours() for _ in range(dice.choice([0, 0, 1, 2]))),
    )


@pytest.fixture
def any_store(path: str, desk: Desk, reader: Reader, clock: FixedClock) -> list[int]:
    """300 open requests with every combination of dates, courts and open questions."""
    dice = random.Random(20261123)
    now = int(clock.now().timestamp())
    asked = departments.department(reader, "Technical").id
    numbers: list[int] = []
    for n in range(300):
        numbers += desk.do(drafts.Capture(f"request {n}")).numbers
    with closing(connect(path)) as connection:
        for number in numbers:
            kind = any_kind(dice)
            at = [
                None if hours is None else now + hours * 3600
                for hours in (kind.due, kind.resolve, kind.next, kind.snoozed)
            ]
            connection.execute(
                "UPDATE request SET state = ?, court = ?, due_at = ?, resolve_by = ?, next_at = ?,"
                " snoozed_until = ?, due_for = 'first-answer', due_since = received_at"
                " WHERE id = ?",
                (kind.state, kind.court, *at, number),
            )
            connection.executemany(
                "INSERT INTO forward (request_id, department_id, question, asked_at, due_at,"
                " next_at, answered_at, answer) VALUES (?, ?, 'Which?', ?, ?, ?, ?, ?)",
                [
                    (number, asked, now, now, now + hours * 3600, *answered)
                    for hours in kind.chases
                    for answered in ((None, None), (now, "The first."))
                ],
            )
    return numbers


def test_every_view_is_sorted_by_what_it_shows(
    any_store: list[int], reader: Reader, clock: FixedClock
) -> None:
    now = clock.now()
    for name, view in VIEWS.items():
        rows = queue.page(reader, view, now, 0, 1000)
        assert [row.number for row in rows] == [
            row.number for row in sorted(rows, key=lambda row: (row.at, row.number))
        ], name
        assert [row.number for row in rows] == [*listing.numbers(reader, view, now)], name
        for row in rows:
            if name == "snoozed":
                assert row.at == row.snoozed_until
            else:
                assert row.at == shown_date.first(row.due_at, row.resolve_by, row.next_at)


def test_the_store_and_the_rules_agree_on_what_is_late_and_where_it_lies(
    any_store: list[int], reader: Reader, clock: FixedClock
) -> None:
    now = clock.now()
    rows = queue.by_number(reader, any_store)

    def asleep(row: object) -> bool:
        until = row.snoozed_until  # type: ignore[attr-defined]
        return until is not None and until > now

    overdue = {row.number for row in rows if row.chase_at is not None and row.chase_at < now}
    expected = {
        "late": {row.number for row in rows if shown_date.is_late(row, now)},
        "with-departments": overdue
        | {row.number for row in rows if row.court == "department" and not asleep(row)},
        "my-turn": {row.number for row in rows if row.court == "me" and not asleep(row)},
        "with-customer": {
            row.number for row in rows if row.court == "customer" and not asleep(row)
        },
        "snoozed": {row.number for row in rows if asleep(row)},
        "new": {row.number for row in rows if row.state == "new"},
        "open": set(any_store),
    }
    counts = queue.counts(reader, now)
    for name, numbers in expected.items():
        view = VIEWS[name]
        assert set(listing.numbers(reader, view, now)) == numbers, name
        assert queue.total(reader, view, now) == len(numbers), name
        assert counts.of(name) == len(numbers), name


def test_what_is_new_stands_by_when_it_must_be_looked_at(
    desk: Desk, reader: Reader, clock: FixedClock, poc: Poc
) -> None:
    """A letter of this morning has days, a question on the social web an hour."""
    (letter,) = desk.do(drafts.Capture("A letter", channel="letter")).numbers  # type: ignore[arg-type]
    clock.advance(HOUR)
    (social,) = desk.do(drafts.Capture("A post", channel="social")).numbers  # type: ignore[arg-type]
    desk.wind()
    for view in ("new", "my-turn", "open"):
        assert [one["number"] for one in poc.ok("list", view, "--json").json] == [social, letter]
    lines = poc.ok("list", "new").lines[1:]
    assert [line.split()[0] for line in lines] == [f"#{social}", f"#{letter}"]
    assert all("new, " in line for line in lines)
    found = dated_items.read_agenda(reader, clock.now(), BERLIN)
    assert [item.number for item in found.new] == [social, letter]


def test_what_sleeps_stands_by_when_it_comes_back(
    desk: Desk, reader: Reader, clock: FixedClock, poc: Poc
) -> None:
    now = clock.now()
    (late,) = desk.do(drafts.Capture("late", due_at=now + HOUR)).numbers
    (soon,) = desk.do(drafts.Capture("soon", due_at=now + 9 * DAY)).numbers
    desk.do(drafts.Snooze(now + 3 * DAY, "in three days"), [late])
    desk.do(drafts.Snooze(now + DAY, "tomorrow"), [soon])
    clock.advance(2 * HOUR)
    lines = poc.ok("list", "snoozed").lines[1:]
    assert [line.split()[0] for line in lines] == [f"#{soon}", f"#{late}"]
    assert "late 1 h" in lines[1]


@pytest.fixture
def overdue(desk: Desk, reader: Reader, clock: FixedClock) -> int:
    """A request of which Technical was asked, and has not answered in time."""
    (number,) = desk.do(drafts.Capture("Key card")).numbers
    ask(desk, reader, number)
    clock.advance(3 * DAY)
    return number


INTERIM = drafts.Answer("partly", check_back_at=FRIDAY + 30 * DAY)


@pytest.mark.parametrize(
    "word",
    [
        INTERIM,
        drafts.Answer("We are looking into it.", still_working=True),
        drafts.CustomerWrote("And?"),
        drafts.Snooze(FRIDAY + 30 * DAY, "later"),
        drafts.Note("They are slow."),
        drafts.Triage(due_at=FRIDAY + 30 * DAY),
    ],
)
def test_an_overdue_question_keeps_a_request_late_and_with_departments(
    word: object, desk: Desk, reader: Reader, clock: FixedClock, overdue: int, poc: Poc
) -> None:
    desk.do(word, [overdue])  # type: ignore[arg-type]
    for view in ("late", "with-departments"):
        assert [one["number"] for one in poc.ok("list", view, "--json").json] == [overdue], view
    counts = queue.counts(reader, clock.now())
    assert (counts.late, counts.with_departments) == (1, 1)
    (row,) = queue.page(reader, VIEWS["with-departments"], clock.now(), 0, 5)
    assert "chase 2d" in shown_date.leads(row, clock.now())
    assert "chase" in {
        item.what for item in dated_items.read_agenda(reader, clock.now(), BERLIN).late
    }


@pytest.mark.parametrize(
    "end",
    [
        drafts.Chase(early=True),
        drafts.LogAnswer("The first."),
        drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True),
    ],
)
def test_until_it_is_chased_answered_or_withdrawn(
    end: object, desk: Desk, reader: Reader, clock: FixedClock, overdue: int
) -> None:
    desk.do(INTERIM, [overdue])
    desk.do(end, [overdue])  # type: ignore[arg-type]
    counts = queue.counts(reader, clock.now())
    assert (counts.late, counts.with_departments) == (0, 0)


def test_the_customers_pane_says_the_date_of_what_is_open(
    desk: Desk, reader: Reader, clock: FixedClock, poc: Poc
) -> None:
    draft = drafts.Capture("Key card", customer=drafts.CustomerName("Meyer AG"), due_at=FRIDAY)
    desk.do(draft)
    desk.wind()
    (past,) = customers.find(reader, "Meyer AG").history
    assert past.at == FRIDAY
    assert "my turn, Fri 27 Nov 14:00" in poc.ok("customers", "show", "meyer").out


def test_figures_as_json_are_those_of_the_views(desk: Desk, poc: Poc, clock: FixedClock) -> None:
    for hours in (5, -3, 40, 2):
        desk.do(drafts.Capture(f"due in {hours}", due_at=clock.now() + hours * HOUR))
    listed = poc.ok("list", "--json").json
    assert [one["due_at"] for one in listed] == sorted(one["due_at"] for one in listed)
    assert len(poc.ok("list", "late", "--json").json) == 1
    assert json.loads(poc.ok("agenda", "--json").out)["late"][0]["number"] == 2
