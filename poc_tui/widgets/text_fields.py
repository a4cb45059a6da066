"""Fields a person types words into: one line, or several.

What is typed or pasted stays as it is in the field's value; only its picture is made harmless,
character by character so that the cursor stays in its place.
"""

from __future__ import annotations

import unicodedata
from typing import ClassVar, Self

from rich.cells import cell_len, get_character_cell_size
from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

_INVISIBLE = "\u200b"
"""Of no width, like what it stands for, and without any effect on what stands around it."""
_UNREADABLE = "\ufffd"
_VARIATIONS = frozenset([*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])


class _Pictured(dict[int, str]):
    """Each code point as it is drawn, one for one; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        category = unicodedata.category(char)
        if category[0] == "C" or category in ("Zl", "Zp") or code in _VARIATIONS:
            # As wide as the field counts it, or the cursor would stand elsewhere.
            char = _UNREADABLE if get_character_cell_size(char) else _INVISIBLE
        self[code] = char
        return char


_PICTURED = _Pictured({ord("\t"): "\t"})


class SafeHighlighter(Highlighter):
    """Draws the value of an input without what a terminal would act upon."""

    def __call__(self, text: str | Text) -> Text:
        plain = text if isinstance(text, str) else text.plain
        return Text(plain.translate(_PICTURED), no_wrap=True, overflow="ignore", end="")

    def highlight(self, text: Text) -> None:
        """Nothing more to do: `__call__` gives another text."""


def caret_of(field: Input) -> Offset:
    """Where on the screen the next letter of a field of one line goes.

    Textual's own `cursor_screen_offset` is one cell too far behind the last letter.
    """
    before = cell_len(field._value.plain[: field.cursor_position]) - field.scroll_offset.x
    at = field.content_region
    return at.offset + Offset(max(0, min(before, field.region.right - at.x - 1)), 0)


class LineField(Input):
    """One line of words. Pasted lines are joined, so that none is lost."""

    DEFAULT_CSS = """
    LineField {
        background: $boost;
        &.-textual-compact { padding: 0 1; }
        &:focus { background-tint: $foreground 8%; }
    }
    """

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(
            _joined(value),
            placeholder=placeholder,
            highlighter=SafeHighlighter(),
            compact=True,
            id=id,
        )
        self.cursor_blink = False  # the terminal's own cursor blinks, or not, as a person likes it

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where on the screen the next letter goes."""
        return caret_of(self)

    @property
    def in_words(self) -> str:
        """What it holds."""
        return self.value

    def put(self, words: str) -> None:
        """Let it hold these words, with the cursor behind them."""
        self.value = words
        self.cursor_position = len(self.value)

    def suggest(self, words: str) -> None:
        """Show how the value may go on: these words, which begin with it; right takes them."""
        self._suggestion = words

    def on_focus(self) -> None:
        """Scroll to the caret, which stands behind the words that the field began with."""
        caret = Region(self._cursor_offset, 0, 1, 1)
        self.call_after_refresh(self.scroll_to_region, caret, force=True, animate=False)

    def _on_paste(self, event: events.Paste) -> None:
        super()._on_paste(events.Paste(_joined(event.text)))
        event.stop()
        event.prevent_default()


class UnderstoodField(Widget):
    """A line of words, and an echo of how they are understood; `_show_echo` says it."""

    def __init__(self, value: str, id: str | None) -> None:
        super().__init__(id=id)
        self._line = LineField(value)
        self._echo = Static("", markup=False)

    @property
    def value(self) -> str:
        """The words as typed."""
        return self._line.value

    @value.setter
    def value(self, words: str) -> None:
        self._line.put(words)
        self._show_echo()

    @property
    def in_words(self) -> str:
        """What it holds, in a line."""
        return self.value

    def compose(self) -> ComposeResult:
        yield self._line
        yield self._echo

    def on_mount(self) -> None:
        self._show_echo()

    def focus(self, scroll_visible: bool = True) -> Self:
        """Go into the input."""
        self._line.focus(scroll_visible)
        return self

    def _show_echo(self) -> None:
        raise NotImplementedError


class TextField(TextArea):
    """Several lines of words: Enter is done, ctrl+j is a new line, ctrl+_ takes typing back.

    So are alt+enter and shift+enter, where the terminal tells them from Enter; many do not.

    Args:
        value: the text to start with.
        rows: how many lines are seen at once.
        placeholder: shown while there is no text; must be safe to show.
    """

    DEFAULT_CSS = """
    TextField {
        background: $boost;
        &.-textual-compact { padding: 0 1; }
        &:focus { background-tint: $foreground 8%; }
        & .text-area--cursor-line { background: transparent; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,alt+enter,shift+enter", "new_line", "New line", show=False),
        # As in a shell; the key that Textual has for it goes back to the shell.
        Binding("ctrl+underscore,ctrl+shift+minus", "undo", "Undo", show=False),
    ]

    class Submitted(Message):
        """Enter was pressed."""

    def __init__(
        self, value: str = "", *, rows: int = 4, placeholder: str = "", id: str | None = None
    ) -> None:
        from textual.content import Content

        super().__init__(
            value,
            soft_wrap=True,
            tab_behavior="focus",
            highlight_cursor_line=False,
            placeholder=Content(placeholder),
            compact=True,
            id=id,
        )
        self.cursor_blink = False
        self._rows = rows
        self.styles.height = rows

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where on the screen the next letter goes; Textual's own may be of another width."""
        at = self.wrapped_document.location_to_offset(self.selection.end) - self.scroll_offset
        room = self.content_region
        return room.offset + Offset(min(at.x, max(0, room.width - 1)), at.y)

    @property
    def in_words(self) -> str:
        """What it holds, in a line."""
        return _joined(self.text)

    @property
    def value(self) -> str:
        r"""The words, with `\n` between lines."""
        return self.text

    @value.setter
    def value(self, text: str) -> None:
        self.text = text
        self.move_cursor(self.document.end)

    def on_mount(self) -> None:
        self.move_cursor(self.document.end)

    def grow(self, most: int) -> None:
        """Be as high as its words, from two lines on to so many; 0 for as high as it was made."""
        self.styles.height = "auto" if most else self._rows
        self.styles.min_height, self.styles.max_height = (2, max(2, most)) if most else (None, None)

    def get_line(self, line_index: int) -> Text:
        """One line as it is drawn."""
        line = self.document.get_line(line_index).translate(_PICTURED)
        return Text(line, end="", no_wrap=True)

    def render_line(self, y: int) -> Strip:
        """The same; Textual fails where it has no room at all for a placeholder."""
        return super().render_line(y) if self.content_size.width else Strip.blank(self.size.width)

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted())
            return
        await super()._on_key(event)

    def action_new_line(self) -> None:
        self.replace("\n", *self.selection, maintain_selection_offset=False)


def _joined(text: str) -> str:
    """Lines as one, tabs as spaces: an input draws a tab wider than it counts it."""
    return " ".join(text.replace("\t", " ").splitlines())
