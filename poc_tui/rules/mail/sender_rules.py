"""What a person said becomes of mail: of one sender, of everybody at a domain, of a mailing list.

The most exact rule holds: that of the sender before that of the domain, a domain before the one it
lies in, and both before that of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from poc_tui.errors import NotUnderstood
from poc_tui.rules.mail.address import LONGEST, compared, is_address
from poc_tui.rules.mail.message import Mail, Nature, SenderRule, Treatment

Kind = Literal["sender", "domain", "list"]
"""Whom a rule names, the most exact first."""

LIST = "list:"
"""Stands before the name of a mailing list, as its List-Id has it (RFC 2919)."""

_LIST_ID = re.compile(r"<\s{0,9}([^<>\s]{1,255})\s{0,9}>\s{0,9}$")
_POST = re.compile(r"<\s{0,9}mailto:([^<>\s?]{1,320})", re.IGNORECASE)
_NAME = re.compile(r"[^\s<>,\"]{1,320}")


def read(words: str) -> str:
    """Whom the words name, as it is compared: in small letters, its domain as the DNS has it.

    Raises:
        NotUnderstood: they name neither an address, nor a domain, nor a list.
    """
    who = words.strip()
    if who.lower().startswith(LIST):
        name = who[len(LIST) :].strip()
        if _NAME.fullmatch(name) and name.isprintable():
            return LIST + name.lower()
    elif is_address(f"anybody{who}" if who.startswith("@") else who):
        return compared(who)
    raise NotUnderstood(
        f"“{who}” is nobody: write anna@firm.example, @firm.example for everybody there, or"
        f" {LIST}news.example.com for a mailing list"
    )


def can_be_read(words: str) -> bool:
    """Whether they name somebody; what stands in a header may be anything."""
    try:
        read(words)
    except NotUnderstood:
        return False
    return True


def names(mail: Mail, writer: str) -> Iterator[str]:
    """Whom a rule that holds for the mail can name, as `read` gives it; the most exact first.

    `writer` is the address of who wrote it, where that is not its sender.
    """
    both = (writer.strip(), mail.sender.address.strip() if mail.sender else "")
    found = [compared(each) for each in both if "@" in each and len(each) <= LONGEST]
    yield from found
    for whole in found:
        labels = whole.rpartition("@")[2].split(".")
        yield from ("@" + ".".join(labels[at:]) for at in range(len(labels) - 1 or 1))
    for name in lists(mail):
        yield LIST + name


def lists(mail: Mail) -> Iterator[str]:
    """The names of the mailing lists that the mail came by: their ids, else where to write to."""
    ids = [found[1] if (found := _LIST_ID.search(value)) else value.strip()
           for value in mail.fields("list-id")]  # fmt: skip
    ids = ids or [found[1] for value in mail.fields("list-post") if (found := _POST.search(value))]
    for name in ids or mail.fields("x-mailing-list"):
        if _NAME.fullmatch(name):
            yield name.lower()


def by_name(rules: Iterable[SenderRule]) -> Mapping[str, SenderRule]:
    """The rules by whom they name, as `read` gives it; raises as that does."""
    return {read(rule.who): rule for rule in rules}


def rule_for(mail: Mail, writer: str, rules: Mapping[str, SenderRule]) -> SenderRule | None:
    """The rule that holds for the mail, of these that `by_name` gave; None if none does. `writer`
    as for `names`."""
    if not rules:
        return None
    return next((rules[name] for name in names(mail, writer) if name in rules), None)


def kind_of(who: str) -> Kind:
    """What sort of name it is."""
    if who.startswith("@"):
        return "domain"
    return "list" if who.lower().startswith(LIST) else "sender"


def makes_a_letter(rule: SenderRule | None, mail: Mail) -> bool:
    """Whether a mail that no person wrote to us alone is taken for one by that rule.

    What tells of a mail that did not arrive is none, and a reply that a program gives names what it
    replies to (RFC 3834, section 3.1.5), where a program that writes of itself names nothing.
    """
    if rule is None or rule.treatment != Treatment.REQUESTS:
        return False
    return mail.nature == Nature.LIST or (mail.nature == Nature.AUTO_REPLY and not mail.refs)
