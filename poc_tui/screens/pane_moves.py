"""Moving about on a screen: between its panes, and within the one that has the focus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from poc_tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.screen import Screen
    from textual.widget import Widget

_MOVES = {
    "cursor_down": ("cursor_down", "scroll_down"),
    "cursor_up": ("cursor_up", "scroll_up"),
    "page_down": ("page_down", "page_down"),
    "page_up": ("page_up", "page_up"),
    "first": ("first", "scroll_home"),
    "last": ("last", "scroll_end"),
}
"""By command: what it is to a list, and to a text."""


class PaneMoves:
    """The commands that move about.

    Args:
        screen: where the panes are.
        main: the pane that moves while none has the focus, such as `#queue`.
        panes: what takes the focus, in the order of the Tab key.
    """

    def __init__(
        self,
        screen: Screen[Any],
        main: str,
        panes: Callable[[], Sequence[Widget]] = tuple,
    ) -> None:
        self._screen = screen
        self._main = main
        self._panes = panes
        self.commands: dict[str, Callable[[], object]] = {
            "next_pane": partial(self._step, 1),
            "previous_pane": partial(self._step, -1),
        }
        self.commands |= {id: partial(self._move, *names) for id, names in _MOVES.items()}

    def _step(self, by: int) -> None:
        panes = self._panes()
        if len(panes) > 1:  # a screen of one list has no other
            at = next((i for i, pane in enumerate(panes) if pane is self._screen.focused), 0)
            self._screen.set_focus(panes[(at + by) % len(panes)])

    def _move(self, in_list: str, in_text: str) -> None:
        focused = self._screen.focused
        pane = self._screen.query_one(self._main) if focused is None else focused
        name = in_list if isinstance(pane, VirtualList) else in_text
        act: Callable[[], object] | None = getattr(pane, f"action_{name}", None)
        if act is not None:
            act()
