"""One question to one department."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.errors import NotUnderstood, Refused
from poc_tui.rules.guess import department_of
from poc_tui.rules.service.business_time import DAY_IS, in_days, say_work
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.delivery_fields import FilesRow, reading
from poc_tui.screens.dialogs.fields import Field, FieldRemark, FurtherFields
from poc_tui.screens.dialogs.mail_choice import MailChoice
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.store.delivery import Attachment
from poc_tui.store.queries import queue, views
from poc_tui.store.queries.departments import departments
from poc_tui.store.queries.requests import forwards, request
from poc_tui.store.records import DepartmentRow, Done
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.date_field import DateField
from poc_tui.widgets.text_fields import TextField

if TYPE_CHECKING:
    from poc_tui.store.queries.reader import Reader

LOOKED_BACK = 40
"""Requests of each sort whose forwards the guess learns from; some milliseconds to read."""

QUESTION_WIDTH = 56
"""Cells of the subject that stands for an empty question."""


class ForwardDialog(RequestDialog):
    """To the department that most likely knows, by its answer-within, unless said otherwise.

    Where nothing points to one, none is chosen in advance, and the keys choose it first.

    Raises (when built, besides what reading raises):
        Refused: there is no department in use.
    """

    NAME, MAIN, VERB = "forward", "question", "Forward"
    LEADS_ON = True

    def prepare(self) -> None:
        self._departments = {str(d.id): d for d in self.session.read(departments)}
        if not self._departments:
            raise Refused("there is no department in use; add one first (D, then n)")
        self._by_mail = MailChoice(self.session)
        self._files = FilesRow(shown=self._by_mail.is_set_up)
        past = self.session.read(self._forwarded_lately)
        likeliest = self.session.read(partial(self._likeliest, past))
        self._guess = "" if likeliest is None else str(likeliest)
        # A letter that several begin with finds the likelier first.
        often = Counter(str(id) for id, _ in past)
        self._in_order = sorted(
            self._departments, key=lambda each: (each != self._guess, -often[each])
        )
        self._already = self.session.read(self._open_already)

    def fields(self) -> Iterable[Widget]:
        options = [(id, self._departments[id].name) for id in self._in_order]
        if not self._guess:
            self.main = "department"
            options.insert(0, ("", "(choose)"))
        yield Field("department", Choice(options, self._guess, id="department"))
        yield FieldRemark(id="knows", classes="under")
        only = self.only
        asked = one_line(only.subject, QUESTION_WIDTH) if only else "of each request its subject"
        question = TextField(rows=4, placeholder=asked, id="question")
        yield Field("question", question, classes="-whole")
        due = Field("due", self.form.date_field("due"), classes="gap")
        yield FurtherFields(due, *self._by_mail.fields(), *self._files.fields())
        if self._already:
            yield FieldRemark(self._already, classes="under")

    def hints(self) -> Iterator[tuple[str, str]]:
        """With the way to the department, where the question is asked first."""
        save, *others = super().hints()
        way = [("shift+tab", "department")] if self.main == "question" else []
        yield from (save, *way, *others)

    def on_fields_changed(self) -> None:
        """The date and the lines beside it follow the department."""
        due, knows = self.query_one("#due", DateField), self.query_one("#knows", FieldRemark)
        department = self._chosen
        if department is None:
            due.set_default(None, "")
            knows.say("nothing points to one; its first letters find it")
            self._by_mail.offer(self, "", "no department yet")
            return
        deadlines, usual = self.session.deadlines, timedelta(minutes=department.answer_within)
        priority = self.requests[0].priority
        within = deadlines.levels.answer_within(department.name, usual, priority)
        now = self.session.clock.now()
        by = deadlines.forward_due(department.name, usual, priority, now)
        due.set_default(by, _within(within))
        knows.say(one_line(" · ".join(filter(None, (department.remit, department.contact))), 200))
        to = self._by_mail.address(department.contact)
        self._by_mail.offer(self, to, self._by_mail.not_to(department.name))
        self._files.show(self, shown=self._by_mail.is_by_mail(self))

    def act(self) -> Callable[[], Awaitable[Done]]:
        """The files that go with it are read first."""
        draft = self.draft()
        paths = self._files.paths(self)
        if paths and draft.mail is False:
            with self.form.at("by-mail"):
                raise NotUnderstood("files are for a mail; ask by mail, or take them out")

        async def forward(files: tuple[Attachment, ...]) -> Done:
            given = replace(draft, files=files)
            return await self.session.do(given, self.numbers, self._seen)

        return reading(paths, forward)

    def draft(self) -> drafts.ForwardDraft:
        department = self._chosen
        if department is None:
            with self.form.at("department"):
                raise NotUnderstood("choose the department that is asked; its first letters do")
        question, due_at = self.form.value("question"), self.form.date("due")
        return drafts.ForwardDraft(department.id, question, due_at, self._by_mail.wanted(self))

    @property
    def _chosen(self) -> DepartmentRow | None:
        return self._departments.get(self.form.value("department"))

    def _likeliest(self, past: Sequence[tuple[int, str]], reader: Reader) -> int | None:
        """Guessed from the words and from what was forwarded lately; None where nothing points to
        a department, or several requests to different ones."""
        known = [(d.id, d.name, d.remit) for d in self._departments.values()]
        if (only := self.only) is not None:
            words = f"{only.subject}\n{request(reader, only.number).text}"
            return department_of(words, known, past)
        guesses = {department_of(row.subject, known, past) for row in self.requests}
        return guesses.pop() if len(guesses) == 1 else None

    def _forwarded_lately(self, reader: Reader) -> list[tuple[int, str]]:
        """(department, words) of the newest forwards that are open or of resolved requests."""
        now = self.session.clock.now()
        rows = [
            row
            for view in ("with-departments", "resolved")
            for row in queue.page(reader, views.VIEWS[view], now, 0, LOOKED_BACK)
        ]
        return [
            (forward.department_id, f"{row.subject}\n{forward.question}")
            for row in rows
            for forward in forwards(reader, row.number)
        ]

    def _open_already(self, reader: Reader) -> str:
        """Where the request lies now, as one line."""
        if (only := self.only) is None:
            return ""
        lie = [
            f"{one_line(forward.department, 24)} (due {self.session.say(forward.due_at)})"
            for forward in forwards(reader, only.number)
            if forward.is_open
        ]
        return f"already with {', '.join(lie)}" if lie else ""


def _within(time: timedelta) -> str:
    """How long the department has, and what a day of that is."""
    return f"answers within {say_work(time)}" + (f" ({DAY_IS})" if in_days(time) else "")
