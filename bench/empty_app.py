"""The least a Textual app can be: the baseline of the first paint and of memory."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import Static

MARK = "nothing else"


class EmptyApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        yield Static(MARK)


if __name__ == "__main__":
    EmptyApp().run()
