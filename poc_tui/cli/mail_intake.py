"""Taking mail in, for the commands that do: `fetch`, `import mail` and `add --mail`."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import typer

from poc_tui.cli.output.printing import STOPPED, bar
from poc_tui.errors import PocError
from poc_tui.rules.text import counted
from poc_tui.system.streams import say_failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from poc_tui.cli.context import Context
    from poc_tui.mail.intake import IntakeReport, Progress
    from poc_tui.mail.transport.source import MailSource


_YIELDS = 10
"""Added to the niceness of an import."""


def take_in(
    context: Context,
    sources: Sequence[MailSource],
    *,
    lists: bool,
    again: str,
    run: str | None = None,
) -> IntakeReport:
    """Take in what is new there, with a bar on a terminal.

    Ctrl+C ends the command, once it is said what is left to do and that `again` does it.

    Raises:
        Refused: another program takes mail in just now.
        PocError: mail cannot be read here at all; what came is kept.
    """
    from poc_tui.mail.intake import Intake

    if run is not None and sys.platform != "win32":
        os.nice(_YIELDS)  # an import takes a while, and the keys of an open desk come first
    try:
        with _phases() as progress:
            intake = Intake(
                context.path, context.desk(), context.clock, lists=lists, run=run, progress=progress
            )
            return intake.take_in(sources)
    except KeyboardInterrupt:
        _stopped(context, again)
        raise typer.Exit(STOPPED) from None
    except OSError as error:
        raise PocError(
            f"mail cannot be taken in: {error.strerror or error}; what came is kept,"
            f" and `{again}` goes on"
        ) from error


def say(context: Context, report: IntakeReport, lines: Sequence[str]) -> None:
    """Print what came in, and what went wrong on standard error; ends with 1 if anything did."""
    context.out.say(report._asdict(), *lines)
    if report.trouble:
        sys.stdout.flush()
        for sentence in report.trouble:
            say_failure(sentence, 1)
        raise typer.Exit(1)


@contextmanager
def _phases() -> Iterator[Progress]:
    """A bar for each phase, from its first step on: before that a password may be asked for."""
    with ExitStack() as stack:
        phase = ""
        show: Callable[[int, int], None]

        def progress(what: str, done: int, total: int) -> None:
            nonlocal phase, show
            if what != phase:
                stack.close()
                phase, show = what, stack.enter_context(bar(what))
            show(done, total)

        yield progress


def _stopped(context: Context, again: str) -> None:
    from poc_tui.store import raw_mail
    from poc_tui.store.connection import connection

    with connection(context.path) as opened:
        waiting = raw_mail.how_many_unread(opened) + len(raw_mail.to_file(opened))
    left = f", {counted(waiting, 'mail')} still to be filed" if waiting else ""
    sentence = f"stopped: what came is kept{left}; `{again}` goes on"
    context.out.say({"stopped": True, "to_file": waiting}, sentence)
