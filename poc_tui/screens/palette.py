"""The command palette: the same table of commands, found by name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Protocol, cast

from textual import events, on
from textual.command import (
    CommandInput,
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
)
from textual.content import Content
from textual.geometry import Offset
from textual.screen import Screen

from poc_tui.commands import COMMANDS, Command
from poc_tui.screens.command_screen import CommandScreen
from poc_tui.widgets.text_fields import SafeHighlighter, caret_of

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


class _WithSession(Protocol):
    """The app, as far as the palette knows it."""

    session: Session


class Palette(CommandPalette):
    """Textual's palette; what is pasted into it is drawn without what a terminal would act upon."""

    _points = False
    """Whether a person moves about in the list, rather than types."""

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where on the screen the next letter goes, or the highlighted command begins."""
        field, commands = self.query_one(CommandInput), self.query_one(CommandList)
        at = commands.highlighted
        if not self._points or at is None:
            return caret_of(field)
        line = commands._index_to_line.get(at, 0) - commands.scroll_offset.y
        return commands.content_region.offset + Offset(0, line)

    def on_mount(self) -> None:
        """Make the picture of the words harmless."""
        field = self.query_one(CommandInput)
        field.highlighter = SafeHighlighter()
        field.cursor_blink = False

    @on(CommandInput.Changed)
    def _typed(self) -> None:
        self._points = False

    def _action_command_list(self, action: str) -> None:
        self._points = True
        super()._action_command_list(action)

    def lags_behind(self, event: events.Key | events.Paste) -> bool:
        """Words go on; any other key is meant for the commands that they find."""
        if not isinstance(event, events.Key) or event.is_printable or event.key == "escape":
            return False
        return any(
            worker.group == self._GATHER_COMMANDS_GROUP and not worker.is_finished
            for worker in self.workers
        )


class CommandProvider(Provider):
    """Everything a person can do on the screen that the palette was opened over."""

    async def discover(self) -> Hits:
        for command in self._offered():
            yield DiscoveryHit(self._shown(command), self._runner(command), help=command.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for command in self._offered():
            # What it is called counts for more than how it is explained.
            score = max(2 * matcher.match(command.label), matcher.match(command.help))
            if score > 0:
                yield Hit(score, self._shown(command), self._runner(command), help=command.help)

    def _offered(self) -> list[Command]:
        return [
            command
            for command in COMMANDS
            if command.scope not in ("text", "list")
            and command.id != "palette"
            and (command.scope != "mail" or command.id in _commands(self.screen))
        ]

    def _shown(self, command: Command) -> Content:
        keys = cast("_WithSession", self.app).session.keymap.display(command.id)
        return Content.assemble(command.label, (f"   {keys}", "dim"))

    def _runner(self, command: Command) -> Callable[[], object]:
        node = self.app if command.scope == "app" else self.screen
        return partial(self._run, command, node)

    async def _run(self, command: Command, node: object) -> None:
        await self.app.run_action(command.action, node)  # type: ignore[arg-type]


def _commands(screen: Screen[object]) -> Collection[str]:
    return screen.commands if isinstance(screen, CommandScreen) else ()
