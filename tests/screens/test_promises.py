"""Promises, what recurs and whom to talk to, by keys: nothing is guessed, nothing is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from rich.cells import cell_len
from textual import events
from textual.widgets import Input

from poc_tui.app import PocApp
from poc_tui.commands import EVENTS
from poc_tui.models.values import Resolution
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.answer import AnswerDialog
from poc_tui.screens.dialogs.confirm import ConfirmDialog
from poc_tui.screens.dialogs.customer import CustomerDialog
from poc_tui.screens.dialogs.ending import ResolveDialog
from poc_tui.screens.dialogs.promise import EndPromiseDialog, PromiseDialog
from poc_tui.screens.dialogs.waiting import RecurringDialog, RemindDialog
from poc_tui.screens.session import Session
from poc_tui.store import drafts
from poc_tui.store.queries import customers, reminders
from poc_tui.store.records import ReminderRow
from poc_tui.widgets import reminder_rows
from poc_tui.words import signs
from poc_tui.words.activities import activity_words
from tests.helpers.desks import queue_of, until
from tests.helpers.dialogs import (
    BERLIN,
    HOSTILE,
    berlin,
    desk_of,
    detail,
    harmless,
    opened,
    rows,
    steps,
)
from tests.helpers.mail_desks import drawn as screen_text

WIDE = (120, 36)


@pytest.fixture
def meyer(session: Session) -> int:
    """A request of Meyer AG, by its number."""
    customer = drafts.CustomerName("Meyer AG")
    return desk_of(session).do(drafts.Capture("Invoice is wrong", customer=customer)).numbers[0]


@pytest.fixture
def promise(session: Session, meyer: int) -> ReminderRow:
    """A promise on that request, for noon."""
    desk_of(session).do(drafts.Promise(berlin(23, 12), "the new invoice"), [meyer])
    return pending(session)[0]


def pending(session: Session) -> tuple[ReminderRow, ...]:
    return session.read(reminders.upcoming)


def outcome_of(session: Session, promise: ReminderRow) -> str | None:
    found = detail(session, promise.number or 0).reminders
    return next(row.outcome for row in found if row.id == promise.id)


# Giving a promise


async def test_enter_after_the_words_promises_for_when_they_must_hear_from_us(
    session: Session, meyer: int
) -> None:
    desk_of(session).do(drafts.Triage(due_at=berlin(24, 15)), [meyer])
    async with opened(PromiseDialog(session, rows(session, meyer))) as on:
        assert on.dialog.query_one("#whom", Input).value == "Meyer AG"
        await on.type("the new invoice")
        await on.press("enter")
        await on.done()
    (promise,) = pending(session)
    assert (promise.kind, promise.text, promise.whom) == ("promise", "the new invoice", "")
    assert (promise.at, promise.customer) == (berlin(24, 15), "Meyer AG")
    assert detail(session, meyer).activities[-1].event == "promised"


async def test_it_is_said_to_whom_a_promise_was_given_if_not_to_the_customer(
    session: Session, meyer: int
) -> None:
    async with opened(PromiseDialog(session, rows(session, meyer))) as on:
        await on.type("a call")
        await on.go("whom")
        await on.press("ctrl+u")
        await on.type("their tax adviser")
        await on.go("by")
        await on.type("fri 10:00")
        await on.press("enter")
        await on.done()
    (promise,) = pending(session)
    assert (promise.whom, promise.at) == ("their tax adviser", berlin(27, 10))


async def test_the_same_can_be_promised_on_several(session: Session, meyer: int) -> None:
    other = desk_of(session).do(drafts.Capture("another")).numbers[0]
    async with opened(PromiseDialog(session, rows(session, meyer, other))) as on:
        await on.type("a call")
        await on.press("enter")
        done = await on.done()
    assert done.numbers == (meyer, other)
    assert {(row.number, row.text) for row in pending(session)} == {
        (meyer, "a call"),
        (other, "a call"),
    }
    desk_of(session).undo()
    assert not pending(session)


async def test_without_a_request_a_promise_is_given_to_a_customer(
    session: Session, meyer: int, path: str
) -> None:
    before = steps(path)
    async with opened(PromiseDialog(session, [])) as on:
        await on.type("a visit")
        await on.press("enter")
        assert "say to whom" in on.status
        assert steps(path) == before
        await on.type("Meyer AG")
        await on.press("enter")
        await on.done()
    async with opened(PromiseDialog(session, [])) as on:
        await on.type("a word")
        await on.go("customer")
        await on.type("the caretaker")
        assert "the promise keeps the name" in on.drawn
        await on.press("enter")
        await on.done()
    assert {(row.number, row.customer, row.whom) for row in pending(session)} == {
        (None, "Meyer AG", ""),
        (None, None, "the caretaker"),
    }
    assert len(customers.customers(session.reader)) == 1


async def test_what_this_customer_was_promised_before_is_on_the_screen(
    session: Session, meyer: int, promise: ReminderRow, clock: FixedClock
) -> None:
    desk = desk_of(session)
    other = desk.do(drafts.Capture("another", customer=drafts.CustomerNumber(1))).numbers[0]
    desk.do(drafts.Promise(berlin(27, 12), "to a stranger", whom="a stranger"))
    clock.at = berlin(23, 14)
    async with opened(PromiseDialog(session, rows(session, other))) as on:
        assert f"promised for late, today 12:00: #{meyer} the new invoice" in on.drawn
        assert "to a stranger" not in on.drawn
    async with opened(PromiseDialog(session, [])) as on:
        await on.go("customer")
        assert "the new invoice" not in on.drawn
        await on.type("Meyer AG")
        assert "the new invoice" in on.drawn


@pytest.mark.parametrize("words", ["yesterday", "blarg"])
async def test_a_promise_for_a_time_gone_by_is_refused(
    session: Session, meyer: int, path: str, words: str
) -> None:
    before = steps(path)
    async with opened(PromiseDialog(session, rows(session, meyer))) as on:
        await on.press("enter")
        assert "say what was promised" in on.status
        await on.type("a call")
        await on.go("by")
        await on.type(words)
        await on.press("enter")
        assert on.status.startswith("! ")
        assert on.shell.focused in on.dialog.query("#by LineField")
    assert steps(path) == before


# How it ended


async def test_enter_does_not_guess_how_a_promise_ended(
    session: Session, promise: ReminderRow, path: str
) -> None:
    before = steps(path)
    async with opened(EndPromiseDialog(session, promise)) as on:
        assert "to Meyer AG, for today 12:00" in on.drawn
        await on.press("enter")
        assert "say whether the promise was kept" in on.status
        assert on.shell.focused is on.dialog.query_one("#outcome")
        assert steps(path) == before
        await on.press("b")
        await on.go("why")
        await on.type("the printer")
        await on.press("enter")
        await on.done()
    assert outcome_of(session, promise) == "broken"
    last = detail(session, promise.number or 0).activities[-1]
    assert (last.event, last.text) == ("broken", "the new invoice: the printer")


@pytest.fixture
def app(path: str, session: Session) -> PocApp:
    """A desk over the store; the session of the test stays for looking."""
    return PocApp(Session(path, session.clock, session.settings, session.keymap))


async def at_the_desk(app: PocApp, pilot: Any) -> None:
    await until(pilot, lambda: isinstance(app.screen, DeskScreen))
    await until(pilot, lambda: queue_of(app).highlighted_row is not None)
    await until(pilot, lambda: bool(app.screen.query("#reminders")))


async def test_x_asks_of_a_promise_and_what_is_typed_ahead_answers(
    app: PocApp, session: Session, promise: ReminderRow
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await at_the_desk(app, pilot)
        await pilot.press("x", "k", "enter")
        await until(pilot, lambda: outcome_of(session, promise) == "kept")
        await at_the_desk(app, pilot)
        await pilot.press("u")
        await until(pilot, lambda: outcome_of(session, promise) is None)


async def test_x_on_several_marks_what_is_none_and_asks_of_each_promise(
    app: PocApp, session: Session, promise: ReminderRow, meyer: int
) -> None:
    desk = desk_of(session)
    desk.do(drafts.Promise(berlin(24, 12), "a call"), [meyer])
    for text in ("look again", "call them"):
        desk.do(drafts.Remind(berlin(24, 9), text), [meyer])
    async with app.run_test(size=WIDE) as pilot:
        await at_the_desk(app, pilot)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, EndPromiseDialog))
        await pilot.press("k", "enter")
        await until(pilot, lambda: len(pending(session)) == 1)
        await until(pilot, lambda: isinstance(app.screen, EndPromiseDialog))
        await pilot.press("escape")
        await at_the_desk(app, pilot)
        assert [row.text for row in pending(session)] == ["a call"], "left, so nothing was said"


# What recurs


async def test_a_reminder_that_recurs_is_typed_in_words_and_echoed(
    session: Session, meyer: int
) -> None:
    async with opened(RemindDialog(session, rows(session, meyer))) as on:
        await on.go("at")
        await on.press("ctrl+u")
        await on.type("every monday 9:00")
        assert "= Mon 30 Nov 09:00, then every Monday" in on.drawn
        await on.press("up")
        assert on.dialog.query_one("#at").value == "every monday 9:00"
        await on.press("enter")
        await on.done()
    (reminder,) = pending(session)
    assert (reminder.at, reminder.every) == (berlin(30, 9), "FREQ=WEEKLY;BYDAY=MO")


async def test_german_words_recur_too_and_a_plain_date_is_for_once(session: Session) -> None:
    for words in ("alle 6 Wochen", "fri 14:00"):
        async with opened(RemindDialog(session)) as on:
            await on.type("call Meyer")
            await on.go("at")
            await on.press("ctrl+u")
            await on.type(words)
            await on.press("enter")
            await on.done()
    once, again = pending(session)
    assert (once.at, once.every) == (berlin(27, 14), "")
    assert again.every == "FREQ=WEEKLY;INTERVAL=6"
    assert again.at == datetime(2027, 1, 4, 9, tzinfo=BERLIN)


async def test_what_recurs_in_no_way_known_is_refused(session: Session, path: str) -> None:
    before = steps(path)
    async with opened(RemindDialog(session)) as on:
        await on.type("call")
        await on.go("at")
        await on.press("ctrl+u")
        await on.type("every blue moon")
        assert "recurs in a way I do not know" in on.drawn
        await on.press("enter")
        assert on.status.startswith("! ")
    assert steps(path) == before


@pytest.fixture
def weekly(session: Session) -> ReminderRow:
    """A reminder for Mondays at nine, which has been due since today's."""
    desk_of(session).do(drafts.Remind(berlin(23, 9), "order paper", every="FREQ=WEEKLY;BYDAY=MO"))
    return pending(session)[0]


async def test_what_recurs_is_done_for_this_time_and_it_is_said_when_it_comes_again(
    session: Session, weekly: ReminderRow
) -> None:
    async with opened(RecurringDialog(session, weekly)) as on:
        assert "done, next on Mon 30 Nov 09:00" in on.drawn
        await on.press("enter")
        done = await on.done()
    assert done.remarks == ("it comes again Mon 30 Nov 09:00",)
    assert [row.at for row in pending(session)] == [berlin(30, 9)]


async def test_a_series_can_be_ended(session: Session, weekly: ReminderRow) -> None:
    async with opened(RecurringDialog(session, weekly)) as on:
        await on.type("end")
        await on.press("enter")
        done = await on.done()
    assert done.remarks == ()
    assert not pending(session)
    desk_of(session).undo()
    assert [row.at for row in pending(session)] == [berlin(23, 9)]


async def test_x_in_the_pane_of_reminders_asks_of_what_recurs(
    app: PocApp, session: Session, weekly: ReminderRow, meyer: int
) -> None:
    async with app.run_test(size=WIDE) as pilot:
        await at_the_desk(app, pilot)
        app.screen.query_one("#reminders").focus()
        await pilot.pause()
        await pilot.press("x", "enter")
        await until(pilot, lambda: [row.at for row in pending(session)] == [berlin(30, 9)])
        await at_the_desk(app, pilot)
        (toast,) = app._notifications
        assert "it comes again Mon 30 Nov 09:00" in toast.message


# Loose ends


@pytest.mark.parametrize(
    ("keys", "outcome", "stays"),
    [(("k",), "kept", False), (("b",), "broken", False), (("s", "t"), None, True)],
)
async def test_who_resolves_says_what_became_of_a_promise(
    session: Session,
    promise: ReminderRow,
    meyer: int,
    keys: tuple[str, ...],
    outcome: str | None,
    stays: bool,
) -> None:
    async with opened(ResolveDialog(session, rows(session, meyer))) as on:
        await on.press("enter")
        assert "the promise “the new invoice” is open" in on.status
        assert on.shell.focused is on.dialog.query_one("#outcome")
        await on.press(*keys, "enter")
        await on.done()
    (row,) = detail(session, meyer).reminders
    assert (row.outcome, row.stays) == (outcome, stays)


async def test_what_stays_beside_a_promise_stays_with_it(
    session: Session, promise: ReminderRow, meyer: int
) -> None:
    desk_of(session).do(drafts.Remind(berlin(24, 9), "look again"), [meyer])
    async with opened(AnswerDialog(session, rows(session, meyer))) as on:
        await on.type("It is sent")
        assert "promise" not in on.drawn
        await on.go("then")
        await on.type("resolve as s")
        assert "(say which)" in on.drawn
        await on.go("reminders-done")
        await on.type("they")
        assert "(say which)" not in on.drawn
        await on.press("enter")
        await on.done()
    resolved = detail(session, meyer)
    assert resolved.resolution == Resolution.SOLVED
    assert [row.stays for row in resolved.reminders] == [True, True]


# Whom to talk to


async def test_how_often_to_speak_to_a_customer_is_typed_in_words(
    session: Session, meyer: int, path: str
) -> None:
    before = steps(path)
    async with opened(CustomerDialog(session, 1)) as on:
        await on.go("rhythm")
        await on.type("now and then")
        await on.press("enter")
        assert "is no rhythm I know" in on.status
        assert steps(path) == before
        await on.press("ctrl+u")
        await on.type("alle 6 Wochen")
        await on.press("enter")
        await on.done()
    assert customers.customer(session.reader, 1).rhythm == "FREQ=WEEKLY;INTERVAL=6"
    async with opened(CustomerDialog(session, 1)) as on:
        assert on.dialog.query_one("#rhythm", Input).value == "every 6 weeks"
        await on.go("rhythm")
        await on.press("ctrl+u", "enter")
        await on.done()
    assert customers.customer(session.reader, 1).rhythm == ""


async def test_it_is_written_down_that_a_customer_was_talked_to(
    session: Session, meyer: int, clock: FixedClock
) -> None:
    clock.at = berlin(25, 10)
    async with opened(CustomerDialog(session, 1)) as on:
        assert "last Mon 09:12" in on.drawn
        await on.go("talked")
        await on.press("j")
        await on.go("preferences")
        await on.type("calls")
        await on.press("enter")
        assert "save the changes first" in on.status
        await on.go("preferences")
        await on.press("ctrl+u", "enter")
        await on.done()
    assert customers.customer(session.reader, 1).last_contact == berlin(25, 10)


# In the panes


def drawn(row: ReminderRow, now: datetime, width: int = 56) -> str:
    line = "".join(text for text, _ in reminder_rows.draw(row, width, now, BERLIN))
    assert cell_len(line) <= width
    return line


def test_the_pane_tells_promises_and_what_recurs_apart_by_words(
    session: Session, promise: ReminderRow, weekly: ReminderRow, clock: FixedClock
) -> None:
    now = clock.now()
    desk_of(session).do(drafts.Remind(berlin(24, 9), "once"))
    once = next(row for row in pending(session) if row.text == "once")
    assert "⚑ #1     promised: the new invoice" in drawn(promise, now)
    assert drawn(promise, berlin(23, 14)).startswith("late 2h")
    assert "↻" in drawn(weekly, now)
    assert drawn(weekly, now, 70).endswith("order paper · every Monday")
    assert not {"⚑", "↻"} & set(drawn(once, now))
    for width in (44, 56):
        drawn(promise._replace(text=HOSTILE * 9, number=None, whom=HOSTILE), now, width)


def test_every_sign_of_an_event_is_one_cell_or_a_word_and_the_new_ones_are_explained() -> None:
    legend = " ".join(sign for sign, _ in signs.LEGEND)
    for event in ("chased", "escalated", "stood-down", "promised", "broken"):
        assert cell_len(EVENTS[event].sign) == 1
    for sign in ("⇢", "▲", "▽", "⚑", "↻", "chase 2h"):
        assert sign in legend


def test_the_timeline_says_what_was_promised_and_how_it_ended(
    session: Session, promise: ReminderRow, meyer: int, clock: FixedClock
) -> None:
    desk = desk_of(session)
    desk.do(drafts.EndPromise(promise.id, kept=False, why="the printer"))
    desk.do(drafts.Remind(berlin(23, 9), "paper", every="FREQ=DAILY"), [meyer])
    paper = next(row for row in detail(session, meyer).open_reminders)
    desk.do(drafts.MarkDone((paper.id,)))
    said = [
        "".join(text for text, _ in activity_words(a, a.text, clock.now(), BERLIN))
        for a in detail(session, meyer).activities
    ]
    assert said[1] == "promised for today 12:00: the new invoice"
    assert said[2] == "promise broken: the new invoice: the printer"
    assert said[4] == "done: paper (again tomorrow 09:00)"


async def test_the_card_says_when_to_talk_to_the_customer(
    app: PocApp, session: Session, meyer: int, clock: FixedClock
) -> None:
    desk_of(session).do(drafts.EditCustomer(id=1, rhythm="FREQ=WEEKLY;INTERVAL=6"))
    async with app.run_test(size=WIDE) as pilot:
        await at_the_desk(app, pilot)
        await until(pilot, lambda: "talk every 6 weeks, last 09:12" in screen_text(app))
        clock.advance(timedelta(weeks=6, minutes=1))
        await until(pilot, lambda: "due since" in screen_text(app))


async def test_hostile_promises_are_harmless(session: Session, clock: FixedClock) -> None:
    desk = desk_of(session)
    customer = drafts.CustomerName("x " + HOSTILE)
    number = desk.do(drafts.Capture(HOSTILE, customer=customer)).numbers[0]
    desk.do(drafts.Promise(berlin(24, 9), HOSTILE, whom=HOSTILE), [number])
    desk.do(drafts.Promise(berlin(24, 9), HOSTILE, customer_id=1))
    desk.do(drafts.Remind(berlin(24, 9), HOSTILE, every="FREQ=DAILY"), [number])
    recurring = next(row for row in pending(session) if row.every)
    promise = next(row for row in pending(session) if row.kind == "promise")
    for dialog in (
        PromiseDialog(session, rows(session, number)),
        PromiseDialog(session, []),
        EndPromiseDialog(session, promise),
        RecurringDialog(session, recurring),
        ResolveDialog(session, rows(session, number)),
        CustomerDialog(session, 1),
    ):
        async with opened(dialog) as on:
            harmless(on.drawn, dialog)
            await on.press("enter")
            harmless(on.drawn, dialog)
    for row in pending(session):
        harmless(drawn(row, clock.now()), "the pane")


async def test_what_is_typed_ahead_answers_for_two_promises_in_turn(
    app: PocApp, session: Session, promise: ReminderRow, meyer: int
) -> None:
    desk_of(session).do(drafts.Promise(berlin(24, 12), "a call"), [meyer])
    other = pending(session)[1]
    async with app.run_test(size=WIDE) as pilot:
        await at_the_desk(app, pilot)
        await pilot.press("x")
        await until(pilot, lambda: getattr(app.focused, "id", "") == "outcome")
        for key in ("k", "enter", "b", "enter"):
            app.post_message(events.Key(key, key if len(key) == 1 else "\r"))
        await until(pilot, lambda: not pending(session))
    assert outcome_of(session, promise) == "kept"
    assert outcome_of(session, other) == "broken"
