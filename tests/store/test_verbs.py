"""What each verb does to a request: its court, its next date, its timeline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from poc_tui.errors import NeedsYes, NotFound, NotUnderstood, PocError, Refused
from poc_tui.models.values import Channel, Kind, Priority, Resolution
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.levels import Facts
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import customers, departments, queue, requests, views
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import RequestDetail


def take_down(desk: Desk, subject: str = "Invoice 4711 is wrong", **rest: object) -> int:
    return desk.do(drafts.Capture(subject, **rest)).numbers[0]  # type: ignore[arg-type]


def department(reader: Reader, name: str) -> int:
    return departments.department(reader, name).id


def events(request: RequestDetail) -> list[str]:
    return [activity.event for activity in request.activities]


def test_a_new_request_is_my_move_now(desk: Desk, reader: Reader, clock: FixedClock) -> None:
    request = requests.request(reader, take_down(desk))
    assert (request.state, request.court, request.next_at) == ("new", "me", clock.now())
    assert events(request) == ["received"]


def test_what_was_captured_can_be_read_again_to_the_byte(desk: Desk, reader: Reader) -> None:
    raw = b"Rechnung \xff\xfe\x00\x1b[31m 4711\r\n"
    number = take_down(desk, "Rechnung", raw=raw)
    assert requests.original(reader, number) == raw


def test_an_unknown_customer_is_created_and_a_known_one_recognised(
    desk: Desk, reader: Reader
) -> None:
    first = desk.do(drafts.Capture("one", customer=drafts.CustomerName("Bäckerei Ott")))
    assert first.remarks == ("new customer “Bäckerei Ott”",)
    second = desk.do(drafts.Capture("two", customer=drafts.CustomerName("baeckerei ott")))
    assert second.remarks == ()
    card = customers.find(reader, "Ott")
    assert [past.subject for past in card.history] == ["two", "one"]


def test_an_ambiguous_customer_is_left_open_and_said(desk: Desk, reader: Reader) -> None:
    for name in ("Meyer AG", "Meyer GmbH"):
        take_down(desk, customer=drafts.CustomerName(name))
    done = desk.do(drafts.Capture("which", customer=drafts.CustomerName("meyer")))
    assert requests.request(reader, done.numbers[0]).customer is None
    assert "Meyer AG" in done.remarks[0]
    assert "Meyer GmbH" in done.remarks[0]


def test_a_part_of_a_word_is_not_taken_for_a_customer(desk: Desk, reader: Reader) -> None:
    take_down(desk, customer=drafts.CustomerName("Ottobrunn Apotheke"))
    number = take_down(desk, customer=drafts.CustomerName("Otto"))
    assert requests.request(reader, number).customer == "Otto"


def test_triage_gives_the_due_date_the_channel_calls_for(
    desk: Desk, reader: Reader, clock: FixedClock, deadlines: Deadlines
) -> None:
    number = take_down(desk, channel=Channel.PHONE)
    desk.do(drafts.Triage(kind=Kind.COMPLAINT, priority=Priority.HIGH), [number])
    request = requests.request(reader, number)
    assert (request.state, request.kind, request.priority) == ("open", "complaint", "high")
    assert request.due_at == (
        deadlines.first_answer(Facts("phone", "complaint", "high"), clock.now()).at
    )
    assert request.next_at == request.due_at


def test_a_forward_gives_the_move_to_the_department_until_its_answer_is_due(
    desk: Desk, reader: Reader, clock: FixedClock, deadlines: Deadlines
) -> None:
    number = take_down(desk)
    technical = departments.department(reader, "Technical")
    desk.do(drafts.ForwardDraft(technical.id, "Is the delivery note right?"), [number])
    request = requests.request(reader, number)
    usual = timedelta(minutes=technical.answer_within)
    expected = deadlines.forward_due("Technical", usual, "normal", clock.now())
    assert (request.court, request.next_at) == ("department", expected)
    assert request.due_at is not None, "a department's wait never stops the customer's clock"
    assert request.open_forwards[0].question == "Is the delivery note right?"


def test_the_move_is_mine_when_the_last_department_has_answered(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    number = take_down(desk)
    desk.do(drafts.ForwardDraft(department(reader, "Technical")), [number])
    desk.do(drafts.ForwardDraft(department(reader, "Legal")), [number])
    with pytest.raises(Refused, match="whose answer"):
        desk.do(drafts.LogAnswer("10 units"), [number])
    technical, legal = requests.request(reader, number).open_forwards
    desk.do(drafts.LogAnswer("10 units", technical.id), [number])
    still = requests.request(reader, number)
    assert (still.court, still.next_at) == ("department", legal.due_at)
    clock.advance(timedelta(hours=1))
    desk.do(drafts.LogAnswer("fine with us", legal.id), [number])
    mine = requests.request(reader, number)
    assert (mine.court, mine.next_at, mine.open_forwards) == ("me", clock.now(), ())


def test_the_customers_word_comes_to_me_even_while_departments_work(
    desk: Desk, reader: Reader
) -> None:
    number = take_down(desk)
    desk.do(drafts.ForwardDraft(department(reader, "Technical")), [number])
    desk.do(drafts.ForwardDraft(department(reader, "Legal")), [number])
    desk.do(drafts.CustomerWrote("any news?"), [number])
    request = requests.request(reader, number)
    assert request.court == "me"
    desk.do(drafts.LogAnswer("10 units", request.open_forwards[0].id), [number])
    assert requests.request(reader, number).court == "me"


def test_an_answer_gives_the_move_to_the_customer_with_a_check_back(
    desk: Desk, reader: Reader, clock: FixedClock, deadlines: Deadlines
) -> None:
    number = take_down(desk)
    desk.do(drafts.Answer("we look into it"), [number])
    request = requests.request(reader, number)
    assert (request.court, request.due_at) == ("customer", None)
    assert request.next_at == deadlines.check_back_at(clock.now())
    assert request.first_answered_at == clock.now()


def test_an_interim_word_leaves_the_move_with_the_department(desk: Desk, reader: Reader) -> None:
    number = take_down(desk)
    desk.do(drafts.ForwardDraft(department(reader, "Technical")), [number])
    desk.do(drafts.Answer("Technical is on it", still_working=True), [number])
    request = requests.request(reader, number)
    assert request.court == "department"
    assert request.due_at is not None


def test_a_reply_wakes_a_snoozed_request_and_keeps_its_reminder(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    number = take_down(desk)
    until = clock.now() + timedelta(days=3)
    desk.do(drafts.Snooze(until, "waits for the fair"), [number])
    assert queue.counts(reader, clock.now()).snoozed == 1
    desk.do(drafts.CustomerWrote("hello?"), [number])
    request = requests.request(reader, number)
    assert request.snoozed_until is None
    assert [(r.text, r.at) for r in request.open_reminders] == [("waits for the fair", until)]


def test_a_snooze_ends_by_itself(desk: Desk, reader: Reader, clock: FixedClock) -> None:
    number = take_down(desk)
    desk.do(drafts.Snooze(clock.now() + timedelta(hours=2)), [number])
    view = views.VIEWS["my-turn"]
    assert queue.page(reader, view, clock.now(), 0, 10) == []
    clock.advance(timedelta(hours=2))
    assert [row.number for row in queue.page(reader, view, clock.now(), 0, 10)] == [number]


def test_what_is_woken_is_on_the_desk_as_if_its_snooze_had_ended(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    number = take_down(desk)
    desk.do(drafts.Remind(clock.now() + timedelta(days=1), "call them"), [number])
    desk.do(drafts.Snooze(clock.now() + timedelta(days=3), "waits for the fair"), [number])
    clock.advance(timedelta(hours=1))
    desk.do(drafts.Wake(), [number])
    request = requests.request(reader, number)
    assert (request.snoozed_until, request.court, request.next_at) == (None, "me", clock.now())
    assert [reminder.text for reminder in request.open_reminders] == ["call them"]
    assert request.activities[-1].event == "woken"
    desk.undo()
    assert queue.counts(reader, clock.now()).snoozed == 1


def test_a_department_is_chased_when_it_was_to_be_also_if_its_request_is_woken(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    number = take_down(desk)
    desk.do(drafts.ForwardDraft(department(reader, "Technical")), [number])
    (forward,) = requests.request(reader, number).forwards
    desk.do(drafts.Snooze(clock.now() + timedelta(days=9)), [number])
    desk.do(drafts.Wake(), [number])
    request = requests.request(reader, number)
    assert (request.court, request.next_at) == ("department", forward.next_at)


def test_what_is_awake_cannot_be_woken(desk: Desk, clock: FixedClock) -> None:
    number = take_down(desk)
    with pytest.raises(Refused, match="is not snoozed"):
        desk.do(drafts.Wake(), [number])
    desk.do(drafts.Snooze(clock.now() + timedelta(hours=1)), [number])
    clock.advance(timedelta(hours=1))
    with pytest.raises(Refused, match="is not snoozed"):
        desk.do(drafts.Wake(), [number])


def test_resolving_withdraws_open_forwards_only_on_an_explicit_yes(
    desk: Desk, reader: Reader
) -> None:
    number = take_down(desk)
    desk.do(drafts.ForwardDraft(department(reader, "Technical")), [number])
    with pytest.raises(NeedsYes, match="Technical"):
        desk.do(drafts.Resolve(Resolution.SOLVED), [number])
    assert requests.request(reader, number).state == "open"
    desk.do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True), [number])
    request = requests.request(reader, number)
    assert (request.state, request.court, request.next_at) == ("resolved", None, None)
    assert request.open_forwards == ()


@pytest.mark.parametrize("done", [True, False])
def test_resolving_asks_what_becomes_of_an_open_reminder(
    desk: Desk, reader: Reader, clock: FixedClock, done: bool
) -> None:
    number = take_down(desk)
    desk.do(drafts.Remind(clock.now() + timedelta(days=1), "call Ott"), [number])
    with pytest.raises(NeedsYes, match="call Ott"):
        desk.do(drafts.Resolve(Resolution.SOLVED), [number])
    desk.do(drafts.Resolve(Resolution.SOLVED, reminders_done=done), [number])
    (reminder,) = requests.request(reader, number).reminders
    assert (reminder.done_at is not None, reminder.stays) == (done, not done)


def test_a_duplicate_says_of_which_request_it_is_one(desk: Desk, reader: Reader) -> None:
    meyer = drafts.CustomerName("Meyer AG")
    first, second = take_down(desk, customer=meyer), take_down(desk, customer=meyer)
    done = desk.do(drafts.Resolve(Resolution.DUPLICATE, duplicate_of=first), [second])
    assert done.label == f"resolve #{second} as duplicate of #{first}"
    assert requests.request(reader, second).ended_as == f"duplicate of #{first}"
    history = customers.find(reader, "Meyer AG").history
    assert [past.ended_as for past in history] == [f"duplicate of #{first}", ""]
    desk.undo()
    assert requests.request(reader, second).ended_as == ""
    desk.redo()
    desk.do(drafts.Reopen(), [second])
    assert requests.request(reader, second).duplicate_of is None
    desk.do(drafts.Resolve(Resolution.DUPLICATE), [second])
    assert requests.request(reader, second).ended_as == "duplicate"


def test_no_request_is_a_duplicate_of_itself_however_far_round(desk: Desk, reader: Reader) -> None:
    one, two, three = (take_down(desk, word) for word in ("one", "two", "three"))

    def resolve(number: int, of: int) -> None:
        desk.do(drafts.Resolve(Resolution.DUPLICATE, duplicate_of=of), [number])

    with pytest.raises(Refused, match="cannot be a duplicate of itself"):
        resolve(one, one)
    with pytest.raises(NotFound, match="no request #99"):
        resolve(one, 99)
    resolve(two, one)
    resolve(three, two)
    with pytest.raises(Refused, match=f"#{three} was resolved as a duplicate of #{one}"):
        resolve(one, three)
    assert requests.request(reader, one).state == "new"
    # Once that one lives again, it is a duplicate of nothing.
    desk.do(drafts.Reopen(), [two])
    resolve(one, three)
    assert requests.request(reader, one).duplicate_of == three


def test_only_a_duplicate_is_one_of_another_request(desk: Desk) -> None:
    with pytest.raises(NotUnderstood, match="a duplicate of none"):
        drafts.Resolve(Resolution.SOLVED, duplicate_of=1)
    number = take_down(desk)
    with pytest.raises(NotUnderstood, match="a duplicate of none"):
        desk.do(drafts.Answer("so", resolve_as=Resolution.SOLVED, duplicate_of=number), [number])


def test_a_reopened_request_is_mine_again(desk: Desk, reader: Reader, clock: FixedClock) -> None:
    number = take_down(desk)
    desk.do(drafts.Resolve(Resolution.DECLINED), [number])
    desk.do(drafts.Reopen("they insist"), [number])
    request = requests.request(reader, number)
    assert (request.state, request.court, request.next_at) == ("open", "me", clock.now())
    assert (request.resolution, request.resolved_at) == (None, None)


def test_several_requests_go_in_one_step_or_not_at_all(desk: Desk, reader: Reader) -> None:
    numbers = [take_down(desk, f"request {i}") for i in range(4)]
    done = desk.do(drafts.ForwardDraft(department(reader, "Technical")), numbers)
    assert done.label == f"forward #{numbers[0]} and 3 more to Technical"
    desk.do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True), [numbers[3]])
    with pytest.raises(Refused, match=f"#{numbers[3]} is resolved"):
        desk.do(drafts.Answer("done"), numbers)
    assert all(requests.request(reader, n).court == "department" for n in numbers[:3])


@pytest.mark.parametrize(
    ("draft", "error"),
    [
        (lambda: drafts.Note("   "), NotUnderstood),
        (lambda: drafts.Capture("\n\t"), NotUnderstood),
        (lambda: drafts.LogAnswer(""), NotUnderstood),
    ],
)
def test_words_are_needed(draft: object, error: type[PocError]) -> None:
    with pytest.raises(error):
        draft()  # type: ignore[operator]


def test_a_number_that_does_not_exist_changes_nothing(
    desk: Desk, rows_of: object, reader: Reader
) -> None:
    number = take_down(desk)
    before = rows_of()  # type: ignore[operator]
    with pytest.raises(NotFound, match="#999"):
        desk.do(drafts.Note("x"), [number, 999])
    assert rows_of() == before  # type: ignore[operator]


def test_a_department_is_retired_but_its_past_stays(desk: Desk, reader: Reader) -> None:
    number = take_down(desk)
    technical = department(reader, "Technical")
    desk.do(drafts.ForwardDraft(technical), [number])
    desk.do(drafts.EditDepartment(technical, retired=True))
    assert "Technical" not in [d.name for d in departments.departments(reader)]
    with pytest.raises(Refused, match="retired"):
        desk.do(drafts.ForwardDraft(technical), [number])
    desk.do(drafts.LogAnswer("10 units"), [number])
    assert requests.request(reader, number).activities[-1].department == "Technical"


def test_marking_a_reminder_done(desk: Desk, reader: Reader, clock: FixedClock) -> None:
    number = take_down(desk)
    desk.do(drafts.Remind(clock.now() + timedelta(hours=1), "call back"), [number])
    (reminder,) = requests.request(reader, number).open_reminders
    done = desk.do(drafts.MarkDone((reminder.id,)))
    assert done.numbers == (number,)
    assert requests.request(reader, number).open_reminders == ()
    with pytest.raises(Refused, match="done already"):
        desk.do(drafts.MarkDone((reminder.id,)))


def test_while_the_move_is_ours_the_customers_clock_runs(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    technical = department(reader, "Technical")
    number = take_down(desk)
    for draft in (
        drafts.Triage(),
        drafts.Answer("we look into it"),
        drafts.ForwardDraft(technical),
        drafts.Answer("meanwhile"),
        drafts.LogAnswer("10 units"),
        drafts.Answer("it is so"),
        drafts.CustomerWrote("is it?"),
        drafts.Resolve(Resolution.SOLVED),
        drafts.Reopen(),
    ):
        clock.advance(timedelta(minutes=30))
        desk.do(draft, [number])
        request = requests.request(reader, number)
        ours = request.court in ("me", "department")
        assert (request.due_at is not None) is ours, draft


def test_a_snooze_of_a_new_request_still_has_a_date_for_the_customer(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    number = take_down(desk)
    done = desk.do(drafts.Snooze(clock.now() + timedelta(days=9)), [number])
    assert requests.request(reader, number).due_at is not None
    assert done.remarks == (f"#{number} is due before it comes back",)


def test_a_snooze_does_not_hide_that_a_department_is_late(
    desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    number = take_down(desk)
    soon = clock.now() + timedelta(hours=1)
    desk.do(drafts.ForwardDraft(department(reader, "Technical"), due_at=soon), [number])
    desk.do(drafts.Snooze(clock.now() + timedelta(hours=4)), [number])
    clock.advance(timedelta(hours=2))
    assert queue.counts(reader, clock.now()).late == 1


def test_a_reminder_needs_a_customer_that_exists(desk: Desk, clock: FixedClock) -> None:
    with pytest.raises(NotFound, match="customer 77"):
        desk.do(drafts.Remind(clock.now() + timedelta(hours=1), "call", customer_id=77))
