"""What was promised, to whom and by when; and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.errors import NotUnderstood
from poc_tui.rules.service.deadlines import closing_after
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.base import Dialog
from poc_tui.screens.dialogs.customer_field import CustomerField
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.store import drafts
from poc_tui.store.drafts import CustomerNumber
from poc_tui.store.queries.reminders import upcoming
from poc_tui.store.queries.requests import facts, request
from poc_tui.store.records import ReminderRow
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import LineField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.queries.reader import Reader

LOOKED_THROUGH = 1_000
"""Open reminders among which promises to the same customer are looked for."""

SHOWN = 3
"""Promises to the same customer that the dialog shows, the first due on top."""

WIDTH = 68
KEPT, BROKEN = "kept", "broken"


class PromiseDialog(RequestDialog):
    """Given on the requests; without any, to a customer. Shows what they were promised besides."""

    NAME, MAIN, VERB = "promise", "text", "Promise"
    ALSO_ALONE = True

    def prepare(self) -> None:
        self._open = self.session.read(self._known)
        by, self._remark = self._usual()
        self._by = _handy(by)

    def fields(self) -> Iterable[Widget]:
        yield Field("what", LineField(placeholder="What they may count on", id="text"))
        if self.requests:
            yield Field("to whom", self._whom())
        else:
            customer = CustomerField(
                self.session.reader,
                empty="the customer it is given to",
                unknown="nobody known; the promise keeps the name",
                id="customer",
            )
            yield Field("to whom", customer)
        yield Field("by", self.form.date_field("by", default=self._by, remark=self._remark))
        yield FieldRemark(id="open", classes="gap")

    def on_fields_changed(self) -> None:
        """Show what the customer was promised before, once it is known who that is."""
        rows = self._open
        if not self.requests and (id := self._chosen_customer()) is not None:
            rows = self.session.read(lambda reader: open_promises(reader, id))
        aside = self.query_one("#open", FieldRemark)
        aside.say("\n".join(self._before_lines(rows)))
        aside.set_class(not rows, "-unused")

    def draft(self) -> drafts.Promise:
        by = self.form.date("by") or self._by
        with self.form.at("by"):
            if by <= self.session.clock.now():
                raise NotUnderstood("a promise is for a time to come; give a later date")
        customer_id, whom = self._given_to()
        with self.form.at("text"):
            return drafts.Promise(by, self.form.value("text"), customer_id, whom)

    def _given_to(self) -> tuple[int | None, str]:
        """The customer where there is no request, and the name of who is not the customer."""
        if self.requests:
            return None, self.form.changed("whom") or ""
        with self.form.at("customer"):
            ref = self.query_one("#customer", CustomerField).ref
            if ref is None:
                raise NotUnderstood("a promise is given to somebody; say to whom")
        return (ref.id, "") if isinstance(ref, CustomerNumber) else (None, ref.words)

    def _whom(self) -> LineField:
        customer = self.only.customer if self.only is not None else None
        alone = "the customer" if self.only is not None else "of each request its customer"
        return LineField(customer or "", placeholder=alone, id="whom")

    def _known(self, reader: Reader) -> tuple[ReminderRow, ...]:
        """What the customer of a single request was promised already."""
        if (only := self.only) is None:
            return ()
        id = request(reader, only.number).customer_id
        return () if id is None else open_promises(reader, id)

    def _chosen_customer(self) -> int | None:
        try:
            ref = self.query_one("#customer", CustomerField).ref
        except NotUnderstood:
            return None
        return ref.id if isinstance(ref, CustomerNumber) else None

    def _usual(self) -> tuple[datetime, str]:
        """The date a promise has unless another is given, and where it comes from."""
        now, deadlines = self.session.clock.now(), self.session.deadlines
        ahead = [row.due_at for row in self.requests if row.due_at and row.due_at > now]
        if ahead:
            return min(ahead), "when they must hear from us"
        if self.requests:
            update = deadlines.next_update(facts(self.requests[0]), now)
            return update.at, "when they would hear from us"
        return closing_after(deadlines.hours, self.form.next_morning()), ""

    def _before_lines(self, rows: Sequence[ReminderRow]) -> list[str]:
        """What was promised before and is still open."""
        lines = []
        for row in rows[:SHOWN]:
            late = "late, " if row.at < self.session.clock.now() else ""
            on = f"#{row.number} " if row.number else ""
            said = f"{late}{self.session.say(row.at)}: {on}{row.text}"
            lines.append(one_line(f"promised for {said}", WIDTH))
        if len(rows) > SHOWN:
            lines.append(f"and {len(rows) - SHOWN} more")
        return lines


class EndPromiseDialog(Dialog):
    """Asks whether it was kept; nothing is chosen at first, since nobody but the person knows."""

    NAME, MAIN = "end-promise", "outcome"

    def __init__(self, session: Session, promise: ReminderRow) -> None:
        super().__init__(session, f"Promise · {promise.text}", about=(promise.id,))
        self._promise = promise

    def fields(self) -> Iterable[Widget]:
        yield FieldRemark(self._given(), id="given")
        yield Field("it was", outcome_choice(), classes="gap")
        yield Field("why", LineField(placeholder="optional", id="why"))

    def draft(self) -> drafts.EndPromise:
        outcome = self.form.value("outcome")
        with self.form.at("outcome"):
            if not outcome:
                raise NotUnderstood("say whether the promise was kept (k) or broken (b)")
        return drafts.EndPromise(self._promise.id, outcome == KEPT, self.form.value("why"))

    def _given(self) -> str:
        promise, by = self._promise, self.session.say(self._promise.at)
        whom = promise.whom or promise.customer
        to = f"to {one_line(whom, 30)}, " if whom else ""
        late = " (late)" if promise.at < self.session.clock.now() else ""
        return f"{to}for {by}{late}:\n{one_line(promise.text, WIDTH)}"


def _handy(moment: datetime) -> datetime:
    """The next five minutes: nobody promises anything by 13:13:24."""
    behind = timedelta(seconds=-moment.timestamp() % 300)
    return moment + behind


def outcome_choice(*more: tuple[str, str]) -> Choice:
    """Kept, broken, or what else is possible; at first nothing is chosen."""
    options = (("", "(say which)"), (KEPT, "kept"), (BROKEN, "broken"), *more)
    return Choice(options, "", id="outcome")


def open_promises(reader: Reader, customer_id: int) -> tuple[ReminderRow, ...]:
    """What this customer was promised and nobody has kept or broken, the first due on top."""
    return tuple(
        row
        for row in upcoming(reader, limit=LOOKED_THROUGH)
        if row.kind == "promise" and row.customer_id == customer_id
    )
