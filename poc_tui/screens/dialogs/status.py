"""The line of a dialog that says what is wrong, that it saves, or that it asks."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from poc_tui.rules.text import safe


class Status(Static):
    """Takes the focus, and so every key, while it saves or asks."""

    DEFAULT_CSS = """
    Status {
        height: auto; min-height: 1; max-height: 3; color: $text-muted;
        &.-wrong { color: $text-error; }
        &.-asks { color: $text-warning; text-style: bold; }
    }
    """

    class Answered(Message):
        """The question was answered with yes or no; or with neither, and the words are kept."""

        def __init__(self, yes: bool, keeps: bool) -> None:
            super().__init__()
            self.yes, self.keeps = yes, keeps

    def __init__(self) -> None:
        super().__init__("", markup=False, id="status")
        self._asks = False
        self.came_from: Widget | None = None
        """What had the focus before the question or the saving."""

    def say(self, words: str = "") -> None:
        """Say something that is in order."""
        self._show(words)

    def complain(self, words: str) -> None:
        """Say what is wrong."""
        self._show(f"! {words}", "-wrong")

    def ask(self, question: str) -> None:
        """Ask; `y` and a second Esc are yes, `k` keeps the words, any other key is no."""
        self._show(question, "-asks")
        self.hold()

    def hold(self) -> None:
        """Take every key, until `release`."""
        self.can_focus = True
        self.focus()

    def release(self) -> None:
        """Take no keys any more; the focus is for others to set."""
        self.can_focus = False

    def give_back(self) -> bool:
        """Give the keys back to whom they were taken from; False if that was nobody."""
        self.release()
        if self.came_from is not None:
            self.came_from.focus()
        return self.came_from is not None

    def on_key(self, event: events.Key) -> None:
        """Swallow the key, or take it for an answer."""
        event.stop()
        event.prevent_default()
        if self._asks:
            self._answer(event.key in ("y", "Y", "escape"), keeps=event.key in ("k", "K"))

    def on_blur(self) -> None:
        """Who clicks somewhere else means to stay."""
        if self._asks:
            self._answer(False)

    def _answer(self, yes: bool, *, keeps: bool = False) -> None:
        self._asks = False
        self.post_message(self.Answered(yes, keeps))

    def _show(self, words: str, looks: str = "") -> None:
        self._asks = looks == "-asks"
        self.set_class(looks == "-wrong", "-wrong")
        self.set_class(looks == "-asks", "-asks")
        self.update(Content(safe(words)))
