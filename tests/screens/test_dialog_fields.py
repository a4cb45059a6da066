"""Fields that follow each other: once for what a person did, and never for what the desk did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from textual.message import Message
from textual.widgets import Input, TextArea

from poc_tui.errors import StoreBusy
from poc_tui.screens.dialogs.answer import AnswerDialog
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.chase import ChaseDialog
from poc_tui.screens.dialogs.customer import CustomerDialog
from poc_tui.screens.dialogs.department import DepartmentDialog
from poc_tui.screens.dialogs.ending import ReopenDialog, ResolveDialog
from poc_tui.screens.dialogs.escalate import EscalateDialog
from poc_tui.screens.dialogs.forward import ForwardDialog
from poc_tui.screens.dialogs.log import LogDialog, NoteDialog
from poc_tui.screens.dialogs.new import NewDialog
from poc_tui.screens.dialogs.promise import EndPromiseDialog, PromiseDialog
from poc_tui.screens.dialogs.triage import TriageDialog
from poc_tui.screens.dialogs.waiting import RecurringDialog, RemindDialog, SnoozeDialog
from poc_tui.screens.session import Session
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.queries.reminders import upcoming
from poc_tui.widgets.choice import Choice
from tests.helpers.dialogs import Open, department, desk_of, detail, opened, rows
from tests.helpers.mail_setup import one_account
from tests.helpers.proofs import proofs

CHANGED = (Input.Changed, TextArea.Changed, Choice.Changed)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A desk that sends mail, so that every dialog has all its fields."""
    return settings._replace(mail=one_account(address="desk@poc.example", send="smtp"))


class Ear:
    """Counts what tells that a field has changed, and how often fields were let follow."""

    def __init__(self) -> None:
        self.heard = 0
        self.followed: Counter[str] = Counter()

    def __call__(self, message: Message) -> None:
        self.heard += isinstance(message, CHANGED)

    def listen(self, dialog: Dialog) -> None:
        follow = dialog.on_fields_changed

        def counted() -> None:
            self.followed["times"] += 1
            follow()

        dialog.on_fields_changed = counted  # type: ignore[method-assign]


def asked(session: Session) -> int:
    """A request that two departments were asked about, with something promised and to do."""
    desk, soon = desk_of(session), session.clock.now() + timedelta(hours=4)
    whom = drafts.CustomerName("Meyer AG")
    (number,) = desk.do(drafts.Capture("Invoice 4711 is wrong", customer=whom)).numbers
    for name in ("Technical", "Legal"):
        desk.do(drafts.ForwardDraft(department(session, name).id, "is it so?"), [number])
    desk.do(drafts.Remind(soon, "call them"), [number])
    desk.do(drafts.Promise(soon, "a new invoice"), [number])
    return number


def escalated(session: Session) -> int:
    number = asked(session)
    desk_of(session).do(drafts.Escalate("management", "it cannot wait"), [number])
    return number


def resolved(session: Session) -> int:
    (number,) = desk_of(session).do(drafts.Capture("done with")).numbers
    desk_of(session).do(drafts.Resolve(resolution="solved"), [number])  # type: ignore[arg-type]
    return number


def reminder(session: Session, kind: str, every: str = "") -> Any:
    number = asked(session)
    if every:
        soon = session.clock.now() + timedelta(hours=4)
        desk_of(session).do(drafts.Remind(soon, "again", every=every), [number])
    found = upcoming(session.reader)
    return next(row for row in found if row.kind == kind and bool(row.every) == bool(every))


def customer(session: Session) -> int:
    return detail(session, asked(session)).customer_id or 0


def on(dialog: Callable[..., Dialog], which: Callable[[Session], int] = asked) -> Any:
    return lambda session: dialog(session, rows(session, which(session)))


def on_two(dialog: Callable[..., Dialog]) -> Any:
    return lambda session: dialog(session, rows(session, asked(session), asked(session)))


DIALOGS: dict[str, Callable[[Session], Dialog]] = {
    "new": NewDialog,
    "triage": on(TriageDialog),
    "triage of two": on_two(TriageDialog),
    "forward": on(ForwardDialog),
    "log": on(LogDialog),
    "answer": on(AnswerDialog),
    "answer to two": on_two(AnswerDialog),
    "note": on(NoteDialog),
    "resolve": on(ResolveDialog),
    "reopen": on(ReopenDialog, resolved),
    "snooze": on(SnoozeDialog),
    "remind": on(RemindDialog),
    "promise": on(PromiseDialog),
    "promise to a customer": lambda session: PromiseDialog(session, ()),
    "end of a promise": lambda session: EndPromiseDialog(session, reminder(session, "promise")),
    "recurring": lambda session: RecurringDialog(
        session, reminder(session, "reminder", "FREQ=WEEKLY")
    ),
    "chase": on(ChaseDialog),
    "chase of two": on_two(ChaseDialog),
    "escalate": on(EscalateDialog),
    "escalate anew": on(EscalateDialog, escalated),
    "customer": lambda session: CustomerDialog(session, customer(session)),
    "department": lambda session: DepartmentDialog(session, department(session, "Legal")),
}


async def comes_to_rest(on: Open, ear: Ear) -> None:
    before = (ear.heard, ear.followed["times"])
    await on.pilot.pause(0.05)
    assert (ear.heard, ear.followed["times"]) == before


@pytest.mark.parametrize("name", proofs(DIALOGS, but=("new", "forward", "chase")))
async def test_whatever_field_is_changed_the_others_follow_once(
    session: Session, name: str
) -> None:
    ear, dialog = Ear(), DIALOGS[name](session)
    ear.listen(dialog)
    async with opened(dialog, (100, 40), ear) as on:
        for field in dialog.form.all():
            await on.go(field.id or "")
            for key in ("right", "left") if isinstance(field, Choice) else ("f", "r", "i"):
                ear.heard, ear.followed = 0, Counter()
                await on.press(key)
                assert ear.followed["times"] <= 1, f"{key} in {field.id}"
                await comes_to_rest(on, ear)


MARKS = {
    "prio:low": {"priority": "low"},
    "kind:order": {"kind": "order"},
    "via:social": {"channel": "social"},
    "kind:complaint via:letter prio:critical": {
        "kind": "complaint",
        "channel": "letter",
        "priority": "critical",
    },
    "due:fri14": {},
    "+tag": {},
    "@Meyer": {},
    "to:legal": {},
    "prio:nonsense": {},
}


@pytest.mark.parametrize("marks", proofs(MARKS, but=("kind:order", "due:fri14", "to:legal")))
async def test_whatever_mark_is_typed_the_fields_follow_it_once(
    session: Session, marks: str
) -> None:
    ear, dialog = Ear(), NewDialog(session)
    ear.listen(dialog)
    async with opened(dialog, (100, 40), ear) as on:
        keys = f"x {marks}"
        await on.press(*("space" if key == " " else key for key in keys))
        assert ear.followed["times"] <= len(keys) + 1
        assert ear.heard <= len(keys)
        for id, value in MARKS[marks].items():
            assert dialog.form.value(id) == value
        await comes_to_rest(on, ear)


async def test_a_mark_counts_before_a_choice_and_a_choice_before_a_guess(session: Session) -> None:
    async with opened(NewDialog(session)) as on:
        dialog = on.dialog

        async def becomes(words: str, kind: str) -> None:
            await on.go("words")
            dialog.form.field("words").put(words)
            await on.settle()
            assert dialog.form.value("kind") == kind

        await becomes("The invoice is wrong", "complaint")
        await becomes("The invoice is wrong kind:order", "order")
        await becomes("The invoice is wrong", "complaint")
        await on.go("kind")
        await on.press("f")
        await becomes("The invoice is really wrong", "feedback")
        await becomes("The invoice is really wrong kind:order", "order")
        await becomes("The invoice is really wrong", "feedback")


async def test_a_store_that_cannot_be_read_while_fields_follow_is_said_and_no_end(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(session)

    def busy(*_: object) -> object:
        raise StoreBusy("another program is writing")

    async with opened(PromiseDialog(session, ())) as on:
        monkeypatch.setattr(session, "read", busy)
        await on.go("customer")
        await on.type("Meyer AG")
        assert "another program is writing" in on.status
        assert on.dialog.form.value("customer") == "Meyer AG"


async def test_a_dialog_may_close_while_the_keys_leave_its_further_fields(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 0.2)  # it is painted later than closed
    async with opened(AnswerDialog(session, rows(session, asked(session)))) as on:
        await on.go("channel")
        on.dialog.set_focus(on.dialog.query_one("#text"))
        on.dialog.dismiss(None)
        await on.pilot.pause(0.5)
        assert on.shell.result is None
