"""Dates with a reason: snooze, remind, done, reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from poc_tui.cli import arguments as args
from poc_tui.cli import completing, fields, people
from poc_tui.cli.context import Context
from poc_tui.errors import NotFound, NotUnderstood
from poc_tui.rules.text import safe
from poc_tui.store.reading.reminders import of_request, upcoming

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

Date = Annotated[
    str, typer.Argument(metavar="DATE", help='One argument: tomorrow, +2h, "fri 14:00", 27.11.')
]
ALL_REMINDERS = 1_000_000


def snooze(
    ctx: typer.Context,
    n: args.Numbers,
    date: Date,
    why: Annotated[list[str] | None, typer.Argument(metavar="WHY", help="The reason.")] = None,
) -> None:
    """Hide a request from your view until a date.

    The reason comes back with it.

    Example: poc snooze 1042 "mon 9:00" "the warehouse counts until then"
    """
    from poc_tui.cli.verbs import act
    from poc_tui.store.drafts import Snooze

    context = Context.of(ctx)
    numbers = args.numbers(n)
    until = context.date(date, begins=True)
    _refuse_split_date(context, date, until, why or ())
    act(context, Snooze(until, args.text(context, why)), numbers)


def remind(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[N] DATE TEXT",
            help="DATE is one argument. The first is a request's number if a date and a text"
            " can follow it.",
        ),
    ],
    customer: Annotated[
        str | None,
        typer.Option(
            "--customer",
            metavar="NAME",
            help="Whom it is about, where it is about no request.",
            autocompletion=completing.customers,
        ),
    ] = None,
) -> None:
    """Set a reminder: a date with a reason.

    Example: poc remind 1042 "fri 9:00" call Meyer about the offer
    """
    from poc_tui.store.drafts import Remind
    from poc_tui.store.reading.customers import find

    context = Context.of(ctx)
    numbers, date, text = _number_date_text(context, words)
    at = context.date(date, begins=True)
    _refuse_split_date(context, date, at, text)
    customer_id = None if customer is None else find(context.reader(), customer).id
    draft = Remind(at, args.text(context, text), customer_id)
    done = context.desk().do(draft, numbers)
    context.out.done(done, [f"on {context.say(at)}"])


def done(
    ctx: typer.Context,
    n: Annotated[
        str | None,
        typer.Argument(metavar="N", help="The requests whose open reminders are done."),
    ] = None,
    reminder: Annotated[
        list[int] | None,
        typer.Option(
            "--reminder", metavar="ID", help="One reminder by its id; may be given again."
        ),
    ] = None,
) -> None:
    """Mark reminders as done.

    All open ones of a request, or single ones by id.

    Example: poc done 1042
    """
    from poc_tui.cli.verbs import act
    from poc_tui.store.drafts import MarkDone
    from poc_tui.store.reading.requests import request

    context = Context.of(ctx)
    ids = list(reminder or ())
    if n is None and not ids:
        raise NotUnderstood("say which: the number of a request, or --reminder with an id")
    for number in () if n is None else args.numbers(n):
        request(context.reader(), number)
        now = context.clock.now()
        waiting = [row.id for row in of_request(context.reader(), number) if row.is_at_hand(now)]
        if not waiting:
            raise NotFound(f"#{number} has no open reminder; `poc reminders` lists them all")
        ids += waiting
    act(context, MarkDone(tuple(dict.fromkeys(ids))), ())


def reminders(
    ctx: typer.Context,
    days: Annotated[
        int | None,
        typer.Option("--days", min=0, max=3660, help="Only those of so many days ahead."),
    ] = None,
) -> None:
    """List the open reminders, the first due on top.

    Example: poc reminders --days 7
    """
    context = Context.of(ctx)
    until = None if days is None else context.clock.now() + timedelta(days=days)
    rows = upcoming(context.reader(), until=until, limit=ALL_REMINDERS)
    context.out.table(
        lambda: people.reminders(rows, context, "no open reminders"),
        (fields.reminder(row, context.times) for row in rows),
    )


def _number_date_text(
    context: Context, words: Sequence[str]
) -> tuple[tuple[int, ...], str, Sequence[str]]:
    """Tell `N DATE TEXT` from `DATE TEXT`: the first word is a number if a date can follow."""
    first, rest = words[0], words[1:]
    if args.is_number(first) and (len(words) >= 3 or (rest and _date(context, rest[0]))):
        return args.numbers(first), rest[0], rest[1:]
    return (), first, rest


def _refuse_split_date(context: Context, date: str, meant: datetime, words: Sequence[str]) -> None:
    """A date of two words without quotes would lose its time to the text, without a sound."""
    if len(words) > 1 and _date(context, f"{date} {words[0]}") not in (None, meant):
        together = safe(f"{date} {words[0]}")
        raise NotUnderstood(
            f"is “{together}” the date? Then put it in quotes; else put the text in quotes"
        )


def _date(context: Context, words: str) -> datetime | None:
    try:
        return context.date(words, begins=True)
    except NotUnderstood:
        return None
