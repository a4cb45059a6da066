"""What a virtual list tells."""

from __future__ import annotations

from textual.message import Message
from textual.widget import Widget


class ListMessage(Message):
    """Something that happened in a list."""

    def __init__(self, virtual_list: Widget) -> None:
        super().__init__()
        self.virtual_list = virtual_list

    @property
    def control(self) -> Widget:
        """The list that it happened in, for `@on` with a selector."""
        return self.virtual_list
