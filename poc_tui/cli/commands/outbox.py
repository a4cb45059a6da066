"""`poc outbox`: the mails of ours that wait, got stuck, or went out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from poc_tui.cli import arguments as args
from poc_tui.cli.context import Context
from poc_tui.cli.output import mail_listings, serialize
from poc_tui.cli.typer_startup import DefaultGroup, LeanCommand
from poc_tui.errors import Refused
from poc_tui.models.values import OutgoingState
from poc_tui.store import outbox as store_outbox
from poc_tui.store.connection import connection
from poc_tui.store.queries import mail
from poc_tui.words.mail_states import NOT_SENT

if TYPE_CHECKING:
    from poc_tui.store.records import OutgoingRow

app = typer.Typer(
    cls=DefaultGroup, help="Mail that goes out: what waits or is stuck, and what to do about it."
)

MailId = Annotated[str, args.argument("ID", "The number of the mail, as `poc outbox` lists it.")]


@app.command("list", cls=LeanCommand)
def list_(
    ctx: typer.Context, all_: Annotated[bool, args.flag("--all", "Also what has gone out.")] = False
) -> None:
    """List the mails that have not gone out: why, and when each is tried again.

    Example: poc outbox
    """
    context = Context.of(ctx)
    reader = context.reader()
    rows = mail.outbox(reader, tuple(OutgoingState)) if all_ else mail.pending(reader)
    empty = "no mail has gone out yet" if all_ else "no mail waits to go out"
    context.out.table(
        lambda: mail_listings.outbox(rows, context, empty),
        (serialize.outgoing_row(row, context.times) for row in rows),
    )


@app.command("show", cls=LeanCommand)
def show(ctx: typer.Context, id: MailId) -> None:
    """Show a mail of ours whole, and how far it has come.

    Example: poc outbox show 4
    """
    context = Context.of(ctx)
    row = mail.outgoing(context.reader(), args.mail_id(id))
    context.out.page(
        lambda: mail_listings.outgoing(row, context), lambda: serialize.outgoing(row, context.times)
    )


@app.command("again", cls=LeanCommand)
def again(ctx: typer.Context, id: MailId) -> None:
    """Let a mail go out again that failed, may have gone out, or was handed over.

    It keeps its Message-ID, so that mail programs can tell that it is the same.

    Example: poc outbox again 4
    """
    context = Context.of(ctx)
    row = mail.outgoing(context.reader(), args.mail_id(id))
    with connection(context.path) as opened:
        if not store_outbox.again(opened, row.id, context.clock.now()):
            raise Refused(f"mail {row.id} is {_now(context, row)}; it is not sent again")
    if row.send_at is not None and row.send_at > context.clock.now():
        goes = f"goes out {context.say(row.send_at)}, not before"
    else:
        goes = "waits to go out with `poc send`"
    _say(context, row, f"mail {row.id} to {row.recipient} {goes}")


@app.command("sent", cls=LeanCommand)
def sent(ctx: typer.Context, id: MailId) -> None:
    """Say that a mail did go out, though poc could not tell.

    Example: poc outbox sent 4
    """
    context = Context.of(ctx)
    row = mail.outgoing(context.reader(), args.mail_id(id))
    with connection(context.path) as opened:
        if not store_outbox.settle(opened, row.id, context.clock.now()):
            raise Refused(f"mail {row.id} is {_now(context, row)}; there is nothing to settle")
    _say(context, row, f"mail {row.id} to {row.recipient} went out")


_NOW: dict[str, str] = {
    OutgoingState.QUEUED: "still waiting",
    OutgoingState.SENDING: "on its way",
    OutgoingState.SENT: "sent already",
    OutgoingState.HANDED: "handed over already",
    OutgoingState.WITHDRAWN: NOT_SENT,
}


def _now(context: Context, row: OutgoingRow) -> str:
    state = mail.outgoing(context.reader(), row.id).state
    return _NOW.get(state, state)


def _say(context: Context, row: OutgoingRow, sentence: str) -> None:
    now = mail.outgoing(context.reader(), row.id)
    context.out.say({"done": sentence, **serialize.outgoing_row(now, context.times)}, sentence)
