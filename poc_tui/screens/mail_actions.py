"""What a person decides about mails: those that go out, and those that came and lie aside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from poc_tui.errors import PocError
from poc_tui.rules.mail.sender_rules import kind_of
from poc_tui.rules.text import counted
from poc_tui.screens.dialogs.confirm import agreed_to
from poc_tui.screens.workers import begin_work
from poc_tui.store.queries import mail
from poc_tui.widgets.mail_rows import OutgoingLine

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.screens.mail_list import MailList
    from poc_tui.screens.request_actions import RequestActions
    from poc_tui.screens.services.mail_scheduler import MailScheduler
    from poc_tui.store.records import Done

_OURS_FIRST = "Highlight a mail under “Going out” first."
_THEIRS_FIRST = "Highlight a mail under “Aside” first."


class MailActions:
    """The commands that act on the chosen ones of `lines`."""

    def __init__(
        self, screen: QueueScreen, lines: MailList, actions: RequestActions, mailing: MailScheduler
    ) -> None:
        self._screen = screen
        self._session = screen.session
        self._lines = lines
        self._actions = actions
        self._mailing = mailing
        self.commands: dict[str, Callable[[], object]] = {
            "fetch": mailing.fetch,
            "mail_again": self._send_again,
            "mail_done": self._done,
            "mail_request": partial(self._on_lying, self._make_requests),
            "mail_rule": partial(self._on_lying, self._ask_for_rule),
            "mail_spam": partial(self._on_lying, self._call_spam),
        }

    async def _send_again(self) -> None:
        """Send it now, or again; where nobody knows whether it went out, only on a yes."""
        rows = self._lines.going()
        if not rows:
            self._screen.warn(_OURS_FIRST)
            return
        doubtful = [row for row in rows if row.state == "unsure"]
        if doubtful and not await agreed_to(
            self._screen,
            f"{_mails(doubtful)} may have been sent already, and would then arrive twice."
            " Send again?",
            "send again",
        ):
            return
        self._send([row.id for row in rows])

    async def _done(self) -> None:
        """A mail of ours went out, or is let be; a mail that lies aside needs nothing."""
        from poc_tui.store.drafts import Note

        going, lying = self._lines.going(), self._lines.lying()
        failed = [row for row in going if row.state == "failed"]
        unsure = [row for row in going if row.state == "unsure"]
        if going and not (failed or unsure):
            self._screen.warn("It waits to be sent; undo takes it back until it is.")
        if failed and await agreed_to(self._screen, _let_be(failed), "let it be"):
            for row in failed:
                note = Note(f"nothing more is done about the mail to {row.recipient}")
                self._actions.tell(await self._session.do(note, [row.number]))
            self._screen.acted()
        if unsure and await agreed_to(
            self._screen,
            f"{_mails(unsure)} went out after all? This cannot be undone.",
            "it went out",
        ):
            count = await self._session.mail.settle([row.id for row in unsure])
            self._acted(f"{counted(count, 'mail')} taken as sent")
        if lying:
            count = await self._session.mail.dismiss([row.id for row in lying])
            self._acted(f"{counted(count, 'mail')} off the list; what came is kept")
        if not going and not lying:
            self._screen.warn("No mail is highlighted.")

    async def _on_lying(self, act: Callable[[Sequence[int]], Awaitable[object]]) -> None:
        """Do something with the chosen ones among the mails that came."""
        rows = self._lines.lying()
        if not rows:
            self._screen.warn(_THEIRS_FIRST)
            return
        await act([row.id for row in rows])

    async def read(self) -> None:
        """Show the highlighted mail that came, and do what the person then says; after that the
        next one below it that still lies aside."""
        from poc_tui.screens.mail_reading import MailReadingScreen

        left = self._lines.from_highlight()
        while left:
            id, *below = left
            found = mail.mail(self._session.reader, id)
            if found.number is None and not found.dismissed:
                reading = MailReadingScreen(self._session, found, len(below))
                wanted = await self._screen.app.push_screen_wait(reading)
                if not wanted:
                    return
                if wanted == "mail_rule" and not await self._ask_for_rule([id]):
                    continue
                if wanted == "mail_spam" and not await self._call_spam([id]):
                    continue
                if wanted == "mail_request":
                    await self._make_requests([id])
                elif wanted == "mail_done":
                    await self._session.mail.dismiss([id])
                    self._acted("off the list; the mail is kept")
            left = below

    async def _ask_for_rule(self, ids: Sequence[int]) -> bool:
        """Ask what becomes of mail from those who wrote these; returns whether that was said."""
        from poc_tui.screens.dialogs.mail_rule import MailRuleDialog

        names = self._names(ids)
        if not names:
            return False
        dialog = MailRuleDialog(self._session, names)
        return self._told(await self._screen.app.push_screen_wait(dialog))

    async def _call_spam(self, ids: Sequence[int]) -> bool:
        """Never show again what those write who wrote these; returns whether that was done."""
        from poc_tui.screens.dialogs.mail_rule import lay_down

        senders = [of_one[0] for of_one in self._names(ids) if kind_of(of_one[0]) == "sender"]
        return bool(senders) and self._told(await lay_down(self._session, senders, "spam"))

    def _names(self, ids: Sequence[int]) -> list[list[str]]:
        """Whom rules for these mails can name, of each that names anybody; else that is said."""
        found = self._session.read(lambda reader: mail.names_of_senders(reader, ids))
        names = [of_one for of_one in found if of_one]
        if not names:
            self._screen.warn("Nobody is named who wrote it.")
        return names

    def _told(self, done: Done | None) -> bool:
        if not self._actions.tell(done):
            return False
        self._screen.acted()
        self._screen.reload()
        return True

    async def _make_requests(self, ids: Sequence[int]) -> None:
        if self._actions.tell(await self._session.mail.make_requests(ids)):
            self._screen.acted()

    def _send(self, ids: Sequence[int]) -> None:
        """Have these sent, or hand them over; apart, as servers and mail programs take time."""
        settings = self._session.mail.settings
        if not settings.policy.sends:
            self._screen.warn('Mail is not sent from here: set "mail.send" first.')
        elif settings.sends:
            self._screen.say(f"sending {counted(len(ids), 'mail')}")
            self._screen.acted()
            self._mailing.send(ids)
        else:
            begin_work(self._screen, partial(self._hand_over_these, ids), "mail")

    async def _hand_over_these(self, ids: Sequence[int]) -> None:
        from poc_tui.screens.mail_hand_off import hand_over

        try:
            await self._session.mail.again(ids)
        except PocError as error:
            self._screen.warn(str(error))
            return
        await hand_over(self._screen, ids)
        self._screen.acted()
        self._screen.look()

    def _acted(self, sentence: str) -> None:
        self._screen.acted()
        self._screen.look()
        self._screen.say(sentence)


def _let_be(rows: Sequence[OutgoingLine]) -> str:
    if len(rows) == 1:
        return f"{_mails(rows)} failed. Let it be? The request is yours already."
    return f"{_mails(rows)} failed. Let them be? The requests are yours already."


def _mails(rows: Sequence[OutgoingLine]) -> str:
    """`The mail to info@meyer.example`, or `3 mails`."""
    return f"The mail to {rows[0].recipient}" if len(rows) == 1 else counted(len(rows), "mail")
