"""A password that a server asks for, typed without being shown."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Input, Static

from poc_tui.rules.text import safe
from poc_tui.screens.frozen_modal import FrozenModal
from poc_tui.widgets.text_fields import caret_of


class PasswordDialog(FrozenModal[str]):
    """Gives what was typed, "" when the person left.

    Args:
        question: whose password is asked for; may hold words from outside.
    """

    DEFAULT_CSS = """
    PasswordDialog > #box { width: 66; }
    PasswordDialog Input { margin: 1 0; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where on the screen the next letter goes."""
        return caret_of(self.query_one(Input))

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Mail"
            yield Static(Content(safe(self._question)))
            field = Input(password=True, compact=True, id="password")
            field.cursor_blink = False
            yield field
            yield Static("kept until the desk is closed · enter go on · esc leave", id="hints")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self.is_current:
            self.dismiss(event.value)

    def action_leave(self) -> None:
        """Go on without one."""
        if self.is_current:
            self.dismiss("")
