"""The line of keys at the foot of a screen: what makes sense for what is highlighted or marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from poc_tui.commands import COMMANDS
from poc_tui.errors import PocError
from poc_tui.rules.applicable import meets
from poc_tui.settings.keymap import display_key
from poc_tui.widgets.key_bar import KeyBar, KeyHint

if TYPE_CHECKING:
    from poc_tui.commands import Need
    from poc_tui.screens.session import Session
    from poc_tui.store.records import QueueRow

_PLACES = sorted((command for command in COMMANDS if command.footer), key=lambda each: each.footer)

Around = Callable[[Sequence[KeyHint]], Sequence[KeyHint]]
"""What a screen makes of the keys that the table of commands gives it."""


class Footer:
    """Follows what is chosen on a screen, and is painted when that changes what it shows.

    Args:
        session: the open desk.
        commands: what works on the screen, by its id; filled by the time the line is made.
        chosen: the requests that a verb would act on now. Raises what reading raises.
    """

    def __init__(
        self,
        session: Session,
        commands: Mapping[str, object],
        chosen: Callable[[], Sequence[QueueRow]],
    ) -> None:
        self._session = session
        self._commands = commands
        self._chosen = chosen
        self.at_hand: Sequence[QueueRow] = ()
        """What was chosen when the line was shown."""
        self._holds_requests = True
        self._bar = KeyBar(())
        self._around: Around = tuple

    def bar(self, around: Around) -> KeyBar:
        """The line itself, with what `around` makes of the keys of the table."""
        self._around = around
        with suppress(PocError):
            self._look()
        self._bar = KeyBar(self._hints())
        return self._bar

    def follow(self) -> None:
        """Show what now makes sense."""
        with suppress(PocError):  # a store that cannot be read just now is read again
            self.at_hand = self._chosen()
            self._look()
            self._bar.keys = self._hints()

    def meets(self, need: Need) -> bool:
        """Whether there is at hand what a command needs; of several requests, one is enough, since
        a verb acts on those that it applies to. As things were when the line was shown."""
        if need == "requests":
            return self._holds_requests
        now = self._session.clock.now()
        return need == "" or any(meets(row, need, now) for row in self.at_hand)

    def _look(self) -> None:
        """See whether there is anything on the desk. Raises what reading raises."""
        self._holds_requests = bool(self.at_hand) or self._session.reader.holds_anything()

    def _hints(self) -> tuple[KeyHint, ...]:
        leaves = "leave" in self._commands
        here = [
            KeyHint(display_key(keys[0]), command.label, command.action)
            for command in _PLACES
            if (keys := self._session.keymap.keys(command.id))
            and (command.id in self._commands or command.scope == "app")
            and not (leaves and command.id == "quit")  # its key leads back, or is the rarer one
            and self.meets(command.needs)
            and self.meets(command.suits)
        ]
        return tuple(self._around(here))
