"""A list in sections: headings stand between its rows and are never highlighted."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from poc_tui.rules.text import one_line
from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from poc_tui.widgets.inks import Runs

R = TypeVar("R")


class SectionHeading(NamedTuple):
    """Stands above the rows of a section, with what it holds; an empty one keeps it apart from the
    section before."""

    place: int
    text: str
    load: str = ""

    def drawn(self, width: int) -> Runs:
        """The line in `width` cells; all outside text is made safe."""
        load = f" · {self.load}" if self.load else ""
        return ((one_line(self.text, width), "bold $text-primary"), (load, "dim"))


class SectionList(VirtualList[R]):
    """See `VirtualList`. Headings are the rows whose key is below zero; a list that is not empty
    must have another row."""

    def validate_highlighted(self, index: int | None) -> int | None:
        """Step over headings: onward as the highlight was going, back where there is no further."""
        index = super().validate_highlighted(index)
        if index is None:
            return None
        before = self.highlighted
        onward = 1 if before is None or index >= before else -1
        for way in (onward, -onward):
            for at in range(index, self.row_count if way > 0 else -1, way):
                if not self._heads(at):
                    return at
        return index

    def _heads(self, index: int) -> bool:
        row = self._row_at(index)
        return row is not None and self._key_of(row) < 0

    def _show_highlight(self) -> None:
        """The first row of a section is shown with its heading."""
        super()._show_highlight()
        if self.highlighted is None:
            return
        top = self.highlighted
        while top > 0 and self._heads(top - 1):
            top -= 1
        if top < self.scroll_offset.y and self.highlighted - top < self._height:
            self.scroll_top(top)

    def _toggle_mark(self, index: int) -> None:
        if not self._heads(index):
            super()._toggle_mark(index)
