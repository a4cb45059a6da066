"""Handing mails to a server (RFC 5321), so that it is known of each whether the server has it.

The moment that counts is the dot that ends a mail. Before it the server has nothing, whatever
happens; after it only the server's reply says whether it has the mail.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from poc_tui.errors import MailFailed
from poc_tui.mail.transport import connection
from poc_tui.mail.transport.failures import failed, reply
from poc_tui.mail.transport.passwords import Password
from poc_tui.rules.text import safe
from poc_tui.settings.mail import Server

if TYPE_CHECKING:
    import smtplib

COMMAND_SECONDS = 120.0
"""For the reply to a command: many servers look a sender up before they answer."""

END_SECONDS = 600.0
"""For the reply to the final dot (RFC 5321, section 4.5.3.2.6): who hangs up early sends twice."""

_QUIT_SECONDS = 5.0
_NO_OTHER_LETTERS = (
    "takes no address with other letters than those of English before the @."
    " Ask for another address."
)
_AT_ONCE = 1 << 16
"""Bytes sent within one time limit, so that a slow line can carry a large mail."""

_CLOSING = 421
_SIGN_IN = (530, 534, 535, 538)
"""Not this mail is wrong but the sign-in (RFC 4954, section 6)."""


class Rejected(MailFailed):
    """The server will not take this mail, now or later."""


class PutOff(MailFailed):
    """The server does not take this mail now."""


class Unreachable(MailFailed):
    """No mail can be handed over now: there is no way to the server, or it lets nobody in."""


class DeliveryInDoubt(MailFailed):
    """The end of the mail was sent, and the server did not say whether it has it."""


class SmtpConnection:
    """A way to the server for several mails; it is opened for the first one.

    `password` is asked for once, where the settings name a user.
    """

    def __init__(
        self,
        server: Server,
        password: Callable[[Server], Password],
        *,
        end_seconds: float = END_SECONDS,
    ) -> None:
        self._server = server
        self._password = password
        self._end_seconds = end_seconds
        self.no_copy: dict[str, str] = {}
        """Whom the server kept from the last mail, though others have it, and why."""
        self._secret: Password | None = None
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> SmtpConnection:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        line = self._line
        if line is not None and kind is None and line.sock is not None:
            line.sock.settimeout(_QUIT_SECONDS)
            with suppress(OSError):
                line.quit()
        self._hang_up()

    def deliver(
        self,
        message: bytes,
        sender: str,
        recipient: str,
        at_the_end: Callable[[], bool],
        copies: Sequence[str] = (),
        *,
        patient: bool = False,
    ) -> bool:
        """Hand one mail over. True: the server has it. False: it was taken back.

        `at_the_end` is called when all but the end was sent. If it gives False the connection is
        dropped, and with it what was sent. All addresses are as they are written on the way. A
        copy that is refused keeps the mail from nobody else: `no_copy` says why, by the address.
        One that is put off does so as well, unless `patient` puts all of it off, for servers put
        off whom they do not know, and take the same mail a little later.

        Raises:
            Rejected, PutOff, Unreachable: the server does not have it.
            Doubt: nobody knows.
        """
        self.no_copy = {}
        try:
            try:
                line = self._all_but_the_end(message, sender, (recipient, *copies), patient)
            except OSError as error:
                self._hang_up()
                raise PutOff(str(failed(error, self._server, self._secret))) from None
            if not at_the_end():
                self._hang_up()
                return False
            try:
                self._end(line)
            except OSError as error:
                self._hang_up()
                raise DeliveryInDoubt(
                    f"{safe(self._server.host)} got the mail to its end, and did not say whether"
                    " it has it. Look whether it arrived before it is sent again."
                ) from error
            return True
        except MailFailed:
            raise  # a reply to this mail; the line is as it should be, or gone
        except BaseException:
            self._hang_up()
            raise

    def _all_but_the_end(
        self, message: bytes, sender: str, recipients: Sequence[str], patient: bool
    ) -> smtplib.SMTP:
        recipient, *copies = recipients
        line = self._introduced(message, sender, "".join(recipients))
        self._expect(line, 2, *line.rcpt(recipient), about=recipient)
        for copy in copies:
            code, said = line.rcpt(copy)
            if code // 100 == 5 or (code // 100 == 4 and code != _CLOSING and not patient):
                self.no_copy[copy] = self._refusal(code, said)
            else:
                self._expect(line, 2, code, said, about=copy)
        self._expect(line, 3, *line.docmd("DATA"))
        stuffed = _stuffed(message)
        for start in range(0, len(stuffed), _AT_ONCE):
            line.send(stuffed[start : start + _AT_ONCE])
        return line

    def _introduced(self, message: bytes, sender: str, recipients: str) -> smtplib.SMTP:
        """The server knows the sender. Servers close a line that was used often or long."""
        import smtplib

        kept = self._line is not None
        line = self._opened()
        try:
            code, said = line.mail(sender, self._options(line, message, sender + recipients))
        except smtplib.SMTPServerDisconnected:
            if not kept:
                raise
            code, said = _CLOSING, b""
        if kept and code == _CLOSING:
            self._hang_up()
            line = self._opened()
            code, said = line.mail(sender, self._options(line, message, sender + recipients))
        self._expect(line, 2, code, said, about=sender)
        return line

    def _opened(self) -> smtplib.SMTP:
        if self._line is None:
            try:
                if self._server.user and self._secret is None:
                    self._secret = self._password(self._server)
                self._line = connection.smtp(self._server, self._secret)
            except MailFailed as error:
                raise Unreachable(str(error)) from error
            self._patience(COMMAND_SECONDS)
        return self._line

    def _options(self, line: smtplib.SMTP, message: bytes, addresses: str) -> list[str]:
        options = [f"SIZE={len(message)}"] if line.has_extn("size") else []
        if not addresses.isascii():
            if not line.has_extn("smtputf8"):
                raise Rejected(f"{safe(self._server.host)} {_NO_OTHER_LETTERS}")
            options += ["SMTPUTF8", "BODY=8BITMIME"]
        return options

    def _end(self, line: smtplib.SMTP) -> None:
        self._patience(self._end_seconds)
        line.send(b"\r\n.\r\n")
        code, said = line.getreply()
        if not 200 <= code < 300 and not 400 <= code < 600:
            raise OSError(f"{code} is no reply to the end of a mail")
        self._expect(line, 2, code, said)
        self._patience(COMMAND_SECONDS)

    def _expect(
        self, line: smtplib.SMTP, first: int, code: int, said: bytes, *, about: str = ""
    ) -> None:
        """Go on if the reply's first digit is this one; the line is ready for the next mail else.

        A reply that is none of RFC 5321's puts the mail off.
        """
        if code // 100 == first:
            return
        why = self._refusal(code, said, about)
        if code // 100 not in (4, 5) or code == _CLOSING or code in _SIGN_IN:
            self._hang_up()
        else:
            with suppress(OSError):
                line.rset()
        if code in _SIGN_IN:
            raise Unreachable(f'{why} Check "{self._server.table}.user"; `poc mail test` tries it.')
        raise Rejected(why) if code // 100 == 5 else PutOff(why)

    def _refusal(self, code: int, said: bytes, about: str = "") -> str:
        whom = f" {safe(about)}" if about else ""
        words = reply(said, self._secret)
        return f"{safe(self._server.host)} refuses{whom}: {code} {words}".rstrip() + "."

    def _patience(self, seconds: float) -> None:
        if self._line is not None and self._line.sock is not None:
            self._line.sock.settimeout(seconds)

    def _hang_up(self) -> None:
        """Without another word: what the server has of a mail that did not end, it forgets."""
        if self._line is not None:
            self._line.close()
            self._line = None


def _stuffed(message: bytes) -> bytes:
    """All of the mail but the line end before its final dot (RFC 5321, section 4.5.2).

    Every line ends in CRLF: a bare LF could be taken for the end of a line by one server and not
    by the next, and so for the end of the mail.
    """
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    return re.sub(rb"(?m)^\.", b"..", lines).removesuffix(b"\r\n")
