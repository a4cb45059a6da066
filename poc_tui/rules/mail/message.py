"""What a mail says, once it has been read: plain values that every layer may know.

The reading itself happens apart (`poc_tui.mail`), where a hostile message can do no harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from poc_tui.rules.frozen import Frozen
from poc_tui.rules.mail.address import is_among

ENCRYPTED = "It is encrypted; its text could not be read."
"""Said of a mail that nobody can read without a key."""

SIGNED = "It is signed; the signature was not checked."
"""Said of a mail whose text stood in its signature."""

DISBELIEVED = "Its date is not believed"
"""Said of a mail that our server got on another day; its date stands behind it."""


APPOINTMENT = "appointment:"
"""Before the id of an appointment among the `refs` of a mail that is about it: so an invitation,
its changes and the answers to it are one thread. No mail has such an id."""


class Nature(StrEnum):
    """What sort of mail it is: only an ordinary one moves a clock."""

    ORDINARY = "letter"
    """A person wrote it."""
    AUTO_REPLY = "auto-reply"
    """A program answered, such as a note of absence (RFC 3834)."""
    BOUNCE = "bounce"
    """A mail of ours, or of somebody else, could not be delivered (RFC 3464)."""
    LIST = "list"
    """It went to many: a mailing list or a newsletter (RFC 2369, RFC 2919)."""
    UNREADABLE = "unreadable"
    """Nothing could be read of it; the original is kept."""


class Treatment(StrEnum):
    """What becomes of mail of which a person said so, where it belongs to no request."""

    REQUESTS = "requests"
    """Each makes a request, also what a list or a program sends."""
    ASIDE = "aside"
    """It lies aside."""
    SPAM = "spam"
    """It is kept and never shown."""


class MailAddress(NamedTuple):
    """Somebody's mail address; the name may be empty."""

    name: str
    address: str


class Part(NamedTuple):
    """Something attached. `index` finds it again among the parts of the original."""

    index: int  # type: ignore[assignment]
    name: str
    """As the sender called it, never to be used as a file's name without `mail.saved_files`."""
    type: str
    """Such as `application/pdf`."""
    size: int
    """In bytes, decoded."""


KEPT_FIELDS = (
    "auto-submitted", "content-language", "list-id", "list-post", "list-unsubscribe",
    "list-unsubscribe-post", "mailing-list", "precedence", "reply-to", "sender", "x-beenthere",
    "x-campaign", "x-csa-complaints", "x-failed-recipients", "x-mailer", "x-mailfrom",
    "x-mailing-list", "x-mc-user", "x-original-from", "x-original-sender",
    "x-php-originating-script", "x-wpcf7-content-type", "x-spam", "x-spam-flag", "x-spam-status",
    "x-spam-level", "x-spam-score", "x-ms-exchange-organization-scl", "x-forefront-antispam-report",
    "x-google-group-id", "x-campaignid", "feedback-id", "x-barracuda-spam-flag",
    "x-barracuda-spam-status", "x-bogosity", "x-dspam-result", "x-gmx-antispam",
    "x-mailscanner-spamcheck", "x-proofpoint-spam-details", "x-rspamd-action", "x-spamd-result",
    "x-ui-filterresults", "x-vr-spamstate", "x-yandex-spam",
)  # fmt: skip
"""Header fields, in small letters, that are kept of a mail for what hangs on the settings: whose
list it is, whose word counts, what is unwanted."""


RETURNED_FIELDS = (
    "final-recipient", "returned-to", "returned-ref", "returned-from", "returned-subject",
)  # fmt: skip
"""What a report tells of the mail that it is about, kept beside them: whom it did not reach; to
whom it was, or who is named in the text; what it answered, from whom it was and about what."""


class Mail(Frozen):
    """A mail that was read. Every text is plain text as `rules.text.plain` makes it.

    Whatever could not be read is empty, and `trouble` says so in a sentence each.
    """

    message_id: str = ""
    """Without its angle brackets, as are all ids here."""
    refs: tuple[str, ...] = ()
    """In-Reply-To, then References, each id once; then the appointments that it is about."""
    sender: MailAddress | None = None
    reply_to: MailAddress | None = None
    recipients: tuple[MailAddress, ...] = ()
    """To, then Cc."""
    cc: tuple[MailAddress, ...] = ()
    """Those of them that stand in Cc."""
    headers: tuple[tuple[str, str], ...] = ()
    """Of `KEPT_FIELDS` those that it has, each with its value, decoded and in one line; those of
    one name in the order in which they stand.

    Then what servers say of where it comes from, and between that, of each Received field, the
    host that added it (`rules.mail.authentication`); `from`, an address each, where it says that
    it comes from several; and of a report the `RETURNED_FIELDS`."""
    html: bool = False
    """Whether it was written in HTML."""
    subject: str = ""
    sent_at: datetime | None = None
    """Aware UTC, of whole seconds."""
    nature: Nature = Nature.ORDINARY
    text: str = ""
    """What the sender wrote anew."""
    quoted: str = ""
    """What was quoted from before, and what was forwarded, as it stood."""
    signature: str = ""
    original: MailAddress | None = None
    """Of a mail that was forwarded: who wrote it first."""
    bounced: tuple[str, ...] = ()
    """Of a report, such as a bounce: the ids of the mails that it is about."""
    bounce_why: str = ""
    """Of a bounce: the reason, in one line; of another report on a delivery, what became of it."""
    parts: tuple[Part, ...] = ()
    trouble: tuple[str, ...] = ()

    def fields(self, name: str) -> list[str]:
        """What the fields of that name say, one of those in `headers`, the topmost first."""
        return [value for field, value in self.headers if field == name]


class AccountPolicy(NamedTuple):
    """One account of this desk."""

    address: str = ""
    """Ours, from which it sends."""
    sends: bool = False
    """Whether what is said goes out from it as mail: sent, or handed to the person's program."""
    mine: tuple[str, ...] = ()
    """Its addresses, `address` among them."""
    sources: tuple[str, ...] = ()
    """How the names begin under which its mail is kept (`RawMail.source`)."""
    signature: str = ""
    signatures: Mapping[str, str] = MappingProxyType({})
    """Signatures for languages of the recipient, by their codes."""
    hands_over: bool = False
    """Whether what goes out is given to the person's own program, and nothing by itself."""
    junk: str = ""
    """The name under which its unwanted mail is kept; "" if none is looked at."""

    def signed_in(self, language: str) -> str:
        """The signature for a recipient of that language, "" where nobody knows it."""
        return self.signatures.get(language, self.signature)


class SenderRule(NamedTuple):
    """What becomes of mail of one sender, one domain or one list (`rules.mail.sender_rules`)."""

    who: str
    """As it was written: `anna@firm.example`, `@firm.example`, `list:news.example.com`."""
    treatment: Treatment


class MailPolicy(NamedTuple):
    """How this desk writes and is written to."""

    accounts: tuple[AccountPolicy, ...] = (AccountPolicy(),)
    """One at least; the first writes where nothing says which."""
    quote: bool = True
    """Whether an answer repeats the words that it answers."""
    trusted: tuple[str, ...] = ()
    """The servers whose word on where a mail comes from is believed (RFC 8601)."""
    wait: timedelta = timedelta(minutes=1)
    """How long a mail can still be taken back before the open desk sends it."""
    language: str = "en"
    """Of the fixed words in a mail to somebody whose language nobody knows."""
    html_like_theirs: bool = False
    """Whether an answer to a mail in HTML goes out in HTML as well."""
    reopen_within: timedelta = timedelta(days=14)
    """How long after its resolution a request is opened again by a mail."""
    rules: Mapping[str, SenderRule] = MappingProxyType({})
    """By whom they hold for, as `rules.mail.sender_rules.read` writes it."""
    first_writers_aside: bool = False
    """Whether mail of people whom nobody here knows lies aside until it was looked at."""

    @property
    def sends(self) -> bool:
        """Whether what is said goes out as mail at all."""
        return any(account.sends for account in self.accounts)

    @property
    def mine(self) -> tuple[str, ...]:
        """All addresses whose mail the person at the desk wrote."""
        return tuple(dict.fromkeys(each for account in self.accounts for each in account.mine))

    def is_junk(self, source: str) -> bool:
        """Whether the mail that came from there lay in a folder of unwanted mail."""
        return bool(source) and any(account.junk == source for account in self.accounts)

    def account(self, source: str, recipients: Iterable[str]) -> AccountPolicy:
        """The account that a mail came to: of those that fetch where it was fetched the one that it
        went to, or one that it went to and that fetches nothing, as its mail is brought to another.
        Where it was fetched by none, any that it went to.

        The first of those that fetch there, or that sends, where neither says it, or where that one
        sends nothing.
        """
        sending = [account for account in self.accounts if account.sends] or [*self.accounts]
        here = [each for each in sending if any(map(source.startswith, each.sources))]
        brought = [each for each in sending if not (here and each.sources)]
        went_to = [*recipients]
        for account in (*here, *brought):
            if any(is_among(mine, went_to) for mine in account.mine):
                return account
        return (here or sending)[0]


NO_MAIL = MailPolicy()
"""A desk that was never told about mail."""
