"""The desk: queue, request, customer history, reminders."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult

from poc_tui.screens.command_screen import QueueScreen
from poc_tui.screens.desk_commands import DeskCommands
from poc_tui.screens.desk_memory import DeskMemory
from poc_tui.screens.desk_panes import DeskPanes
from poc_tui.screens.desk_services import DeskServices
from poc_tui.screens.jumps import Jumps
from poc_tui.screens.next_request import NextRequest
from poc_tui.screens.pane_moves import PaneMoves
from poc_tui.screens.queue_views import QueueViews
from poc_tui.screens.request_actions import RequestActions
from poc_tui.screens.saved_views import SavedViews
from poc_tui.screens.services.store_watch import StoreWatch
from poc_tui.store.queries import queue, reminders
from poc_tui.widgets import queue_rows
from poc_tui.widgets.desk_layout import DeskLayout
from poc_tui.widgets.inks import Runs
from poc_tui.widgets.top_bar import TopBar
from poc_tui.widgets.view_tabs import ViewTabs
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.widget import Widget

    from poc_tui.screens.session import Session
    from poc_tui.store.records import QueueRow, ReminderRow


class DeskScreen(QueueScreen):
    """The main screen: the queue, and below it what is highlighted there."""

    AUTO_FOCUS = "#queue"

    def __init__(self, session: Session) -> None:
        super().__init__(session, "request", "list", "desk")
        memory = DeskMemory(lambda: session.memory_dir)
        self.panes = DeskPanes(self, memory)
        self.services = DeskServices(self, self.panes.redraw)
        self.store_watch = StoreWatch(self, session, self.reload, self.trouble)
        self.actions = RequestActions(self, NextRequest(self))
        moves = PaneMoves(self, "#queue", self.panes.in_order)
        self._opens = DeskCommands(self, self.actions, self.services.mail, memory)
        self._views = QueueViews(self, self._opens.first_steps)
        self._jumps, saved = Jumps(self, self._views), SavedViews(self, self._views)
        self.go_to = self._jumps.go_to
        own = (self._views, self._jumps, saved, moves, self._opens, self.panes)
        self.bring_up = self.panes.bring_up
        for does in (self.actions, *own):
            self.commands |= does.commands
        self.in_vain.append(saved.in_vain)

    @property
    def layout(self) -> DeskLayout:
        """Where everything stands."""
        return self.panes.layout

    def compose(self) -> ComposeResult:
        yield TopBar(self.session.clock.zone, "poc demo" if self.session.demo else "poc")
        tabs = ViewTabs(self._views.all_tabs())
        yield tabs
        yield VirtualList[Any](
            key_of=lambda row: row.number, draw=partial(_draw_request, self.session), id="queue"
        )
        yield self.footer.bar(tabs.keys)

    def on_mount(self) -> None:
        self.panes.begin()
        self.store_watch.begin()
        self.services.begin()

    def on_resize(self) -> None:
        self.panes.say_ways()

    def set_focus(
        self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False
    ) -> None:
        """Have the pane in sight and up to date that takes the focus."""
        if widget is not None:
            self.panes.entered(widget)
        super().set_focus(widget, scroll_visible, from_app_focus)

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
        pane = self.focused
        if isinstance(pane, VirtualList) and pane.id == "reminders":
            return pane.highlighted_row
        return None

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
            self.panes.fit(self._views.lines, pending)
            self.panes.follower.refresh()

    @property
    def settled(self) -> bool:
        """Whether the panes show the highlighted request, by the service levels in force."""
        return self.session.knows_levels and self.panes.follower.settled

    def lags_behind(self, event: events.Key | events.Paste) -> bool:
        """Keys behind the words of a search are meant for what they find; the first keys of all
        for panes that are about to come."""
        return self.panes.conversation is None or self._views.lags_behind(event)

    def key_escape(self) -> None:
        """Back to the queue; from the queue, out of a search."""
        if self.queue.has_focus or self._views.tabs.prompt is not None:
            if self.queue.marks.leave_range() or self._views.leave():
                pass
            elif self.queue.marked:
                self.queue.action_mark_clear()
            elif self._opens.set_up.refuse():
                self.reload()
        self.set_focus(self.queue)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted while no field has the focus is taken down; a number is gone to."""
        event.stop()
        if not self._jumps.pasted(event.text):
            self.ask(partial(self._opens.pasted, event.text))

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        """Tell what is to be told since a dialog was open."""
        self.panes.resumed()
        self.services.notices.look()
        self.services.mail.tell()
        self.panes.follower.refresh()

    @on(VirtualList.Highlighted, "#queue")
    def _highlighted(self) -> None:
        self.store_watch.typed()
        self.panes.follower.follow()

    @on(VirtualList.Chosen)
    def _row_chosen(self, event: VirtualList.Chosen[Any]) -> None:
        if event.control is self.queue:
            self._opens.open()
        elif event.row.number is not None:
            self._opens.open_request(event.row.number)

    @on(ViewTabs.Chosen)
    def _tab_chosen(self, event: ViewTabs.Chosen) -> None:
        self._views.show_view(event.view)


def _draw_request(session: Session, row: QueueRow, width: int) -> Runs:
    clock = session.clock
    begun = session.drafts is not None and bool(session.drafts.of(row.number))
    untouched = session.untouched_since()
    return queue_rows.draw(row, width, clock.now(), clock.zone, untouched, begun=begun)
