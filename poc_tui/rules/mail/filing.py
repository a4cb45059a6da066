"""What is done with a mail, once it is known where it belongs and whose word it is.

A pure decision; `store.verbs.filing` finds out what it hangs on, and carries it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from poc_tui.rules import court
from poc_tui.rules.capture_line import first_and_rest, is_blank
from poc_tui.rules.mail.message import ENCRYPTED, Mail, Nature
from poc_tui.rules.mail.subject import bare
from poc_tui.rules.text import fold, plain

LONGEST_TEXT = 100_000
"""Characters of a mail that go on a timeline; the mail itself is kept to the byte."""

_TELLING = 4
"""Characters of a subject that can be known again as a part of another one."""

SUBJECT_LEAD = "Subject: "
"""Before the new subject of a later mail, which stands above its words."""

_PARTS_NAMED = 20
_LINES_ABOVE = 20
"""What stands above a quotation and says whose it is has fewer."""

_SMALL_PICTURE = 20_000
"""Bytes; the logo of a signature is smaller, a photograph larger."""

_SIGNATURES = ("/pkcs7-signature", "/x-pkcs7-signature", "/pgp-signature")
"""What proves who wrote a mail (RFC 8551, RFC 3156)."""


class MailAuthor(StrEnum):
    """Whose word a mail is, to the request that it belongs to."""

    MINE = "mine"
    """Of the person at the desk, written elsewhere."""
    DEPARTMENT = "department"
    """Of a department that was asked something on the request."""
    CUSTOMER = "customer"
    """Of anybody else: who writes on a request without being asked speaks for its customer."""


class Filing(StrEnum):
    """What is done with a mail."""

    OUR_COPY = "our-copy"
    """It is what we sent, come back to us: nothing to show."""
    SET_ASIDE = "set-aside"
    """It belongs to no request, and no person wrote it to us; or it is not to be one."""
    SPAM = "spam"
    """The person never wants to see what its sender writes: it is kept, and that is all."""
    NEW = "new"
    """A new request of its sender."""
    NEW_OF_FIRST_WRITER = "new-of-first-writer"
    """A new request of who wrote it first: I passed it on to the desk."""
    NEW_OF_NOBODY = "new-of-nobody"
    """A new request without a customer: I wrote it, somebody of ours passed it on, or nothing of
    it could be read."""
    FOLLOWS = "follows"
    """A new request of the same customer: the old one was resolved too long ago."""
    NOTED = "noted"
    """I wrote it: the timeline says so, and nothing moves."""
    AUTO_REPLIED = "auto-replied"
    """A program wrote it: the timeline says so, and nothing is touched."""
    NOT_DELIVERED = "not-delivered"
    """A mail of ours did not arrive: the request is mine."""
    ANSWERED = "answered"
    """The answer of the department that was asked."""
    ADDED = "added"
    """A department's further words, after its answer or after nobody waited for it any more."""
    WROTE = "wrote"
    """The customer's word: the request is mine, opened again if it was resolved."""
    UNVERIFIED = "unverified"
    """Nobody can say who wrote it: the timeline says so, and nothing moves until it is accepted."""
    THANKED = "thanked"
    """The customer's thanks for what is resolved: it stays so."""


class RequestStanding(NamedTuple):
    """How the request stands that a mail belongs to."""

    resolved_at: datetime | None
    awaited: bool = False
    """Whether it is the answer to a forward that is still open."""


class MailFacts(NamedTuple):
    """What is known of a mail."""

    nature: Nature
    at: datetime
    """When it was written (aware UTC)."""
    whose: MailAuthor
    standing: RequestStanding | None
    """Of the request that it belongs to; None if it belongs to none."""
    our_copy: bool = False
    """Whether it bears the id of a mail of ours, and our name."""
    passed_on: bool = False
    """Whether somebody else wrote it first."""
    colleague: bool = False
    """Whether its sender is of our house, at our domain or one who answers for a department, and
    passes on what somebody else wrote."""
    undelivered: bool = False
    """Of a bounce: whether it tells of a mail of ours that was thought to have arrived."""
    known: bool = False
    """Whether its sender is known to the request that it belongs to."""
    thanks: bool = False
    """Whether it says thank you and nothing more."""
    in_doubt: bool = False
    """Whether nobody can say that its sender wrote it."""
    absent: bool = False
    """Whether it says that its writer is away and nothing more."""


class FilingWish(NamedTuple):
    """What somebody said about the mails to be filed."""

    lists: bool = False
    """What comes by lists is written by people to us."""
    wanted: bool = False
    """Each of them is to be on a request."""
    placed: bool = False
    """On the one that was named for it."""


def decide(seen: MailFacts, wish: FilingWish, reopen_within: timedelta) -> Filing:
    """What is done with a mail."""
    if seen.our_copy and not wish.wanted:
        return Filing.OUR_COPY
    if seen.nature == Nature.BOUNCE and seen.undelivered:
        return Filing.NOT_DELIVERED
    if not _is_letter(seen, wish):
        return Filing.AUTO_REPLIED if seen.standing else Filing.SET_ASIDE
    if seen.in_doubt:
        return Filing.UNVERIFIED if seen.standing else Filing.NEW_OF_NOBODY
    if seen.standing is None:
        return _on_no_request(seen)
    if seen.absent and seen.whose == MailAuthor.DEPARTMENT and not wish.wanted:
        return Filing.AUTO_REPLIED  # who is away has answered nothing
    return _on_a_request(seen, seen.standing, None if wish.placed else reopen_within)


def _is_letter(seen: MailFacts, wish: FilingWish) -> bool:
    """Whether a person wrote it, as far as it matters here."""
    if seen.nature == Nature.LIST:
        return seen.known or wish.lists or wish.wanted
    if seen.nature in (Nature.AUTO_REPLY, Nature.BOUNCE):
        return wish.wanted and seen.standing is None
    return True


def _on_no_request(seen: MailFacts) -> Filing:
    if seen.nature == Nature.UNREADABLE:
        return Filing.NEW_OF_NOBODY
    if seen.whose == MailAuthor.MINE:
        return Filing.NEW_OF_FIRST_WRITER if seen.passed_on else Filing.NEW_OF_NOBODY
    # A colleague is no customer; whose request it is, a quotation says, so a person decides.
    return Filing.NEW_OF_NOBODY if seen.colleague else Filing.NEW


def _on_a_request(
    seen: MailFacts, standing: RequestStanding, reopen_within: timedelta | None
) -> Filing:
    """`reopen_within` None: however long ago it was resolved."""
    if seen.whose == MailAuthor.MINE:
        return Filing.NOTED
    if seen.whose == MailAuthor.DEPARTMENT:
        return Filing.ANSWERED if standing.awaited else Filing.ADDED
    if standing.resolved_at is None:
        return Filing.WROTE
    if seen.thanks:
        return Filing.THANKED
    too_late = reopen_within is not None and seen.at - standing.resolved_at > reopen_within
    return Filing.FOLLOWS if too_late else Filing.WROTE


def back_to_me(now: datetime) -> court.Move:
    """A mail of ours did not arrive, or a department has more to say: mine to look at, now."""
    return court.Move(court.ME, now)


def subject_of(mail: Mail, words: str) -> str:
    """The subject of the request that a mail makes; `words` is what `words_of` made of it."""
    if mail.nature == Nature.UNREADABLE:
        return "A mail that could not be read"
    subject = plain(bare(mail.subject[:LONGEST_TEXT]))
    if not is_blank(subject):
        return subject
    return first_and_rest(words)[0] if _said(mail) else "Mail without words"


def words_of(mail: Mail, *, opens: bool = False) -> str:
    """What stands on the timeline for a mail; never empty.

    Of one that was passed on, what was written first is part of what it says. Of one that opens
    a request all is: the desk has nothing of what it quotes.
    """
    if mail.nature == Nature.UNREADABLE:
        return _bounded("\n".join((*mail.trouble, "The original is kept.")))
    whole = _together(mail.text, mail.signature, mail.quoted) if opens else ""
    if said := whole or _said(mail):
        return _bounded(said)
    names = [part.name or part.type for part in mail.parts[:_PARTS_NAMED]]
    more = len(mail.parts) - len(names)
    attached = ", ".join(names) + (f" and {more} more" if more else "")
    if ENCRYPTED in mail.trouble:
        return _bounded(f"({ENCRYPTED} Attached: {attached})" if attached else f"({ENCRYPTED})")
    return _bounded(f"(no words; attached: {attached})" if attached else "(no words)")


def new_subject(mail: Mail, known: Iterable[str]) -> str:
    """The subject of a mail in an old thread, in one line, where it is none of the `known` ones.

    Empty where it is one of them, or goes about one: mail programs and lists put words before a
    subject, and cut long ones. Those of replies, forwards and numbers count for nothing.
    """
    subject = mail.subject[:LONGEST_TEXT]
    said = _compared(subject)
    if not said or any(_goes_about(said, _compared(each)) for each in known):
        return ""
    return plain(bare(subject)).strip()


@lru_cache(maxsize=200)
def _compared(subject: str) -> str:
    return fold(" ".join(bare(subject).split())).rstrip("….").strip()


def _goes_about(said: str, known: str) -> bool:
    if min(len(said), len(known)) < _TELLING:
        return said == known
    return known in said or said in known


def words_on(mail: Mail, subject: str) -> str:
    """What stands on the timeline of an old request for a mail that has this `new_subject`, "" for
    none: there the subject is said before the words, or alone where there are none."""
    if not subject:
        return words_of(mail)
    return _bounded("\n\n".join(filter(None, (f"{SUBJECT_LEAD}{subject}", _said(mail).strip()))))


def thanks_only(mail: Mail) -> bool:
    """Whether a mail says thank you and nothing more, and brings nothing with it."""
    signs = [
        part for part in mail.parts
        if part.type.endswith(_SIGNATURES)
        or (part.type.startswith("image/") and part.size < _SMALL_PICTURE)
    ]  # fmt: skip
    if len(signs) < len(mail.parts) or mail.original is not None:
        return False
    from poc_tui.rules.mail.thanks import only_thanks  # its tables are for few mails

    return only_thanks(mail.text, " ".join(mail.sender or ()))


def _said(mail: Mail) -> str:
    """What can be read of it: the words written anew, else what there is besides them."""
    if mail.original is not None:
        return _together(mail.text, "", mail.quoted) or mail.signature
    said = (mail.text, mail.quoted, mail.signature)
    return next((text for text in said if not is_blank(text)), "")


def _together(written: str, signature: str, quoted: str) -> str:
    """What was written, signed and quoted; once what is the words of the quotation itself."""
    bare = "\n".join(line.lstrip("> ") for line in quoted.split("\n")).rstrip()
    above = bare.removesuffix(written.strip())
    if above != bare and above.count("\n") < _LINES_ABOVE:
        written, quoted = quoted if above.strip() else written, ""
    signed = "" if is_blank(signature) or is_blank(written) else f"-- \n{signature.strip()}"
    parts = (written.strip(), signed, quoted.strip())
    return "\n\n".join(part for part in parts if not is_blank(part))


def _bounded(text: str) -> str:
    words = plain(text[: LONGEST_TEXT + 1]).strip()
    if len(words) <= LONGEST_TEXT:
        return words
    return words[:LONGEST_TEXT].rstrip() + "\n\n(cut here; the original is kept)"
