"""`poc agenda`: what is late, what is new, what today and the next days bring."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from json import loads
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from poc_tui.cli import fields
from poc_tui.cli.context import Context
from poc_tui.cli.reading import queue_table, request_fields
from poc_tui.store.reading import listing
from poc_tui.store.reading.queue import VIEWS
from poc_tui.store.reading.reminders import upcoming

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from poc_tui.cli.layout import Block
    from poc_tui.store.records import ReminderRow

WEEK = 7
MOST = 20
"""Lines of one section for people; the views have the rest."""

EMPTY = (
    "Nothing has been taken down here yet. Start with",
    "  poc add Invoice 4711 is wrong @Meyer due:tomorrow",
    "or look at a desk full of work with `poc demo`; `poc --help` lists everything.",
)


class Section(NamedTuple):
    """A part of the agenda; `view` is where more of it is listed."""

    name: str
    heading: str
    numbers: Sequence[int]
    view: str


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
    reader, now = context.reader(), context.clock.now()
    tonight, end = _midnight(context, 1), _midnight(context, days)
    sections = (
        Section("late", "Late", listing.numbers(reader, VIEWS["late"], now), "late"),
        Section("new", "New", listing.numbers(reader, VIEWS["new"], now), "new"),
        Section("today", "Today", listing.coming(reader, now, tonight), "open"),
        Section(
            "coming",
            f"Until {context.say(end - timedelta(minutes=1))}",
            listing.coming(reader, now, end, since=tonight),
            "open",
        ),
    )
    reminders = upcoming(reader, until=end)
    context.out.page(
        lambda: _page(context, sections, reminders),
        lambda: _fields(context, sections, reminders),
    )


def _midnight(context: Context, days: int) -> datetime:
    """The start of the day so many days from today, in the person's zone."""
    zone = context.clock.zone
    today = context.clock.now().astimezone(zone).date()
    return datetime.combine(today + timedelta(days=days), time(0), zone)


def _page(
    context: Context, sections: Sequence[Section], reminders: Sequence[ReminderRow]
) -> Iterator[Block]:
    from poc_tui.cli import people
    from poc_tui.cli.layout import Line

    if listing.is_empty(context.reader()) and not reminders:
        yield from (Line(sentence) for sentence in EMPTY)
        return
    yield Line(f"Agenda, {context.say(context.clock.now())}", strong=True)
    if not reminders and not any(section.numbers for section in sections):
        yield Line("Nothing is late, new or due; `poc list` shows what is open.")
    for section in sections:
        if count := len(section.numbers):
            yield Line()
            yield Line(f"{section.heading} ({count})", strong=True)
            ahead = section.view == "open"
            yield queue_table(context, section.numbers[:MOST], "", by_next=ahead)
            if count > MOST:
                yield Line(f"and {count - MOST} more: poc list {section.view}")
    if reminders:
        yield Line()
        yield Line(f"Reminders ({len(reminders)})", strong=True)
        yield people.reminders(reminders, context, "")


def _fields(
    context: Context, sections: Sequence[Section], reminders: Sequence[ReminderRow]
) -> dict[str, Any]:
    found: dict[str, Any] = {
        section.name: [loads(text) for text in request_fields(context, section.numbers)]
        for section in sections
    }
    found["reminders"] = [fields.reminder(row, context.times) for row in reminders]
    return found
