"""A dialog over a still picture of the screen below.

Textual draws and tints the screen below anew for every change in a dialog over it, which was two
fifths of the time from a key to an open dialog. While a dialog is open nobody acts below, so one
picture, taken when it opens, is enough.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from textual import events
from textual.actions import SkipAction
from textual.screen import ModalScreen, ScreenResultType

from poc_tui.screens.quiet_focus import QuietFocus


class FrozenModal(QuietFocus, ModalScreen[ScreenResultType]):
    """A modal screen that draws what is below it once, and again when the terminal changes."""

    DEFAULT_CSS = """
    FrozenModal { background: $background 60%; }
    """

    _picture: _Picture | None = None

    def render(self) -> RenderableType:
        """The picture of the screen below, tinted."""
        if self._picture is None:
            below = super().render()
            console = self.app.console
            options = console.options.update_dimensions(self.size.width, self.size.height)
            self._picture = _Picture(list(console.render(below, options)))
        return self._picture

    def action_copy_text(self) -> None:
        """Copy what is selected, or say how to leave: no key of the desk is heard from here."""
        try:
            super().action_copy_text()
        except SkipAction:
            self.app.action_help_quit()

    def keep_words(self) -> None:
        """Write down what is half typed, at once; a screen without fields has nothing to."""

    def on_mount(self) -> None:
        """Clear what was said before: it would lie over the dialog."""
        self.app.clear_notifications()

    def on_resize(self, event: events.Resize) -> None:
        del event
        self._picture = None

    def on_screen_suspend(self) -> None:
        self._picture = None


class _Picture:
    """Segments as they were drawn."""

    def __init__(self, segments: list[Segment]) -> None:
        self._segments = segments

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterable[Segment]:
        del console, options
        return iter(self._segments)
