"""The last line of the desk: the keys one needs most; a click does what the key does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

if TYPE_CHECKING:
    from textual import events

_GAP = "  "


class KeyHint(NamedTuple):
    """A key as it is shown, what it does in a word, and the action that it is bound to."""

    shown: str
    label: str
    action: str


class KeyBar(Widget):
    """`f forward  l log answer ...`, as many as there is room for.

    One widget and one line: Textual's own footer is a widget a key, which took a tenth of the
    time to the first paint.
    """

    DEFAULT_CSS = """
    KeyBar { height: 1; dock: bottom; padding: 0 1; background: $panel; color: $foreground; }
    """

    keys: reactive[tuple[KeyHint, ...]] = reactive(())

    class Chosen(Message):
        """A key was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, keys: Sequence[KeyHint]) -> None:
        super().__init__()
        self.set_reactive(KeyBar.keys, tuple(keys))
        self._spans: list[tuple[int, int, str]] = []

    def render(self) -> Content:
        parts: list[tuple[str, str]] = []
        self._spans = []
        at = 0
        for key in self.keys:
            length = len(key.shown) + 1 + len(key.label)
            if at + length > self.content_size.width:
                break
            parts += [(key.shown, "bold $text-primary"), (f" {key.label}{_GAP}", "")]
            self._spans.append((at, at + length, key.action))
            at += length + len(_GAP)
        return Content.assemble(*parts)

    def on_click(self, event: events.Click) -> None:
        x = event.get_content_offset_capture(self).x
        for start, end, action in self._spans:
            if start <= x < end:
                self.post_message(self.Chosen(action))
