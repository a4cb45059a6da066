"""The customer of the request: who they are, what they prefer, and how it went before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content

from poc_tui.rules.dates.format import MONTH_LABELS, short_span, span
from poc_tui.rules.service import shown_date
from poc_tui.rules.text import one_line
from poc_tui.widgets.inks import Runs, padded
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.virtual_list import VirtualList
from poc_tui.words import signs

if TYPE_CHECKING:
    from poc_tui.store.records import CustomerDetail, PastRequest

_NUMBER = 6
_ROOMY = 48
"""From this width on a line of the past also says when that was."""
_ADDRESSES = 3
_WISHES = 2
"""Lines of their own words on how they like it."""


class CustomerPane(VirtualList["PastRequest"]):
    """Facts above, one a line; past requests below, newest first; Enter opens one."""

    MARKS = False

    def __init__(self, zone: tzinfo, *, id: str | None = None) -> None:
        super().__init__(key_of=lambda row: row.number, draw=self._past, id=id)
        self._zone = zone
        self._now: datetime | None = None
        self._shown: tuple[CustomerDetail | None, int | None] | None = None

    def show(self, customer: CustomerDetail | None, now: datetime, current: int | None) -> None:
        """Show this customer; `current` is the request on the screen, left out of the past."""
        now = now.replace(second=0, microsecond=0)
        another_minute = self._now != now
        self._now = now
        shown, self._shown = self._shown, (customer, current)
        with self.changing():
            if another_minute:
                self.redraw()
            if another_minute or shown != self._shown:
                self._show_facts()
            if shown != self._shown:
                self._show_past(customer, current)

    def on_resize(self) -> None:
        """As many facts as have room; how much that is, is measured for every list."""
        self._show_facts()

    def _show_past(self, customer: CustomerDetail | None, current: int | None) -> None:
        self.entitle("Customer" if customer is None else one_line(customer.name, 50))
        past = [row for row in customer.history if row.number != current] if customer else []
        self.set_empty(Content("no earlier request" if customer else ""))
        self.set_source(ListSource(past, lambda row: row.number), keep=False)

    def _show_facts(self) -> None:
        width = self.size.width - 2
        if width <= 0 or self._shown is None or self._now is None:
            return
        customer, current = self._shown
        if customer is not None:
            lines = list(_facts(customer, self._now, self._zone, width))
        elif current is not None:
            lines = [Content.styled("nobody yet: triage names them", "dim")]
        else:
            lines = []
        most = max(1, self.size.height // 2)
        self.set_head(lines if len(lines) <= most else [*lines[: most - 1], lines[-1]])

    def _past(self, row: PastRequest, width: int) -> Runs:
        # Rows come by `show`, which says what now is.
        outcome = "" if self._now is None else _outcome(row, self._now, self._zone)
        came = row.received_at.astimezone(self._zone)
        date = f"{MONTH_LABELS[came.month - 1]} {came.year}  " if width >= _ROOMY else ""
        room = max(4, width - _NUMBER - 1 - len(date) - len(outcome) - 1)
        return (
            (f"{f'#{row.number}':<{_NUMBER}} {date}", "dim"),
            (padded(row.subject, room) + " ", ""),
            (outcome, "$text-success" if row.resolution == "solved" else "$text-muted"),
        )


def _outcome(row: PastRequest, now: datetime, zone: tzinfo) -> str:
    """`solved 2 d`, or whose move it is and by when."""
    if row.resolved_at is not None:
        return f"{row.ended_as} {span(row.resolved_at - row.received_at)}"
    late = row.at < now and row.state != "new"
    if late and row.court == "customer":
        return "no reply"
    where = {"me": "my turn", "department": "department", "customer": "customer"}
    by = f"late {short_span(now - row.at)}" if late else shown_date.moment(row.at, now, zone)
    return f"{where.get(row.court or '', row.state)}, {by}"


def _facts(customer: CustomerDetail, now: datetime, zone: tzinfo, width: int) -> Iterator[Content]:
    """One a line: since when and what they prefer, of whom, where to reach them, how often to talk
    to them, their own wishes; at the end how many requests there are."""
    star = f"{signs.VIP} " if customer.vip else ""
    prefers = f" · prefers {customer.prefers}" if customer.prefers else ""
    yield Content(f"{star}since {customer.since.year}{prefers}")
    if customer.organisation.strip() not in ("", customer.name.strip()):
        yield Content(one_line(customer.organisation, width))
    for address in customer.addresses[:_ADDRESSES]:
        yield Content(one_line(address.value, width))
    if customer.rhythm:
        yield from Content(_rhythm(customer, now, zone)).wrap(width)
    for words in (customer.preferences, customer.notes):
        if words.strip():
            yield from Content(one_line(words, _WISHES * width)).wrap(width)
    yield Content(f"{customer.open_count:,} open, {customer.resolved_count:,} before")


def _rhythm(customer: CustomerDetail, now: datetime, zone: tzinfo) -> str:
    """`talk every 6 weeks, last 12 Oct`, and whether that is too long ago."""
    # Not at the top: the first paint of the desk is without it.
    from poc_tui.rules.recurrence.rule import after, say as say_rule

    last = shown_date.past(customer.last_contact, now, zone)
    said = f"talk {say_rule(customer.rhythm)}, last {last}"
    due = after(customer.rhythm, customer.last_contact, zone)
    return f"{said}: due since {shown_date.past(due, now, zone)}" if due <= now else said
