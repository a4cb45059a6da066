"""A request on the screen: the facts, and under them what happened, newest at the end."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from poc_tui.commands import EVENTS
from poc_tui.rules.service import shown_date
from poc_tui.rules.text import one_line, safe
from poc_tui.widgets.request_facts import facts as request_facts
from poc_tui.widgets.text_lines import TextLines
from poc_tui.words import mail_states
from poc_tui.words.activities import activity_words

if TYPE_CHECKING:
    from poc_tui.store.records import ActivityMail, ActivityRow, RequestDetail
    from poc_tui.widgets.request_facts import RequestAssessment

_LATEST = 40
"""Entries that the pane shows; the request's own screen shows them all."""

_LATEST_LINES = 200
"""And no further activity above so many lines; long mails take a third of a millisecond a line."""

_CUT = 1_000
"""Cells of one activity that the pane shows."""

_READ = 4 * _CUT
"""Characters looked at for that; measuring all of a text of 100 kB takes a second."""


_WHOLE_MAIL = 100_000
"""Characters of a mail that its request's own screen shows: a stranger may send a million, and
measuring so many takes a second. The whole of it can be saved."""

_FACTS, _FEWEST_FACTS = 6, 4
"""Lines of facts at most in a pane with room for them, and in one without."""

_ROOMY = 13
"""Lines of a pane that has room for more than the first facts."""

_MOST_PARTS = 100
"""Attachments of one mail that are named where all are to be seen."""

_BAR = "│ "
_SIGN = 4
_INDENT = shown_date.WIDTH + 1 + _SIGN + 1
_NARROWEST = 10
"""Cells that the words of an activity get at least."""


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
        self._also: tuple[datetime, RequestAssessment | None, int | None] | None = None
        self._fact_lines = 0
        self._unfolds: int | None = None

    @property
    def unfolds(self) -> int | None:
        """The number of the request that is to be shown with what its mails quote."""
        return self._unfolds

    def unfold(self) -> bool:
        """Ask for what the mails of the request quote and carry, or that it be folded away again.

        Returns whether there is any; whoever shows requests here reads it anew then.
        """
        shown = self._shown
        if shown is None or not any(
            row.mail
            and (row.mail.quoted_lines or row.mail.signed or mail_states.attached(row.mail))
            for row in shown.activities
        ):
            return False
        self._unfolds = None if self._unfolds == shown.number else shown.number
        return True

    def compose(self) -> ComposeResult:
        yield TextLines(id="facts")
        yield TextLines(id="entries", can_focus=True)

    def show(
        self, request: RequestDetail | None, now: datetime, weighed: RequestAssessment | None = None
    ) -> None:
        """Show this request, or none; what is shown already is not painted again."""
        if request is None or request.number != self._unfolds:
            self._unfolds = None
        before, also = self._shown, (now.replace(second=0), weighed, self._unfolds)
        if request == before and also == self._also:
            return
        self._shown, self._also = request, also
        facts, pane = self.query_one("#facts", TextLines), self.query_one("#entries", TextLines)
        if request is None:
            self.border_title = ""
            facts.show(lambda _: ())
            pane.show(lambda _: ())
            return
        if before is None or request[:2] != before[:2]:
            self.border_title = Content(f"#{request.number}  {one_line(request.subject, 60)}")
        facts.show(request_facts(request, weighed, now, self._zone).wrap)
        self._fit_facts()
        another = before is None or request.number != before.number
        grown = before is not None and len(request.activities) > len(before.activities)
        # What unfolds above the end would else push it out of sight.
        to_end = another or grown or pane.is_vertical_scroll_end
        pane.show(lambda width: self._timeline(request, now, width), to_end=to_end)

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
            pane = self.query_one("#entries", TextLines)
            if pane.is_vertical_scroll_end:
                self.call_after_refresh(pane.scroll_end, animate=False)

    def _timeline(self, request: RequestDetail, now: datetime, width: int) -> list[Content]:
        """The lines of all activities: when, what, and beside that the words."""
        told: list[list[Content]] = []
        count = 0
        for activity in reversed(request.activities):
            if not self._whole and (len(told) == _LATEST or count > _LATEST_LINES):
                break
            told.append(self._told(activity, now, width))
            count += len(told[-1])
        lines = [line for lines in reversed(told) for line in lines]
        if left := len(request.activities) - len(told):
            earlier = f"{left} earlier {'entry' if left == 1 else 'entries'}: Enter shows all"
            lines.insert(0, Content.styled(" " * _INDENT + earlier, "dim italic"))
        return lines

    def _told(self, activity: ActivityRow, now: datetime, width: int) -> list[Content]:
        told = EVENTS.get(activity.event)
        sign = activity.event if told is None else told.sign
        lead = Content.assemble(
            (f"{shown_date.past(activity.at, now, self._zone):<{shown_date.WIDTH}} ", "dim"),
            (sign + " " * (1 + _SIGN - cell_len(sign)), "bold"),
        )
        room = max(_NARROWEST, width - _INDENT)
        first, *more = self._words(activity, now).wrap(room)
        below = (*more, *self._about_mail(activity, now, room))
        return [lead + first, *(line.pad_left(_INDENT) for line in below)]

    def _about_mail(self, activity: ActivityRow, now: datetime, width: int) -> list[Content]:
        """What came with the mail that made an activity, and how far one of ours has come."""
        lines: list[Content] = []
        if activity.mail is not None:
            lines += beside(activity.mail, width, whole=self._unfolds is not None)
            if activity.mail.folded:
                most = _WHOLE_MAIL if self._whole else _READ
                lines += unfolded(activity.mail, width, most)
        if activity.outgoing is not None:
            said = mail_states.progress(activity.outgoing, now, self._zone)
            lines += Content.assemble(*said).wrap(width)
        return lines

    def _words(self, activity: ActivityRow, now: datetime) -> Content:
        """An activity in words; beside the queue, as much of them as has room."""
        text = activity.text
        if self._whole:
            text = text[:_WHOLE_MAIL] if activity.mail is not None else text
        else:
            text = text[:_READ]
            if activity.event == "chased":  # a reminder, which begins with what it is about
                text = text.partition("\n")[0]
        shown = safe(text, newline=True)
        words = Content.assemble(*activity_words(activity, shown, now, self._zone))
        if len(activity.text) > len(text) or (not self._whole and words.cell_length > _CUT):
            if self._whole:
                return Content.assemble(words, (" … (the original can be saved)", "dim italic"))
            more = (" … (Enter shows the whole text)", "dim italic")
            return Content.assemble(words.truncate(_CUT), more)
        return words


def beside(mail: ActivityMail, width: int, *, whole: bool = False) -> list[Content]:
    """What there is besides the words of a mail, in one line, or `whole`; none where nothing is."""
    words = mail_states.beside(mail, whole=whole, most=_MOST_PARTS if whole else max(1, width // 4))
    if not words:
        return []
    lines = Content(words).wrap(width) if whole else [Content(one_line(words, width))]
    return [each.stylize("dim") for each in lines]


def unfolded(mail: ActivityMail, width: int, most: int) -> list[Content]:
    """The signature and what it quotes, at most `most` characters of it, behind a bar."""
    room = max(1, width - len(_BAR))
    drawn = []
    for line in safe(mail.folded[:most], newline=True).split("\n"):
        if (
            len(line) <= room and line.isascii()
        ):  # as most are; wrapping one takes ten times as long
            drawn.append(Content.styled(_BAR + line, "dim"))
        else:
            parts = Content(line).wrap(room)
            drawn += (Content.styled(_BAR + part.plain, "dim") for part in parts)
    if len(mail.folded) > most:
        left = mail.folded.count("\n", most) + 1
        more = f"{_BAR}… {left} more line{'' if left == 1 else 's'}"
        drawn.append(Content.styled(more, "dim italic").truncate(width))
    return drawn
