"""With an access token one is let in at real servers, and no password goes where none is taken."""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
import threading
import traceback
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from poc_tui.errors import MailFailed
from poc_tui.mail.transport import connection
from poc_tui.mail.transport.check import Finding, check
from poc_tui.mail.transport.passwords import AccessToken, Password
from poc_tui.mail.transport.sasl import TokenSignIn
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import MailSettings, Server
from poc_tui.store import drafts
from tests.helpers.loopback import DEADLINE, answers, free_port, wait_for
from tests.helpers.made_up_mail import DESK, a_mail
from tests.helpers.mail_servers import PASSWORD, USER, Dovecot, Smtp, dovecot, smtp_server
from tests.helpers.mail_setup import one_account
from tests.helpers.oauth_provider import SCOPE, OAuthServer, oauth_provider
from tests.helpers.post_office import Office

CASE = Path(__file__).parents[3] / "shared/cases/mail/23/fake_m365.py"


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    with oauth_provider(tmp_path) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        yield running


@pytest.fixture(params=["XOAUTH2", "OAUTHBEARER"])
def mechanism(request: pytest.FixtureRequest) -> str:
    """The only way that a server offers to sign in."""
    return str(request.param)


@pytest.fixture
def imap(mechanism: str, tmp_path: Path, provider: OAuthServer) -> Iterator[Dovecot]:
    with dovecot(tmp_path, provider, mechanism.lower()) as running:
        yield running


@pytest.fixture
def smtp(mechanism: str, tmp_path: Path, provider: OAuthServer) -> Iterator[Smtp]:
    offers = (mechanism,)
    with smtp_server(tmp_path, user=USER, provider=provider, mechanisms=offers) as running:
        yield running


def token(provider: OAuthServer, text: str = "") -> AccessToken:
    """A token, good unless it is given, in place of which there is always another that is good."""
    return AccessToken(
        text or provider.access_token(), "sign-in", lambda refused: provider.access_token()
    )


def bad(text: str = "of-yesterday-0123456789") -> AccessToken:
    """A token that is not good, and there is no other."""
    return AccessToken(text, "command", lambda refused: refused)


def the_only_failure(mail: MailSettings, secret: Password, clock: FixedClock) -> str:
    (finding,) = check(mail, lambda server: secret, clock)
    assert not finding.ok
    return finding.sentence


# Let in


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_mail_is_read_with_a_token(
    imap: Dovecot, provider: OAuthServer, clock: FixedClock, security: str
) -> None:
    mail = one_account(imap=imap.settings(auth="oauth2", security=security))
    assert check(mail, lambda server: token(provider), clock) == [
        Finding(
            "imap",
            True,
            f"localhost lets {USER} in by OAuth2. In INBOX: 0 mails, 0 of them unread."
            " Mail that is taken in stays there as it is.",
        )
    ]


@pytest.mark.parametrize("length", [1, 200, 420])
def test_mail_is_sent_with_a_token_however_long(
    smtp: Smtp, provider: OAuthServer, clock: FixedClock, length: int
) -> None:
    good = "t" * length
    provider.tokens[good] = USER
    mail = one_account(address=DESK, send="smtp", smtp=smtp.settings(auth="oauth2"))
    (finding,) = check(mail, lambda server: token(provider, good), clock)
    assert finding.sentence == (
        f"localhost lets {USER} in by OAuth2 and takes mail from {DESK}. Nothing was sent."
    )


def test_what_is_said_with_a_token_is_that_of_the_rfc() -> None:
    """RFC 7628, section 4.1; the name in it as RFC 5801, section 4 has it."""
    server = Server("imap", "server.example.com", 143, "none", "user@example.com")
    secret = Password("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==")
    said = TokenSignIn(server, secret, ["PLAIN", "XOAUTH2", "OAUTHBEARER"]).answer(b"")
    assert b64encode(said) == (
        b"bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyI"
        b"HZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB"
    )
    odd = TokenSignIn(server._replace(user="a=b,c"), secret, ["OAUTHBEARER"]).answer(b"")
    assert odd.startswith(b"n,a=a=3Db=2Cc,\x01host=")


@pytest.mark.parametrize(
    ("challenge", "status", "scope"),
    [
        (b'{"status":"401","schemes":"bearer mac","scope":"https://mail.google.com/"}', "401",
         "https://mail.google.com/"),
        (b'{"status":401}', "401", ""),
        (b'{"status":"in\x1b[0m valid","scope":["a"]}', "", ""),
        (b'{"status":"s3cret"}', "", ""),
        (b"[]", "", ""),
        (b"[" * 100_000, "", ""),
        (b"", "", ""),
        (b"\xff", "", ""),
    ],
)  # fmt: skip
def test_what_a_server_says_of_a_token_is_read_as_far_as_it_is_sound(
    challenge: bytes, status: str, scope: str
) -> None:
    exchange = TokenSignIn(Server("imap"), Password("s3cret"), ["OAUTHBEARER"])
    exchange.answer(b"")
    assert exchange.answer(challenge) == b"\x01"
    assert (exchange.status, exchange.scope) == (status, scope)


def test_a_token_that_is_refused_is_renewed_once(
    imap: Dovecot, smtp: Smtp, provider: OAuthServer
) -> None:
    for old in ("of yesterday", "of yesterday" + "x" * 400):
        connection.imap(imap.settings(), token(provider, old)).logout()
        connection.smtp(smtp.settings(), token(provider, old)).quit()
    provider.user = "somebody-else@example.com"
    with pytest.raises(MailFailed, match=r"does not let desk@example\.com in"):
        connection.imap(imap.settings(), token(provider))


def test_a_request_goes_the_whole_way_while_tokens_end(
    path: str,
    clock: FixedClock,
    deadlines: Deadlines,
    imap: Dovecot,
    smtp: Smtp,
    provider: OAuthServer,
) -> None:
    secret = token(provider)
    ways = imap.settings(auth="oauth2"), smtp.settings(auth="oauth2")
    with closing(Office(path, clock, deadlines, *ways, lambda server: secret)) as here:
        for turn in range(2):
            provider.tokens.clear()
            imap.deliver(
                a_mail(turn, f"info@firma{turn}.example", "Frage", "?", clock.now()).as_bytes()
            )
            (number,) = here.fetch().numbers
            provider.tokens.clear()
            here.do(drafts.Answer("ten"), number)
            assert here.send().sent == 1
            clock.advance(timedelta(hours=1))
    assert [mail.recipients for mail in smtp.received] == [
        ("info@firma0.example",), ("info@firma1.example",)
    ]  # fmt: skip


# Not let in


def test_why_a_token_is_refused_is_said_and_where_it_came_from(
    imap: Dovecot, smtp: Smtp, clock: FixedClock
) -> None:
    said = the_only_failure(one_account(imap=imap.settings(auth="oauth2")), bad(), clock)
    assert said.startswith(f"localhost does not let {USER} in with this access token: ")
    assert "AUTHENTICATIONFAILED" in said
    assert 'the command in "mail.imap.token_command" prints a token for this server' in said
    outward = one_account(address=DESK, smtp=smtp.settings(auth="oauth2"))
    ours = AccessToken("of yesterday", "sign-in", lambda refused: refused)
    said = the_only_failure(outward, ours, clock)
    assert f"token: invalid_token, 535 5.7.8. It wants the scope {SCOPE}." in said
    assert said.endswith(
        '"mail.smtp.oauth.scopes", or sign in again as that user: `poc mail login smtp`.'
    )


def test_a_server_that_takes_no_token_gets_none(tmp_path: Path, clock: FixedClock) -> None:
    secret = bad()
    with dovecot(tmp_path) as imap, smtp_server(tmp_path, user=USER, password=PASSWORD) as smtp:
        mail = one_account(address=DESK, imap=imap.settings(), smtp=smtp.settings())
        findings = check(mail, lambda server: secret, clock)
    for finding, way in zip(findings, ("imap", "smtp"), strict=True):
        assert not finding.ok
        assert "takes no access token" in finding.sentence
        assert f'Set "mail.{way}.auth" to "password"' in finding.sentence


@pytest.mark.parametrize("text", ["of-yesterday-0123456789", "x" * 20 + "long." * 150])
def test_a_token_is_seen_nowhere_when_it_is_refused(
    imap: Dovecot,
    smtp: Smtp,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    text: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("mail.log").setLevel(logging.INFO)  # the SMTP server's own, of what it gets
    said: list[str] = []
    for refused in (
        lambda: connection.imap(imap.settings(), bad(text)),
        lambda: connection.smtp(smtp.settings(), bad(text[:400])),
    ):
        with pytest.raises(MailFailed) as failed:
            refused()
        said += traceback.format_exception(failed.value)
    out, err = capfd.readouterr()
    everything = "\n".join([*said, out, err, caplog.text])
    for form in (text[:16], b64encode(text.encode()).decode()[:16]):
        assert form not in everything


# A password that nobody takes


class Listener:
    """A server that greets, offers, and refuses the rest; `said` is what it was told."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.said: list[bytes] = []


@contextmanager
def offering(way: str, offer: str) -> Iterator[Listener]:
    """A server of that way that offers this, and lets in whoever signs in by what it offers."""
    listening = socket.create_server(("127.0.0.1", 0))
    listener = Listener(listening.getsockname()[1])

    def talk() -> None:
        with listening, listening.accept()[0] as line, line.makefile("rwb", 0) as file:
            file.write(b"* OK ready\r\n" if way == "imap" else b"220 ready\r\n")
            for said in file:
                listener.said.append(said)
                tag, _, command = said.strip().partition(b" ")
                if way == "smtp":
                    known = {b"ehlo": f"250-here\r\n250 {offer}\r\n".encode()}
                    file.write(known.get(tag.lower(), b"535 5.7.8 no\r\n"))
                elif command == b"CAPABILITY":
                    file.write(
                        f"* CAPABILITY IMAP4rev1 {offer}\r\n".encode() + tag + b" OK yes\r\n"
                    )
                elif command.startswith(b"AUTHENTICATE"):
                    file.write(b"+ \r\n")
                    listener.said.append(file.readline())
                    file.write(tag + b" NO no\r\n")
                else:
                    file.write(tag + b" NO no\r\n")

    thread = threading.Thread(target=talk)
    thread.start()
    yield listener
    thread.join(DEADLINE)


def _sent(way: str, offer: str, password: str) -> tuple[str, bytes]:
    """What a person is told of a server that offers this, and all that the server was told."""
    with offering(way, offer) as listener:
        server = Server("imap", "127.0.0.1", listener.port, "none", "desk")
        if way == "smtp":
            server = server._replace(way="smtp")
        with pytest.raises(MailFailed) as failed:
            {"imap": connection.imap, "smtp": connection.smtp}[way](server, Password(password))
    return str(failed.value), b"".join(listener.said)


@pytest.mark.parametrize("password", ["mellon", "Schlüssel"])
@pytest.mark.parametrize(
    ("way", "offer", "why"),
    [
        ("imap", "AUTH=XOAUTH2 SASL-IR LOGINDISABLED", "only with OAuth2; none was sent"),
        ("imap", "AUTH=XOAUTH2 AUTH=OAUTHBEARER", 'Set "mail.imap.auth" to "oauth2"'),
        ("imap", "AUTH=GSSAPI AUTH=OAUTHBEARER", "only with OAuth2"),
        ("imap", "LOGINDISABLED AUTH=NTLM AUTH=XOAUTH2", "only with OAuth2"),
        ("imap", "LOGINDISABLED", "takes no password on port"),
        ("imap", "STARTTLS LOGINDISABLED AUTH=ANONYMOUS", '"mail.imap.security"'),
        ("smtp", "AUTH XOAUTH2", 'Set "mail.smtp.auth" to "oauth2"'),
        ("smtp", "AUTH oauthbearer xoauth2 EXTERNAL", "only with OAuth2; none was sent"),
        ("smtp", "AUTH NTLM XOAUTH2", "only with OAuth2"),
        ("smtp", "AUTH GSSAPI", "lets nobody sign in"),
        ("smtp", "AUTH NTLM", "lets nobody sign in"),
        ("smtp", "SIZE 1000", "lets nobody sign in"),
    ],
)
def test_a_password_is_not_sent_where_none_is_taken(
    way: str, offer: str, why: str, password: str
) -> None:
    said, sent = _sent(way, offer, password)
    assert why in said
    assert "not let desk in" not in said
    for word in (b"LOGIN", b"AUTH", password.encode(), b64encode(password.encode())):
        assert word not in sent.upper().replace(b"CAPABILITY", b"")


@pytest.mark.parametrize(
    ("way", "offer"),
    [
        ("imap", ""),
        ("imap", "AUTH=PLAIN AUTH=XOAUTH2 AUTH=OAUTHBEARER"),
        ("imap", "AUTH=NTLM AUTH=GSSAPI AUTH=XOAUTH2"),
        ("imap", "LOGINDISABLED AUTH=PLAIN"),
        ("smtp", "AUTH LOGIN PLAIN XOAUTH2"),
        ("smtp", "AUTH XOAUTH2 CRAM-MD5"),
    ],
)
def test_where_a_password_is_taken_too_it_signs_in(way: str, offer: str) -> None:
    said, sent = _sent(way, offer, "mellon")
    assert "does not let desk in" in said
    by_login = b"LOGIN" in sent
    assert by_login or b"AUTH" in sent
    assert not (by_login and "LOGINDISABLED" in offer)


@pytest.mark.skipif(not CASE.exists(), reason="the cases lie beside the repository, or nowhere")
def test_of_microsoft_365_it_is_said_that_it_wants_oauth2(clock: FixedClock) -> None:
    port = free_port()
    code = CASE.read_text("utf-8").replace("41431", str(port))
    assert str(port) in code
    with subprocess.Popen([sys.executable, "-uc", code], stdout=subprocess.PIPE) as running:
        wait_for(lambda: answers(port), "the server of the case")
        server = Server("imap", "127.0.0.1", port, "none", "desk@example.com")
        said = the_only_failure(one_account(imap=server), Password("geheim"), clock)
        printed, _ = running.communicate(timeout=DEADLINE)
    assert "only with OAuth2; none was sent" in said
    assert b"LOGIN" not in printed
    assert b"CAPABILITY" in printed
