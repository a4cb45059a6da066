"""What is typed behind Enter is not for the field that Enter was pressed in."""

from __future__ import annotations

from textual import events


class Entering:
    """A field that takes no more keys after Enter, until it is told what they are for.

    A field handles its keys at once, but what Enter leads to only after a few turns of other
    queues: `j` typed right behind it would become part of what is saved.
    """

    _behind: list[events.Key] | None = None

    def entered(self) -> None:
        """Enter was pressed: keep back what follows. Who hears of the Enter must call `hear`."""
        self._behind = []

    def keeps_back(self, event: events.Key) -> bool:
        """Take a key that came behind Enter, and stop it; False if there was no Enter."""
        if self._behind is None:
            return False
        event.stop()
        event.prevent_default()
        self._behind.append(events.Key(event.key, event.character))
        return True

    def hear(self) -> list[events.Key]:
        """Take keys again; gives those that came meanwhile, in their order."""
        behind, self._behind = self._behind or [], None
        return behind
