"""A date with a reason, once or again and again."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from poc_tui.errors import NotUnderstood
from poc_tui.screens.dialogs.dialog_context import next_morning
from poc_tui.screens.dialogs.fields import Field
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.screens.dialogs.series_field import SeriesField
from poc_tui.store import drafts
from poc_tui.widgets.text_fields import LineField


class RemindDialog(RequestDialog):
    """Sets a reminder on the requests; without any, on its own."""

    NAME, MAIN, VERB = "remind", "text", "Reminder"
    HEEDS_OTHERS = False
    ALSO_ALONE = KEEPS_MARKS = True

    def fields(self) -> Iterable[Widget]:
        morning = self.session.say(next_morning(self.session))
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
