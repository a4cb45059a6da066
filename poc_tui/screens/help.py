"""What every key does, made from the table of commands; and what the signs mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from poc_tui.commands import COMMANDS
from poc_tui.screens.frozen_modal import FrozenModal
from poc_tui.words.signs import LEGEND

if TYPE_CHECKING:
    from poc_tui.settings.keymap import Keymap


class HelpScreen(FrozenModal[None]):
    """All keys by what they are for, those of one group `first`. Any of esc, q, ? and enter closes
    it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter,f1", "dismiss", "close"),
        Binding("j,down", "scroll_by(1)", "down", show=False),
        Binding("k,up", "scroll_by(-1)", "up", show=False),
        Binding("pagedown,space", "scroll_by(15)", "page down", show=False),
        Binding("pageup", "scroll_by(-15)", "page up", show=False),
    ]

    def __init__(self, keymap: Keymap, first: str) -> None:
        super().__init__()
        self._keymap, self._first = keymap, first

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="help"):
            yield Static(_keys(self._keymap, self._first), markup=False)
            yield Static(_legend(), markup=False)

    def on_mount(self) -> None:
        pane = self.query_one("#help")
        pane.border_title = "Keys"
        pane.border_subtitle = "esc closes"

    def action_scroll_by(self, lines: int) -> None:
        """Move the text."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)


def _keys(keymap: Keymap, first: str) -> Table:
    table = _table()
    group = ""
    groups = (first, *(each for each in _GROUPS if each != first))
    for command in sorted(COMMANDS, key=lambda command: groups.index(command.group)):
        if command.group != group:
            table.add_row("", "", "")
            table.add_row("", Text(command.group, "bold underline"), "")
            group = command.group
        table.add_row(Text(keymap.display(command.id), "bold"), command.label, command.help)
    return table


def _legend() -> Table:
    table = _table()
    table.add_row("", "", "")
    table.add_row("", Text("Signs", "bold underline"), "")
    for sign, meaning in LEGEND:
        table.add_row(Text(sign, "bold"), meaning, "")
    return table


def _table() -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(width=12, justify="right", no_wrap=True)
    table.add_column(min_width=18, no_wrap=True)
    table.add_column(ratio=1, style="dim")
    return table


_GROUPS = ("Requests", "Desk", "Mail", "Views", "Move", "Program")
