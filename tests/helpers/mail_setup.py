"""A desk with one account, as most have it."""

from __future__ import annotations

from typing import Any

from poc_tui.rules.mail.message import AccountPolicy, MailPolicy
from poc_tui.settings.mail import Account, MailSettings


def one_account(**given: Any) -> MailSettings:
    """The settings of one account, and of mail at all; each under the name of its field."""
    return changed(MailSettings(), **given)


def changed(mail: MailSettings, **given: Any) -> MailSettings:
    """The same with these fields changed, those of its first account among them."""
    own = {name: value for name, value in given.items() if name in Account._fields}
    rest = {name: value for name, value in given.items() if name not in own}
    accounts = (mail.first._replace(**own), *mail.accounts[1:])
    return mail._replace(accounts=accounts, **rest)


def account_policy(
    address: str = "",
    mine: tuple[str, ...] = (),
    *,
    sends: bool = False,
    signature: str = "",
    **rest: Any,
) -> MailPolicy:
    """How a desk with one account writes and is written to."""
    account = AccountPolicy(address, sends, mine, signature=signature)
    return MailPolicy((account,), **rest)
