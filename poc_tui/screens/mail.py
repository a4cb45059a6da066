"""The mail: what waits to be sent or is stuck, and what came and lies aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events

from poc_tui.commands import run_action
from poc_tui.screens.command_screen import LEAVE
from poc_tui.screens.list_screen import ListScreen
from poc_tui.screens.mail_actions import MailActions
from poc_tui.screens.mail_list import MailList
from poc_tui.screens.request import RequestScreen
from poc_tui.store.queries import queue
from poc_tui.widgets.key_bar import KeyHint
from poc_tui.widgets.mail_rows import AsideLine, OutgoingLine, Row

if TYPE_CHECKING:
    from poc_tui.screens.services.mail_scheduler import MailScheduler
    from poc_tui.screens.session import Session
    from poc_tui.store.records import QueueRow


class MailScreen(ListScreen):
    """What a person decides about mails; the verbs of requests work on those of what goes out."""

    KEYS_FIRST = "Mail"
    NOTHING_CHOSEN = "Highlight a mail under “Going out” first; its request is meant then."

    lines: MailList

    def __init__(self, session: Session, mailing: MailScheduler) -> None:
        super().__init__(session, MailList(session), "request", "list", "desk", "mail")
        self._mailing = mailing
        self._shown = {key.command: key for key in session.keymap.bindings()}
        self._mails = MailActions(self, self.lines, self.actions, mailing)
        self.commands |= self._mails.commands

    def on_mount(self) -> None:
        self._mailing.show()

    def on_resize(self, event: events.Resize) -> None:
        """Break the reasons anew for the new width."""
        del event
        self.call_after_refresh(self.lines.lay_out)

    def chosen(self) -> Sequence[QueueRow]:
        """The requests that the chosen mails of ours belong to."""
        numbers = dict.fromkeys(row.number for row in self.lines.going())
        return queue.by_number(self.session.reader, list(numbers))

    def open(self) -> None:
        """Open the request of a mail of ours, or read the mail that came."""
        row = self.queue.highlighted_row
        if isinstance(row, OutgoingLine):
            self.open_screen(RequestScreen(self.session, row.number))
        elif isinstance(row, AsideLine):
            self.ask(self._mails.read)

    def keys(self, of_table: Sequence[KeyHint]) -> Sequence[KeyHint]:
        """What can be done with the highlighted line, in the words that fit it, and the rest."""
        del of_table
        labels = _labels(self.queue.highlighted_row) if self.is_mounted else {}
        opening = [KeyHint("enter", labels["open"], run_action("open"))] if labels else []
        wanted = [name for name in labels if name != "open"] + ["fetch", "undo", "help"]
        here = [
            KeyHint(key.shown, labels.get(name, key.label), key.action)
            for name in wanted
            if (key := self._shown.get(name)) is not None
        ]
        return (LEAVE, *opening, *here)


def _labels(row: Row | None) -> Mapping[str, str]:
    """What the commands of this screen do on that line; those that do nothing are left out."""
    if isinstance(row, AsideLine):
        return {
            "open": "read", "mail_request": "make a request", "mail_done": "needs nothing",
            "mail_rule": "rule", "mail_spam": "spam",
        }  # fmt: skip
    if not isinstance(row, OutgoingLine):
        return {}
    if row.state == "failed":
        return {"open": "open", "mail_again": "send again", "mail_done": "let it be"}
    if row.state == "unsure":
        return {"open": "open", "mail_again": "send again", "mail_done": "it went out"}
    return {"open": "open", "mail_again": "send now"}
