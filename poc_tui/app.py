"""The desk as a Textual app: theme, app-wide keys, first screen."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from functools import partial
from inspect import isawaitable
from typing import TYPE_CHECKING, ClassVar

from textual import constants
from textual.app import App
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.theme import BUILTIN_THEMES, Theme

from poc_tui.commands import COMMANDS
from poc_tui.errors import ConfigWrong, PocError
from poc_tui.rules.text import safe
from poc_tui.screens.command_screen import CommandScreen, bind
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.session import Session
from poc_tui.screens.type_ahead import TypeAheadApp, holds_keys
from poc_tui.screens.workers import begin_work
from poc_tui.settings.keymap import display_key, resolve
from poc_tui.settings.load import theme_name
from poc_tui.system.terminal_app import TerminalApp

if TYPE_CHECKING:
    from textual.driver import Driver

    from poc_tui.rules.time_source import Clock
    from poc_tui.settings.load import Settings

DEFAULT_THEME = "nord"

RECENT, MOST_RECENT = "palette", 8
"""What the palette remembers of commands that were used, and of how many."""


class PocApp(TypeAheadApp, TerminalApp):
    """One desk over one store."""

    CSS_PATH = "poc_tui.tcss"
    TITLE = "poc"
    BINDINGS: ClassVar[list[BindingType]] = []
    COMMAND_PALETTE_BINDING = "ctrl+backslash"
    """Textual's own key for the palette is moved out of the way of the keymap's."""

    def __init__(self, session: Session, keep_theme: Callable[[str], object] | None = None) -> None:
        super().__init__()
        self.session = session
        self._keep_theme = keep_theme
        self.failure: PocError | None = None
        """Why the desk had to be left, if it had to."""
        wanted = session.settings.theme
        self._shown_theme = DEFAULT_THEME if wanted == "auto" else wanted
        # Before the first screen is made, so that its styles are worked out once.
        self.set_reactive(App.theme, self._shown_theme)
        self.stylesheet.set_variables(self.get_css_variables())
        dark = self.current_theme.dark
        self.set_class(dark, "-dark-mode", update=False)
        self.set_class(not dark, "-light-mode", update=False)
        bind(self, session.keymap, "app")
        self.suspend_keys = session.keymap.keys("suspend")
        self.keys_with_alt = session.keymap.with_alt()

    def get_driver_class(self) -> type[Driver]:
        """Ours where there is a terminal of the Unix kind, and nobody asks for another."""
        if sys.platform == "win32" or constants.DRIVER is not None:
            return super().get_driver_class()
        from poc_tui.system.terminal import DeskDriver

        return DeskDriver

    def get_default_screen(self) -> DeskScreen:
        """The desk itself, instead of an empty screen below it that would be painted first."""
        return DeskScreen(self.session)

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, self._theme_changed)

    def on_unmount(self) -> None:
        self.session.close()

    def _handle_exception(self, error: Exception) -> None:
        """Leave with a sentence where the store is why; any other failure is the program's own."""
        from poc_tui.store.damage import cause

        inner = getattr(error, "error", error)  # as a worker hands it on
        self.failure = cause(inner, self.session.path)
        if self.failure is None:
            super()._handle_exception(error)
        else:
            self.exit(return_code=self.failure.exit_code)

    @holds_keys
    async def action_palette(self, words: str = "") -> None:
        """Find any command by its name, beginning with `words`, and do it."""
        from poc_tui.screens.desk_memory import DeskMemory
        from poc_tui.screens.palette import Palette

        if not isinstance(screen := self.screen, CommandScreen):
            return
        memory = DeskMemory(lambda: self.session.memory_dir)
        recent = memory.names(RECENT)
        hit = await self.push_screen_wait(Palette(screen, recent, words))
        if hit is not None and hit.act is not None:
            used = [hit.id, *(id for id in recent if id != hit.id)][:MOST_RECENT]
            begin_work(self, partial(asyncio.to_thread, memory.keep, RECENT, used), "memory")
            doing = hit.act()
            if isawaitable(doing):
                await doing

    action_command_palette = action_palette

    def action_theme(self) -> None:
        """Choose the colours; the choice is kept in the settings."""
        self.action_palette("theme ")

    def action_help(self) -> None:
        """Show all keys, first those that are for what is shown."""
        from poc_tui.screens.help import HelpScreen

        shown = self.screen if isinstance(self.screen, CommandScreen) else CommandScreen
        self.push_screen(HelpScreen(self.session.keymap, shown.KEYS_FIRST))

    def action_help_quit(self) -> None:
        """Say how to leave, to somebody who is used to Ctrl+C."""
        keymap = self.session.keymap
        away = " or ".join(map(display_key, keymap.keys("quit"))) or "ctrl+q"
        if isinstance(self.screen, ModalScreen):
            away = f"esc closes this, and then {away}"
        self.notify(f"{away} leaves the desk.", title="To leave", markup=False)

    def keep_words(self) -> None:
        """Write down what is half typed in the dialogs that are open."""
        from poc_tui.screens.frozen_modal import FrozenModal

        for screen in self.screen_stack:
            if isinstance(screen, FrozenModal):
                screen.keep_words()

    def _theme_changed(self, theme: Theme) -> None:
        if self._keep_theme is None or theme.name == self._shown_theme:
            return
        self._shown_theme = theme.name
        try:
            self._keep_theme(theme.name)
        except PocError as error:
            self.notify(safe(str(error)), markup=False, severity="warning")


def open_desk(
    path: str,
    clock: Clock,
    settings: Settings,
    config_path: str,
    environ: Mapping[str, str],
    *,
    demo: bool = False,
) -> None:
    """Open the desk over a store that exists; returns when the person leaves it.

    Raises:
        ConfigWrong: the settings name a key, a command or a theme that there is not.
        StoreUnreadable: the store cannot be read, or turned out to be damaged.
        ToldToEnd: a signal ended it.
        Broken: a fault ended it.
    """
    keymap = resolve(COMMANDS, settings.keys)
    try:
        theme_name(settings.theme, ("auto", *BUILTIN_THEMES))
    except ConfigWrong as error:
        raise ConfigWrong(f"{config_path}: {error}") from error

    def keep_theme(name: str) -> None:
        from poc_tui.settings.edit import set_value

        set_value(config_path, "desk.theme", name, environ)

    session = Session(
        path, clock, settings, keymap, demo=demo, backs_up=settings.daily_backup and not demo
    )
    app = PocApp(session, None if demo else keep_theme)
    try:
        app.run()
    finally:
        app.end_as_told()
    if app.failure is not None:
        raise app.failure
