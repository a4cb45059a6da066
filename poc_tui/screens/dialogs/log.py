"""What is put down: a department's answer, the customer's next words, or a remark of ours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from textual.widget import Widget

from poc_tui.rules.applicable import skipped
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.store.queries.requests import forwards
from poc_tui.store.records import Done, ForwardRow
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import TextField

CUSTOMER, DEPARTMENT = "customer", "department"

ASKED_WIDTH = 58
"""Cells of the line that recalls the question."""


class LogDialog(RequestDialog):
    """From the department whose answer is due first; from the customer where no forward is open."""

    NAME, MAIN, VERB = "log", "text", "Log answer"

    def prepare(self) -> None:
        self._open: dict[str, ForwardRow] = {}
        if (only := self.only) is not None:
            rows = self.session.read(lambda reader: forwards(reader, only.number))
            waiting = sorted((row for row in rows if row.is_open), key=lambda row: row.due_at)
            self._open = {str(row.id): row for row in waiting}

    def fields(self) -> Iterable[Widget]:
        options = [(id, row.department) for id, row in self._open.items()]
        if self.only is None and any(request.waiting_for for request in self.requests):
            options.append((DEPARTMENT, "the department"))
        yield Field("from", Choice([*options, (CUSTOMER, "the customer")], id="from"))
        yield FieldRemark(id="asked", classes="under")
        yield Field("words", TextField(rows=6, placeholder="What they said", id="text"))

    def on_fields_changed(self) -> None:
        """Recall what that department was asked."""
        forward = self._open.get(self.form.value("from"))
        asked = ""
        if forward is not None:
            when = self.session.say(forward.asked_at)
            asked = one_line(f"asked {when}: {forward.question}", ASKED_WIDTH)
        elif any(request.state == "resolved" for request in self.requests):
            asked = "opens again what is resolved"
        self.query_one("#asked", FieldRemark).say(asked)

    def act(self) -> Callable[[], Awaitable[Done]]:
        """Of several, a department's words are for those which wait for one."""
        waiting = [row.number for row in self.requests if row.waiting_for is not None]
        numbers = waiting if self.form.value("from") == DEPARTMENT else self.numbers
        return partial(self.session.do, self.draft(), numbers, self._seen)

    def saved(self) -> Iterable[str]:
        if self.form.value("from") == DEPARTMENT:
            others = [row.number for row in self.requests if row.waiting_for is None]
            yield from filter(None, [skipped("asked", others)])

    def draft(self) -> drafts.LogAnswer | drafts.CustomerWrote:
        whose, text = self.form.value("from"), self.form.value("text")
        if whose == CUSTOMER:
            return drafts.CustomerWrote(text)
        forward = self._open.get(whose)
        return drafts.LogAnswer(text, None if forward is None else forward.id)


class NoteDialog(RequestDialog):
    """Adds a note, also to what is resolved."""

    NAME, MAIN, VERB = "note", "text", "Note"
    HEEDS_OTHERS = False

    def fields(self) -> Iterable[Widget]:
        yield Field(
            "note", TextField(rows=6, placeholder="The customer never sees this", id="text")
        )

    def draft(self) -> drafts.Note:
        return drafts.Note(self.form.value("text"))
