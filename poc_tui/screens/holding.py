"""Keys typed ahead of a dialog.

A dialog takes a moment to open, and who types `n` goes on typing. Keys that come in between are
held and given to the dialog, in their order, instead of being taken for commands of the desk.
"""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import App


class HoldingApp(App[None]):
    """An app that can keep keys back for a moment."""

    _held: list[events.Event] | None = None

    def hold_keys(self) -> None:
        """Keep what is typed from now on, until `release_keys`."""
        if self._held is None:
            self._held = []

    def release_keys(self) -> None:
        """Give what was kept to the screen that is open now, before anything typed later."""
        if self._held is not None:
            # In its turn among the app's messages: keys already waiting there come first.
            self.call_later(self._give_back)

    async def on_event(self, event: events.Event) -> None:
        if self._held is not None and isinstance(event, (events.Key, events.Paste)):
            self._held.append(event)
            return
        await super().on_event(event)

    async def _give_back(self) -> None:
        held, self._held = self._held or [], None
        for event in held:
            if self._held is not None:
                self._held.append(event)
            else:
                await super().on_event(event)


def hold_keys(app: App[Any]) -> None:
    """`HoldingApp.hold_keys`, where the app can."""
    if isinstance(app, HoldingApp):
        app.hold_keys()


def release_keys(app: App[Any]) -> None:
    """`HoldingApp.release_keys`, where the app can."""
    if isinstance(app, HoldingApp):
        app.release_keys()
