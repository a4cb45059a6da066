"""What a person does with the mails of a request: read them whole, save them, split one off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.screen import Screen

    from poc_tui.screens.command_screen import RequestsScreen
    from poc_tui.store.records import Done


class RequestMailActions:
    """The commands about the mails of the requests which `screen` says are chosen.

    `tell` says what was done, `open_dialog` opens one and says what it did.
    """

    def __init__(
        self,
        screen: RequestsScreen,
        tell: Callable[[Done | None], bool],
        open_dialog: Callable[[Screen[Done | None]], Awaitable[bool]],
    ) -> None:
        self._screen = screen
        self._session = screen.session
        self._tell = tell
        self._open_dialog = open_dialog
        self.commands: dict[str, Callable[..., object]] = {
            "unfold": self._unfold,
            "split_mail": self._split_mail,
            "save": self._save,
        }

    def _unfold(self) -> None:
        """Show what the mails of the request quote, or fold it away again."""
        from poc_tui.widgets.conversation import Conversation

        panes = self._screen.query(Conversation)
        if not panes:
            self._screen.warn("Open the request first; its mails unfold there.")
        elif panes.first().unfold():
            self._screen.reload()
        else:
            self._screen.warn("There is nothing folded away here.")

    async def _split_mail(self) -> None:
        """Make a request of its own of the mail that brought another matter, on a yes."""
        from secrets import token_hex

        from poc_tui.rules.dates.format import say
        from poc_tui.rules.text import one_line
        from poc_tui.screens.dialogs.confirm import agreed_to
        from poc_tui.store.queries import request_mail

        rows = self._screen.chosen()
        if len(rows) != 1:
            self._screen.warn("Highlight the one request that a mail is to be split off.")
            return
        found = request_mail.splittable(self._session.reader, rows[0].number)
        if found is None:
            self._screen.warn(f"#{rows[0].number} has no later mail that could be split off.")
            return
        clock = self._session.clock
        at, about = say(found.at, clock.now(), clock.zone), one_line(found.subject, 40)
        question = f"Make the mail of {at}, “{about}”, a request of its own?"
        if not await agreed_to(self._screen, question, "split it off"):
            return
        run = f"split{token_hex(8)}"
        done = await self._session.acts(lambda desk: desk.split(found.mail_id, run))
        self._tell(done)
        self._screen.point_at(done.numbers[-1:])

    async def _save(self) -> None:
        """Save what is attached to the mails, or the whole of them."""
        from poc_tui.screens.dialogs.save import SaveDialog
        from poc_tui.store.queries import request_mail

        rows = self._screen.chosen()
        pieces = [
            piece
            for row in rows
            for piece in request_mail.saveables(self._session.reader, row.number)
        ]
        if not pieces:
            self._screen.warn("There is no mail here." if rows else "No request is highlighted.")
            return
        await self._open_dialog(SaveDialog(self._session, rows, pieces))
