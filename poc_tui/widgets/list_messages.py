"""What a virtual list tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from textual.message import Message

if TYPE_CHECKING:
    from poc_tui.widgets.virtual_list import VirtualList

T = TypeVar("T")


class ListMessage(Message, Generic[T]):
    """Something that happened in a list."""

    def __init__(self, virtual_list: VirtualList[T]) -> None:
        super().__init__()
        self.virtual_list = virtual_list

    @property
    def control(self) -> VirtualList[T]:
        """The list that it happened in, for `@on` with a selector."""
        return self.virtual_list
