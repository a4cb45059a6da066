"""`poc add` with everything it can take; the quick lane handles the common case without it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from poc_tui.cli import arguments as args, completion
from poc_tui.cli.context import Context
from poc_tui.cli.output import listings
from poc_tui.cli.typer_startup import LeanCommand
from poc_tui.errors import NotUnderstood
from poc_tui.rules.capture_line import (
    CaptureLine,
    first_and_rest,
    is_blank,
    parse,
    said_of_left,
    subject_and_text,
    without_dash,
)
from poc_tui.rules.text import safe
from poc_tui.system.streams import standard_input

if TYPE_CHECKING:
    from collections.abc import Iterator

    from poc_tui.store.drafts import Capture, CustomerRef

app = typer.Typer()

_AFTER_DASHES = "poc.words after --"


class _KeepsDashes(LeanCommand):
    """Hands on the `--` that ends the marks, which the parser of options would swallow."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if "--" in args:
            at = args.index("--")
            ctx.meta[_AFTER_DASHES] = args[at:]
            args = args[:at]
        return super().parse_args(ctx, args)


@app.command("add", cls=_KeepsDashes)
def add(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        args.argument("WORDS", "What it is about, with marks; - reads standard input."),
    ] = None,
    *,
    customer: args.CustomerOption = None,
    via: args.ChannelOption = None,
    kind: args.KindOption = None,
    prio: args.PriorityOption = None,
    due: args.DueOption = None,
    tag: args.TagsOption = None,
    to: Annotated[
        str | None,
        args.option(
            "--to DEPARTMENT", "Forward it to this department at once.", completion.departments
        ),
    ] = None,
    text: Annotated[str | None, args.flag("--text", "More words, below the subject.")] = None,
    mail: Annotated[
        str | None,
        args.option(
            "--mail FILE",
            "Take in this mail, as it came, instead of words; - reads standard input.",
        ),
    ] = None,
    edit: args.Edit = False,
) -> None:
    """Take a request down.

    Marks among the words: @customer +tag due:fri14 via:phone kind:complaint prio:high
    to:technical; -- ends them. Other words for a channel, a kind or a priority are known, English
    and German (via:anruf); a mark whose word is not stays in the words, and that is said.
    From standard input and the editor the first line is the subject. With --mail - a mail program
    can pipe mail in: exit code 0 says that it is kept for good.

    Example: poc add Invoice 4711 is wrong @"Meyer AG" +invoice due:fri14 via:phone
    """
    context = Context.of(ctx)
    typed = [*(words or ()), *ctx.meta.get(_AFTER_DASHES, ())]
    if mail is not None:
        if typed or edit or any((customer, via, kind, prio, due, tag, to, text)):
            raise NotUnderstood("--mail says it all: leave the words and the other options out")
        from poc_tui.cli.commands.add_mail import add_mail

        add_mail(context, mail)
        return
    line = parse(typed)
    line = line.replace(
        customer=_once(line.customer, customer, "the customer"),
        via=_once(line.via, via, "the channel"),
        kind=_once(line.kind, kind, "the kind"),
        prio=_once(line.prio, prio, "the priority"),
        due=_once(line.due, due, "the due date"),
        to=_once(line.to, to, "the department"),
        tags=(*line.tags, *(tag or ())),
    )
    subject, body, raw = _words(context, line, typed, text, edit=edit)
    by_option = None if customer is None else args.customer(customer)
    draft = _draft(context, line, subject, body, raw, by_option)
    done = listings.with_what_goes_out(context, context.desk().do(draft))
    done = done._replace(remarks=(*done.remarks, *said_of_left(line)))
    if context.json:
        context.out.done(done)
    else:
        context.out.page(lambda: _taken_down(context, done.numbers[0], done.remarks), dict)


def _once(mark: str | None, option: str | None, what: str) -> str | None:
    if mark is not None and option is not None:
        raise NotUnderstood(
            f"{what} was given twice, as “{safe(mark)}” and “{safe(option)}”; give it once"
        )
    return option if mark is None else mark


def _words(
    context: Context, line: CaptureLine, typed: list[str], text: str | None, *, edit: bool
) -> tuple[str, str, bytes]:
    """Subject, text and the bytes as they came.

    Beside words of a subject or a text, that is those and then standard input.
    """
    if text == "-" and line.stdin:
        raise NotUnderstood("standard input can be read once only; give - in one place")
    piped = line.stdin or text == "-"
    subject, body = line.subject, "" if text is None or text == "-" else text
    words = without_dash(typed) if line.stdin else typed
    if piped and not subject:
        words = []  # marks alone, which are carried out
    raw = b"\n\n".join(os.fsencode(part) for part in (" ".join(words), body) if part)
    if piped:
        came = standard_input()
        subject, body = _with_stdin(subject, body, came.decode("utf-8", "replace"))
        raw = raw + b"\n" + came if raw else came
    if edit:
        from poc_tui.system.editor import edit as in_editor

        start = "\n\n".join(filter(None, (subject, body)))
        written = in_editor(start, context.environ)
        subject, body = first_and_rest(written)
        raw = os.fsencode(written)
    return *subject_and_text(subject, body), raw


def _with_stdin(subject: str, text: str, came: str) -> tuple[str, str]:
    """Subject and text: the first line is the subject, unless there are words for one already."""
    if is_blank(subject):
        subject, came = first_and_rest(came)
    return subject, f"{text}\n\n{came}" if text else came


def _draft(
    context: Context,
    line: CaptureLine,
    subject: str,
    text: str,
    raw: bytes,
    by_option: CustomerRef | None,
) -> Capture:
    from poc_tui.models.values import Channel, Kind, Priority, one_of
    from poc_tui.store.drafts import Capture, CustomerName
    from poc_tui.store.queries.departments import department

    by_mark = None if line.customer is None else CustomerName(line.customer)
    return Capture(
        subject,
        text,
        raw,
        customer=by_option or by_mark,
        kind=None if line.kind is None else one_of(Kind, line.kind, "the kind"),
        channel=None if line.via is None else one_of(Channel, line.via, "the channel"),
        priority=None if line.prio is None else one_of(Priority, line.prio, "the priority"),
        tags=line.tags,
        due_at=None if line.due is None else context.date(line.due),
        to=None if line.to is None else department(context.reader(), line.to).id,
    )


def _taken_down(context: Context, number: int, remarks: tuple[str, ...]) -> Iterator[Any]:
    """The line that names the number, the customer if known and the date as understood."""
    from poc_tui.cli.output.layout import Line
    from poc_tui.rules.service import shown_date
    from poc_tui.store.queries.queue import by_number

    (row,) = by_number(context.reader(), [number])
    parts = [f"#{number}"]
    if row.customer:
        parts.append(safe(row.customer))
    if row.waiting_for:
        parts.append(f"forwarded to {safe(row.waiting_for)}")
    for word, at in shown_date.customers_dates(row.due_at, row.resolve_by):
        parts.append(f"{word} {context.say(at)}")
    yield Line("  ".join(parts))
    for remark in remarks:
        yield Line(f"  {remark}")
