"""The panes below the queue: what is in them, and how they share the room of the desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.geometry import Size

from poc_tui.screens.services.detail_follower import DetailFollower
from poc_tui.screens.workers import painted
from poc_tui.widgets.desk_layout import PANES, DeskColumns, DeskLayout, PaneSplits

if TYPE_CHECKING:
    from textual.geometry import Region
    from textual.widget import Widget

    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.screens.desk_memory import DeskMemory
    from poc_tui.store.records import ReminderRow
    from poc_tui.widgets.conversation import Conversation
    from poc_tui.widgets.reminders_pane import RemindersPane

_LINES, _CELLS = 1, 4
"""What a key moves a split by."""


class DeskPanes:
    """Conversation, customer and reminders of `screen`, its layout, and what a person made of it.

    Args:
        screen: the desk.
        memory: where the splits are kept.
    """

    def __init__(self, screen: QueueScreen, memory: DeskMemory) -> None:
        self._screen = screen
        self._memory = memory
        self.layout = DeskLayout()
        """Where everything stands."""
        self.follower = DetailFollower(
            screen, screen.session, lambda: screen.queue.highlighted_row, screen.trouble
        )
        """Has them show what is highlighted."""
        self._left: Widget | None = None
        """The pane that made room for the conversation."""
        self.conversation: Conversation | None = None
        """Once it is there."""
        self._coming: RemindersPane | None = None
        self._reminders: Sequence[ReminderRow] = ()
        self.commands: dict[str, Callable[[], object]] = {
            "smaller": partial(self._resize, -1),
            "larger": partial(self._resize, 1),
            "read_on": partial(self._read, 1),
            "read_back": partial(self._read, -1),
        }

    def begin(self) -> None:
        """Share the room as it was left; the panes come after the first frame."""
        for columns in DeskColumns:
            kept = self._memory.numbers(f"splits-{columns.value}")
            self.layout.splits[columns] = PaneSplits(
                kept.get("queue", 0), kept.get("conversation", 0)
            )
        self._screen.call_after_refresh(self._mount)

    def fit(self, rows: int, reminders: Sequence[ReminderRow]) -> None:
        """There are so many rows in the view, and these reminders."""
        before = self._places()
        self.layout.rows, self.layout.reminders = rows, len(reminders)
        if self._places() != before:
            self._lay_out()
        if reminders != self._reminders:
            self._reminders = reminders
            if self._coming is not None:
                self._coming.show(reminders)
        self.say_ways()

    def say_ways(self) -> None:
        """Say below the conversation how one gets to what there is no room for beside it."""
        if (pane := self.conversation) is not None:
            key = self._screen.session.keymap.first("next_pane")
            has_any = self._screen.queue.row_count or self._reminders
            hidden = self._columns is DeskColumns.ONE and has_any
            pane.entitle(pane.title, f"{key}: customer · reminders" if hidden else "")

    def in_order(self) -> Sequence[Widget]:
        """The panes in the order of the Tab key; with one column the keys that scroll the
        conversation, which is in sight from the queue, are enough for it."""
        if self._columns is DeskColumns.ONE:
            ids = [id for id in PANES if id != "request"]
        else:
            ids = [id for id, place in self._places().items() if place.area]
        return [pane for id in ids for pane in self._screen.query(f"#{id}")]

    def redraw(self) -> None:
        """The same looks different from now on, such as by other service levels."""
        self._screen.queue.redraw()
        self.follower.refresh()

    def entered(self, pane: Widget) -> None:
        """Have the pane in sight and up to date that is about to take the focus."""
        beside = pane.id in ("customer", "reminders")
        if beside != self.layout.beside:
            self.layout.beside = beside
            if self._columns is DeskColumns.ONE:
                self._lay_out()
        if pane is not self._screen.queue:
            self.follower.catch_up()

    async def bring_up(self, number: int) -> None:
        """Have the conversation of this request in sight, as long as a dialog is about it."""
        self.follower.bring_up(number)
        if self.layout.beside and self._columns is DeskColumns.ONE:
            self._left = self._screen.focused
            self._screen.set_focus(self._screen.queue)
            await painted(self._screen)

    def resumed(self) -> None:
        """Have the keys where they were when a request was brought up."""
        left, self._left = self._left, None
        if left is not None and left.is_attached:
            self._screen.set_focus(left)

    async def _mount(self) -> None:
        # Not at the top: the first frame is without them.
        from poc_tui.widgets.conversation import Conversation
        from poc_tui.widgets.customer_pane import CustomerPane
        from poc_tui.widgets.reminders_pane import RemindersPane

        clock = self._screen.session.clock
        request = Conversation(clock.zone, id="request")
        customer = CustomerPane(clock.zone, id="customer")
        coming = RemindersPane(clock.now, clock.zone, id="reminders")
        coming.show(self._reminders)
        await self._screen.mount_all([request, customer, coming], after=self._screen.queue)
        self.conversation, self._coming = request, coming
        self.say_ways()
        self.follower.use(request, customer)

    @property
    def _columns(self) -> DeskColumns:
        return DeskColumns.at(self._screen.size.width)

    @property
    def _room(self) -> Size:
        """All but the line of keys at the bottom."""
        width, height = self._screen.size
        return Size(width, height - 1)

    def _places(self) -> dict[str, Region]:
        return self.layout.panes(self._room)

    def _lay_out(self) -> None:
        self._screen.queue.refresh(layout=True)

    def _read(self, way: int) -> None:
        """Scroll the conversation by half of what is seen of it."""
        if (pane := self.conversation) is not None:
            pane.read(way)

    def _resize(self, by: int) -> None:
        """Make the pane with the focus smaller or larger, for good."""
        columns = self._columns
        self.layout.keep_to_room(self._room)
        splits = self.layout.splits.get(columns, PaneSplits())
        focused = self._screen.focused
        if focused is None or focused is self._screen.queue:
            step = by * (_CELLS if columns is DeskColumns.THREE else _LINES)
            splits = splits._replace(queue=splits.queue + step)
        elif columns is DeskColumns.ONE:
            splits = splits._replace(queue=splits.queue - by * _LINES)
        else:
            step = by * _CELLS if focused.id == "request" else -by * _CELLS
            splits = splits._replace(conversation=splits.conversation + step)
        self.layout.splits[columns] = splits
        self.layout.keep_to_room(self._room)
        self._lay_out()
        kept = self.layout.splits[columns]._asdict()
        self._memory.keep(f"splits-{columns.value}", kept)
