"""What the questions to a new desk have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import ClassVar

from poc_tui.screens.dialogs.base import Dialog
from poc_tui.store.records import Done
from poc_tui.system import locations


class SetUpDialog(Dialog):
    """One question, which the title names; Enter takes what is suggested, Esc skips it, and nothing
    else is written."""

    KEEPS_WORDS: ClassVar[bool] = False

    def hints(self) -> Iterator[tuple[str, str]]:
        yield "enter", "save"
        yield "esc", "skip"

    async def set(self, values: Mapping[str, object], said: str) -> Done:
        """Write these settings, by dotted key, into the person's file, and go by them at once.

        Without any, no file is written.

        Raises:
            ConfigWrong: one will not do, or the file cannot be written; it is then as it was.
        """
        from poc_tui.settings.edit import set_values, settings_with

        if not values:
            return Done(said, (), None)
        session = self.session
        environ = session.environ
        path = locations.config_path(environ)
        settings = await asyncio.to_thread(settings_with, path, values, environ)
        await asyncio.to_thread(set_values, path, values, environ)
        session.follow_levels(settings)
        return Done(said, (), None)
