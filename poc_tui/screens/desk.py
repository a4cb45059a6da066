"""The desk: queue, request, customer history, reminders."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.content import Content

from poc_tui.errors import PocError, StoreBusy
from poc_tui.rules.text import safe
from poc_tui.screens.key_bindings import bind
from poc_tui.screens.queue_views import ViewsScreen
from poc_tui.screens.request_actions import opens_dialog
from poc_tui.screens.services.daily_backup import back_up
from poc_tui.screens.services.detail_follower import DetailFollower
from poc_tui.screens.services.due_notifications import DueNotifications
from poc_tui.screens.services.gc_tuning import keep_turns_short, spare_what_stays
from poc_tui.screens.services.levels_watch import LevelsWatch
from poc_tui.screens.services.mail_scheduler import MailScheduler
from poc_tui.store.queries import queue, reminders
from poc_tui.widgets import queue_rows, reminder_rows
from poc_tui.widgets.customer_card import CustomerCard
from poc_tui.widgets.inks import Runs
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.text_fields import LineField
from poc_tui.widgets.timeline import RequestPane
from poc_tui.widgets.top_bar import TopBar
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.store.records import QueueRow, ReminderRow

POLL_SECONDS = 0.1
"""How often the store is asked whether somebody else wrote; asking takes 3 us."""

TYPING_SECONDS = 0.1
"""Who has pressed a key this short a while ago is about to press another."""

RELOAD_SECONDS = 0.3
"""What others write shows this long after it was noticed, also while one types; and no more often
than that, however often they write."""

_WIDTHS = [(0, "-narrow"), (80, "-medium"), (110, "-wide")]

WARM_UP_SECONDS, NOTICES_SECONDS, MAIL_SECONDS, LOADED_SECONDS = 0.1, 1.0, 1.2, 3.0
BACKUP_SECONDS = 4.0


class DeskScreen(ViewsScreen):
    """The main screen. Wide: everything side by side; narrower: one pane beside the queue."""

    HORIZONTAL_BREAKPOINTS = _WIDTHS
    AUTO_FOCUS = "#queue"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        bind(self, session.keymap, "request", "list", "desk")
        self._follower = DetailFollower(
            self, session, lambda: self.queue.highlighted_row, self.trouble
        )
        self._notices = DueNotifications(self, session)
        self._mailing = MailScheduler(self, session)
        self._levels = LevelsWatch(session)
        self._seen = -1
        self._minute = -1
        self._noticed: float | None = None
        self._loaded_at = self._typed_at = 0.0
        self._reminders: Sequence[ReminderRow] | None = None

    def compose(self) -> ComposeResult:
        # Now, not when Textual tells its size: that would lay out and paint a first time in vain.
        width = self.app.size.width
        self.add_class(next(name for least, name in reversed(_WIDTHS) if width >= least))
        zone = self.session.clock.zone
        yield TopBar(zone, "poc demo" if self.session.demo else "poc")
        yield self.view_tabs()
        with Container(id="body"):
            with Vertical(id="left"):
                find = LineField(
                    placeholder="words, customer, number; esc leaves the search", id="find"
                )
                find.display = False
                yield find
                yield VirtualList[Any](
                    key_of=lambda row: row.number, draw=self._draw_request, id="queue"
                )
            with Vertical(id="right"):
                yield RequestPane(zone, id="request")
                yield CustomerCard(zone, id="customer")
                coming = VirtualList[Any](
                    key_of=lambda row: row.id,
                    draw=self._draw_reminder,
                    empty=Content("no reminder"),
                    id="reminders",
                )
                coming.border_title = "Reminders"
                yield coming
        yield self.key_bar()

    def on_mount(self) -> None:
        keep_turns_short()
        self.reload()
        self.set_interval(POLL_SECONDS, self._poll)
        self.set_timer(WARM_UP_SECONDS, lambda: self.run_worker(self._warm_up(), group="warm-up"))
        self.set_timer(NOTICES_SECONDS, self._notices.begin)
        self.set_timer(MAIL_SECONDS, self._mailing.begin)
        self.set_timer(LOADED_SECONDS, spare_what_stays)
        self.set_timer(BACKUP_SECONDS, lambda: self.run_worker(self._back_up(), group="backup"))

    async def _warm_up(self) -> None:
        """Load what the first paint could do without."""
        self.session.warm_up()
        try:
            await self.session.know_levels()
            self._watch_levels()
        except PocError as error:
            self.warn(str(error))
        self.queue.redraw()
        self._follower.refresh()

    async def _back_up(self) -> None:
        if trouble := await back_up(self.session):
            self.warn(trouble)

    def _watch_levels(self) -> None:
        """Say once that the file of the service levels is not, or not yet, in force."""
        if news := self._levels.news():
            self.app.notify(safe(news, newline=True), markup=False, timeout=10)

    # What is chosen

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

    def catch_up(self) -> None:
        self._follower.catch_up()

    def point_at(self, numbers: Sequence[int]) -> None:
        self.queue.highlight_key(*numbers[:1])

    def acted(self) -> None:
        self.queue.action_mark_clear()

    # Showing the store as it is

    def reload(self) -> None:
        """Read counts, queue and panes anew; the highlight stays on its request."""
        now = self.session.clock.now()
        self._noticed, self._loaded_at = None, monotonic()
        try:
            self._seen = self.session.reader.data_version()
            counts = queue.counts(self.session.reader, now)
            pending = reminders.upcoming(self.session.reader)
            if self._minute >= 0:
                self.session.follow_levels()
        except StoreBusy:
            self._seen = -1
            return
        except PocError as error:
            self.trouble(error)
            return
        self._notices.look()
        self._mailing.look()
        bar = self.query_one(TopBar)
        bar.now, bar.counts, bar.trouble = now, counts, ""
        minute = int(now.timestamp()) // 60
        if minute != self._minute:
            if self._minute >= 0:
                self._watch_levels()
            self._minute = minute
            for rows in self.query(VirtualList):
                rows.redraw()
        self.show_queue(counts)
        self._show_reminders(pending)
        self._follower.refresh()

    def _show_reminders(self, pending: Sequence[ReminderRow]) -> None:
        if pending != self._reminders:
            self._reminders = pending
            source = ListSource(pending, lambda row: row.id)
            self.query_one("#reminders", VirtualList).set_source(source, keep=True)

    def trouble(self, error: PocError) -> None:
        """The store cannot be read: say so once, keep what is shown, and go on trying."""
        sentence = safe(str(error))
        bar = self.query_one(TopBar)
        if bar.trouble != sentence:
            bar.trouble = sentence
            self.warn(sentence)

    @property
    def settled(self) -> bool:
        """Whether the panes show the highlighted request; they follow it a moment later."""
        return self._minute >= 0 and self._follower.settled

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        """Tell what is to be told since a dialog was open."""
        self._notices.look()
        self._mailing.tell()

    def _poll(self) -> None:
        """Follow what others write, and the clock: every minute something may become late."""
        try:
            written = self.session.reader.data_version() != self._seen
        except StoreBusy:
            return
        except PocError as error:
            self.trouble(error)
            return
        minute = int(self.session.clock.now().timestamp()) // 60
        if not written and minute == self._minute:
            return
        now = monotonic()
        self._noticed = now if self._noticed is None else self._noticed
        typing = now - self._typed_at < TYPING_SECONDS and now - self._noticed < RELOAD_SECONDS
        if not typing and now - self._loaded_at >= RELOAD_SECONDS:
            self.reload()

    @on(VirtualList.Highlighted, "#queue")
    def _highlighted(self) -> None:
        self._typed_at = monotonic()
        self._follower.follow()

    @on(VirtualList.MarksChanged, "#queue")
    def _marks_changed(self, event: VirtualList.MarksChanged[QueueRow]) -> None:
        self.query_one(TopBar).marked = event.count

    # Opening

    def action_open(self) -> None:
        """Open what is highlighted: the request whole."""
        if self.has_class("-narrow") and self.queue.has_focus:
            self.focus_pane(self.query_one("#entries"))
            return
        row = self.queue.highlighted_row
        if row is not None:
            self._open_request(row.number)

    @on(VirtualList.Chosen)
    def _row_chosen(self, event: VirtualList.Chosen[Any]) -> None:
        if event.control is self.queue:
            self.action_open()
        elif event.row.number is not None:
            self._open_request(event.row.number)

    def _open_request(self, number: int) -> None:
        from poc_tui.screens.request import RequestScreen

        self.app.push_screen(RequestScreen(self.session, number), lambda _: self.reload())

    def key_escape(self) -> None:
        """Back to the queue; from the queue, out of a search."""
        if self.queue.has_focus or self.query_one("#find").has_focus:
            if self.leave_search():
                self.reload()
            elif self.queue.marked:
                self.queue.action_mark_clear()
        self.focus_pane(self.queue)

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

    def action_agenda(self) -> None:
        """See what falls due, by the hour."""
        from poc_tui.screens.agenda import AgendaScreen

        self.app.push_screen(AgendaScreen(self.session), lambda _: self.reload())

    def action_fetch(self) -> None:
        """Take in the mail that has come."""
        self._mailing.fetch()

    def action_mail(self) -> None:
        """See what waits to be sent, and what lies aside."""
        from poc_tui.screens.mail import MailScreen

        self.app.push_screen(MailScreen(self.session, self._mailing), lambda _: self.reload())

    @opens_dialog
    async def action_levels(self) -> None:
        """See which service levels are in force, and apply the file."""
        from poc_tui.screens.dialogs.levels import LevelsDialog

        self._tell(await self.app.push_screen_wait(LevelsDialog(self.session)))

    def action_refresh(self) -> None:
        """Read the store again."""
        self.reload()

    def _draw_request(self, row: QueueRow, width: int) -> Runs:
        clock = self.session.clock
        idle = self.session.idle_since()
        return queue_rows.draw(row, width, clock.now(), clock.zone, idle)

    def _draw_reminder(self, row: ReminderRow, width: int) -> Runs:
        clock = self.session.clock
        return reminder_rows.draw(row, width, clock.now(), clock.zone)
