"""Taking a request down at the desk, with the marks of `poc add`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from textual import events
from textual.widget import Widget

from poc_tui.errors import PocError
from poc_tui.models.values import Channel, Kind, Priority, one_of
from poc_tui.rules.capture_line import CaptureLine, parse_line, said_of_left
from poc_tui.rules.dates.format import say
from poc_tui.rules.dates.human_dates import understand
from poc_tui.rules.guess import kind_of, priority_of
from poc_tui.rules.service.levels import Facts
from poc_tui.rules.service.office_hours import OfficeHours
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.customer_field import CustomerField
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.store import drafts
from poc_tui.store.drafts import Capture, CustomerName, CustomerRef
from poc_tui.store.queries.departments import department
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.date_field import DateField
from poc_tui.widgets.text_fields import LineField, TextField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session

ECHO_WIDTH = 56
"""Cells of the line that says what was understood."""

HINT = "marks: @customer  +tag  due:fri14  via:phone  kind:  prio:  to:"


class NewDialog(Dialog):
    """One line is enough; a mark in it counts before the field of the same meaning."""

    NAME, MAIN = "new", "words"

    def __init__(self, session: Session) -> None:
        super().__init__(session, "New request")

    def fields(self) -> Iterable[Widget]:
        """The line, what was understood of it, and what else one may want to say."""
        yield Field("what", _FirstLine(placeholder="Invoice 4711 is wrong", id="words"))
        yield FieldRemark(HINT, id="echo", classes="under")
        yield Field("text", TextField(rows=3, placeholder="optional", id="text"))
        customer = CustomerField(self.session.reader, empty="optional", id="customer")
        yield Field("customer", customer, classes="gap")
        yield Field("channel", _choice(Channel, Channel.PHONE, "channel"))
        yield Field("kind", _choice(Kind, Kind.QUESTION, "kind"))
        yield Field("priority", _choice(Priority, Priority.NORMAL, "priority"))
        yield Field("due", self.form.date_field("due"))

    def on_fields_changed(self) -> None:
        """Guess what nobody touched, and say what the marks mean."""
        try:
            line = parse_line(self.form.value("words"))
            self._guess(line)
            echo = self._understood(line)
        except PocError as error:
            echo = str(error)
        self.query_one("#echo", FieldRemark).say(one_line(echo or HINT, ECHO_WIDTH))

    def draft(self) -> Capture:
        """The request."""
        with self.form.at("words"):
            line = parse_line(self.form.value("words"))
            subject = drafts.required(line.subject, "a request needs at least one word")
            reader = self.session.reader
            marked_due = self._marked_due(line)
            return Capture(
                subject,
                self.form.value("text"),
                raw=self._raw(),
                customer=CustomerName(line.customer) if line.customer else self._customer(),
                kind=self._kind(line),
                channel=self._channel(line),
                priority=self._priority(line),
                tags=line.tags,
                due_at=marked_due or self.form.date("due"),
                to=department(reader, line.to).id if line.to else None,
            )

    def _raw(self) -> bytes:
        """The words as they were typed, marks and all."""
        typed = "\n".join(filter(None, (self.form.value("words"), self.form.value("text"))))
        return typed.encode("utf-8", "surrogateescape")

    def _customer(self) -> CustomerRef | None:
        with self.form.at("customer"):
            return self.query_one("#customer", CustomerField).ref

    def _kind(self, line: CaptureLine) -> Kind:
        return one_of(Kind, line.kind, "kind") if line.kind else Kind(self.form.value("kind"))

    def _channel(self, line: CaptureLine) -> Channel:
        return (
            one_of(Channel, line.via, "channel")
            if line.via
            else Channel(self.form.value("channel"))
        )

    def _priority(self, line: CaptureLine) -> Priority:
        given = self.form.value("priority")
        return one_of(Priority, line.prio, "priority") if line.prio else Priority(given)

    def _marked_due(self, line: CaptureLine) -> datetime | None:
        if not line.due:
            return None
        clock = self.session.clock
        return understand(
            line.due,
            clock.now(),
            clock.zone,
            day_first=self.session.settings.day_first,
            office=OfficeHours(self.session.settings.hours),
        )

    def _guess(self, line: CaptureLine) -> None:
        """Let the choices follow: a mark first, else what a person chose, else the words and the
        customer."""
        words = f"{line.subject}\n{self.form.value('text')}"
        customer = self.query_one("#customer", CustomerField)
        for id, mark, guess in (
            ("kind", line.kind and self._kind(line), kind_of(words)),
            ("channel", line.via and self._channel(line), Channel.PHONE),
            ("priority", line.prio and self._priority(line), priority_of(words, customer.is_vip())),
        ):
            choice = self.query_one(f"#{id}", Choice)
            choice.value = mark or choice.chosen or guess
        received = self.session.clock.now()
        facts = Facts(
            self._channel(line), self._kind(line), self._priority(line), customer.is_vip()
        )
        due = self.session.deadlines.first_answer(facts, received).at
        marked = self._marked_due(line)
        self.query_one("#due", DateField).set_default(
            marked or due, "as you say" if marked else "as its channel calls for"
        )

    def _understood(self, line: CaptureLine) -> str:
        """The marks in words, what is not understood first; empty if there are none."""
        clock, parts = self.session.clock, said_of_left(line)
        if (due := self._marked_due(line)) is not None:
            parts.append(f"due {say(due, clock.now(), clock.zone)}")
        if line.customer:
            parts.append(f"@ {line.customer}")
        parts += [f"+{tag}" for tag in line.tags]
        if line.via:
            parts.append(f"via {self._channel(line)}")
        if line.kind:
            parts.append(f"kind {self._kind(line)}")
        if line.prio:
            parts.append(f"prio {self._priority(line)}")
        if line.to:
            parts.append(f"to {department(self.session.reader, line.to).name}")
        return " · ".join(parts)


class _FirstLine(LineField):
    """Of pasted lines it takes the first; the others go into the text below."""

    def _on_paste(self, event: events.Paste) -> None:
        first, _, rest = event.text.replace("\r\n", "\n").replace("\r", "\n").partition("\n")
        super()._on_paste(events.Paste(first))
        event.stop()
        event.prevent_default()
        if rest.strip():
            text = self.screen.query_one("#text", TextField)
            text.value = "\n".join(filter(None, (text.value, rest)))


def _choice(values: type[Channel | Kind | Priority], value: str, id: str) -> Choice:
    return Choice([(v.value, v.value) for v in values], value, id=id)
