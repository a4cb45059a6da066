"""The next step towards a late answer: whom it turns to, in which words, and what comes then."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from textual.widget import Widget

from poc_tui.rules.service import chase
from poc_tui.rules.text import one_line, safe
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.screens.dialogs.mail_choice import MailChoice, some
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.store.queries.departments import departments
from poc_tui.store.queries.requests import forwards
from poc_tui.store.records import DepartmentRow, ForwardRow, QueueRow
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import TextField

if TYPE_CHECKING:
    from poc_tui.store.queries.reader import Reader

LISTED = 6
"""Of more steps than that the dialog shows these, and counts the rest."""

NAME_WIDTH = 24
"""Cells of a name among other words."""

BESIDES_WIDTH = 56

PARTED = "\n\n----\n\n"
"""Between the words to one department and to the next."""


class NextChase(NamedTuple):
    """An open forward, and the step that is next for it."""

    forward: ForwardRow
    step: chase.ChaseStep
    to: str
    """contact, deputy or lead, as the ladder says."""


class ChaseDialog(RequestDialog):
    """Filled in with the words of the step; Enter alone takes it. Of several, each its own step.

    What does not go out by mail goes to the clipboard, for the person to send.
    """

    NAME, MAIN, VERB = "chase", "text", "Chase"

    DEFAULT_CSS = "ChaseDialog.-at-foot .in-heading { display: none; }"

    def prepare(self) -> None:
        found = self.session.read(self._waiting)
        self._next = {str(next.forward.id): next for next in found}
        self._first = str(found[0].forward.id)
        if self.only is not None and len(found) == 1:
            asked = one_line(found[0].forward.department, NAME_WIDTH)
            self.heading = f"chase {asked}: {self._said(found[0])}"
        self._by_mail = MailChoice(self.session, single=self.only is not None)
        self._words = ""

    def fields(self) -> Iterable[Widget]:
        if self.only is None:
            yield FieldRemark(self._summary(), id="steps")
            own = TextField(rows=4, placeholder="to each the words of its own step", id="text")
            yield Field("words", own, classes="gap")
            yield from self._by_mail.fields()
            return
        said = ""
        if len(self._next) == 1:
            said = "in-heading"
            only = one_line(self._chosen.forward.department, NAME_WIDTH)
            yield Field("department", FieldRemark(only, id="department"), classes=said)
        else:
            options = [(id, next.forward.department) for id, next in self._next.items()]
            yield Field("department", Choice(options, self._first, id="forward"))
        yield Field("step", FieldRemark(id="step"), classes=said)
        yield FieldRemark(id="so-far", classes="under")
        yield FieldRemark(id="besides", classes="under")
        words = TextField(self._chosen.step.words, rows=8, id="text")
        yield Field("words", words, classes="gap -whole")
        yield Field("then", FieldRemark(id="then"), classes="gap")
        yield from self._by_mail.fields()

    def on_fields_changed(self) -> None:
        """The step, its words and its date are those of the department chosen."""
        if self.only is None:
            reached = sum(bool(self._address(next)) for next in self._next.values())
            self._by_mail.offer(self, some(reached, len(self._next)), "none has a mail address")
            return
        next = self._chosen
        person = one_line(next.step.person, NAME_WIDTH)
        self._by_mail.offer(self, self._address(next), f"no mail address of {person}")
        self.form.prefill("text", next.step.words)
        self.query_one("#step", FieldRemark).say(self._said(next))
        self.query_one("#so-far", FieldRemark).say(self._so_far(next.forward))
        besides = self.query_one("#besides", FieldRemark)
        besides.say(self._besides(next.step))
        besides.set_class(not self._besides(next.step), "-unused")
        if not self.form.is_changed("text"):
            self.query_one("#text", TextField).move_cursor((0, 0))
        at, following = self.session.say(next.step.following_at), next.step.following
        self.query_one("#then", FieldRemark).say(f"{at}: {one_line(following, NAME_WIDTH)}")

    def draft(self) -> drafts.Chase:
        """The step; without words of its own the template speaks."""
        words, wanted = self.form.value("text").strip(), self._by_mail.wanted(self)
        chased = list(self._next.values()) if self.only is None else [self._chosen]
        by_hand = [next for next in chased if wanted is False or not self._address(next)]
        self._words = words if words and by_hand else PARTED.join(n.step.words for n in by_hand)
        of = None if self.only is None else self._chosen.forward.id
        return drafts.Chase(of, words or None, early=True, mail=wanted)

    def saved(self) -> Iterable[str]:
        """The words that go out by no mail are ready to be pasted into messages."""
        if not self._words:
            return
        self.app.copy_to_clipboard(safe(self._words, newline=True))
        yield "the words are on the clipboard"

    @property
    def _chosen(self) -> NextChase:
        chosen = self.form.value("forward") if self.query("#forward") else self._first
        return self._next[chosen]

    def _address(self, next: NextChase) -> str:
        """Whom the words reach by mail; empty where that is nobody, or no mail goes out."""
        return self._by_mail.address(next.step.person) if self._by_mail.is_set_up else ""

    def _waiting(self, reader: Reader) -> list[NextChase]:
        """What is next for each open forward; of several requests for the first of each."""
        known = {row.id: row for row in departments(reader, retired=True)}
        found = []
        for request in self.requests:
            waiting = [row for row in forwards(reader, request.number) if row.is_open]
            waiting.sort(key=lambda row: (row.next_at, row.id))
            found += [
                self._step(request, row, known[row.department_id])
                for row in (waiting if self.only else waiting[:1])
            ]
        return found

    def _step(self, request: QueueRow, forward: ForwardRow, department: DepartmentRow) -> NextChase:
        asked = chase.ChasedForward(
            request.number, request.subject, request.customer, department, forward
        )
        deadlines, now = self.session.deadlines, self.session.clock.now()
        step = chase.chase_step(deadlines, asked, now, self.session.settings.name)
        return NextChase(forward, step, deadlines.rung(department.name, forward.chased).to)

    def _said(self, next: NextChase) -> str:
        """`2 of 4 · remind again · to workshop, ext. 21`."""
        steps = len(self.session.deadlines.levels.ladder_of(next.forward.department))
        taken = next.forward.chased
        place = f"{taken + 1} of {steps}" if taken < steps else f"the last of {steps} again"
        name, person = one_line(next.step.name, NAME_WIDTH), one_line(next.step.person, NAME_WIDTH)
        return f"{place} · {name} · to {person}"

    def _so_far(self, forward: ForwardRow) -> str:
        """When it was asked and due, and whether it has time left."""
        now, say = self.session.clock.now(), self.session.say
        if forward.next_at > now:
            return f"this step is due {say(forward.next_at)}; Enter takes it early"
        over = "was due" if forward.due_at < now else "due"
        return f"asked {say(forward.asked_at)}, {over} {say(forward.due_at)}"

    def _besides(self, step: chase.ChaseStep) -> str:
        """Whom the department is without, and whether somebody above is told by this."""
        escalates = step.escalates and not self.requests[0].escalated
        parts = [step.remark, "it escalates the request" if escalates else ""]
        return one_line("; ".join(filter(None, parts)), BESIDES_WIDTH)

    def _summary(self) -> str:
        """How many steps of each sort, then the steps themselves."""
        count = Counter(next.to for next in self._next.values())
        reminders = count["contact"]
        sorts = [f"{reminders} reminder{'' if reminders == 1 else 's'}"] if reminders else []
        sorts += [f"{count[to]} to a {to}" for to in ("deputy", "lead") if count[to]]
        lines = [f"the next step for each: {', '.join(sorts)}"]
        now = self.session.clock.now()
        if early := sum(next.forward.next_at > now for next in self._next.values()):
            lines.append(f"too early for {early} of them: Esc, and unmark those that have time")
        lines += [
            f"#{next.forward.number} {one_line(next.forward.department, NAME_WIDTH)}: "
            f"{one_line(next.step.name, NAME_WIDTH)}, to {one_line(next.step.person, 20)}"
            for next in list(self._next.values())[:LISTED]
        ]
        if len(self._next) > LISTED:
            lines.append(f"and {len(self._next) - LISTED} more")
        return "\n".join(lines)
