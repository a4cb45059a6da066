"""Sending over a real server on loopback: nothing lost, nothing twice, whatever breaks off when."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from poc_tui.errors import MailFailed, StoreBusy
from poc_tui.mail import outbox as mail_outbox
from poc_tui.mail.message.parse import parse
from poc_tui.mail.outbox import SendReport
from poc_tui.mail.transport.passwords import Password
from poc_tui.mail.transport.smtp import (
    DeliveryInDoubt,
    PutOff,
    Rejected,
    SmtpConnection,
    Unreachable,
)
from poc_tui.mail.worker import pipes, reader as mail_reader
from poc_tui.mail.worker.wire import WorkerMessage
from poc_tui.models.values import AddressKind
from poc_tui.rules.mail.message import MailPolicy
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import MailSettings, Security, Server
from poc_tui.store import drafts, outbox, raw_mail as kept
from poc_tui.store.connection import connect
from poc_tui.store.delivery import Delivery
from poc_tui.store.desk import Desk
from poc_tui.store.queries.mail import outbox as outbox_rows
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import OutgoingRow
from poc_tui.system.process_lock import alone
from tests.helpers.loopback import DEADLINE, free_port
from tests.helpers.mail_servers import Smtp, smtp_server
from tests.helpers.mail_setup import changed, one_account

ADDRESS = "desk@poc.example"
TO = "einkauf@meyer.example"
ALL = ("queued", "sending", "sent", "failed", "unsure", "handed")
PASSWORD = "not a word of it"  # noqa: S105


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Smtp]:
    with smtp_server(tmp_path) as running:
        yield running


@pytest.fixture
def mail(server: Smtp) -> MailSettings:
    return one_account(address=ADDRESS, send="smtp", smtp=server.settings())


@pytest.fixture
def mail_policy(mail: MailSettings) -> MailPolicy:
    """A desk that sends."""
    return mail.policy


def no_password(server: Server) -> Password:
    raise MailFailed(f"there is no password for {server.account}")


def the_password(server: Server) -> Password:
    return Password(PASSWORD)


@pytest.fixture
def send(path: str, clock: FixedClock, mail: MailSettings, desk: Desk) -> Callable[..., SendReport]:
    def now(settings: MailSettings = mail, **rest: Any) -> SendReport:
        password = rest.pop("password", no_password)
        return mail_outbox.send(
            path, clock, settings, password, lambda: desk, **{"at_once": True} | rest
        )

    return now


@pytest.fixture
def told(desk: Desk) -> Callable[..., int]:
    """Answers a customer of that address; gives the request."""
    known: set[str] = set()

    def tell(text: str = "It was 10.", to: str = TO) -> int:
        if to not in known:
            known.add(to)
            address = drafts.AddressDraft(AddressKind.EMAIL, to)
            desk.do(drafts.EditCustomer(name=to, addresses=(address,)))
        capture = drafts.Capture("Invoice 4711", customer=drafts.CustomerName(to))
        number = desk.do(capture).numbers[0]
        desk.do(drafts.Answer(text), [number])
        return number

    return tell


def rows(reader: Reader) -> list[OutgoingRow]:
    return list(outbox_rows(reader, ALL))


def states(reader: Reader) -> list[str]:
    return [row.state for row in rows(reader)]


def ids(path: str) -> list[str]:
    with closing(connect(path)) as connection:
        return [id for (id,) in connection.execute("SELECT message_id FROM outbox ORDER BY id")]


def arrived(server: Smtp, path: str) -> list[int]:
    """How often the server took each mail, in the order in which they were queued."""
    return [
        sum(f"Message-ID: <{id}>".encode() in mail.data for mail in server.received)
        for id in ids(path)
    ]


# It arrives


def test_what_was_queued_arrives_once(
    send: Callable[..., SendReport],
    told: Callable[..., int],
    server: Smtp,
    reader: Reader,
    path: str,
) -> None:
    for text in ("one", ".\n.two\n..\n", "drei: Grüße"):
        told(text)
    assert send() == SendReport(3, 0, 0, 0, "3 sent")
    assert send() == SendReport(0, 0, 0, 0, "no mail waits to be sent")
    assert states(reader) == ["sent"] * 3
    assert arrived(server, path) == [1, 1, 1]
    assert {(mail.sender, mail.recipients) for mail in server.received} == {(ADDRESS, (TO,))}
    assert server.received[1].data.endswith(b"\r\n\r\n.\r\n.two\r\n..\r\n")


def test_the_desk_waits_with_it_and_a_person_who_sends_does_not(
    send: Callable[..., SendReport], told: Callable[..., int], clock: FixedClock
) -> None:
    told()
    assert send(at_once=False) == SendReport(0, 1, 0, 0, "1 waiting")
    clock.advance(timedelta(minutes=1))
    assert send(at_once=False).sent == 1
    told()
    assert send().sent == 1


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_it_goes_over_tls_and_signs_in(
    security: Security,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: Callable[..., int],
    send: Callable[..., SendReport],
    mail: MailSettings,
) -> None:
    told()
    with smtp_server(tmp_path, security, "desk", PASSWORD) as server:
        settings = changed(mail, smtp=server.settings())
        report = send(settings, password=the_password)
        assert (report.sent, report.waiting) == (0, 1)
        assert "certificate of localhost cannot be trusted" in report.sentence
        monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate.authority))
        assert send(settings, password=the_password).sent == 1
        assert len(server.received) == 1


def test_a_server_without_starttls_hears_nothing_in_the_clear(
    told: Callable[..., int], send: Callable[..., SendReport], mail: MailSettings, server: Smtp
) -> None:
    told()
    report = send(changed(mail, smtp=server.settings(security="starttls")))
    assert "offers no STARTTLS" in report.sentence
    assert server.received == []


def test_a_large_mail_arrives_whole(
    send: Callable[..., SendReport], told: Callable[..., int], server: Smtp
) -> None:
    told("\n".join(["." + "x" * 70] * 20_000))
    assert send().sent == 1
    assert server.received[0].data.count(b"\r\n.xxxx") == 20_000


# It does not arrive now


def test_offline_no_try_is_counted_and_everything_waits(
    send: Callable[..., SendReport], told: Callable[..., int], server: Smtp, reader: Reader,
    clock: FixedClock, path: str,
) -> None:  # fmt: skip
    server.stop()
    told()
    told()
    pauses = []
    for _ in range(30):
        report = send(at_once=False)
        assert (report.sent, report.waiting) == (0, 2)
        due = min(row.next_try_at for row in rows(reader) if row.next_try_at)
        pauses.append((due - clock.now()) / timedelta(minutes=1))
        clock.at = due
    assert "takes no connection" in report.sentence
    assert {row.tries for row in rows(reader)} == {0}
    assert pauses[1:] == sorted(pauses[1:])
    assert pauses[-1] == 10
    server.start()
    assert send(at_once=False).sent == 2
    assert arrived(server, path) == [1, 1]


def test_a_mail_that_is_put_off_is_tried_again_later_and_holds_up_no_other(
    send: Callable[..., SendReport], told: Callable[..., int], server: Smtp, reader: Reader,
    clock: FixedClock,
) -> None:  # fmt: skip
    server.refuse["grey@meyer.example"] = "451 4.7.1 try again later"
    told(to="grey@meyer.example")
    told()
    report = send()
    assert (report.sent, report.waiting) == (1, 1)
    first, second = rows(reader)
    assert (first.state, first.tries, second.state) == ("queued", 1, "sent")
    assert first.why == "localhost refuses grey@meyer.example: 451 4.7.1 try again later."
    assert first.next_try_at == clock.now() + timedelta(minutes=1)
    assert send(at_once=False).sent == 0
    server.refuse.clear()
    clock.advance(timedelta(minutes=1))
    assert send(at_once=False).sent == 1


def test_it_is_given_up_after_days_and_the_request_is_mine(
    send: Callable[..., SendReport], told: Callable[..., int], server: Smtp, reader: Reader,
    clock: FixedClock,
) -> None:  # fmt: skip
    server.reply = "452 4.2.2 mailbox full"
    number = told()
    begun = clock.now()
    while states(reader) == ["queued"]:
        (row,) = rows(reader)
        assert row.next_try_at is not None
        clock.at = max(clock.at, row.next_try_at)
        report = send(at_once=False)
    assert timedelta(days=5) <= clock.now() - begun < timedelta(days=6)
    assert report.failed == 1
    assert states(reader) == ["failed"]
    assert rows(reader)[0].why.startswith("given up after ")
    assert reader.row("SELECT court FROM request WHERE id = ?", (number,)) == ("me",)


@pytest.mark.parametrize("stage", ["recipient", "sender", "end"])
def test_a_mail_refused_for_good_puts_the_request_back_to_me(
    stage: str,
    send: Callable[..., SendReport],
    told: Callable[..., int],
    server: Smtp,
    reader: Reader,
) -> None:
    said = "550 5.1.1 no such user"
    match stage:
        case "recipient":
            server.refuse[TO] = said
        case "sender":
            server.senders[ADDRESS] = said
        case _:
            server.reply = said
    number = told()
    report = send()
    assert (report.sent, report.failed, report.waiting) == (0, 1, 0)
    assert said in report.sentence
    assert states(reader) == ["failed"]
    last = reader.row(
        "SELECT event, text FROM activity WHERE request_id = ? ORDER BY id DESC LIMIT 1", (number,)
    )
    assert last is not None
    assert last[0] == "not-delivered"
    assert said in last[1]


def test_a_wrong_password_is_no_fault_of_any_mail_and_is_never_said(
    tmp_path: Path, send: Callable[..., SendReport], told: Callable[..., int], mail: MailSettings,
    reader: Reader,
) -> None:  # fmt: skip
    told()
    told()
    with smtp_server(tmp_path, "none", "desk", "another one") as server:
        asked = []

        def once(server: Server) -> Password:
            asked.append(server)
            return Password(PASSWORD)

        report = send(changed(mail, smtp=server.settings()), password=once)
        assert len(asked) == 1
    assert (report.waiting, report.failed) == (2, 0)
    assert "does not let desk in" in report.sentence
    assert PASSWORD not in report.sentence + "".join(row.why for row in rows(reader))
    assert [(row.state, row.tries) for row in rows(reader)] == [("queued", 0)] * 2


def test_without_a_password_everything_waits(
    send: Callable[..., SendReport], told: Callable[..., int], mail: MailSettings, server: Smtp
) -> None:
    told()
    report = send(changed(mail, smtp=server.settings(user="desk")))
    assert report.sentence == "1 waiting: there is no password for desk@localhost"


def test_a_server_that_wants_a_sign_in_is_no_fault_of_the_mail(
    send: Callable[..., SendReport], told: Callable[..., int], server: Smtp, reader: Reader
) -> None:
    server.user = "desk"
    told()
    report = send()
    assert "530 5.7.0 Authentication required" in report.sentence
    assert [(row.state, row.tries) for row in rows(reader)] == [("queued", 0)]


def test_an_address_that_the_server_cannot_write_is_refused_with_a_sentence(
    mail: MailSettings, send: Callable[..., SendReport], told: Callable[..., int], reader: Reader
) -> None:
    told(to="müller@meyer.example")
    with plain_server() as (plain, heard):
        report = send(changed(mail, smtp=plain))
    assert not any("MAIL" in said.upper() for said in heard)
    assert report.failed == 1
    assert "other letters than those of English" in rows(reader)[0].why


def test_a_server_that_can_takes_an_address_of_any_letters(
    send: Callable[..., SendReport], told: Callable[..., int], server: Smtp
) -> None:
    told(to="müller@bäckerei.example")
    assert send().sent == 1
    assert server.received[0].recipients == ("müller@xn--bckerei-5wa.example",)


TEXT = "the first line of a mail"


@contextmanager
def plain_server(until: str = "") -> Iterator[tuple[Server, list[str]]]:
    """A server of RFC 5321 without any extension; gives what it heard. When it heard `until` (a
    command or `TEXT`) it hangs up."""
    heard: list[str] = []
    replies = {"ehlo": b"500 what?\r\n", "data": b"354 go on\r\n"}

    def talk() -> None:
        with listening, listening.accept()[0] as line, line.makefile("rwb") as file:
            file.write(b"220 plain\r\n")
            file.flush()
            while said := file.readline().decode("utf-8").strip():
                heard.append(said)
                word = said[:4].lower()
                if until in (word, said) or word == "quit":
                    return
                file.write(replies.get(word, b"250 OK\r\n"))
                file.flush()

    listening = socket.create_server(("127.0.0.1", 0))
    # So little that a mail of many bytes cannot lie on the way as a whole.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    thread = threading.Thread(target=talk)
    thread.start()
    yield Server("smtp", "localhost", int(listening.getsockname()[1]), "none"), heard
    thread.join(DEADLINE)


# What goes with it


@pytest.fixture
def asked(desk: Desk, path: str, clock: FixedClock, reader: Reader) -> Callable[[int], OutgoingRow]:
    """Asks a department about a mail with so many files; gives what waits to be sent."""
    desk.do(drafts.EditDepartment(1, contact="w@workshop.example"))

    def ask(files: int) -> OutgoingRow:
        message = EmailMessage(policy.SMTP)
        message.set_content("see there")
        for at in range(files):
            message.add_attachment(b"%d" % at, "image", "png", filename=f"{at}.png")
        with closing(connect(path)) as connection:
            ids = kept.keep(connection, [message.as_bytes()], "test", clock.now()).new
            kept.keep_read(connection, [(ids[0], parse(message.as_bytes()))])
        (number,) = desk.do(drafts.FileMails(ids)).numbers
        desk.do(drafts.ForwardDraft(1, "right?"), [number])
        return rows(reader)[-1]

    return ask


def test_files_go_along_and_only_then_mail_is_read(
    send: Callable[..., SendReport], asked: Callable[[int], OutgoingRow], told: Callable[..., int],
    server: Smtp, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    started: list[int] = []

    class Counted(pipes.WorkerProcess):
        def __init__(self, seconds: int) -> None:
            super().__init__(seconds)
            started.append(self.pid)

        def end(self) -> None:
            super().end()
            assert not self.alive
            started.append(-self.pid)

    monkeypatch.setattr(mail_reader, "WorkerProcess", Counted)
    told()
    assert send().sent == 1
    assert started == []
    asked(3)
    asked(2)
    assert send().sent == 2
    assert started == [started[0], -started[0]]
    parser = BytesParser(EmailMessage, policy=policy.default)
    files = [
        [
            (part.get_filename(), part.get_content())
            for part in parser.parsebytes(mail.data).iter_attachments()
        ]
        for mail in server.received
    ]
    assert files == [
        [],
        [("0.png", b"0"), ("1.png", b"1"), ("2.png", b"2")],
        [("0.png", b"0"), ("1.png", b"1")],
    ]


def too_late(process: pipes.WorkerProcess, limit: float) -> WorkerMessage:
    raise TimeoutError


def test_a_mail_whose_files_take_too_long_waits_with_the_reason_and_holds_up_no_other(
    send: Callable[..., SendReport], asked: Callable[[int], OutgoingRow], told: Callable[..., int],
    reader: Reader, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(pipes.WorkerProcess, "answer", too_late)
    row = asked(3)
    told()
    report = send()
    assert (report.sent, report.waiting, report.failed) == (1, 1, 0)
    (waits,) = (each for each in rows(reader) if each.id == row.id)
    assert (waits.state, waits.tries) == ("queued", 1)
    assert "could not be read within 10 seconds" in waits.why
    monkeypatch.undo()
    assert send().sent == 1


# To several


@pytest.fixture
def copied(told: Callable[..., int], desk: Desk, reader: Reader) -> Callable[..., int]:
    """Answers a customer, with a copy for each of these; gives the request."""

    def tell(*copies: str) -> int:
        number = told()
        desk.undo()
        desk.do(drafts.Answer("It was 10.", delivery=Delivery(copies=copies)), [number])
        return number

    return tell


PAUL, ANNA = "paul@meyer.example", "anna@meyer.example"


def test_everybody_gets_it_in_one_delivery(
    send: Callable[..., SendReport], copied: Callable[..., int], server: Smtp
) -> None:
    copied(PAUL, ANNA)
    assert send().sent == 1
    (got,) = server.received
    assert got.recipients == (TO, PAUL, ANNA)
    assert b"Cc: paul@meyer.example,\r\n anna@meyer.example\r\n" in got.data


def test_one_copy_that_is_refused_keeps_it_from_nobody_else_and_the_request_says_so(
    send: Callable[..., SendReport], copied: Callable[..., int], server: Smtp, reader: Reader
) -> None:
    server.refuse[PAUL] = "550 5.1.1 no such user"
    number = copied(PAUL, ANNA)
    report = send()
    assert (report.sent, report.failed, report.waiting) == (1, 0, 0)
    assert server.received[0].recipients == (TO, ANNA)
    (row,) = rows(reader)
    assert (row.state, row.why) == (
        "sent", f"{PAUL}: localhost refuses: 550 5.1.1 no such user.",
    )  # fmt: skip
    last = "SELECT event, text FROM activity WHERE request_id = ? ORDER BY id DESC LIMIT 1"
    assert reader.row(last, (number,)) == ("not-delivered", row.why)
    assert reader.row("SELECT court FROM request WHERE id = ?", (number,)) == ("customer",)


def test_a_copy_that_is_put_off_is_waited_for_once(
    send: Callable[..., SendReport], copied: Callable[..., int], server: Smtp, reader: Reader,
    clock: FixedClock,
) -> None:  # fmt: skip
    server.refuse[PAUL] = "451 4.7.1 try again later"
    copied(PAUL)
    assert (send().sent, states(reader), server.received) == (0, ["queued"], [])
    clock.advance(timedelta(minutes=1))
    assert send().sent == 1
    assert server.received[0].recipients == (TO,)
    assert "451 4.7.1" in rows(reader)[0].why


def test_nobody_gets_what_the_one_who_is_answered_cannot_get(
    send: Callable[..., SendReport], copied: Callable[..., int], server: Smtp, reader: Reader
) -> None:
    server.refuse[TO] = "550 5.1.1 no such user"
    copied(PAUL)
    assert (send().failed, states(reader), server.received) == (1, ["failed"], [])


def test_what_is_to_go_out_later_is_not_sent_by_who_sends_now(
    send: Callable[..., SendReport], told: Callable[..., int], desk: Desk, server: Smtp,
    clock: FixedClock,
) -> None:  # fmt: skip
    number = told()
    desk.undo()
    later = Delivery(send_at=clock.now() + timedelta(hours=1))
    desk.do(drafts.Answer("It was 10.", delivery=later), [number])
    report = send()
    assert (report.sent, report.waiting, report.sentence) == (0, 0, "1 to go out later")
    clock.advance(timedelta(hours=1))
    assert send(at_once=False).sent == 1
    assert b"Date: Mon, 23 Nov 2026 10:" in server.received[0].data


# It breaks off


def test_a_line_that_breaks_after_the_dot_leaves_a_doubt_that_a_person_ends(
    send: Callable[..., SendReport],
    told: Callable[..., int],
    server: Smtp,
    reader: Reader,
    path: str,
    clock: FixedClock,
) -> None:  # fmt: skip
    server.drop = "after the dot"
    told()
    told()
    report = send()
    assert (report.sent, report.unsure, report.waiting) == (0, 2, 0)
    assert "did not say whether it has it" in rows(reader)[0].why
    server.drop = "never"
    assert send().sent == 0
    assert arrived(server, path) == [1, 1]
    with closing(connect(path)) as connection:
        first, second = (row.id for row in rows(reader))
        assert outbox.settle(connection, first, clock.now())
        assert outbox.again(connection, second, clock.now())
    assert send().sent == 1
    assert states(reader) == ["sent", "sent"]
    assert arrived(server, path) == [1, 2]


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from poc_tui.mail import outbox as mail_outbox
from poc_tui.mail.transport.passwords import Password
from poc_tui.settings.mail import Account, MailSettings, Server
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import outbox

path, port, moment, function, when = sys.argv[1:]
kept = getattr(outbox, function)

def killed(*given):
    if when == "after":
        kept(*given)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(outbox, function, killed)
smtp = Server("smtp", "localhost", int(port), "none")
mail = MailSettings((Account(address="desk@poc.example", send="smtp", smtp=smtp),))
clock = FixedClock(datetime.fromtimestamp(int(moment), UTC))
mail_outbox.send(path, clock, mail, Password, None, at_once=True)
"""


@pytest.mark.proof
@pytest.mark.parametrize(
    ("function", "when", "found", "at_the_server"),
    [
        ("queued_mail", "after", "queued", 0),
        ("begin", "before", "queued", 0),
        ("begin", "after", "sending", 0),
        ("sent", "before", "sending", 1),
        ("sent", "after", "sent", 1),
    ],
)
def test_a_sender_that_is_killed_at_any_step_sends_nothing_twice_and_loses_nothing(
    function: str, when: str, found: str, at_the_server: int, send: Callable[..., SendReport],
    told: Callable[..., int], server: Smtp, reader: Reader, path: str, clock: FixedClock,
) -> None:  # fmt: skip
    told("first")
    told("second")
    moment = str(int(clock.now().timestamp()))
    command = [sys.executable, "-c", KILLED, path, str(server.port), moment, function, when]
    ended = subprocess.run(command, check=False, timeout=60, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert states(reader) == [found, "queued"]
    assert arrived(server, path) == [at_the_server, 0]
    report = send()
    if found == "sending":
        assert report.unsure == 1
        assert states(reader) == ["unsure", "sent"]
        assert "poc ended while this mail was on its way" in rows(reader)[0].why
        assert arrived(server, path) == [at_the_server, 1]
    else:
        assert report.unsure == 0
        assert states(reader) == ["sent", "sent"]
        assert arrived(server, path) == [1, 1]


def test_while_another_one_sends_nothing_is_sent(
    send: Callable[..., SendReport], told: Callable[..., int], path: str, reader: Reader
) -> None:
    told()
    with alone(path, "sending") as granted:
        assert granted
        assert send() == SendReport(0, 1, 0, 0, "1 waiting: another poc is sending just now")
    assert states(reader) == ["queued"]


def test_two_senders_at_once_send_each_mail_once(
    path: str, clock: FixedClock, mail: MailSettings, desk: Desk, told: Callable[..., int],
    server: Smtp,
) -> None:  # fmt: skip
    for number in range(20):
        told(str(number))
    reports: list[SendReport] = []

    def work() -> None:
        for _ in range(5):
            report = mail_outbox.send(path, clock, mail, no_password, lambda: desk, at_once=True)
            reports.append(report)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.sent for report in reports) == 20
    assert arrived(server, path) == [1] * 20


# It is taken back


class _Undoing(SmtpConnection):
    """Takes the last step back when everything of a mail but its end was sent."""

    desk: Desk

    def deliver(
        self, message: bytes, sender: str, recipient: str, at_the_end: Callable[[], bool],
        *rest: Any, **more: Any,
    ) -> bool:  # fmt: skip
        def late() -> bool:
            if b"second" in message:
                self.desk.undo()
            return at_the_end()

        return super().deliver(message, sender, recipient, late, *rest, **more)


def test_what_is_taken_back_at_the_last_moment_is_not_sent_and_the_rest_is(
    send: Callable[..., SendReport],
    told: Callable[..., int],
    server: Smtp,
    reader: Reader,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _Undoing.desk = desk
    monkeypatch.setattr(mail_outbox, "SmtpConnection", _Undoing)
    told("first")
    told("third")
    told("second")
    told_last = rows(reader)[-1].number
    send()
    assert states(reader) == ["sent", "sent"]
    assert [mail.data.split(b"\r\n")[-2] for mail in server.received] == [b"first", b"third"]
    assert reader.row("SELECT state FROM request WHERE id = ?", (told_last,)) == ("new",)


def test_an_answer_in_the_place_of_one_taken_back_is_neither_sent_nor_lost(
    send: Callable[..., SendReport],
    told: Callable[..., int],
    server: Smtp,
    reader: Reader,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    class Replacing(SmtpConnection):
        def deliver(
            self, message: bytes, sender: str, recipient: str, at_the_end: Callable[[], bool],
            *rest: Any, **more: Any,
        ) -> bool:  # fmt: skip
            def late() -> bool:
                desk.undo()
                desk.do(drafts.Answer("the right one"), [number])
                return at_the_end()

            return super().deliver(message, sender, recipient, late, *rest, **more)

    number = told("the wrong one")
    with monkeypatch.context() as patched:
        patched.setattr(mail_outbox, "SmtpConnection", Replacing)
        assert send().sent == 0
    assert (states(reader), server.received) == (["queued"], [])
    assert send().sent == 1
    assert [mail.data.split(b"\r\n")[-2] for mail in server.received] == [b"the right one"]


def test_the_connection_goes_on_after_a_mail_was_taken_back(server: Smtp) -> None:
    with SmtpConnection(server.settings(), no_password) as line:
        assert not line.deliver(b"a\r\n", ADDRESS, TO, lambda: False)
        assert line.deliver(b"b\r\n", ADDRESS, TO, lambda: True)
    assert [mail.data for mail in server.received] == [b"b\r\n"]


def test_what_fails_at_the_last_moment_is_not_sent(server: Smtp) -> None:
    def busy() -> bool:
        raise StoreBusy("another program is writing")

    with SmtpConnection(server.settings(), no_password) as line:
        with pytest.raises(StoreBusy):
            line.deliver(b"a\r\n", ADDRESS, TO, busy)
        assert line.deliver(b"b\r\n", ADDRESS, TO, lambda: True)
    assert [mail.data for mail in server.received] == [b"b\r\n"]


# The line


def test_no_bare_line_end_reaches_the_server(server: Smtp) -> None:
    smuggled = b"a\n.\nMAIL FROM:<x@y.example>\r.\rb\r\n.\r\nc"
    with SmtpConnection(server.settings(), no_password) as line:
        line.deliver(smuggled, ADDRESS, TO, lambda: True)
    assert [mail.data for mail in server.received] == [
        b"a\r\n.\r\nMAIL FROM:<x@y.example>\r\n.\r\nb\r\n.\r\nc\r\n"
    ]


def test_after_a_refusal_the_same_line_takes_the_next_mail(server: Smtp) -> None:
    server.refuse["nobody@meyer.example"] = "550 5.1.1 no such user"
    with SmtpConnection(server.settings(), no_password) as line:
        with pytest.raises(Rejected, match="no such user"):
            line.deliver(b"a\r\n", ADDRESS, "nobody@meyer.example", lambda: True)
        server.reply = "451 later"
        with pytest.raises(PutOff, match="451 later"):
            line.deliver(b"b\r\n", ADDRESS, TO, lambda: True)
        server.reply = None
        assert line.deliver(b"c\r\n", ADDRESS, TO, lambda: True)
    assert [mail.data for mail in server.received] == [b"c\r\n"]


def test_a_line_that_was_closed_between_two_mails_is_opened_again(server: Smtp) -> None:
    with SmtpConnection(server.settings(), no_password) as line:
        assert line.deliver(b"a\r\n", ADDRESS, TO, lambda: True)
        server.stop()
        server.start()
        assert line.deliver(b"b\r\n", ADDRESS, TO, lambda: True)
    assert [mail.data for mail in server.received] == [b"a\r\n", b"b\r\n"]


def test_a_server_that_is_not_there_is_unreachable() -> None:
    nobody = Server("smtp", "localhost", free_port(), "none")
    with SmtpConnection(nobody, no_password) as line, pytest.raises(Unreachable):
        line.deliver(b"a\r\n", ADDRESS, TO, lambda: True)


@pytest.mark.parametrize("until", ["mail", "rcpt", "data", TEXT])
def test_a_server_that_hangs_up_before_the_dot_does_not_have_it(until: str) -> None:
    message = f"{TEXT}\r\n".encode() + (b"x" * 998 + b"\r\n") * 20_000
    with (
        plain_server(until) as (server, heard),
        SmtpConnection(server, no_password) as line,
        pytest.raises(PutOff),
    ):
        line.deliver(message, ADDRESS, TO, lambda: pytest.fail("it is not at its end"))
    assert until in (heard[-1], heard[-1][:4].lower())


def test_a_server_that_says_nothing_after_the_dot_leaves_a_doubt() -> None:
    replies = iter([b"220 slow\r\n", b"250 OK\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go on\r\n"])
    done = threading.Event()

    def talk(listening: socket.socket) -> None:
        with listening, listening.accept()[0] as line, line.makefile("rwb") as file:
            for reply in replies:
                file.write(reply)
                file.flush()
                file.readline()
            done.wait(DEADLINE)

    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=talk, args=(listening,))
    thread.start()
    settings = Server("smtp", "localhost", int(listening.getsockname()[1]), "none")
    with (
        SmtpConnection(settings, no_password, end_seconds=0.05) as line,
        pytest.raises(DeliveryInDoubt),
    ):
        line.deliver(b"a\r\n", ADDRESS, TO, lambda: True)
    done.set()
    thread.join()


def test_sending_stops_between_two_mails(
    send: Callable[..., SendReport], told: Callable[..., int], server: Smtp
) -> None:
    for number in range(3):
        told(str(number))
    assert send(stopped=lambda: len(server.received) == 2).waiting == 1


def test_a_desk_that_hands_over_sends_nothing(
    send: Callable[..., SendReport], told: Callable[..., int], mail: MailSettings, server: Smtp
) -> None:
    told()
    report = send(changed(mail, send="mailto"))
    assert (report.sent, report.waiting) == (0, 1)
    assert '"mail.send" is not "smtp"' in report.sentence
    assert server.received == []
