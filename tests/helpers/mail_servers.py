"""Real mail servers on loopback: dovecot for IMAP, aiosmtpd for SMTP."""

from __future__ import annotations

import asyncio
import grp
import json
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, Literal

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from imap_tools import BaseMailBox, MailBoxUnencrypted
from imap_tools.imap_utf7 import utf7_encode

from poc_tui.settings.mail import Security, Server
from tests.helpers.certificates import HOST, Certificate, certificate
from tests.helpers.loopback import answers, cut_after as cut_after, free_port as free_port, wait_for
from tests.helpers.oauth_provider import SCOPE, OAuthServer

USER = "desk@example.com"
PASSWORD = 'kein "Wort" \\ davon'  # noqa: S105  (with what IMAP has to quote)


class Dovecot:
    """An IMAP server with one account; `kill` and `start` as often as a test likes.

    `sent` is the folder that it has for sent mail, in ASCII; "" if it has none.
    """

    user = USER
    password = PASSWORD
    host = HOST

    def __init__(
        self,
        base: Path,
        certificate: Certificate,
        provider: OAuthServer | None,
        mechanisms: str,
        sent: str,
    ) -> None:
        self.certificate = certificate
        self.sent = sent
        self._mechanisms = mechanisms
        self.port, self.tls_port = free_port(), free_port()
        self.maildir = base / "home" / "Maildir"
        self._base = base
        self._delivered = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        self._owner = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        (base / "home").mkdir()
        self._own(base / "home")
        (base / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n", encoding="utf-8")
        if provider is not None:
            (base / "oauth2.conf").write_text(
                "introspection_mode = post\n"
                f"introspection_url = http://127.0.0.1:{provider.introspection_port}/introspect\n"
                "active_attribute = active\nactive_value = true\nusername_attribute = username\n"
            )
        (base / "dovecot.conf").write_text(self._configuration(), encoding="utf-8")

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self._base / "out").open("ab") as out:
            self._process = subprocess.Popen(
                [_dovecot(), "-F", "-c", str(self._base / "dovecot.conf")],
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        try:
            wait_for(lambda: answers(self.port) and answers(self.tls_port), "dovecot")
        except BaseException:
            print((self._base / "out").read_text(errors="replace"))
            print((self._base / "log").read_text(errors="replace"))
            raise

    def kill(self) -> None:
        """End it and all that serve connections at once, as a power cut does."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
            wait_for(lambda: not answers(self.port), "dovecot to be gone")

    def settings(self, **changes: Any) -> Server:
        """How to reach it in the clear; with `security="tls"` or `"starttls"` as that wants."""
        port = self.tls_port if changes.get("security") == "tls" else self.port
        plain = Server("imap", HOST, port, "none", USER)
        return plain._replace(**changes)

    def deliver(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Put mails into a folder, which is made when there is none, as a delivery agent does."""
        place = self.maildir
        if folder != "INBOX":
            place /= "." + utf7_encode(folder.replace("/", ".")).decode("ascii")
        for name in ("tmp", "new", "cur"):
            (place / name).mkdir(parents=True, exist_ok=True)
        if folder != "INBOX":
            (place / "maildirfolder").touch()
        for path in (self.maildir, place, *place.iterdir()):
            self._own(path)
        for mail in mails:
            file = place / "tmp" / f"{next(self._delivered):010}.test"
            file.write_bytes(mail)
            self._own(file)
            file.rename(place / "new" / file.name)

    @contextmanager
    def box(self, folder: str = "INBOX") -> Iterator[BaseMailBox]:
        """The account as another mail program sees it, with that folder open."""
        with MailBoxUnencrypted(HOST, self.port).login(USER, PASSWORD, None) as box:
            box.folder.set(folder)
            yield box

    def lying(self, folder: str = "INBOX") -> list[bytes]:
        """The mails in a folder, to the byte, first come first."""
        with self.box(folder) as box:
            numbers = [number.encode() for number in box.numbers()]
            found = [box.client.fetch(number.decode(), "(BODY.PEEK[])")[1] for number in numbers]
            return [bytes(mail[0][1]) for mail in found if isinstance(mail[0], tuple)]

    def flags(self, folder: str = "INBOX") -> list[tuple[str, ...]]:
        """The flags of each mail in a folder, first come first."""
        with self.box(folder) as box:
            found = (mail.flags for mail in box.fetch(mark_seen=False, headers_only=True))
            return [tuple(sorted(set(flags) - {r"\Recent"})) for flags in found]

    def log(self) -> str:
        """What it wrote about what it did."""
        return (self._base / "log").read_text(encoding="utf-8", errors="replace")

    def _own(self, path: Path) -> None:
        if os.getuid() == 0:
            shutil.chown(path, self._owner, self._group())

    def _group(self) -> str:
        return grp.getgrgid(pwd.getpwnam(self._owner).pw_gid).gr_name

    def _configuration(self) -> str:
        """For dovecot 2.3. Without root, all of it runs as whoever runs the tests."""
        owner = pwd.getpwnam(self._owner)
        as_root = os.getuid() == 0
        ours = (
            ""
            if as_root
            else f"""
default_internal_user = {self._owner}
default_internal_group = {self._group()}
default_login_user = {self._owner}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
        )
        tokens = (
            f"""
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {self._base}/oauth2.conf
}}
"""
            if (self._base / "oauth2.conf").exists()
            else ""
        )
        return f"""
base_dir = {self._base}/run
state_dir = {self._base}/state
log_path = {self._base}/log
auth_verbose = yes
listen = 127.0.0.1
protocols = imap
{ours}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
ssl = yes
ssl_cert = <{self.certificate.chain}
ssl_key = <{self.certificate.key}
disable_plaintext_auth = no
auth_mechanisms = {self._mechanisms}
auth_failure_delay = 0 secs
first_valid_uid = 0
first_valid_gid = 0
{tokens}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {self._base}/users
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={self._base}/home
}}
mail_location = maildir:~/Maildir
mail_fsync = never
namespace inbox {{
  inbox = yes
  separator = /
{self._special()}
}}
"""

    def _special(self) -> str:
        if not self.sent:
            return ""
        return f"  mailbox {self.sent} {{\n    auto = create\n    special_use = \\Sent\n  }}"


@contextmanager
def dovecot(
    tmp_path: Path,
    provider: OAuthServer | None = None,
    mechanisms: str = "plain login",
    sent: str = "",
) -> Iterator[Dovecot]:
    """A dovecot that answers; `tmp_path` takes its certificate.

    `mechanisms` are the ways to sign in; of a token it asks the `provider`.
    Skips the test where dovecot is not installed, but not in CI, which installs it.
    """
    if not Path(_dovecot()).exists() and "CI" not in os.environ:
        pytest.skip("dovecot is not installed: apt-get install dovecot-imapd")
    # Its sockets lie in here, and the path of a socket is at most 107 characters long.
    base = Path(tempfile.mkdtemp(prefix="dovecot", dir="/tmp"))
    base.chmod(0o755)
    server = Dovecot(base, certificate(tmp_path), provider, mechanisms, sent)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(base, ignore_errors=True)


def _dovecot() -> str:
    return shutil.which("dovecot") or "/usr/sbin/dovecot"


@dataclass(frozen=True)
class Received:
    """A mail that the server took: what was said before it, and its bytes."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes


Drop = Literal["never", "before the dot", "after the dot"]


@dataclass
class Smtp:
    """An SMTP server and what it is to do; a test may change that at any time.

    `refuse` holds for an address its reply, such as `550 5.1.1 no such user`, `senders` the same
    for MAIL FROM, `reply` what is said to every mail after its final dot (None takes it). `drop`
    ends the connection in the middle of a mail, or when the mail was taken but no reply sent.
    `mechanisms` are the ways to sign in; of a token it asks the `provider`.
    """

    port: int
    certificate: Certificate
    security: Security = "none"
    user: str = ""
    password: str = ""
    received: list[Received] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    senders: dict[str, str] = field(default_factory=dict)
    reply: str | None = None
    drop: Drop = "never"
    provider: OAuthServer | None = None
    mechanisms: tuple[str, ...] = ("PLAIN", "LOGIN")
    _controller: Controller | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        context = self.certificate.context()
        self._controller = _Controller(
            self,
            hostname="127.0.0.1",
            server_hostname=HOST,
            port=self.port,
            ssl_context=context if self.security == "tls" else None,
            tls_context=context if self.security == "starttls" else None,
            require_starttls=self.security == "starttls",
            auth_require_tls=False,
            auth_exclude_mechanism={*_MECHANISMS} - {*self.mechanisms},
            authenticator=self._authenticate,
        )
        self._controller.start()

    def stop(self) -> None:
        """End it; what it received stays."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def settings(self, **changes: Any) -> Server:
        """How to reach it."""
        return Server("smtp", HOST, self.port, self.security, self.user)._replace(**changes)

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: Any
    ) -> AuthResult:
        if said == LoginPassword(self.user.encode(), self.password.encode()):
            return AuthResult(success=True)
        told = said.password.decode() if isinstance(said, LoginPassword) else ""
        # Some servers say a password back to whoever gave it.
        return AuthResult(success=False, handled=False, message=f"535 5.7.8 no: {told}")

    # What aiosmtpd calls when the client has said so much.

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.user and not session.authenticated:
            return "530 5.7.0 Authentication required"
        if address in self.senders:
            return self.senders[address]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.reply is not None:
            return self.reply
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append(
            Received(str(envelope.mail_from), tuple(map(str, envelope.rcpt_tos)), content)
        )
        if self.drop == "after the dot":
            _cut(server)
        return "250 OK"


_MECHANISMS = ("PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER")


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Dropping(self.handler, **self.SMTP_kwargs)


class _Dropping(SMTP):
    async def auth_XOAUTH2(self, _: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        return await self._by_token(args, "user={}\x01auth=Bearer {}\x01\x01", b"")

    async def auth_OAUTHBEARER(self, _: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        server: Smtp = self.event_handler
        form = f"n,a={{}},\x01host={HOST}\x01port={server.port}\x01auth=Bearer {{}}\x01\x01"
        return await self._by_token(args, form, b"\x01")

    async def _by_token(self, args: list[str], form: str, heard: bytes) -> AuthResult:
        """Let in who shows a good token in this form; else wait until `heard` is said."""
        server: Smtp = self.event_handler
        assert server.provider is not None
        said = b64decode(args[1]) if args[1:] else await self.challenge_auth("")
        good = [form.format(server.user, token).encode() for token in server.provider.tokens]
        if said in good:
            return AuthResult(success=True)
        refusal = {"status": "invalid_token", "schemes": "bearer", "scope": SCOPE}
        answer = await self.challenge_auth(json.dumps(refusal))
        end = "535 5.7.8 no" if answer == heard else "501 5.5.2 what was that"
        return AuthResult(success=False, handled=False, message=end)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        server: Smtp = self.event_handler
        if server.drop != "before the dot":
            await super().smtp_DATA(arg)
            return
        await self.push("354 go on")
        await self._reader.readline()
        _cut(self)


def _cut(server: SMTP) -> None:
    """End the connection without another word."""
    transport = server.transport
    assert isinstance(transport, asyncio.Transport)
    transport.abort()


@contextmanager
def smtp_server(
    tmp_path: Path,
    security: Security = "none",
    user: str = "",
    password: str = "",
    **changes: Any,
) -> Iterator[Smtp]:
    """An SMTP server that answers; with a `user` it wants AUTH. `tmp_path` takes its certificate.

    It may be stopped and started again on the same port.
    """
    server = Smtp(free_port(), certificate(tmp_path), security, user, password, **changes)
    server.start()
    try:
        yield server
    finally:
        server.stop()
