"""Signing a person in by OAuth 2: in the browser of this computer, or by a code on another device.

The browser comes back to a port of this computer that nobody else can reach (RFC 8252, section
7.3), with a code that is worth nothing without what was kept back here (PKCE, RFC 7636).
"""

from __future__ import annotations

import hmac
import os
import queue
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import cast
from urllib.parse import parse_qs, urlsplit

from poc_tui.errors import MailFailed
from poc_tui.mail.transport.oauth import CodePending, Provider, ProviderUnreachable, Tokens
from poc_tui.rules.text import safe

PATIENCE = 300.0
"""Seconds that a person may take in the browser."""

SLOWER = 5.0
"""Seconds by which is asked less often from when that is wished (RFC 8628, section 3.5)."""

_LINE_SECONDS = 10.0
"""For a browser that opens a line to say something; some open one and say nothing."""


def by_browser(
    provider: Provider, open_url: Callable[[str], None], *, patience: float = PATIENCE
) -> Tokens:
    """Have a person sign in in the browser, which `open_url` sends there.

    Raises:
        MailFailed: nobody did within `patience` seconds, somebody said no, or the port that the
            settings name is taken.
    """
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    with _listening(provider, state) as (redirect, answers):
        open_url(provider.authorization_url(redirect, state, verifier))
        try:
            query = answers.get(timeout=patience)
        except queue.Empty:
            raise MailFailed(
                f"Nobody signed in at {safe(provider.host)} within {patience / 60:.0f} minutes."
                " Try again, or sign in by a code with --device."
            ) from None
    return provider.redeem(query, redirect, state, verifier)


def by_device(
    provider: Provider, tell: Callable[[str], None], wait: Callable[[float], object]
) -> Tokens:
    """Have a person sign in on another device; `tell` is given what to do there.

    `wait` waits so many seconds. Raises:
        MailFailed: nobody did in time, somebody said no, or the provider knows no such way.
    """
    code = provider.device_code()
    tell(f"Open {safe(code.url)} on any device and type {safe(code.user_code)} there.")
    interval, waited = code.interval, 0.0
    while True:
        wait(interval)
        waited += interval
        try:
            return provider.redeem_device(code)
        except CodePending as answer:
            interval += SLOWER if answer.slower else 0.0
        except ProviderUnreachable:
            if waited >= code.seconds:
                raise
            interval *= 2
        if waited >= code.seconds:
            raise MailFailed(
                f"Nobody typed the code within {code.seconds / 60:.0f} minutes. Try again."
            )


class _LoopbackServer(ThreadingHTTPServer):
    """Waits for the browser to come back. A port that another program has is not shared."""

    allow_reuse_address = os.name == "posix"
    daemon_threads = True

    def __init__(self, port: int, path: str, state: str, answers: queue.Queue[str]) -> None:
        super().__init__(("127.0.0.1", port), _RedirectHandler)
        self.path = path
        self.state = state
        self.answers = answers

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser hangs up as it likes."""


class _RedirectHandler(BaseHTTPRequestHandler):
    timeout = _LINE_SECONDS

    def do_GET(self) -> None:
        listener = cast("_LoopbackServer", self.server)
        asked = urlsplit(self.path)
        state = parse_qs(asked.query).get("state", [""])[0]
        ours = asked.path == listener.path and hmac.compare_digest(
            state.encode(), listener.state.encode()
        )
        text = b"poc has the answer. This page can be closed.\n" if ours else b"Not here.\n"
        self.send_response(200 if ours else 404)
        for name, value in (
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(text))),
            ("Referrer-Policy", "no-referrer"),
            ("Cache-Control", "no-store"),
        ):
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(text)
        if ours:
            listener.answers.put(asked.query)

    def log_message(self, *_: object) -> None:
        """Write no log: what the browser brings is a secret."""


@contextmanager
def _listening(provider: Provider, state: str) -> Iterator[tuple[str, queue.Queue[str]]]:
    """Where the browser is to come back to, and the queries with which it did."""
    wanted = urlsplit(provider.oauth.redirect_url)
    answers: queue.Queue[str] = queue.Queue()
    try:
        listener = _LoopbackServer(wanted.port or 0, wanted.path or "/", state, answers)
    except OSError as error:
        raise MailFailed(
            f"Port {wanted.port} of this computer is taken, so the browser cannot come back to it"
            f" ({error.strerror}). End what has it, or sign in by a code with --device."
        ) from None
    thread = Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        where = f"{wanted.hostname}:{listener.server_address[1]}"
        yield f"http://{where}{wanted.path}", answers
    finally:
        listener.shutdown()
        thread.join()
        listener.server_close()
