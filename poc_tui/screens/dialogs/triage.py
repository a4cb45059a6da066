"""Looking at a request: who it is from, what it is, when they must hear from us."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from textual.widget import Widget

from poc_tui.models.values import Channel, Kind, Priority
from poc_tui.rules.dates.format import ago
from poc_tui.rules.guess import triaged
from poc_tui.rules.service.levels import Facts
from poc_tui.screens.dialogs.customer_field import CustomerField
from poc_tui.screens.dialogs.fields import Field, choice_of
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.store.queries.request_mail import first_written_by, named_in_form
from poc_tui.store.queries.requests import request
from poc_tui.widgets.date_field import DateField

Value = TypeVar("Value", bound=StrEnum)

AS_IT_IS = "(as it is)"
_FIRST = " wrote the mail that was forwarded"
_NAMED = " stands in what the form sent"


class TriageDialog(RequestDialog):
    """Filled in with the best guess for one request; for several a field left alone stays."""

    NAME, MAIN, VERB = "triage", "customer", "Triage"
    LEADS_ON = True

    def prepare(self) -> None:
        self._detail, self._offer = None, ("", "")
        if (only := self.only) is not None:
            read = self.session.read
            self._detail = read(lambda reader: request(reader, only.number))
            if first := read(lambda reader: first_written_by(reader, only.number)):
                self._offer = (first, _FIRST)
            else:
                mine = self.session.mail_settings.mine
                named = read(lambda reader: named_in_form(reader, only.number, mine))
                self._offer = (named, _NAMED)

    def fields(self) -> Iterable[Widget]:
        detail = self._detail
        customer = CustomerField(
            self.session.reader,
            (detail.customer or "") if detail else "",
            customer_id=detail.customer_id if detail else None,
            empty="nobody yet" if detail else AS_IT_IS,
            offer=self._offer[0],
            offered_for=self._offer[1],
            id="customer",
        )
        yield Field("customer", customer)
        kind, priority = self._guesses()
        as_it_is = () if detail else (("", AS_IT_IS),)
        yield Field("kind", choice_of(Kind, kind, "kind", *as_it_is))
        yield Field("priority", choice_of(Priority, priority, "priority", *as_it_is))
        channel = detail.channel if detail else ""
        yield Field("channel", choice_of(Channel, channel, "channel", *as_it_is))
        yield Field("due", self.form.date_field("due"))

    def on_fields_changed(self) -> None:
        """The due date follows the channel and the priority."""
        due = self._due()
        remark = "" if self._detail else AS_IT_IS
        if due is not None and due < self.session.clock.now():
            remark = f"late: {ago(due, self.session.clock.now())}"
        self.query_one("#due", DateField).set_default(due, remark)

    def draft(self) -> drafts.Triage:
        """The triage; what stays as it is, is None."""
        with self.form.at("customer"):
            customer = self.query_one("#customer", CustomerField).ref
        return drafts.Triage(
            customer=customer,
            kind=self._chosen(Kind, "kind"),
            priority=self._chosen(Priority, "priority"),
            channel=self._chosen(Channel, "channel"),
            due_at=self.form.date("due"),
        )

    def _guesses(self) -> tuple[str, str]:
        """The kind and the priority that it begins with."""
        detail = self._detail
        if detail is None:
            return "", ""
        if detail.state != "new":
            return detail.kind, detail.priority
        words = f"{detail.subject}\n{detail.text}"
        return triaged(words, detail.kind, detail.priority, vip=detail.vip)

    def _chosen(self, values: type[Value], id: str) -> Value | None:
        chosen = self.form.value(id)
        return values(chosen) if chosen else None

    def _due(self) -> datetime | None:
        """What the desk does when no date is typed: it keeps one, or a new request gets its own."""
        detail = self._detail
        if detail is None:
            return None
        if detail.due_at is not None or detail.state != "new":
            return detail.due_at
        facts = Facts(
            self.form.value("channel"),
            self.form.value("kind"),
            self.form.value("priority"),
            detail.vip,
            detail.customer or "",
        )
        return self.session.deadlines.first_answer(facts, detail.received_at).at
