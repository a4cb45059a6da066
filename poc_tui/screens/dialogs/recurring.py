"""A reminder that recurs: done for this time, or for good."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.rules.recurrence.rule import following, say as say_rule
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.store.drafts import MarkDone
from poc_tui.store.records import ReminderRow
from poc_tui.widgets.choice import Choice

if TYPE_CHECKING:
    from poc_tui.screens.session import Session

ONCE, SERIES = "once", "series"
WIDTH = 68


class RecurringDialog(Dialog):
    """Done for this time, unless the series is to end."""

    NAME, MAIN = "recurring", "how"

    def __init__(self, session: Session, reminder: ReminderRow) -> None:
        super().__init__(session, f"Reminder · {reminder.text}", about=(reminder.id,))
        self._reminder = reminder
        self._ends = False
        clock = session.clock
        again = following(reminder.every, reminder.at, clock.now(), clock.zone)
        self._again = session.say(again)

    def fields(self) -> Iterable[Widget]:
        rule = say_rule(self._reminder.every)
        yield FieldRemark(f"{one_line(self._reminder.text, WIDTH)}\n{rule}", id="what")
        options = ((ONCE, f"done, next on {self._again}"), (SERIES, "end the series"))
        yield Field("it is", Choice(options, ONCE, id="how"), classes="gap")

    def draft(self) -> MarkDone:
        self._ends = self.form.value("how") == SERIES
        return MarkDone((self._reminder.id,), end_series=self._ends)

    def saved(self) -> Iterable[str]:
        """When it comes again."""
        if not self._ends:
            yield f"it comes again {self._again}"
