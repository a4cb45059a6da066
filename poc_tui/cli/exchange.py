"""`poc import` and `poc export`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from poc_tui import locations
from poc_tui.cli.context import Context
from poc_tui.cli.layout import Block, Line
from poc_tui.errors import NotUnderstood, PocError, Refused
from poc_tui.rules.text import safe

if TYPE_CHECKING:
    from poc_tui.store.exchange.export import Progress
    from poc_tui.store.exchange.importing import ImportReport

STOPPED = 130
"""What a shell expects of a command that Ctrl+C ended."""


def import_(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV, JSON lines or an export.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=FIELD",
            help="What a column means, such as category=tags; may be given again.",
        ),
    ] = None,
    default: Annotated[
        list[str] | None,
        typer.Option(
            "--default",
            metavar="FIELD=VALUE",
            help="For rows that leave it empty, such as channel=web; may be given again.",
        ),
    ] = None,
    skip: Annotated[
        int | None,
        typer.Option(
            "--skip", metavar="N", min=0, help="Leave out the first N rows that can be taken."
        ),
    ] = None,
) -> None:
    """Take in requests from a file, or a whole export into an empty store.

    CSV needs a first line that names the columns; comma, semicolon and tab are told apart. JSON
    lines have one object a line. The fields are subject, text (one of these two is needed),
    customer, organisation, email, phone, channel, kind, priority, tags, received_at, due_at,
    state, resolution, resolved_at, first_answered_at; common other names for them are known.
    Columns that mean no field are named when it is done. Rows that are refused are kept in a
    file beside the source, with line and reason. One `poc undo` takes all of it back, or what came
    in after a step that was done meanwhile.
    """
    from poc_tui.store.exchange.importing import ImportOptions, import_file

    context = Context.of(ctx)
    context.reader()
    options = ImportOptions(
        spare_folder=locations.state_dir(context.environ),
        mapping=_pairs(mapping, "--map", "category=tags"),
        defaults=_pairs(default, "--default", "channel=web"),
        skip=skip,
        day_first=context.settings.day_first,
        actor=context.settings.name,
    )
    with bar("importing") as progress:
        report = import_file(file, context.path, context.clock, options, progress=progress)
    context.out.page(lambda: _lines(report), lambda: asdict(report))
    if report.stopped:
        raise typer.Exit(STOPPED)
    if not report.imported and report.refused:
        raise Refused(f"no row of {file} could be taken; nothing was imported")


def export(
    ctx: typer.Context,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Where to write; - is standard output."
        ),
    ] = "-",
) -> None:
    """Write everything as JSON lines, from which `poc import` makes the same store again."""
    from poc_tui.store.exchange.export import export_file, export_to

    context = Context.of(ctx)
    context.reader()
    if output == "-":
        try:
            export_to(sys.stdout.buffer, context.path, ascii=sys.stdout.isatty())
        except BrokenPipeError:
            raise
        except OSError as error:
            raise PocError(f"the export broke off: {error.strerror}; it is not whole") from error
        return
    with bar("exporting") as progress:
        rows = export_file(output, context.path, progress)
    context.out.page(
        lambda: [Line(f"exported {rows:,} rows to {output}")],
        lambda: {"rows": rows, "file": output},
    )


def _pairs(given: Sequence[str] | None, option: str, example: str) -> dict[str, str]:
    pairs = {}
    for words in given or ():
        left, equals, right = words.partition("=")
        if not (left.strip() and equals and right.strip()):
            raise NotUnderstood(f"{option} {words}: write it like {option} {example}")
        pairs[left.strip()] = right.strip()
    return pairs


@contextmanager
def bar(what: str) -> Iterator[Progress]:
    """A bar on standard error while it is a terminal; it leaves nothing behind."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    bar = Progress(
        what,
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _lines(report: ImportReport) -> Iterator[Block]:
    """The summary for people."""
    parts = [f"{'restored' if report.restored else 'imported'} {_requests(report.imported)}"]
    if report.skipped:
        parts.append(f"skipped {report.skipped:,}")
    if report.refused:
        parts.append(f"refused {report.refused:,} (see {report.refused_file})")
    yield Line(" · ".join(parts))
    if report.stopped:
        yield Line(
            f"  stopped: lines {report.next_line:,} to {report.lines:,} are not in; go on with "
            f"--skip {report.skipped + report.imported}, or take back what is in with poc undo"
        )
    if report.not_stored:
        names = ", ".join(safe(name) for name in report.not_stored)
        yield Line(
            f"  not stored as fields: {names} (each request keeps its row as it came; "
            "--map COLUMN=FIELD stores one)"
        )
    for remark in report.remarks:
        yield Line(f"  {remark}")


def _requests(count: int) -> str:
    return f"{count:,} request" + ("" if count == 1 else "s")
