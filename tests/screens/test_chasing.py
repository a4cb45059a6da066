"""Chasing and escalating by keys: one key and Enter, in the words of the step, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from poc_tui.app import PocApp
from poc_tui.commands import NEEDS
from poc_tui.models.values import Priority, Resolution
from poc_tui.rules.applicable import meets, refusal
from poc_tui.rules.dates.format import say
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.dialogs.chase import ChaseDialog
from poc_tui.screens.dialogs.escalate import EscalateDialog
from poc_tui.screens.session import Session
from poc_tui.store import drafts
from poc_tui.store.queries.requests import reasons_for
from poc_tui.store.records import ForwardRow
from poc_tui.widgets.text_fields import TextField
from poc_tui.words.activities import activity_words
from tests.helpers.desks import queue_of, until
from tests.helpers.dialogs import (
    BERLIN,
    HOSTILE,
    berlin,
    department,
    desk_of,
    detail,
    harmless,
    opened,
    rows,
    steps,
)

WIDE = (120, 36)


@pytest.fixture
def asked(session: Session) -> Callable[..., int]:
    """Takes a request down and puts its question to departments; gives its number."""

    def ask(*to: str, subject: str = "Invoice 4711 is wrong", chased: int = 0, **rest: Any) -> int:
        desk = desk_of(session)
        number = desk.do(drafts.Capture(subject, **rest)).numbers[0]
        for name in to or ("Technical",):
            question = drafts.ForwardDraft(department(session, name).id, f"Is it so, {name}?")
            desk.do(question, [number])
        for _ in range(chased):
            desk.do(drafts.Chase(early=True), [number])
        return number

    return ask


def forward_to(session: Session, number: int, name: str) -> ForwardRow:
    return next(f for f in detail(session, number).forwards if f.department == name)


def staff(session: Session, name: str, contact: str = "", deputy: str = "", lead: str = "") -> None:
    id = department(session, name).id
    people = drafts.EditDepartment(id, contact=contact, deputy=deputy, lead=lead)
    desk_of(session).do(people)


# Chasing


async def test_enter_takes_the_next_step_in_the_words_of_its_template(
    session: Session, asked: Callable[..., int], clock: FixedClock
) -> None:
    staff(session, "Technical", contact="workshop")
    number = asked(customer=drafts.CustomerName("Meyer AG"))
    clock.at = berlin(25, 10)
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        drawn = on.drawn
        words = on.dialog.query_one("#text", TextField).value
        await on.press("enter")
        done = await on.done()
        copied = on.shell.clipboard
    forward = forward_to(session, number, "Technical")
    chased = detail(session, number).activities[-1]
    assert "1 of 4 · remind · to workshop" in drawn
    assert f"{say(forward.next_at, clock.now(), BERLIN)}: remind again" in drawn
    assert words.startswith(f"Reminder: request #{number}, Invoice 4711 is wrong\nHello workshop")
    assert "Is it so, Technical?" in words
    assert (forward.chased, chased.event, chased.text) == (1, "chased", words)
    assert detail(session, number).next_at == forward.next_at
    assert copied == words
    assert done.label == f"chase the answer to #{number}"
    assert "the words are on the clipboard" in done.remarks


async def test_the_words_can_be_changed_and_without_any_the_template_speaks(
    session: Session, asked: Callable[..., int]
) -> None:
    number = asked()
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        on.dialog.query_one("#text", TextField).value = "Please, today"
        await on.press("enter")
        await on.done()
        assert on.shell.clipboard == "Please, today"
    assert detail(session, number).activities[-1].text == "Please, today"
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        on.dialog.query_one("#text", TextField).value = ""
        await on.press("enter")
        await on.done()
    assert detail(session, number).activities[-1].text.startswith("Second reminder: request")


async def test_of_several_departments_the_one_due_first_is_chased_unless_another_is_chosen(
    session: Session, asked: Callable[..., int]
) -> None:
    number = asked("Legal", "Support")
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        words = on.dialog.query_one("#text", TextField)
        assert "Is it so, Support?" in words.value
        await on.go("forward")
        await on.type("le")
        assert "Is it so, Legal?" in words.value
        await on.press("escape")
        assert on.shell.result is None, "words that the desk filled in need no asking"
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        await on.go("forward")
        await on.type("le")
        await on.press("enter")
        await on.done()
    assert forward_to(session, number, "Legal").chased == 1
    assert forward_to(session, number, "Support").chased == 0


async def test_words_of_ones_own_stay_when_another_department_is_chosen(
    session: Session, asked: Callable[..., int]
) -> None:
    number = asked("Legal", "Support")
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        on.dialog.query_one("#text", TextField).value = "Please, today"
        await on.pilot.pause()
        await on.go("forward")
        await on.type("le")
        assert on.dialog.query_one("#text", TextField).value == "Please, today"


async def test_a_step_whom_the_department_lacks_is_said_to_go_elsewhere(
    session: Session, asked: Callable[..., int]
) -> None:
    staff(session, "Technical", contact="workshop", deputy="", lead="")
    number = asked(chased=2)
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        assert "3 of 4 · ask the deputy · to workshop" in on.drawn
        assert "Technical has no deputy; this goes to workshop" in on.drawn


async def test_the_step_to_the_lead_says_that_it_escalates_and_does(
    session: Session, asked: Callable[..., int]
) -> None:
    staff(session, "Technical", lead="head of engineering")
    number = asked(chased=3)
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        assert "it escalates the request" in on.drawn
        await on.press("enter")
        await on.done()
    assert detail(session, number).escalated_to == "head of engineering"
    async with opened(ChaseDialog(session, rows(session, number))) as on:
        assert "the last of 4 again" in on.drawn


async def test_of_several_requests_each_takes_its_own_step_and_undo_takes_all_back(
    session: Session, asked: Callable[..., int], path: str
) -> None:
    staff(session, "Technical", contact="workshop", deputy="night shift", lead="head")
    numbers = [asked(chased=chased) for chased in (0, 1, 2, 3)]
    before = steps(path)
    async with opened(ChaseDialog(session, rows(session, *numbers))) as on:
        assert "the next step for each: 2 reminders, 1 to a deputy, 1 to a lead" in on.drawn
        assert f"#{numbers[2]} Technical: ask the deputy, to night shift" in on.drawn
        await on.press("enter")
        done = await on.done()
        assert on.shell.clipboard.count("\n\n----\n\n") == 3
    assert (done.numbers, steps(path)) == (tuple(numbers), before + 1)
    first_words = [detail(session, n).activities[-1].text for n in numbers[:3]]
    assert [words.split(":")[0] for words in first_words] == [
        "Reminder", "Second reminder", f"Can you help? Request #{numbers[2]}, Invoice 4711 is wrong"
        "\nHello night shift,\nTechnical has not answered yet for a customer. Asked Mon 23 Nov 09"
    ]  # fmt: skip
    desk_of(session).undo()
    chased = [forward_to(session, n, "Technical").chased for n in numbers]
    assert chased == [0, 1, 2, 3]


async def test_one_key_chases_all_that_are_late_and_nobody_else(
    session: Session, asked: Callable[..., int], clock: FixedClock, path: str
) -> None:
    late = [asked("Technical"), asked("Technical", "Sales")]
    clock.advance(timedelta(days=3))
    in_time = asked("Sales", "Technical")
    app = PocApp(session)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: app.is_at_rest and queue_of(app).row_count == 0)
        await pilot.press("H")
        await until(pilot, lambda: isinstance(app.screen, ChaseDialog))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen) and app.is_at_rest)
        chased = {number: detail(session, number).activities[-1].event for number in late}
        assert chased == dict.fromkeys(late, "chased")
        assert detail(session, in_time).activities[-1].event == "forwarded"
        await pilot.press("u")
        await until(pilot, lambda: detail(session, late[1]).activities[-1].event == "forwarded")
        assert detail(session, late[0]).activities[-1].event == "forwarded"


async def test_where_no_answer_is_late_that_is_said(
    session: Session, asked: Callable[..., int]
) -> None:
    asked("Technical")
    app = PocApp(session)
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: app.is_at_rest)
        await pilot.press("H")
        await until(pilot, lambda: bool(app._notifications))
        assert [each.message for each in app._notifications] == [
            "No department is late with an answer."
        ]
        assert isinstance(app.screen, DeskScreen)


def test_where_nobody_is_asked_nobody_is_chased(
    session: Session, asked: Callable[..., int]
) -> None:
    waiting, unasked = asked(), desk_of(session).do(drafts.Capture("hello")).numbers[0]
    (waits,), (idle,) = rows(session, waiting), rows(session, unasked)
    assert (meets(waits, NEEDS["chase"]), meets(idle, NEEDS["chase"])) == (True, False)
    assert f"#{unasked} waits for no department" in refusal(NEEDS["chase"], [unasked])


async def test_c_and_enter_typed_in_one_go_chase_at_the_desk(
    path: str, session: Session, asked: Callable[..., int]
) -> None:
    number = asked()
    app = PocApp(Session(path, session.clock, session.settings, session.keymap))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: queue_of(app).row_count == 0)
        await pilot.press("2")
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("c", "enter")
        await until(pilot, lambda: forward_to(session, number, "Technical").chased == 1)
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        await until(pilot, lambda: bool(list(app._notifications)))
        assert "Reminder: request" in app.clipboard
        (toast,) = app._notifications
        assert "on the clipboard" in toast.message
        await pilot.press("u")
        await until(pilot, lambda: forward_to(session, number, "Technical").chased == 0)
        await pilot.press("1", "c")
        await until(pilot, lambda: bool(list(app._notifications)))
        assert isinstance(app.screen, DeskScreen)


# Escalating


async def test_enter_escalates_to_whom_the_levels_name_for_what_the_desk_found(
    session: Session, asked: Callable[..., int], clock: FixedClock
) -> None:
    desk_of(session).do(drafts.EditCustomer(name="Meyer AG", vip=True))
    number = asked(customer=drafts.CustomerName("Meyer AG"), chased=2, priority=Priority.CRITICAL)
    clock.at = berlin(26, 10)
    async with opened(EscalateDialog(session, rows(session, number))) as on:
        await on.press("enter")
        await on.done()
    escalated = detail(session, number)
    assert escalated.escalated_to == "management"
    assert escalated.escalated_why.startswith("late by ")
    assert escalated.escalated_why.endswith("critical, chased twice, VIP")


async def test_where_nothing_speaks_for_it_the_person_says_why(
    session: Session, asked: Callable[..., int], path: str
) -> None:
    number = asked()
    before = steps(path)
    async with opened(EscalateDialog(session, rows(session, number))) as on:
        await on.press("enter")
        assert "needs a reason" in on.status
        assert steps(path) == before
        await on.type("The press asks")
        await on.go("to")
        await on.press("ctrl+u")
        await on.press("enter")
        assert "to whom" in on.status
        await on.type("the board")
        await on.press("enter")
        await on.done()
    escalated = detail(session, number)
    assert (escalated.escalated_to, escalated.escalated_why) == ("the board", "The press asks")


async def test_what_is_escalated_is_taken_back_or_escalated_anew(
    session: Session, asked: Callable[..., int]
) -> None:
    number = asked(priority=Priority.CRITICAL)
    desk_of(session).do(drafts.Escalate("the board", "The press asks"), [number])
    async with opened(EscalateDialog(session, rows(session, number))) as on:
        assert "escalated to the board, today 09:12: The press asks" in on.drawn
        await on.press("right")
        assert on.dialog.query_one("#why", TextField).value == "critical"
        await on.press("enter")
        await on.done()
    assert detail(session, number).escalated_to == "management"
    async with opened(EscalateDialog(session, rows(session, number))) as on:
        assert on.dialog.query_one("#why", TextField).value == ""
        await on.go("why")
        await on.type("It is solved")
        await on.press("enter")
        done = await on.done()
    back = detail(session, number)
    assert back.escalated_at is None
    assert (back.activities[-1].event, back.activities[-1].text) == ("stood-down", "It is solved")
    assert done.label == f"take back the escalation of #{number}"
    desk_of(session).undo()
    assert detail(session, number).escalated_to == "management"


async def test_several_are_escalated_for_what_speaks_for_all_of_them(
    session: Session, asked: Callable[..., int], clock: FixedClock
) -> None:
    numbers = [asked(priority=Priority.CRITICAL), asked(priority=Priority.CRITICAL, chased=2)]
    async with opened(EscalateDialog(session, rows(session, *numbers))) as on:
        await on.press("enter")
        await on.done()
    assert [detail(session, n).escalated_why for n in numbers] == ["critical", "critical"]


def test_the_reasons_are_those_of_the_clock_furthest_over(
    session: Session, asked: Callable[..., int], clock: FixedClock
) -> None:
    number, suggesting = asked("Support"), session.deadlines.levels.suggesting
    assert reasons_for(detail(session, number), suggesting, clock.now()) == ()
    due = forward_to(session, number, "Support").due_at
    request = detail(session, number)
    assert request.due_at is not None
    assert due < request.due_at, "or the test tells nothing"
    assert reasons_for(request, suggesting, due + timedelta(hours=2)) == ("late by 2h",)
    desk = desk_of(session)
    for _ in range(2):
        desk.do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True), [number])
        assert reasons_for(detail(session, number), suggesting, berlin(30, 12)) == ()
        desk.do(drafts.Reopen(), [number])
    assert reasons_for(detail(session, number), suggesting, clock.now()) == ("reopened twice",)


# On the timeline


def test_the_timeline_says_who_was_chased_how_and_when_next(
    session: Session, asked: Callable[..., int], clock: FixedClock
) -> None:
    staff(session, "Technical", contact="workshop")
    number, desk = asked(), desk_of(session)
    desk.do(drafts.Chase(text="Please", early=True), [number])
    desk.do(drafts.Escalate("the board", "The press asks"), [number])
    desk.do(drafts.StandDown("It is solved"), [number])
    said = [
        "".join(text for text, _ in activity_words(a, a.text, clock.now(), BERLIN))
        for a in detail(session, number).activities[-3:]
    ]
    next_at = say(forward_to(session, number, "Technical").next_at, clock.now(), BERLIN)
    assert said == [
        f"Technical: remind, workshop (next {next_at}): Please",
        "escalated to the board: The press asks",
        "escalation to the board taken back: It is solved",
    ]


async def test_hostile_names_are_harmless_when_chasing_and_escalating(
    session: Session, clock: FixedClock
) -> None:
    desk = desk_of(session)
    desk.do(drafts.EditDepartment(name=HOSTILE, contact=HOSTILE, deputy=HOSTILE, lead=HOSTILE))
    id = next(int(row[0]) for row in session.reader.rows("SELECT max(id) FROM department"))
    number = desk.do(
        drafts.Capture(HOSTILE, text=HOSTILE, customer=drafts.CustomerName("x " + HOSTILE))
    ).numbers[0]
    other = desk.do(drafts.Capture(HOSTILE)).numbers[0]
    for each in (number, number, other):
        desk.do(drafts.ForwardDraft(id, HOSTILE), [each])
    for _ in range(4):
        for numbers in ([number], [number, other]):
            async with opened(ChaseDialog(session, rows(session, *numbers))) as on:
                harmless(on.drawn, on.dialog)
                await on.press("enter")
                await on.done()
                harmless(on.shell.clipboard.replace("\n", ""), "the clipboard")
    for numbers in ([number], [number, other]):
        async with opened(EscalateDialog(session, rows(session, *numbers))) as on:
            harmless(on.drawn, on.dialog)
    for activity in detail(session, number).activities:
        for text, _ in activity_words(activity, "", clock.now(), BERLIN):
            harmless(text, activity.event)
