"""The command palette: any command by its name, and with words behind it what it is to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Offset
from textual.widgets import Input

from poc_tui.rules.text import one_line
from poc_tui.screens.frozen_modal import FrozenModal
from poc_tui.screens.palette_hits import CommandHits, Hit
from poc_tui.screens.palette_words import PaletteWords
from poc_tui.screens.type_ahead import typing_at
from poc_tui.widgets.inks import padded
from poc_tui.widgets.pages import ListSource
from poc_tui.widgets.text_fields import LineField
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from poc_tui.screens.command_screen import CommandScreen
    from poc_tui.widgets.inks import Runs

HINT = "a command; or: snooze fri · 1042 · @meyer · forward tech"
LINES = 14
"""Hits that are seen at once, where there is room."""
WORDS_WIDTH = 18
"""Cells at least of what a hit does, so that the explanations stand below each other."""
KEYS_WIDTH = 16


class HitList(VirtualList[Hit]):
    """What was found; a click takes it."""

    MARKS = False
    ALWAYS_LIT = True

    def on_click(self, event: events.Click) -> None:
        """Take the hit under the pointer, also if it is not the highlighted one."""
        event.prevent_default()
        offset = event.get_content_offset(self)
        if offset is not None and self.scroll_offset.y + offset.y < self.row_count:
            self.highlighted = self.scroll_offset.y + offset.y
            self.action_choose()


class Palette(FrozenModal[Hit | None]):
    """Gives the hit that was taken, None when it was left. Esc leaves, Tab writes the name out.

    Args:
        screen: the one whose commands are offered.
        recent: the ids of commands, the one that was used last first.
        words: what it begins with, as if it were typed.
    """

    AUTO_FOCUS = "#words"

    DEFAULT_CSS = """
    Palette {
        align: center top;
        & > #box { width: 100; margin: 1 2; padding: 0; border: none; }
        & #words { padding: 0 2; background: $panel; }
        & HitList { background: $surface; }
        & HitList > .virtual-list--highlight-blurred {
            color: $block-cursor-foreground; background: $block-cursor-background;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", show=False),
        Binding("down,ctrl+n", "point('cursor_down')", show=False),
        Binding("up,ctrl+p", "point('cursor_up')", show=False),
        Binding("pagedown", "point('page_down')", show=False),
        Binding("pageup", "point('page_up')", show=False),
        Binding("tab", "complete", show=False),
    ]

    def __init__(self, screen: CommandScreen[Any], recent: Sequence[str], words: str = "") -> None:
        super().__init__()
        screen.footer.follow()
        self._commands = CommandHits(screen, recent)
        self._words = PaletteWords(screen, self._commands)
        self._field = LineField(words, placeholder=HINT, id="words")
        self._field.select_on_focus = False
        self._list = HitList(
            key_of=lambda hit: 0, draw=_draw, empty=Content("nothing is called so")
        )
        self._points = False
        """Whether a person moves about in the list, rather than types."""

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where on the screen the next letter goes, or the highlighted hit begins."""
        return (self._list if self._points else self._field).cursor_screen_offset

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield self._field
            yield self._list

    def on_mount(self) -> None:
        self._list.styles.height = min(LINES + 2, max(4, self.app.size.height - 5))
        self._field.cursor_position = len(self._field.value)
        self._show()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._points = False
        self._show()

    @on(Input.Submitted)
    @on(VirtualList.Chosen)
    def _taken(self) -> None:
        hit = self._list.highlighted_row
        if hit is not None and hit.act is not None:
            self.dismiss(hit)
        else:
            typing_at(self).forget_ahead()  # what was typed behind it was meant for what it does

    def action_point(self, move: str) -> None:
        """Move the highlight among the hits."""
        self._points = True
        getattr(self._list, f"action_{move}")()

    def action_complete(self) -> None:
        """Write the name of the highlighted command out, for words to follow."""
        if (hit := self._list.highlighted_row) is not None and hit.is_name:
            self._field.put(f"{hit.words} ")

    def _show(self) -> None:
        typed = self._field.value
        hits = self._words.find(typed)
        words = typed.strip()
        hits += self._commands.named(words, by_help=not hits) if words else self._commands.all()
        self._list.set_source(ListSource(hits, lambda hit: 0), keep=False)
        self._list.entitle(
            "Commands" if not words else f"{sum(hit.act is not None for hit in hits)} found"
        )


def _draw(hit: Hit, width: int) -> Runs:
    """What it does, how that is explained, and its keys at the right."""
    if hit.act is None:
        return ((one_line(hit.words, width), "$text-warning"),)
    keys = one_line(hit.keys, KEYS_WIDTH)
    room = max(0, width - cell_len(keys) - 2)
    words = one_line(hit.words, room)
    if hit.help:
        words = padded(words, max(WORDS_WIDTH, cell_len(words)))
    left = max(0, room - cell_len(words) - 2)
    help = padded(hit.help, left) if left else ""
    return ((words, ""), ("  ", ""), (help, "dim"), (" ", ""), (keys, "bold"))
