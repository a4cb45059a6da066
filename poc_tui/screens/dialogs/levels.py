"""The service levels: which are in force, whether the file says other, and applying it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, ProgressBar, Static

from poc_tui.errors import PocError
from poc_tui.rules.text import safe
from poc_tui.screens.frozen_modal import FrozenModal
from poc_tui.screens.type_ahead import holds_keys
from poc_tui.store.records import Done

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


class LevelsDialog(FrozenModal[Done | None]):
    """Gives what was done, None where nothing was applied."""

    DEFAULT_CSS = """
    LevelsDialog {
        & > #box { width: 72; }
        & #progress { margin: 1 0 0 0; width: 1fr; display: none; }
        & #progress.-runs { display: block; }
        & #trouble { color: $text-error; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "apply", "Apply", show=False),
        Binding("escape,q", "leave", "Close", show=False),
        Binding("left,right", "app.focus_next", "Other button", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._may_apply, self._trouble, self._lines = self._look()
        self._runs = False

    def compose(self) -> ComposeResult:
        with Vertical(id="box") as box:
            box.border_title = "Service levels"
            yield Static(Content(safe("\n".join(self._lines), newline=True)))
            yield Static(Content(safe(self._trouble, newline=True)), id="trouble")
            yield ProgressBar(id="progress", show_eta=False)
            with Horizontal(id="buttons"):
                if self._may_apply:
                    yield Button(Content("a  apply"), compact=True, id="apply")
                yield Button(Content("esc  close"), compact=True, id="close")

    def on_mount(self) -> None:
        """Enter does what is next: applying, where there is something to apply."""
        self.query(Button).first().focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "apply":
            self.action_apply()
        else:
            self.action_leave()

    def action_apply(self) -> None:
        """Put the file in force."""
        if self._may_apply and not self._runs:
            self._runs = True
            self.query_one("#progress").add_class("-runs")
            self._apply()

    def action_leave(self) -> None:
        """Close; what is being applied is waited for."""
        if not self._runs and self.is_current:
            self.dismiss(None)

    @holds_keys
    async def _apply(self) -> None:
        bar = self.query_one(ProgressBar)

        def progress(done: int, total: int) -> None:
            self.app.call_from_thread(bar.update, total=total, progress=done)

        try:
            done = await self._session.apply_levels(progress)
        except PocError as error:
            self._runs = False
            self.query_one("#progress").remove_class("-runs")
            self.query_one("#trouble", Static).update(Content(safe(str(error), newline=True)))
            return
        self.dismiss(done)

    def _look(self) -> tuple[bool, str, list[str]]:
        """Whether there is something to apply, what is wrong, and what to say."""
        from poc_tui.settings.active_levels import compare

        session = self._session
        found = compare(session.reader, session.settings.hours, session.environ)
        since = "as poc ships them"
        if found.in_force is not None:
            since = f"applied {session.say(found.in_force.applied_at)}"
        lines = [f"In force: {since}.", f"File: {found.path}"]
        if found.problem:
            return False, f"{found.problem}\nThe old levels stay in force.", lines
        if found.differs:
            lines.append(
                "The file, or the business hours, differ: applying counts every open request's"
                " dates anew. Dates that somebody gave stay. Undo takes it back."
            )
        else:
            lines.append("The file says the same. `poc levels edit` changes it.")
        return found.differs, "", lines
