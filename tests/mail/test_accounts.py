"""Several accounts: what comes to one is answered by it, and one that is down holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from poc_tui.mail import outbox as mail_outbox
from poc_tui.mail.message.parse import parse
from poc_tui.mail.outbox import SendReport
from poc_tui.mail.service import MailService
from poc_tui.mail.transport.passwords import Password
from poc_tui.rules.mail.message import MailPolicy
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import Account, MailSettings, Server
from poc_tui.store import drafts, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from tests.helpers import keyrings
from tests.helpers.keyrings import Memory
from tests.helpers.loopback import free_port
from tests.helpers.mail_servers import Smtp, smtp_server

DESK, SALES = "desk@poc.example", "sales@poc.example"


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Smtp, Smtp]]:
    """The server of the desk, and that of the sales account."""
    folders = (tmp_path / "desk", tmp_path / "sales")
    for folder in folders:
        folder.mkdir()
    with smtp_server(folders[0]) as first, smtp_server(folders[1]) as second:
        yield first, second


@pytest.fixture
def mail(servers: tuple[Smtp, Smtp]) -> MailSettings:
    first, second = (server.settings() for server in servers)
    sales = Server("imap", "imap.poc.example", user="sales", key="sales")
    return MailSettings((
        Account(address=DESK, name="The desk", signature="Desk", send="smtp", smtp=first),
        Account(
            "sales", SALES, "Sales", signature="Your sales", send="smtp", imap=sales,
            smtp=second._replace(key="sales"),
        ),
    ))  # fmt: skip


@pytest.fixture
def mail_policy(mail: MailSettings) -> MailPolicy:
    return mail.policy


@pytest.fixture
def answered(path: str, clock: FixedClock, desk: Desk) -> Callable[..., int]:
    """A customer writes to that address, as it is fetched from that source, and is answered."""

    def comes(to: str, source: str = "maildir:/mail") -> int:
        raw = f"From: Anna <anna@x.example>\r\nTo: {to}\r\nSubject: {to}\r\n\r\nWhere is it?\r\n"
        with closing(connect(path)) as connection:
            (id,) = raw_mail.keep(connection, [raw.encode()], source, clock.now()).new
            raw_mail.keep_read(connection, [(id, parse(raw.encode()))])
        (number,) = desk.do(drafts.FileMails((id,))).numbers
        desk.do(drafts.Answer("It is on its way."), [number])
        return number

    return comes


@pytest.fixture
def send(path: str, clock: FixedClock, mail: MailSettings, desk: Desk) -> Callable[..., SendReport]:
    def now(settings: MailSettings = mail) -> SendReport:
        return mail_outbox.send(
            path, clock, settings, lambda server: Password(""), lambda: desk, at_once=True
        )

    return now


@pytest.mark.parametrize(
    ("to", "source", "by_sales"),
    [
        (DESK, "maildir:/mail", False),
        (SALES, "maildir:/mail", True),
        ("everybody@poc.example", "imap:sales@imap.poc.example/INBOX", True),
        ("everybody@poc.example", "maildir:/mail", False),
    ],
)
def test_an_answer_goes_out_by_the_account_that_the_mail_came_to(
    to: str,
    source: str,
    by_sales: bool,
    answered: Callable[..., int],
    send: Callable[..., SendReport],
    servers: tuple[Smtp, Smtp],
) -> None:
    answered(to, source)
    assert send().sent == 1
    (got,) = servers[by_sales].received
    assert not servers[not by_sales].received
    who = b"Sales" if by_sales else b"The desk"
    assert b'From: "%b"' % who in got.data
    assert (b"-- \r\nYour sales" if by_sales else b"-- \r\nDesk") in got.data


def test_a_request_goes_on_by_the_account_that_wrote_on_it_last(
    path: str,
    desk: Desk,
    answered: Callable[..., int],
    send: Callable[..., SendReport],
    servers: tuple[Smtp, Smtp],
) -> None:
    desk.do(drafts.EditDepartment(1, contact="workshop@poc.example"))
    number = answered(SALES)
    desk.do(drafts.ForwardDraft(1, "Where is it?"), [number])
    assert send().sent == 2
    assert not servers[0].received
    assert len(servers[1].received) == 2


def test_a_server_that_is_down_holds_up_no_other(
    mail: MailSettings,
    answered: Callable[..., int],
    send: Callable[..., SendReport],
    servers: tuple[Smtp, Smtp],
) -> None:
    answered(DESK)
    answered(SALES)
    first, sales = mail.accounts
    down = first._replace(smtp=first.smtp._replace(port=free_port()))
    report = send(MailSettings((down, sales)))
    assert (report.sent, report.waiting) == (1, 1)
    assert len(servers[1].received) == 1
    assert send().sent == 1
    assert len(servers[0].received) == 1


async def test_a_password_that_is_typed_for_one_account_goes_to_no_other(
    path: str, clock: FixedClock, tmp_path: Path
) -> None:
    passwords = {"desk": "of the desk", "sales": "of sales"}
    asked: list[str] = []

    def ask(words: str) -> str:
        asked.append(words)
        return next(password for user, password in passwords.items() if f" {user} " in words)

    def no_desk() -> Desk:
        raise AssertionError("nothing is written")

    servers = [
        smtp_server(tmp_path, user=user, password=password) for user, password in passwords.items()
    ]
    with keyrings.used(Memory()), servers[0] as first, servers[1] as second:
        mail = MailSettings(
            (
                Account(address=DESK, send="smtp", smtp=first.settings()),
                Account("sales", SALES, send="smtp", smtp=second.settings(key="sales")),
            )
        )
        service = MailService(path, clock, mail, {}, no_desk)
        for _ in range(2):
            findings = await service.check(ask)
            assert [(each.account, each.ok) for each in findings] == [("", True), ("sales", True)]
    assert len(asked) == 2


async def test_a_password_that_lets_nobody_in_is_asked_for_again_and_no_other(
    path: str, clock: FixedClock, tmp_path: Path
) -> None:
    asked: list[str] = []

    def ask(words: str) -> str:
        asked.append("sales" if " sales " in words else "desk")
        return "right" if asked[-1] == "desk" or asked.count("sales") > 1 else "wrong"

    def no_desk() -> Desk:
        raise AssertionError("nothing is written")

    with (
        keyrings.used(Memory()),
        smtp_server(tmp_path, user="desk", password="right") as first,  # noqa: S106
        smtp_server(tmp_path, user="sales", password="right") as second,  # noqa: S106
    ):
        mail = MailSettings(
            (
                Account(address=DESK, send="smtp", smtp=first.settings()),
                Account("sales", SALES, send="smtp", smtp=second.settings(key="sales")),
            )
        )
        service = MailService(path, clock, mail, {}, no_desk)
        worked = [[finding.ok for finding in await service.check(ask)] for _ in range(3)]
    assert worked == [[True, False], [True, True], [True, True]]
    assert asked == ["desk", "sales", "sales"]
