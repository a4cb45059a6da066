"""`poc due`: what became due since it was last asked; for cron, a timer, or whoever wonders."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from poc_tui.cli import arguments as args
from poc_tui.cli.context import Context
from poc_tui.cli.output import serialize
from poc_tui.cli.output.layout import Line, Table
from poc_tui.rules.agenda import AgendaItem, without_echoes
from poc_tui.store import notices_told
from poc_tui.store.queries.dated_items import items, untold
from poc_tui.words import due as due_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


NOTHING = 3
"""The exit code when nothing became due; 1 and 2 mean that something went wrong."""


def due(
    ctx: typer.Context,
    notify: Annotated[
        bool, args.flag("--notify", "Show a notice of the desktop as well, if there is one.")
    ] = False,
    everything: Annotated[
        bool, args.flag("--all", "All that is due now, told before or not; marks nothing as told.")
    ] = False,
) -> None:
    """Print what became due since this was last asked, a line each; each is told once.

    Mail that came and lies aside is told so as well, all of it in one line. Exit code 0 when
    something was printed, 3 when nothing became due: then nothing is printed either, but for a
    sentence in a terminal.

    Example: poc due --notify
    """
    context = Context.of(ctx)
    reader, now, zone = context.reader(), context.clock.now(), context.clock.zone
    context.wind()
    if everything:
        found: Sequence[AgendaItem] = items(reader, zone, until=now, aside=True)
        _print(context, found, now)
    else:
        teller = notices_told.teller(notices_told.COMMAND, context.settings.name)
        fresh = untold(reader, zone, now, teller, aside=True)
        found = notices_told.tell(context.path, teller, fresh)
        try:
            _print(context, found, now)
        except BaseException:
            notices_told.take_back(context.path, teller, found)
            raise
    if notify and found:
        from poc_tui.system import desktop_notices

        if send := desktop_notices.desktop(context.environ):
            due_words.notify(without_echoes(found), now, zone, send)
    if not found:
        raise typer.Exit(NOTHING)


def _print(context: Context, found: Sequence[AgendaItem], now: datetime) -> None:
    """All of it, or an error: what is still in a buffer may yet be refused."""
    if context.json:
        names = "at number subject customer who text"
        data = (
            # The id is that of the request, the forward, the reminder, the customer or the mail.
            {"what": item.what, "id": item.of, **serialize.fields(item, names, context.times)}
            for item in without_echoes(found)
        )
        context.out.table(lambda: Table(()), data)
    else:
        told = without_echoes(found)
        lines = [Line(due_words.line(item, now, context.clock.zone)) for item in told]
        if not lines and sys.stdout.isatty():
            lines = [
                Line("Nothing became due since you last asked; `poc due --all` shows the rest.")
            ]
        context.out.page(lambda: lines, dict)
    sys.stdout.flush()
