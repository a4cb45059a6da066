"""`poc import` and `poc export`."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from poc_tui.cli import arguments as args, completion
from poc_tui.cli.context import Context, agree
from poc_tui.cli.output.layout import Block, Line
from poc_tui.cli.output.printing import STOPPED, bar
from poc_tui.cli.typer_startup import DefaultGroup, LeanCommand
from poc_tui.errors import NotUnderstood, PocError, Refused
from poc_tui.rules.text import counted, safe
from poc_tui.settings.mail import Lists
from poc_tui.system import locations
from poc_tui.system.files import open_file
from poc_tui.system.piped_input import piped_in

if TYPE_CHECKING:
    from poc_tui.store.exchange.importing import ImportReport

MOST_LEFT = 10
"""Mailboxes that are named one by one when they were left out."""

LISTS: tuple[Lists, ...] = get_args(Lists)

import_ = typer.Typer(cls=DefaultGroup, help="Take in requests from a file, or from mail.")


@import_.command("file", cls=LeanCommand)
def import_requests(
    ctx: typer.Context,
    file: Annotated[
        str, args.argument("FILE", "CSV, JSON lines or an export; - is standard input.")
    ],
    mapping: Annotated[
        list[str] | None,
        args.option(
            "--map COLUMN=FIELD", "What a column means, such as category=tags; may be given again."
        ),
    ] = None,
    default: Annotated[
        list[str] | None,
        args.option(
            "--default FIELD=VALUE",
            "For rows that leave it empty, such as channel=web; may be given again.",
        ),
    ] = None,
    values: Annotated[
        list[str] | None,
        args.option(
            "--values COLUMN:WORD=VALUE",
            "What a word in a column means, such as status:parked=open; may be given again.",
        ),
    ] = None,
    day_first: Annotated[
        bool | None,
        typer.Option(
            "--day-first/--month-first",
            help="Whether 03/04/2026 is in April or in March; without a word, what the rows prove.",
            show_default=False,
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

    CSV needs a first line that names the columns; comma, semicolon, tab and bar are told apart.
    JSON lines have one object a line. The fields are subject, text (one of these two is needed),
    customer, organisation, email, phone, channel, kind, priority, tags, received_at, due_at,
    state, resolution, resolved_at, first_answered_at; common other names for them are known.
    Columns that mean no field are named when it is done. The words of other helpdesks for states,
    priorities, kinds and channels are known, English and German; a word that is not stands in a
    note on its request. The dates of a column are day first, month first or ISO as a whole, which
    is decided over all rows and said; what no row proves is asked for. Rows that are refused are
    kept in a file beside the source, with line and reason. One `poc undo` takes all of it back, or
    what came in after a step that was done meanwhile.

    Example: poc import tickets.csv --values status:parked=open
    """
    from poc_tui.store.exchange.importing import ImportOptions, import_file

    context = Context.of(ctx)
    if _looks_like_mail(file):
        raise NotUnderstood(
            f"{safe(file)} looks like mail; `poc import mail {shlex.quote(safe(file))}` takes it in"
        )
    context.reader()
    options = ImportOptions(
        spare_folder=locations.state_dir(context.environ),
        mapping=_pairs(mapping, "--map", "category=tags"),
        defaults=_pairs(default, "--default", "channel=web"),
        values=_values(values),
        skip=skip,
        day_first=day_first,
        usually_day_first=_usual(context),
        actor=context.settings.name,
    )
    with piped_in(options.spare_folder) if file == "-" else nullcontext(file) as path:
        _back_up_first(context)
        with bar("importing") as progress:
            report = import_file(path, context.path, context.clock, options, progress=progress)
    context.out.page(lambda: _lines(report), lambda: asdict(report))
    if report.stopped:
        raise typer.Exit(STOPPED)
    if not report.imported and report.refused:
        raise Refused(f"no row of {file} could be taken; nothing was imported")


@import_.command("mail", cls=LeanCommand)
def import_mail(
    ctx: typer.Context,
    path: Annotated[
        str,
        args.argument(
            "PATH", "A Maildir, an mbox file, a mail (.eml) or a directory of .eml files."
        ),
    ],
    lists: Annotated[
        str,
        args.option(
            "--lists aside|requests",
            "Whether mail from mailing lists is kept aside or made requests.",
            completion.lists,
        ),
    ] = "requests",
    yes: Annotated[
        bool, args.flag("--yes", "Do not ask about a directory that holds very much.")
    ] = False,
) -> None:
    """Take in all mail of a mailbox; what is there stays as it is.

    Each mail is kept to the byte, then read, then filed under the request that it belongs to, or a
    new one. A mail that is in already is not taken in again. It can be stopped at any time: the
    same command goes on where it ended. One `poc undo` takes back what was filed; the mails
    themselves stay, aside (`poc mail`).

    Example: poc import mail ~/Maildir
    """
    from secrets import token_hex

    from poc_tui.cli import mail_intake
    from poc_tui.cli.output import mail_listings
    from poc_tui.mail.transport.maildir import Maildir
    from poc_tui.mail.transport.open_source import how_much, left_out, open_source
    from poc_tui.store.queries.listing import newest

    if lists not in LISTS:
        raise NotUnderstood(f"--lists “{safe(lists)}” is not known; say {' or '.join(LISTS)}")
    context = Context.of(ctx)
    if question := how_much(path):
        agree(question, yes=yes)
    source, before = open_source(path, context.clock), newest(context.reader())
    _back_up_first(context)
    report = mail_intake.take_in(
        context,
        [source],
        lists=lists == "requests",
        again=f"poc import mail {shlex.quote(path)}",
        run=token_hex(8),
    )
    if left := left_out(path):
        report = report._replace(remarks=(_left(left), *report.remarks))
    if isinstance(source, Maildir) and source.left:
        remark = f"left: {counted(source.left, 'mail')} in the trash or not finished"
        report = report._replace(remarks=(remark, *report.remarks))
    if report.new or report.filed or report.aside or report.trouble:
        lines = [*mail_listings.came_in(report, before)]
    elif report.known:
        all_ = f"all {report.known:,} mails are" if report.known > 1 else "the mail is"
        lines = [f"{all_} in already{_aside(context)}", *mail_listings.remarks(report)]
    else:
        lines = [f"there is no new mail in {path}{_aside(context)}", *mail_listings.remarks(report)]
    mail_intake.say(context, report, lines)


def export(ctx: typer.Context, output: args.OutputOption = "-") -> None:
    """Write everything as JSON lines, from which `poc import` makes the same store again.

    Example: poc export -o everything.jsonl
    """
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
    context.out.say({"rows": rows, "file": output}, f"exported {rows:,} rows to {output}")


def _back_up_first(context: Context) -> None:
    """Make the day's backup now if it is due, before much is changed; wait for it.

    What hinders it is said, and hinders nothing else.
    """
    from time import sleep

    from poc_tui.store.backups.making import make_due
    from poc_tui.system.streams import say_failure

    try:
        if context.settings.daily_backup:
            make_due(context.path, context.clock, pause=sleep)
    except PocError as error:
        say_failure(f"no backup was made first: {error}", 1)


def _aside(context: Context) -> str:
    """That some mail lies aside: where mails are that were taken in and undone."""
    from poc_tui.store.queries.mail import counts

    count = counts(context.reader()).aside
    return f"; {count:,} {'lies' if count == 1 else 'lie'} aside (`poc mail`)" if count else ""


def _left(names: Sequence[str]) -> str:
    """That these were not taken in with the mails beside them."""
    more = f" and {len(names) - MOST_LEFT:,} more" if len(names) > MOST_LEFT else ""
    return f"left: {', '.join(map(safe, names[:MOST_LEFT]))}{more} (name each by itself)"


def _looks_like_mail(path: str) -> bool:
    if os.path.isdir(path) or path.lower().endswith((".eml", ".mbox")):
        return True
    from poc_tui.mail.transport.mbox import looks_like_mbox

    try:
        with open_file(path) as file:
            return looks_like_mbox(file.read(1024))
    except OSError:
        return False


def _pairs(given: Sequence[str] | None, option: str, example: str) -> dict[str, str]:
    pairs = {}
    for words in given or ():
        left, equals, right = words.partition("=")
        if not (left.strip() and equals and right.strip()):
            raise NotUnderstood(f"{option} {words}: write it like {option} {example}")
        pairs[left.strip()] = right.strip()
    return pairs


def _values(given: Sequence[str] | None) -> list[tuple[str, str]]:
    pairs = []
    for words in given or ():
        left, equals, value = words.rpartition("=")
        column, colon, word = left.partition(":")
        if not (equals and column.strip() and colon and word.strip() and value.strip()):
            raise NotUnderstood(
                f"--values {safe(words)}: write it like --values status:parked=open"
            )
        pairs.append((left, value.strip()))
    return pairs


def _usual(context: Context) -> bool | None:
    """How 03/04 is read where the settings file says it; None where it does not."""
    from poc_tui.settings.load import read_values

    settings = context.settings
    given = "desk.day_first" in read_values(context.config_path)
    return settings.day_first if given else None


def _lines(report: ImportReport) -> Iterator[Block]:
    """The summary for people."""
    how = "restored" if report.restored else "imported"
    parts = [f"{how} {counted(report.imported, 'request')}"]
    if report.taken_back:
        parts.append(f"taken back meanwhile {report.taken_back:,}")
    if report.skipped:
        parts.append(f"skipped {report.skipped:,}")
    if report.refused:
        parts.append(f"refused {report.refused:,} (see {report.refused_file})")
    yield Line(" · ".join(parts))
    if report.stopped:
        came = report.skipped + report.imported + report.taken_back
        yield Line(
            f"  stopped: lines {report.next_line:,} to {report.lines:,} are not in; go on with "
            f"--skip {came}, or take back what is in with poc undo"
        )
    if report.not_stored:
        from poc_tui.store.exchange.columns import listed

        yield Line(
            f"  not stored as fields: {listed(report.not_stored)} (each request keeps its row as "
            "it came; --map COLUMN=FIELD stores one)"
        )
    for remark in report.remarks:
        yield Line(f"  {remark}")
