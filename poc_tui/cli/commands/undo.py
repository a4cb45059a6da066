"""Taking steps back and doing them again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from poc_tui.cli.context import Context
from poc_tui.cli.output import listings

if TYPE_CHECKING:
    from poc_tui.store.records import Done


def undo(ctx: typer.Context) -> None:
    """Take your last step back, whatever it was.

    Yours is what was done under the name of this desk (desk.name); what somebody else built on it
    since has to go first.

    Example: poc undo
    """
    context = Context.of(ctx)
    _say(context, "undo", context.desk().undo())


def redo(ctx: typer.Context) -> None:
    """Do the step again that you took back last.

    Example: poc redo
    """
    context = Context.of(ctx)
    _say(context, "redo", context.desk().redo())


def _say(context: Context, what: str, done: Done) -> None:
    said = done._replace(label=f"{what}: {done.label}")
    context.out.done(said, listings.standings(context, done.numbers))
