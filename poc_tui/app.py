"""The desk as a Textual app: theme, app-wide keys, first screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.app import App
from textual.binding import BindingType
from textual.theme import BUILTIN_THEMES

from poc_tui.commands import COMMANDS
from poc_tui.config import theme_name
from poc_tui.keymap import resolve
from poc_tui.screens.binding import bind
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.help import HelpScreen
from poc_tui.screens.palette import CommandProvider
from poc_tui.screens.session import Session

if TYPE_CHECKING:
    from poc_tui.config import Settings
    from poc_tui.rules.clock import Clock

DEFAULT_THEME = "nord"


class PocApp(App[None]):
    """One desk over one store."""

    CSS_PATH = "poc_tui.tcss"
    TITLE = "poc"
    BINDINGS: ClassVar[list[BindingType]] = []
    COMMANDS = {CommandProvider}  # noqa: RUF012 - Textual declares it so
    COMMAND_PALETTE_BINDING = "ctrl+backslash"
    """Textual's own key for the palette is moved out of the way of the keymap's."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        bind(self, session.keymap, "app")

    def on_mount(self) -> None:
        self.theme = self._wanted_theme()
        self.push_screen(DeskScreen(self.session))

    def on_unmount(self) -> None:
        self.session.close()

    def action_palette(self) -> None:
        """Find any command by its name."""
        self.action_command_palette()

    def action_theme(self) -> None:
        """Choose the colours; the choice is kept in the settings."""
        self.search_themes()

    def action_help(self) -> None:
        """Show all keys."""
        self.push_screen(HelpScreen(self.session.keymap))

    def _wanted_theme(self) -> str:
        wanted = self.session.settings.theme
        return DEFAULT_THEME if wanted == "auto" else wanted


class _Opened(Protocol):
    """What the command line hands over."""

    @property
    def path(self) -> str: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def settings(self) -> Settings: ...


def open_desk(context: _Opened, *, demo: bool = False) -> None:
    """Open the desk over a store that exists; returns when the person leaves it.

    Raises:
        ConfigWrong: the settings name a key, a command or a theme that there is not.
        StoreUnreadable: the store cannot be read.
    """
    keymap = resolve(COMMANDS, context.settings.keys)
    theme_name(context.settings.theme, ("auto", *BUILTIN_THEMES))
    PocApp(Session(context.path, context.clock, context.settings, keymap, demo=demo)).run()
