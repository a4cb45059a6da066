"""The desk as a Textual app: theme, app-wide keys, first screen."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from poc_tui.screens.binding import bind
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.help import HelpScreen
from poc_tui.screens.palette import CommandProvider
from poc_tui.screens.session import Session

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
        from poc_tui.config import theme_name

        wanted = self.session.settings.theme
        return DEFAULT_THEME if wanted == "auto" else theme_name(wanted, self.available_themes)
