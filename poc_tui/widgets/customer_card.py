"""The customer of the request: who they are, what they prefer, and how it went before."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from poc_tui.rules.dates.format import MONTH_LABELS, short_span, span
from poc_tui.rules.service import shown_date
from poc_tui.rules.text import one_line
from poc_tui.widgets.inks import Runs, padded
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.text_lines import TextLines
from poc_tui.widgets.virtual_list import VirtualList
from poc_tui.words import signs

if TYPE_CHECKING:
    from poc_tui.store.records import CustomerDetail, PastRequest

_NUMBER = 6
_FACTS = 5
"""Lines of facts at most, so that there is room for the past."""


class CustomerCard(Widget):
    """Facts above, past requests below, newest first; Enter opens one."""

    DEFAULT_CSS = """
    CustomerCard { layout: vertical; height: 1fr; }
    CustomerCard > #customer-facts { height: 1; padding: 0 1; scrollbar-size-vertical: 0; }
    CustomerCard > VirtualList { height: 1fr; }
    """

    def __init__(self, zone: tzinfo, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self._now: datetime | None = None
        self._shown: tuple[CustomerDetail | None, int | None] | None = None

        self._title = ""
        self._facts = ""
        self._fact_lines = 1

    def compose(self) -> ComposeResult:
        yield TextLines(id="customer-facts")
        yield VirtualList(key_of=_number, draw=self._draw, id="history")

    def show(self, customer: CustomerDetail | None, now: datetime, current: int | None) -> None:
        """Show this customer; `current` is the request on the screen, left out of the past."""
        another_minute = self._now is None or now.replace(second=0) != self._now
        self._now = now.replace(second=0)
        history = self.query_one("#history", VirtualList)
        if another_minute:
            history.redraw()
        if customer is not None and (another_minute or self._shown != (customer, current)):
            self._show_facts(_facts(customer, now, self._zone))
        if self._shown == (customer, current):
            return
        self._shown = (customer, current)
        title = "Customer" if customer is None else one_line(customer.name, 50)
        if title != self._title:
            self._title = title
            self.border_title = Content(title)
        if customer is None:
            self._show_facts("nobody yet: triage names the customer")
        past = [row for row in customer.history if row.number != current] if customer else []
        history.set_empty(Content("no earlier request" if customer else ""))
        history.set_source(ListSource(past, _number), keep=False)

    def on_resize(self) -> None:
        """Give the facts as many lines as they take at the new width."""
        self.call_after_refresh(self._fit_facts)

    def _show_facts(self, facts: str) -> None:
        if facts != self._facts:
            self._facts = facts
            self.query_one("#customer-facts", TextLines).show(Content(facts).wrap)
            self._fit_facts()

    def _fit_facts(self) -> None:
        """Facts take the lines they need; only when that is another number, things move."""
        pane = self.query_one("#customer-facts", TextLines)
        lines = max(1, min(_FACTS, pane.line_count))
        if lines != self._fact_lines:
            self._fact_lines = lines
            pane.styles.height = lines

    def _draw(self, row: PastRequest, width: int) -> Runs:
        # Rows come by `show`, which says what now is.
        outcome = "" if self._now is None else _outcome(row, self._now, self._zone)
        month = row.received_at.astimezone(self._zone)
        date = f"{MONTH_LABELS[month.month - 1]} {month.year}"
        room = max(4, width - _NUMBER - 1 - len(date) - 2 - len(outcome) - 1)
        return (
            (f"{f'#{row.number}':<{_NUMBER}} {date}  ", "dim"),
            (padded(row.subject, room) + " ", ""),
            (outcome, "$text-success" if row.resolution == "solved" else "$text-muted"),
        )


def _number(row: PastRequest) -> int:
    return row.number


def _outcome(row: PastRequest, now: datetime, zone: tzinfo) -> str:
    """`solved in 2 d`, or whose move it is and by when."""
    if row.resolved_at is not None:
        return f"{row.resolution} in {span(row.resolved_at - row.received_at)}"
    where = {"me": "my move", "department": "department", "customer": "their move"}
    over = row.at < now and row.state != "new"
    by = f"over {short_span(now - row.at)}" if over else shown_date.moment(row.at, now, zone)
    return f"{where.get(row.court or '', row.state)}, {by}"


def _facts(customer: CustomerDetail, now: datetime, zone: tzinfo) -> str:
    """Since when, what they prefer, how many; how often to speak; then their own words on it."""
    parts = [f"since {customer.since.year}"]
    if customer.prefers:
        parts.append(f"prefers {customer.prefers}")
    if customer.vip:
        parts.append(f"{signs.VIP} VIP")
    parts.append(f"{customer.open_count:,} open, {customer.resolved_count:,} resolved")
    lines = [" · ".join(parts)]
    if customer.rhythm:
        lines.append(_rhythm(customer, now, zone))
    addresses = " · ".join(one_line(address.value, 40) for address in customer.addresses[:4])
    wishes = " · ".join(
        one_line(words, 300) for words in (customer.preferences, customer.notes) if words.strip()
    )
    organisation = one_line(customer.organisation, 60)
    lines += [line for line in (organisation, addresses, wishes) if line]
    return "\n".join(lines)


def _rhythm(customer: CustomerDetail, now: datetime, zone: tzinfo) -> str:
    """`speak every 6 weeks, last 12 Oct`, and whether that is too long ago."""
    # Not at the top: the first paint of the desk is without it.
    from poc_tui.rules.recurrence.rule import after, say as say_rule

    last = shown_date.past(customer.last_contact, now, zone)
    said = f"speak {say_rule(customer.rhythm)}, last {last}"
    due = after(customer.rhythm, customer.last_contact, zone)
    return f"{said}: due since {shown_date.past(due, now, zone)}" if due <= now else said
