"""Doing with what lies aside already what a person has just said becomes of such mail."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.rules.mail.message import Treatment
from poc_tui.rules.mail.sender_rules import read
from poc_tui.rules.mail.set_aside import by_rule
from poc_tui.store import raw_mail
from poc_tui.store.connection import connection
from poc_tui.store.queries.customers import customers_at
from poc_tui.store.queries.mail import aside_by_rules
from poc_tui.store.queries.reader import Reader
from poc_tui.store.schema import BUSY_MS

if TYPE_CHECKING:
    from poc_tui.settings.mail import MailSettings


class RuleResult(NamedTuple):
    """What a rule does to the mails that lie aside."""

    to_file: tuple[int, ...] = ()
    """Those that are to be requests, which is left to a verb, so that it can be taken back."""
    off: int = 0
    """How many are off the list of what lies aside, since they are spam."""
    customers: int = 0
    """How many customers have an address there."""


def sort_out(path: str, mail: MailSettings, whom: Sequence[str]) -> RuleResult:
    """Look through what lies aside in the store for mails that the rules of these hold for, and do
    at once what needs no verb.

    Raises:
        StoreBusy, StoreUnreadable: the store cannot be read or written.
    """
    rules = mail.policy.rules
    named = [name for name in map(read, whom) if name in rules]
    with closing(Reader(path, busy_ms=BUSY_MS)) as reader:
        found = {name: aside_by_rules(reader, rules, [name]) for name in named}
        customers = customers_at(reader, named)
    to_file: list[int] = []
    off = 0
    with connection(path) as opened:
        for name, ids in found.items():
            rule = rules[name]
            if rule.treatment == Treatment.REQUESTS:
                to_file += ids
            else:
                shown = rule.treatment == Treatment.ASIDE
                off += raw_mail.lay_aside(opened, ids, by_rule(rule), shown=shown)
    return RuleResult(tuple(sorted(to_file)), off, customers)
