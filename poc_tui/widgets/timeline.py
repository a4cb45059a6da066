"""A request on the screen: the facts, and under them what happened, newest at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from poc_tui.rules import when
from poc_tui.rules.text import one_line, safe
from poc_tui.widgets import signs
from poc_tui.widgets.entry_words import entry_words
from poc_tui.widgets.request_facts import facts as request_facts
from poc_tui.widgets.text_lines import TextLines

if TYPE_CHECKING:
    from poc_tui.store.records import ActivityRow, RequestDetail
    from poc_tui.widgets.request_facts import Weighed

_LATEST = 40
"""Entries that the pane shows; the request's own screen shows them all."""

_CUT = 1_000
"""Cells of one entry that the pane shows."""

_READ = 4 * _CUT
"""Characters looked at for that; measuring all of a text of 100 kB takes a second."""


_FACTS, _FEWEST_FACTS = 6, 4
"""Lines of facts at most in a pane with room for them, and in one without."""

_ROOMY = 13
"""Lines of a pane that has room for more than the first facts."""

_SIGN = 4
_INDENT = when.WIDTH + 1 + _SIGN + 1
_NARROWEST = 10
"""Cells that the words of an entry get at least."""


class RequestPane(Widget):
    """Facts, then the timeline. Focusable, so that it can be scrolled by keys."""

    DEFAULT_CSS = """
    RequestPane { layout: vertical; height: 1fr; }
    RequestPane > #facts { height: 3; padding: 0 1; scrollbar-size-vertical: 0; }
    RequestPane > #entries { height: 1fr; padding: 0 0 0 1; scrollbar-size-vertical: 1; }
    """

    def __init__(self, zone: tzinfo, *, whole: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self._whole = whole
        self._shown: RequestDetail | None = None
        self._also: tuple[datetime, Weighed | None] | None = None
        self._fact_lines = 0

    def compose(self) -> ComposeResult:
        yield TextLines(id="facts")
        yield TextLines(id="entries", can_focus=True)

    def show(
        self, request: RequestDetail | None, now: datetime, weighed: Weighed | None = None
    ) -> None:
        """Show this request, or none; what is shown already is not painted again."""
        before, minute = self._shown, now.replace(second=0)
        if request == before and (minute, weighed) == self._also:
            return
        self._shown, self._also = request, (minute, weighed)
        facts, entries = self.query_one("#facts", TextLines), self.query_one("#entries", TextLines)
        if request is None:
            self.border_title = ""
            facts.show(lambda _: ())
            entries.show(lambda _: ())
            return
        if before is None or request[:2] != before[:2]:
            self.border_title = Content(f"#{request.number}  {one_line(request.subject, 60)}")
        facts.show(request_facts(request, weighed, now, self._zone).wrap)
        self._fit_facts()
        another = before is None or request.number != before.number
        grown = before is not None and len(request.activities) > len(before.activities)
        entries.show(lambda width: self._timeline(request, now, width), to_end=another or grown)

    def on_resize(self) -> None:
        """Give the facts as many lines as they take at the new width."""
        self.call_after_refresh(self._fit_facts)

    def _fit_facts(self) -> None:
        """Facts take the lines they need; only when that is another number, things move."""
        facts = self.query_one("#facts", TextLines)
        roomy = self.size.height >= _ROOMY
        most = _FACTS if roomy else _FEWEST_FACTS
        lines = max(2, min(most, facts.line_count)) + roomy
        if lines != self._fact_lines:
            self._fact_lines = lines
            facts.styles.height = lines
            entries = self.query_one("#entries", TextLines)
            if entries.is_vertical_scroll_end:
                self.call_after_refresh(entries.scroll_end, animate=False)

    def _timeline(self, request: RequestDetail, now: datetime, width: int) -> list[Content]:
        """The lines of all entries: when, what, and beside that the words."""
        lines: list[Content] = []
        shown: Sequence[ActivityRow] = request.activities
        if not self._whole and len(shown) > _LATEST:
            earlier = f"{len(shown) - _LATEST} earlier entries: Enter shows all"
            lines.append(Content.styled(" " * _INDENT + earlier, "dim italic"))
            shown = shown[-_LATEST:]
        for activity in shown:
            sign = signs.EVENT.get(activity.event, activity.event)
            lead = Content.assemble(
                (f"{when.past(activity.at, now, self._zone):<{when.WIDTH}} ", "dim"),
                (sign + " " * (1 + _SIGN - cell_len(sign)), "bold"),
            )
            words = self._words(activity, now)
            first, *more = words.wrap(max(_NARROWEST, width - _INDENT))
            lines.append(lead + first)
            lines += [line.pad_left(_INDENT) for line in more]
        return lines

    def _words(self, activity: ActivityRow, now: datetime) -> Content:
        """An entry in words; beside the queue, as much of them as has room."""
        text = activity.text
        if not self._whole:
            text = text[:_READ]
            if activity.event == "chased":  # a letter, which begins with what it is about
                text = text.partition("\n")[0]
        shown = safe(text, newline=True)
        words = Content.assemble(*entry_words(activity, shown, now, self._zone))
        if len(activity.text) > len(text) or (not self._whole and words.cell_length > _CUT):
            more = (" … (Enter shows the whole text)", "dim italic")
            return Content.assemble(words.truncate(_CUT), more)
        return words
