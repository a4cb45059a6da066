"""The last line of the desk: the keys one needs most; a click does what the key does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
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

    @property
    def width(self) -> int:
        """Cells that it takes."""
        return cell_len(self.shown) + 1 + cell_len(self.label)


class KeyBar(Widget):
    """`f forward  l log answer ...  ? help`: as many as there is room for, and always the last.

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
        for key in self._fitting(self.content_size.width):
            parts += [(key.shown, "bold $text-primary"), (f" {key.label}{_GAP}", "")]
            self._spans.append((at, at + key.width, key.action))
            at += key.width + len(_GAP)
        return Content.assemble(*parts)

    def _fitting(self, width: int) -> list[KeyHint]:
        """The last one, and of those before it the first ones that leave it room."""
        if not self.keys:
            return []
        *keys, last = self.keys
        room, fitting = width - last.width, []
        for key in keys:
            room -= key.width + len(_GAP)
            if room < 0:
                break
            fitting.append(key)
        return [*fitting, last]

    def on_click(self, event: events.Click) -> None:
        x = event.get_content_offset_capture(self).x
        for start, end, action in self._spans:
            if start <= x < end:
                self.post_message(self.Chosen(action))
