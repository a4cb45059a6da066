"""Out of sight until a date."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from poc_tui.errors import NotUnderstood
from poc_tui.screens.dialogs.dialog_context import next_morning
from poc_tui.screens.dialogs.fields import Field
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.widgets.text_fields import LineField


class SnoozeDialog(RequestDialog):
    """Until the next morning that we are open, unless said otherwise."""

    NAME, MAIN, VERB = "snooze", "until", "Snooze"
    NOT_RESOLVED = "snooze"

    def fields(self) -> Iterable[Widget]:
        morning = self.session.say(next_morning(self.session))
        yield Field("until", self.form.date_field("until", value=morning, begins=True))
        yield Field("why", LineField(placeholder="optional; comes back with it", id="why"))

    def draft(self) -> drafts.Snooze:
        until = self.form.date("until")
        with self.form.at("until"):
            if until is None:
                raise NotUnderstood("a snooze needs a date, such as tomorrow 9:00 or fri")
        return drafts.Snooze(until, self.form.value("why"))
