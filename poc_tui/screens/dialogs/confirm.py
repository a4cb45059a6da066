"""A question with yes and no."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Button, Static

from poc_tui.rules.text import one_line, safe
from poc_tui.screens.frozen_modal import FrozenModal

LONGEST_LABEL = 30
"""Cells of a button's words."""


class ConfirmDialog(FrozenModal[bool]):
    """True when the person says yes; Enter presses the button in focus, which is yes at first.

    Args:
        question: what is asked; may hold words from outside.
        yes: what yes does, such as `retire it`.
    """

    DEFAULT_CSS = "ConfirmDialog > #box { width: 60; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", "Yes", show=False),
        Binding("n,escape", "answer(False)", "No", show=False),
        Binding("left,right", "app.focus_next", "Other button", show=False),
    ]

    def __init__(self, question: str, yes: str = "yes") -> None:
        super().__init__()
        self._question = question
        self._yes = one_line(yes, LONGEST_LABEL)

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(safe(self._question)))
            with Horizontal(id="buttons"):
                yield Button(Content(f"y  {self._yes}"), compact=True, id="yes")
                yield Button(Content("n  no"), compact=True, id="no")

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.action_answer(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        if self.is_current:
            self.dismiss(yes)


async def agreed_to(screen: Screen[Any], question: str, yes: str) -> bool:
    """Whether the person on that screen says yes; in a worker."""
    return await screen.app.push_screen_wait(ConfirmDialog(question, yes))
