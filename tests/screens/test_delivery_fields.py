"""What the dialogs ask of a mail: who gets it, what goes with it, and when it goes out."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.models.values import Channel
from poc_tui.rules.mail.message import Mail, MailAddress
from poc_tui.screens.dialogs.answer import AnswerDialog
from poc_tui.screens.dialogs.ending import ResolveDialog
from poc_tui.screens.dialogs.forward import ForwardDialog
from poc_tui.screens.session import Session
from poc_tui.settings.load import Settings
from poc_tui.settings.mail import MailSettings
from poc_tui.store import drafts, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.queries.request_mail import outgoing_of_request
from poc_tui.store.records import OutgoingRow
from poc_tui.widgets.choice import Choice
from tests.helpers.desks import queue_of, until
from tests.helpers.dialogs import department, desk_of, opened, rows
from tests.helpers.mail_desks import drawn
from tests.helpers.mail_setup import one_account
from tests.helpers.terminal import POC, Terminal, environ_of

DESK = MailAddress("", "desk@poc.example")
MEYER = MailAddress("Meyer AG", "info@meyer.example")
PAUL = MailAddress("Paul", "paul@meyer.example")
ANNA = MailAddress("", "anna@elsewhere.example")


@pytest.fixture
def mail_settings() -> MailSettings:
    return one_account(address=DESK.address, send="smtp")


@pytest.fixture
def settings(settings: Settings, mail_settings: MailSettings) -> Settings:
    return settings._replace(mail=mail_settings)


@pytest.fixture
def a_mail(session: Session) -> Callable[..., int]:
    """The customer writes; gives the number of the request."""
    names = count(1)

    def come(**fields: Any) -> int:
        number = next(names)
        made: dict[str, Any] = {"message_id": f"{number}@meyer.example", "sender": MEYER}
        made |= {"subject": "Invoice 4711", "text": "It shows 12 units."} | fields
        with connect(session.path) as connection:
            kept = raw_mail.keep(
                connection, [f"Subject: {number}\n".encode()], "test", session.clock.now()
            )
            raw_mail.keep_read(connection, [(kept.new[0], Mail(**made))])
        connection.close()
        return desk_of(session).do(drafts.FileMails(kept.new)).numbers[0]

    return come


def sent(session: Session, number: int) -> OutgoingRow:
    (row,) = outgoing_of_request(session.reader, number)
    return row


async def test_an_answer_goes_to_all_unless_one_key_says_otherwise(
    session: Session, a_mail: Callable[..., int]
) -> None:
    for keys, copies in (((), (PAUL.address,)), (("ctrl+o",), ()), (("ctrl+o",) * 2, (PAUL[1],))):
        number = a_mail(recipients=(DESK, PAUL), cc=(PAUL,))
        async with opened(AnswerDialog(session, rows(session, number))) as on:
            await on.type("It is corrected")
            await on.press(*keys, "enter")
            await on.done()
        assert sent(session, number).copies == copies


async def test_where_a_department_is_among_them_nobody_gets_a_copy_until_the_key_says_so(
    session: Session, a_mail: Callable[..., int]
) -> None:
    desk_of(session).do(drafts.EditDepartment(department(session, "Technical").id, contact=ANNA[1]))
    number = a_mail(recipients=(DESK, ANNA))
    async with opened(AnswerDialog(session, rows(session, number)), (100, 40)) as on:
        await on.type("It is corrected")
        assert "Technical is among them" in on.drawn
        assert on.dialog.draft().delivery.copies == ()
        await on.press("ctrl+o")
        assert on.dialog.draft().delivery.copies == (ANNA.address,)


async def test_the_address_can_be_another_one_with_what_is_known_offered(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail(recipients=(DESK, PAUL))
    async with opened(AnswerDialog(session, rows(session, number)), (100, 40)) as on:
        await on.type("It is corrected")
        await on.go("to")
        assert "they wrote from here; ↓ paul@meyer.example" in on.drawn
        await on.press("down")
        assert "by mail to paul@meyer.example" in str(on.dialog.query_one("#by-mail").render())
        assert "(not an address of the customer)" in on.drawn
        on.dialog.form.field("to").value = ""
        await on.type("pa")
        await on.press("right", "enter")
        await on.done()
    row = sent(session, number)
    assert (row.recipient, row.copies) == (PAUL.address, ())


async def test_a_form_that_brought_the_mail_is_not_offered(
    session: Session, a_mail: Callable[..., int]
) -> None:
    form = MailAddress("Shop form", "wordpress@shop.example")
    number = a_mail(sender=form, reply_to=ANNA, recipients=(DESK, PAUL))
    async with opened(AnswerDialog(session, rows(session, number)), (100, 40)) as on:
        await on.go("to")
        assert f"↓ {PAUL.address}" in on.drawn
        assert "wordpress" not in on.drawn


async def test_words_that_are_no_address_are_said_to_be_none(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail()
    async with opened(AnswerDialog(session, rows(session, number)), (100, 40)) as on:
        await on.type("It is corrected")
        on.dialog.form.field("copies").value = "Paul, paul@meyer.example"
        await on.press("enter")
        assert "“Paul” is no mail address" in on.status
        assert on.shell.result == "open"


async def test_who_asks_for_answers_elsewhere_is_answered_there_and_both_are_shown(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail(reply_to=ANNA)
    async with opened(AnswerDialog(session, rows(session, number)), (100, 40)) as on:
        await on.go("to")
        assert "they ask for answers here; ↓ info@meyer.example" in on.drawn
        assert "(not to info@meyer.example, who wrote)" in on.drawn


async def test_files_are_completed_measured_and_kept_with_the_answer(
    session: Session, a_mail: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan one.pdf").write_bytes(b"12345")
    (tmp_path / "empty").touch()
    number = a_mail()
    async with opened(AnswerDialog(session, rows(session, number)), (100, 40)) as on:
        await on.type("See there")
        await on.go("files")
        await on.press("p", "l")
        await on.press("right")
        assert "1 file, 5 B" in on.drawn
        await on.type(", em")
        await on.press("right")
        assert "“empty” is empty" in on.drawn
        await on.press("enter")
        assert "“empty” is empty" in on.status
        on.dialog.form.field("files").value = "plan one.pdf"
        await on.press("enter")
        await on.done()
    assert sent(session, number).files == ("plan one.pdf",)


async def test_files_without_a_mail_are_asked_about(
    session: Session, a_mail: Callable[..., int], tmp_path: Path
) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"12345")
    technical = department(session, "Technical")
    number = a_mail()
    for dialog in (AnswerDialog, ForwardDialog):
        async with opened(dialog(session, rows(session, number)), (100, 40)) as on:
            main = "text" if dialog is AnswerDialog else "question"
            on.dialog.form.field(main).value = "See there"
            if dialog is ForwardDialog:
                on.dialog.form.field("department").value = str(technical.id)
            on.dialog.form.field("files").value = str(tmp_path / "plan.pdf")
            on.dialog.form.field("by-mail").value = "otherwise"
            await on.press("enter")
            assert "files are for a mail" in on.status


async def test_a_department_is_sent_files_too(
    session: Session, a_mail: Callable[..., int], tmp_path: Path
) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"12345")
    technical = department(session, "Technical").id
    desk_of(session).do(drafts.EditDepartment(technical, contact=ANNA.address))
    number = a_mail()
    async with opened(ForwardDialog(session, rows(session, number)), (100, 40)) as on:
        on.dialog.form.field("department").value = str(technical)
        on.dialog.form.field("files").value = str(tmp_path / "plan.pdf")
        await on.settle()
        await on.press("enter")
        await on.done()
    assert sent(session, number).files == ("plan.pdf",)


async def test_an_answer_goes_out_later_and_a_follow_up_only_if_they_do_not_write(
    session: Session, a_mail: Callable[..., int]
) -> None:
    for before, unless in (([], False), ([drafts.Answer("It was 10.", mail=False)], True)):
        number = a_mail()
        for draft in before:
            desk_of(session).do(draft, [number])
        async with opened(AnswerDialog(session, rows(session, number)), (100, 40)) as on:
            await on.type("Did it arrive?")
            assert on.dialog.query_one("#unless-row").has_class("-unused")
            on.dialog.form.field("send-at").value = "+2h"
            await on.settle()
            assert not on.dialog.query_one("#unless-row").has_class("-unused")
            await on.press("enter")
            await on.done()
        row = sent(session, number)
        assert row.send_at == session.clock.now() + timedelta(hours=2)
        assert row.unless_answered == unless


async def test_of_several_each_goes_where_it_goes(
    session: Session, a_mail: Callable[..., int], tmp_path: Path
) -> None:
    (tmp_path / "plan.pdf").write_bytes(b"12345")
    numbers = [a_mail(recipients=(DESK, PAUL)), a_mail(sender=PAUL, recipients=(DESK,))]
    async with opened(AnswerDialog(session, rows(session, *numbers)), (100, 40)) as on:
        assert not on.dialog.query("#to")
        await on.type("We are closed")
        on.dialog.form.field("files").value = str(tmp_path / "plan.pdf")
        await on.press("enter")
        await on.done()
    first, second = (sent(session, number) for number in numbers)
    assert (first.recipient, first.copies) == (MEYER.address, (PAUL.address,))
    assert (second.recipient, second.copies) == (PAUL.address, ())
    assert first.files == second.files == ("plan.pdf",)


async def test_a_last_answer_says_how_many_more_get_it(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail(recipients=(DESK, PAUL))
    async with opened(ResolveDialog(session, rows(session, number)), (100, 40)) as on:
        await on.type("It is corrected")
        said = str(on.dialog.query_one("#by-mail", Choice).render())
        assert "by mail to info@meyer.example and 1 more" in said
        await on.press("enter")
        await on.done()
    assert sent(session, number).copies == (PAUL.address,)


async def test_nothing_is_asked_of_a_mail_while_it_is_told_otherwise(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail()
    async with opened(AnswerDialog(session, rows(session, number)), (100, 40)) as on:
        await on.type("It is corrected")
        on.dialog.form.field("channel").value = Channel.PHONE
        await on.settle()
        for row in ("to", "copies", "files", "send", "unless"):
            assert on.dialog.query_one(f"#{row}-row").has_class("-unused")
        assert on.dialog.draft().delivery is None


@pytest.mark.parametrize("mail_settings", [one_account(address=DESK.address, send="eml")])
async def test_what_is_handed_over_is_not_offered_for_later(
    session: Session, a_mail: Callable[..., int]
) -> None:
    number = a_mail()
    async with opened(AnswerDialog(session, rows(session, number)), (100, 40)) as on:
        assert on.dialog.query("#files")
        assert not on.dialog.query("#send-at")


# At the foot of the conversation, where they come when somebody goes there


@asynccontextmanager
async def answering(session: Session) -> AsyncIterator[tuple[PocApp, Pilot[None]]]:
    """The desk, with the dialog of an answer to what is highlighted."""
    app = PocApp(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: queue_of(app).highlighted_row is not None)
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, AnswerDialog))
        yield app, pilot


@pytest.mark.parametrize(
    ("keys", "copies"), [((), (PAUL[1],)), (("ctrl+o",), ()), (("ctrl+o",) * 2, (PAUL[1],))]
)
async def test_who_gets_a_copy_is_said_before_the_fields_are_there(
    session: Session, a_mail: Callable[..., int], keys: tuple[str, ...], copies: tuple[str, ...]
) -> None:
    number = a_mail(recipients=(DESK, PAUL))
    async with answering(session) as (app, pilot):
        assert not app.screen.query("#copies")
        assert "copies paul@" in drawn(app)
        await pilot.press(*"Yes", *keys)
        if keys:
            await until(pilot, lambda: bool(app.screen.query("#copies")))
        said = "copies paul@" in drawn(app)
        assert said == bool(copies)
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, AnswerDialog))
        assert sent(session, number).copies == copies


async def test_tab_leads_through_them_at_once(session: Session, a_mail: Callable[..., int]) -> None:
    number = a_mail(recipients=(DESK, PAUL))
    async with answering(session) as (app, pilot):
        await pilot.press(*"Yes", "tab", "tab", "tab", *"x@y.example")
        await until(pilot, lambda: "by mail to x@y.example" in drawn(app))
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, AnswerDialog))
        row = sent(session, number)
    assert (row.recipient, row.copies) == ("x@y.example", (PAUL.address,))


async def test_what_was_half_written_in_them_is_back(
    session: Session, a_mail: Callable[..., int]
) -> None:
    a_mail(recipients=(DESK, PAUL))
    async with answering(session) as (app, pilot):
        await pilot.press(*"Yes", "tab", "tab", "tab", *"x@y.example", "escape", "k")
        await until(pilot, lambda: not isinstance(app.screen, AnswerDialog))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, AnswerDialog))
        assert "by mail to x@y.example" in drawn(app)


MAIL = b"From: K <k@huber.example>\nTo: desk@poc.example\nCc: Paul <paul@huber.example>\n\nLeck.\n"


@pytest.mark.parametrize(
    ("burst", "recipient", "copies"),
    [
        ("aYes\t\t\tx@y.example\r", "x@y.example", '["paul@huber.example"]'),
        ("aYes\x0f\r", "k@huber.example", "[]"),
        ("a\x0fYes\x0f\r", "k@huber.example", '["paul@huber.example"]'),
    ],
)
def test_typed_in_one_burst_on_a_terminal_every_key_meets_its_field(
    tmp_path: Path, burst: str, recipient: str, copies: str
) -> None:
    (tmp_path / "config.toml").write_text(
        '[mail]\naddress = "desk@poc.example"\nsend = "smtp"\nwait = "1 h"\n'
        '[mail.smtp]\nhost = "localhost"\nsecurity = "none"\n'
    )
    environ = environ_of(tmp_path, POC_CONFIG=str(tmp_path / "config.toml"))
    subprocess.run([*POC, "add", "--mail", "-"], env=environ, input=MAIL, check=True)

    def queued() -> list[tuple[str, str, str]]:
        with closing(connect(environ["POC_DB"])) as store:
            return store.execute("SELECT recipient, copies, text FROM outbox").fetchall()

    with Terminal(POC, environ, (120, 36)) as desk:
        desk.wait("also to: Paul")
        desk.press(burst)
        desk.until(lambda: bool(queued()), "the answer is stored")
    ((to, others, text),) = queued()
    assert (to, others) == (recipient, copies)
    assert text.startswith("Yes\n")
