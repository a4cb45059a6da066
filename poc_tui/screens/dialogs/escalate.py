"""Telling somebody above, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from poc_tui.errors import NotUnderstood
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.store.queries.requests import reasons_for, request
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import LineField, TextField

BACK, ANEW = "back", "anew"

TOLD_WIDTH = 68
"""Cells of the line that says how it is escalated now."""


class EscalateDialog(RequestDialog):
    """Filled in with whom the service levels name, and with what the desk finds speaks for it.

    What is escalated already is taken back, unless somebody is to be told anew.
    """

    NAME, MAIN, VERB = "escalate", "why", "Escalate"

    def prepare(self) -> None:
        self._details = self.session.read(
            lambda reader: [request(reader, row.number) for row in self.requests]
        )
        self._suggesting = self.session.deadlines.levels.suggesting
        if self._escalated:
            self.main = "way"  # where there is a choice, that comes first

    def fields(self) -> Iterable[Widget]:
        if self._escalated:
            yield FieldRemark(self._told(), id="told")
            ways = ((BACK, "take it back"), (ANEW, "escalate anew"))
            yield Field("do", Choice(ways, BACK, id="way"), classes="gap")
        yield Field("to", LineField(self._suggesting.to, id="to"), id="to-field")
        placeholder = "optional" if self._escalated else "Why it cannot wait"
        reasons = "" if self._escalated else self._reasons()
        why = TextField(reasons, rows=3, placeholder=placeholder, id="why")
        yield Field("why", why, classes="gap")

    def on_fields_changed(self) -> None:
        """Taking back needs nobody named, and the desk's reasons speak only for escalating."""
        takes_back = self._takes_back
        self.query_one("#to-field").set_class(takes_back, "-unused")
        self.form.prefill("why", "" if takes_back else self._reasons())

    def draft(self) -> drafts.Escalate | drafts.StandDown:
        why = self.form.value("why")
        if self._takes_back:
            return drafts.StandDown(why)
        with self.form.at("to"):
            if not self.form.value("to").strip():
                raise NotUnderstood("say to whom it is escalated, such as “management”")
        with self.form.at("why"):
            return drafts.Escalate(self.form.value("to"), why)

    @property
    def _escalated(self) -> bool:
        """Whether all of them are escalated, so that there is something to take back."""
        return all(detail.escalated_at is not None for detail in self._details)

    @property
    def _takes_back(self) -> bool:
        return self._escalated and self.form.value("way") == BACK

    def _reasons(self) -> str:
        """What the desk finds speaks for it; of several requests, for every one of them."""
        now = self.session.clock.now()
        found = [reasons_for(detail, self._suggesting, now) for detail in self._details]
        shared = [reason for reason in found[0] if all(reason in others for others in found)]
        return ", ".join(shared)

    def _told(self) -> str:
        """To whom it is escalated, since when, and why."""
        detail = self._details[0]
        if self.only is None or detail.escalated_at is None:
            return f"all {len(self._details)} are escalated"
        to, since = one_line(detail.escalated_to, 30), self.session.say(detail.escalated_at)
        return one_line(f"escalated to {to}, {since}: {detail.escalated_why}", TOLD_WIDTH)
