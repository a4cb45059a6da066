"""Taking a request down at the desk, with the marks of `poc add`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from textual import events
from textual.widget import Widget

from poc_tui.errors import PocError
from poc_tui.models.values import Channel, Kind, Priority, one_of
from poc_tui.rules.capture_line import CaptureLine, parse_line, said_of_left
from poc_tui.rules.guess import kind_of, priority_of
from poc_tui.rules.mail.pasted import taken_apart
from poc_tui.rules.service.levels import Facts
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.customer_field import CustomerField
from poc_tui.screens.dialogs.fields import Field, FieldRemark, FurtherFields, choice_of
from poc_tui.screens.dialogs.form import put
from poc_tui.store import drafts
from poc_tui.store.drafts import Capture, CustomerName, CustomerRef
from poc_tui.store.queries.departments import department
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.date_field import DateField
from poc_tui.widgets.text_fields import LineField, TextField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session

Value = TypeVar("Value", bound=StrEnum)

ECHO_WIDTH = 56
"""Cells of the line that says what was understood."""

HINT = "marks: @customer  +tag  due:fri14  via:phone  kind:  prio:  to:"


class NewDialog(Dialog):
    """One line is enough; a mark in it counts before the field of the same meaning.

    `pasted` are words to begin with, as they came; they go behind those that are half typed.
    """

    NAME, MAIN = "new", "words"

    def __init__(self, session: Session, pasted: str = "") -> None:
        super().__init__(session, "New request")
        self._pasted = pasted
        self._as_pasted = ""
        """What the fields hold as long as they hold what was pasted, and nothing else."""

    def fields(self) -> Iterable[Widget]:
        line = _FirstLine(placeholder="Invoice 4711 is wrong", id="words")
        line.select_on_focus = not self._pasted  # what is typed behind a paste does not replace it
        yield Field("what", line)
        yield FieldRemark(HINT, id="echo", classes="under")
        yield Field("text", TextField(rows=3, placeholder="optional", id="text"))
        customer = CustomerField(self.session.reader, empty="optional", id="customer")
        yield Field("customer", customer, classes="gap")
        yield FurtherFields(
            Field("channel", choice_of(Channel, Channel.PHONE, "channel")),
            Field("kind", choice_of(Kind, Kind.QUESTION, "kind")),
            Field("priority", choice_of(Priority, Priority.NORMAL, "priority")),
            Field("due", self.form.date_field("due")),
        )

    def on_mount(self) -> None:
        """Take what was pasted, once half-typed words are back."""
        if self._pasted:
            self.call_next(self._take)

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
                kind=self._meant(Kind, line.kind, "kind"),
                channel=self._meant(Channel, line.via, "channel"),
                priority=self._meant(Priority, line.prio, "priority"),
                tags=line.tags,
                due_at=marked_due or self.form.date("due"),
                to=department(reader, line.to).id if line.to else None,
            )

    def _raw(self) -> bytes:
        """What came: the words as they were typed, marks and all, and what was pasted."""
        typed = self._typed()
        came = [self._pasted] if typed == self._as_pasted else [typed, self._pasted]
        return "\n\n".join(filter(None, came)).encode("utf-8", "surrogateescape")

    def _typed(self) -> str:
        return "\n".join(filter(None, (self.form.value("words"), self.form.value("text"))))

    def _take(self) -> None:
        """Put what was pasted where a person would have typed it."""
        found, before = taken_apart(self._pasted), self._typed()
        added = {"words": found.subject, "text": found.text}
        if self.form.value("words").strip():
            added = {"text": "\n".join(filter(None, (found.subject, found.text)))}
        if found.sender:
            added["channel"] = Channel.EMAIL
            if not self.form.value("customer"):
                added["customer"] = found.sender
        put(self.form, {id: words for id, words in added.items() if words})
        if not before:
            self._as_pasted = self._typed()

    def _customer(self) -> CustomerRef | None:
        with self.form.at("customer"):
            return self.query_one("#customer", CustomerField).ref

    def _meant(self, values: type[Value], mark: str | None, id: str) -> Value:
        """The mark's value, else that of the field."""
        return one_of(values, mark, id) if mark else values(self.form.value(id))

    def _marked_due(self, line: CaptureLine) -> datetime | None:
        return self.query_one("#due", DateField).understand(line.due) if line.due else None

    def _guess(self, line: CaptureLine) -> None:
        """Let the choices follow: a mark first, else what a person chose, else the words and the
        customer."""
        words = f"{line.subject}\n{self.form.value('text')}"
        customer = self.query_one("#customer", CustomerField)
        for values, id, mark, guess in (
            (Kind, "kind", line.kind, kind_of(words)),
            (Channel, "channel", line.via, Channel.PHONE),
            (Priority, "priority", line.prio, priority_of(words, customer.is_vip())),
        ):
            choice = self.query_one(f"#{id}", Choice)
            choice.value = (mark and one_of(values, mark, id)) or choice.chosen or guess
        received, value = self.session.clock.now(), self.form.value
        facts = Facts(value("channel"), value("kind"), value("priority"), customer.is_vip())
        due = self.session.deadlines.first_answer(facts, received).at
        marked = self._marked_due(line)
        self.query_one("#due", DateField).set_default(
            marked or due, "as you say" if marked else "as its channel calls for"
        )

    def _understood(self, line: CaptureLine) -> str:
        """The marks in words, what is not understood first; empty if there are none."""
        parts = said_of_left(line)
        if (due := self._marked_due(line)) is not None:
            parts.append(f"due {self.session.say(due)}")
        if line.customer:
            parts.append(f"@ {line.customer}")
        parts += [f"+{tag}" for tag in line.tags]
        if line.via:
            parts.append(f"via {one_of(Channel, line.via, 'channel')}")
        if line.kind:
            parts.append(f"kind {one_of(Kind, line.kind, 'kind')}")
        if line.prio:
            parts.append(f"prio {one_of(Priority, line.prio, 'priority')}")
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
