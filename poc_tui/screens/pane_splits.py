"""How the panes of the desk share its room, and what a person makes of that."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from poc_tui.widgets.desk_layout import Columns, DeskLayout, Splits

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.screens.desk_memory import DeskMemory

_LINES, _CELLS = 1, 4
"""What a key moves a split by."""


class PaneSplits:
    """The commands that make the pane with the focus smaller or larger, for good.

    Args:
        screen: the desk.
        layout: its layout, which is told.
        memory: where the splits are kept.
    """

    def __init__(self, screen: QueueScreen, layout: DeskLayout, memory: DeskMemory) -> None:
        self._screen = screen
        self._layout = layout
        self._memory = memory
        self.commands: dict[str, Callable[[], object]] = {
            "smaller": partial(self._move, -1),
            "larger": partial(self._move, 1),
        }

    def remember(self) -> None:
        """Share the room as it was left."""
        for columns in Columns:
            kept = self._memory.numbers(f"splits-{columns.value}")
            self._layout.splits[columns] = Splits(kept.get("queue", 0), kept.get("conversation", 0))

    def fit(self, rows: int, reminders: int) -> None:
        """There are so many rows in the view, and so many reminders."""
        before = self._panes()
        self._layout.rows, self._layout.reminders = rows, reminders
        if self._panes() != before:
            self.lay_out()

    def show_beside(self, beside: bool) -> None:
        """With one column, show the customer or the conversation."""
        if beside != self._layout.beside:
            self._layout.beside = beside
            if Columns.at(self._screen.size.width) is Columns.ONE:
                self.lay_out()

    def lay_out(self) -> None:
        """Give every pane its place anew."""
        self._screen.queue.refresh(layout=True)

    def _panes(self) -> object:
        return self._layout.panes(self._screen.size, 2)

    def _move(self, by: int) -> None:
        columns = Columns.at(self._screen.size.width)
        splits = self._layout.splits.get(columns, Splits())
        focused = self._screen.focused
        if focused is None or focused is self._screen.queue:
            step = by * (_CELLS if columns is Columns.THREE else _LINES)
            splits = splits._replace(queue=splits.queue + step)
        elif columns is Columns.ONE:
            splits = splits._replace(queue=splits.queue - by * _LINES)
        else:
            step = by * _CELLS if focused.id == "request" else -by * _CELLS
            splits = splits._replace(conversation=splits.conversation + step)
        self._layout.splits[columns] = splits
        self.lay_out()
        self._memory.keep(f"splits-{columns.value}", splits._asdict())
