"""Changing the focus paints what looks different with it, and no more.

Textual's screens paint all of themselves whenever another widget takes the focus.
"""

from __future__ import annotations

from textual.reactive import Reactive
from textual.widget import Widget


class QuietFocus:
    """For a screen, before Textual's own class: its widgets paint themselves."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
