"""What the customer is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.widget import Widget

from poc_tui.errors import PocError
from poc_tui.models.values import Channel, Resolution
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.delivery_fields import ALL, DeliveryFields
from poc_tui.screens.dialogs.duplicate_field import ask_of_which, duplicate_fields, duplicate_of
from poc_tui.screens.dialogs.earlier_words import EarlierWords, earlier_words
from poc_tui.screens.dialogs.fields import Field, FieldRemark, FurtherFields, choice_of
from poc_tui.screens.dialogs.form import put
from poc_tui.screens.dialogs.loose_ends import loose_ends
from poc_tui.screens.dialogs.mail_choice import AnswerMailChoice
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.store.delivery import Attachment, Delivery
from poc_tui.store.queries.customers import customer
from poc_tui.store.queries.requests import facts, request
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.date_field import DateField
from poc_tui.widgets.text_fields import TextField

if TYPE_CHECKING:
    from poc_tui.store.queries.reader import Reader
    from poc_tui.store.records import Done

WAIT, WORKING = "wait", "working"

TAKE_OVER, RESOLVES = "ctrl+l", "ctrl+r"


class _ChannelField(Field):
    """Of how it is said, in words nothing where the mail is named that goes out."""

    said_beside = False

    def in_words(self) -> str:
        return "" if self.said_beside else super().in_words()


class AnswerDialog(RequestDialog):
    """Shows what was said before; then the customer is to move, or we work on, or it ends."""

    NAME, MAIN, VERB = "answer", "text", "Answer"
    LEADS_ON = True

    def prepare(self) -> None:
        self._loose = loose_ends(self)
        self._by_mail = AnswerMailChoice(self.session, self.requests)
        self._delivery = DeliveryFields(self.session, self.requests, self._by_mail.places)
        self._earlier, self._channel = EarlierWords((), "", ""), ""
        if (only := self.only) is not None:
            if only.customer:
                self.heading = f"answer to {only.customer}"
            self._earlier, self._channel = self.session.read(partial(self._known, only.number))

    def fields(self) -> Iterable[Widget]:
        lines = self._earlier.lines
        if before := lines[: -1 if self._earlier.department else None]:
            yield FieldRemark("\n".join(before), id="voice")
        if said := lines[len(before) :]:
            yield FieldRemark(*said, id="voice-here")
        text = TextField(rows=5, placeholder=self._prompt(), id="text")
        yield Field("answer", text, classes="gap -whole" if self._earlier.lines else "-whole")
        self._then = WORKING if self._loose.departments else WAIT
        as_it_came = [] if self._channel else [("", "(as it came)")]
        yield FurtherFields(
            _ChannelField("channel", choice_of(Channel, self._channel, "channel", *as_it_came)),
            *self._by_mail.fields(),
            *self._delivery.fields(self),
            Field("then", Choice(_ways_on(), self._then, id="then")),
            *duplicate_fields(self),
            Field("look again", self.form.date_field("date", begins=True), id="date-row"),
            *self._loose.fields(),
        )

    def on_fields_changed(self) -> None:
        """Ask only what the way on needs, and say to whom it goes."""
        to = self._delivery.to(self)
        mark = self._delivery.mark(to)
        self._by_mail.offer_by(self, self.form.value("channel"), chosen=to, mark=mark)
        by_mail = self._by_mail.is_by_mail(self)
        self.query_one(_ChannelField).said_beside = by_mail
        self._delivery.follow(self, by_mail=by_mail)
        then = self.form.value("then")
        resolves = then not in (WAIT, WORKING)
        row = self.query_one("#date-row", Field)
        row.set_class(resolves, "-unused")
        ask_of_which(self, then)
        self._loose.show(self, resolves=resolves)
        if resolves:
            return
        deadlines, now = self.session.deadlines, self.session.clock.now()
        date = self.query_one("#date", DateField)
        if then == WORKING:
            row.relabel("next word")
            update = deadlines.next_update(facts(self.requests[0]), now)
            date.set_default(update.at, "when they hear from us again")
        else:
            row.relabel("look again")
            date.set_default(deadlines.check_back_at(now), "if they have not replied")

    def hints(self) -> Iterator[tuple[str, str]]:
        """With the key by which the answer also is the end."""
        save, *others = super().hints()
        everybody = [(ALL, "copies")] if self._delivery.has_others else []
        yield from (save, (RESOLVES, "resolve"), *everybody, *others)

    def on_key(self, event: events.Key) -> None:
        """Let the answer be the end, or no more; or take the department's words over, to be put
        into our own."""
        if event.key == RESOLVES:
            event.stop()
            event.prevent_default()
            ends = self.form.value("then") not in (WAIT, WORKING)
            put(self.form, {"then": self._then if ends else Resolution.SOLVED.value})
        elif event.key == ALL and self._delivery.has_others:
            event.stop()
            event.prevent_default()
            self._delivery.answer_all(self)
        elif event.key == TAKE_OVER and self._earlier.department_words:
            event.stop()
            event.prevent_default()
            text = self.query_one("#text", TextField)
            text.insert(self._earlier.department_words)
            text.focus()

    def at_fault(self, error: PocError) -> str | None:
        """A question that is still open asks for its yes."""
        return self._loose.at_fault(error) or super().at_fault(error)

    def act(self) -> Callable[[], Awaitable[Done]]:
        """The files that go with it are read first."""
        draft = self.draft()

        async def answer(files: tuple[Attachment, ...]) -> Done:
            given = draft
            if files:
                delivery = replace(draft.delivery or Delivery(), files=files)
                given = replace(draft, delivery=delivery)
            return await self.session.do(given, self.numbers, self._seen)

        return self._delivery.with_files(self, answer)

    def draft(self) -> drafts.Answer:
        then, channel = self.form.value("then"), self.form.value("channel")
        resolves = then not in (WAIT, WORKING)
        date = None if resolves else self.form.date("date")
        return drafts.Answer(
            self.form.value("text"),
            channel=Channel(channel) if channel else None,
            check_back_at=date if then == WAIT else None,
            still_working=then == WORKING,
            next_update_at=date if then == WORKING else None,
            resolve_as=Resolution(then) if resolves else None,
            duplicate_of=duplicate_of(self, then),
            withdraw_forwards=resolves and self._loose.withdraw(self),
            reminders_done=self._loose.reminders_done(self) if resolves else None,
            promises_kept=self._loose.promises_kept(self) if resolves else None,
            mail=self._by_mail.wanted(self),
            delivery=self._delivery.delivery(self, by_mail=self._by_mail.is_by_mail(self)),
        )

    def _prompt(self) -> str:
        told = "What the customer is told"
        if not self._earlier.department_words:
            return told
        words = one_line(f"the words of {self._earlier.department}", 36)
        return f"{told}\n{TAKE_OVER} takes over {words}"

    def _known(self, number: int, reader: Reader) -> tuple[EarlierWords, str]:
        """What was said, and the channel: the one the customer prefers, else the request's."""
        detail = request(reader, number)
        prefers = None
        if detail.customer_id is not None:
            prefers = customer(reader, detail.customer_id, history=0).prefers
        return earlier_words(reader, self.session.clock, detail), prefers or detail.channel


def _ways_on() -> list[tuple[str, str]]:
    resolutions = [(resolution.value, f"resolve as {resolution}") for resolution in Resolution]
    return [(WAIT, "wait for the customer"), (WORKING, "still working on it"), *resolutions]
