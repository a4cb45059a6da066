"""What keeps a mail from becoming a request, and why a mail lies aside.

The word of the person comes first, then the mark of the provider, then whether anybody here knows
who writes.
"""

from __future__ import annotations

from typing import NamedTuple

from poc_tui.rules.mail.filing import Filing
from poc_tui.rules.mail.message import SenderRule, Treatment
from poc_tui.rules.mail.sender_rules import kind_of
from poc_tui.rules.text import counted

MARKED_AS_SPAM = "marked as spam by the provider"
WRITES_FIRST = "writes for the first time"

KNOWN_IN_JUNK = "of somebody known, but in the folder of junk"

_ON_NO_REQUEST = (Filing.NEW, Filing.NEW_OF_NOBODY, Filing.SET_ASIDE)
_MAKES_A_REQUEST = (*_ON_NO_REQUEST, Filing.NEW_OF_FIRST_WRITER, Filing.FOLLOWS)
_BY_RULE = "by your rule for "


class AsideFacts(NamedTuple):
    """What may keep a mail from becoming a request."""

    rule: SenderRule | None = None
    """That of the person which holds for it."""
    spam: bool = False
    """Whether the provider has marked it."""
    junk: bool = False
    """Whether it lay in the folder of junk."""
    looked_at: bool = False
    """Whether mail of people whom nobody here knows is looked at first."""
    known: bool = False
    """Whether who wrote it is known here: a customer, or in a department."""


def outcome(what: Filing, facts: AsideFacts) -> tuple[Filing, str]:
    """What is done with a mail of which `what` was to be done, and why it lies aside if so.

    What belongs to a request stays there, unless the person said that its very sender is spam:
    a domain or a list has many people, and nothing of a customer may go unseen.
    """
    rule, on_a_request = facts.rule, what not in _ON_NO_REQUEST
    if rule is not None and what != Filing.NOT_DELIVERED:
        reaches = not on_a_request or kind_of(rule.who) == "sender"
        if rule.treatment == Treatment.SPAM and reaches:
            return Filing.SPAM, by_rule(rule)
        if rule.treatment == Treatment.ASIDE and not on_a_request:
            return Filing.SET_ASIDE, by_rule(rule)
    if rule is None and facts.junk and what in _MAKES_A_REQUEST:
        return Filing.SET_ASIDE, KNOWN_IN_JUNK if facts.known else MARKED_AS_SPAM
    if on_a_request or rule is not None or facts.known:
        return what, ""
    if facts.spam:
        return Filing.SET_ASIDE, MARKED_AS_SPAM
    if facts.looked_at and what == Filing.NEW:
        return Filing.SET_ASIDE, WRITES_FIRST
    return what, ""


def lie_aside(mails: int, spam: int = 0) -> str:
    """How many mails lie aside, and of how many of them the provider says that they are spam:
    `3 mails lie aside, 1 of them marked as spam`."""
    if mails == 1:
        return "1 mail lies aside" + (", marked as spam" if spam else "")
    said = f"{counted(mails, 'mail')} lie aside"
    if not spam:
        return said
    return f"{said}, {'all' if spam == mails else f'{spam:,}'} of them marked as spam"


def by_rule(rule: SenderRule) -> str:
    """Why a mail lies aside that lies there by this rule."""
    return f"{_BY_RULE}{rule.who}"


def is_by_rule(why: str) -> bool:
    """Whether that is the reason."""
    return why.startswith(_BY_RULE)
