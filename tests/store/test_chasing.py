"""Chasing, escalating, promises and what recurs: what the desk's verbs leave behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from poc_tui.errors import NeedsYes, NotUnderstood, Refused
from poc_tui.models.values import Resolution
from poc_tui.rules.dates.human_dates import understand
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import customers, dated_items, departments, queue, reminders, requests
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import ForwardRow, RequestDetail

HOUR = timedelta(hours=1)
EVERY_MONDAY = "FREQ=WEEKLY;BYDAY=MO"
ALL_ROWS = Callable[[], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def when(clock: FixedClock) -> Callable[[str], datetime]:
    """A moment by its words, seen from the Monday of the tests."""
    monday = clock.now()
    return lambda words: understand(words, monday, clock.zone)


@pytest.fixture
def waiting(desk: Desk, reader: Reader) -> int:
    """A request of Meyer AG that Technical is to answer within a day, asked Monday 9:12."""
    number = desk.do(
        drafts.Capture("Invoice 4711 is wrong", customer=drafts.CustomerName("Meyer AG"))
    ).numbers[0]
    technical = departments.department(reader, "Technical").id
    people = drafts.EditDepartment(
        technical, contact="the counter", deputy="the deputy", answer_within_minutes=8 * 60
    )
    desk.do(people)
    desk.do(drafts.ForwardDraft(technical, "Were 12 units delivered?"), [number])
    return number


def asked(reader: Reader, number: int) -> ForwardRow:
    return requests.request(reader, number).forwards[0]


def detail(reader: Reader, number: int) -> RequestDetail:
    return requests.request(reader, number)


# The ladder


def test_the_ladder_begins_when_the_answer_is_due(
    reader: Reader, waiting: int, when: Callable[[str], datetime]
) -> None:
    assert asked(reader, waiting).due_at == when("tomorrow 9:12")
    assert asked(reader, waiting).next_at == when("tomorrow 9:12")
    assert detail(reader, waiting).next_at == when("tomorrow 9:12")


def test_whoever_is_addressed_is_greeted_without_the_address(
    desk: Desk, reader: Reader, waiting: int
) -> None:
    technical = departments.department(reader, "Technical").id
    for contact, greeting in (
        ("Workshop <w@x.example>, ext. 21", "Hello Workshop,"),
        ("w@x.example", "Hello Technical,"),
    ):
        desk.do(drafts.EditDepartment(technical, contact=contact))
        desk.do(drafts.Chase(early=True), [waiting])
        words = detail(reader, waiting).activities[-1].text
        assert greeting in words.splitlines()
        desk.undo()


def test_each_step_turns_to_the_next_person_at_its_share_of_the_time(
    desk: Desk, reader: Reader, clock: FixedClock, waiting: int, when: Callable[[str], datetime]
) -> None:
    """Eight hours from 9:12: 125 % is 11:12 of the second day, 150 % 13:12, 200 % the third day
    at 9:12. There is no lead: that step turns to whom the levels name, and says so."""
    steps = []
    for moment, following in (
        ("tomorrow 9:12", "tomorrow 11:12"),
        ("tomorrow 11:12", "tomorrow 13:12"),
        ("tomorrow 13:12", "in 2 days 9:12"),
        ("in 2 days 9:12", "in 2 days 13:12"),
    ):
        clock.at = when(moment)
        done = desk.do(drafts.Chase(early=True), [waiting])
        last = [a for a in detail(reader, waiting).activities if a.event == "chased"][-1]
        assert last.changes is not None
        steps.append((*last.changes["chased"], done.remarks))
        assert asked(reader, waiting).next_at == when(following), moment
        assert detail(reader, waiting).next_at == when(following)
        assert "Were 12 units delivered?" in last.text
    assert steps == [
        ("remind", "the counter", ()),
        ("remind again", "the counter", ()),
        ("ask the deputy", "the deputy", ()),
        (
            "escalate to the lead",
            "management",
            (f"#{waiting}: Technical has no lead; this goes to management",),
        ),
    ]
    assert asked(reader, waiting).chased == 4
    assert detail(reader, waiting).court == "department"


def test_who_chases_late_leaves_the_department_time_to_answer(
    desk: Desk, reader: Reader, clock: FixedClock, waiting: int, when: Callable[[str], datetime]
) -> None:
    """Two weeks late: every rung is past, so the next is a quarter of eight hours from now."""
    clock.at = when("in 14 days 10:00")
    desk.do(drafts.Chase(early=True), [waiting])
    assert asked(reader, waiting).next_at == when("in 14 days 12:00")


def test_the_step_to_the_lead_escalates_the_request(
    desk: Desk, reader: Reader, waiting: int
) -> None:
    technical = departments.department(reader, "Technical").id
    desk.do(drafts.EditDepartment(technical, lead="the head of Technical"))
    for _ in range(4):
        desk.do(drafts.Chase(early=True), [waiting])
    found = detail(reader, waiting)
    assert found.escalated_to == "the head of Technical"
    assert "chased 4 times" in found.escalated_why


def test_chasing_keeps_the_move_where_it_is(desk: Desk, reader: Reader, waiting: int) -> None:
    desk.do(drafts.CustomerWrote("Any news?"), [waiting])
    before = detail(reader, waiting)
    desk.do(drafts.Chase(early=True), [waiting])
    after = detail(reader, waiting)
    assert (after.court, after.next_at) == (before.court, before.next_at) == ("me", before.next_at)
    assert asked(reader, waiting).chased == 1


def test_a_department_that_still_has_time_is_chased_only_if_somebody_says_so(
    desk: Desk, reader: Reader, waiting: int, rows_of: ALL_ROWS, when: Callable[[str], datetime]
) -> None:
    before = rows_of()
    with pytest.raises(NeedsYes, match="not to be chased before tomorrow 09:12"):
        desk.do(drafts.Chase(), [waiting])
    assert rows_of() == before
    for _ in range(6):
        had = asked(reader, waiting).next_at
        desk.do(drafts.Chase(early=True), [waiting])
        assert asked(reader, waiting).next_at >= had


def test_nobody_is_chased_where_nobody_was_asked(desk: Desk, rows_of: ALL_ROWS) -> None:
    number = desk.do(drafts.Capture("a question")).numbers[0]
    before = rows_of()
    with pytest.raises(Refused, match="waits for no department"):
        desk.do(drafts.Chase(early=True), [number])
    assert rows_of() == before


def test_of_several_departments_the_one_that_is_due_is_chased_first(
    desk: Desk, reader: Reader, waiting: int, when: Callable[[str], datetime]
) -> None:
    legal = departments.department(reader, "Legal").id
    desk.do(drafts.ForwardDraft(legal, "May we?", when("today 12:00")), [waiting])
    assert detail(reader, waiting).next_at == when("today 12:00")
    desk.do(drafts.Chase(early=True), [waiting])
    chased = {f.department: f.chased for f in detail(reader, waiting).forwards}
    assert chased == {"Technical": 0, "Legal": 1}


def test_a_department_that_is_over_its_time_is_to_be_chased_until_it_was(
    desk: Desk, reader: Reader, clock: FixedClock, waiting: int, when: Callable[[str], datetime]
) -> None:
    clock.at = when("tomorrow 10:00")
    assert queue.counts(reader, clock.now()).late == 1
    desk.do(drafts.Chase(early=True), [waiting])
    assert "chase" not in {i.what for i in dated_items.items(reader, clock.zone, until=clock.now())}


def test_who_was_chased_has_half_an_hour_at_least(
    desk: Desk, reader: Reader, clock: FixedClock, waiting: int, when: Callable[[str], datetime]
) -> None:
    """125 % is tomorrow 11:12; whoever chases at 11:00 does not chase again twelve minutes on."""
    clock.at = when("tomorrow 11:00")
    desk.do(drafts.Chase(), [waiting])
    assert asked(reader, waiting).next_at == when("tomorrow 11:30")


# Escalation


def test_an_escalation_stays_until_it_is_taken_back(
    desk: Desk, reader: Reader, waiting: int
) -> None:
    desk.do(drafts.Escalate("management", "late, VIP"), [waiting])
    assert detail(reader, waiting).escalated_to == "management"
    assert queue.by_number(reader, [waiting])[0].escalated
    desk.do(drafts.Note("they know"), [waiting])
    assert detail(reader, waiting).escalated_to == "management"
    desk.do(drafts.StandDown("answered"), [waiting])
    assert detail(reader, waiting).escalated_at is None
    assert [a.event for a in detail(reader, waiting).activities][-3:] == [
        "escalated", "noted", "stood-down",
    ]  # fmt: skip


def test_what_is_not_escalated_cannot_be_taken_back(desk: Desk, waiting: int) -> None:
    with pytest.raises(Refused, match="not escalated"):
        desk.do(drafts.StandDown(), [waiting])


def test_an_escalation_needs_a_person_and_a_reason() -> None:
    with pytest.raises(NotUnderstood, match="to whom"):
        drafts.Escalate(" ", "late")
    with pytest.raises(NotUnderstood, match="reason"):
        drafts.Escalate("management", "\u200b")


def test_a_resolved_request_is_escalated_no_more(
    desk: Desk, reader: Reader, clock: FixedClock, waiting: int
) -> None:
    desk.do(drafts.Escalate("management", "late"), [waiting])
    clock.advance(HOUR)
    desk.do(drafts.Resolve(Resolution.SOLVED, "Done.", withdraw_forwards=True), [waiting])
    assert detail(reader, waiting).escalated_at is None
    assert detail(reader, waiting).turns[-1].until is not None


# Promises


def test_a_promise_is_kept_or_broken_and_never_guessed(
    desk: Desk, reader: Reader, waiting: int, when: Callable[[str], datetime]
) -> None:
    desk.do(drafts.Promise(when("fri 12:00"), "a corrected invoice"), [waiting])
    (promise,) = detail(reader, waiting).open_reminders
    assert (promise.kind, promise.at) == ("promise", when("fri 12:00"))
    with pytest.raises(NeedsYes, match="kept or broken"):
        desk.do(drafts.MarkDone((promise.id,)))
    desk.do(drafts.EndPromise(promise.id, kept=False, why="the printer"))
    (ended,) = detail(reader, waiting).reminders
    assert ended.outcome == "broken"
    last = detail(reader, waiting).activities[-1]
    assert (last.event, last.text) == ("broken", "a corrected invoice: the printer")
    with pytest.raises(Refused, match="broken already"):
        desk.do(drafts.EndPromise(promise.id, kept=True))


@pytest.mark.parametrize("kept", [True, False])
def test_resolving_asks_whether_a_promise_was_kept(
    desk: Desk, reader: Reader, waiting: int, when: Callable[[str], datetime], kept: bool
) -> None:
    desk.do(drafts.Promise(when("fri"), "a call"), [waiting])
    end = drafts.Resolve(Resolution.SOLVED, "Done.", withdraw_forwards=True, reminders_done=True)
    with pytest.raises(NeedsYes, match="kept or broken"):
        desk.do(end, [waiting])
    desk.do(
        drafts.Resolve(
            Resolution.SOLVED,
            "Done.",
            withdraw_forwards=True,
            reminders_done=True,
            promises_kept=kept,
        ),
        [waiting],
    )
    (promise,) = detail(reader, waiting).reminders
    assert promise.outcome == ("kept" if kept else "broken")


def test_a_promise_is_given_to_somebody_for_a_time_to_come(
    desk: Desk, clock: FixedClock, when: Callable[[str], datetime]
) -> None:
    with pytest.raises(NotUnderstood, match="to whom"):
        desk.do(drafts.Promise(when("fri"), "a call"))
    with pytest.raises(NotUnderstood, match="later date"):
        desk.do(drafts.Promise(clock.now(), "a call", whom="the press"))


# What recurs


def test_a_recurring_reminder_comes_again(
    desk: Desk, reader: Reader, clock: FixedClock, when: Callable[[str], datetime]
) -> None:
    desk.do(drafts.Remind(when("mon 9:00"), "look at the mailbox", every=EVERY_MONDAY))
    (reminder,) = reminders.upcoming(reader)
    clock.at = when("in 9 days 10:00")
    desk.do(drafts.MarkDone((reminder.id,)))
    (again,) = reminders.upcoming(reader)
    assert (again.id, again.at) == (reminder.id, when("in 14 days 9:00"))
    desk.do(drafts.MarkDone((reminder.id,), end_series=True))
    assert reminders.upcoming(reader) == ()


def test_a_customer_is_to_be_talked_to_when_the_last_contact_is_too_long_ago(
    desk: Desk, reader: Reader, clock: FixedClock, waiting: int, when: Callable[[str], datetime]
) -> None:
    """Every two weeks: due two weeks after Monday 9:12, when Meyer AG wrote. An answer to them
    counts, and so does a call that belongs to no request."""
    meyer = customers.find(reader, "Meyer AG").id
    desk.do(drafts.EditCustomer(meyer, rhythm="FREQ=WEEKLY;INTERVAL=2"))

    def due() -> list[datetime]:
        return [i.at for i in dated_items.items(reader, clock.zone) if i.what == "contact"]

    assert due() == [when("in 14 days 9:12")]
    clock.at = when("in 3 days 10:00")
    desk.do(drafts.Answer("We are looking into it.", still_working=True), [waiting])
    assert due() == [when("in 17 days 10:00")]
    clock.at = when("in 4 days 11:00")
    desk.do(drafts.Contact(meyer, "all well"))
    assert due() == [when("in 18 days 11:00")]
    desk.undo()
    assert due() == [when("in 17 days 10:00")]
    desk.do(drafts.EditCustomer(meyer, rhythm=""))
    assert due() == []


@pytest.mark.parametrize(
    "draft",
    [
        drafts.Chase(early=True),
        drafts.Escalate("management", "late"),
        drafts.StandDown(),
        drafts.EndPromise(1, kept=True),
        drafts.MarkDone((2,)),
        drafts.Resolve(
            Resolution.SOLVED, "Done.", withdraw_forwards=True, reminders_done=True,
            promises_kept=True,
        ),
    ],
    ids=lambda draft: type(draft).__name__,
)  # fmt: skip
def test_each_of_these_can_be_taken_back_and_done_again(
    desk: Desk,
    waiting: int,
    rows_of: ALL_ROWS,
    when: Callable[[str], datetime],
    draft: drafts.Draft,
) -> None:
    desk.do(drafts.Promise(when("fri"), "a call"), [waiting])
    desk.do(drafts.Remind(when("mon 9:00"), "look", every=EVERY_MONDAY), [waiting])
    if isinstance(draft, drafts.StandDown):
        desk.do(drafts.Escalate("management", "late"), [waiting])
    before = rows_of()
    desk.do(draft, [waiting])
    after = rows_of()
    assert after != before
    desk.undo()
    assert rows_of() == before
    desk.redo()
    assert rows_of() == after
