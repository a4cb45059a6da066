"""`poc agenda`: what is late and new, what the next days bring, and whom to turn to."""

from __future__ import annotations

from json import loads
from typing import TYPE_CHECKING, Annotated, Any

import typer

from poc_tui.cli.context import Context
from poc_tui.cli.output import serialize
from poc_tui.quick import json_text
from poc_tui.rules import agenda as rules
from poc_tui.rules.agenda import REMINDERS, WEEK
from poc_tui.rules.mail.set_aside import lie_aside
from poc_tui.store.queries import listing
from poc_tui.store.queries.dated_items import read_agenda
from poc_tui.store.queries.mail import aside_counts
from poc_tui.store.queries.reader import EVERY
from poc_tui.store.queries.reminders import upcoming

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from poc_tui.cli.output.layout import Block, Table
    from poc_tui.rules.agenda import Agenda, AgendaItem, AgendaPart

MOST = 20
"""Lines of one section for people; the views have the rest."""
MOST_NUMBERS = 8
"""Requests named beside a department that is to be chased."""

EMPTY = (
    "Nothing has been taken down here yet. Start with",
    "  poc add Invoice 4711 is wrong @Meyer due:tomorrow",
    "or look at a desk full of work with `poc demo`; `poc --help` lists everything.",
)
_MORE_IN = {"late": "poc list late", "new": "poc list new"}
"""Where the rest of a part is listed; of a day, in the list of all that is open."""


def agenda(
    ctx: typer.Context,
    days: Annotated[
        int, typer.Option("--days", min=1, max=366, help="How many days ahead, today included.")
    ] = WEEK,
) -> None:
    """Print what is late, new, and due in the next days.

    Example: poc agenda --days 3
    """
    print_agenda(Context.of(ctx), days)


def print_agenda(context: Context, days: int = WEEK) -> None:
    """Print the agenda of so many days; on an empty desk, what to do first."""
    reader, clock = context.reader(), context.clock
    now = clock.now()
    context.wind()
    found = read_agenda(reader, now, clock.zone, days)
    context.out.page(
        lambda: _page(context, found), lambda: _fields(context, found, days), long=True
    )


def _page(context: Context, found: Agenda) -> Iterator[Block]:
    from poc_tui.cli.output.layout import Line

    if found.is_empty and listing.is_empty(context.reader()):
        yield from (Line(sentence) for sentence in EMPTY)
        yield from _aside(context)
        return
    yield Line(f"Agenda, {context.say(context.clock.now())}", strong=True)
    if found.is_empty:
        yield Line("Nothing is late, new or due; `poc list` shows what is open.")
    for part in found.by_hour():
        yield Line()
        kinds = "" if part.name == "new" else f": {rules.load(part.items)}"
        yield Line(f"{part.heading} ({len(part.items)}{kinds})", strong=True)
        yield _lines(context, part)
        if (more := len(part.items) - MOST) > 0:
            yield Line(f"and {more} more: {_MORE_IN.get(part.name, 'poc list open')}")
    yield from _whom(context, found.by_whom())
    yield from _aside(context)


def _aside(context: Context) -> Iterator[Block]:
    """What mail lies aside, if any does."""
    from poc_tui.cli.output.layout import Line

    if (aside := aside_counts(context.reader())).mails:
        yield Line()
        yield Line(f"{lie_aside(*aside)}; `poc mail` lists {'it' if aside.mails == 1 else 'them'}")


def _lines(context: Context, part: AgendaPart) -> Table:
    """The first lines of a part. The ids are those of reminders, as `poc done` takes them."""
    from poc_tui.cli.output.layout import Table

    cells = (
        {
            "When": _when(context, item, of_one_day=part.of_one_day),
            "What": rules.move(item),
            "No.": "" if item.number is None else f"#{item.number}",
            "Customer": item.customer or "",
            "Subject": rules.about(item),
            "Reminder": str(item.of) if item.what in REMINDERS else "",
        }
        for item in part.items[:MOST]
    )
    most = {"What": 28, "Customer": 24}
    return Table(cells, gives_way="Subject", most=most, right=("No.", "Reminder"))


def _whom(context: Context, parts: Sequence[AgendaPart]) -> Iterator[Block]:
    """A line for each department to chase, each promise and each customer to call."""
    from poc_tui.cli.output.layout import Line, Table

    rows = [row for part in parts for row in _turns(context, part)]
    if not rows:
        return
    yield Line()
    yield Line(f"Whom to turn to ({len(rows)})", strong=True)
    yield Table(rows[:MOST], gives_way="What", most={"Who": 24})
    if (more := len(rows) - MOST) > 0:
        yield Line(f"and {more} more: poc reminders, poc list with-departments")


def _turns(context: Context, part: AgendaPart) -> Iterator[Mapping[str, str]]:
    if part.name == "chase":
        first = part.items[0]
        numbers = [f"#{item.number}" for item in part.items]
        named = " ".join(numbers[:MOST_NUMBERS]) + (" …" if len(numbers) > MOST_NUMBERS else "")
        count = len(part.items)
        what = "chase" if count == 1 else f"chase, {count} questions"
        when = _when(context, first)
        yield {"Who": first.who, "What": what, "When": when, "Requests": named}
        return
    for item in part.items:
        number = "" if item.number is None else f"#{item.number}"
        yield {
            "Who": item.customer or item.who,
            "What": rules.words(item),
            "When": _when(context, item),
            "Requests": number,
        }


def _when(context: Context, item: AgendaItem, *, of_one_day: bool = False) -> str:
    from poc_tui.rules.dates.format import span

    now = context.clock.now()
    if item.at < now:
        return rules.overdue(item, span(now - item.at))
    if of_one_day:
        return rules.label(item, now, context.clock.zone, of_one_day=True)
    return context.say(item.at)


def _fields(context: Context, found: Agenda, days: int) -> dict[str, Any]:
    """The agenda as one object; a line on a request has the fields of the request as well."""
    numbers = {item.number for item in (*found.dated, *found.new) if item.number is not None}
    rows = listing.listed(context.reader(), sorted(numbers))
    requests = {one["number"]: one for one in map(loads, json_text.requests(rows, context.times))}

    def lines(items: Sequence[AgendaItem]) -> list[Mapping[str, Any]]:
        return [_line(context, item, requests.get(item.number, {})) for item in items]

    end = rules.end(context.clock.now(), context.clock.zone, days)
    return {
        "now": context.times.of(context.clock.now()),
        "late": lines(found.late),
        "new": lines(found.new),
        "today": lines(found.rest_of_today),
        "aside": aside_counts(context.reader()).mails,
        "coming": lines([item for day in found.coming for item in day.items]),
        "reminders": [
            serialize.reminder(row, context.times)
            for row in upcoming(context.reader(), until=end, limit=EVERY)
        ],
    }


def _line(context: Context, item: AgendaItem, request: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is to be done, when and for whom; `id` is of what `what` is about.

    `text` is a reminder's reason, what was promised, a forward's question, a contact's rhythm;
    of everything else it is that of the request.
    """
    text = rules.about(item) if item.what == "contact" else item.text
    line = {
        "what": item.what,
        "at": context.times.of(item.at),
        "id": item.of,
        "words": rules.words(item),
        "number": item.number,
        "subject": item.subject,
        "customer": item.customer,
        "department": item.who if item.what == "chase" else request.get("department"),
        "whom": item.who if item.what == "promise" and item.who else None,
        "text": text or request.get("text", ""),
    }
    return line | {name: value for name, value in request.items() if name not in line}
