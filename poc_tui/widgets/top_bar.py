"""The first line of the desk: what time it is and whose moves there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from poc_tui.rules.dates.format import day_label, named
from poc_tui.rules.text import one_line

if TYPE_CHECKING:
    from poc_tui.store.records import Counts
    from poc_tui.widgets.inks import Run

STUCK = "!"
"""Stands before what only a person gets any further."""

_NAMES = ("my turn", "with departments", "with customer")
_SHORT_NAMES = ("my turn", "dept", "cust")
"""Whose moves there are, and where that has no room beside the date."""


class TopBar(Widget):
    """Name, date and time, counts. Shows a warning in their place when there is one."""

    DEFAULT_CSS = """
    TopBar { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    counts: reactive[Counts | None] = reactive(None)
    now: reactive[datetime | None] = reactive(None)
    marked: reactive[int] = reactive(0)
    marks_range: reactive[bool] = reactive(False)
    """Whether a range is being marked, which the highlight makes longer."""
    to_send: reactive[int] = reactive(0)
    """Mails of ours that wait."""
    stuck: reactive[int] = reactive(0)
    """Mails of ours that failed, or of which nobody knows whether they went out."""
    aside: reactive[int] = reactive(0)
    """Mails that came and belong to no request."""
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
        times = [Content(time) for time in self._times()]
        for names in (_NAMES, _SHORT_NAMES):
            right = self._right(width - left.cell_length - 1, names)
            room = width - left.cell_length - right.cell_length
            if room >= times[0].cell_length + 2:
                break
        middle = next((time for time in times if room >= time.cell_length + 2), Content(""))
        gap = max(1, room - middle.cell_length)
        before = gap // 2
        return Content.assemble(left, " " * before, middle, " " * (gap - before), right)

    def _times(self) -> tuple[str, ...]:
        """The time of day behind the date, without the year, alone."""
        if self.now is None:
            return ("",)
        local = self.now.astimezone(self._zone)
        time = f"{local:%H:%M}"
        return f"{named(local)} {time}", f"{day_label(local)} {time}", time

    def _right(self, room: int, names: Sequence[str]) -> Content:
        """The counts, and in `room` cells of the mail only what has room beside the rest."""
        if self.trouble:
            return Content.styled(one_line(self.trouble, 60), "bold $text-error")
        if self.counts is None:
            return Content("")
        counts = self.counts
        my_turn, departments, customer = names
        parts = [
            (f"{counts.my_turn} {my_turn}", "bold"),
            (f"{counts.with_departments} {departments}", ""),
            (f"{counts.with_customer} {customer}", ""),
            (f"{counts.late} late", "bold $text-error" if counts.late else "dim"),
        ]
        if self.marked:
            doing = "marking a range: " if self.marks_range else ""
            parts.insert(0, (f"{doing}{self.marked} marked", "bold $text-accent"))
        said = _joined(parts)
        for part, behind in self._mail():
            more = [*parts, part] if behind else [part, *parts]
            longer = _joined(more)
            if longer.cell_length <= room:
                parts, said = more, longer
        return said

    def _mail(self) -> Iterator[tuple[Run, bool]]:
        """What there is to say of the mail, the weightiest first, and whether behind the counts."""
        if self.stuck:
            yield (f"{STUCK} {self.stuck} stuck", "bold $text-warning"), False
        if self.aside:
            yield (f"{self.aside} aside", ""), True
        if self.to_send:
            yield (f"{self.to_send} to send", ""), False
        if self.fetching:
            yield ("fetching", "dim"), False


def _joined(parts: Sequence[Run]) -> Content:
    runs: list[Run] = []
    for part in parts:
        runs += [(" · ", "dim"), part] if runs else [part]
    return Content.assemble(*runs)
