"""The facts above a timeline: who and what, whose move, the clocks, and what asks for more."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from poc_tui.rules.dates.format import say, span
from poc_tui.rules.service import shown_date
from poc_tui.rules.service.business_time import DAY_IS, in_days, say_work
from poc_tui.rules.text import one_line
from poc_tui.widgets.inks import Run
from poc_tui.words import signs

if TYPE_CHECKING:
    from poc_tui.rules.service.sla_clocks import SlaClock, SlaClocks
    from poc_tui.rules.service.turns import SpentTime
    from poc_tui.store.records import ActivityRow, RequestDetail

_SEPARATOR: Run = (" · ", "dim")
_LOOKED_AT = 10
"""Of the last activities, the one that says something is looked for among so many."""
_REMARK, _REMARKS = 120, 3
"""Cells of a remark, and how many are shown."""

_TIMES = {1: "once", 2: "twice"}


class RequestAssessment(NamedTuple):
    """What the screen knows of a request beyond its record."""

    clocks: SlaClocks
    reasons: tuple[str, ...]
    """Why the desk suggests to escalate; empty where nothing speaks for it."""
    begun: tuple[str, ...] = ()
    """In which dialogs something is half written on it, such as `answer`."""


def standing(
    request: RequestDetail, weighed: RequestAssessment | None, now: datetime, zone: tzinfo
) -> Content:
    """How it stands: when the customer hears, whose move it is and why; and in a line of its own
    that it is escalated, or what speaks for it."""
    lines = [_when(request, now, zone), *_to_mind(request, weighed, now, zone)]
    return Content("\n").join(Content.assemble(*line) for line in lines)


def facts(
    request: RequestDetail, weighed: RequestAssessment | None, now: datetime, zone: tzinfo
) -> Content:
    """All lines of facts; the clocks and the suggestion only where they are known."""
    lines = [_who(request), _when(request, now, zone), *_to_mind(request, weighed, now, zone)]
    if weighed is not None and weighed.clocks.running:
        lines.append(_clocks(weighed.clocks.running, now))
    if weighed is not None and (words := _spent(weighed.clocks.spent)):
        lines.append([("time spent: ", "dim"), (words, "dim")])
    return Content("\n").join(Content.assemble(*line) for line in lines)


def _to_mind(
    request: RequestDetail, weighed: RequestAssessment | None, now: datetime, zone: tzinfo
) -> list[list[Run]]:
    """What wants a look, a line each."""
    return [*_asks(request, weighed, now, zone), *_remarks(request), *_begun(weighed)]


def _asks(
    request: RequestDetail, weighed: RequestAssessment | None, now: datetime, zone: tzinfo
) -> list[list[Run]]:
    """That it is escalated, or what speaks for it, in a line."""
    if request.escalated_at is not None:
        return [_escalated(request, say(request.escalated_at, now, zone))]
    if weighed is None or not weighed.reasons or request.resolution:
        return []
    why = " · ".join(weighed.reasons)
    return [[(f"{signs.ESCALATED} escalate (e)? ", "$text-warning"), (why, "")]]


def _remarks(request: RequestDetail) -> list[list[Run]]:
    """What taking its mail in said, a line each; the last of a few says how many more there are."""
    said = [one_line(remark, _REMARK) for remark in request.remarks[:_REMARKS]]
    if len(request.remarks) > _REMARKS:
        said[-1] += f" (and {len(request.remarks) - _REMARKS} more)"
    return [[("! ", "bold $text-warning"), (remark, ""), (" (i: seen)", "dim")] for remark in said]


def _begun(weighed: RequestAssessment | None) -> list[list[Run]]:
    """What waits to be gone on with, in a line."""
    if weighed is None or not weighed.begun:
        return []
    return [
        [
            (f"{signs.DRAFT} ", "bold $text-accent"),
            (f"half written: {', '.join(weighed.begun)}", ""),
        ]
    ]


def _who(request: RequestDetail) -> list[Run]:
    """Who, what, how, how much hangs on it."""
    who = one_line(request.customer, 40) if request.customer else "no customer yet"
    star = f"{signs.VIP} " if request.vip else ""
    runs: list[Run] = [(star + who, "bold" if request.customer else "italic dim")]
    for word in (request.kind, request.channel):
        runs += [_SEPARATOR, (word, "")]
    if request.priority != "normal":
        runs += [_SEPARATOR, (request.priority, "bold $text-warning")]
    for tag in request.tags:
        runs += [(" ", ""), (f"+{one_line(tag, 30)}", "$text-secondary")]
    return runs


def _when(request: RequestDetail, now: datetime, zone: tzinfo) -> list[Run]:
    """By when, and whose move it is and why."""
    runs: list[Run] = []
    for word, at in shown_date.customers_dates(request.due_at, request.resolve_by):
        late = at < now
        said = f"{_DATES[word][late]} {say(at, now, zone)}"
        runs += [(said, "bold $text-error" if late else "bold"), _SEPARATOR]
    return [*runs, *_move(request, now, zone)]


_DATES = {
    "due": ("customer hears by", "customer was to hear by"),
    "resolve by": ("to be resolved by", "was to be resolved by"),
}
"""What each date of the customer's clock is for, while there is time and when it has passed."""


def _clocks(clocks: tuple[SlaClock, ...], now: datetime) -> list[Run]:
    """What every running clock has left, in business time."""
    runs: list[Run] = []
    for clock in clocks:
        runs += [*([_SEPARATOR] if runs else []), *_clock(clock, now)]
    if any(in_days(abs(clock.left)) for clock in clocks):
        runs.append((f" ({DAY_IS})", "dim"))
    return runs


def _clock(clock: SlaClock, now: datetime) -> list[Run]:
    late = clock.due_at < now
    # Between here and a date out of hours there may be no business time at all.
    left = _span(abs(clock.left)) if clock.left else span(abs(clock.due_at - now))
    said = f"{left} {'late' if late else 'left'}{'' if clock.left else ' (closed)'}"
    runs: list[Run] = [
        (f"{one_line(clock.name, 24)} ", ""),
        (said, "bold $text-error" if late else ""),
    ]
    if clock.chased:
        times = _TIMES.get(clock.chased, f"{clock.chased} times")
        runs.append((f", chased {times}", "dim"))
    return runs


def _spent(spent: SpentTime) -> str:
    parts = (
        ("my turn", spent.my_turn),
        ("with departments", spent.with_departments),
        ("with customer", spent.with_customer),
    )
    return " · ".join(f"{whose} {_span(time)}" for whose, time in parts if time)


def _span(time: timedelta) -> str:
    """Business time, in the two largest units."""
    return " ".join(say_work(time).split(" ")[:2])


def _escalated(request: RequestDetail, since: str) -> list[Run]:
    to = one_line(request.escalated_to, 40)
    return [
        (f"{signs.ESCALATED} escalated to {to}", "bold $text-warning"),
        (f", {since}: ", "dim"),
        (one_line(request.escalated_why, 200), ""),
    ]


def _move(request: RequestDetail, now: datetime, zone: tzinfo) -> list[Run]:
    """Whose move it is, since when, until when."""
    if request.state == "resolved" and request.resolved_at is not None:
        took = span(request.resolved_at - request.received_at)
        return [(f"✓ {request.resolution} in {took}", "$text-success")]
    since = span(now - request.court_since) if request.court_since else ""
    until = say(request.next_at, now, zone) if request.next_at else ""
    if request.snoozed_until is not None and request.snoozed_until > now:
        return [(f"snoozed until {say(request.snoozed_until, now, zone)}", "")]
    if request.open_forwards and request.court == "department":
        return [(_owes(request, now, zone), "")]
    if request.court == "customer":
        if request.court_since and request.next_at and request.next_at < now:
            return [(f"with customer: no reply since {say(request.court_since, now, zone)}", "")]
        return [(f"with customer for {since}, look again {until}", "")]
    if request.state == "new":
        return [(f"new: not looked at for {since}", "")]
    waiting = ", ".join(one_line(f.department, 30) for f in request.open_forwards)
    also = f" · also with {waiting}" if waiting else ""
    return [(f"my turn{_last_word(request) or f' for {since}'}{also}", "")]


def _owes(request: RequestDetail, now: datetime, zone: tzinfo) -> str:
    """`Accounting owes us tomorrow 17:00`; of several departments the one that is due first."""
    first, *more = sorted(request.open_forwards, key=lambda forward: forward.due_at)
    late = " since" if first.due_at < now else ""
    others = dict.fromkeys(one_line(forward.department, 30) for forward in more)
    others.pop(name := one_line(first.department, 30), None)
    also = f" · also with {', '.join(others)}" if others else ""
    return f"{name} owes us{late} {say(first.due_at, now, zone)}{also}"


def _last_word(request: RequestDetail) -> str:
    said = [row for row in request.activities[-_LOOKED_AT:] if row.event != "auto-replied"]
    last = said[-1] if said else None
    if last is None:
        return ""
    if last.event == "logged" and last.department:
        return f": {one_line(last.department, 30)} has answered"
    if last.event == "not-delivered":
        return ": a mail of ours did not arrive"
    if last.event == "received" and len(request.activities) > 1:
        return ": only thanks (r resolves)" if _only_thanks(last) else ": the customer wrote"
    return ""


def _only_thanks(activity: ActivityRow) -> bool:
    if activity.mail is None:
        return False
    # Not at the top: most desks paint for the first time without a word of thanks.
    from poc_tui.rules.mail.thanks import only_thanks

    return only_thanks(activity.text, f"{activity.mail.sender_name} {activity.mail.sender}")
