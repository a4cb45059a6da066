"""A list of a million rows, one terminal line each, of which only what is seen is read.

The widget knows no store: it is handed a `RowSource`, a function that gives a row's key, and one
that draws a row. It holds the highlight on the key of a row, not on a line, so that the highlight
stays with its row when others come and go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from poc_tui.errors import PocError
from poc_tui.widgets.framed import Framed
from poc_tui.widgets.marks import Marks
from poc_tui.widgets.pages import ListPosition, Pages, RowSource
from poc_tui.widgets.row_lines import GUTTER, UNKNOWN, LineInks, empty_line, pointed_line, row_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from textual import events
    from textual.timer import Timer

    from poc_tui.widgets.inks import Runs

R = TypeVar("R")
T = TypeVar("T")

RETRY_SECONDS = 0.05
"""How long a source that cannot be read is left alone before it is asked again; also one that is
damaged or gone, which does no harm: whose store it is says what is wrong."""


class ListMessage(Message):
    """Something that happened in a list."""

    def __init__(self, virtual_list: Widget) -> None:
        super().__init__()
        self._list = virtual_list

    @property
    def control(self) -> Widget:
        """The list that it happened in, for `@on` with a selector."""
        return self._list


class VirtualList(Framed, Generic[R], can_focus=True):
    """A list over a source of any length, with a highlight and marks.

    Both are signs in the columns at the left as well as colours, so that neither is lost without
    colour. Only the standard movement keys are bound here; letters are the app's to give.

    Args:
        key_of: the key of a row; it stays the same while the row's content changes.
        draw: a row and a width in cells to the runs of one line, cut with an ellipsis if wider.
            Rows are hashable: one that equals a row drawn before is not drawn again.
        empty: shown when the source has no rows.
    """

    MARKS: ClassVar[bool] = True
    """Whether rows are chosen here and marked: the highlight is seen without the focus, too."""
    ALWAYS_LIT: ClassVar[bool] = False
    """Whether it is so where nothing is marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "cursor_up", "Up", show=False),
        Binding("down", "cursor_down", "Down", show=False),
        Binding("pageup", "page_up", "Page up", show=False),
        Binding("pagedown", "page_down", "Page down", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end", "last", "Last", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "virtual-list--highlight",
        "virtual-list--highlight-blurred",
        "virtual-list--marked",
    }

    DEFAULT_CSS = """
    VirtualList {
        & > .virtual-list--highlight {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
        & > .virtual-list--highlight-blurred {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
            text-style: $block-cursor-blurred-text-style;
        }
        & > .virtual-list--marked {
            color: $text-accent;
            text-style: bold;
        }
    }
    """

    highlighted: reactive[int | None] = reactive(None, repaint=False)
    """Index of the highlighted row; None exactly when there are no rows."""

    class Highlighted(ListMessage, Generic[T]):
        """Another row is highlighted, or the highlighted row's content has changed.

        `row` and `index` are None when the list has become empty.
        """

        def __init__(self, virtual_list: VirtualList[T], row: T | None, index: int | None) -> None:
            super().__init__(virtual_list)
            self.row = row
            self.index = index

    class Chosen(ListMessage, Generic[T]):
        """A row was chosen with Enter or a double click."""

        def __init__(self, virtual_list: VirtualList[T], row: T) -> None:
            super().__init__(virtual_list)
            self.row = row

    class MarksChanged(ListMessage, Generic[T]):
        """Rows were marked or unmarked; `count` is how many are marked now, `ranging` whether a
        range is being marked, and `refused` how many were too many to be marked at once, or 0."""

        def __init__(self, virtual_list: VirtualList[T], refused: int = 0) -> None:
            super().__init__(virtual_list)
            self.count = len(virtual_list.marked)
            self.ranging = virtual_list.marks.range_from is not None
            self.refused = refused

    def __init__(
        self,
        *,
        key_of: Callable[[R], int],
        draw: Callable[[R, int], Runs],
        empty: Content | None = None,
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.marks = Marks(self)
        self.marked = self.marks.keys
        """Keys of the marked rows, also of those another source shows."""
        self._key_of = key_of
        self._draw = draw
        self._empty = empty or Content()
        self._pages: Pages[R] | None = None
        self._wanted: RowSource[R] | None = None
        self._keep = True
        self._goal: int | None = None
        """The key of the row to highlight in the wanted source, in place of the one that is."""
        self._retry: Timer | None = None
        self._row: R | None = None
        self._told: R | None = None
        self._key: int | None = None
        self._height = 0
        self._inks: LineInks | None = None
        self._strips: LRUCache[tuple[R | None, int, bool, bool], Strip] = LRUCache(1024)

    @property
    def highlighted_row(self) -> R | None:
        """The highlighted row; None when there are no rows or it could not be read yet."""
        return self._row

    @property
    def row_count(self) -> int:
        """How many rows there are, as far as the source could be read."""
        return self._pages.count if self._pages else 0

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where on the screen the highlighted row begins, or else what is said without rows."""
        index = self.highlighted
        line = int(self._height > 1) if index is None else index - self.scroll_offset.y
        return self.content_region.offset + Offset(0, self.head + line)

    def set_source(self, source: RowSource[R], keep: bool = True, goal: int | None = None) -> None:
        """Show another source, as soon as it can be read; until then what is shown stays.

        Args:
            source: where the rows come from.
            keep: highlight the row that is highlighted now, if the source has it; else the first.
            goal: the key of the row to highlight instead, if the source has it.
        """
        self._wanted, self._keep, self._goal = source, keep or goal is not None, goal
        self._load()

    def refresh_rows(self) -> None:
        """Show the source as it is now: count again and read what is in view.

        The highlight stays on its row, and that row on its line of the screen; if it is gone, the
        row in its place is highlighted. Only lines that have changed are painted.
        """
        if self._wanted is None and self._pages is not None:
            self._wanted, self._keep = self._pages.source, True
        self._load()

    def redraw(self) -> None:
        """Draw every row anew, because the same row now looks different."""
        self._strips.clear()
        self.repaint()

    def highlight_key(self, *keys: int) -> bool:
        """Highlight the first of these rows that the source has; False, and all stays, if none."""
        for key in keys:
            if (place := self._position(key)) is not None:
                self._go(place)
                return True
        return False

    def has_key(self, key: int) -> bool:
        """Whether the source has the row of that key, as far as it can be read."""
        return self._position(key) is not None

    @property
    def is_behind(self) -> bool:
        """Whether what is to be shown could not be read yet."""
        return self._wanted is not None

    def rows_from_highlight(self, most: int) -> list[R]:
        """The rows below the highlighted one, then those from the top down to it: at most so many
        of each, as far as they can be read."""
        here = self.highlighted
        if here is None:
            return []
        below = range(here + 1, min(here + 1 + most, self.row_count))
        places = (*below, *range(min(here, most)))
        return [row for row in map(self._row_at, places) if row is not None]

    def set_empty(self, content: Content) -> None:
        """Say what is shown when there are no rows."""
        if content.plain != self._empty.plain:
            self._empty = content
            self.repaint()

    def line(self, y: int, width: int) -> Strip:
        """Of a row its line, its page is read if need be."""
        index = self.scroll_offset.y + y
        if self._pages is None or 0 < self._pages.count <= index:
            return Strip.blank(width, self.visual_style.rich_style)
        if not self._pages.count:
            return empty_line(self, self._empty, width, y)
        row = self._row_at(index)
        lit = index == self.highlighted and (self.MARKS or self.ALWAYS_LIT or self.has_focus)
        marked = row is not None and self._key_of(row) in self.marked
        cached = (row, width, lit, marked)
        strip = self._strips.get(cached)
        if strip is None:
            if self._inks is None:
                self._inks = LineInks(self)
            signs = GUTTER if self.MARKS else 1
            runs = UNKNOWN if row is None else self._draw(row, max(0, width - signs))
            strip = (
                row_line(self._inks, runs, width, lit=lit, marked=marked)
                if self.MARKS
                else pointed_line(self._inks, runs, width, lit=lit)
            )
            self._strips[cached] = strip
        return strip

    def notify_style_update(self) -> None:
        """Draw lines anew when the theme or the focus has changed."""
        super().notify_style_update()
        self._inks = None
        self._strips.clear()

    def validate_highlighted(self, index: int | None) -> int | None:
        """Keep the highlight inside the list."""
        if self._pages is None or not self._pages.count:
            return None
        return max(0, min(index or 0, self._pages.count - 1))

    def watch_highlighted(self) -> None:
        """Bring the new one into view."""
        with self.changing():
            self._show_highlight()
        self._announce()
        self._reach()

    def set_head(self, lines: Sequence[Content]) -> None:
        super().set_head(lines)
        self._measure()

    def on_mount(self) -> None:
        """Read the source that was set before the widget was there."""
        self._load()

    def on_resize(self) -> None:
        self._measure()

    def _measure(self) -> None:
        """Keep the highlight in view if it was."""
        before, self._height = self._height, self.room
        if self.highlighted is not None and (not before or self._in_view(self.highlighted, before)):
            self._show_highlight()

    def on_click(self, event: events.Click) -> None:
        """Highlight the row under the pointer, or mark it in the columns at the left."""
        offset = event.get_content_offset(self)
        if offset is None or self._pages is None:
            return
        index = self.scroll_offset.y + offset.y - self.head
        if not 0 <= index < self._pages.count or offset.y < self.head:
            return
        if self.MARKS and offset.x < GUTTER:
            self._toggle_mark(index)
        elif event.chain > 1 and index == self.highlighted:
            self.action_choose()
        else:
            self.highlighted = index

    def action_cursor_up(self) -> None:
        self._move(-1)

    def action_cursor_down(self) -> None:
        self._move(1)

    def action_page_up(self) -> None:
        """Go up by a screen; the highlight keeps its line."""
        self._move_page(-1)

    def action_page_down(self) -> None:
        """Go down by a screen; the highlight keeps its line."""
        self._move_page(1)

    def action_first(self) -> None:
        self._go(0)

    def action_last(self) -> None:
        if self._pages is not None:
            self._go(self._pages.count - 1)

    def action_choose(self) -> None:
        if self._row is None:
            raise SkipAction  # where there is nothing to choose, the key is the screen's
        self.post_message(self.Chosen(self, self._row))

    def action_toggle_mark(self) -> None:
        """Mark the highlighted row, or take its mark away, and go on to the next.

        A range that is being marked ends here instead.
        """
        if self.marks.range_from is not None:
            self.marks.end_range()
            return
        if self.highlighted is not None:
            self._toggle_mark(self.highlighted)
        self._move(1)

    def action_mark_range(self) -> None:
        """Mark from the highlighted row to where the highlight goes; or end that there."""
        if self._key is not None:
            self.marks.range_at(self._key)

    def action_mark_clear(self) -> None:
        self.marks.clear()

    def keys_between(self, first: int, stop: int) -> set[int]:
        """The keys of the rows in `first <= index < stop`; a heading has none.

        Raises:
            PocError: they cannot be read now.
        """
        rows = () if self._pages is None else map(self._pages.row, range(first, stop))
        return {key for row in rows if row is not None and (key := self._key_of(row)) >= 0}

    def place_of(self, key: int) -> int | None:
        """The index of the row with this key; None if it is gone.

        Raises:
            PocError: it cannot be read now.
        """
        return None if self._pages is None else self._pages.place_of(key)

    def marks_changed(self, keys: Collection[int], refused: int = 0) -> None:
        """Paint the marks of these rows anew, and tell of it."""
        if keys:
            self.repaint()
        self.post_message(self.MarksChanged(self, refused))

    def _toggle_mark(self, index: int) -> None:
        row = self._row_at(index)
        if row is not None:
            self.marks.toggle(self._key_of(row))

    def _reach(self) -> None:
        """Let the range that is being marked reach to the highlight."""
        try:
            if self.highlighted is not None:
                self.marks.reach(self.highlighted)
        except PocError:
            self._try_later()

    def _go(self, index: int) -> None:
        with self.changing():
            self.highlighted = index
            self._show_highlight()

    def _move(self, by: int) -> None:
        if self.highlighted is not None:
            self._go(self.highlighted + by)

    def _move_page(self, direction: int) -> None:
        step = direction * max(1, self._height)
        with self.changing():
            if self.highlighted is not None and self._in_view(self.highlighted, self._height):
                self.scroll_top(self.scroll_offset.y + step)
            self._move(step)

    def _in_view(self, index: int, height: int) -> bool:
        return 0 <= index - self.scroll_offset.y < height

    def _show_highlight(self) -> None:
        index, top = self.highlighted, self.scroll_offset.y
        if index is None or not self._height:
            return
        if index < top:
            self.scroll_top(index)
        elif index >= top + self._height:
            self.scroll_top(index - self._height + 1)

    def _position(self, key: int) -> int | None:
        """Where the row of that key stands; None where it is gone, or cannot be read now."""
        try:
            return self._pages.source.position(key) if self._pages else None
        except PocError:
            return None

    def _row_at(self, index: int) -> R | None:
        """The row, None while it cannot be read; a busy source is not asked twice in a row."""
        pages = self._pages
        if pages is None or (self._retry is not None and not pages.holds(index)):
            return None
        try:
            return pages.row(index)
        except PocError:
            self._try_later()
            return None

    def _try_later(self) -> None:
        if self._retry is None:
            self._retry = self.set_timer(RETRY_SECONDS, self._try_again)

    def _try_again(self) -> None:
        self._retry = None
        self._load()
        self._announce()
        self._reach()
        self.repaint()

    def _load(self) -> None:
        """Show the wanted source: wholly, or not at all and again a little later."""
        if self._wanted is None or not self.is_running:
            return
        try:
            pages = Pages(self._wanted)
            place = ListPosition(self.highlighted or 0, self.scroll_offset.y, self._height)
            place = (
                place.carried_over(self._pages, pages, self._goal or self._key, self._key_of)
                if self._keep
                else place.at_the_start()
            )
            pages.read(place.top, place.top + place.height)
            pages.row(place.highlighted)
        except PocError:
            self._try_later()
            return
        self._wanted = self._goal = None
        self._pages = pages
        with self.changing():
            self.set_line_count(pages.count)
            self.highlighted = place.highlighted
            self.scroll_top(place.top)
        self._announce()

    def _announce(self) -> None:
        """Take in the highlighted row, and tell of it if it is not the one told of before."""
        index = self.highlighted
        self._row = None if index is None else self._row_at(index)
        if self._row is not None:
            self._key = self._key_of(self._row)
        elif index is not None:
            self._key = None
            return
        if self._row != self._told:
            self._told = self._row
            self.post_message(self.Highlighted(self, self._row, index))
