"""One request on a screen of its own: everything that was ever said, and every verb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from poc_tui.errors import PocError, StoreBusy
from poc_tui.screens.command_screen import LEAVE, RequestsScreen
from poc_tui.screens.pane_moves import PaneMoves
from poc_tui.screens.request_actions import RequestActions
from poc_tui.screens.services.store_watch import StoreWatch
from poc_tui.store.queries import queue, requests
from poc_tui.widgets.conversation import Conversation

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.records import QueueRow


class RequestScreen(RequestsScreen):
    """The whole timeline with the whole texts. Esc goes back."""

    AUTO_FOCUS = "#request"

    def __init__(self, session: Session, number: int) -> None:
        super().__init__(session, "request", "list", "desk")
        self.leaves_by("escape")
        self._number = number
        # Of a store that cannot be read the desk below complains.
        self.store_watch = StoreWatch(self, session, self.reload, lambda _: None)
        self.commands |= PaneMoves(self, "#request").commands
        self.commands |= RequestActions(self).commands
        self.commands["leave"] = self.dismiss

    def compose(self) -> ComposeResult:
        yield Conversation(self.session.clock.zone, whole=True, id="request")
        yield self.footer.bar(lambda keys: (LEAVE, *keys))

    def on_mount(self) -> None:
        self.store_watch.begin()

    def chosen(self) -> Sequence[QueueRow]:
        return queue.by_number(self.session.reader, [self._number])

    def reload(self) -> None:
        pane = self.query_one(Conversation)
        with self.store_watch.reading() as begin:
            now, _ = begin()
            try:
                unfolded = pane.unfolds == self._number
                detail = requests.request(
                    self.session.reader,
                    self._number,
                    unfolded=unfolded,
                    mine=self.session.mail_settings.mine,
                )
                weighed = self.session.weigh(detail)
            except StoreBusy:
                raise
            except PocError as error:
                self.warn(str(error))
                self.dismiss()
                return
            pane.show_request(detail, now, weighed)
            self.footer.follow()
