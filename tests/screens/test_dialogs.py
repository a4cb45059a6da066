"""The dialogs: Enter alone is right, nothing half is stored, and no typed word is lost."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Input

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS, NEEDS
from poc_tui.errors import PocError
from poc_tui.models.values import AddressKind, Channel, Kind, Priority, Resolution
from poc_tui.rules.applicable import meets, refusal
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.departments import DepartmentsScreen
from poc_tui.screens.dialogs.answer import AnswerDialog
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.chase import ChaseDialog
from poc_tui.screens.dialogs.confirm import ConfirmDialog
from poc_tui.screens.dialogs.customer import CustomerDialog
from poc_tui.screens.dialogs.department import DepartmentDialog
from poc_tui.screens.dialogs.ending import ReopenDialog, ResolveDialog
from poc_tui.screens.dialogs.escalate import EscalateDialog
from poc_tui.screens.dialogs.forward import ForwardDialog
from poc_tui.screens.dialogs.log import LogDialog, NoteDialog
from poc_tui.screens.dialogs.new import NewDialog
from poc_tui.screens.dialogs.promise import PromiseDialog
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.screens.dialogs.triage import TriageDialog
from poc_tui.screens.dialogs.waiting import RemindDialog, SnoozeDialog
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.queries import customers, departments, reminders, requests
from poc_tui.store.records import Done
from poc_tui.system import editor
from poc_tui.system.kept_words import HalfTyped
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.date_field import DateField
from poc_tui.widgets.text_fields import LineField, TextField
from tests.helpers.desks import until
from tests.helpers.dialogs import (
    HOSTILE,
    Open,
    berlin,
    department,
    desk_of,
    detail,
    harmless,
    opened,
    rows,
    steps,
)
from tests.helpers.proofs import proofs

REQUEST_DIALOGS: tuple[type[RequestDialog], ...] = (
    AnswerDialog,
    ChaseDialog,
    EscalateDialog,
    ForwardDialog,
    LogDialog,
    NoteDialog,
    PromiseDialog,
    RemindDialog,
    ResolveDialog,
    SnoozeDialog,
    TriageDialog,
)


@pytest.fixture
def capture(session: Session) -> Callable[..., int]:
    """Takes a request down and gives its number."""

    def take(subject: str = "Invoice 4711 is wrong", **rest: Any) -> int:
        return desk_of(session).do(drafts.Capture(subject, **rest)).numbers[0]

    return take


# Enter alone is right


async def test_enter_forwards_to_the_department_that_the_words_point_to(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture()
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        await on.press("enter")
        done = await on.done()
    assert done.label == f"forward #{number} to Accounting"
    forward = detail(session, number).forwards[0]
    assert forward.question == "Invoice 4711 is wrong"
    assert forward.due_at == berlin(24, 9, 12)


async def test_a_wrong_guess_costs_two_keys_more(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture()
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        await on.press("shift+tab", "l", "enter")
        await on.done()
    assert [forward.department for forward in detail(session, number).forwards] == ["Legal"]


async def test_without_an_idea_no_department_is_chosen_and_letters_choose_it(
    session: Session, capture: Callable[..., int], path: str
) -> None:
    # The busiest of late is no idea of where this belongs.
    other = capture("Invoice 4711 is wrong")
    desk_of(session).do(drafts.ForwardDraft(department(session, "Accounting").id), [other])
    number = capture("xyzzy")
    before = steps(path)
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        department_field = on.dialog.query_one("#department")
        assert on.shell.focused is department_field
        assert "(choose)" in on.drawn
        await on.go("question")
        await on.press("enter")
        assert on.status == "! choose the department that is asked; its first letters do"
        assert on.shell.focused is department_field
        assert steps(path) == before
        await on.press("t", "enter")
        await on.done()
    assert [forward.department for forward in detail(session, number).forwards] == ["Technical"]


async def test_a_letter_finds_the_department_that_was_asked_most_of_late(
    session: Session, capture: Callable[..., int]
) -> None:
    other = capture("Invoice 4711 is wrong")
    desk_of(session).do(drafts.ForwardDraft(department(session, "Support").id, "why?"), [other])
    number = capture("xyzzy")
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        await on.press("s", "enter")
        await on.done()
    assert [forward.department for forward in detail(session, number).forwards] == ["Support"]


async def test_requests_that_belong_to_different_departments_preselect_none(
    session: Session, capture: Callable[..., int]
) -> None:
    both = capture("Invoice 4711 is wrong"), capture("The machine is broken, a fault")
    async with opened(ForwardDialog(session, rows(session, *both))) as on:
        assert on.dialog.form.value("department") == ""
    alike = both[0], capture("Invoice 4712 is wrong, too")
    async with opened(ForwardDialog(session, rows(session, *alike))) as on:
        assert on.dialog.form.value("department") == str(department(session, "Accounting").id)


async def test_enter_triages_with_what_was_guessed(
    session: Session, capture: Callable[..., int]
) -> None:
    desk_of(session).do(drafts.EditCustomer(name="Meyer AG", vip=True))
    number = capture(customer=drafts.CustomerName("Meyer AG"), channel=Channel.PHONE)
    async with opened(TriageDialog(session, rows(session, number))) as on:
        await on.press("enter")
        await on.done()
    triaged = detail(session, number)
    assert (triaged.kind, triaged.priority, triaged.customer) == ("complaint", "high", "Meyer AG")
    assert triaged.due_at == berlin(23, 17), "a call is answered the same day"


async def test_the_due_date_shown_is_the_one_that_is_stored(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture(channel=Channel.EMAIL)
    async with opened(TriageDialog(session, rows(session, number))) as on:
        await on.go("channel")
        await on.type("chat")
        shown = on.dialog.query_one("#due LineField", Input).placeholder
        await on.press("enter")
        await on.done()
    assert shown == "today 09:17"
    assert detail(session, number).due_at == berlin(23, 9, 17)


async def test_several_are_triaged_in_one_go_and_untouched_fields_stay(
    session: Session, capture: Callable[..., int]
) -> None:
    one = capture(kind=Kind.ORDER, priority=Priority.LOW)
    other = capture(kind=Kind.FEEDBACK)
    async with opened(TriageDialog(session, rows(session, one, other))) as on:
        await on.go("priority")
        await on.press("h", "enter")
        done = await on.done()
    assert done.numbers == (one, other)
    assert [(detail(session, n).kind, detail(session, n).priority) for n in (one, other)] == [
        ("order", "high"),
        ("feedback", "high"),
    ]


async def test_enter_after_the_words_answers_and_the_customer_is_to_move(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture(channel=Channel.PHONE)
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        await on.type("It is corrected")
        await on.press("enter")
        await on.done()
    answered = detail(session, number)
    assert answered.court == "customer"
    assert answered.next_at == berlin(26, 9, 12)
    assert answered.activities[-1].channel == "phone"


async def test_an_answer_goes_by_the_channel_that_the_customer_prefers(
    session: Session, capture: Callable[..., int]
) -> None:
    desk_of(session).do(drafts.EditCustomer(name="Hotel Krone", prefers=Channel.LETTER))
    number = capture(customer=drafts.CustomerName("Hotel Krone"), channel=Channel.PHONE)
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        await on.type("Done")
        await on.press("enter")
        await on.done()
    assert detail(session, number).activities[-1].channel == "letter"


async def test_an_answer_while_a_department_works_is_an_interim_word(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture()
    desk_of(session).do(drafts.ForwardDraft(department(session, "Technical").id), [number])
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        await on.type("We are on it")
        await on.press("enter")
        await on.done()
    answered = detail(session, number)
    assert answered.court == "department"
    assert answered.due_at == berlin(25, 9, 12)


async def test_an_answer_can_resolve(session: Session, capture: Callable[..., int]) -> None:
    number = capture()
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        await on.type("A rule forbids it")
        await on.go("then")
        await on.type("resolve as d")
        await on.press("enter")
        await on.done()
    assert detail(session, number).resolution == "declined"


async def test_one_key_makes_an_answer_the_end_and_again_no_more(
    session: Session, capture: Callable[..., int]
) -> None:
    ended, waits = capture(), capture()
    for number, keys in ((ended, ["ctrl+r"]), (waits, ["ctrl+r", "ctrl+r"])):
        async with opened(AnswerDialog(session, rows(session, number))) as on:
            await on.type("It is right")
            await on.press(*keys)
            await on.type(" now")
            await on.press("enter")
            await on.done()
        said = [activity.text for activity in detail(session, number).activities]
        assert "It is right now" in said
    assert detail(session, ended).resolution == "solved"
    assert detail(session, waits).court == "customer"


async def test_the_dialog_shows_what_was_said_and_promised_before(
    session: Session, capture: Callable[..., int], clock: FixedClock
) -> None:
    desk, technical = desk_of(session), department(session, "Technical").id
    meyer = drafts.CustomerName("Meyer AG")
    old = capture("Wrong address", customer=meyer)
    desk.do(drafts.Answer("The address is corrected", resolve_as=Resolution.SOLVED), [old])
    number = capture(customer=meyer)
    desk.do(drafts.Answer("We ask Technical", still_working=True), [number])
    desk.do(drafts.ForwardDraft(technical), [number])
    clock.advance(timedelta(hours=1))
    desk.do(drafts.LogAnswer("10 units were delivered"), [number])
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        drawn = on.drawn
        await on.press("ctrl+l")
        words = on.dialog.query_one("#text", TextField).value
    for said in (
        f"(#{old}): The address is corrected",
        "we said: We ask Technical",
        "promised: to hear from us by Wed 25 Nov 09:12",
        "Technical: 10 units were delivered",
    ):
        assert said in drawn
    assert words == "10 units were delivered"


async def test_enter_after_the_words_logs_for_the_department_that_is_due_first(
    session: Session, capture: Callable[..., int]
) -> None:
    number, desk = capture(), desk_of(session)
    desk.do(drafts.ForwardDraft(department(session, "Legal").id, "May we?"), [number])
    desk.do(drafts.ForwardDraft(department(session, "Support").id, "Can we?"), [number])
    async with opened(LogDialog(session, rows(session, number))) as on:
        assert "Can we?" in on.drawn
        await on.type("Yes")
        await on.press("enter")
        await on.done()
    answers = {forward.department: forward.answer for forward in detail(session, number).forwards}
    assert answers == {"Legal": None, "Support": "Yes"}


async def test_without_an_open_forward_the_words_are_the_customers(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture()
    desk_of(session).do(drafts.Answer("Done"), [number])
    async with opened(LogDialog(session, rows(session, number))) as on:
        await on.type("Not quite")
        await on.press("enter")
        await on.done()
    assert detail(session, number).court == "me"
    assert detail(session, number).activities[-1].event == "received"


async def test_enter_resolves_as_solved(session: Session, capture: Callable[..., int]) -> None:
    number = capture()
    async with opened(ResolveDialog(session, rows(session, number))) as on:
        await on.press("enter")
        await on.done()
    assert detail(session, number).resolution == "solved"


@pytest.mark.parametrize("dialog", [ResolveDialog, AnswerDialog])
async def test_a_duplicate_asks_of_which_and_offers_what_the_customer_wants_besides(
    session: Session, capture: Callable[..., int], dialog: type[RequestDialog]
) -> None:
    meyer = drafts.CustomerName("Meyer AG")
    capture("Somebody else's")
    first, done_with, number = (capture(customer=meyer) for _ in range(3))
    desk_of(session).do(drafts.Resolve(Resolution.SOLVED), [done_with])
    async with opened(dialog(session, rows(session, number))) as on:
        ending = "resolution" if dialog is ResolveDialog else "then"
        asked = on.dialog.query_one("#duplicate-field")
        assert not asked.display
        await on.type("We know.")
        await on.go(ending)
        await on.type("du" if dialog is ResolveDialog else "resolve as du")
        assert asked.display
        assert f"↓ #{first} Invoice 4711 is wrong · Meyer AG" in on.drawn
        await on.press("enter")
        assert on.status.startswith("! of which request?")
        assert on.shell.focused in on.dialog.query("#duplicate-of LineField")
        await on.press(*"99", "enter")
        assert on.status == "! there is no request #99"
        await on.press("down", "down")
        assert f"#{done_with} Invoice 4711 is wrong · Meyer AG · resolved" in on.drawn
        await on.press("up", "enter")
        await on.done()
    assert detail(session, number).ended_as == f"duplicate of #{first}"


async def test_a_request_of_nobody_offers_what_is_called_the_same(
    session: Session, capture: Callable[..., int]
) -> None:
    alike, _, number = capture(), capture("Where is my order?"), capture()
    async with opened(ResolveDialog(session, rows(session, number))) as on:
        await on.press("shift+tab", "d", "d", "tab", "down", "enter")
        await on.done()
    assert detail(session, number).ended_as == f"duplicate of #{alike}"


async def test_letters_typed_into_resolve_are_the_last_answer_and_one_key_leads_to_how_it_ends(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture()
    async with opened(ResolveDialog(session, rows(session, number))) as on:
        await on.press(*"do")
        assert on.dialog.form.value("resolution") == "solved"
        assert "shift+tab how it ends" in on.drawn
        await on.press("shift+tab", "d", "enter")
        await on.done()
    assert detail(session, number).resolution == "declined"
    assert detail(session, number).activities[-1].text == "do"


async def test_an_open_question_is_withdrawn_only_on_an_explicit_yes(
    session: Session, capture: Callable[..., int], path: str, clock: FixedClock
) -> None:
    number, desk = capture(), desk_of(session)
    desk.do(drafts.ForwardDraft(department(session, "Technical").id), [number])
    desk.do(drafts.Remind(clock.now() + timedelta(days=1), "call them"), [number])
    before = steps(path)
    async with opened(ResolveDialog(session, rows(session, number))) as on:
        await on.press("enter")
        assert "still waits for Technical" in on.status
        assert steps(path) == before
        assert on.shell.focused is on.dialog.query_one("#withdraw")
        await on.press("y", "enter")
        await on.done()
    resolved = detail(session, number)
    assert resolved.state == "resolved"
    assert not resolved.open_forwards
    assert not resolved.open_reminders


async def test_enter_reopens(session: Session, capture: Callable[..., int]) -> None:
    number = capture()
    desk_of(session).do(drafts.Resolve(Resolution.SOLVED), [number])
    async with opened(ReopenDialog(session, rows(session, number))) as on:
        await on.press("enter")
        await on.done()
    assert detail(session, number).court == "me"


async def test_enter_snoozes_until_the_next_morning_that_is_open(
    session: Session, capture: Callable[..., int], clock: FixedClock
) -> None:
    number = capture()
    clock.at = berlin(27, 15)
    async with opened(SnoozeDialog(session, rows(session, number))) as on:
        await on.press("enter")
        await on.done()
    assert detail(session, number).snoozed_until == berlin(30, 9), "Friday, so until Monday"


async def test_enter_reminds_tomorrow_of_the_request(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture()
    async with opened(RemindDialog(session, rows(session, number))) as on:
        await on.press("enter")
        await on.done()
    reminder = detail(session, number).open_reminders[0]
    assert reminder.at == berlin(24, 9)
    assert "Invoice 4711 is wrong" in reminder.text


async def test_a_reminder_can_stand_on_its_own(session: Session) -> None:
    async with opened(RemindDialog(session)) as on:
        await on.type("order paper")
        await on.press("enter")
        await on.done()
    assert [row.text for row in reminders.upcoming(session.reader)] == ["order paper"]


async def test_enter_after_the_words_notes(session: Session, capture: Callable[..., int]) -> None:
    number = capture()
    async with opened(NoteDialog(session, rows(session, number))) as on:
        await on.type("first")
        await on.press("ctrl+j")
        await on.type("second")
        await on.press("enter")
        await on.done()
    assert detail(session, number).activities[-1].text == "first\nsecond"


async def test_a_new_line_stands_where_it_was_typed_however_fast_one_types(
    session: Session, capture: Callable[..., int]
) -> None:
    async with opened(NoteDialog(session, rows(session, capture()))) as on:
        for char in "one\ntwo":
            key = "ctrl+j" if char == "\n" else char
            on.shell.post_message(events.Key(key, char))
        await on.settle()
        assert on.dialog.query_one("#text", TextField).value == "one\ntwo"


async def test_one_line_with_marks_takes_a_request_down(session: Session) -> None:
    async with opened(NewDialog(session)) as on:
        await on.type("Key card broken @Krone via:chat +room due:fri prio:high")
        assert "due Fri 27 Nov 17:00" in on.drawn
        await on.press("enter")
        taken = detail(session, (await on.done()).numbers[0])
    assert (taken.subject, taken.customer, taken.kind) == ("Key card broken", "Krone", "complaint")
    assert (taken.channel, taken.priority, taken.tags) == ("chat", "high", ("room",))
    assert taken.due_at == berlin(27, 17)


async def test_a_mark_whose_word_is_not_known_stays_in_the_words_and_that_is_said(
    session: Session,
) -> None:
    async with opened(NewDialog(session)) as on:
        await on.type("Gate stuck via:anruf kind:Tor prio:eilig")
        assert "“kind:Tor” stays in the words: that is no kind" in on.drawn
        await on.press("enter")
        taken = detail(session, (await on.done()).numbers[0])
    assert (taken.subject, taken.channel, taken.priority) == (
        "Gate stuck kind:Tor", "phone", "high",
    )  # fmt: skip


async def test_what_was_typed_is_kept_to_the_byte(session: Session) -> None:
    async with opened(NewDialog(session)) as on:
        await on.type("Hello via:chat")
        await on.press("enter")
        number = (await on.done()).numbers[0]
    assert requests.original(session.reader, number) == b"Hello via:chat"


async def test_of_pasted_lines_the_first_is_the_subject_and_the_rest_the_text(
    session: Session,
) -> None:
    async with opened(NewDialog(session)) as on:
        on.shell.post_message(events.Paste("Invoice 4711\r\nit shows 12 units\r\nwe got 10"))
        await on.settle()
        await on.press("enter")
        taken = detail(session, (await on.done()).numbers[0])
    assert taken.subject == "Invoice 4711"
    assert taken.text == "it shows 12 units\nwe got 10"


async def test_a_choice_that_a_person_made_is_not_guessed_away(session: Session) -> None:
    async with opened(NewDialog(session)) as on:
        await on.go("kind")
        await on.type("f")
        await on.go("words")
        await on.type("it is broken")
        await on.press("enter")
        assert detail(session, (await on.done()).numbers[0]).kind == "feedback"


# Customers


async def test_a_known_customer_is_offered_and_taken(session: Session) -> None:
    desk_of(session).do(drafts.EditCustomer(name="Meyer AG", prefers=Channel.PHONE))
    desk_of(session).do(drafts.EditCustomer(name="Meyerhof"))
    async with opened(NewDialog(session)) as on:
        await on.type("Hello")
        await on.go("customer")
        await on.type("Mey")
        assert "new customer; or ↓ Meyer AG, Meyerhof" in on.drawn
        await on.press("down", "down")
        assert "known: Meyerhof" in on.drawn
        await on.press("up")
        assert "known: Meyer AG · prefers phone" in on.drawn
        await on.press("enter")
        taken = detail(session, (await on.done()).numbers[0])
    assert taken.customer == "Meyer AG"
    assert len(customers.customers(session.reader)) == 2


async def test_a_name_that_could_be_several_is_asked_about(
    session: Session, capture: Callable[..., int], path: str
) -> None:
    for town in ("Bonn", "Köln"):
        desk_of(session).do(drafts.EditCustomer(name=f"Bäckerei Ott {town}"))
    number = capture()
    before = steps(path)
    async with opened(TriageDialog(session, rows(session, number))) as on:
        await on.type("Ott")
        await on.press("enter")
        assert "could be Bäckerei Ott Bonn (1), Bäckerei Ott Köln (2)" in on.status
        assert steps(path) == before
        await on.press("down", "enter")
        await on.done()
    assert detail(session, number).customer == "Bäckerei Ott Bonn"


async def test_a_customer_is_changed_and_what_nobody_touched_stays(session: Session) -> None:
    address = drafts.AddressDraft(AddressKind.EMAIL, "info@meyer.example")
    desk_of(session).do(
        drafts.EditCustomer(name="Meyer AG", addresses=(address,), prefers=Channel.PHONE)
    )
    async with opened(CustomerDialog(session, 1)) as on:
        await on.go("vip")
        await on.press("y")
        desk_of(session).do(drafts.EditCustomer(id=1, notes="pays late"))
        await on.go("addresses")
        await on.press("ctrl+j")
        await on.type("+49 30 12345")
        await on.press("enter")
        await on.done()
    changed = customers.customer(session.reader, 1)
    assert changed.vip
    assert (changed.prefers, changed.notes) == ("phone", "pays late")
    assert [(a.kind, a.value) for a in changed.addresses] == [
        ("email", "info@meyer.example"),
        ("phone", "+49 30 12345"),
    ]


async def test_an_address_that_says_not_what_it_is_is_refused(session: Session) -> None:
    async with opened(CustomerDialog(session)) as on:
        await on.type("Meyer AG")
        await on.go("addresses")
        await on.type("somewhere")
        await on.press("enter")
        assert "write email, phone or handle before it" in on.status
        assert on.shell.focused is on.dialog.query_one("#addresses")
    assert not customers.customers(session.reader)


async def test_enter_on_an_unchanged_customer_closes(session: Session, path: str) -> None:
    desk_of(session).do(drafts.EditCustomer(name="Meyer AG"))
    before = steps(path)
    async with opened(CustomerDialog(session, 1)) as on:
        await on.press("enter")
        assert on.shell.result is None
    assert steps(path) == before


# Departments


async def test_a_department_is_changed(session: Session) -> None:
    support = department(session, "Support")
    async with opened(DepartmentDialog(session, support)) as on:
        await on.go("within")
        await on.type("1d 4h")
        await on.press("enter")
        await on.done()
    changed = department(session, "Support")
    assert changed.answer_within == 12 * 60
    assert changed.remit == support.remit


async def test_an_answer_within_that_is_no_time_is_refused(session: Session) -> None:
    async with opened(DepartmentDialog(session, department(session, "Support"))) as on:
        await on.go("within")
        await on.type("soon")
        await on.press("enter")
        assert "no length of work" in on.status
    assert department(session, "Support").answer_within == 4 * 60


async def test_a_department_is_added_retired_and_brought_back(session: Session) -> None:
    async with opened(DepartmentsScreen(session)) as on:
        await on.press("n")
        await on.pilot.pause()
        await on.pilot.press(*"Aa", "enter")
        await on.settle()
        assert department(session, "Aa").answer_within == 8 * 60
        await on.press("home", "x")
        assert department(session, "Aa").retired_at is not None
        await on.press("end", "x")
        assert department(session, "Aa").retired_at is None


async def test_a_key_chosen_for_what_works_elsewhere_still_retires_a_department(
    session: Session,
) -> None:
    session.keymap = resolve(COMMANDS, {"done": ["ctrl+d"], "redo": ["x"]})
    async with opened(DepartmentsScreen(session)) as on:
        await on.press("home", "x")
        assert department(session, "Accounting").retired_at is not None


async def test_retiring_a_department_with_open_questions_asks(
    session: Session, capture: Callable[..., int]
) -> None:
    desk_of(session).do(drafts.ForwardDraft(department(session, "Accounting").id), [capture()])
    async with opened(DepartmentsScreen(session)) as on:
        await on.pilot.press("x")
        await on.pilot.pause()
        assert isinstance(on.shell.screen, ConfirmDialog)
        await on.press("n")
        assert department(session, "Accounting").retired_at is None
        await on.pilot.press("x")
        await on.pilot.pause()
        await on.press("y")
        assert department(session, "Accounting").retired_at is not None


# What is wrong is said, and nothing is stored


@pytest.mark.parametrize("phrase", ["blarg", "yesterday", "30.2."])
async def test_a_wrong_date_keeps_the_dialog_open_and_stores_nothing(
    session: Session, capture: Callable[..., int], path: str, phrase: str
) -> None:
    number = capture()
    before = steps(path)
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        await on.type("Is it right?")
        await on.go("due")
        await on.type(phrase)
        await on.press("enter")
        assert on.shell.result == "open"
        assert on.status.startswith("! ")
        assert on.shell.focused in on.dialog.query("#due LineField")
        assert on.dialog.query_one("#question", TextField).value == "Is it right?"
    assert steps(path) == before


@pytest.mark.parametrize("dialog", [AnswerDialog, LogDialog, NoteDialog])
async def test_without_words_there_is_nothing_to_save(
    session: Session,
    capture: Callable[..., int],
    path: str,
    dialog: type[RequestDialog],
) -> None:
    number = capture()
    before = steps(path)
    async with opened(dialog(session, rows(session, number))) as on:
        await on.press("enter")
        assert on.shell.result == "open"
        assert on.status.startswith("! ")
    assert steps(path) == before


async def test_a_failed_save_keeps_the_words(
    session: Session, capture: Callable[..., int], path: str
) -> None:
    number = capture()
    desk_of(session)._connection.execute("PRAGMA busy_timeout = 10")
    async with opened(NoteDialog(session, rows(session, number))) as on:
        await on.type("precious")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            await on.press("enter")
            assert "another program is writing" in on.status
            assert on.dialog.query_one("#text", TextField).value == "precious"
            assert on.shell.result == "open"
        await on.press("enter")
        await on.done()
    assert detail(session, number).activities[-1].text == "precious"


async def test_a_second_enter_while_it_saves_does_not_save_twice(
    session: Session, capture: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    number, may_go = capture(), asyncio.Event()
    really_do = session.do

    async def slowly(draft: drafts.Draft, numbers: Any = (), seen: Any = None) -> Done:
        await may_go.wait()
        return await really_do(draft, numbers, seen)

    monkeypatch.setattr(session, "do", slowly)
    async with opened(NoteDialog(session, rows(session, number))) as on:
        await on.type("once")
        await on.pilot.press("enter", "enter", "x", "escape")
        assert on.status == "saving…"
        may_go.set()
        await on.done()
    notes = [a.text for a in detail(session, number).activities if a.event == "noted"]
    assert notes == ["once"]


@pytest.mark.parametrize("dialog", [NoteDialog, ForwardDialog])
async def test_what_is_typed_behind_enter_is_not_saved(
    session: Session, capture: Callable[..., int], dialog: type[RequestDialog]
) -> None:
    number = capture()
    async with opened(dialog(session, rows(session, number))) as on:
        for key in ("o", "n", "e", "enter", "j", "j"):
            on.shell.post_message(events.Key(key, key if len(key) == 1 else "\r"))
        await on.done()
    assert detail(session, number).activities[-1].text == "one"


async def test_a_letter_typed_behind_enter_does_not_change_a_choice(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture()
    async with opened(ResolveDialog(session, rows(session, number))) as on:
        for key in ("shift+tab", "enter", "d"):
            on.shell.post_message(events.Key(key, key if len(key) == 1 else None))
        await on.done()
    assert detail(session, number).resolution == "solved"


async def test_tab_typed_at_once_leads_to_the_field_that_a_letter_has_shown(
    session: Session, capture: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 0.2)  # it is painted later than typed
    other, number = capture(), capture()
    async with opened(AnswerDialog(session, rows(session, number))) as on:
        for key in ("x", "tab", "tab", *"resolve as du", "tab", str(other), "enter"):
            on.shell.post_message(events.Key(key, key if len(key) == 1 else None))
        await on.done()
    assert detail(session, number).resolution == "duplicate"


async def test_what_is_typed_behind_enter_is_for_the_desk(
    session: Session, capture: Callable[..., int]
) -> None:
    number, app = capture(), PocApp(session)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("m")
        await pilot.pause()
        for key in ("o", "k", "enter", "m"):
            app.post_message(events.Key(key, key if len(key) == 1 else "\r"))
        await until(pilot, lambda: detail(session, number).activities[-1].text == "ok")
        await until(
            pilot,
            lambda: (
                isinstance(app.screen, NoteDialog)
                and [words.value for words in app.screen.query(TextField)] == [""]
            ),
        )


async def test_the_keyboard_lives_on_after_a_department_was_saved(session: Session) -> None:
    app = PocApp(session)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, DepartmentsScreen))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, DepartmentDialog))
        await pilot.press("A", "a", "enter")
        await until(pilot, lambda: isinstance(app.screen, DepartmentsScreen))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, DepartmentsScreen))
        assert department(session, "Aa").retired_at is None


# Typed words are not lost


async def test_esc_leaves_at_once_where_nothing_was_typed(
    session: Session, capture: Callable[..., int]
) -> None:
    async with opened(ForwardDialog(session, rows(session, capture()))) as on:
        await on.press("escape")
        assert on.shell.result is None


@pytest.mark.parametrize("key", ["n", "enter", "x"])
async def test_esc_asks_before_it_throws_words_away(
    session: Session, capture: Callable[..., int], key: str
) -> None:
    async with opened(NoteDialog(session, rows(session, capture()))) as on:
        await on.type("precious")
        await on.press("escape")
        assert on.status == "Throw the words away? y / n / k keeps them"
        await on.press(key)
        assert on.shell.result == "open"
        assert on.dialog.query_one("#text", TextField).value == "precious"
        assert on.shell.focused is on.dialog.query_one("#text")
        assert on.status == ""


@pytest.mark.parametrize("key", ["y", "escape"])
async def test_on_a_yes_the_words_are_gone_for_good(
    session: Session, capture: Callable[..., int], path: str, key: str
) -> None:
    number = capture()
    before = steps(path)
    async with opened(NoteDialog(session, rows(session, number))) as on:
        await on.type("rubbish")
        await on.press("escape", key)
        assert on.shell.result is None
    assert steps(path) == before
    async with opened(NoteDialog(session, rows(session, number))) as on:
        assert on.dialog.query_one("#text", TextField).value == ""


def half_typed_files(home: str) -> list[Path]:
    return sorted((Path(home) / ".local/state/poc/drafts").rglob("*.json"))


async def kept_on_disk(on: Open) -> list[Path]:
    """The files of half-typed words, once the pause after the last key is over."""
    for _ in range(200):
        if files := half_typed_files(os.environ["HOME"]):
            return files
        await on.pilot.pause(0.02)
    return []


async def test_half_typed_words_survive_a_crash(
    session: Session, capture: Callable[..., int], clock: FixedClock
) -> None:
    number = capture()
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        await on.type("Is it")
        (file,) = await kept_on_disk(on)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    clock.advance(timedelta(minutes=20))
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        assert on.dialog.query_one("#question", TextField).value == "Is it"
        assert on.status == "your words from 20 min ago are back"
        await on.type(" so?")
        await on.press("enter")
        await on.done()
    assert detail(session, number).forwards[0].question == "Is it so?"
    assert half_typed_files(os.environ["HOME"]) == []


async def test_half_typed_words_do_not_turn_up_at_another_request(
    session: Session, capture: Callable[..., int]
) -> None:
    one, other = capture(), capture()
    async with opened(NoteDialog(session, rows(session, one))) as on:
        await on.type("for one")
        await kept_on_disk(on)
    async with opened(NoteDialog(session, rows(session, other))) as on:
        assert on.dialog.query_one("#text", TextField).value == ""


def test_half_typed_words_of_another_store_are_other_words(
    tmp_path: Path, clock: FixedClock
) -> None:
    one = HalfTyped(str(tmp_path), "/a.sqlite3", "note", [1])
    one.write({"text": "a"}, clock.now())
    assert HalfTyped(str(tmp_path), "/b.sqlite3", "note", [1]).read() is None


def test_a_late_write_does_not_bring_back_what_was_saved(tmp_path: Path, clock: FixedClock) -> None:
    kept = HalfTyped(str(tmp_path), "/a.sqlite3", "note", range(1000))
    kept.write({"text": "a \ud800 b"}, clock.now())
    found = kept.read()
    assert found is not None
    assert found.words == {"text": "a \ud800 b"}
    kept.forget()
    kept.write({"text": "late"}, clock.now())
    assert kept.read() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"at": 1, "words": 2}', b"\xff"])
def test_a_broken_file_of_half_typed_words_is_no_obstacle(tmp_path: Path, content: bytes) -> None:
    kept = HalfTyped(str(tmp_path), "/a.sqlite3", "note", [1])
    Path(kept.path).parent.mkdir(parents=True)
    Path(kept.path).write_bytes(content)
    assert kept.read() is None


async def test_words_typed_a_moment_before_the_desk_is_closed_are_kept(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture()
    async with opened(NoteDialog(session, rows(session, number))) as on:
        await on.type("precious")
        on.shell.exit()
    async with opened(NoteDialog(session, rows(session, number))) as on:
        assert on.dialog.query_one("#text", TextField).value == "precious"


async def test_a_dialog_closes_once_however_often_it_is_told_to(
    session: Session, capture: Callable[..., int], path: str
) -> None:
    number = capture()
    before = steps(path)
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        dialog = on.dialog
        dialog.action_leave()
        dialog.action_leave()
        dialog.action_save()
        await on.settle()
        await on.settle()
        assert on.shell.result is None
        assert len(on.shell.screen_stack) == 1
    assert steps(path) == before


async def test_a_question_is_answered_once() -> None:
    async with opened(ConfirmDialog("Retire it?")) as on:
        dialog = on.dialog
        dialog.action_answer(True)
        dialog.action_answer(False)
        await on.pilot.pause()
        assert on.shell.result is True
        assert len(on.shell.screen_stack) == 1


async def test_pasted_lines_are_joined_in_a_field_of_one_line(session: Session) -> None:
    async with opened(RemindDialog(session)) as on:
        on.shell.post_message(events.Paste("call them\rtoday\nor tomorrow"))
        await on.settle()
        assert on.dialog.query_one("#text", LineField).value == "call them today or tomorrow"


# The editor


def script(tmp_path: Path, body: str) -> str:
    path = tmp_path / "my editor"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o700)
    return f"'{path}'"


def test_the_editor_gives_the_text_back(tmp_path: Path) -> None:
    command = script(tmp_path, 'ls -l "$1" | cut -c1-10 >> "$1"')
    edited = editor.edit("Grüße\nzwei", {"EDITOR": command, "PATH": os.environ["PATH"]})
    assert edited == "Grüße\nzwei\n-rw-------"


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({}, "EDITOR is not set"),
        ({"EDITOR": "/nowhere/ed"}, "cannot be started"),
        ({"EDITOR": "false", "PATH": "/bin:/usr/bin"}, "exit code 1"),
        ({"EDITOR": "'"}, "no command"),
    ],
)
def test_an_editor_that_fails_is_said(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(PocError, match=sentence):
        editor.edit("precious", environ)


async def test_the_editors_text_comes_back_into_the_field(
    session: Session,
    capture: Callable[..., int],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EDITOR", script(tmp_path, 'printf "from the editor\\n" > "$1"'))
    async with opened(NoteDialog(session, rows(session, capture()))) as on:
        monkeypatch.setattr(type(on.shell._driver), "can_suspend", True)
        await on.press("ctrl+e")
        assert on.dialog.query_one("#text", TextField).value == "from the editor"


async def test_without_an_editor_the_words_stay(
    session: Session, capture: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(NoteDialog(session, rows(session, capture()))) as on:
        monkeypatch.setattr(type(on.shell._driver), "can_suspend", True)
        await on.type("precious")
        await on.press("ctrl+e")
        assert "EDITOR is not set" in on.status
        assert on.dialog.query_one("#text", TextField).value == "precious"


# When a dialog makes no sense


@pytest.mark.parametrize("verb", ["answer", "escalate", "forward", "resolve", "snooze", "triage"])
def test_what_is_resolved_is_refused_with_a_sentence(
    session: Session, capture: Callable[..., int], verb: str
) -> None:
    live, resolved = capture(), capture()
    desk_of(session).do(drafts.Resolve(Resolution.SOLVED), [resolved])
    need = NEEDS[verb]
    assert [meets(row, need) for row in rows(session, live, resolved)] == [True, False]
    assert f"#{resolved} is resolved" in refusal(need, [resolved])


def test_only_what_is_resolved_can_be_reopened(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture()
    (live,) = rows(session, number)
    assert not meets(live, NEEDS["reopen"])
    assert "not resolved" in refusal(NEEDS["reopen"], [number])


def test_a_title_says_how_many_are_skipped(session: Session, capture: Callable[..., int]) -> None:
    both = rows(session, capture(), capture())
    assert AnswerDialog(session, both, skipped=1)._title == "Answer 2 requests (1 skipped)"
    one = AnswerDialog(session, both[:1], skipped=2)
    assert one._title == "Answer #1 (2 skipped) · Invoice 4711 is wrong"


async def test_a_department_s_words_are_logged_where_one_was_asked(
    session: Session, capture: Callable[..., int]
) -> None:
    asked, unasked = capture(), capture()
    desk_of(session).do(drafts.ForwardDraft(department(session, "Legal").id), [asked])
    async with opened(LogDialog(session, rows(session, asked, unasked))) as on:
        await on.type("We may.")
        await on.press("enter")
        done = await on.done()
    assert (done.numbers, done.remarks) == ((asked,), (f"skipped #{unasked} (asks no department)",))
    assert detail(session, asked).activities[-1].event == "logged"
    assert len(detail(session, unasked).activities) == 1


# Text from outside


def all_dialogs(session: Session, number: int, resolved: int) -> Iterator[Dialog]:
    live = rows(session, number)
    yield from (dialog(session, live) for dialog in REQUEST_DIALOGS)
    yield ReopenDialog(session, rows(session, resolved))
    yield CustomerDialog(session, 1)
    yield NewDialog(session)
    found = departments.departments(session.reader)
    yield from (DepartmentDialog(session, row) for row in found if "click" in row.name)


async def test_hostile_text_is_harmless_in_every_dialog(
    session: Session, capture: Callable[..., int]
) -> None:
    desk = desk_of(session)
    address = drafts.AddressDraft(AddressKind.HANDLE, HOSTILE)
    desk.do(
        drafts.EditCustomer(
            name=HOSTILE, organisation=HOSTILE, preferences=HOSTILE, notes=HOSTILE,
            addresses=(address,),
        )
    )  # fmt: skip
    desk.do(drafts.EditDepartment(name=HOSTILE, remit=HOSTILE, contact=HOSTILE))
    hostile = next(d for d in departments.departments(session.reader) if "click" in d.name)
    number, resolved = (
        capture(HOSTILE, text=HOSTILE, customer=drafts.CustomerNumber(1)) for _ in range(2)
    )
    desk.do(drafts.Resolve(Resolution.SOLVED, HOSTILE), [resolved])
    desk.do(drafts.ForwardDraft(hostile.id, HOSTILE), [number])
    desk.do(drafts.LogAnswer(HOSTILE), [number])
    desk.do(drafts.ForwardDraft(hostile.id, HOSTILE), [number])
    desk.do(drafts.Answer(HOSTILE, still_working=True), [number])
    desk.do(drafts.Promise(session.clock.now() + timedelta(days=1), HOSTILE), [number])
    desk.do(drafts.Escalate(HOSTILE, HOSTILE), [number])
    for dialog in all_dialogs(session, number, resolved):
        async with opened(dialog) as on:
            for widget in on.dialog.query("Choice, LineField, TextField"):
                widget.focus()
                await on.pilot.pause()
                harmless(on.drawn, dialog)
    async with opened(DepartmentsScreen(session)) as on:
        harmless(on.drawn, on.dialog)
    async with opened(ConfirmDialog(HOSTILE, HOSTILE)) as on:
        harmless(on.drawn, on.dialog)


async def test_hostile_text_that_is_pasted_is_harmless_and_stays_as_it_is(
    session: Session, capture: Callable[..., int]
) -> None:
    number = capture()
    async with opened(ForwardDialog(session, rows(session, number))) as on:
        on.shell.post_message(events.Paste(HOSTILE))
        await on.pilot.pause()
        harmless(on.drawn, on.dialog)
        assert on.dialog.query_one("#question", TextField).value == HOSTILE
        await on.go("due")
        on.shell.post_message(events.Paste(HOSTILE))
        await on.press("enter")
        harmless(on.drawn, on.dialog)
        assert on.status.startswith("! ")


# How it looks and feels


ALL_DIALOGS = (*REQUEST_DIALOGS, NewDialog, CustomerDialog, DepartmentDialog)


@pytest.mark.parametrize("dialog", proofs(ALL_DIALOGS, but=(ForwardDialog, NewDialog)))
async def test_every_dialog_fits_80x24_and_works_when_smaller(
    session: Session, capture: Callable[..., int], dialog: Any
) -> None:
    desk, number = desk_of(session), capture(customer=drafts.CustomerName("Meyer AG"))
    desk.do(drafts.Answer("We are on it", still_working=True), [number])
    desk.do(drafts.ForwardDraft(department(session, "Technical").id), [number])
    desk.do(drafts.ForwardDraft(department(session, "Legal").id), [number])
    for _ in range(4):
        desk.do(drafts.Chase(early=True), [number])
    desk.do(drafts.Remind(session.clock.now() + timedelta(days=1), "call"), [number])
    for _ in range(5):
        desk.do(drafts.Promise(session.clock.now() + timedelta(days=1), "a call"), [number])

    def build() -> Any:
        return (
            dialog(session, rows(session, number)) if dialog in REQUEST_DIALOGS else dialog(session)
        )

    async with opened(build()) as on:
        assert on.dialog.query_one("#fields").max_scroll_y == 0
        assert on.dialog.query_one("#box").region.bottom <= 24
    async with opened(build(), (50, 12)) as on:
        assert on.dialog.query_one("#box").region.bottom <= 12
        assert on.dialog.query_one("#status").region.bottom <= 12
        for _ in on.dialog.query("Choice, LineField, TextField"):
            await on.press("tab")
            assert on.shell.focused is not None
            assert on.dialog.region.contains_region(on.shell.focused.region.crop_size((1, 1)))


async def test_a_choice_is_made_by_arrows_letters_and_clicks(
    session: Session, capture: Callable[..., int]
) -> None:
    async with opened(TriageDialog(session, rows(session, capture("hello")))) as on:
        kind = on.dialog.query_one("#kind", Choice)
        kind.focus()
        values = []
        for key in ("right", "left", "left", "i", "f", "q", "u", "home", "end"):
            await on.press(key)
            values.append(kind.value)
        assert values == [
            "complaint", "question", "order", "information", "feedback", "question", "question",
            "question", "order",
        ]  # fmt: skip
        await on.pilot.click(kind)
        assert kind.value == "question"


async def test_a_date_is_echoed_as_understood_and_shifted_by_arrows(
    session: Session, capture: Callable[..., int]
) -> None:
    async with opened(SnoozeDialog(session, rows(session, capture()))) as on:
        await on.type("fri 14:00")
        assert "= Fri 27 Nov 14:00" in on.drawn
        await on.press("up")
        assert on.dialog.query_one("#until", DateField).value == "Sat 28 Nov 14:00"
        await on.press("ctrl+u")
        await on.type("blarg")
        assert "'blarg' is no date I know" in on.drawn


async def test_the_editor_opens_on_the_key_that_a_person_chose(
    path: str, clock: FixedClock, settings: Settings, capture: Callable[..., int]
) -> None:
    own = Session(path, clock, settings, resolve(COMMANDS, {"editor": ["f4"]}))
    async with opened(NoteDialog(own, rows(own, capture()))) as on:
        assert "f4 editor" in on.drawn
        await on.press("ctrl+e")
        assert on.status == ""
        await on.press("f4")
        assert on.status.startswith("! ")
    own.close()


async def test_a_text_field_without_any_room_for_its_placeholder_ends_nothing() -> None:
    class Narrow(App[None]):
        CSS = "TextField { width: 2; }"

        def compose(self) -> ComposeResult:
            yield TextField(placeholder="optional")

    app = Narrow()
    async with app.run_test(size=(20, 5)) as pilot:
        await pilot.press("a", "backspace")
        assert app.query_one(TextField).content_size.width == 0
