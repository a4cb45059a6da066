"""An IMAP server on loopback that does what real ones seldom do while somebody waits for mail."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Literal

from poc_tui.settings.mail import Server

Then = Literal["waits", "says bye", "hangs up", "is deaf", "tells before it begins"]
"""What the server does when it is asked to tell of new mail."""


class ToldServer(ThreadingTCPServer):
    """Nobody is kept out, and there is one folder of `mails` mails that nobody can read."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.mails = 3
        self.then: Then = "waits"
        self.can_tell = True
        self.connected = self.asked = 0
        self.waiting: list[_Line] = []
        self.lines: list[_Line] = []
        self.said: list[bytes] = []
        """Every command, without its tag."""

    def settings(self) -> Server:
        """How to reach it."""
        return Server("imap", "localhost", int(self.server_address[1]), "none", "desk")

    def arrives(self, *lines: str) -> None:
        """A mail comes; whoever waits is told of it, or what these lines say."""
        self.mails += 1
        for line in tuple(self.waiting):
            for said in lines or (f"* {self.mails} EXISTS",):
                line.say(said)

    def hang_up(self) -> None:
        """End all connections without a word."""
        for line in tuple(self.lines):
            with suppress(OSError):
                line.request.shutdown(socket.SHUT_RDWR)


class _Line(StreamRequestHandler):
    server: ToldServer

    def say(self, line: str) -> None:
        with suppress(OSError):
            self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.server.connected += 1
        self.server.lines.append(self)
        self.say("* OK here")
        try:
            while line := self.rfile.readline():
                tag, _, command = line.decode().strip().partition(" ")
                self.server.said.append(command.encode())
                name = command.partition(" ")[0].upper()
                answer = getattr(self, f"do_{name.lower()}", None)
                if answer is not None and answer(tag) is False:
                    return
                self.say(f"{tag} OK done")
                if name == "LOGOUT":
                    return
        finally:
            self.server.lines.remove(self)

    def do_capability(self, tag: str) -> None:
        self.say("* CAPABILITY IMAP4rev1" + (" IDLE" if self.server.can_tell else ""))

    def do_examine(self, tag: str) -> None:
        self.say(f"* {self.server.mails} EXISTS")
        self.say("* OK [UIDVALIDITY 1]")
        self.say(f"* OK [UIDNEXT {self.server.mails + 1}]")

    def do_logout(self, tag: str) -> None:
        self.say("* BYE")

    def do_idle(self, tag: str) -> bool:
        server = self.server
        server.asked += 1
        match server.then:
            case "hangs up":
                return False
            case "tells before it begins":
                server.mails += 1
                self.say(f"* {server.mails} EXISTS")
        self.say("+ waiting")
        if server.then == "says bye":
            self.say("* BYE too many")
            return False
        server.waiting.append(self)
        try:
            done = self.rfile.readline()
        finally:
            server.waiting.remove(self)
        if server.then == "is deaf":
            self.rfile.read()
            return False
        return re.fullmatch(rb"DONE\r\n", done) is not None


@contextmanager
def told_server() -> Iterator[ToldServer]:
    """Such a server, as long as the block lasts."""
    with ToldServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.hang_up()
            server.shutdown()
            thread.join()
