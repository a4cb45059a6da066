"""A dialog over a still picture of the screen below.

Textual draws and tints the screen below anew for every change in a dialog over it, which was two
fifths of the time from a key to an open dialog. While a dialog is open nobody acts below, so one
picture, taken when it opens, is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.segment import Segments
from textual.actions import SkipAction
from textual.geometry import Size
from textual.screen import ModalScreen, ScreenResultType

from poc_tui.widgets.quiet_focus import QuietFocus

if TYPE_CHECKING:
    from poc_tui.screens.half_typed import HalfTypedWords


class FrozenModal(QuietFocus, ModalScreen[ScreenResultType]):
    """A modal screen that draws what is below it once, and again when the terminal changes."""

    DEFAULT_CSS = """
    FrozenModal {
        align: center middle; background: $background 60%;
        & > #box { max-width: 100%; height: auto; padding: 1 2; border: round $primary; background: $surface; }
        & #buttons { height: 1; margin: 1 0 0 0; align-horizontal: right; }
        & Button { margin: 0 0 0 2; }
        & #hints { height: 1; color: $text-disabled; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """  # noqa: E501

    words: HalfTypedWords | None = None
    """Writes down what is half typed, where there are fields."""

    picture: Segments | None = None
    """Of what is below; None has it taken anew with the next paint."""
    _pictured = Size(0, 0)
    """Of which size it is: how large the dialog is, Textual says after the first layout as well."""

    def render(self) -> RenderableType:
        """The picture of the screen below, tinted."""
        if self.picture is None or self._pictured != self.size:
            self._pictured = self.size
            below = super().render()
            console = self.app.console
            options = console.options.update_dimensions(self.size.width, self.size.height)
            self.picture = Segments(list(console.render(below, options)))
        return self.picture

    def action_copy_text(self) -> None:
        """Copy what is selected, or say how to leave: no key of the desk is heard from here."""
        try:
            super().action_copy_text()
        except SkipAction:
            self.app.action_help_quit()

    def keep_words(self) -> None:
        """Write down what is half typed, which a signal or a fault is about to close."""
        if self.words is not None and self.is_mounted:
            self.words.write_now()

    def on_unmount(self) -> None:
        """Write down what was typed a moment before the desk was closed."""
        if self.words is not None:
            self.words.write_rest()

    def on_mount(self) -> None:
        """Clear what was said before: it would lie over the dialog."""
        self.app.clear_notifications()

    def on_screen_suspend(self) -> None:
        self.picture = None
