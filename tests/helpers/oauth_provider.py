"""Who signs people in by OAuth 2, on loopback: strict about what the RFCs want of a client."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

import pytest

from poc_tui.settings.mail import SignIn
from tests.helpers.certificates import HOST, certificate

CLIENT = "poc-at-test"
SCOPE = "mail.all"
LONG = "t" * 400
"""With it no token fits into a command of SMTP, as those of Microsoft do not."""


@dataclass
class OAuthServer:
    """Its endpoints, and what it is to do; a test may change that at any time.

    `user` is who signs in. `says` are answers of the token endpoint, given before any other: an
    error such as `slow_down`, a status of HTTP, or all of it as bytes. `refuses` is how the person,
    or the provider, declines in the browser. `tokens` holds each access token that is good, with
    its user.
    """

    port: int = 0
    introspection_port: int = 0
    user: str = "desk@example.com"
    secret: str = ""
    lasting: bool = True
    rotates: bool = False
    seconds: int = 3600
    refuses: str = ""
    description: str = ""
    says: list[str | int | bytes] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    device_codes: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    """What a client did against the RFCs; none is to do anything."""

    def settings(self, **changes: Any) -> SignIn:
        """How to sign in there."""
        at = f"https://{HOST}:{self.port}"
        own = SignIn(
            client_id=CLIENT,
            authorization_url=f"{at}/authorize",
            token_url=f"{at}/token",
            device_url=f"{at}/device",
            scopes=(SCOPE,),
        )
        return own._replace(**changes)

    def toml(self, way: str = "imap") -> str:
        """The same as a table of the settings."""
        own = {name: value for name, value in self.settings()._asdict().items() if value}
        lines = [f"{name} = {json.dumps(value)}" for name, value in own.items()]
        return "\n".join([f"[mail.{way}.oauth]", *lines, ""])

    def revoke(self) -> None:
        """End every sign-in, as a person does who changes the password."""
        self.tokens.clear()
        self.refresh_tokens.clear()

    def visit(self, url: str) -> None:
        """What the browser of a person does who signs in and agrees (or, by `refuses`, not)."""
        with urlopen(url, timeout=10) as page:  # noqa: S310
            assert b"can be closed" in page.read()

    # The endpoints.

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        redirect = asked["redirect_uri"]
        self._expect(asked["response_type"] == "code", "response_type")
        self._expect(asked["code_challenge_method"] == "S256", "a challenge that hides nothing")
        self._expect(len(asked["code_challenge"]) == 43, "code_challenge")
        self._expect(asked["scope"] == SCOPE, "scope")
        self._expect(urlsplit(redirect).hostname in ("127.0.0.1", HOST), "redirect_uri")
        if self.refuses:
            answer = {"error": self.refuses, "error_description": self.description}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = asked["code_challenge"], redirect
            answer = {"code": code}
        return f"{redirect}?{urlencode({**answer, 'state': asked['state']})}"

    def device(self, asked: dict[str, str]) -> dict[str, Any]:
        self._expect(asked == {"client_id": CLIENT, "scope": SCOPE}, "what a device asks")
        code = secrets.token_urlsafe(16)
        self.device_codes.add(code)
        return {
            "device_code": code,
            "user_code": "WDJB-MJHT",
            "verification_uri": f"https://{HOST}/device",
            "expires_in": 60,
            "interval": 5,
        }

    def token(self, asked: dict[str, str]) -> dict[str, Any] | int | bytes:
        """What the token endpoint answers; a number is a status of HTTP without more."""
        if self.says:
            said = self.says.pop(0)
            if not isinstance(said, str):
                return said
            return {"error": said, "error_description": self.description}
        if asked.get("client_id") != CLIENT or asked.get("client_secret", "") != self.secret:
            return {"error": "invalid_client", "error_description": f"no: {self._shown(asked)}"}
        known = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh_token,
            "urn:ietf:params:oauth:grant-type:device_code": self._by_device_code,
        }[asked["grant_type"]](asked)
        if not known:
            # Some providers say back what they were given.
            return {"error": "invalid_grant", "error_description": f"no: {self._shown(asked)}"}
        given: dict[str, Any] = {
            "access_token": self.access_token(), "token_type": "Bearer", "expires_in": self.seconds,
            # Providers give more than was asked for, and say so.
            "scope": f"{SCOPE} openid",
        }  # fmt: skip
        if self.lasting and (asked["grant_type"] != "refresh_token" or self.rotates):
            given["refresh_token"] = self.refresh_token()
        return given

    def access_token(self) -> str:
        """A new one that is good."""
        token = f"access.{secrets.token_urlsafe(16)}{LONG}"
        self.tokens[token] = self.user
        return token

    def refresh_token(self) -> str:
        """A new one that is good, too long for one entry of a keyring."""
        token = f"refresh.{secrets.token_urlsafe(16)}{'r' * 1500}"
        self.refresh_tokens[token] = self.user
        return token

    def introspect(self, asked: dict[str, str]) -> dict[str, Any]:
        """What a mail server asks about a token (RFC 7662)."""
        user = self.tokens.get(asked["token"])
        return {"active": user is not None} | ({"username": user} if user else {})

    def _by_code(self, asked: dict[str, str]) -> bool:
        challenge, redirect = self.codes.pop(asked["code"], ("", ""))
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        hidden = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return hidden == challenge and asked["redirect_uri"] == redirect

    def _by_refresh_token(self, asked: dict[str, str]) -> bool:
        token = asked["refresh_token"]
        if self.rotates:
            return self.refresh_tokens.pop(token, None) is not None
        return token in self.refresh_tokens

    def _by_device_code(self, asked: dict[str, str]) -> bool:
        return asked["device_code"] in self.device_codes

    def _shown(self, asked: dict[str, str]) -> str:
        kinds = ("client_secret", "code", "refresh_token", "device_code")
        return " ".join(asked[kind] for kind in kinds if kind in asked)

    def _expect(self, holds: bool, what: str) -> None:
        if not holds:
            self.wrong.append(what)


@contextmanager
def oauth_provider(tmp_path: Path, **changes: Any) -> Iterator[OAuthServer]:
    """A provider that answers over TLS; `tmp_path` takes its certificate."""
    provider = OAuthServer(**changes)

    class Endpoint(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/elsewhere":
                self._answer(200, b'{"access_token": "of somebody else"}')
                return
            self.send_response(302)
            self.send_header("Location", provider.authorize(_fields(asked.query)))
            self.end_headers()

        def do_POST(self) -> None:
            asked = _fields(self.rfile.read(int(self.headers["Content-Length"])).decode())
            endpoints: dict[str, Any] = {
                "/token": provider.token,
                "/device": provider.device,
                "/introspect": provider.introspect,
            }
            answer = endpoints[self.path](asked)
            text = answer if isinstance(answer, bytes) else b"<p>not now"
            text = json.dumps(answer).encode() if isinstance(answer, dict) else text
            refused = 400 if isinstance(answer, dict) and "error" in answer else 200
            self._answer(answer if isinstance(answer, int) else refused, text)

        def _answer(self, status: int, text: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            if status // 100 == 3:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """A client that does not trust it hangs up."""

    servers = [Quiet(("127.0.0.1", 0), Endpoint) for _ in range(2)]
    context = certificate(tmp_path).context()
    servers[0].socket = context.wrap_socket(servers[0].socket, server_side=True)
    provider.port, provider.introspection_port = (server.server_address[1] for server in servers)
    threads = [
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        for server in servers
    ]
    for thread in threads:
        thread.start()
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("no_proxy", "*")
            yield provider
    finally:
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()
    assert provider.wrong == []


def _fields(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, strict_parsing=True).items()}
