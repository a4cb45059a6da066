"""Mail behind the open desk: what is fetched and sent by key, by the clock, and what is said."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes
from functools import partial
from pathlib import Path

import keyring
import pytest
from keyring.backends import null
from textual.widgets import Input

from poc_tui.errors import Refused
from poc_tui.rules.mail.message import MailAddress
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.dialogs.password import PasswordDialog
from poc_tui.store import drafts
from poc_tui.store.connection import connect, connection
from poc_tui.system.background_threads import BackgroundThreads
from poc_tui.system.process_lock import alone
from tests.helpers.desks import until
from tests.helpers.imports import modules_after
from tests.helpers.mail_desks import (
    MEYER,
    Post,
    bar,
    begun,
    idle,
    mailing,
    through,
    through_port,
    toasts,
    warnings,
)
from tests.helpers.mail_servers import Smtp, free_port, smtp_server
from tests.helpers.subjects import unproved

MINUTE = timedelta(minutes=1)
PASSWORD = "pass word"  # noqa: S105

Make = Callable[[str], Post]


@pytest.fixture
def post(tmp_path: Path, path: str, clock: FixedClock, deadlines: Deadlines) -> Make:
    """Makes a store whose desk has these settings of mail."""
    return partial(Post, tmp_path, path, clock, deadlines)


@pytest.fixture
def folder(post: Make) -> Post:
    """A desk that fetches from a Maildir when it is told to."""
    return post('maildir = ["mail"]')


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Smtp]:
    with smtp_server(tmp_path_factory.mktemp("smtp")) as running:
        yield running


@pytest.fixture
def no_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(null.Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


# Fetching


async def test_a_key_takes_in_what_has_come_and_says_what_it_was(folder: Post) -> None:
    folder.comes("Subject: Invoice 4711 is wrong")
    folder.comes("Subject: Glue today\nList-Id: <glue.example>")
    app = folder.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        assert toasts(app) == [], "nothing is fetched before somebody says so"
        await pilot.press("F")
        await until(pilot, lambda: bool(toasts(app)))
        (said,) = toasts(app)
        assert said.splitlines()[:2] == [
            "2 new mails, 1 aside",
            "#1 Meyer AG: new: Invoice 4711 is wrong",
        ]
        assert warnings(app) == []
        await until(pilot, lambda: "1 my turn" in bar(app))
        await idle(pilot, app)
        app.clear_notifications()
        await pilot.press("F")
        await until(pilot, lambda: toasts(app) == ["no new mail"])


async def test_of_many_mails_the_first_are_named_and_the_rest_is_counted(folder: Post) -> None:
    for number in range(8):
        folder.comes(f"Subject: Case {number}")
    app = folder.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        await pilot.press("F")
        await until(pilot, lambda: bool(toasts(app)))
        lines = toasts(app)[0].splitlines()
    assert lines[0] == "8 new mails"
    assert lines[6:] == ["and 3 more"]


async def test_what_happened_is_said_and_a_mail_that_came_back_is_told_once(folder: Post) -> None:
    folder.set(f'maildir = ["mail"]\n{through_port(free_port())}')
    first = folder.answered()
    row = folder.stands(first, "unsure", "the line broke")
    asked = folder.value(f"SELECT message_id FROM outbox WHERE id = {row.id}")
    folder.comes(
        "Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status;"
        ' boundary="b"',
        "--b\nContent-Type: text/plain\n\nIt came back.\n--b\nContent-Type: message/delivery-status"
        f"\n\nReporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; {MEYER.address}\nAction:"
        " failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID:"
        f" <{asked}>\n--b--",
    )
    app = folder.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        await pilot.press("F")
        await until(pilot, lambda: bool(toasts(app)))
        await idle(pilot, app)
        assert toasts(app) == ["1 new mail\n#1: a mail of ours did not arrive"]


async def test_hostile_words_of_a_mail_are_said_harmlessly(folder: Post) -> None:
    folder.comes("Subject: =?utf-8?B?G1szMW1bL3JlZF0gW0BjbGljaz1hcHAucXVpdF14?=")
    app = folder.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        await pilot.press("F")
        await until(pilot, lambda: bool(toasts(app)))
        assert "\x1b" not in toasts(app)[0]
        assert "[/red] [@click=app.quit]x" in toasts(app)[0]


async def test_without_a_source_the_key_says_how_to_set_one(post: Make) -> None:
    app = post("").open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        await pilot.press("F")
        await until(pilot, lambda: bool(warnings(app)))
        assert "[mail.imap]" in warnings(app)[0]


async def test_while_another_program_fetches_the_key_says_so(folder: Post) -> None:
    app = folder.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        with alone(folder.path, "fetching") as granted:
            assert granted
            await pilot.press("F")
            await until(pilot, lambda: bool(warnings(app)))
        assert "another poc takes in mail just now" in warnings(app)[0]


async def test_a_source_that_cannot_be_read_is_said_and_the_others_are_read(post: Make) -> None:
    desk = post('maildir = ["mail", "elsewhere"]')
    desk.comes("Subject: Key card")
    app = desk.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        await pilot.press("F")
        await until(pilot, lambda: len(toasts(app)) == 2)
        assert toasts(app)[0].startswith("1 new mail")
        (warning,) = warnings(app)
        assert "elsewhere is no Maildir" in warning
        await idle(pilot, app)
        app.clear_notifications()
        await pilot.press("F")
        await until(pilot, lambda: bool(toasts(app)))
        await idle(pilot, app)
        assert toasts(app) == [warning], "nobody knows whether there is new mail"


async def test_a_store_that_somebody_else_writes_to_is_said_and_fetched_into_later(
    folder: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("poc_tui.mail.intake.connection", partial(connection, busy_ms=10))
    folder.comes("Subject: Key card")
    app = folder.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        with closing(connect(folder.path)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            await pilot.press("F")
            await until(pilot, lambda: bool(warnings(app)))
            assert "another program is writing" in warnings(app)[0]
            writer.execute("ROLLBACK")
        await idle(pilot, app)
        await pilot.press("F")
        await until(pilot, lambda: any(said.startswith("1 new mail") for said in toasts(app)))


async def test_by_the_clock_mail_is_fetched_and_only_what_is_new_is_said(post: Make) -> None:
    desk = post('maildir = ["mail"]\nfetch_every = "5 min"')
    desk.comes("Subject: Key card")
    app = desk.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        await until(pilot, lambda: bool(toasts(app)))
        assert toasts(app)[0].startswith("1 new mail")
        await idle(pilot, app)
        app.clear_notifications()
        mailing(app).fetch_quietly()
        await idle(pilot, app)
        assert toasts(app) == []


async def test_what_goes_wrong_by_the_clock_is_said_once(post: Make) -> None:
    desk = post('maildir = ["elsewhere"]\nfetch_every = "5 min"')
    app = desk.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        await until(pilot, lambda: bool(toasts(app)))
        assert "is no Maildir" in toasts(app)[0]
        assert warnings(app) == [], "it is no alarm"
        await idle(pilot, app)
        app.clear_notifications()
        mailing(app).fetch_quietly()
        await idle(pilot, app)
        assert toasts(app) == []


async def test_what_came_while_a_dialog_was_open_is_said_when_it_closes(folder: Post) -> None:
    app = folder.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        await pilot.press("question_mark")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        folder.comes("Subject: Key card")
        mailing(app).fetch_quietly()
        await idle(pilot, app)
        assert toasts(app) == []
        await pilot.press("escape")
        await until(pilot, lambda: bool(toasts(app)))
        assert toasts(app)[0].startswith("1 new mail")


async def test_a_desk_that_closes_breaks_off_between_two_mails_and_the_next_goes_on(
    folder: Post,
) -> None:
    folder.comes("Subject: Key card")
    app = folder.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        work = app.session.mail
        work._closing = True
        with pytest.raises(Refused, match="closing"):
            await work.fetch(lambda words: "")
        assert folder.value("SELECT count(*) FROM mail") == 1, "what came is kept"
        assert folder.value("SELECT count(*) FROM request") == 0
        work._closing = False
        assert (await work.fetch(lambda words: "")).report.numbers == (1,)


async def test_a_demo_fetches_nothing_and_sends_nothing(post: Make, server: Smtp) -> None:
    desk = post(f'maildir = ["mail"]\nfetch_every = "1 min"\n{through(server)}')
    desk.comes("Subject: Key card")
    number = desk.answered()
    desk.clock.advance(MINUTE)
    app = desk.open(demo=True)
    async with app.run_test() as pilot:
        await begun(pilot, app)
        await pilot.press("F")
        await until(pilot, lambda: bool(warnings(app)))
        await idle(pilot, app)
    assert desk.outgoing(number).state == "queued"
    assert server.received == []
    assert desk.value("SELECT count(*) FROM mail WHERE source LIKE 'maildir%'") == 0


# Sending


async def test_an_answer_is_sent_when_its_time_to_be_taken_back_is_over(
    post: Make, server: Smtp
) -> None:
    desk = post(through(server))
    number = desk.answered()
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        found = await begun(pilot, app)
        assert not found._sending, "nothing is begun before its time"
        await until(pilot, lambda: "1 to send" in bar(app))
        desk.clock.advance(MINUTE)
        found.look()
        await until(pilot, lambda: desk.outgoing(number).state == "sent")
        await until(pilot, lambda: "to send" not in bar(app))
        await pilot.pause()
        assert toasts(app) == [], "that it works is nothing to speak of"
    (received,) = server.received
    assert received.recipients == (MEYER.address,)
    assert unproved(message_from_bytes(received.data)["Subject"]) == "Re: Invoice 4711 [#1]"


async def test_an_answer_given_at_the_desk_is_sent_by_it(post: Make, server: Smtp) -> None:
    desk = post(f'wait = ""\n{through(server)}')
    number = desk.a_mail()
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        await app.session.do(drafts.Answer("10 units, you are right."), [number])
        await until(pilot, lambda: len(server.received) == 1)
        await until(pilot, lambda: desk.outgoing(number).state == "sent")


async def test_when_an_answer_goes_out_is_said_with_it_and_cleared_from_over_a_dialog(
    post: Make,
) -> None:
    desk = post(f'wait = "5 min"\n{through_port(free_port())}')
    number = desk.a_mail()
    app = desk.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        done = await app.session.do(drafts.Answer("On Monday."), [number])
        app.screen_stack[0].actions.tell(done)  # type: ignore[attr-defined]
        await until(pilot, lambda: bool(toasts(app)))
        assert toasts(app)[0].endswith("\nmail goes out 09:17 (u takes it back)")
        await pilot.press("n")
        await until(pilot, lambda: len(app.screen_stack) == 2 and not toasts(app))


async def test_offline_is_normal(post: Make) -> None:
    desk = post(through_port(free_port()))
    number = desk.answered()
    desk.clock.advance(MINUTE)
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        found = await begun(pilot, app)
        await until(pilot, lambda: bool(desk.outgoing(number).why))
        await idle(pilot, app)
        row = desk.outgoing(number)
        assert row.state == "queued"
        assert row.next_try_at is not None
        assert row.next_try_at > desk.clock.now()
        found.look()
        await idle(pilot, app)
        assert desk.outgoing(number) == row, "it is not tried again before its time"
        assert "1 to send" in bar(app)
        assert toasts(app) == []


async def test_a_mail_that_is_refused_is_told_once_with_request_and_reason(
    post: Make, server: Smtp
) -> None:
    server.refuse[MEYER.address] = "550 5.1.1 no such user"
    desk = post(through(server))
    number = desk.answered()
    desk.clock.advance(MINUTE)
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        found = await begun(pilot, app)
        await until(pilot, lambda: bool(warnings(app)))
        (said,) = warnings(app)
        assert said.startswith(f"#{number}: the mail to {MEYER.address} could not be sent")
        assert "no such user" in said
        await until(pilot, lambda: "! 1 stuck" in bar(app))
        app.clear_notifications()
        await idle(pilot, app)
        found.look()
        await pilot.pause()
        assert toasts(app) == []


async def test_what_was_stuck_before_the_desk_was_opened_stands_in_the_bar_only(
    post: Make, server: Smtp
) -> None:
    desk = post(through(server))
    desk.stands(desk.answered(), "failed", "no such user")
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        await until(pilot, lambda: "! 1 stuck" in bar(app))
        await pilot.pause()
        assert toasts(app) == []


async def test_while_another_program_sends_the_desk_waits_and_then_looks_again(
    post: Make, server: Smtp
) -> None:
    desk = post(through(server))
    number = desk.answered()
    desk.clock.advance(MINUTE)
    app = desk.open()
    async with app.run_test() as pilot:
        with alone(desk.path, "sending") as granted:
            assert granted
            found = await begun(pilot, app)
            await idle(pilot, app)
            found.look()
            assert not found._sending, "it does not knock all the time"
        desk.clock.advance(MINUTE)
        found.look()
        await until(pilot, lambda: desk.outgoing(number).state == "sent")
        await idle(pilot, app)
        assert toasts(app) == []


async def test_a_mail_that_a_crash_left_on_its_way_is_not_sent_again_by_itself(
    post: Make, server: Smtp
) -> None:
    desk = post(through(server))
    number = desk.answered()
    desk.stands(number, "sending")
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        await until(pilot, lambda: desk.outgoing(number).state == "unsure")
        await until(pilot, lambda: bool(warnings(app)))
        assert f"#{number}: the mail to {MEYER.address} may have been sent" in warnings(app)[0]
    assert server.received == []


async def test_two_desks_over_one_store_send_a_mail_once(post: Make, server: Smtp) -> None:
    desk = post(through(server))
    numbers = [desk.answered(to=MailAddress("", f"{name}@ott.example")) for name in "abc"]
    one, other = desk.open(), desk.open()
    async with one.run_test() as first, other.run_test() as second:
        ours, theirs = await begun(first, one), await begun(second, other)
        desk.clock.advance(MINUTE)
        ours.look()
        theirs.look()
        await until(first, lambda: all(desk.outgoing(n).state == "sent" for n in numbers))
        await idle(first, one)
        await idle(second, other)
    assert sorted(mail.recipients[0] for mail in server.received) == [
        f"{name}@ott.example" for name in "abc"
    ]


@pytest.mark.usefixtures("no_keyring")
async def test_a_password_is_asked_for_only_when_somebody_is_there_and_then_kept_in_mind(
    post: Make, tmp_path: Path
) -> None:
    with smtp_server(tmp_path, user="desk", password=PASSWORD) as server:
        desk = post(through(server, "desk"))
        number = desk.answered()
        desk.clock.advance(MINUTE)
        app = desk.open()
        async with app.run_test(size=(120, 36)) as pilot:
            await begun(pilot, app)
            await until(pilot, lambda: bool(toasts(app)))
            assert toasts(app) == [
                "Mail waits to be sent: O shows it, r there sends it and asks for the password."
            ]
            assert len(app.screen_stack) == 1
            await idle(pilot, app)
            await pilot.press("O", "r")
            await until(pilot, lambda: isinstance(app.screen, PasswordDialog))
            await pilot.pause()
            await pilot.press(*"wrong", "enter")
            await until(pilot, lambda: bool(warnings(app)))
            assert "does not let desk in" in warnings(app)[0]
            assert "wrong" not in warnings(app)[0]
            await idle(pilot, app)
            await pilot.press("r")
            await until(pilot, lambda: isinstance(app.screen, PasswordDialog))
            app.screen.query_one(Input).value = PASSWORD
            await pilot.press("enter")
            await until(pilot, lambda: desk.outgoing(number).state == "sent")
            await idle(pilot, app)
            second = desk.answered()
            desk.clock.advance(MINUTE)
            mailing(app).look()
            await until(pilot, lambda: desk.outgoing(second).state == "sent")
    assert PASSWORD not in (tmp_path / "config.toml").read_text()
    assert PASSWORD.encode() not in Path(desk.path).read_bytes()


@pytest.mark.usefixtures("no_keyring")
async def test_where_somebody_must_sign_in_it_is_said_what_to_type(post: Make) -> None:
    desk = post(
        '[mail.imap]\nhost = "outlook.office365.com"\nuser = "desk@poc.example"\nauth = "oauth2"\n'
        '[mail.imap.oauth]\nprovider = "microsoft"\nclient_id = "poc"\n'
    )
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        await pilot.press("F")
        await until(pilot, lambda: bool(toasts(app)))
        assert len(app.screen_stack) == 1
        (said,) = [line for toast in toasts(app) for line in toast.splitlines() if "sign" in line]
        assert said == (
            "Nobody has signed in as desk@poc.example at login.microsoftonline.com on this"
            " computer. `poc mail login imap` does."
        )


async def test_a_desk_that_is_closed_lets_a_mail_that_is_on_its_way_arrive(
    post: Make, server: Smtp
) -> None:
    desk = post(f'wait = ""\n{through(server)}')
    number = desk.answered()
    app = desk.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        mailing(app).look()
    app.session.mail.close()
    assert desk.outgoing(number).state in ("sent", "queued")
    assert len(server.received) == (desk.outgoing(number).state == "sent")


async def test_what_is_under_way_is_waited_for_but_not_for_ever() -> None:
    threads, gate = BackgroundThreads("test"), threading.Event()
    work = asyncio.create_task(threads.run(gate.wait))
    await asyncio.sleep(0)
    threads.wait(0.01)
    assert not work.done()
    gate.set()
    threads.wait(10)
    assert await work is True


# Handing over


async def test_where_mail_is_not_sent_from_here_it_is_on_the_clipboard_at_once(
    post: Make,
) -> None:
    desk = post('send = "clipboard"')
    number = desk.a_mail()
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        await pilot.press("a")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await pilot.press(*"yes", "enter")
        await until(pilot, lambda: any("on the clipboard" in said for said in toasts(app)))
        (said,) = (said for said in toasts(app) if "on the clipboard" in said)
        assert said.splitlines()[0].startswith(f"answer #{number}")
        copied = unproved(app.clipboard)
        assert copied.startswith(f"To: {MEYER.address}\nSubject: Re: Invoice 4711 [#1]\n")
        assert desk.outgoing(number).state == "handed"


async def test_several_mails_are_on_the_clipboard_together(post: Make) -> None:
    desk = post('send = "clipboard"')
    first = desk.a_mail()
    second = desk.a_mail(sender=MailAddress("", "b@ott.example"))
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        screen = app.screen_stack[0]
        done = await app.session.do(drafts.Answer("On Monday."), [first, second])
        screen.actions.tell(done)  # type: ignore[attr-defined]
        await until(pilot, lambda: desk.outgoing(second).state == "handed")
        assert app.clipboard.count("To: ") == 2
        assert [desk.outgoing(number).state for number in (first, second)] == ["handed"] * 2


async def test_a_mail_becomes_a_file_where_that_is_set(post: Make) -> None:
    desk = post('send = "eml"\neml_folder = "out"')
    number = desk.a_mail()
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        screen = app.screen_stack[0]
        screen.actions.tell(  # type: ignore[attr-defined]
            await app.session.do(drafts.Answer("On Monday."), [number])
        )
        await until(pilot, lambda: desk.outgoing(number).state == "handed")
    (file,) = (desk.folder / "out").iterdir()
    assert message_from_bytes(file.read_bytes())["To"] == MEYER.address


async def test_a_mail_that_cannot_be_handed_over_waits_and_the_desk_says_why(post: Make) -> None:
    desk = post('send = "eml"\neml_folder = "out"')
    (desk.folder / "out").write_text("a file where the folder is to be")
    number = desk.a_mail()
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        screen = app.screen_stack[0]
        screen.actions.tell(  # type: ignore[attr-defined]
            await app.session.do(drafts.Answer("On Monday."), [number])
        )
        await until(pilot, lambda: bool(warnings(app)))
        assert "cannot be written" in warnings(app)[0]
        assert desk.outgoing(number).state == "queued"


async def test_what_somebody_elses_verb_queued_is_not_handed_over_by_this_desk(post: Make) -> None:
    desk = post('send = "clipboard"')
    theirs, ours = desk.answered(), desk.a_mail(sender=MailAddress("", "b@ott.example"))
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        screen = app.screen_stack[0]
        screen.actions.tell(  # type: ignore[attr-defined]
            await app.session.do(drafts.Answer("On Monday."), [ours])
        )
        await until(pilot, lambda: desk.outgoing(ours).state == "handed")
    assert desk.outgoing(theirs).state == "queued"


# What is imported when


@pytest.mark.parametrize(
    "module",
    [
        "screens.desk",
        "screens.services.mail_scheduler",
        "screens.mail",
        "screens.mail_hand_off",
        "mail.service",
    ],
)
def test_no_screen_waits_for_the_code_of_mail(module: str) -> None:
    loaded = modules_after(f"import poc_tui.{module}")
    mail = {name for name in loaded if name.startswith("poc_tui.mail.")}
    assert mail <= {f"poc_tui.{module}"}
    assert not loaded & {"smtplib", "imaplib", "keyring", "imap_tools", "sqlmodel"}


def test_the_desk_reads_of_mail_only_after_its_first_paint() -> None:
    loaded = modules_after("import poc_tui.app")
    late = {
        "poc_tui.store.queries.mail",
        "poc_tui.screens.mail",
        "poc_tui.mail.service",
    }
    assert not loaded & late


@pytest.fixture(autouse=True)
def no_mail_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test opens the mail program of the person who runs it."""
    monkeypatch.setattr(shutil, "which", lambda name: None)
