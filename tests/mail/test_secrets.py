"""A password is found where it is kept, and never seen where it is not needed."""

from __future__ import annotations

import base64
import logging
import os
import shlex
import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked

from poc_tui.errors import MailFailed
from poc_tui.mail.transport import connection
from poc_tui.mail.transport.check import check
from poc_tui.mail.transport.imap import ImapSource
from poc_tui.mail.transport.passwords import Password, keep, password
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import Server
from poc_tui.store.raw_mail import Position
from tests.helpers.keyrings import Memory
from tests.helpers.loopback import DEADLINE
from tests.helpers.mail_servers import dovecot, smtp_server
from tests.helpers.mail_setup import one_account

IMAP = Server("imap", host="imap.example.com", user="desk")
SMTP = Server("smtp", host="smtp.example.com", user="desk")
MELLON = "sprich Freund, 1\"\\'ü"


class Locked(Memory):
    """A keyring that nobody unlocks."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("locked")


class Broken(Memory):
    """A keyring whose service is not there, which each says in its own way."""

    def get_password(self, service: str, username: str) -> str | None:
        raise RuntimeError("no D-Bus")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise OSError("no D-Bus")


@pytest.fixture
def ring() -> Iterator[Memory]:
    """A keyring of the test's own."""
    before = keyring.get_keyring()
    memory = Memory()
    keyring.set_keyring(memory)
    yield memory
    keyring.set_keyring(before)


def prints(*lines: str, status: int = 0) -> str:
    """A command that prints these lines."""
    code = f"import sys; sys.stdout.buffer.write({os.linesep.join(lines).encode()!r})"
    return shlex.join([sys.executable, "-c", f"{code}; sys.exit({status})"])


def test_the_keyring_comes_before_the_command_and_the_command_before_a_person(
    ring: Memory,
) -> None:
    server = IMAP._replace(password_command=prints("of the command", "and more"))
    assert password(IMAP, os.environ, lambda words: "of a person").reveal() == "of a person"
    asked = password(server, os.environ, lambda words: "of a person")
    assert asked.reveal() == "of the command"
    ring.kept["poc:imap", "desk@imap.example.com"] = "of the keyring"
    assert password(server, os.environ, None).reveal() == "of the keyring"


def test_a_password_is_kept_for_one_way_and_one_account(ring: Memory) -> None:
    keep(IMAP, Password(MELLON))
    assert password(IMAP, {}, None).reveal() == MELLON
    for other in (SMTP, IMAP._replace(user="info"), IMAP._replace(host="x.example")):
        with pytest.raises(MailFailed, match="no password"):
            password(other, {}, None)


@pytest.mark.parametrize("backend", [fail.Keyring, null.Keyring, Locked, Broken])
def test_a_keyring_that_does_not_work_holds_nothing_and_says_so_when_it_is_to_keep(
    ring: Memory, backend: type[KeyringBackend]
) -> None:
    keyring.set_keyring(backend())
    assert password(IMAP, {}, lambda words: MELLON).reveal() == MELLON
    with pytest.raises(MailFailed, match=r"no keyring.*mail\.imap\.password_command"):
        keep(IMAP, Password(MELLON))


def test_where_there_is_nobody_to_ask_both_other_ways_are_named(ring: Memory) -> None:
    for ask in (None, lambda words: ""):
        with pytest.raises(MailFailed) as failed:
            password(SMTP, {}, ask)
        assert "`poc mail password smtp`" in str(failed.value)
        assert '"mail.smtp.password_command"' in str(failed.value)


def test_without_a_user_it_is_said_which_setting_is_missing(ring: Memory) -> None:
    with pytest.raises(MailFailed, match=r'"mail\.imap\.user" is ""'):
        password(IMAP._replace(user=""), {}, lambda words: MELLON)


def test_a_person_is_asked_for_whom_and_where(ring: Memory) -> None:
    asked: list[str] = []

    def ask(words: str) -> str:
        asked.append(words)
        return MELLON

    password(IMAP._replace(user="d\x1b]52;c;x\x07esk"), {}, ask)
    assert asked == ["Password of desk at imap.example.com: "]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (prints(MELLON, status=3), "failed with status 3"),
        (prints(""), "printed nothing"),
        ("/nonexistent/pass show", "cannot be run"),
        ("pass 'show", "a quote that is not closed"),
    ],
)
def test_a_command_that_fails_is_named_by_its_setting_and_what_it_printed_is_not(
    ring: Memory, command: str, why: str
) -> None:
    with pytest.raises(MailFailed) as failed:
        password(IMAP._replace(password_command=command), os.environ, None)
    said = "".join(traceback.format_exception(failed.value))
    assert '"mail.imap.password_command"' in str(failed.value)
    assert why in str(failed.value)
    assert MELLON not in said


def test_no_shell_reads_the_command(ring: Memory, tmp_path: Path) -> None:
    command = f"{prints('one')} ; touch {shlex.quote(str(tmp_path / 'made'))} $(exit 1)"
    assert password(IMAP._replace(password_command=command), os.environ, None).reveal() == "one"
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("found", ["two\nA1 LOGOUT", "nul\0", "cr\rx"])
def test_a_password_with_a_line_end_in_it_is_refused(ring: Memory, found: str) -> None:
    ring.kept["poc:imap", "desk@imap.example.com"] = found
    with pytest.raises(MailFailed, match="a line end"):
        password(IMAP, {}, None)
    with pytest.raises(MailFailed, match="a line end"):
        keep(IMAP, Password(found))


def test_a_secret_does_not_show_itself() -> None:
    secret = Password(MELLON)
    for shown in (
        str(secret),
        repr(secret),
        f"{secret}",
        "{}".format(secret),  # noqa: UP032
        repr([secret]),
        repr({"password": secret}),
    ):
        assert MELLON not in shown
    assert not hasattr(secret, "__dict__")


@pytest.mark.parametrize(
    ("said", "given_away"),
    [
        (f"no entry with {MELLON}", True),
        ('cannot LOGIN "desk" "sprich Freund, 1\\"\\\\\'ü"', True),
        (f"BAD [{MELLON.encode()!r}]", True),
        (f"bad: {base64.b64encode(MELLON.encode()).decode()}", True),
        (f"bad: {base64.b64encode(f'{chr(0)}d{chr(0)}{MELLON}'.encode()).decode()}", True),
        (f"bad: {base64.b64encode(f'{chr(0)}desk{chr(0)}{MELLON}'.encode()).decode()}", True),
        ("5.7.8 Authentication credentials invalid", False),
        ("", False),
    ],
)
def test_a_reply_that_gives_the_password_away_is_known(said: str, given_away: bool) -> None:
    assert Password(MELLON).is_in(said) is given_away


@contextmanager
def talking(*replies: bytes) -> Iterator[int]:
    """A server that says these lines, one when it is called and one to each line; its port."""

    def talk() -> None:
        with listening, listening.accept()[0] as line, line.makefile("rwb") as file:
            said = b""
            for reply in replies:
                file.write(reply.replace(b"TAG", said.partition(b" ")[0]))
                file.flush()
                said = file.readline()

    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=talk)
    thread.start()
    yield int(listening.getsockname()[1])
    thread.join(DEADLINE)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (b'TAG NO cannot LOGIN "desk" "pa\\"ss"', " in. Check"),
        (b'TAG NO [AUTHENTICATIONFAILED] cannot LOGIN "pa\\"ss"', " in: AUTHENTICATIONFAILED."),
        (b'TAG NO [pa"ss] p a " s s [unavailable]', " in: UNAVAILABLE."),
        (b"TAG NO [ALERT] geheim", " in. Check"),
        (b'TAG BAD LOGIN {5+} pa""ss', " in. Check"),
    ],
)
def test_of_a_sign_in_that_fails_only_the_reason_is_said(reply: bytes, why: str) -> None:
    greeting = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"
    capability = b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n"
    with (
        talking(greeting, capability, reply + b"\r\n") as port,
        pytest.raises(MailFailed) as failed,
    ):
        connection.imap(
            IMAP._replace(host="127.0.0.1", port=port, security="none"), Password('pa"ss')
        )
    assert why in str(failed.value)
    said = "".join(traceback.format_exception(failed.value))
    for word in ('pa"', "pa\\", "geheim", "cannot", 'p a "'):
        assert word not in said


@pytest.mark.parametrize(
    "ends",
    [
        (b'TAG NO "pa\\"ss" opens no folder\r\n', b'* LIST () "/" INBOX\r\nTAG OK done\r\n'),
        (b'TAG BAD of "pa\\"ss" nothing is known\r\n', b"TAG OK done\r\n"),
    ],
)
def test_a_server_that_says_the_password_later_is_not_repeated(
    clock: FixedClock, ends: tuple[bytes, ...]
) -> None:
    lines = (
        b"* OK [CAPABILITY IMAP4rev1] ready\r\n",
        b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
        b"TAG OK in\r\n",
        *ends,
        b"* BYE\r\nTAG OK bye\r\n",
    )
    secret = Password('pa"ss')
    with talking(*lines) as port:
        server = IMAP._replace(host="127.0.0.1", port=port, security="none")
        source = ImapSource(server, lambda asked: secret, clock)
        with pytest.raises(MailFailed) as failed:
            list(source.batches(Position()))
    assert 'pa"ss' not in str(failed.value).replace("\\", "")


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (b'535 5.7.8 cannot AUTH "desk" "pa\\"ss"', " in: 535 5.7.8."),
        (b'535 cannot AUTH "desk" "pa\\"ss"', " in: 535."),
        (b'454 4.7.0pa"ss', " in: 454."),
    ],
)
def test_of_a_refused_sign_in_to_send_only_the_codes_are_said(reply: bytes, why: str) -> None:
    lines = (b"220 ready\r\n", b"250-ready\r\n250 AUTH PLAIN\r\n", reply + b"\r\n")
    with talking(*lines) as port, pytest.raises(MailFailed) as failed:
        connection.smtp(
            SMTP._replace(host="127.0.0.1", port=port, security="none"), Password('pa"ss')
        )
    assert why in str(failed.value)
    assert "cannot" not in str(failed.value)
    assert "pa" not in str(failed.value).replace("password", "").replace("app ", "")


@pytest.mark.parametrize("wrong", ["Wortlaut-geheim-17", "Wörtlich geheim \\ 17"])
@pytest.mark.parametrize("security", ["none", "tls", "starttls"])
def test_a_failed_sign_in_says_no_password_anywhere(
    ring: Memory,
    tmp_path: Path,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    wrong: str,
    security: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.INFO)  # the SMTP server's own, of what it gets
    said: list[str] = []
    with (
        dovecot(tmp_path) as imap,
        smtp_server(tmp_path, security, "desk", "right") as smtp,  # type: ignore[arg-type]
    ):
        monkeypatch.setenv("SSL_CERT_FILE", str(imap.certificate.authority))
        inward = imap.settings(security=security)
        with pytest.raises(MailFailed, match="does not let desk in") as refused:
            connection.smtp(smtp.settings(), Password(wrong))
        said += traceback.format_exception(refused.value)
        with pytest.raises(MailFailed) as refused:
            connection.imap(inward, Password(wrong))
        said += traceback.format_exception(refused.value)
        mail = one_account(address="desk@example.com", imap=inward, smtp=smtp.settings())
        findings = check(mail, lambda server: Password(wrong), clock)
        said += map(repr, findings)
    assert [finding.ok for finding in findings] == [False, False]
    out, err = capfd.readouterr()
    everything = "\n".join([*said, out, err, caplog.text])
    packed = base64.b64encode(wrong.encode()).decode()
    for form in (wrong, packed, wrong.encode("unicode_escape").decode(), wrong[:6]):
        assert form not in everything
