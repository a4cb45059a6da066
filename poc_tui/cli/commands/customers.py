"""`poc customers`: list, show, add, edit; `poc talked`: they were talked to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from poc_tui.cli import arguments as args, completion
from poc_tui.cli.context import Context
from poc_tui.cli.output import serialize
from poc_tui.cli.typer_startup import DefaultGroup, LeanCommand
from poc_tui.errors import NotFound
from poc_tui.models.values import AddressKind, Channel, State, one_of
from poc_tui.rules.court import whose_move
from poc_tui.rules.text import fold
from poc_tui.store.queries.customers import customers, find
from poc_tui.store.queries.reader import EVERY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from poc_tui.cli.output.layout import Block
    from poc_tui.store.drafts import AddressDraft
    from poc_tui.store.records import AddressRow, CustomerDetail

NO_CHANNEL = "none"
NEVER = "never"

app = typer.Typer(cls=DefaultGroup, help="Customers: list, show, add and edit them.")

Who = Annotated[str, args.argument("NAME", "A name, an address or an id.", completion.customers)]
Organisation = Annotated[str | None, args.option("--organisation NAME", "Whom they work for.")]
Emails = Annotated[list[str] | None, args.option("--email ADDRESS", "May be given again.")]
Phones = Annotated[list[str] | None, args.option("--phone NUMBER", "May be given again.")]
Handles = Annotated[list[str] | None, args.option("--handle NAME", "Their name in chat or social.")]
Prefers = Annotated[
    str | None,
    args.option(
        "--prefers CHANNEL",
        "How they want to be answered; none takes it away.",
        completion.channels,
    ),
]
Preferences = Annotated[
    str | None, args.option("--preferences TEXT", "Language, hours, tone, in words.")
]
Vip = Annotated[bool | None, args.flag("--vip/--no-vip", "Whether much hangs on them.")]
Notes = Annotated[str | None, args.option("--notes TEXT", "What one should know of them.")]
Every = Annotated[
    str | None,
    args.option(
        "--every TIME", 'How often to talk to them: "6 weeks", monthly; never takes it away.'
    ),
]


@app.command("list", cls=LeanCommand)
def list_(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None, args.argument("WORDS", "In their name, organisation or address.")
    ] = None,
    limit: args.LimitOption = None,
) -> None:
    """List customers by name; with words, those they fit.

    Example: poc customers meyer
    """
    from poc_tui.cli.output.layout import Table

    context = Context.of(ctx)
    rows = customers(context.reader(), " ".join(words or ()), limit=limit or EVERY)
    cells = (
        {
            "Id": str(row.id),
            "Name": row.name,
            "Organisation": row.organisation,
            "VIP": "VIP" if row.vip else "",
            "Prefers": row.prefers or "",
            "Open": str(row.open_count),
            "Resolved": str(row.resolved_count),
        }
        for row in rows
    )
    right = ("Id", "Open", "Resolved")
    context.out.table(
        lambda: Table(cells, "no customers", "Name", {"Organisation": 30}, right=right),
        (serialize.customer_row(row, context.times) for row in rows),
    )


@app.command("show", cls=LeanCommand)
def show(
    ctx: typer.Context,
    name: Who,
    all_: Annotated[bool, args.flag("--all", "All their requests, not only the newest.")] = False,
) -> None:
    """Show a customer, what they prefer, and how it went so far.

    Example: poc customers show meyer
    """
    from poc_tui.store.queries.customers import customer

    context = Context.of(ctx)
    detail = find(context.reader(), name)
    if all_:
        detail = customer(context.reader(), detail.id, history=EVERY)
    due_at = _next_contact(detail, context)
    context.out.page(
        lambda: _page(detail, due_at, context),
        lambda: serialize.customer(detail, due_at, context.times),
        long=True,
    )


@app.command("add", cls=LeanCommand)
def add(
    ctx: typer.Context,
    name: Annotated[str, args.argument("NAME", "How you call them.")],
    *,
    organisation: Organisation = None,
    email: Emails = None,
    phone: Phones = None,
    handle: Handles = None,
    prefers: Prefers = None,
    preferences: Preferences = None,
    vip: Vip = None,
    notes: Notes = None,
    every: Every = None,
) -> None:
    """Add a customer.

    Example: poc customers add "Hotel Krone" --phone "+49 30 1234" --prefers phone
    """
    from poc_tui.store.drafts import EditCustomer

    context = Context.of(ctx)
    draft = EditCustomer(
        name=name,
        organisation=organisation,
        prefers=_channel(prefers),
        preferences=preferences,
        vip=vip,
        notes=notes,
        rhythm=_rhythm(every),
        addresses=_addresses(email, phone, handle),
    )
    context.out.done(context.desk().do(draft))


@app.command("edit", cls=LeanCommand)
def edit(
    ctx: typer.Context,
    name: Who,
    *,
    new_name: args.NewNameOption = None,
    organisation: Organisation = None,
    email: Emails = None,
    phone: Phones = None,
    handle: Handles = None,
    remove_address: Annotated[
        list[str] | None, args.option("--remove-address ADDRESS", "An address that is wrong.")
    ] = None,
    prefers: Prefers = None,
    preferences: Preferences = None,
    vip: Vip = None,
    notes: Notes = None,
    every: Every = None,
) -> None:
    """Change a customer.

    What is not said stays; addresses are added to those there are.

    Example: poc customers edit meyer --email office@meyer.example --vip
    """
    from poc_tui.store.drafts import EditCustomer

    context = Context.of(ctx)
    detail = find(context.reader(), name)
    changed = any(given is not None for given in (email, phone, handle, remove_address))
    kept = _without(detail.addresses, remove_address or (), detail.name) if changed else ()
    draft = EditCustomer(
        id=detail.id,
        name=new_name or detail.name,
        organisation=organisation,
        prefers=_channel(prefers),
        prefers_nothing=prefers == NO_CHANNEL,
        preferences=preferences,
        vip=vip,
        notes=notes,
        rhythm=_rhythm(every),
        addresses=(*kept, *_addresses(email, phone, handle)) if changed else None,
    )
    context.out.done(context.desk().do(draft))


def talked(
    ctx: typer.Context,
    name: Who,
    words: Annotated[
        list[str] | None, args.argument("WORDS", "What it was about; kept among their notes.")
    ] = None,
) -> None:
    """Say that you talked to a customer, apart from any request.

    What their requests tell of contact counts by itself.

    Example: poc talked meyer they are happy with the new packaging
    """
    from poc_tui.store.drafts import Contact
    from poc_tui.store.queries.customers import customer

    context = Context.of(ctx)
    id = find(context.reader(), name).id
    done = context.desk().do(Contact(id, args.text(context, words)))
    due_at = _next_contact(customer(context.reader(), id), context)
    again = [] if due_at is None else [f"talk to them again by {context.say(due_at)}"]
    context.out.done(done, again)


def _rhythm(words: str | None) -> str | None:
    """A rhythm as its rule; empty for never, None if it was not said."""
    if words is None:
        return None
    if fold(words).strip() == NEVER:
        return ""
    from poc_tui.rules.recurrence.series import rhythm

    return rhythm(words)


def _next_contact(detail: CustomerDetail, context: Context) -> datetime | None:
    """When they want to be talked to again (aware UTC); None for no matter when."""
    if not detail.rhythm:
        return None
    from poc_tui.rules.recurrence.rule import after

    return after(detail.rhythm, detail.last_contact, context.clock.zone)


def _channel(words: str | None) -> Channel | None:
    return None if words in (None, NO_CHANNEL) else one_of(Channel, words, "the channel")


def _addresses(
    emails: Sequence[str] | None, phones: Sequence[str] | None, handles: Sequence[str] | None
) -> tuple[AddressDraft, ...]:
    from poc_tui.store.drafts import AddressDraft

    return tuple(
        AddressDraft(kind, value)
        for kind, values in (
            (AddressKind.EMAIL, emails),
            (AddressKind.PHONE, phones),
            (AddressKind.HANDLE, handles),
        )
        for value in values or ()
    )


def _without(
    addresses: Sequence[AddressRow], unwanted: Sequence[str], name: str
) -> tuple[AddressDraft, ...]:
    """The addresses there are, but for these.

    Raises:
        NotFound: the customer has no such address.
    """
    from poc_tui.rules.mail.address import spellings
    from poc_tui.store.drafts import AddressDraft

    gone = {fold(value).strip() for value in unwanted}
    written = {address: {*map(fold, spellings(address.value))} for address in addresses}
    for value in gone.difference(*written.values()):
        raise NotFound(f"{name} has no address “{value}”; `poc customers show` lists them")
    return tuple(
        AddressDraft(AddressKind(address.kind), address.value)
        for address in addresses
        if not gone & written[address]
    )


def _page(detail: CustomerDetail, due_at: datetime | None, context: Context) -> Iterator[Block]:
    from poc_tui.cli.output.layout import Line, Prose, Table

    vip = " (VIP)" if detail.vip else ""
    yield Line(f"{detail.name}{vip}", strong=True)
    facts = [f"id {detail.id}", f"since {context.say(detail.since)}"]
    if detail.organisation:
        facts.insert(0, detail.organisation)
    if detail.prefers:
        facts.append(f"prefers {detail.prefers}")
    yield Line(" · ".join([*facts, f"{detail.open_count} open, {detail.resolved_count} resolved"]))
    yield Line(" · ".join(_contact(detail, due_at, context)))
    for address in detail.addresses:
        yield Line(f"  {address.kind}  {address.value}")
    for text in filter(None, (detail.preferences, detail.notes)):
        yield Prose(text)
    if not detail.history:
        return
    yield Line()
    rows = (
        {
            "No.": f"#{past.number}",
            "Received": context.say(past.received_at),
            "Subject": past.subject,
            "Outcome": f"{past.ended_as} {context.say(past.resolved_at)}"
            if past.state == State.RESOLVED and past.resolved_at is not None
            else f"{whose_move(past.court)}, {context.say(past.at)}",
        }
        for past in detail.history
    )
    yield Table(rows, gives_way="Subject", right=("No.",))


def _contact(detail: CustomerDetail, due_at: datetime | None, context: Context) -> Iterator[str]:
    """When there was contact, how often there should be, and when it is time again."""
    yield f"last contact {context.say(detail.last_contact)}"
    if due_at is not None:
        from poc_tui.rules.recurrence.rule import say

        yield f"talk to them {say(detail.rhythm)}"
        next_is = "next was due" if due_at < context.clock.now() else "next by"
        yield f"{next_is} {context.say(due_at)}"
