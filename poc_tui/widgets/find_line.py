"""The line in which one says what to find; it takes the place of the views."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input

from poc_tui.rules.text import safe
from poc_tui.widgets.text_fields import LineField


class FindLine(LineField):
    """One line of words.

    Args:
        typed: called with the words at every change.
        entered: called with the words when Enter was pressed.
        left: called when another widget takes the focus.
    """

    DEFAULT_CSS = """
    FindLine {
        height: 1; width: 1fr; border: none; padding: 0 1; background: $panel;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "Next name", show=False),
        Binding("up", "step(-1)", "Name before", show=False),
    ]

    def __init__(
        self,
        typed: Callable[[str], object],
        entered: Callable[[str], object],
        left: Callable[[], object],
    ) -> None:
        super().__init__(id="find")
        self._typed, self._entered, self._left = typed, entered, left
        self._names: Sequence[str] = ()
        self._taken = ""
        """The name that was stepped to; the names offered stay while it stands there."""

    def ask(self, hint: str, words: str) -> None:
        """Begin anew with these words; `hint` is shown in their place while there are none."""
        self.placeholder = safe(hint)
        self._names, self._taken = (), ""
        with self.prevent(Input.Changed):
            self.put(words)

    def offer(self, names: Sequence[str]) -> None:
        """Let right complete the words to the first of these names, and down and up step on."""
        if self.value and self.value == self._taken:
            return
        self._names, self._taken = names, ""
        typed = self.value.casefold()
        fit = (name for name in names if name.casefold().startswith(typed) and safe(name) == name)
        self.suggest(next(fit, "") if typed else "")

    def action_step(self, by: int) -> None:
        """Take the next of the names offered."""
        names = self._names
        if names:
            at = names.index(self._taken) + by if self._taken in names else min(by, 0)
            self._taken = names[at % len(names)]
            self.put(self._taken)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self._typed(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._entered(event.value)

    def on_blur(self, event: events.Blur) -> None:
        del event
        self._left()
