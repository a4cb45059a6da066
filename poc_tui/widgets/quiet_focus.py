"""Changing the focus, at little cost to the rest of the screen."""

from __future__ import annotations

from textual import events
from textual.reactive import Reactive
from textual.widget import Widget


class QuietFocus:
    """For a screen, before Textual's own class: its widgets paint themselves.

    Textual's screens paint all of themselves whenever another widget takes the focus.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    _was_shown = False

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Style nothing again that was made a moment ago."""
        event.refresh_styles = event.refresh_styles and self._was_shown
        self._was_shown = True
