"""What was promised to whom by when; `poc done` says whether it was kept."""

from __future__ import annotations

from typing import Annotated

import typer

from poc_tui.cli import arguments as args, completion
from poc_tui.cli.commands.reminders import EnteredDate, numbered
from poc_tui.cli.context import Context


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
