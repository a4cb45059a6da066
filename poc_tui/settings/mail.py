"""What is set about mail: who writes, where mail comes from and how it goes out.

No password, token or client secret is ever here: `poc_tui.mail.transport.credentials` finds what
signs in when a server asks for it.
The settings are read before the first paint, and a `NamedTuple` is made five times as fast as a
dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from poc_tui.rules.mail.message import AccountPolicy, MailPolicy

Way = Literal["imap", "smtp"]
"""In and out."""

Security = Literal["tls", "starttls", "none"]
"""How a connection is kept from other eyes: from its first byte, from STARTTLS on, not at all."""

Send = Literal["none", "smtp", "mailto", "clipboard", "eml"]
"""What becomes of a text that is to go out."""

Auth = Literal["password", "oauth2"]
"""What signs in: a password, or an access token that is renewed (RFC 6749)."""

ProviderName = Literal["", "microsoft", "google"]
"""Whose sign-in is used, where its addresses are known; "" is one whose addresses are given."""

After = Literal["nothing", "seen", "flagged", "move"]
"""What becomes of a mail on the server once it was taken in."""

Lists = Literal["aside", "requests"]
"""Whether mail from mailing lists is kept aside or made requests."""

FirstWriters = Literal["requests", "aside"]
"""Whether mail of people whom nobody here knows is made requests, or looked at first."""

Html = Literal["never", "like-theirs"]
"""Whether an answer is in HTML as well where the mail that it answers was."""

Language = Literal["en", "de"]
"""Of `rules.mail.outgoing_text.WORDINGS`."""

SenderTreatment = Literal["requests", "aside", "spam"]
"""What becomes of somebody's mail (`rules.mail.message.Treatment`)."""

INBOX = "INBOX"
"""The folder that every account has, in capitals or not (RFC 9051, section 5.1)."""

ACCOUNTS = "mail.accounts."
"""Before the name of an account of its own, in the key of each of its settings."""

AUTO, NO_FOLDER = "auto", "none"
"""Of the folder of sent mail: the one that the server has for it, or none at all."""

USUAL_PORTS: dict[Way, dict[Security, int]] = {
    "imap": {"tls": 993, "starttls": 143, "none": 143},
    "smtp": {"tls": 465, "starttls": 587, "none": 25},
}
"""RFC 8314, RFC 9051, RFC 6409, RFC 5321."""


def table_of(key: str) -> str:
    """The name of the table in the settings of the account with that key."""
    return f"{ACCOUNTS}{key}" if key else "mail"


class SignIn(NamedTuple):
    """Where an account is signed in to by OAuth 2, and as which program.

    `client_id` is the program as the provider knows it, `tenant` the organisation at Microsoft; ""
    is any. `client_secret_command` prints the secret that some providers give to a program beside
    its id. Where one of the addresses is "", or `scopes` is empty, it is the provider's own.
    """

    provider: ProviderName = ""
    client_id: str = ""
    client_secret_command: str = ""
    tenant: str = ""
    authorization_url: str = ""
    token_url: str = ""
    device_url: str = ""
    redirect_url: str = ""
    scopes: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether it says enough for somebody to be signed in."""
        return bool(self.client_id and (self.provider or self.token_url))


class Server(NamedTuple):
    """How to reach a server, and what to do there. One made from the settings has a port, never 0.

    `way` is `imap` for the one that mail is fetched from, `smtp` for the one that takes it for
    delivery, as its table in the settings is called; at an `smtp` without a `user` nobody signs in.
    `key` is that of its account, "" for the one in [mail] itself.
    `password_command` prints the password of `user` in its first line, `token_command` an access
    token where `auth` is "oauth2"; "" is none, and then `oauth` says how to get one. `folder`,
    `after`, `move_to` (a folder, when `after` is "move") and `first_fetch`, how far back the first
    look at the folder goes (None: all of it), are for `imap`, and so are: `folders`, all that mail
    is fetched from where it is more than `folder`, which is the first of them then; `junk`, a
    folder whose mails lie aside ("" for none); `sent`, where what went out is copied to ("auto",
    "none" or a folder).
    """

    way: Way
    host: str = ""
    port: int = 0
    security: Security = "tls"
    user: str = ""
    password_command: str = ""
    auth: Auth = "password"
    token_command: str = ""
    oauth: SignIn = SignIn()
    folder: str = INBOX
    after: After = "nothing"
    move_to: str = ""
    first_fetch: timedelta | None = None
    key: str = ""
    folders: tuple[str, ...] = ()
    junk: str = ""
    sent: str = AUTO

    @property
    def table(self) -> str:
        """The name of its table in the settings."""
        return f"{table_of(self.key)}.{self.way}"

    @property
    def account(self) -> str:
        """Whose mail it is, such as `desk@mail.example.com`: what its password is kept under."""
        return f"{self.user}@{self.host}"

    def source(self, folder: str) -> str:
        """The name that mail from a folder of the account is kept under."""
        return f"imap:{self.account}/{folder}"

    @property
    def looked_at(self) -> tuple[Server, ...]:
        """The same for each folder that mail is taken from: `folder` is that one. In the folder of
        junk nothing is changed."""
        looked_at = [self._replace(folder=name) for name in self.folders or (self.folder,)]
        if self.junk:
            looked_at.append(self._replace(folder=self.junk, after="nothing"))
        return tuple(looked_at)

    @property
    def argument(self) -> str:
        """How commands such as `poc mail password` are told that this one is meant."""
        return f"{self.way} --account {self.key}" if self.key else self.way


class Account(NamedTuple):
    """One account: who writes in it, where its mail comes from and how it goes out.

    `key` is its name in the settings, "" for the one that stands in [mail] itself. `address` is the
    sender of what goes out from it, `own` other addresses of it. `signature` stands below each
    mail, unless `signatures` has one for the language of the recipient, by its code. `eml_folder`,
    `maildir` and `mbox` are absolute paths.
    """

    key: str = ""
    address: str = ""
    name: str = ""
    own: tuple[str, ...] = ()
    signature: str = ""
    signatures: Mapping[str, str] = MappingProxyType({})
    send: Send = "none"
    eml_folder: str = ""
    maildir: tuple[str, ...] = ()
    mbox: tuple[str, ...] = ()
    imap: Server = Server("imap", first_fetch=timedelta(days=7))
    smtp: Server = Server("smtp")

    @property
    def table(self) -> str:
        """The name of its table in the settings."""
        return table_of(self.key)

    @property
    def sends(self) -> bool:
        """Whether mail goes out from it by itself, over SMTP."""
        return self.send == "smtp"

    @property
    def hands_over(self) -> bool:
        """Whether what goes out from it is given to the person to send."""
        return self.send in ("mailto", "clipboard", "eml")

    @property
    def fetches(self) -> bool:
        """Whether there is anywhere that mail is fetched from."""
        return bool(self.imap.host or self.maildir or self.mbox)

    @property
    def mine(self) -> tuple[str, ...]:
        """Every address of it, that which writes first; empty when none is set."""
        return tuple(address for address in (self.address, *self.own) if address)

    @property
    def policy(self) -> AccountPolicy:
        """What the verbs must know of it."""
        from poc_tui.rules.mail.message import AccountPolicy

        sources = [self.imap.source("")] if self.imap.host else []
        sources += [f"maildir:{path}" for path in self.maildir]
        sources += [f"mbox:{path}" for path in self.mbox]
        return AccountPolicy(
            address=self.address,
            sends=self.send != "none" and bool(self.address),
            mine=self.mine,
            sources=tuple(sources),
            junk=self.imap.source(self.imap.junk) if self.imap.host and self.imap.junk else "",
            signature=self.signature,
            signatures=self.signatures,
            hands_over=self.hands_over,
        )


class MailSettings(NamedTuple):
    """The table [mail] of the settings; without a file, no mail comes and none goes.

    `accounts` has one at least, that of [mail] itself. `quote` is whether an answer repeats what it
    answers. `wait` is how long a mail waits before the desk sends it, `fetch_every` how often the
    desk fetches (None is never by the clock), `reopen_within` how long after it was resolved a
    reply reopens a request; all in calendar time. `language` is that of fixed words in a mail to
    somebody whose own nobody knows, `html` whether an answer to a mail in HTML is in HTML as well.
    `trusted` are the servers that are believed when they say where a mail comes from (RFC 8601).
    `rules` are whom the person said something of, as it is written, and what becomes of their mail.
    `watch` is whether the desk has IMAP servers tell it of new mail.
    """

    accounts: tuple[Account, ...] = (Account(),)
    quote: bool = True
    wait: timedelta = timedelta(minutes=1)
    fetch_every: timedelta | None = None
    reopen_within: timedelta = timedelta(days=14)
    lists: Lists = "aside"
    first_writers: FirstWriters = "requests"
    language: Language = "en"
    trusted: tuple[str, ...] = ()
    html: Html = "never"
    rules: tuple[tuple[str, SenderTreatment], ...] = ()
    watch: bool = True

    @property
    def first(self) -> Account:
        """The account that writes where nothing says which."""
        return self.accounts[0]

    def account_of(self, address: str) -> Account:
        """The account that this address of ours writes from; the first if it is of none."""
        from poc_tui.rules.mail.address import same

        found = (each for each in self.accounts if same(each.address, address))
        return next(found, self.first)

    @property
    def sends(self) -> bool:
        """Whether mail goes out from here by itself."""
        return any(account.sends for account in self.accounts)

    @property
    def hands_over(self) -> bool:
        """Whether mail is given to the person to send."""
        return any(account.hands_over for account in self.accounts)

    @property
    def fetches(self) -> bool:
        """Whether there is anywhere that mail is fetched from."""
        return any(account.fetches for account in self.accounts)

    @property
    def mine(self) -> tuple[str, ...]:
        """Every address of this person, that which writes first; empty when none is set."""
        return tuple(dict.fromkeys(each for account in self.accounts for each in account.mine))

    @property
    def policy(self) -> MailPolicy:
        """What the verbs must know of it."""
        # Not at the top: no verb is carried out before the first paint.
        from poc_tui.rules.mail.message import MailPolicy, SenderRule, Treatment
        from poc_tui.rules.mail.sender_rules import by_name

        return MailPolicy(
            accounts=tuple(account.policy for account in self.accounts),
            quote=self.quote,
            wait=self.wait,
            reopen_within=self.reopen_within,
            language=self.language,
            html_like_theirs=self.html == "like-theirs",
            rules=by_name(SenderRule(who, Treatment(what)) for who, what in self.rules),
            trusted=self.trusted,
            first_writers_aside=self.first_writers == "aside",
        )


def same_folder(one: str, other: str) -> bool:
    """Whether two names are of the same folder of an account."""
    return one == other or one.upper() == other.upper() == INBOX


def is_loopback(host: str) -> bool:
    """Whether what is sent to that host never leaves this computer (RFC 1122, RFC 6761)."""
    name = host.lower().rstrip(".")
    if name in ("localhost", "::1"):
        return True
    parts = name.split(".")
    octets = [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) <= 3]
    return len(parts) == len(octets) == 4 and octets[0] == 127 and max(octets) < 256
