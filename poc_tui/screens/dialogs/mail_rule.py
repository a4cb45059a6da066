"""What becomes of mail from somebody, from now on and of what lies aside already."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from secrets import token_hex
from typing import ClassVar, get_args

from textual.widget import Widget

from poc_tui.rules.mail.correspondent import is_a_providers
from poc_tui.rules.mail.sender_rules import Kind, kind_of
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.screens.session import Session
from poc_tui.settings.mail import SenderTreatment
from poc_tui.store.drafts import FileMails
from poc_tui.store.records import Done
from poc_tui.system import locations
from poc_tui.widgets.choice import Choice
from poc_tui.words import mail_states

_LONGEST = 50
"""Cells of whom it is about."""

_TREATMENTS: Sequence[tuple[SenderTreatment | None, str]] = (
    ("requests", "requests"),
    ("aside", "aside"),
    ("spam", "spam, never shown"),
    (None, "no rule"),
)


class MailRuleDialog(Dialog):
    """Whom it is about, and what becomes of their mail. It goes into the settings.

    Args:
        session: the open desk.
        names: of each mail whom a rule for it can name, as `store.queries.mail` gives them; at
            least one names somebody.
    """

    NAME, MAIN = "mail-rule", "becomes"
    KEEPS_WORDS: ClassVar[bool] = False

    def __init__(self, session: Session, names: Sequence[Sequence[str]]) -> None:
        super().__init__(session, "Rule")
        self._whom = _kinds(names)

    def fields(self) -> Iterable[Widget]:
        options = [(kind, _label(kind, whom)) for kind, whom in self._whom.items()]
        # What comes by a list only has a sender for whoever writes in it; else the most exact.
        likely = "list" if "list" in self._whom else options[0][0]
        yield Field("mail of", Choice(options, likely, id="whom", longest=_LONGEST))
        treatments = [(label, label) for _, label in _TREATMENTS]
        yield Field("becomes", Choice(treatments, id="becomes"))
        yield Field("", FieldRemark("always, and what lies aside already"))

    def act(self) -> Callable[[], Awaitable[Done]]:
        becomes = self.form.value("becomes")
        treatment = next(each for each, label in _TREATMENTS if label == becomes)
        kind = next(kind for kind in self._whom if kind == self.form.value("whom"))
        return partial(lay_down, self.session, self._whom[kind], treatment)


async def lay_down(
    session: Session, whom: Sequence[str], treatment: SenderTreatment | None
) -> Done:
    """Write a rule for these down, go by it at once, and do what it says with what lies aside.

    Raises:
        ConfigWrong: the settings file cannot be used or written; it is then as it was.
    """
    from poc_tui.mail.sender_rules import sort_out
    from poc_tui.settings import sender_rules
    from poc_tui.words.mail_reports import sorted_out

    environ = session.environ
    if session.demo:
        changed = sender_rules.with_rules(session.mail.settings, whom, treatment)
        settings = session.settings._replace(mail=changed)
    else:
        path = locations.config_path(environ)
        settings = await asyncio.to_thread(sender_rules.lay_down, path, whom, treatment, environ)
    session.follow_levels(settings)
    found = await asyncio.to_thread(sort_out, session.path, settings.mail, whom)
    filed = Done("", (), None)
    if found.to_file:
        filed = await session.do(FileMails(found.to_file), run=f"mail{token_hex(8)}")
    return sorted_out(whom, treatment, found, filed)


def _kinds(names: Sequence[Sequence[str]]) -> dict[Kind, tuple[str, ...]]:
    """Whom rules for these mails can name, in up to three kinds: the senders, everybody at their
    domains unless anybody has an address there, the lists that they came by."""
    kinds: dict[Kind, dict[str, None]] = {kind: {} for kind in get_args(Kind)}
    for of_mail in names:
        # The first of a kind: of the domains that of the address, not those which it lies in.
        for kind, name in {kind_of(name): name for name in reversed(of_mail)}.items():
            if not (kind == "domain" and is_a_providers(name[1:])):
                kinds[kind][name] = None
    return {kind: tuple(found) for kind, found in kinds.items() if found}


def _label(kind: Kind, whom: Sequence[str]) -> str:
    if len(whom) == 1:
        return mail_states.whom(whom[0])
    return f"everybody at {len(whom)} domains" if kind == "domain" else f"these {len(whom)} {kind}s"
