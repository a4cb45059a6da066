"""`poc departments`: list, show, add, edit, retire."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from poc_tui.cli import arguments as args, completion
from poc_tui.cli.context import Context
from poc_tui.cli.output import serialize
from poc_tui.cli.typer_startup import DefaultGroup, LeanCommand
from poc_tui.models.values import Priority
from poc_tui.rules.mail.address import address_in
from poc_tui.rules.service.business_time import DAY_IS, parse_work, say_work
from poc_tui.rules.text import one_line
from poc_tui.store.queries.departments import department, departments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from poc_tui.cli.output.layout import Block
    from poc_tui.store.records import DepartmentRow, Done

LONGEST_CONTACT = 60
"""Cells of a contact in a remark on it."""

app = typer.Typer(cls=DefaultGroup, help="Departments: list, show, add, edit and retire them.")

Which = Annotated[
    str, args.argument("NAME", "The start of the name is enough.", completion.departments)
]
Remit = Annotated[str | None, args.option("--remit TEXT", "What they can answer.")]
Contact = Annotated[
    str | None,
    args.option(
        "--contact TEXT", "How they are reached; a mail address in it lets forwards go out."
    ),
]
Deputy = Annotated[str | None, args.option("--deputy TEXT", "Who is asked when they are away.")]
Lead = Annotated[str | None, args.option("--lead TEXT", "Who is asked when they do not answer.")]
AnswerWithin = Annotated[
    str | None,
    args.option("--answer-within TIME", "In business time: 30min, 4h, 2d (8 h each), 1w."),
]


@app.command("list", cls=LeanCommand)
def list_(
    ctx: typer.Context,
    retired: Annotated[
        bool, args.flag("--retired", "Also those that are not in use any more.")
    ] = False,
) -> None:
    """List the departments, and how many questions lie with each.

    Example: poc departments
    """
    from poc_tui.cli.output.layout import Table

    context = Context.of(ctx)
    rows = departments(context.reader(), retired=retired)
    cells = (
        {
            "Name": row.name,
            f"Answers within, {DAY_IS}": _within(row, context),
            "Open": str(row.open_forwards),
            "Contact": row.contact,
            "Remit": row.remit,
            "Retired": "" if row.retired_at is None else context.say(row.retired_at),
        }
        for row in rows
    )
    context.out.table(
        lambda: Table(cells, "no departments", "Remit", {"Contact": 24}, right=("Open",)),
        (serialize.department(row, context.deadlines.levels, context.times) for row in rows),
    )


@app.command("show", cls=LeanCommand)
def show(ctx: typer.Context, name: Which) -> None:
    """Show a department.

    Example: poc departments show technical
    """
    context = Context.of(ctx)
    row = department(context.reader(), name, retired=True)
    context.out.page(
        lambda: _page(row, context),
        lambda: serialize.department(row, context.deadlines.levels, context.times),
    )


@app.command("add", cls=LeanCommand)
def add(
    ctx: typer.Context,
    name: Annotated[str, args.argument("NAME", "How it is called.")],
    remit: Remit = None,
    contact: Contact = None,
    deputy: Deputy = None,
    lead: Lead = None,
    answer_within: AnswerWithin = None,
) -> None:
    """Add a department.

    Example: poc departments add Logistics --remit "Delivery dates" --answer-within 4h
    """
    from poc_tui.store.drafts import EditDepartment

    context = Context.of(ctx)
    draft = EditDepartment(
        name=name,
        remit=remit,
        contact=contact,
        deputy=deputy,
        lead=lead,
        answer_within_minutes=_minutes(answer_within),
    )
    context.out.done(_with_doubts(context.desk().do(draft), contact, deputy, lead))


@app.command("edit", cls=LeanCommand)
def edit(
    ctx: typer.Context,
    name: Which,
    new_name: args.NewNameOption = None,
    remit: Remit = None,
    contact: Contact = None,
    deputy: Deputy = None,
    lead: Lead = None,
    answer_within: AnswerWithin = None,
    in_use: Annotated[bool, args.flag("--in-use", "Bring a retired department back.")] = False,
) -> None:
    """Change a department; what is not said stays.

    Example: poc departments edit technical --answer-within 2d
    """
    from poc_tui.store.drafts import EditDepartment

    context = Context.of(ctx)
    row = department(context.reader(), name, retired=True)
    draft = EditDepartment(
        id=row.id,
        name=new_name or row.name,
        remit=remit,
        contact=contact,
        deputy=deputy,
        lead=lead,
        answer_within_minutes=_minutes(answer_within),
        retired=False if in_use else None,
    )
    context.out.done(_with_doubts(context.desk().do(draft), contact, deputy, lead))


@app.command("retire", cls=LeanCommand)
def retire(ctx: typer.Context, name: Which) -> None:
    """Take a department out of use; questions that lie with it can still be answered.

    Example: poc departments retire marketing
    """
    from poc_tui.store.drafts import EditDepartment

    context = Context.of(ctx)
    row = department(context.reader(), name)
    waiting = [f"open questions there: {row.open_forwards}"] if row.open_forwards else []
    done = context.desk().do(EditDepartment(id=row.id, name=row.name, retired=True))
    context.out.done(done, ["retired", *waiting])


def _with_doubts(done: Done, *reached: str | None) -> Done:
    """What was done, and a remark on whatever looks as if mail could reach it, and it cannot."""
    no_address = [words for words in reached if words and "@" in words and not address_in(words)]
    remarks = [
        f"“{one_line(words, LONGEST_CONTACT)}” has no mail address in it, so no mail goes there;"
        " write one like books@example.com"
        for words in no_address
    ]
    return done._replace(remarks=(*done.remarks, *remarks))


def _minutes(words: str | None) -> int | None:
    return None if words is None else int(parse_work(words).total_seconds() // 60)


def _within(row: DepartmentRow, context: Context) -> str:
    """How long it may take, and for which priorities longer or shorter.

    The service levels have the last word; what the department itself says stands in brackets
    where it does not count.
    """
    usual = timedelta(minutes=row.answer_within)
    levels = context.deadlines.levels
    normal = levels.answer_within(row.name, usual, Priority.NORMAL)
    by_priority = ((p, levels.answer_within(row.name, usual, p)) for p in Priority)
    others = [f"{priority} {say_work(time)}" for priority, time in by_priority if time != normal]
    own = "" if normal == usual else f" (its own: {say_work(usual)})"
    return ", ".join([say_work(normal), *others]) + own


def _page(row: DepartmentRow, context: Context) -> Iterator[Block]:
    from poc_tui.cli.output.layout import Line

    retired = "" if row.retired_at is None else f" (retired {context.say(row.retired_at)})"
    yield Line(f"{row.name}{retired}", strong=True)
    yield Line(f"  answers within, in business time ({DAY_IS}): {_within(row, context)}")
    yield Line(f"  open questions: {row.open_forwards}")
    for what, text in (
        ("remit", row.remit),
        ("contact", row.contact),
        ("deputy", row.deputy),
        ("lead", row.lead),
    ):
        if text:
            yield Line(f"  {what}: {text}")
