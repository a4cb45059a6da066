"""The file of the service levels, looked at while the desk is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from poc_tui.errors import PocError

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


class LevelsWatch:
    """Says once of every state of the file that it is not in force, and why."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said: tuple[bytes, str] | None = None

    def news(self) -> str | None:
        """What to tell the person, None where the file is in force or was spoken of already."""
        from poc_tui import in_force

        session = self._session
        if session.demo:
            return None  # it lives by the levels that ship with the program
        hours, environ = session.settings.hours, session.environ
        try:
            if not in_force.to_apply(session.reader, hours, environ):
                return None
            content = in_force.file_now(environ)
            state = (content, in_force.spelled(hours))
            if state == self._said:
                return None
            self._said = state
            in_force.check(content, environ)
        except PocError as error:
            return f"{error}\nThe old service levels stay in force."
        return f"The service levels have changed; {self._key()} applies them."

    def _key(self) -> str:
        shown = self._session.keymap.bindings()
        return next((key.shown for key in shown if key.command == "levels"), "the palette")
