"""Signing a person in by OAuth 2, and what then signs in by itself for as long as that lasts."""

from __future__ import annotations

import os
import shlex
import socket
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import null

from poc_tui.errors import MailFailed
from poc_tui.mail.transport import sign_in
from poc_tui.mail.transport.credentials import Credentials, keep_sign_in, provider_of
from poc_tui.mail.transport.oauth import Provider, ProviderUnreachable, SignInEnded
from poc_tui.mail.transport.passwords import AccessToken
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import Server, SignIn
from tests.helpers import keyrings
from tests.helpers.certificates import certificate
from tests.helpers.keyrings import Memory
from tests.helpers.loopback import free_port
from tests.helpers.oauth_provider import CLIENT, OAuthServer, oauth_provider

SECRET = "GOCSPX-of-a-client"  # noqa: S105  (nothing that anybody may read)


@pytest.fixture
def ring() -> Iterator[Memory]:
    """A keyring of the test's own, which keeps no more under one name than that of Windows."""
    memory = Small()
    with keyrings.used(memory):
        yield memory


@pytest.fixture
def provider(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    with oauth_provider(tmp_path) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate(tmp_path).authority))
        yield running


class Small(Memory):
    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password) > 1280:
            raise OSError(1783, "The stub received bad data")
        super().set_password(service, username, password)


def account(provider: OAuthServer, user: str = "desk@example.com", **changes: Any) -> Server:
    oauth = provider.settings(**changes)
    return Server("imap", "imap.example.com", 993, "tls", user, auth="oauth2", oauth=oauth)


def signed_in(provider: OAuthServer, user: str = "desk@example.com") -> Server:
    """An account to which somebody has signed in on this computer."""
    server = account(provider, user)
    provider.user = user
    keep_sign_in(server, sign_in.by_browser(provider_of(server, {}), provider.visit))
    provider.tokens.clear()
    return server


def said_of(failed: pytest.ExceptionInfo[BaseException]) -> str:
    """All that can be read of a failure, but for the line of the test's own code."""
    return "".join(traceback.format_exception(failed.value))


# In the browser


def test_a_sign_in_lasts_beyond_the_process_and_no_token_is_kept_but_in_the_keyring(
    provider: OAuthServer, ring: Memory, clock: FixedClock
) -> None:
    server = signed_in(provider)
    assert Credentials({}, clock).of(server, None).reveal() in provider.tokens
    ((service, name), *_) = ring.kept
    assert (service, name) == ("poc:oauth", f"desk@example.com@localhost/{CLIENT}")
    assert "".join(ring.kept.values()).strip() in provider.refresh_tokens


def test_a_code_is_worth_nothing_without_what_was_kept_back(provider: OAuthServer) -> None:
    authority = Provider(account(provider))
    url = authority.authorization_url("http://127.0.0.1:9", "state", "v" * 64)
    query = provider.authorize(
        {name: value[0] for name, value in parse_qs(urlsplit(url).query).items()}
    ).partition("?")[2]
    with pytest.raises(MailFailed):
        authority.redeem(query, "http://127.0.0.1:9", "state", "w" * 64)


def test_who_comes_back_with_another_state_is_not_listened_to(provider: OAuthServer) -> None:
    def visit(url: str) -> None:
        asked = {name: value[0] for name, value in parse_qs(urlsplit(url).query).items()}
        for path, query in (
            ("", {"state": "another", "code": "of somebody else"}),
            ("", {"code": "of nobody"}),
            ("/favicon.ico", {"state": asked["state"], "code": "x"}),
        ):
            with pytest.raises(HTTPError, match="404"):
                urlopen(f"{asked['redirect_uri']}{path}?{urlencode(query)}", timeout=10)  # noqa: S310
        provider.visit(url)

    assert sign_in.by_browser(Provider(account(provider)), visit).access in provider.tokens


def test_a_browser_that_opens_a_line_and_is_silent_holds_nothing_up(
    provider: OAuthServer,
) -> None:
    with closing(socket.socket()) as silent:

        def visit(url: str) -> None:
            redirect = parse_qs(urlsplit(url).query)["redirect_uri"][0]
            silent.connect(("127.0.0.1", urlsplit(redirect).port or 0))
            provider.visit(url)
            silent.setblocking(False)
            with pytest.raises(BlockingIOError):
                silent.recv(1)  # nobody has hung up on it yet

        assert sign_in.by_browser(Provider(account(provider)), visit).refresh


def test_a_browser_that_is_closed_and_a_person_who_says_no_are_told_apart(
    provider: OAuthServer,
) -> None:
    authority = Provider(account(provider))
    with pytest.raises(MailFailed, match=r"Nobody signed in at localhost within .* --device"):
        sign_in.by_browser(authority, lambda url: None, patience=0)
    provider.refuses = "access_denied"
    with pytest.raises(MailFailed, match="did not agree"):
        sign_in.by_browser(authority, provider.visit)
    provider.refuses, provider.description = "server_error", "x"
    with pytest.raises(ProviderUnreachable, match="no answer just now"):
        sign_in.by_browser(authority, provider.visit)


def test_a_port_that_another_program_has_is_said_and_a_free_one_is_come_back_to(
    provider: OAuthServer,
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        server = account(provider, redirect_url=f"http://localhost:{port}/back")
        with pytest.raises(MailFailed, match=f"Port {port} of this computer is taken"):
            sign_in.by_browser(Provider(server), provider.visit)
    assert sign_in.by_browser(Provider(server), provider.visit).access in provider.tokens


def test_a_sign_in_that_would_not_last_is_not_kept(provider: OAuthServer, ring: Memory) -> None:
    provider.lasting = False
    server = account(provider)
    tokens = sign_in.by_browser(Provider(server), provider.visit)
    with pytest.raises(MailFailed, match=r'"mail\.imap\.oauth\.scopes".*offline_access'):
        keep_sign_in(server, tokens)
    assert ring.kept == {}


def test_a_keyring_that_forgets_is_said(provider: OAuthServer) -> None:
    server = account(provider)
    tokens = sign_in.by_browser(Provider(server), provider.visit)
    forgetful: type[KeyringBackend] = null.Keyring
    with keyrings.used(forgetful()), pytest.raises(MailFailed, match=r"no keyring.*token_comm"):
        keep_sign_in(server, tokens)


# By a code on another device


def test_a_code_is_asked_after_as_often_as_the_provider_wishes(provider: OAuthServer) -> None:
    provider.says = ["authorization_pending", "slow_down", 503, "authorization_pending"]
    told: list[str] = []
    waited: list[float] = []
    tokens = sign_in.by_device(Provider(account(provider)), told.append, waited.append)
    assert tokens.access in provider.tokens
    assert waited == [5, 5, 10, 20, 20]
    assert told == ["Open https://localhost/device on any device and type WDJB-MJHT there."]


@pytest.mark.parametrize(
    ("says", "why"),
    [
        (["access_denied"], "did not agree"),
        (["expired_token"], "The code is too old. `poc mail login imap` gives another."),
        (["authorization_pending"] * 20, "Nobody typed the code within 1 minutes"),
        ([503] * 20, "no answer just now"),
        (["invalid_scope"], '"mail.imap.oauth.scopes"'),
    ],
)
def test_a_code_that_nobody_types_in_time_or_that_is_declined_is_said(
    provider: OAuthServer, says: list[str | int], why: str
) -> None:
    provider.says = [*says]
    with pytest.raises(MailFailed) as failed:
        sign_in.by_device(Provider(account(provider)), lambda words: None, lambda seconds: None)
    assert why in str(failed.value)


def test_where_no_code_is_given_out_the_browser_is_named() -> None:
    server = Server("imap", "imap.gmail.com", auth="oauth2", oauth=SignIn("google", CLIENT))
    with pytest.raises(MailFailed, match=r"oauth2\.googleapis\.com signs nobody .* by browser"):
        sign_in.by_device(Provider(server), lambda words: None, lambda seconds: None)


# For as long as it lasts


def test_a_token_is_renewed_before_it_ends_and_not_earlier(
    provider: OAuthServer, ring: Memory, clock: FixedClock
) -> None:
    server, credentials = signed_in(provider), Credentials({}, clock)
    first = credentials.of(server, None)
    clock.advance(timedelta(minutes=54))
    assert credentials.of(server, None) == first
    clock.advance(timedelta(minutes=2))
    assert credentials.of(server, None) != first
    assert len(provider.tokens) == 2


def test_a_clock_that_is_set_back_keeps_no_token_for_ever(
    provider: OAuthServer, ring: Memory, clock: FixedClock
) -> None:
    server, credentials = signed_in(provider), Credentials({}, clock)
    credentials.of(server, None)
    clock.advance(timedelta(days=-400))
    provider.tokens.clear()
    token = credentials.of(server, None)
    assert isinstance(token, AccessToken)
    assert token.renew()
    assert token.reveal() in provider.tokens


def test_both_ways_of_an_account_have_one_sign_in_and_two_accounts_have_two(
    provider: OAuthServer, ring: Memory, clock: FixedClock
) -> None:
    desk, sales = signed_in(provider), signed_in(provider, "sales@example.com")
    credentials = Credentials({}, clock)
    provider.user = "desk@example.com"
    outward = desk._replace(way="smtp", host="smtp.example.com", port=587)
    assert credentials.of(outward, None) == credentials.of(desk, None)
    assert credentials.of(sales, None) != credentials.of(desk, None)
    held = {name.partition("#")[0] for _, name in ring.kept}
    assert held == {f"{user}@example.com@localhost/{CLIENT}" for user in ("desk", "sales")}


def test_where_each_renewal_gives_another_way_to_renew_that_one_is_kept(
    provider: OAuthServer, ring: Memory, clock: FixedClock
) -> None:
    server = signed_in(provider)
    provider.rotates = True
    for _ in range(3):
        assert Credentials({}, clock).of(server, None).reveal() in provider.tokens
    assert len(provider.refresh_tokens) == 1


def test_what_another_poc_has_renewed_meanwhile_is_no_end(
    provider: OAuthServer, ring: Memory, clock: FixedClock
) -> None:
    server = signed_in(provider)
    provider.rotates = True
    before = dict(ring.kept)
    Credentials({}, clock).of(server, None)
    after = dict(ring.kept)

    class Late(Memory):
        """What the other poc wrote is there when it is looked for again."""

        looks = 0

        def get_password(self, service: str, username: str) -> str | None:
            self.looks += (service, "#" in username) == ("poc:oauth", False)
            return (before if self.looks == 1 else after).get((service, username))

    assert len(before) == len(after) == 2
    with keyrings.used(Late()):
        assert Credentials({}, clock).of(server, None).reveal() in provider.tokens


@pytest.mark.parametrize("rest", ["revoked", "never signed in", "half of it is in the keyring"])
def test_where_somebody_must_sign_in_it_is_said_how(
    provider: OAuthServer, ring: Memory, clock: FixedClock, rest: str
) -> None:
    server = account(provider) if rest == "never signed in" else signed_in(provider)
    if rest == "revoked":
        provider.revoke()
    elif rest != "never signed in":
        del ring.kept[next(key for key in ring.kept if key[1].endswith("#1"))]
    with pytest.raises(SignInEnded, match="`poc mail login imap`") as failed:
        Credentials({}, clock).of(server, None)
    assert "desk@example.com" in str(failed.value)
    for token in ring.kept.values():
        assert token[:100] not in said_of(failed)


@pytest.mark.parametrize(
    ("says", "description", "why"),
    [
        (503, "", "no answer just now (503)"),
        (302, "", "nothing that OAuth2 knows"),
        (200, "", "nothing that OAuth2 knows"),
        ("temporarily_unavailable", "", "no answer just now"),
        ("interaction_required", "AADSTS50076", "Sign in again"),
        ("invalid_client", "AADSTS7000218: no secret", "AADSTS7000218: no secret. Check"),
        ("invalid_request", "AADSTS50194 \x1b]52;c;x\x07", "AADSTS50194. Check [mail.imap.oauth]"),
    ],
)
def test_what_a_provider_says_is_a_sentence_that_says_what_to_do(
    provider: OAuthServer,
    ring: Memory,
    clock: FixedClock,
    says: str | int,
    description: str,
    why: str,
) -> None:
    server = signed_in(provider)
    provider.says, provider.description = [says], description
    with pytest.raises(MailFailed) as failed:
        Credentials({}, clock).of(server, None)
    assert why in str(failed.value)
    assert str(failed.value).isprintable()
    assert Credentials({}, clock).of(server, None).reveal() in provider.tokens


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"[]", b"null", b'"access_token"', b"{}", b"[" * 100_000, b"\xff\xfe",
        b'{"access_token": 1}', b'{"access_token": ["a"]}', b'{"access_token": "a\\u0001b"}',
        b'{"access_token": "a", "refresh_token": "b\\n"}', b'{"access_token": "\xc3\xbc"}',
        b'{"access_token": "a", "scope": 5}', b'{"access_token": "a", "expires_in": "soon"}',
        b'{"access_token": "a", "expires_in": Infinity}',
        b'{"access_token": "a", "expires_in": {}}',
        b'{"error": {"code": 1}}', b'{"error": null}', b'{"error": "x y\\u001b[0m"}',
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_said(
    provider: OAuthServer, ring: Memory, clock: FixedClock, answer: bytes
) -> None:
    server = signed_in(provider)
    provider.says = [answer]
    with pytest.raises(MailFailed, match="nothing that OAuth2 knows"):
        Credentials({}, clock).of(server, None)


@pytest.mark.parametrize("seconds", ["0", "-5", "null", "NaN", "1e300", "1" + "0" * 300, '"3600"'])
def test_however_long_a_token_is_said_to_hold_it_is_used(
    provider: OAuthServer, ring: Memory, clock: FixedClock, seconds: str
) -> None:
    server = signed_in(provider)
    provider.says = [f'{{"access_token": "a", "expires_in": {seconds}}}'.encode()]
    credentials = Credentials({}, clock)
    if seconds == "NaN":
        with pytest.raises(MailFailed, match="nothing that OAuth2 knows"):
            credentials.of(server, None)
        return
    assert credentials.of(server, None).reveal() == "a"
    clock.advance(timedelta(days=2))
    assert credentials.of(server, None).reveal() in provider.tokens


def test_offline_is_said_and_passes(provider: OAuthServer, ring: Memory, clock: FixedClock) -> None:
    server = signed_in(provider)
    for gone in (f"localhost:{free_port()}", "no-such-host.invalid"):
        away = server._replace(oauth=provider.settings(token_url=f"https://{gone}/token"))
        with pytest.raises(ProviderUnreachable, match="cannot be reached"):
            Provider(away).refresh("refresh")
    assert Credentials({}, clock).of(server, None).reveal() in provider.tokens


@pytest.mark.parametrize(
    ("age", "why"),
    [
        (timedelta(days=1), "unable to get local issuer certificate. Nothing was said"),
        (timedelta(days=3), "certificate has expired. Check the clock of this computer."),
        (timedelta(days=-1), "certificate is not yet valid. Check the clock of this computer."),
    ],
)
def test_to_whom_shows_a_wrong_certificate_nothing_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age: timedelta, why: str
) -> None:
    made = certificate(tmp_path, age=age)
    if age != timedelta(days=1):
        monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    with oauth_provider(tmp_path) as provider, pytest.raises(ProviderUnreachable) as failed:
        Provider(account(provider)).refresh("refresh")
    assert why in str(failed.value)


# The client's secret


def test_a_secret_of_the_client_comes_of_its_command_else_of_the_keyring_else_of_a_person(
    provider: OAuthServer, ring: Memory, clock: FixedClock
) -> None:
    provider.secret = SECRET
    command = shlex.join([sys.executable, "-c", f"print({SECRET!r})"])
    by_command = account(provider, client_secret_command=command)
    authority = provider_of(by_command, os.environ)
    assert sign_in.by_browser(authority, provider.visit).refresh
    google = by_command._replace(oauth=provider.settings(provider="google"))
    asked: list[str] = []

    def ask(words: str) -> str:
        asked.append(words)
        return SECRET

    keep_sign_in(google, sign_in.by_browser(provider_of(google, {}, ask), provider.visit))
    assert asked == [f"Client secret of {CLIENT} (nothing: as before): "]
    assert Credentials({}, clock).of(google, None).reveal() in provider.tokens
    as_before = provider_of(google, {}, lambda words: "")
    assert sign_in.by_browser(as_before, provider.visit).refresh


def test_a_provider_that_says_a_secret_back_is_not_repeated(
    provider: OAuthServer, ring: Memory, clock: FixedClock
) -> None:
    server = signed_in(provider)
    provider.secret = SECRET
    command = shlex.join([sys.executable, "-c", "print('WRONG-secret-of-a-client')"])
    wrong = server._replace(oauth=provider.settings(client_secret_command=command))
    with pytest.raises(MailFailed, match=r'"mail\.imap\.oauth\.client_id"') as failed:
        Credentials(os.environ, clock).of(wrong, None)
    assert "WRONG-secret" not in said_of(failed).replace(command, "")
    assert "refresh." not in said_of(failed)


# A token that a command prints


def prints(*tokens: str) -> Callable[[Path], str]:
    """A command that prints the first of these, and from then on the next each time."""

    def command(folder: Path) -> str:
        count = folder / "count"
        count.write_text("0")
        code = (
            f"import pathlib as p; c = p.Path({str(count)!r}); n = int(c.read_text());"
            f"c.write_text(str(n + 1)); print({tokens!r}[min(n, {len(tokens) - 1})])"
        )
        return shlex.join([sys.executable, "-c", code])

    return command


def test_a_token_that_a_command_prints_is_asked_for_once_more_when_it_is_refused(
    provider: OAuthServer, clock: FixedClock, tmp_path: Path
) -> None:
    command = prints("old", "new", "new")(tmp_path)
    token = Credentials(os.environ, clock).of(
        account(provider)._replace(token_command=command), None
    )
    assert isinstance(token, AccessToken)
    assert (token.reveal(), token.place) == ("old", "command")
    assert token.renew()
    assert token.reveal() == "new"
    assert not token.renew()


@pytest.mark.parametrize("printed", ["Schlüssel", "a\x01auth=Bearer b", ""])
def test_a_command_that_prints_no_token_is_named_by_its_setting(
    provider: OAuthServer, clock: FixedClock, tmp_path: Path, printed: str
) -> None:
    server = account(provider)._replace(token_command=prints(printed)(tmp_path))
    with pytest.raises(MailFailed, match=r'"mail\.imap\.token_command"') as failed:
        Credentials(os.environ | {"PYTHONUTF8": "1"}, clock).of(server, None)
    assert not printed or printed not in str(failed.value)


def test_without_a_user_nobody_can_sign_in(provider: OAuthServer, clock: FixedClock) -> None:
    with pytest.raises(MailFailed, match=r'"mail\.imap\.user" is ""'):
        Credentials({}, clock).of(account(provider, user=""), None)
