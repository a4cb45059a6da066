"""The agenda: what is due by the hour, and at a key whom to turn to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from poc_tui.commands import run_action
from poc_tui.rules.agenda import REMINDERS
from poc_tui.screens.agenda_list import AgendaList
from poc_tui.screens.command_screen import LEAVE
from poc_tui.screens.list_screen import ListScreen
from poc_tui.screens.request import RequestScreen
from poc_tui.settings.keymap import display_key
from poc_tui.store.queries import queue, reminders
from poc_tui.store.queries.reader import EVERY
from poc_tui.widgets.key_bar import KeyHint

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.records import QueueRow, ReminderRow


class AgendaScreen(ListScreen):
    """Everything with a date, in parts. Every verb works on the highlighted or marked lines."""

    lines: AgendaList

    def __init__(self, session: Session) -> None:
        super().__init__(session, AgendaList(session), "request", "list", "desk")
        self.commands |= {
            "next_pane": self._turn_over,
            "previous_pane": self._turn_over,
            "customer": self._customer,
            "done": self._done,
        }

    def keys(self, of_table: Sequence[KeyHint]) -> Sequence[KeyHint]:
        tab = self.session.keymap.keys("next_pane")
        other = "by the hour" if self.lines.by_whom else "by whom"
        turn = [KeyHint(display_key(tab[0]), other, run_action("next_pane"))] if tab else []
        return (LEAVE, *turn, *of_table)

    def chosen(self) -> Sequence[QueueRow]:
        items = self.lines.items()
        numbers = dict.fromkeys(item.number for item in items if item.number is not None)
        return queue.by_number(self.session.reader, list(numbers))

    def reminder_at_hand(self) -> ReminderRow | None:
        item = None if self.queue.marked else self.lines.item
        if item is None or item.what not in REMINDERS:
            return None
        open_by_then = reminders.upcoming(self.session.reader, until=item.at, limit=EVERY)
        return next((row for row in open_by_then if row.id == item.of), None)

    def point_at(self, numbers: Sequence[int]) -> None:
        self.lines.point_at(numbers)

    def open(self) -> None:
        """Open the request of the highlighted line, or the customer where there is none."""
        item = self.lines.item
        if item is None:
            return
        if item.number is not None:
            self.open_screen(RequestScreen(self.session, item.number))
        elif item.customer_id is not None:
            self.ask(self._customer)
        else:
            self.warn("This reminder is on no request and no customer; its line says all.")

    def _turn_over(self) -> None:
        """Change between the two readings: by the hour, and by whom to turn to."""
        self.lines.turn_over()
        self.lines.entitle(self.lines.heading)
        self.footer.follow()

    async def _customer(self) -> None:
        """See and change the customer of the line."""
        from poc_tui.screens.dialogs.customer import CustomerDialog

        item = self.lines.item
        if item is not None and item.number is None and item.customer_id is not None:
            await self.actions.open(CustomerDialog(self.session, item.customer_id))
        else:
            await self.actions.customer()

    async def _done(self) -> None:
        """Mark the reminder as done; of a contact: the customer was talked to."""
        from poc_tui.store.drafts import Contact

        item = self.lines.item
        contact = item is not None and item.what == "contact" and not self.queue.marked
        if item is not None and item.customer_id is not None and contact:
            await self.actions.carry_out(Contact(item.customer_id))
        else:
            await self.actions.done()
