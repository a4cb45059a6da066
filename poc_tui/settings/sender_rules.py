"""Writing down what becomes of somebody's mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, get_args

from poc_tui.rules.mail.sender_rules import read
from poc_tui.settings.edit import set_values
from poc_tui.settings.load import Settings, load
from poc_tui.settings.mail import SenderTreatment

if TYPE_CHECKING:
    from poc_tui.settings.mail import MailSettings

TREATMENTS: Sequence[SenderTreatment] = get_args(SenderTreatment)


def with_rules(
    mail: MailSettings, whom: Sequence[str], treatment: SenderTreatment | None
) -> MailSettings:
    """The settings in which this becomes of the mail of these; None: no rule names them.

    Raises:
        NotUnderstood: one is nobody.
    """
    named = {read(who): who for who in whom}
    kept = [(who, what) for who, what in mail.rules if read(who) not in named]
    new = [(who, treatment) for who in named.values()] if treatment else []
    return mail._replace(rules=(*kept, *new))


def lay_down(
    path: str,
    whom: Sequence[str],
    treatment: SenderTreatment | None,
    environ: Mapping[str, str],
) -> Settings:
    """Write that into the settings file `path`, and return what it says then.

    The file is read anew, so that rules which somebody else has written stay.

    Raises:
        NotUnderstood: one is nobody.
        ConfigWrong: the file cannot be used or written; it is then as it was.
    """
    before = load(path, environ).mail
    after = with_rules(before, whom, treatment)
    old, new = _lists(before), _lists(after)
    changed = {key: who for key, who in new.items() if who != old[key]}
    if changed:
        set_values(path, changed, environ)
    return load(path, environ)


def _lists(mail: MailSettings) -> dict[str, list[str]]:
    """The rules as they are set: by the key of each treatment, of whom it holds."""
    return {
        f"mail.rules.{what}": [who for who, its in mail.rules if its == what] for what in TREATMENTS
    }
