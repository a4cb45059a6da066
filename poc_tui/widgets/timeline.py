"""What happened to a request, as lines: when, what, and beside that the words."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from rich.cells import cell_len
from textual.content import Content

from poc_tui.commands import EVENTS
from poc_tui.rules.service import shown_date
from poc_tui.rules.text import one_line, safe
from poc_tui.words import mail_states
from poc_tui.words.activities import activity_words

if TYPE_CHECKING:
    from poc_tui.store.records import ActivityMail, ActivityRow, RequestDetail

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

_MOST_PARTS = 100
"""Attachments of one mail that are named where all are to be seen."""

_BAR = "│ "
_SIGN = 4
_INDENT = shown_date.WIDTH + 1 + _SIGN + 1
_NARROWEST = 10
"""Cells that the words of an activity get at least."""


class Timeline(NamedTuple):
    """How a timeline is drawn.

    `now` (aware UTC) and `zone` say how moments are told; `whole` shows every activity with all
    of its words; `unfolds` also what its mails quote.
    """

    now: datetime
    zone: tzinfo
    whole: bool = False
    unfolds: bool = False

    def pieces(self, request: RequestDetail, width: int) -> list[list[Content]]:
        """The lines of each activity, the newest last, `width` cells wide."""
        told: list[list[Content]] = []
        count = 0
        for activity in reversed(request.activities):
            if not self.whole and (len(told) == _LATEST or count > _LATEST_LINES):
                break
            told.append(self._told(activity, width))
            count += len(told[-1])
        told.reverse()
        if left := len(request.activities) - len(told):
            earlier = f"{left} earlier {'entry' if left == 1 else 'entries'}: Enter shows all"
            told.insert(0, [Content.styled(" " * _INDENT + earlier, "dim italic")])
        return told

    def _told(self, activity: ActivityRow, width: int) -> list[Content]:
        told = EVENTS.get(activity.event)
        sign = activity.event if told is None else told.sign
        lead = Content.assemble(
            (f"{shown_date.past(activity.at, self.now, self.zone):<{shown_date.WIDTH}} ", "dim"),
            (sign + " " * (1 + _SIGN - cell_len(sign)), "bold"),
        )
        room = max(_NARROWEST, width - _INDENT)
        first, *more = self._words(activity).wrap(room)
        below = (*more, *self._about_mail(activity, room))
        return [lead + first, *(line.pad_left(_INDENT) for line in below)]

    def _about_mail(self, activity: ActivityRow, width: int) -> list[Content]:
        """What came with the mail that made an activity, and how far one of ours has come."""
        lines: list[Content] = []
        if activity.mail is not None:
            if activity.mail.doubt:
                said = mail_states.not_verified(activity.mail, whole=self.whole)
                lines += Content.assemble(*said).wrap(width)
            if also := mail_states.also_to(activity.mail, whole=self.whole):
                line = Content(also).stylize("dim")
                lines += line.wrap(width) if self.whole else [line.truncate(width, ellipsis=True)]
            lines += beside(activity.mail, width, whole=self.unfolds)
            if activity.mail.folded:
                most = _WHOLE_MAIL if self.whole else _READ
                lines += unfolded(activity.mail, width, most)
        if activity.outgoing is not None:
            said = mail_states.progress(activity.outgoing, self.now, self.zone)
            lines += Content.assemble(*said).wrap(width)
        return lines

    def _words(self, activity: ActivityRow) -> Content:
        """An activity in words; beside the queue, as much of them as has room."""
        text = activity.text
        if self.whole:
            text = text[:_WHOLE_MAIL] if activity.mail is not None else text
        else:
            text = text[:_READ]
            if activity.event == "chased":  # a reminder, which begins with what it is about
                text = text.partition("\n")[0]
        shown = safe(text, newline=True)
        words = Content.assemble(*activity_words(activity, shown, self.now, self.zone))
        if len(activity.text) > len(text) or (not self.whole and words.cell_length > _CUT):
            if self.whole:
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
