"""The file of the service levels, looked at while the desk is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from poc_tui.screens.session import Session
    from poc_tui.settings.active_levels import LevelsComparison


class LevelsWatch:
    """Says once of every state of the file that it is not in force, and why."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._said: LevelsComparison | None = None

    def news(self) -> str | None:
        """What to tell the person, None where the file is in force or was spoken of already."""
        from poc_tui.settings import active_levels

        session = self._session
        if session.demo:
            return None  # it lives by the levels that ship with the program
        found = active_levels.compare(session.reader, session.settings.hours, session.environ)
        if not found.differs or found == self._said:
            return None
        self._said = found
        if found.problem:
            return f"{found.problem}\nThe old service levels stay in force."
        return f"The service levels have changed; {self._key()} applies them."

    def _key(self) -> str:
        shown = self._session.keymap.bindings()
        return next((key.shown for key in shown if key.command == "levels"), "the palette")
