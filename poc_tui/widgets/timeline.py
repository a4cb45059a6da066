"""A request on the screen: the facts, and under them what happened, newest at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget

from poc_tui.rules import dates, when
from poc_tui.rules.text import one_line, safe
from poc_tui.widgets import signs
from poc_tui.widgets.inks import Run
from poc_tui.widgets.text_lines import TextLines

if TYPE_CHECKING:
    from poc_tui.store.records import ActivityRow, RequestDetail

_LATEST = 40
"""Entries that the pane shows; the request's own screen shows them all."""

_CUT = 1_000
"""Cells of one entry that the pane shows."""

_READ = 4 * _CUT
"""Characters looked at for that; measuring all of a text of 100 kB takes a second."""


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
        self._minute: datetime | None = None

    def compose(self) -> ComposeResult:
        yield TextLines(id="facts")
        yield TextLines(id="entries", can_focus=True)

    def show(self, request: RequestDetail | None, now: datetime) -> None:
        """Show this request, or none; what is shown already is not painted again."""
        before, minute = self._shown, now.replace(second=0)
        if request == before and minute == self._minute:
            return
        self._shown, self._minute = request, minute
        facts, entries = self.query_one("#facts", TextLines), self.query_one("#entries", TextLines)
        if request is None:
            self.border_title = ""
            facts.show(lambda _: ())
            entries.show(lambda _: ())
            return
        if before is None or request[:2] != before[:2]:
            self.border_title = Content(f"#{request.number}  {one_line(request.subject, 60)}")
        facts.show(_facts(request, now, self._zone).wrap)
        another = before is None or request.number != before.number
        grown = before is not None and len(request.activities) > len(before.activities)
        entries.show(lambda width: self._timeline(request, now, width), to_end=another or grown)

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
            words = self._words(activity, request, now)
            first, *more = words.wrap(max(_NARROWEST, width - _INDENT))
            lines.append(lead + first)
            lines += [line.pad_left(_INDENT) for line in more]
        return lines

    def _words(self, activity: ActivityRow, request: RequestDetail, now: datetime) -> Content:
        """An entry in words; beside the queue, as much of them as has room."""
        read = len(activity.text) if self._whole else _READ
        words = Content.assemble(
            *_words(activity, safe(activity.text[:read], newline=True), request, now, self._zone)
        )
        if len(activity.text) > read or (not self._whole and words.cell_length > _CUT):
            more = (" … (Enter shows the whole text)", "dim italic")
            return Content.assemble(words.truncate(_CUT), more)
        return words


def _facts(request: RequestDetail, now: datetime, zone: tzinfo) -> Content:
    """Who, what, how, how much hangs on it; below, by when and whose move it is since when."""
    separator = (" · ", "dim")
    parts: list[Run] = []
    who = one_line(request.customer, 40) if request.customer else "no customer yet"
    star = f"{signs.VIP} " if request.vip else ""
    parts.append((star + who, "bold" if request.customer else "italic dim"))
    for word in (request.kind, request.channel):
        parts += [separator, (word, "")]
    if request.priority != "normal":
        parts += [separator, (request.priority, "bold $text-warning")]
    for tag in request.tags:
        parts += [(" ", ""), (f"+{one_line(tag, 30)}", "$text-secondary")]
    parts.append(("\n", ""))
    if request.due_at is not None:
        late = request.due_at < now
        said = dates.say(request.due_at, now, zone)
        parts += [(f"due {said}", "bold $text-error" if late else "bold"), separator]
    return Content.assemble(*parts, _move(request, now, zone))


def _move(request: RequestDetail, now: datetime, zone: tzinfo) -> Content:
    """Whose move it is, since when, until when."""
    if request.state == "resolved" and request.resolved_at is not None:
        took = dates.span(request.resolved_at - request.received_at)
        return Content.assemble((f"✓ {request.resolution} in {took}", "$text-success"))
    since = dates.span(now - request.court_since) if request.court_since else ""
    until = dates.say(request.next_at, now, zone) if request.next_at else ""
    if request.snoozed_until is not None and request.snoozed_until > now:
        return Content(f"snoozed until {dates.say(request.snoozed_until, now, zone)}")
    if request.court == "department":
        names = ", ".join(dict.fromkeys(one_line(f.department, 30) for f in request.open_forwards))
        return Content(f"{names}'s move for {since}, answer by {until}")
    if request.court == "customer":
        return Content(f"the customer's move for {since}, look again {until}")
    if request.state == "new":
        return Content(f"new, not looked at for {since}")
    waiting = ", ".join(one_line(f.department, 30) for f in request.open_forwards)
    also = f" · also with {waiting}" if waiting else _last_word(request)
    return Content(f"my move for {since}{also}")


def _last_word(request: RequestDetail) -> str:
    last = request.activities[-1] if request.activities else None
    if last is not None and last.event == "logged" and last.department:
        return f": {one_line(last.department, 30)} has answered"
    if last is not None and last.event == "received" and len(request.activities) > 1:
        return ": the customer wrote"
    return ""


def _words(
    activity: ActivityRow, text: str, request: RequestDetail, now: datetime, zone: tzinfo
) -> list[Run]:
    """An entry in words, with so much of its text, which is safe."""
    until = "" if activity.until is None else dates.say(activity.until, now, zone)
    department = one_line(activity.department or "", 40)
    channel = signs.CHANNEL.get(activity.channel or "", "")
    then = f": {text}" if text else ""
    match activity.event:
        case "received":
            runs = [(f"{channel} " if channel else "", ""), (text, "")]
        case "answered":
            # An interim word sets when the customer hears again, not when we look for theirs.
            then = "next word" if activity.changes else "look again"
            look = f" ({then} {until})" if until else ""
            runs = [(f"{channel} " if channel else "", ""), (text, ""), (look, "dim")]
        case "forwarded":
            runs = [(f"{department}: ", "bold"), (text, ""), (f" (by {until})", "dim")]
        case "logged":
            runs = [(f"{department}: ", "bold"), (text, "")]
        case "withdrawn":
            runs = [(f"{department}: question withdrawn", "dim")]
        case "triaged":
            runs = [(_changes(activity) + (f" · due {until}" if until else ""), "dim")]
        case "snoozed":
            runs = [(f"until {until}", "dim"), (then, "")]
        case "reminded":
            runs = [(f"{until}: ", "dim"), (text, "")]
        case "done":
            runs = [("done: ", "dim"), (text, "")]
        case "resolved":
            ended = (activity.changes or {}).get("resolution", [None, request.resolution])[1]
            runs = [(str(ended), "bold"), (then, "")]
        case "reopened":
            runs = [("reopened", "bold"), (then, "")]
        case _:
            runs = [(text, "")]
    return runs


def _changes(activity: ActivityRow) -> str:
    """What a triage changed: `kind complaint · customer Meyer AG`."""
    if not activity.changes:
        return "looked at"
    parts = []
    for field, (_, after) in activity.changes.items():
        if field == "due_at":
            continue
        value = " ".join(f"+{tag}" for tag in after) if isinstance(after, list) else str(after)
        parts.append(f"{field} {one_line(value, 40)}")
    return " · ".join(parts) or "looked at"
