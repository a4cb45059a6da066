"""Looking: `list`, `show`, `search`. No ORM here; ten thousand requests are listed at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from poc_tui.cli import arguments as args, completion
from poc_tui.cli.context import Context
from poc_tui.cli.output import serialize
from poc_tui.cli.output.printing import print_original
from poc_tui.errors import NotUnderstood
from poc_tui.store.queries import listing
from poc_tui.store.queries.queue import by_number, total
from poc_tui.store.queries.reader import portions
from poc_tui.store.queries.views import named

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from poc_tui.cli.output.layout import Table


NEWEST = 100
"""Resolved requests that are listed for people who do not say how many."""


def list_(
    ctx: typer.Context,
    view: Annotated[
        str,
        args.argument(
            "VIEW",
            "my-turn, with-departments, with-customer, snoozed, open, resolved, late, escalated"
            " or new.",
            completion.views,
        ),
    ] = "open",
    customer: Annotated[
        str | None,
        args.option("--customer NAME", "Only requests of this customer.", completion.customers),
    ] = None,
    tag: Annotated[str | None, args.option("--tag TAG", "Only requests with this tag.")] = None,
    limit: args.LimitOption = None,
    all_: Annotated[
        bool,
        args.flag("--all", f"All that are resolved, not just the newest {NEWEST}; --json has all."),
    ] = False,
) -> None:
    """List requests, what is due first on top.

    Example: poc list late
    """
    if all_ and limit is not None:
        raise NotUnderstood("--all and --limit exclude each other; give one of them")
    context = Context.of(ctx)
    reader, chosen = context.reader(), named(view)
    context.wind()
    customer_id = None
    if tag is not None:
        from poc_tui.rules.capture_line import tag_name

        tag = tag_name(tag)
    if customer is not None:
        from poc_tui.store.queries.customers import find

        customer_id = find(reader, customer).id
    now, below = context.clock.now(), ""
    if chosen.name == "resolved" and not (all_ or limit or context.json):
        limit = NEWEST
        if customer_id is None and tag is None:
            found = total(reader, chosen, now)
        else:
            found = listing.count(reader, chosen, now, customer_id=customer_id, tag=tag)
        if found > limit:
            below = f"{limit} of {found:,}; --all shows the rest"
    numbers = listing.numbers(reader, chosen, now, customer_id=customer_id, tag=tag, limit=limit)
    empty = f"no requests in {chosen.name}"
    if not context.json and listing.is_empty(reader):
        from poc_tui.rules.mail.set_aside import lie_aside
        from poc_tui.store.queries.mail import aside_counts

        if (aside := aside_counts(reader)).mails:
            empty += f"; {lie_aside(*aside)} (`poc mail`)"
    print_requests(context, numbers, empty, below)


def show(
    ctx: typer.Context,
    n: args.OneNumber,
    original: Annotated[
        bool, args.flag("--original", "Print what was captured, as it came.")
    ] = False,
) -> None:
    """Show a request whole, with its clocks and its timeline.

    Example: poc show 1042
    """
    from poc_tui.store.queries.requests import original as captured, request

    context = Context.of(ctx)
    reader, number, now = context.reader(), args.number(n), context.clock.now()
    if original:
        raw = captured(reader, request(reader, number).number) or b""
        print_original(context.out, raw, {"number": number}, json=context.json)
        return
    context.wind()
    detail = request(reader, number, mine=context.settings.mail.mine)
    from poc_tui.cli.output import listings
    from poc_tui.rules.service.sla_clocks import sla_clocks

    how = sla_clocks(detail, context.settings.hours, now)
    context.out.page(
        lambda: listings.request(detail, how, context),
        lambda: serialize.request(detail, how, context.times),
        long=True,
    )


def search(
    ctx: typer.Context,
    words: Annotated[list[str], args.argument("WORDS", "Each from its beginning.")],
    limit: args.LimitOption = None,
) -> None:
    """Find requests by words, customer or number.

    Example: poc search invoice meyer
    """
    from poc_tui.store.queries.search import LIMIT, search

    context = Context.of(ctx)
    found = search(context.reader(), " ".join(words), limit=limit or LIMIT)
    print_requests(context, [row.number for row in found], "nothing found")


def print_requests(context: Context, numbers: Iterable[int], empty: str, below: str = "") -> None:
    """Print these requests, in this order, as a table or as one array; read as they are printed.

    `empty` says that there are none, `below` that there are more.
    """

    def table() -> Table:
        from poc_tui.cli.output import listings

        parts = portions(numbers, listing.PORTION)
        rows = (row for part in parts for row in by_number(context.reader(), part))
        return listings.queue(rows, context, empty)._replace(below=below)

    def texts() -> Iterator[str]:
        from poc_tui.quick import json_text

        yield from json_text.requests(listing.listed(context.reader(), numbers), context.times)

    context.out.table(table, texts())
