"""`poc calendar`: what asks for a move of mine, as a file that calendar programs read."""

from __future__ import annotations

import typer

from poc_tui.cli import arguments as args
from poc_tui.cli.context import Context
from poc_tui.cli.output.printing import print_bytes
from poc_tui.errors import PocError


def calendar(ctx: typer.Context, output: args.OutputOption = "-") -> None:
    """Write deadlines, chases, check-backs, reminders and promises as an iCalendar file.

    Import it again, or let the calendar program subscribe to it: what was moved replaces what was
    there. What is settled is not in a new file.

    Example: poc calendar -o ~/poc.ics
    """
    from poc_tui.cli.output.calendar_file import calendar_of
    from poc_tui.system.unfinished import write_private

    context = Context.of(ctx)
    reader, now = context.reader(), context.clock.now()
    context.wind()
    content, count = calendar_of(reader, now, context.clock.zone)
    if output == "-":
        print_bytes(content)
        return
    try:
        write_private(output, content)
    except OSError as error:
        raise PocError(
            f"{output} cannot be written: {error.strerror}; what was there is as it was."
            " Choose another place with -o"
        ) from error
    entries = "1 entry" if count == 1 else f"{count:,} entries"
    context.out.say({"entries": count, "file": output}, f"wrote {entries} to {output}")
