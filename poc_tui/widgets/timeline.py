"""A request on the screen: the facts, and under them what happened, newest at the end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from poc_tui.rules import dates, when
from poc_tui.rules.text import one_line, safe
from poc_tui.widgets import signs

if TYPE_CHECKING:
    from poc_tui.store.records import ActivityRow, RequestDetail

_LATEST = 40
"""Entries that the pane shows; the request's own screen shows them all."""

_CUT = 1_000
"""Cells of one entry that the pane shows."""

_READ = 4 * _CUT
"""Characters looked at for that; measuring all of a text of 100 kB takes a second."""


class RequestPane(Widget):
    """Facts in two lines, then the timeline. Focusable, so that it can be scrolled by keys."""

    DEFAULT_CSS = """
    RequestPane { layout: vertical; height: 1fr; }
    RequestPane > #facts { height: auto; max-height: 4; padding: 0 1; }
    RequestPane > #entries { height: 1fr; padding: 1 1 0 1; }
    RequestPane .past { color: $text-muted; }
    """

    def __init__(self, zone: tzinfo, *, whole: bool = False, id: str | None = None) -> None:
        super().__init__(id=id)
        self._zone = zone
        self._whole = whole
        self._shown: RequestDetail | None = None

    def compose(self) -> ComposeResult:
        yield Static(id="facts", markup=False)
        with VerticalScroll(id="entries", can_focus=True):
            yield Static(id="timeline", markup=False)

    def show(self, request: RequestDetail | None, now: datetime, hint: str = "") -> None:
        """Show this request; without one, the hint on what to do."""
        another = (request and request.number) != (self._shown and self._shown.number)
        grown = (
            request is not None
            and self._shown is not None
            and len(request.activities) > len(self._shown.activities)
        )
        self._shown = request
        facts, entries = self.query_one("#facts", Static), self.query_one("#timeline", Static)
        if request is None:
            self.border_title = ""
            facts.update(Content(hint))
            entries.update("")
            return
        self.border_title = Content(f"#{request.number}  {one_line(request.subject, 60)}")
        facts.update(_facts(request, now, self._zone))
        entries.update(self._timeline(request, now))
        if another or grown:
            scroll = self.query_one("#entries", VerticalScroll)
            scroll.call_after_refresh(scroll.scroll_end, animate=False)

    def _timeline(self, request: RequestDetail, now: datetime) -> Table:
        table = Table.grid(padding=(0, 1))
        table.add_column(width=when.WIDTH, no_wrap=True)
        table.add_column(width=4, no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        shown: Sequence[ActivityRow] = request.activities
        if not self._whole and len(shown) > _LATEST:
            earlier = len(shown) - _LATEST
            table.add_row("", "", Text(f"{earlier} earlier entries: Enter shows all", "dim italic"))
            shown = shown[-_LATEST:]
        for activity in shown:
            read = len(activity.text) if self._whole else _READ
            words = _words(activity, activity.text[:read], request, now, self._zone)
            if len(activity.text) > read or (not self._whole and len(words) > _CUT):
                words.truncate(_CUT)
                words.append(" … (Enter shows the whole text)", "dim italic")
            table.add_row(
                Text(when.past(activity.at, now, self._zone), "dim"),
                Text(signs.EVENT.get(activity.event, activity.event), "bold"),
                words,
            )
        return table


def _facts(request: RequestDetail, now: datetime, zone: tzinfo) -> Content:
    """Who, what, how, how much hangs on it; below, by when and whose move it is since when."""
    separator = (" · ", "dim")
    parts: list[tuple[str, str]] = []
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
) -> Text:
    """An entry in words, with so much of its text."""
    text = safe(text, newline=True)
    until = "" if activity.until is None else dates.say(activity.until, now, zone)
    department = one_line(activity.department or "", 40)
    channel = signs.CHANNEL.get(activity.channel or "", "")
    words = Text()
    match activity.event:
        case "received" | "answered":
            words.append(f"{channel} " if channel else "").append(text)
            if activity.event == "answered" and until:
                words.append(f" (look again {until})", "dim")
        case "forwarded":
            words.append(f"{department}: ", "bold").append(text).append(f" (by {until})", "dim")
        case "logged":
            words.append(f"{department}: ", "bold").append(text)
        case "withdrawn":
            words.append(f"{department}: question withdrawn", "dim")
        case "triaged":
            words.append(_changes(activity), "dim")
            words.append(f" · due {until}" if until else "", "dim")
        case "snoozed":
            words.append(f"until {until}", "dim").append(f": {text}" if text else "")
        case "reminded":
            words.append(f"{until}: ", "dim").append(text)
        case "done":
            words.append("done: ", "dim").append(text)
        case "resolved":
            ended = (activity.changes or {}).get("resolution", [None, request.resolution])[1]
            words.append(str(ended), "bold").append(f": {text}" if text else "")
        case "reopened":
            words.append("reopened", "bold").append(f": {text}" if text else "")
        case _:
            words.append(text)
    return words


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
