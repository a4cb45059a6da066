"""`poc demo`: a throw-away desk full of work."""

from __future__ import annotations

import os
import sys
import tempfile

import typer

from poc_tui.cli.context import Context


def demo(ctx: typer.Context) -> None:
    """Open a throw-away desk full of work, to try things.

    Example: poc demo
    """
    open_demo(Context.of(ctx))


def open_demo(context: Context) -> None:
    """Open a demo desk that is gone when it is left.

    Without a terminal, or when JSON is wanted, the agenda describes it instead. The store that
    `context` names is neither read nor written.
    """
    from poc_tui.demo import WHAT_IT_IS, build

    with tempfile.TemporaryDirectory(prefix="poc-demo-") as folder:
        context.use_store(os.path.join(folder, "demo.sqlite3"))
        build(context.path, context.clock, context.settings)
        if context.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            from poc_tui.cli.commands.agenda import print_agenda

            print(WHAT_IT_IS, file=sys.stderr if context.json else sys.stdout)
            print_agenda(context)
        else:
            from poc_tui.cli.open_desk import open_over

            open_over(context, demo=True)
            print("The demo desk is gone; your own is as it was.")
        context.close()
