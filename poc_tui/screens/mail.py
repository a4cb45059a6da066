"""The mail: what waits to be sent or is stuck, and what came and lies aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import events, on

from poc_tui.commands import run_action
from poc_tui.errors import PocError
from poc_tui.rules.text import counted
from poc_tui.screens.command_screen import LEAVE
from poc_tui.screens.dialogs.confirm import ConfirmDialog
from poc_tui.screens.list_screen import ListScreen
from poc_tui.screens.mail_list import MailList
from poc_tui.store.queries import mail, queue
from poc_tui.widgets.key_bar import KeyBar, KeyHint
from poc_tui.widgets.mail_rows import AsideLine, OutgoingLine, Row
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from poc_tui.screens.services.mail_scheduler import MailScheduler
    from poc_tui.screens.session import Session
    from poc_tui.store.records import QueueRow

_OURS_FIRST = "Highlight a mail under “Going out” first."
_THEIRS_FIRST = "Highlight a mail under “Aside” first."


class MailScreen(ListScreen):
    """What a person decides about mails; the verbs of requests work on those of what goes out."""

    NOTHING_CHOSEN = "Highlight a mail under “Going out” first; its request is meant then."

    def __init__(self, session: Session, mailing: MailScheduler) -> None:
        self.lines = MailList(session)
        super().__init__(session, self.lines, "request", "list", "desk", "mail")
        self._mailing = mailing
        self.commands |= {
            "fetch": mailing.fetch,
            "mail_again": self._send_again,
            "mail_done": self._done,
            "mail_request": self._request,
        }

    def on_mount(self) -> None:
        super().on_mount()
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
            from poc_tui.screens.request import RequestScreen

            self.open_screen(RequestScreen(self.session, row.number))
        elif isinstance(row, AsideLine):
            self.ask(self._read_mail)

    @on(VirtualList.Highlighted, "#mails")
    def _show_keys(self) -> None:
        self.query_one(KeyBar).keys = self.keys().keys

    async def _send_again(self) -> None:
        """Send it now, or again; where nobody knows whether it went out, only on a yes."""
        rows = self.lines.going()
        if not rows:
            self.warn(_OURS_FIRST)
            return
        doubtful = [row for row in rows if row.state == "unsure"]
        if doubtful and not await self._agreed_to(
            f"{_mails(doubtful)} may have been sent already, and would then arrive twice."
            " Send again?",
            "send again",
        ):
            return
        self._send([row.id for row in rows])

    async def _done(self) -> None:
        """A mail of ours went out, or is let be; a mail that lies aside needs nothing."""
        from poc_tui.store.drafts import Note

        going, lying = self.lines.going(), self.lines.lying()
        failed = [row for row in going if row.state == "failed"]
        unsure = [row for row in going if row.state == "unsure"]
        if going and not (failed or unsure):
            self.warn("It waits to be sent; undo takes it back until it is.")
        if failed and await self._agreed_to(_let_be(failed), "let it be"):
            for row in failed:
                note = Note(f"nothing more is done about the mail to {row.recipient}")
                self.actions.tell(await self.session.do(note, [row.number]))
            self.acted()
        if unsure and await self._agreed_to(
            f"{_mails(unsure)} went out after all? This cannot be undone.", "it went out"
        ):
            count = await self.session.mail.settle([row.id for row in unsure])
            self._acted(f"{counted(count, 'mail')} taken as sent")
        if lying:
            count = await self.session.mail.dismiss([row.id for row in lying])
            self._acted(f"{counted(count, 'mail')} off the list; what came is kept")
        if not going and not lying:
            self.warn("No mail is highlighted.")

    async def _request(self) -> None:
        """Make what lies aside a request."""
        rows = self.lines.lying()
        if not rows:
            self.warn(_THEIRS_FIRST)
            return
        await self._make_requests([row.id for row in rows])

    async def _read_mail(self) -> None:
        """Show the highlighted mail that came, and do what the person then says."""
        from poc_tui.screens.mail_reading import MailReadingScreen

        row = self.queue.highlighted_row
        if not isinstance(row, AsideLine):
            return
        found = mail.mail(self.session.reader, row.id)
        wanted = await self.app.push_screen_wait(MailReadingScreen(self.session, found))
        if wanted == "mail_request":
            await self._make_requests([row.id])
        elif wanted == "mail_done":
            await self.session.mail.dismiss([row.id])
            self._acted("off the list; the mail is kept")

    async def _make_requests(self, ids: Sequence[int]) -> None:
        if self.actions.tell(await self.session.mail.make_requests(ids)):
            self.acted()

    def _send(self, ids: Sequence[int]) -> None:
        """Have these sent, or hand them over; apart, as servers and mail programs take time."""
        settings = self.session.mail.settings
        if not settings.policy.sends:
            self.warn('Mail is not sent from here: set "mail.send" first.')
        elif settings.sends:
            self.say(f"sending {counted(len(ids), 'mail')}")
            self.acted()
            self._mailing.send(ids)
        else:
            self.run_worker(self._hand_over_these(ids), group="mail")

    async def _hand_over_these(self, ids: Sequence[int]) -> None:
        from poc_tui.screens.mail_hand_off import hand_over

        try:
            await self.session.mail.again(ids)
        except PocError as error:
            self.warn(str(error))
            return
        handed = await hand_over(self.session, self.app, ids)
        self.acted()
        self.look()
        (self.warn if handed.trouble else self.say)("\n".join((*handed.said, *handed.trouble)))

    def _acted(self, sentence: str) -> None:
        self.acted()
        self.look()
        self.say(sentence)

    async def _agreed_to(self, question: str, yes: str) -> bool:
        return await self.app.push_screen_wait(ConfirmDialog(question, yes))

    def keys(self) -> KeyBar:
        """What can be done with the highlighted line, in the words that fit it, and the rest."""
        labels = _labels(self.queue.highlighted_row) if self.is_mounted else {}
        shown = {key.command: key for key in self.session.keymap.bindings()}
        opening = [KeyHint("enter", labels["open"], run_action("open"))] if labels else []
        wanted = [name for name in labels if name != "open"] + ["fetch", "undo", "help"]
        keys = [
            KeyHint(key.shown, labels.get(name, key.label), key.action)
            for name in wanted
            if (key := shown.get(name)) is not None
        ]
        return KeyBar((LEAVE, *opening, *keys))


def _labels(row: Row | None) -> Mapping[str, str]:
    """What the commands of this screen do on that line; those that do nothing are left out."""
    if isinstance(row, AsideLine):
        return {"open": "read", "mail_request": "make a request", "mail_done": "needs nothing"}
    if not isinstance(row, OutgoingLine):
        return {}
    if row.state == "failed":
        return {"open": "open", "mail_again": "send again", "mail_done": "let it be"}
    if row.state == "unsure":
        return {"open": "open", "mail_again": "send again", "mail_done": "it went out"}
    return {"open": "open", "mail_again": "send now"}


def _let_be(rows: Sequence[OutgoingLine]) -> str:
    if len(rows) == 1:
        return f"{_mails(rows)} failed. Let it be? The request is yours already."
    return f"{_mails(rows)} failed. Let them be? The requests are yours already."


def _mails(rows: Sequence[OutgoingLine]) -> str:
    """`The mail to info@meyer.example`, or `3 mails`."""
    return f"The mail to {rows[0].recipient}" if len(rows) == 1 else counted(len(rows), "mail")
