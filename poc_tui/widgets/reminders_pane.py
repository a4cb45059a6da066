"""What comes up: reminders and promises, the next one first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from textual.content import Content

from poc_tui.widgets import reminder_rows
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from poc_tui.store.records import ReminderRow


class RemindersPane(VirtualList["ReminderRow"]):
    """One a line; Enter opens its request. `now` gives the moment, aware UTC."""

    MARKS = False

    def __init__(self, now: Callable[[], datetime], zone: tzinfo, *, id: str | None = None) -> None:
        super().__init__(
            key_of=lambda row: row.id,
            draw=lambda row, width: reminder_rows.draw(row, width, now(), zone),
            empty=Content("no reminder"),
            id=id,
        )
        self.entitle("Reminders")

    def show(self, pending: Sequence[ReminderRow]) -> None:
        """Show these, in their order."""
        self.set_source(ListSource(pending, lambda row: row.id))
