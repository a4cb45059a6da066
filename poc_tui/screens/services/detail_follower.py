"""The panes beside the queue follow its highlight, without a key ever waiting for both."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from poc_tui.errors import NotFound, PocError, StoreBusy
from poc_tui.screens.workers import later

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.timer import Timer

    from poc_tui.screens.session import Session
    from poc_tui.store.records import QueueRow, RequestDetail
    from poc_tui.widgets.conversation import Conversation
    from poc_tui.widgets.customer_pane import CustomerPane

SETTLE_SECONDS = 0.12
"""How long the highlight rests on a request before the panes beside it follow: holding a cursor
key reads nothing but the queue."""

BREATH_SECONDS = 0.03
"""Between one pane and the next, so that a key that comes meanwhile is painted first."""


class DetailFollower:
    """Shows the highlighted request in one pane, and its customer in the other a moment later.

    Args:
        screen: its timers are used.
        session: where to read.
        highlighted: gives the row that the panes are to show.
        trouble: told when the store cannot be read.
    """

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        highlighted: Callable[[], QueueRow | None],
        trouble: Callable[[PocError], object],
    ) -> None:
        self._screen = screen
        self._session = session
        self._highlighted = highlighted
        self._trouble = trouble
        self._panes: tuple[Conversation, CustomerPane] | None = None
        self._next: Timer | None = None
        self._then: Callable[[], object] | None = None
        self._shown: RequestDetail | None = None

    @property
    def settled(self) -> bool:
        """Whether both panes show the highlighted request."""
        row = self._highlighted()
        number = None if self._shown is None else self._shown.number
        return self._next is None and number == (None if row is None else row.number)

    def use(self, request: Conversation, customer: CustomerPane) -> None:
        """The panes are there: show in them what is highlighted now."""
        self._panes = request, customer
        self._show_request()

    def follow(self) -> None:
        """The highlight has moved, or what it stands on has changed: go after it when it rests."""
        self._soon(SETTLE_SECONDS, self._show_request)

    def catch_up(self) -> None:
        """Show it now: a person goes into one of the panes."""
        if self._next is not None:
            self._next.stop()
            if self._show_request():
                self._next.stop()
                self._show_customer()

    def bring_up(self, number: int) -> None:
        """Show this request now, and as long as a dialog is open that is about it."""
        if self._panes is not None and (self._shown is None or self._shown.number != number):
            if self._next is not None:
                self._next.stop()
            self._show_request(number)

    def refresh(self) -> None:
        """The store has changed: read again what is shown, unless that will happen anyway."""
        if self._next is None or self._then == self._show_customer:
            self._soon(BREATH_SECONDS, self._show_request)

    def _soon(self, seconds: float, act: Callable[[], object]) -> None:
        if self._panes is None:
            return
        if self._next is not None:
            self._next.stop()
        self._then = act
        self._next = later(self._screen, seconds, act)

    def _show_request(self, about: int | None = None) -> bool:
        """Show the request that is highlighted, or that a dialog is `about`; whether it could be
        read."""
        from poc_tui.store.queries import requests

        if self._panes is None:
            return False
        row, number = self._highlighted(), about
        if number is None and self._shown is not None and not self._screen.is_active:
            number = self._shown.number  # what a dialog is about stays in sight
        if number is None and row is not None:
            number = row.number
        pane, _ = self._panes
        try:
            detail = None
            if number is not None:
                unfolded = number == pane.unfolds
                detail = requests.request(
                    self._session.reader,
                    number,
                    unfolded=unfolded,
                    mine=self._session.mail_settings.mine,
                )
            weighed = None if detail is None else self._session.weigh(detail)
        except NotFound:
            detail = weighed = None
        except StoreBusy:
            self._soon(BREATH_SECONDS, self._show_request)
            return False
        except PocError as error:
            self._next = None
            self._trouble(error)
            return False
        self._shown = detail
        pane.show_request(detail, self._session.clock.now(), weighed)
        self._soon(BREATH_SECONDS, self._show_customer)
        return True

    def _show_customer(self) -> None:
        from poc_tui.store.queries import customers

        self._next = None
        if self._panes is None:
            return
        detail = self._shown
        id = None if detail is None else detail.customer_id
        try:
            customer = None if id is None else customers.customer(self._session.reader, id)
        except NotFound:
            customer = None
        except StoreBusy:
            self._soon(BREATH_SECONDS, self._show_customer)
            return
        except PocError as error:
            self._trouble(error)
            return
        _, pane = self._panes
        pane.show(customer, self._session.clock.now(), None if detail is None else detail.number)
