"""`poc demo`: a throw-away desk full of work."""

from __future__ import annotations

import typer

from poc_tui.cli.context import Context


def demo(ctx: typer.Context) -> None:
    """Open a throw-away desk full of work, to try things.

    Example: poc demo
    """
    from poc_tui.cli.commands.agenda import print_agenda
    from poc_tui.demo import open_demo

    open_demo(Context.of(ctx), print_agenda)
