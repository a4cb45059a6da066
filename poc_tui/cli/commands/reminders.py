"""Dates with a reason: snooze, remind, promise, done, reminders."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from poc_tui.cli import arguments as args, completion
from poc_tui.cli.context import Context
from poc_tui.cli.output import listings, serialize
from poc_tui.errors import NeedsYes, NotFound, NotUnderstood
from poc_tui.models.values import ReminderKind
from poc_tui.rules.text import safe
from poc_tui.store.queries.reader import EVERY
from poc_tui.store.queries.reminders import upcoming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from poc_tui.store.drafts import EndPromise, MarkDone
    from poc_tui.store.records import ReminderRow

Date = Annotated[str, args.argument("DATE", 'One argument: tomorrow, +2h, "fri 14:00", 27.11.')]
HOW_IT_ENDED = "--kept, or --broken"
"""What is to be said of a promise."""


class EnteredDate(NamedTuple):
    """A date as somebody typed it, aware UTC."""

    at: datetime
    every: str = ""
    """The rule by which it comes again, empty for once."""


def snooze(
    ctx: typer.Context,
    n: args.Numbers,
    date: Date,
    why: Annotated[list[str] | None, args.argument("WHY", "The reason.")] = None,
) -> None:
    """Hide a request from your view until a date.

    The reason comes back with it.

    Example: poc snooze 1042 "mon 9:00" "the warehouse counts until then"
    """
    from poc_tui.cli.commands.verbs import act
    from poc_tui.store.drafts import Snooze

    context = Context.of(ctx)
    numbers = args.numbers(n)
    until, reason = dated((date, *(why or ())), lambda words: _once(context, words))
    act(context, Snooze(until.at, args.text(context, reason)), numbers)


def wake(ctx: typer.Context, n: args.Numbers) -> None:
    """Have a snoozed request on the desk again, before its date.

    Example: poc wake 1042
    """
    from poc_tui.cli.commands.verbs import act
    from poc_tui.store.drafts import Wake

    act(Context.of(ctx), Wake(), args.numbers(n))


def remind(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        args.argument(
            "[N] DATE TEXT",
            'DATE is one argument; "every monday 9:00" comes again. The first is a request\'s'
            " number if a date and a text can follow it.",
        ),
    ],
    customer: Annotated[
        str | None,
        args.option(
            "--customer NAME",
            "Whom it is about, where it is about no request.",
            completion.customers,
        ),
    ] = None,
) -> None:
    """Set a reminder: a date with a reason, or a series of dates.

    Example: poc remind 1042 "fri 9:00" call Meyer about the offer
    """
    from poc_tui.rules.recurrence.series import said
    from poc_tui.store.drafts import Remind
    from poc_tui.store.queries.customers import find

    context = Context.of(ctx)
    numbers, when, text = numbered(words, lambda date: _recurring_or_once(context, date))
    customer_id = None if customer is None else find(context.reader(), customer).id
    draft = Remind(when.at, args.text(context, text), customer_id, when.every)
    done = context.desk().do(draft, numbers)
    understood = said(when.at, when.every, context.clock.now(), context.clock.zone)
    context.out.done(done, [f"on {understood}"])


def promise(
    ctx: typer.Context,
    words: Annotated[
        list[str],
        args.argument(
            "[N] DATE TEXT",
            "DATE is one argument: by when. The first is a request's number if a date and a"
            " text can follow it.",
        ),
    ],
    customer: Annotated[
        str | None,
        args.option(
            "--customer NAME", "To whom, where it is about no request.", completion.customers
        ),
    ] = None,
    to: Annotated[
        str | None, args.option("--to WHOM", "To whom, where that is not the customer.")
    ] = None,
) -> None:
    """Keep in mind what was promised, and by when.

    A date without a time is the end of that business day. When it has come true, or has not, say
    so: poc done --reminder ID --kept, or --broken.

    Example: poc promise 1042 "fri 14:00" a corrected invoice
    """
    from poc_tui.store.drafts import Promise
    from poc_tui.store.queries.customers import find

    context = Context.of(ctx)
    numbers, by, text = numbered(words, lambda date: EnteredDate(context.date(date)))
    customer_id = None if customer is None else find(context.reader(), customer).id
    draft = Promise(by.at, args.text(context, text), customer_id, to or "")
    done = context.desk().do(draft, numbers)
    context.out.done(done, [f"by {context.say(by.at)}"])


def done(
    ctx: typer.Context,
    n: Annotated[
        str | None, args.argument("N", "The requests whose open reminders are done.")
    ] = None,
    reminder: Annotated[
        list[int] | None,
        args.option("--reminder ID", "One reminder by its id; may be given again."),
    ] = None,
    kept: Annotated[bool | None, args.flag("--kept/--broken", "How a promise ended.")] = None,
    why: Annotated[str | None, args.option("--why TEXT", "What is to be said about that.")] = None,
    end: Annotated[
        bool, args.flag("--end", "A reminder that comes again does so no more.")
    ] = False,
) -> None:
    """Mark reminders as done, or a promise as kept or broken.

    All open ones of a request, or single ones by id. One that recurs comes again.

    Example: poc done 1042
    """
    from poc_tui.store.drafts import EndPromise, MarkDone

    context = Context.of(ctx)
    numbers = () if n is None else args.numbers(n)
    ids = tuple(dict.fromkeys(reminder or ()))
    if not (numbers or ids):
        raise NotUnderstood("say which: the number of a request, or --reminder with an id")
    if kept is not None:
        if end:
            raise NotUnderstood("a promise comes once; leave --end out")
        draft = EndPromise(_promise_meant(context, numbers, ids), kept, why or "")
        _carry_out(context, draft)
        return
    if why is not None:
        raise NotUnderstood("--why is for a promise; say --kept or --broken with it")
    of_requests = (id for number in numbers for id in _at_hand(context, number))
    ids = tuple(dict.fromkeys((*ids, *of_requests)))
    try:
        _carry_out(context, MarkDone(ids, end_series=end), ids)
    except NeedsYes as question:
        raise NeedsYes(f"{question} ({HOW_IT_ENDED}, one promise at a time)") from question


def reminders(
    ctx: typer.Context,
    days: Annotated[
        int | None,
        typer.Option("--days", min=0, max=3660, help="Only those of so many days ahead."),
    ] = None,
    promises: Annotated[bool, args.flag("--promises", "Only what was promised.")] = False,
) -> None:
    """List the open reminders and promises, the first due on top.

    Example: poc reminders --days 7
    """
    context = Context.of(ctx)
    until = None if days is None else context.clock.now() + timedelta(days=days)
    rows = [
        row
        for row in upcoming(context.reader(), until=until, limit=EVERY)
        if not promises or row.kind == ReminderKind.PROMISE
    ]
    empty = "no open promises" if promises else "no open reminders"
    context.out.table(
        lambda: listings.reminders(rows, context, empty),
        (serialize.reminder(row, context.times) for row in rows),
    )


def numbered(
    words: Sequence[str], read: Callable[[str], EnteredDate]
) -> tuple[tuple[int, ...], EnteredDate, Sequence[str]]:
    """Tell `N DATE TEXT` from `DATE TEXT`: the first word is a number if a date can follow.

    Raises:
        NotUnderstood: as `read` and `dated` do.
    """
    first, rest = words[0], words[1:]
    if args.is_number(first) and (len(words) >= 3 or (rest and _read(read, rest[0]))):
        return (args.numbers(first), *dated(rest, read))
    return ((), *dated(words, read))


def dated(
    words: Sequence[str], read: Callable[[str], EnteredDate]
) -> tuple[EnteredDate, Sequence[str]]:
    """The date that the first of these words is, and the text that follows.

    A date of two words without quotes would lose its time to the text, without a sound.

    Raises:
        NotUnderstood: as `read` does, or because the date seems to go on.
    """
    date, text = words[0], words[1:]
    when = read(date)
    if len(text) > 1 and _read(read, f"{date} {text[0]}") not in (None, when):
        together = safe(f"{date} {text[0]}")
        raise NotUnderstood(
            f"is “{together}” the date? Then put it in quotes; else put the text in quotes"
        )
    return when, text


def _read(read: Callable[[str], EnteredDate], words: str) -> EnteredDate | None:
    try:
        return read(words)
    except NotUnderstood:
        return None


def _once(context: Context, words: str) -> EnteredDate:
    return EnteredDate(context.date(words, begins=True))


def _recurring_or_once(context: Context, words: str) -> EnteredDate:
    from poc_tui.rules.recurrence.series import understand
    from poc_tui.rules.service.office_hours import OfficeHours

    settings = context.settings
    found = understand(
        words,
        context.clock.now(),
        context.clock.zone,
        day_first=settings.day_first,
        office=OfficeHours(settings.hours, begins=True),
    )
    return _once(context, words) if found is None else EnteredDate(found.first, found.rule)


def _carry_out(context: Context, draft: MarkDone | EndPromise, ids: Sequence[int] = ()) -> None:
    """Carry it out, and say when those of these reminders that recur come again."""
    done = context.desk().do(draft)
    lines = (*_again(context, ids), *listings.standings(context, done.numbers))
    context.out.done(done, lines)


def _again(context: Context, ids: Sequence[int]) -> Iterator[str]:
    for row in upcoming(context.reader(), limit=EVERY):
        if row.id in ids:
            yield f"“{row.text}” comes again {context.say(row.at)}, {listings.recurring(row)}"


def _at_hand(context: Context, number: int) -> Iterator[int]:
    """The open reminders of a request, as far as "done" means them.

    Raises:
        NotFound: there are none.
        NeedsYes: one of them is a promise.
    """
    now = context.clock.now()
    waiting = [row for row in _of(context, number) if row.is_at_hand(now)]
    if not waiting:
        raise NotFound(f"#{number} has no open reminder; `poc reminders` lists them all")
    for row in waiting:
        if row.kind == ReminderKind.PROMISE:
            raise NeedsYes(
                f"#{number} has an open promise, “{row.text}”; say first how it ended: "
                f"poc done --reminder {row.id} {HOW_IT_ENDED}"
            )
        yield row.id


def _promise_meant(context: Context, numbers: Sequence[int], ids: Sequence[int]) -> int:
    """The id of the one promise that is meant, by its id or by the request it was given on.

    Raises:
        NotFound: there is none on these requests.
        NotUnderstood: there are several.
    """
    found = [
        row
        for number in numbers
        for row in _of(context, number)
        if row.kind == ReminderKind.PROMISE and row.done_at is None
    ]
    if numbers and not found:
        raise NotFound("there is no open promise; `poc reminders --promises` lists them all")
    meant = [*ids, *(row.id for row in found if row.id not in ids)]
    if len(meant) > 1:
        raise NotUnderstood(
            f"say which promise ended: --reminder with one of {', '.join(map(str, meant))}"
        )
    return meant[0]


def _of(context: Context, number: int) -> Sequence[ReminderRow]:
    """Every reminder of the request. Raises NotFound when there is no such request."""
    from poc_tui.store.queries.requests import request

    return request(context.reader(), number).reminders
