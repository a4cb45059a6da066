"""What is set about mail: who writes, where mail comes from and how it goes out.

No password is ever here: `poc_tui.mail.transport.passwords` finds it when a server asks for it.
The settings are read before the first paint, and a `NamedTuple` is made five times as fast as a
dataclass.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from poc_tui.rules.mail.message import MailPolicy

Way = Literal["imap", "smtp"]
"""In and out."""

Security = Literal["tls", "starttls", "none"]
"""How a connection is kept from other eyes: from its first byte, from STARTTLS on, not at all."""

Send = Literal["none", "smtp", "mailto", "clipboard", "eml"]
"""What becomes of a text that is to go out."""

After = Literal["nothing", "seen", "flagged", "move"]
"""What becomes of a mail on the server once it was taken in."""

Lists = Literal["aside", "requests"]
"""Whether mail from mailing lists is kept aside or made requests."""

INBOX = "INBOX"
"""The folder that every account has, in capitals or not (RFC 9051, section 5.1)."""

USUAL_PORTS: dict[Way, dict[Security, int]] = {
    "imap": {"tls": 993, "starttls": 143, "none": 143},
    "smtp": {"tls": 465, "starttls": 587, "none": 25},
}
"""RFC 8314, RFC 9051, RFC 6409, RFC 5321."""


class Server(NamedTuple):
    """How to reach a server, and what to do there. One made from the settings has a port, never 0.

    `way` is `imap` for the one that mail is fetched from, `smtp` for the one that takes it for
    delivery, as its table in the settings is called; at an `smtp` without a `user` nobody signs in.
    `password_command` prints the password of `user` in its first line; "" is none. `folder`,
    `after`, `move_to` (a folder, when `after` is "move") and `first_fetch`, how far back the first
    look at the folder goes (None: all of it), are for `imap`.
    """

    way: Way
    host: str = ""
    port: int = 0
    security: Security = "tls"
    user: str = ""
    password_command: str = ""
    folder: str = INBOX
    after: After = "nothing"
    move_to: str = ""
    first_fetch: timedelta | None = None

    @property
    def account(self) -> str:
        """Whose mail it is, such as `desk@mail.example.com`: what its password is kept under."""
        return f"{self.user}@{self.host}"


class MailSettings(NamedTuple):
    """The table [mail] of the settings; without a file, no mail comes and none goes.

    `address` is the sender of all that goes out, `own` other addresses of this person. `wait` is
    how long a mail waits before the desk sends it, `fetch_every` how often the desk fetches (None
    is never by itself), `reopen_within` how long after it was resolved a reply reopens a request;
    all in calendar time. `eml_folder`, `maildir` and `mbox` are absolute paths.
    """

    address: str = ""
    name: str = ""
    own: tuple[str, ...] = ()
    signature: str = ""
    quote: bool = True
    send: Send = "none"
    eml_folder: str = ""
    wait: timedelta = timedelta(minutes=1)
    fetch_every: timedelta | None = None
    reopen_within: timedelta = timedelta(days=14)
    lists: Lists = "aside"
    maildir: tuple[str, ...] = ()
    mbox: tuple[str, ...] = ()
    imap: Server = Server("imap", first_fetch=timedelta(days=7))
    smtp: Server = Server("smtp")

    @property
    def sends(self) -> bool:
        """Whether mail goes out from here by itself, over SMTP."""
        return self.send == "smtp"

    @property
    def fetches(self) -> bool:
        """Whether there is anywhere that mail is fetched from."""
        return bool(self.imap.host or self.maildir or self.mbox)

    @property
    def mine(self) -> tuple[str, ...]:
        """Every address of this person, that which writes first; empty when none is set."""
        return tuple(address for address in (self.address, *self.own) if address)

    @property
    def policy(self) -> MailPolicy:
        """What the verbs must know of it."""
        # Not at the top: no verb is carried out before the first paint.
        from poc_tui.rules.mail.message import MailPolicy

        return MailPolicy(
            sends=self.send != "none" and bool(self.address),
            address=self.address,
            mine=self.mine,
            signature=self.signature,
            quote=self.quote,
            wait=self.wait,
            reopen_within=self.reopen_within,
        )


def is_loopback(host: str) -> bool:
    """Whether what is sent to that host never leaves this computer (RFC 1122, RFC 6761)."""
    name = host.lower().rstrip(".")
    if name in ("localhost", "::1"):
        return True
    parts = name.split(".")
    octets = [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) <= 3]
    return len(parts) == len(octets) == 4 and octets[0] == 127 and max(octets) < 256
