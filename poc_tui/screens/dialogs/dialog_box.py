"""What a dialog has in it, and where that stands: at the foot of the conversation below, else in
the middle of the screen.

At the foot it is as wide as the conversation, which shows above it what is answered and is never
covered: it is scrolled as far as the dialog grows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.fields import LazyFields
from poc_tui.screens.frozen_modal import FrozenModal
from poc_tui.widgets.reading_pane import ReadingPane
from poc_tui.widgets.text_fields import TextField
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.geometry import Region
    from textual.widget import Widget

TITLE_WIDTH = 66
"""Cells of the title that fit into the upper border."""

CHROME, FOOT_CHROME = 6, 3
"""Lines of a dialog that are not fields: the border, the status, and in the middle the hints."""

LOWEST = 10
"""Lines of a conversation that a dialog has room in, with a little of what is answered."""

ROOMY = 16
"""Lines at its foot with room for more than what has to be asked."""

_AROUND_HINTS = 4
"""Cells of the frame beside the hints."""

_HINTS = 70
"""Cells that the hints have in a dialog in the middle."""

_LEFT = 4
"""Lines of a conversation that a dialog leaves: its frame, and how the request stands."""


class DialogBox(Vertical):
    """The heading, the fields in a container that scrolls, the status and the hints.

    Args:
        fields: gives the fields, from above to below.
        status: the line below them.
        titles: gives the title in the frame, and what heads the dialog at the foot.
        hints: gives key and meaning, for the last line.
    """

    DEFAULT_CSS = """
    DialogBox {
        width: 76; max-height: 100%; padding: 0 1;
        border-title-color: $text; border-title-style: bold;
        & > #heading { display: none; height: 1; padding: 0 1; color: $text-primary; text-wrap: nowrap; text-overflow: clip; }
        & > #fields { height: auto; scrollbar-size-vertical: 1; padding: 1 1 0 1; }
        & > #status { margin: 1 1 0 1; }
        & > #hints { padding: 0 1; }
        & .under { margin: 0 0 0 14; height: 1; }
        & .gap { margin: 1 0 0 0; }
        & .-unused { display: none; }
        &#box { padding: 0 1; }
        &#box.-at-foot {
            border-top: none; padding: 0; background: $background;
            border-subtitle-align: left; border-subtitle-color: $text-muted;
            & > #heading { display: block; }
            & > #fields { padding: 0 0 0 1; }
            & > #status { margin: 0 1; min-height: 0; }
            & > #hints { display: none; }
            & .gap { margin: 0; }
            & Field.-whole > Label { display: none; }
            & Field.-whole > TextField.-textual-compact { padding: 0 1 0 0; }
            & FurtherFields.-closed > Field { display: none; }
            & FurtherFields.-closed > InWords { display: block; }
            & #voice-here { display: none; }
            &.-low #voice { display: none; }
        }
    }
    """  # noqa: E501

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "read(-1)", "Read back", show=False, priority=True),
        Binding("pagedown", "read(1)", "Read on", show=False, priority=True),
    ]

    def __init__(
        self,
        fields: Callable[[], Iterable[Widget]],
        status: Static,
        titles: Callable[[], tuple[str, str]],
        hints: Callable[[], Iterable[tuple[str, str]]],
    ) -> None:
        super().__init__(id="box")
        self._fields = fields
        self._status = status
        self._titles = titles
        self._hints = hints
        self._pane: ReadingPane | None = None

    def compose(self) -> ComposeResult:
        self._stand()  # before there is anything in it that would be styled a second time
        yield Static("", markup=False, id="heading")
        with VerticalScroll(id="fields", can_focus=False):
            yield from self._fields()
        yield self._status
        yield Static("", markup=False, id="hints")

    def place(self) -> None:
        """Stand where there is room now."""
        room = self._stand()
        title, heading = (one_line(words, TITLE_WIDTH) for words in self._titles())
        hints = [f"{key} {meaning}" for key, meaning in self._hints()]
        for text in self.query(TextField):
            text.grow(room // 2)
        if self._pane is None:
            self._place_in_the_middle(title, hints)
        else:
            self._place_at_foot(self._pane.region, room, heading, hints)
        if (field := self.screen.focused) is not None:
            self.call_after_refresh(field.scroll_visible, animate=False)

    def _place_in_the_middle(self, title: str, hints: list[str]) -> None:
        self.border_title, self.border_subtitle = Content(title), ""
        self.query_one("#hints", Static).update(Content(_fitting(hints, _HINTS)))
        self._leave_fields(self.app.size.height - CHROME)
        for rule in ("width", "margin", "max_height"):
            self.styles.clear_rule(rule)
        for late in self.query(LazyFields):
            late.fill()

    def _place_at_foot(self, pane: Region, room: int, heading: str, hints: list[str]) -> None:
        self.border_title = ""
        self.border_subtitle = Content(_fitting(hints, pane.width - _AROUND_HINTS))
        line = f"┄ {heading} {'┄' * self.app.size.width}"
        self.query_one("#heading", Static).update(Content(line))
        self._leave_fields(room - FOOT_CHROME)
        self.styles.width, self.styles.max_height = pane.width, room
        self.styles.margin = (0, 0, self.app.size.height - pane.bottom, pane.x)

    def _leave_fields(self, lines: int) -> None:
        """Let the fields have so many lines at the most, and scroll in them."""
        self.query_one("#fields").styles.max_height = max(3, lines)

    def _stand(self) -> int:
        """How many lines there are for it at the foot of a conversation, 0 if there is none."""
        self._pane = pane = self._conversation()
        room = 0 if pane is None else pane.region.height - _LEFT
        for node in (self.screen, self):
            node.set_class(pane is not None, "-at-foot")
        self.set_class(room < ROOMY, "-low")
        return room

    def on_resize(self) -> None:
        """Move what is answered out from under it; the last line lies on the pane's frame."""
        if self._pane is not None:
            self._pane.cover(max(0, self.outer_size.height - 1))
            self._show_below()

    def on_unmount(self) -> None:
        if self._pane is not None:
            self._pane.cover(0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A list in a dialog has its own pages."""
        pages = self._pane is not None and not isinstance(self.screen.focused, VirtualList)
        return pages if action == "read" else super().check_action(action, parameters)

    def action_read(self, way: int) -> None:
        """Scroll the conversation by half of what is seen of it."""
        if self._pane is not None:
            self._pane.read(way)
            self._show_below()

    def _show_below(self) -> None:
        if isinstance(self.screen, FrozenModal):
            self.screen.picture = None
            self.screen.refresh()

    def _conversation(self) -> ReadingPane | None:
        """That on the screen below the dialogs, if it is in sight and there is room."""
        below = [screen for screen in self.app.screen_stack if not isinstance(screen, FrozenModal)]
        for pane in below[-1].query("#request").results(ReadingPane):
            if pane.region.height >= LOWEST:
                return pane
        return None


def _fitting(hints: list[str], cells: int) -> str:
    """As many hints as there is room for, in one line, and always the last: how to leave."""
    *others, last = hints
    while others and cell_len(" · ".join((*others, last))) > cells:
        others.pop()
    return " · ".join((*others, last))
