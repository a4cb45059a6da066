"""Which mail is kept from becoming a request (`rules.mail.set_aside`), by what the store knows."""

from __future__ import annotations

from poc_tui.rules.mail.filing import Filing, MailAuthor
from poc_tui.rules.mail.message import MailAddress, SenderRule
from poc_tui.rules.mail.set_aside import AsideFacts, outcome
from poc_tui.rules.mail.spam_marks import marked_as_spam
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs.known import is_of_a_department
from poc_tui.store.verbs.matching import Match
from poc_tui.store.verbs.senders import is_a_customers
from poc_tui.store.verbs.unfiled_mail import Unfiled


def decided(
    work: UnitOfWork,
    what: Filing,
    unfiled: Unfiled,
    match: Match,
    writer: MailAddress | None,
    rule: SenderRule | None,
) -> tuple[Filing, str]:
    """What is done with a mail of which `what` was to be done, and why it lies aside if so.
    `writer` is who would be the customer of its request; of a mail in doubt nobody is."""
    mine, policy = match.whose == MailAuthor.MINE, work.mail_policy
    spam = not mine and marked_as_spam(unfiled.mail)
    junk = policy.is_junk(unfiled.source)
    looked_at = what == Filing.NEW and policy.first_writers_aside
    known = match.known and not match.doubt
    if (spam or junk or looked_at) and not (known or match.doubt):
        known = any(_is_known(work, each) for each in (writer, unfiled.mail.sender))
    return outcome(what, AsideFacts(None if mine else rule, spam, junk, looked_at, known))


def is_marked(work: UnitOfWork, unfiled: Unfiled, match: Match) -> bool:
    """Whether the provider calls a mail of somebody else's spam, in it or by where it lay."""
    junk = work.mail_policy.is_junk(unfiled.source)
    return match.whose != MailAuthor.MINE and (junk or marked_as_spam(unfiled.mail))


def _is_known(work: UnitOfWork, writer: MailAddress | None) -> bool:
    """Whether the address is a customer's, or of somebody in a department."""
    address = writer.address.strip() if writer is not None else ""
    return bool(address) and (is_a_customers(work, address) or is_of_a_department(work, address))
