"""A date with a reason, once or again and again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.format import say
from poc_tui.rules.service.office_hours import OfficeHours
from poc_tui.screens.dialogs.dialog_context import next_morning
from poc_tui.screens.dialogs.fields import Field
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.screens.dialogs.series_field import SeriesField
from poc_tui.store import drafts
from poc_tui.store.records import QueueRow
from poc_tui.widgets.text_fields import LineField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


class RemindDialog(RequestDialog):
    """Sets a reminder on the requests; without any, on the customer given or on its own."""

    NAME, MAIN, VERB = "remind", "text", "Reminder"
    HEEDS_OTHERS = False
    ALSO_ALONE = KEEPS_MARKS = True

    def __init__(
        self,
        session: Session,
        requests: Sequence[QueueRow] = (),
        *,
        customer_id: int | None = None,
    ) -> None:
        super().__init__(session, requests)
        self._customer_id = customer_id

    def fields(self) -> Iterable[Widget]:
        """The date and the reason."""
        clock = self.session.clock
        morning = say(next_morning(self.session), clock.now(), clock.zone)
        subject = self.only.subject if self.only is not None else ""
        text = LineField(f"look at it again: {subject}" if subject else "", id="text")
        yield Field("reason", text)
        when = SeriesField(
            clock,
            day_first=self.session.settings.day_first,
            office=OfficeHours(self.session.settings.hours, begins=True),
            value=morning,
            id="at",
        )
        yield Field("when", when)

    def draft(self) -> drafts.Remind:
        """The reminder."""
        at = self.form.date("at")
        with self.form.at("at"):
            if at is None:
                raise NotUnderstood("a reminder needs a date, such as fri or every monday 9:00")
            every = self.query_one("#at", SeriesField).every
        return drafts.Remind(at, self.form.value("text"), self._customer_id, every)
