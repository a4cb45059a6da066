"""The desk: queue, request, customer history, reminders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input

from poc_tui.errors import NotFound, PocError, StoreBusy
from poc_tui.rules.text import safe
from poc_tui.screens.acting import ActingScreen, opens_dialog
from poc_tui.screens.binding import bind
from poc_tui.screens.sources import ViewSource
from poc_tui.store.reading import customers, queue, reminders, requests
from poc_tui.widgets import queue_rows, reminder_rows
from poc_tui.widgets.customer_card import CustomerCard
from poc_tui.widgets.list_source import ListSource
from poc_tui.widgets.timeline import RequestPane
from poc_tui.widgets.top_bar import TopBar
from poc_tui.widgets.view_tabs import Tab, ViewTabs
from poc_tui.widgets.virtual_list import VirtualList
from poc_tui.widgets.words import Line

if TYPE_CHECKING:
    from poc_tui.screens.finding import Finder
    from poc_tui.screens.session import Session
    from poc_tui.store.records import Counts, CustomerDetail, QueueRow, ReminderRow, RequestDetail

VIEWS = (
    ("mine", "Mine"),
    ("departments", "Departments"),
    ("customers", "Customers"),
    ("snoozed", "Snoozed"),
    ("open", "Open"),
    ("resolved", "Resolved"),
)

POLL_SECONDS = 0.25
"""How often the store is asked whether somebody else wrote; asking takes 3 us."""

SETTLE_SECONDS = 0.06
"""How long the highlight rests on a request before the panes beside it follow: holding a cursor
key reads nothing but the queue."""

_EMPTY = {
    "mine": "Nothing waits for you. n takes a request down, 5 shows all that are open.",
    "departments": "No department owes you an answer.",
    "customers": "You wait for no customer.",
    "snoozed": "Nothing is snoozed.",
    "open": "No open request.",
    "resolved": "Nothing is resolved yet.",
}

FIRST_STEPS = (
    "This desk is empty.\n\n"
    "n takes your first request down,\n"
    "`poc add` does it from any other terminal,\n"
    "`poc import FILE` brings in many,\n"
    "`poc demo` shows a desk at work.\n\n"
    "? shows every key."
)


class DeskScreen(ActingScreen):
    """The main screen. Wide: everything side by side; narrower: one pane beside the queue."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it so
        (0, "-narrow"),
        (80, "-medium"),
        (110, "-wide"),
    ]
    AUTO_FOCUS = "#queue"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        bind(self, session.keymap, "request", "list", "desk")
        self._view = queue.VIEWS["mine"]
        self._finder: Finder | None = None
        self._source: ViewSource | None = None
        self._found: Sequence[QueueRow] | None = None
        self._seen = -1
        self._minute = -1
        self._settle: Timer | None = None
        self._shown: RequestDetail | None = None

    def compose(self) -> ComposeResult:
        zone = self.session.clock.zone
        yield TopBar(zone, "poc demo" if self.session.demo else "poc")
        keys = self.session.keymap
        yield ViewTabs([Tab(view, keys.display(f"view_{view}"), name) for view, name in VIEWS])
        with Container(id="body"):
            with Vertical(id="left"):
                yield Line(placeholder="words, customer, number; esc leaves the search", id="find")
                yield VirtualList[Any](
                    key_of=lambda row: row.number, draw=self._draw_request, id="queue"
                )
            with Vertical(id="right"):
                yield RequestPane(zone, id="request")
                yield CustomerCard(zone, id="customer")
                yield VirtualList[Any](
                    key_of=lambda row: row.id,
                    draw=self._draw_reminder,
                    empty=Content("no reminder"),
                    id="reminders",
                )
        yield self.key_bar()

    def on_mount(self) -> None:
        self.query_one("#find").display = False
        self.query_one("#reminders").border_title = "Reminders"
        self.query_one("#request", RequestPane).show(None, self.session.clock.now())
        self.reload()
        self.set_interval(POLL_SECONDS, self._poll)
        self.set_timer(0.1, self.session.warm_up)

    def on_unmount(self) -> None:
        if self._finder is not None:
            self._finder.close()

    # What is chosen

    def chosen(self) -> Sequence[QueueRow]:
        marked = self._queue.marked
        if marked:
            return queue.by_number(self.session.reader, sorted(marked))
        row = self._queue.highlighted_row
        return [] if row is None else [row]

    def reminder_at_hand(self) -> ReminderRow | None:
        pane: VirtualList[ReminderRow] = self.query_one("#reminders", VirtualList)
        return pane.highlighted_row if pane.has_focus else None

    def point_at(self, numbers: Sequence[int]) -> None:
        self._queue.highlight_key(*numbers[:1])

    def acted(self) -> None:
        self._queue.action_mark_clear()

    # Showing the store as it is

    def reload(self) -> None:
        """Read counts, queue and panes anew; the highlight stays on its request."""
        now = self.session.clock.now()
        try:
            self._seen = self.session.reader.data_version()
            counts = queue.counts(self.session.reader, now)
            pending = reminders.upcoming(self.session.reader)
        except StoreBusy:
            self._seen = -1
            return
        except PocError as error:
            self._trouble(error)
            return
        self._minute = int(now.timestamp()) // 60
        self._ring(counts)
        bar, tabs = self.query_one(TopBar), self.query_one(ViewTabs)
        bar.now, bar.counts, bar.trouble = now, counts, ""
        tabs.counts = {view: getattr(counts, view) for view, _ in VIEWS}
        empty = not counts.open and not counts.resolved
        self._queue.set_empty(Content(FIRST_STEPS if empty else _EMPTY[self._view.name]))
        self._show_queue()
        self.query_one("#reminders", VirtualList).set_source(
            ListSource(pending, lambda row: row.id), keep=True
        )
        self._show_panes()

    def _ring(self, counts: Counts) -> None:
        """Say that something has become late while the desk was open, with the bell if wished."""
        before = self.query_one(TopBar).counts
        if before is None or counts.late <= before.late:
            return
        more = counts.late - before.late
        self.warn("One more request is late." if more == 1 else f"{more} more requests are late.")
        if self.session.settings.bell:
            self.app.bell()

    def _show_queue(self) -> None:
        if self._found is not None:
            self.search(self.query_one("#find", Input).value)
            return
        now = self.session.clock.now()
        if self._source is not None and self._source.view is self._view:
            self._source.now = now
            self._queue.refresh_rows()
        else:
            self._source = ViewSource(self.session.reader, self._view, now)
            self._queue.set_source(self._source, keep=True)
        name = dict(VIEWS)[self._view.name]
        self.query_one("#left").border_title = name
        self.query_one(ViewTabs).current = self._view.name

    def _show_panes(self) -> None:
        """The request, its customer and the past of both; what cannot be read now comes next."""
        row = self._queue.highlighted_row
        now = self.session.clock.now()
        try:
            detail = None if row is None else requests.request(self.session.reader, row.number)
            customer = self._customer_of(detail)
        except StoreBusy:
            self._settle = self.set_timer(SETTLE_SECONDS, self._show_panes)
            return
        except NotFound:
            detail, customer = None, None
        except PocError as error:
            self._trouble(error)
            return
        self._shown = detail
        self.query_one("#request", RequestPane).show(detail, now)
        self.query_one("#customer", CustomerCard).show(
            customer, now, None if detail is None else detail.number
        )

    @property
    def settled(self) -> bool:
        """Whether the panes show the highlighted request; they follow it a moment later."""
        row = self._queue.highlighted_row
        shown = self._shown
        return shown is None if row is None else shown is not None and shown.number == row.number

    def _customer_of(self, detail: RequestDetail | None) -> CustomerDetail | None:
        if detail is None or detail.customer_id is None:
            return None
        return customers.customer(self.session.reader, detail.customer_id)

    def _poll(self) -> None:
        """Follow what others write, and the clock: every minute something may become late."""
        try:
            written = self.session.reader.data_version() != self._seen
        except StoreBusy:
            return
        except PocError as error:
            self._trouble(error)
            return
        minute = int(self.session.clock.now().timestamp()) // 60
        if written or minute != self._minute:
            self.reload()

    @on(VirtualList.Highlighted, "#queue")
    def _highlighted(self) -> None:
        if self._settle is not None:
            self._settle.stop()
        self._settle = self.set_timer(SETTLE_SECONDS, self._show_panes)

    @on(VirtualList.MarksChanged, "#queue")
    def _marks_changed(self, event: VirtualList.MarksChanged[QueueRow]) -> None:
        self.query_one(TopBar).marked = event.count

    # Views and search

    def show_view(self, view: str) -> None:
        """Show another view of the queue; leaves a search."""
        self._leave_search()
        self._view = queue.VIEWS[view]
        self._queue.action_mark_clear()
        self.reload()
        self._queue.focus()

    @on(ViewTabs.Chosen)
    def _tab_chosen(self, event: ViewTabs.Chosen) -> None:
        self.show_view(event.view)

    def action_view_mine(self) -> None:
        self.show_view("mine")

    def action_view_departments(self) -> None:
        self.show_view("departments")

    def action_view_customers(self) -> None:
        self.show_view("customers")

    def action_view_snoozed(self) -> None:
        self.show_view("snoozed")

    def action_view_open(self) -> None:
        self.show_view("open")

    def action_view_resolved(self) -> None:
        self.show_view("resolved")

    def action_search(self) -> None:
        """Find requests by their words, customer or number."""
        field = self.query_one("#find", Input)
        field.display = True
        field.focus()

    @on(Input.Changed, "#find")
    def _typed(self, event: Input.Changed) -> None:
        self.search(event.value)

    @on(Input.Submitted, "#find")
    def _submitted(self) -> None:
        self._queue.focus()

    @work(exclusive=True, group="search")
    async def search(self, words: str) -> None:
        """Show what matches; each further key stops the search before it."""
        if not words.strip():
            if self._found is not None:
                self._found = None
                self._show_queue()
            return
        if self._finder is None:
            from poc_tui.screens.finding import Finder

            self._finder = Finder(self.session)
        try:
            found = await self._finder.find(words)
        except PocError as error:
            self._trouble(error)
            return
        if found is None or not self.query_one("#find").display:
            return
        self._found, self._source = found, None
        self.query_one("#left").border_title = f"Search: {len(found)} found"
        self.query_one(ViewTabs).current = ""
        self._queue.set_empty(Content("Nothing matches. Each word counts from its beginning."))
        self._queue.set_source(ListSource(found, lambda row: row.number), keep=True)

    def _leave_search(self) -> bool:
        field = self.query_one("#find", Input)
        if not field.display:
            return False
        field.display = False
        field.value = ""
        self._found = None
        return True

    # Moving about

    def action_open(self) -> None:
        """Open what is highlighted: the request whole."""
        if self.has_class("-narrow") and self._queue.has_focus:
            self._focus_pane(self.query_one("#request #entries"))
            return
        row = self._queue.highlighted_row
        if row is not None:
            self._open_request(row.number)

    @on(VirtualList.Chosen, "#queue")
    def _request_chosen(self) -> None:
        self.action_open()

    @on(VirtualList.Chosen, "#history")
    def _history_chosen(self, event: VirtualList.Chosen[Any]) -> None:
        self._open_request(event.row.number)

    @on(VirtualList.Chosen, "#reminders")
    def _reminder_chosen(self, event: VirtualList.Chosen[ReminderRow]) -> None:
        if event.row.number is not None:
            self._open_request(event.row.number)

    def _open_request(self, number: int) -> None:
        from poc_tui.screens.request import RequestScreen

        def back(_: object) -> None:
            self.reload()

        self.app.push_screen(RequestScreen(self.session, number), back)

    def key_escape(self) -> None:
        """Back to the queue; from the queue, out of a search."""
        if self._queue.has_focus or self.query_one("#find").has_focus:
            if self._leave_search():
                self.reload()
            elif self._queue.marked:
                self._queue.action_mark_clear()
        self._focus_pane(self._queue)

    def action_next_pane(self) -> None:
        self._step_pane(1)

    def action_previous_pane(self) -> None:
        self._step_pane(-1)

    def _step_pane(self, by: int) -> None:
        panes = [
            self._queue,
            self.query_one("#request #entries"),
            self.query_one("#history"),
            self.query_one("#reminders"),
        ]
        at = next((i for i, pane in enumerate(panes) if pane is self.focused), 0)
        self._focus_pane(panes[(at + by) % len(panes)])

    def _focus_pane(self, pane: Any) -> None:
        """Give a pane the focus; where there is room for one only, it is the one shown."""
        shown = {"entries": "request", "history": "customer", "reminders": "reminders"}
        self.query_one("#body").set_classes(f"show-{shown.get(pane.id, 'queue')}")
        # At once: `focus()` would let keys that are typed ahead go to the pane before.
        self.set_focus(pane)

    def action_cursor_down(self) -> None:
        self._move("cursor_down", "scroll_down")

    def action_cursor_up(self) -> None:
        self._move("cursor_up", "scroll_up")

    def action_page_down(self) -> None:
        self._move("page_down", "page_down")

    def action_page_up(self) -> None:
        self._move("page_up", "page_up")

    def action_first(self) -> None:
        self._move("first", "scroll_home")

    def action_last(self) -> None:
        self._move("last", "scroll_end")

    def _move(self, in_list: str, in_text: str) -> None:
        pane = self.focused if self.focused is not None else self._queue
        name = in_list if isinstance(pane, VirtualList) else in_text
        act: Callable[[], object] | None = getattr(pane, f"action_{name}", None)
        if act is not None:
            act()

    def action_mark(self) -> None:
        """Mark the highlighted request, so that the next verb acts on all marked."""
        self._queue.action_toggle_mark()

    def action_mark_none(self) -> None:
        self._queue.action_mark_clear()

    # The rest of the desk

    @opens_dialog
    async def action_new(self) -> None:
        """Take down a new request."""
        from poc_tui.screens.dialogs.new import NewDialog

        done = await self.app.push_screen_wait(NewDialog(self.session))
        if self._tell(done) and done is not None:
            self.point_at(done.numbers)

    def action_departments(self) -> None:
        """See and change the departments."""
        from poc_tui.screens.departments import DepartmentsScreen

        self.app.push_screen(DepartmentsScreen(self.session), lambda _: self.reload())

    def action_refresh(self) -> None:
        """Read the store again."""
        self._seen = -1
        self.reload()

    @property
    def _queue(self) -> VirtualList[QueueRow]:
        return self.query_one("#queue", VirtualList)

    def _draw_request(self, row: QueueRow, width: int) -> Content:
        clock = self.session.clock
        return queue_rows.draw(row, width, clock.now(), clock.zone)

    def _draw_reminder(self, row: ReminderRow, width: int) -> Content:
        clock = self.session.clock
        return reminder_rows.draw(row, width, clock.now(), clock.zone)

    def _trouble(self, error: PocError) -> None:
        """The store cannot be read: say so once, keep what is shown, and go on trying."""
        sentence = safe(str(error))
        bar = self.query_one(TopBar)
        if bar.trouble != sentence:
            bar.trouble = sentence
            self.warn(sentence)
