"""`poc mail test`: what works is said, and what does not, in a sentence that says what to do."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from poc_tui.errors import MailFailed
from poc_tui.mail.transport.check import Finding, check
from poc_tui.mail.transport.passwords import Password, PasswordPlace
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import MailSettings, Security, Server
from tests.helpers.certificates import certificate
from tests.helpers.mail_servers import PASSWORD, Dovecot, Smtp, dovecot, smtp_server
from tests.helpers.mail_setup import changed, one_account

DESK = "desk@example.com"
Check = Callable[[MailSettings], list[Finding]]


@pytest.fixture
def imap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dovecot]:
    with dovecot(tmp_path) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.certificate.authority))
        yield running


@pytest.fixture
def smtp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Smtp]:
    with smtp_server(tmp_path) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.certificate.authority))
        yield running


@pytest.fixture
def checked(clock: FixedClock) -> Check:
    return lambda mail: check(mail, lambda server: Password(PASSWORD), clock)


@contextmanager
def greeting(line: bytes) -> Iterator[int]:
    """The port of a server that says this and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(line)

        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def only(findings: list[Finding]) -> Finding:
    (finding,) = findings
    return finding


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_an_account_that_works_is_said_with_how_much_mail_waits(
    imap: Dovecot, checked: Check, security: str
) -> None:
    imap.deliver(*(b"Subject: x\r\n\r\ny\r\n" for _ in range(3)), folder="Entwürfe/Käufer")
    server = imap.settings(security=security, folder="Entwürfe/Käufer", after="seen")
    assert only(checked(one_account(imap=server))) == Finding(
        "imap",
        True,
        "localhost lets desk@example.com in by password. In Entwürfe/Käufer: 3 mails, 3 of them"
        " unread. Mail that is taken in is marked as seen there.",
    )
    assert imap.flags("Entwürfe/Käufer") == [()] * 3


def test_every_folder_is_looked_into_and_where_copies_go_is_said(
    tmp_path: Path, checked: Check
) -> None:
    with dovecot(tmp_path, sent="Ausgang") as imap:
        for folder in ("Sales", "Junk"):
            imap.deliver(b"Subject: x\r\n\r\ny\r\n", folder=folder)
        server = imap.settings(folders=("INBOX", "Sales"), junk="Junk")
        mail = one_account(imap=server, send="smtp", address="desk@example.com")
        assert only(checked(mail)).sentence == (
            "localhost lets desk@example.com in by password. In INBOX: 0 mails, 0 of them unread."
            " In Sales: 1 mails, 1 of them unread. In Junk: 1 mails, 1 of them unread."
            " Mail that is taken in stays there as it is. What is sent is copied to Ausgang."
        )
        wrong = changed(mail, imap=server._replace(sent="Sent"))
        assert '"mail.imap.sent"' in only(checked(wrong)).sentence
        wrong = changed(mail, imap=server._replace(junk="Junl"))
        assert '"mail.imap.junk"' in only(checked(wrong)).sentence


def test_a_folder_to_move_to_that_is_not_there_is_a_finding(imap: Dovecot, checked: Check) -> None:
    imap.deliver(folder="Done")
    server = imap.settings(after="move", move_to="Don")
    finding = only(checked(one_account(imap=server)))
    assert not finding.ok
    assert 'no folder Don. The nearest is Done; set "mail.imap.move_to"' in finding.sentence
    assert only(checked(one_account(imap=server._replace(move_to="Done")))).ok


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"host": "no-such-host.invalid"}, "no server by the name of no-such-host.invalid"),
        ({"port": 1}, "takes no connection on port 1"),
        ({"security": "tls", "host": "127.0.0.1"}, "certificate of 127.0.0.1 cannot be trusted"),
        ({"user": "info"}, "does not let info in"),
        ({"folder": "Inbax"}, "has no folder Inbax. The nearest is INBOX"),
    ],
)
def test_the_first_thing_wrong_with_an_account_is_said(
    imap: Dovecot, checked: Check, changes: dict[str, str], why: str
) -> None:
    finding = only(checked(one_account(imap=imap.settings(**changes))))
    assert (finding.way, finding.ok) == ("imap", False)
    assert why in finding.sentence
    assert finding.sentence.endswith((".", "?"))


def test_a_certificate_out_of_its_time_may_be_this_computers_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, checked: Check
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path, age=timedelta(days=3)).authority))
    with dovecot(tmp_path) as imap:
        finding = only(checked(one_account(imap=imap.settings(security="tls"))))
    assert "certificate has expired" in finding.sentence
    assert 'Check "mail.imap.host" and the clock of this computer;' in finding.sentence


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
@pytest.mark.parametrize("user", ["", "desk"])
def test_a_server_that_takes_mail_is_said_and_nothing_is_sent(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    checked: Check,
    security: Security,
    user: str,
) -> None:
    with smtp_server(tmp_path, security, user, PASSWORD) as smtp:
        monkeypatch.setenv("SSL_CERT_FILE", str(smtp.certificate.authority))
        finding = only(checked(one_account(address=DESK, send="smtp", smtp=smtp.settings())))
    assert finding.ok, finding.sentence
    assert finding.sentence.endswith(f"takes mail from {DESK}. Nothing was sent.")
    assert ("lets desk in by password" in finding.sentence) == bool(user)
    assert not smtp.received


def test_a_password_beyond_ascii_signs_in_at_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    with smtp_server(tmp_path, "tls", "käufer", "Schlüssel") as smtp:
        monkeypatch.setenv("SSL_CERT_FILE", str(smtp.certificate.authority))
        mail = one_account(address=DESK, smtp=smtp.settings())
        assert only(check(mail, lambda server: Password("Schlüssel"), clock)).ok
        refused = only(check(mail, lambda server: Password("Schloß"), clock))
    assert "does not let käufer in" in refused.sentence


def test_a_server_that_wants_a_password_is_said_when_none_is_set(
    tmp_path: Path, checked: Check
) -> None:
    with smtp_server(tmp_path, user="desk", password=PASSWORD) as smtp:
        finding = only(checked(one_account(address=DESK, smtp=smtp.settings(user=""))))
    assert not finding.ok
    assert "530 5.7.0 Authentication required" in finding.sentence
    assert '"mail.smtp.user"' in finding.sentence


def test_a_sender_that_is_refused_is_said(smtp: Smtp, checked: Check) -> None:
    smtp.senders[DESK] = "553 5.7.1 not your \x1b]52;c;x\x07address"
    finding = only(checked(one_account(address=DESK, smtp=smtp.settings())))
    assert not finding.ok
    assert f"takes no mail from {DESK}: 553 5.7.1 not your address" in finding.sentence
    assert finding.sentence.isprintable()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"host": "no-such-host.invalid"}, "no server by the name of no-such-host.invalid"),
        ({"port": 1}, "takes no connection on port 1"),
        ({"security": "tls"}, "does not speak TLS"),
        ({"security": "starttls"}, "offers no STARTTLS"),
    ],
)
def test_the_first_thing_wrong_with_a_server_is_said(
    smtp: Smtp, checked: Check, changes: dict[str, str], why: str
) -> None:
    finding = only(checked(one_account(address=DESK, smtp=smtp.settings(**changes))))
    assert (finding.way, finding.ok) == ("smtp", False)
    assert why in finding.sentence


def test_a_port_of_the_other_kind_of_server_is_said(
    imap: Dovecot, smtp: Smtp, checked: Check
) -> None:
    out = imap.settings()._replace(way="smtp")
    inward = smtp.settings()._replace(way="imap", user="desk")
    found = [finding.sentence for finding in checked(one_account(imap=inward, smtp=out))]
    assert found == [
        f'There is no IMAP server on port {inward.port} of localhost. Check "mail.imap.port".',
        f'There is no SMTP server on port {out.port} of localhost. Check "mail.smtp.port".',
    ]


def test_a_server_that_sends_nobody_in_yet_is_one_all_the_same(clock: FixedClock) -> None:
    with greeting(b"* BYE come back at noon\r\n") as port:
        server = Server("imap", "127.0.0.1", port, "none", "desk")
        finding = only(check(one_account(imap=server), lambda server: Password(PASSWORD), clock))
    assert "come back at noon" in finding.sentence


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("keyring", "in the keyring; `poc mail password imap` keeps another"),
        ("command", 'which the command in "mail.imap.password_command" printed'),
        ("person", "that you typed; `poc mail password imap` keeps another in the keyring"),
    ],
)
def test_a_wrong_password_is_to_be_mended_where_it_came_from(
    imap: Dovecot, clock: FixedClock, place: PasswordPlace, said: str
) -> None:
    mail = one_account(imap=imap.settings())
    assert said in only(check(mail, lambda server: Password("wrong", place), clock)).sentence


def test_a_server_that_works_and_that_nothing_is_sent_through_is_said(
    smtp: Smtp, checked: Check
) -> None:
    finding = only(checked(one_account(address=DESK, smtp=smtp.settings())))
    assert finding.ok
    assert '"mail.send" is "none", so nothing goes out' in finding.sentence


@pytest.mark.skipif(sys.platform == "win32", reason="Windows opens URLs by itself")
def test_mail_that_is_handed_over_needs_a_program_that_opens_it(
    checked: Check, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    mail = one_account(address=DESK, send="mailto")
    finding = only(checked(mail))
    assert (finding.way, finding.ok) == ("mailto", False)
    assert "No mail program could be opened" in finding.sentence
    for name in ("open", "xdg-open"):
        (tmp_path / name).touch(mode=0o700)
    assert only(checked(mail)).ok
    assert not only(checked(changed(mail, address=""))).ok


def test_without_an_address_nothing_can_be_sent(smtp: Smtp, checked: Check) -> None:
    finding = only(checked(one_account(smtp=smtp.settings())))
    assert not finding.ok
    assert '"mail.address" is ""' in finding.sentence


def test_a_password_that_is_nowhere_is_a_finding(imap: Dovecot, clock: FixedClock) -> None:
    def nowhere(server: Server) -> Password:
        raise MailFailed("There is no password.")

    finding = only(check(one_account(imap=imap.settings()), nowhere, clock))
    assert finding == Finding("imap", False, "There is no password.")


def test_folders_on_this_computer_are_tried_too(tmp_path: Path, checked: Check) -> None:
    (tmp_path / "box" / "cur").mkdir(parents=True)
    (tmp_path / "spool").write_bytes(b"From - Mon Nov 23 09:12:00 2026\nSubject: x\n\ny\n")
    mail = one_account(
        maildir=(str(tmp_path / "box"), str(tmp_path / "none")),
        mbox=(str(tmp_path / "spool"), str(tmp_path / "box")),
    )
    findings = checked(mail)
    assert [(finding.way, finding.ok) for finding in findings] == [
        ("maildir", True),
        ("maildir", False),
        ("mbox", True),
        ("mbox", False),
    ]
    assert findings[0].sentence == f"{tmp_path}/box can be read. There is no mail in it yet."
    assert "is no Maildir" in findings[1].sentence
    assert findings[2].sentence.startswith(f"{tmp_path}/spool can be read.")
    assert "Is a directory" in findings[3].sentence


def test_where_nothing_is_set_it_is_said_what_to_set(checked: Check) -> None:
    finding = only(checked(MailSettings()))
    assert (finding.way, finding.ok) == ("mail", False)
    assert '"mail.imap.host"' in finding.sentence
    assert '"mail.smtp.host"' in finding.sentence
