"""Saving what the queue shows as a view of one's own, and taking it away again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import TYPE_CHECKING

from poc_tui.commands import SAVED_VIEWS
from poc_tui.screens.queue_views import number_of
from poc_tui.system import locations
from poc_tui.widgets.view_tabs import LinePrompt

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import QueueScreen
    from poc_tui.screens.queue_views import QueueViews
    from poc_tui.settings.saved_views import SavedView


class SavedViews:
    """The commands that save a view and forget one; they are kept in the settings file."""

    def __init__(self, screen: QueueScreen, shown: QueueViews) -> None:
        self._screen = screen
        self._views = shown
        self.commands: dict[str, Callable[[], object]] = {
            "save_view": self._ask,
            "forget_view": self._forget,
        }

    def _ask(self) -> None:
        """Ask for number and name: those of the view that is shown, else the next free number."""
        contents, saved = self._views.contents, self._views.saved
        if contents.what not in ("view", "search"):
            self._screen.warn("Only a view or a search can be saved.")
            return
        number = self._shown() or next((free for free in SAVED_VIEWS if free not in saved), "")
        if not number:
            taken = ", ".join(f"{number} {saved[number].name}" for number in SAVED_VIEWS)
            self._screen.warn(f"All numbers are taken: {taken}. Show one and forget it first.")
            return
        name = saved[number].name if number in saved else contents.words.strip()

        def entered(words: str) -> None:
            self._screen.ask(partial(self._save, words))

        hint = f"number and name, such as {number} {name or 'invoices'}; esc saves nothing"
        prompt = LinePrompt("=", hint, entered, enters="save by this number and name")
        self._views.tabs.ask(prompt, f"{number} {name}")

    def in_vain(self) -> Collection[str]:
        """The commands that would do nothing to what is shown but say why."""
        what, saved = self._views.contents.what, self._views.saved
        return {
            *(f"view_{number}" for number in SAVED_VIEWS if number not in saved),
            *(["sort"] if what != "view" else []),
            *(["save_view"] if what not in ("view", "search") else []),
            *(["forget_view"] if not self._shown() else []),
        }

    def _shown(self) -> str:
        """The number of the saved view that is shown; empty if none is."""
        return number_of(self._views.contents, self._views.saved)

    async def _save(self, words: str) -> None:
        from poc_tui.settings.saved_views import LONGEST_NAME, SavedView, view_name

        number, _, name = words.strip().partition(" ")
        contents, shown = self._views.contents, self._shown()
        taken = self._views.saved.get(number)
        try:
            name = view_name(name)
        except ValueError:
            self._screen.warn(f"Give it a name of at most {LONGEST_NAME} characters.")
            return
        if number not in SAVED_VIEWS:
            self._screen.warn(f"Begin with one of the numbers {', '.join(SAVED_VIEWS)}.")
        elif taken is not None and number != shown:
            self._screen.warn(f"{number} is “{taken.name}” already; choose another number.")
        else:
            view = SavedView(
                name,
                contents.view.name,
                contents.words.strip(),
                "search" if contents.what == "search" else "view",
                contents.sort,
            )
            moved: dict[str, SavedView | None] = {shown: None} if shown else {}
            await self._keep(moved | {number: view})
            self._screen.say(f"saved as {number} {name}")

    async def _forget(self) -> None:
        number = self._shown()
        if not number:
            self._screen.warn("No saved view is shown; show one by its number first.")
            return
        name = self._views.saved[number].name
        await self._keep({number: None})
        self._screen.say(f"view {number} {name} is forgotten")

    async def _keep(self, changed: Mapping[str, SavedView | None]) -> None:
        """Keep these views, and forget those that are None; first where they outlast the desk."""
        session = self._screen.session
        if not session.demo:
            from poc_tui.settings.edit import set_table

            path = locations.config_path(session.environ)
            for number, view in changed.items():
                entries = None if view is None else view.entries()
                key = f"views.{number}"
                await asyncio.to_thread(set_table, path, key, entries, session.environ)
        for number, view in changed.items():
            self._views.saved.pop(number, None)
            if view is not None:
                self._views.saved[number] = view
        self._screen.set_focus(self._screen.queue)
        self._screen.reload()
