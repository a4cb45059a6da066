"""One mail that lies aside, to be read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content

from poc_tui.commands import run_action
from poc_tui.rules.dates.format import say
from poc_tui.rules.mail.address import same
from poc_tui.rules.text import one_line, safe
from poc_tui.screens.command_screen import LEAVE, CommandScreen
from poc_tui.screens.pane_moves import PaneMoves
from poc_tui.widgets.key_bar import KeyBar, KeyHint
from poc_tui.widgets.reading_pane import ReadingPane
from poc_tui.words.mail_states import aside_for, person

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.records import MailDetail

TITLE = 66
"""Cells of the subject in the border."""

MOST = 200_000
"""Characters of one part of a mail that are shown."""

_DECISIONS = ("mail_request", "mail_done", "mail_spam", "mail_rule")


class MailReadingScreen(CommandScreen[str]):
    """Headers, text, signature and what is quoted. Gives the command that was chosen, `open` for
    the next mail, or "".

    Args:
        session: the open desk.
        mail: what is read.
        more: how many mails lie below it.
    """

    AUTO_FOCUS = "#mail"

    def __init__(self, session: Session, mail: MailDetail, more: int = 0) -> None:
        super().__init__(session, "list", "mail")
        self.leaves_by("escape", *session.keymap.keys("quit"))
        self._mail = mail
        self._more = more
        self.commands |= PaneMoves(self, "#mail").commands
        self.commands |= {"leave": partial(self.dismiss, "")}
        chosen = (*_DECISIONS, "open") if more else _DECISIONS
        self.commands |= {decision: partial(self.dismiss, decision) for decision in chosen}

    def compose(self) -> ComposeResult:
        yield ReadingPane(id="mail")
        keys = [key for key in self.session.keymap.bindings("mail") if key.command in _DECISIONS]
        shown = [KeyHint(key.shown, key.label, key.action) for key in keys]
        further = [KeyHint("enter", "next", run_action("open"))] if self._more else []
        yield KeyBar([LEAVE, *further, *shown])

    def on_mount(self) -> None:
        pane = self.query_one("#mail", ReadingPane)
        pane.entitle(one_line(self._mail.subject, TITLE) or "(no subject)")
        text = Content("\n").join(self._lines())
        pane.show(lambda width: ((), [text.wrap(width)]), newest=False)

    def _lines(self) -> Iterator[Content]:
        mail, clock = self._mail, self.session.clock
        at = say(mail.sent_at or mail.came_at, clock.now(), clock.zone)
        yield _field("from", person(mail.sender_name, mail.sender))
        if mail.carrier:
            yield _field("sent by", mail.carrier)
        if mail.reply_to and not same(mail.reply_to, mail.sender):
            yield _field("reply to", mail.reply_to)
        if mail.original:
            yield _field("first by", person(mail.original_name, mail.original))
        yield _field("sent" if mail.sent_at else "came", at)
        yield _field("aside", aside_for(mail.nature, mail.aside_why, whole=True))
        for _, name, type, size in mail.parts:
            yield _field("attached", f"{name or '(no name)'} ({type}, {size:,} bytes)")
        for sentence in mail.trouble:
            yield _field("trouble", sentence)
        for text, style in (
            (mail.text or "(no words)", ""),
            (mail.signature, "dim"),
            (mail.quoted, "dim"),
        ):
            if text:
                yield Content("")
                yield Content.styled(safe(text[:MOST], newline=True), style)
        if max(map(len, (mail.text, mail.signature, mail.quoted))) > MOST:
            yield Content.styled("… cut here; the original is kept", "dim italic")


def _field(name: str, words: str) -> Content:
    return Content.assemble((f"{name:<9} ", "dim"), safe(words))
