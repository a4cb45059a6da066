"""A request on the screen: how it stands, and under that what was said, the newest at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from textual.content import Content

from poc_tui.rules.text import one_line
from poc_tui.widgets.reading_pane import ReadingPane
from poc_tui.widgets.request_facts import facts, standing
from poc_tui.widgets.timeline import Timeline
from poc_tui.words import mail_states

if TYPE_CHECKING:
    from poc_tui.store.records import RequestDetail
    from poc_tui.widgets.request_facts import RequestAssessment

_SUBJECT = 60

_ROOMY = 9
"""Lines of a pane in which one between how it stands and what was said is not missed."""


class Conversation(ReadingPane):
    """One request.

    Args:
        zone: in which moments are told.
        whole: every word, and everything that is known of how it stands.
    """

    def __init__(self, zone: tzinfo, *, whole: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self._whole = whole
        self._shown: RequestDetail | None = None
        self._also: tuple[datetime, RequestAssessment | None, int | None] | None = None
        self._unfolds: int | None = None

    @property
    def request(self) -> RequestDetail | None:
        """The one that is shown."""
        return self._shown

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

    def show_request(
        self, request: RequestDetail | None, now: datetime, weighed: RequestAssessment | None = None
    ) -> None:
        """Show this request, or none; what is shown already is not painted again."""
        if request is None or request.number != self._unfolds:
            self._unfolds = None
        before, also = self._shown, (now.replace(second=0), weighed, self._unfolds)
        if request == before and also == self._also:
            return
        self._shown, self._also = request, also
        if request is None:
            with self.changing():
                self.entitle("")
                self.show(lambda _: ((), ()), newest=True)
            return
        timeline = Timeline(now, self._zone, self._whole, self._unfolds is not None)

        def lay_out(width: int) -> tuple[Sequence[Content], Sequence[Sequence[Content]]]:
            say = facts if self._whole else standing
            head = list(say(request, weighed, now, self._zone).wrap(width))
            if self.size.height >= _ROOMY:
                head.append(Content())
            return head, timeline.pieces(request, width)

        another = before is None or request.number != before.number
        grown = before is not None and len(request.activities) > len(before.activities)
        with self.changing():
            self.entitle(_title(request))
            self.show(lay_out, newest=another or grown)


def _title(request: RequestDetail) -> str:
    """The number, what it is about, of which kind; how urgent and what it is tagged with."""
    parts = [f"#{request.number} {one_line(request.subject, _SUBJECT)}", request.kind]
    if request.priority != "normal":
        parts.append(request.priority)
    return " · ".join(parts) + "".join(f" +{one_line(tag, 20)}" for tag in request.tags)
