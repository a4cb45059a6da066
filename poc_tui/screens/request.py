"""One request on a screen of its own: everything that was ever said, and every verb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from poc_tui.errors import PocError, StoreBusy
from poc_tui.screens.key_bindings import bind
from poc_tui.screens.request_actions import RequestActionsScreen
from poc_tui.store.queries import queue, requests
from poc_tui.widgets.key_bar import KeyHint
from poc_tui.widgets.timeline import RequestPane

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.records import QueueRow


class RequestScreen(RequestActionsScreen):
    """The whole timeline with the whole texts. Esc goes back."""

    AUTO_FOCUS = "#entries"

    def __init__(self, session: Session, number: int) -> None:
        super().__init__(session)
        bind(self, session.keymap, "request", "list", "desk")
        self._bindings.bind("escape", "leave", "back", show=True, key_display="esc")
        self._number = number
        self._seen = -1

    def compose(self) -> ComposeResult:
        yield RequestPane(self.session.clock.zone, whole=True, id="request")
        yield self.key_bar(KeyHint("esc", "back", "leave"))

    def on_mount(self) -> None:
        self.reload()
        self.set_interval(0.25, self._poll)

    def chosen(self) -> Sequence[QueueRow]:
        return queue.by_number(self.session.reader, [self._number])

    def reload(self) -> None:
        pane = self.query_one(RequestPane)
        try:
            self._seen = self.session.reader.data_version()
            unfolded = pane.unfolds == self._number
            detail = requests.request(self.session.reader, self._number, unfolded=unfolded)
            weighed = self.session.weigh(detail)
        except StoreBusy:
            self._seen = -1
            return
        except PocError as error:
            self.warn(str(error))
            self.dismiss()
            return
        pane.show(detail, self.session.clock.now(), weighed)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What needs a queue has no meaning here."""
        del parameters
        elsewhere = (
            "view_", "mark", "search", "new", "departments", "agenda", "levels", "open", "fetch",
            "mail",
        )  # fmt: skip
        return not action.startswith(elsewhere)

    def action_leave(self) -> None:
        """Back to where one came from."""
        self.dismiss()

    def action_next_pane(self) -> None:
        """There is one pane only."""

    action_previous_pane = action_next_pane

    def action_refresh(self) -> None:
        """Read the store again."""
        self.reload()

    def action_cursor_down(self) -> None:
        self._entries.scroll_down()

    def action_cursor_up(self) -> None:
        self._entries.scroll_up()

    def action_page_down(self) -> None:
        self._entries.scroll_page_down()

    def action_page_up(self) -> None:
        self._entries.scroll_page_up()

    def action_first(self) -> None:
        self._entries.scroll_home()

    def action_last(self) -> None:
        self._entries.scroll_end()

    @property
    def _entries(self):  # type: ignore[no-untyped-def]
        return self.query_one("#entries")

    def _poll(self) -> None:
        try:
            written = self.session.reader.data_version() != self._seen
        except PocError:
            return
        if written:
            self.reload()
