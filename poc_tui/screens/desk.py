"""The desk: queue, request, customer history, reminders."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Input

from poc_tui.screens.command_screen import QueueScreen
from poc_tui.screens.desk_commands import DeskCommands
from poc_tui.screens.desk_services import DeskServices
from poc_tui.screens.pane_moves import PaneMoves
from poc_tui.screens.queue_views import QueueViews
from poc_tui.screens.request_actions import RequestActions
from poc_tui.screens.services.detail_follower import DetailFollower
from poc_tui.screens.services.store_watch import StoreWatch
from poc_tui.store.queries import queue, reminders
from poc_tui.widgets import queue_rows, reminder_rows
from poc_tui.widgets.customer_card import CustomerCard
from poc_tui.widgets.inks import Runs
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.text_fields import LineField
from poc_tui.widgets.timeline import RequestPane
from poc_tui.widgets.top_bar import TopBar
from poc_tui.widgets.view_tabs import ViewTabs
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.records import QueueRow, ReminderRow

_WIDTHS = [(0, "-narrow"), (80, "-medium"), (110, "-wide")]


class DeskScreen(QueueScreen):
    """The main screen. Wide: everything side by side; narrower: one pane beside the queue."""

    HORIZONTAL_BREAKPOINTS = _WIDTHS
    AUTO_FOCUS = "#queue"

    def __init__(self, session: Session) -> None:
        super().__init__(session, "request", "list", "desk")
        self._follower = DetailFollower(
            self, session, lambda: self.queue.highlighted_row, self.trouble
        )
        self.services = DeskServices(self, self._levels_known)
        self.store_watch = StoreWatch(self, session, self.reload, self.trouble)
        self.actions = RequestActions(self)
        self._views = QueueViews(self)
        self._panes = PaneMoves(self, "#queue", self._follower.catch_up)
        self._opens = DeskCommands(self, self._panes, self.actions, self.services.mail)
        for does in (self.actions, self._views, self._panes, self._opens):
            self.commands |= does.commands
        self._reminders: Sequence[ReminderRow] | None = None

    def compose(self) -> ComposeResult:
        # Now, not when Textual tells its size: that would lay out and paint a first time in vain.
        width = self.app.size.width
        self.add_class(next(name for least, name in reversed(_WIDTHS) if width >= least))
        zone = self.session.clock.zone
        yield TopBar(zone, "poc demo" if self.session.demo else "poc")
        yield self._views.tabs()
        with Container(id="body"):
            with Vertical(id="left"):
                find = LineField(
                    placeholder="words, customer, number; esc leaves the search", id="find"
                )
                find.display = False
                yield find
                yield VirtualList[Any](
                    key_of=lambda row: row.number,
                    draw=partial(_draw_request, self.session),
                    id="queue",
                )
            with Vertical(id="right"):
                yield RequestPane(zone, id="request")
                yield CustomerCard(zone, id="customer")
                coming = VirtualList[Any](
                    key_of=lambda row: row.id,
                    draw=partial(_draw_reminder, self.session),
                    empty=Content("no reminder"),
                    id="reminders",
                )
                coming.border_title = "Reminders"
                yield coming
        yield self.key_bar()

    def on_mount(self) -> None:
        self.store_watch.begin()
        self.services.begin()

    def on_unmount(self) -> None:
        self._views.close()

    @property
    def queue(self) -> VirtualList[Any]:
        """The list of requests."""
        return self.query_one("#queue", VirtualList)

    def chosen(self) -> Sequence[QueueRow]:
        at_hand = self.reminder_at_hand()
        if at_hand is not None and at_hand.number is not None:
            return queue.by_number(self.session.reader, [at_hand.number])
        marked = self.queue.marked
        if marked:
            return queue.by_number(self.session.reader, sorted(marked))
        row = self.queue.highlighted_row
        return [] if row is None else [row]

    def reminder_at_hand(self) -> ReminderRow | None:
        pane: VirtualList[ReminderRow] = self.query_one("#reminders", VirtualList)
        return pane.highlighted_row if pane.has_focus else None

    def point_at(self, numbers: Sequence[int]) -> None:
        self.queue.highlight_key(*numbers[:1])

    def reload(self) -> None:
        """Read counts, queue and panes anew; the highlight stays on its request."""
        first = not self.store_watch.has_read
        with self.store_watch.reading() as begin:
            now, is_new_minute = begin()
            counts = queue.counts(self.session.reader, now)
            pending = reminders.upcoming(self.session.reader)
            if not first:
                self.session.follow_levels()
            self.services.look()
            bar = self.query_one(TopBar)
            bar.now, bar.counts, bar.trouble = now, counts, ""
            if is_new_minute:
                if not first:
                    self.services.watch_levels()
                for rows in self.query(VirtualList):
                    rows.redraw()
            self._views.show(counts)
            if pending != self._reminders:
                self._reminders = pending
                source = ListSource(pending, lambda row: row.id)
                self.query_one("#reminders", VirtualList).set_source(source, keep=True)
            self._follower.refresh()

    @property
    def settled(self) -> bool:
        """Whether the panes show the highlighted request, by the service levels in force."""
        return self.session.knows_levels and self._follower.settled

    def lags_behind(self, event: events.Key | events.Paste) -> bool:
        """Keys behind the words of a search are meant for what they find."""
        return self._views.lags_behind(event)

    def key_escape(self) -> None:
        """Back to the queue; from the queue, out of a search."""
        if self.queue.has_focus or self.query_one("#find").has_focus:
            if self._views.leave_search():
                self.reload()
            elif self.queue.marked:
                self.queue.action_mark_clear()
        self._panes.focus(self.queue)

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        """Tell what is to be told since a dialog was open."""
        self.services.notices.look()
        self.services.mail.tell()

    @on(VirtualList.Highlighted, "#queue")
    def _highlighted(self) -> None:
        self.store_watch.typed()
        self._follower.follow()

    @on(VirtualList.Chosen)
    def _row_chosen(self, event: VirtualList.Chosen[Any]) -> None:
        if event.control is self.queue:
            self._opens.open()
        elif event.row.number is not None:
            self._opens.open_request(event.row.number)

    @on(ViewTabs.Chosen)
    def _tab_chosen(self, event: ViewTabs.Chosen) -> None:
        self._views.show_view(event.view)

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        self._views.typed(event.value)

    @on(Input.Submitted, "#find")
    def _submitted(self) -> None:
        """Go to what was found."""
        self.set_focus(self.queue)

    def _levels_known(self) -> None:
        self.queue.redraw()
        self._follower.refresh()


def _draw_request(session: Session, row: QueueRow, width: int) -> Runs:
    clock = session.clock
    return queue_rows.draw(row, width, clock.now(), clock.zone, session.idle_since())


def _draw_reminder(session: Session, row: ReminderRow, width: int) -> Runs:
    return reminder_rows.draw(row, width, session.clock.now(), session.clock.zone)
