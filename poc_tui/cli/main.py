"""The command line as a whole: what holds for every command, and what becomes of its end."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer
from typer.main import get_command

from poc_tui.cli.command_groups import LazyGroup
from poc_tui.cli.context import Context
from poc_tui.errors import NotUnderstood, PocError
from poc_tui.system.streams import (
    fail,
    open_what_is_closed,
    print_no_more,
    replace_what_cannot_be_printed,
    say_failure,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from poc_tui.rules.time_source import Clock

HELP = """The desk of a single point of contact, in the terminal.

Without a command: open the desk; without a terminal, print the agenda. Numbers are given as 1042,
several as 1042,1043; dates as tomorrow, +2h, "fri 14:00" or 27.11.

Example: poc add Invoice 4711 is wrong @"Meyer AG" due:fri14
"""

COMPLETING = "_POC_COMPLETE"
"""Set by the shell's script when it asks what could come next."""

app = typer.Typer(
    cls=LazyGroup,
    help=HELP,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _use_store(ctx: typer.Context, path: str | None) -> None:
    if path is None:
        return
    if not path:
        raise NotUnderstood("--db takes the path of the store, and it was given none")
    Context.of(ctx).use_store(path)


def _as_json(ctx: typer.Context, wanted: bool) -> None:
    if wanted:
        Context.of(ctx).json = True


def _without_pager(ctx: typer.Context, wanted: bool) -> None:
    if wanted:
        Context.of(ctx).pages = False


def _say_version(wanted: bool) -> None:
    if wanted:
        from poc_tui import __version__

        print(f"poc {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def poc(
    ctx: typer.Context,
    db: Annotated[
        str | None,
        typer.Option(
            "--db",
            metavar="PATH",
            help="The store to work on, instead of the one that POC_DB names.",
            callback=_use_store,
            expose_value=False,
        ),
    ] = None,
    json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print JSON for scripts.", callback=_as_json, expose_value=False
        ),
    ] = False,
    no_pager: Annotated[
        bool,
        typer.Option(
            "--no-pager",
            help="Print on the terminal as it comes.",
            callback=_without_pager,
            expose_value=False,
        ),
    ] = False,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Print the version.",
            callback=_say_version,
            is_eager=True,
            expose_value=False,
        ),
    ] = False,
) -> None:
    """What the program does without a command: open the desk, or print what there is to do."""
    if ctx.invoked_subcommand is None:
        _open_or_print(Context.of(ctx))


def run(
    argv: Sequence[str] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    clock: Clock | None = None,
    backs_up: bool = False,
) -> int:
    """Carry out a command line and return its exit code.

    0 done; 1 refused or failed; 2 not understood; 130 stopped with Ctrl+C. With any but 0 nothing
    was stored (but for an import, which keeps the batches that were whole and says so), and a
    sentence on standard error says what to do. `argv` is without the program's name; the
    process's own arguments, environment and clock are taken where none are given. With `backs_up`
    the first that opens the store on a day has it backed up, by a program of its own.
    """
    open_what_is_closed()
    context = Context(os.environ if environ is None else environ, clock=clock)
    try:
        return _carried_out(list(sys.argv[1:] if argv is None else argv), context)
    except BrokenPipeError:
        # Who reads has had enough, as with `poc list | head`; what was to be done is done.
        print_no_more()
        return 0
    except OSError as error:
        print_no_more()
        if context.has_acted:
            # It is stored: a failure that is told would have a script do it again.
            return 0
        where = "" if error.filename is None else f"{error.filename}: "
        return say_failure(f"{where}{error.strerror or error}", 1)
    finally:
        if backs_up:
            context.begin_backup()
        context.close()


def _carried_out(argv: list[str], context: Context) -> int:
    replace_what_cannot_be_printed()
    try:
        program = get_command(app)
        if COMPLETING in context.environ:
            program.main(argv, prog_name="poc", complete_var=COMPLETING, obj=context)
        with program.make_context("poc", argv, obj=context) as ctx:
            program.invoke(ctx)
        sys.stdout.flush()
    except PocError as error:
        return fail(error)
    except typer.TyperException as error:
        return say_failure(error.format_message(), error.exit_code)
    except typer.Exit as end:
        sys.stdout.flush()
        return end.exit_code
    except KeyboardInterrupt:
        return say_failure("stopped", 130)
    except SystemExit as end:  # how Typer ends completion
        return end.code if isinstance(end.code, int) else 1
    except OSError:
        raise
    except Exception as error:
        from poc_tui.store.damage import cause

        if (found := cause(error, context.path)) is None:
            raise
        return fail(found)
    return 0


def _open_or_print(context: Context) -> None:
    if context.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        from poc_tui.cli.commands.agenda import print_agenda

        print_agenda(context)
        return
    from poc_tui.cli.open_desk import open_over

    open_over(context)
