"""Dates with a reason: out of sight until then, a reminder, and one that recurs marked done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.errors import NotUnderstood
from poc_tui.rules.recurrence.rule import following, say as say_rule
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.screens.dialogs.series_field import SeriesField
from poc_tui.store import drafts
from poc_tui.store.records import ReminderRow
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import LineField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session

ONCE, SERIES = "once", "series"
WIDTH = 68


class SnoozeDialog(RequestDialog):
    """Until the next morning that we are open, unless said otherwise."""

    NAME, MAIN, VERB = "snooze", "until", "Snooze"
    LEADS_ON = True

    def fields(self) -> Iterable[Widget]:
        morning = self.session.say(self.form.next_morning())
        yield Field("until", self.form.date_field("until", value=morning, begins=True))
        yield Field("why", LineField(placeholder="optional; comes back with it", id="why"))

    def draft(self) -> drafts.Snooze:
        until = self.form.date("until")
        with self.form.at("until"):
            if until is None:
                raise NotUnderstood("a snooze needs a date, such as tomorrow 9:00 or fri")
        return drafts.Snooze(until, self.form.value("why"))


class RemindDialog(RequestDialog):
    """Sets a reminder on the requests; without any, on its own."""

    NAME, MAIN, VERB = "remind", "text", "Reminder"
    HEEDS_OTHERS = False
    ALSO_ALONE = KEEPS_MARKS = True

    def fields(self) -> Iterable[Widget]:
        morning = self.session.say(self.form.next_morning())
        subject = self.only.subject if self.only is not None else ""
        text = LineField(f"look at it again: {subject}" if subject else "", id="text")
        yield Field("reason", text)
        when = self.form.date_field("at", value=morning, begins=True, kind=SeriesField)
        yield Field("when", when)

    def draft(self) -> drafts.Remind:
        at = self.form.date("at")
        with self.form.at("at"):
            if at is None:
                raise NotUnderstood("a reminder needs a date, such as fri or every monday 9:00")
            every = self.query_one("#at", SeriesField).every
        return drafts.Remind(at, self.form.value("text"), every=every)


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

    def draft(self) -> drafts.MarkDone:
        self._ends = self.form.value("how") == SERIES
        return drafts.MarkDone((self._reminder.id,), end_series=self._ends)

    def saved(self) -> Iterable[str]:
        """When it comes again."""
        if not self._ends:
            yield f"it comes again {self._again}"
