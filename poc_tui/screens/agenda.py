"""The agenda: what is due by the hour, and at a key whom to turn to."""

from __future__ import annotations

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from poc_tui.screens.agenda_list import AgendaListScreen
from poc_tui.screens.request_actions import opens_dialog
from poc_tui.settings.keymap import display_key
from poc_tui.widgets.key_bar import KeyBar, KeyHint
from poc_tui.widgets.top_bar import TopBar
from poc_tui.widgets.virtual_list import VirtualList


class AgendaScreen(AgendaListScreen):
    """Everything with a date, in parts. Every verb works on the highlighted or marked lines."""

    DEFAULT_CSS = """
    AgendaScreen {
        layout: vertical;
        background: $background;
        & #parts { height: 1fr; border: round $primary; border-title-color: $text-primary; border-title-style: bold; background: $background; }
        & #agenda { height: 1fr; }
    }
    """  # noqa: E501

    AUTO_FOCUS = "#agenda"

    def compose(self) -> ComposeResult:
        yield TopBar(self.session.clock.zone, "poc demo" if self.session.demo else "poc")
        with Vertical(id="parts"):
            yield self.agenda_list()
        yield self._keys()

    def action_next_pane(self) -> None:
        """Change between the two readings: by the hour, and by whom to turn to."""
        self.turn_over()
        self.query_one(KeyBar).keys = self._keys().keys

    action_previous_pane = action_next_pane

    def action_open(self) -> None:
        """Open the request of the highlighted line, or the customer where there is none."""
        item = self.item()
        if item is None:
            return
        if item.number is not None:
            from poc_tui.screens.request import RequestScreen

            self.app.push_screen(RequestScreen(self.session, item.number), lambda _: self.reload())
        elif item.customer_id is not None:
            self._open_customer()
        else:
            self.warn("This reminder is on no request and no customer; its line says all.")

    @on(VirtualList.Chosen)
    def _line_chosen(self) -> None:
        self.action_open()

    def action_customer(self) -> None:
        """See and change the customer of the line."""
        item = self.item()
        if item is not None and item.number is None and item.customer_id is not None:
            self._open_customer()
        else:
            super().action_customer()

    @opens_dialog
    async def _open_customer(self) -> None:
        """See and change the customer that the highlighted line is about."""
        from poc_tui.screens.dialogs.customer import CustomerDialog

        item = self.item()
        if item is not None and item.customer_id is not None:
            dialog = CustomerDialog(self.session, item.customer_id)
            self._tell(await self.app.push_screen_wait(dialog))

    def action_done(self) -> None:
        """Mark the reminder as done; of a contact: the customer was spoken to."""
        item = self.item()
        if item is not None and item.what == "contact" and not self.queue.marked:
            self._spoken_to()
        else:
            super().action_done()

    @opens_dialog
    async def _spoken_to(self) -> None:
        """Write down that the customer of the highlighted line was spoken to."""
        from poc_tui.store.drafts import Contact

        item = self.item()
        if item is not None and item.customer_id is not None:
            await self._carry_out(Contact(item.customer_id))

    def _keys(self) -> KeyBar:
        tab = self.session.keymap.keys("next_pane")
        other = "by the hour" if self._by_whom else "by whom"
        change = [KeyHint(display_key(tab[0]), other, "next_pane")] if tab else []
        return self.key_bar(KeyHint("esc", "back", "leave"), *change)
