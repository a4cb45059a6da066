"""The first line of the desk: what time it is and whose moves there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from poc_tui.rules.dates.format import named
from poc_tui.rules.text import one_line

if TYPE_CHECKING:
    from poc_tui.store.records import Counts
    from poc_tui.widgets.inks import Run

STUCK = "!"
"""Stands before what only a person gets any further."""


class TopBar(Widget):
    """Name, date and time, counts. Shows a warning in their place when there is one."""

    DEFAULT_CSS = """
    TopBar { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    counts: reactive[Counts | None] = reactive(None)
    now: reactive[datetime | None] = reactive(None)
    marked: reactive[int] = reactive(0)
    to_send: reactive[int] = reactive(0)
    """Mails of ours that wait."""
    stuck: reactive[int] = reactive(0)
    """Mails of ours that failed, or of which nobody knows whether they went out."""
    fetching: reactive[bool] = reactive(False)
    trouble: reactive[str] = reactive("")
    """Why the store cannot be read, in place of counts that may be old."""

    def __init__(self, zone: tzinfo, name: str) -> None:
        super().__init__()
        self._zone = zone
        self._title = name

    def render(self) -> Content:
        left = Content.assemble((self._title, "bold $text-primary"))
        width = self.content_size.width
        right = self._right(width - left.cell_length - 1)
        middle = Content(self._time())
        room = width - left.cell_length - right.cell_length
        if room < middle.cell_length + 2:
            middle = Content(self._time().rpartition(" ")[2])
        if room < middle.cell_length + 2:
            middle = Content("")
        gap = max(1, room - middle.cell_length)
        before = gap // 2
        return Content.assemble(left, " " * before, middle, " " * (gap - before), right)

    def _time(self) -> str:
        if self.now is None:
            return ""
        local = self.now.astimezone(self._zone)
        return f"{named(local)} {local:%H:%M}"

    def _right(self, room: int) -> Content:
        """The counts, and in `room` cells of the mail only what has room beside the rest."""
        if self.trouble:
            return Content.styled(one_line(self.trouble, 60), "bold $text-error")
        if self.counts is None:
            return Content("")
        counts = self.counts
        parts = [
            (f"{counts.mine} mine", "bold"),
            (f"{counts.departments} departments", ""),
            (f"{counts.customers} customers", ""),
            (f"{counts.late} late", "bold $text-error" if counts.late else "dim"),
        ]
        if self.marked:
            parts.insert(0, (f"{self.marked} marked", "bold $text-accent"))
        said = _joined(parts)
        for part in self._mail():
            longer = _joined([part, *parts])
            if longer.cell_length <= room:
                parts, said = [part, *parts], longer
        return said

    def _mail(self) -> Iterator[Run]:
        """What there is to say of the mail, the weightiest first."""
        if self.stuck:
            yield f"{STUCK} {self.stuck} stuck", "bold $text-warning"
        if self.to_send:
            yield f"{self.to_send} to send", ""
        if self.fetching:
            yield "fetching", "dim"


def _joined(parts: Sequence[Run]) -> Content:
    runs: list[Run] = []
    for part in parts:
        runs += [(" · ", "dim"), part] if runs else [part]
    return Content.assemble(*runs)
