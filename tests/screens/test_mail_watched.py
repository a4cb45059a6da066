"""The open desk is told of new mail by its servers, and copies what it sent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from poc_tui.app import PocApp
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.services import mail_scheduler
from poc_tui.store import drafts
from poc_tui.system.process_lock import alone
from tests.helpers.desks import until
from tests.helpers.made_up_mail import a_mail
from tests.helpers.mail_desks import Post, begun, idle, mailing, toasts, warnings
from tests.helpers.mail_servers import (
    PASSWORD,
    Dovecot,
    Smtp,
    dovecot,
    smtp_server,
)

Make = Callable[..., Post]


@pytest.fixture
def imap(tmp_path: Path) -> Iterator[Dovecot]:
    with dovecot(tmp_path, sent="Ausgang") as running:
        yield running


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[Smtp]:
    with smtp_server(tmp_path) as running:
        yield running


@pytest.fixture
def post(
    tmp_path: Path, path: str, clock: FixedClock, deadlines: Deadlines, imap: Dovecot, smtp: Smtp
) -> Make:
    """Makes a store whose desk reads from one server and sends by the other."""
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD, encoding="utf-8")

    def make(settings: str = "", of_imap: str = "") -> Post:
        mail = (
            f'send = "smtp"\n{settings}\n'
            f'[mail.imap]\nhost = "localhost"\nport = {imap.port}\nsecurity = "none"\n'
            f'user = "{imap.user}"\npassword_command = "cat {secret}"\n{of_imap}\n'
            f'[mail.smtp]\nhost = "localhost"\nport = {smtp.port}\nsecurity = "none"\n'
        )
        return Post(tmp_path, path, clock, deadlines, mail)

    return make


def comes(desk: Post, imap: Dovecot, name: str, folder: str = "INBOX") -> None:
    mail = a_mail(name, f"info@{name}.example", f"Frage {name}", "?", desk.clock.now())
    imap.deliver(mail.as_bytes(), folder=folder)


def is_told(app: PocApp) -> bool:
    """Whether the server is being waited for."""
    kept = app.session.mail._connections._of.values()
    return any(each._wake is not None for each in kept)


async def test_what_comes_is_on_the_desk_at_once_and_by_one_connection(
    post: Make, imap: Dovecot
) -> None:
    desk = post("")
    comes(desk, imap, "a")
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        await until(pilot, lambda: any("1 new mail" in said for said in toasts(app)))
        await until(pilot, lambda: is_told(app))
        app.clear_notifications()
        comes(desk, imap, "b")
        began = time.monotonic()
        await until(pilot, lambda: any("1 new mail" in said for said in toasts(app)))
        # dovecot itself takes half a second to tell
        assert time.monotonic() - began < 2
        assert desk.value("SELECT count(*) FROM request") == 2
        assert imap.log().count("Login: user=<") == 1
        assert warnings(app) == []


async def test_where_it_is_not_to_be_told_it_asks_nobody(post: Make, imap: Dovecot) -> None:
    desk = post("watch = false")
    comes(desk, imap, "a")
    app = desk.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        await pilot.press("F")
        await until(pilot, lambda: any("1 new mail" in said for said in toasts(app)))
        await idle(pilot, app)
        assert imap.log().count("Login: user=<") == 1
        await until(pilot, lambda: "Logged out" in imap.log())


async def test_what_is_sent_is_copied_and_what_it_answers_is_flagged(
    post: Make, imap: Dovecot, smtp: Smtp
) -> None:
    desk = post("wait = ''", of_imap='after = "seen"')
    comes(desk, imap, "a")
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        await until(pilot, lambda: desk.value("SELECT count(*) FROM request") == 1)
        await idle(pilot, app)
        await app.session.do(drafts.Answer("ten"), [1])
        mailing(app).look()
        await until(
            pilot,
            lambda: (
                desk.value("SELECT count(*) FROM outbox WHERE copy_due OR state <> 'sent'") == 0
            ),
        )
        assert imap.lying("Ausgang") == [mail.data for mail in smtp.received]
        assert imap.flags() == [(r"\Answered", r"\Seen")]
        assert warnings(app) == []


async def test_the_desk_is_left_at_once_while_a_server_is_waited_for(
    post: Make, imap: Dovecot
) -> None:
    desk = post("")
    app = desk.open()
    async with app.run_test() as pilot:
        await begun(pilot, app)
        await until(pilot, lambda: is_told(app))
        began = time.monotonic()
    assert time.monotonic() - began < 1.5


async def test_an_account_that_is_set_while_the_desk_is_open_is_watched_from_its_first_fetch_on(
    post: Make, imap: Dovecot
) -> None:
    desk = post("watch = false")
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        settings = app.session.settings
        app.session.follow_levels(settings._replace(mail=settings.mail._replace(watch=True)))
        await pilot.press("F")
        await until(pilot, lambda: "no new mail" in toasts(app))
        comes(desk, imap, "a")
        await until(pilot, lambda: any("1 new mail" in said for said in toasts(app)))


async def test_mail_that_another_desk_takes_in_just_now_is_looked_for_again(
    post: Make, imap: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_scheduler, "ELSEWHERE_SECONDS", 0.1)
    desk = post("")
    app = desk.open()
    async with app.run_test(size=(120, 36)) as pilot:
        await begun(pilot, app)
        await until(pilot, lambda: is_told(app))
        with alone(desk.path, "fetching"):
            comes(desk, imap, "a")
            await until(pilot, lambda: mailing(app)._fetching)
            await idle(pilot, app)
        await until(pilot, lambda: any("1 new mail" in said for said in toasts(app)))
        assert toasts(app) == [said for said in toasts(app) if "1 new mail" in said]
