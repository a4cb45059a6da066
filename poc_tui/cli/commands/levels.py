"""`poc levels`: how long things may take, and putting other service levels in force."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from poc_tui.cli import arguments as args
from poc_tui.cli.context import Context
from poc_tui.cli.output import level_words
from poc_tui.cli.output.layout import Line, Table
from poc_tui.cli.typer_startup import DefaultGroup, LeanCommand
from poc_tui.errors import ConfigWrong
from poc_tui.rules.court import CUSTOMER
from poc_tui.rules.service.business_time import day_said
from poc_tui.rules.service.deadlines import Deadlines, DueFor
from poc_tui.rules.text import fold, safe
from poc_tui.settings import days_off
from poc_tui.settings.active_levels import LevelsComparison, compare, file_now, spelled
from poc_tui.settings.levels_file import levels_path, parse, write_starter
from poc_tui.settings.own_files import LEVELS
from poc_tui.store.queries.departments import departments
from poc_tui.store.queries.journal import changed
from poc_tui.system.files import MOST_WRITTEN, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from poc_tui.cli.output.layout import Block
    from poc_tui.rules.service.levels import Levels
    from poc_tui.store.records import RequestDetail

app = typer.Typer(cls=DefaultGroup, help="Service levels: show, check, edit and apply them.")

_NOT_IN_FORCE = "The levels in force stay as they are."
_LABELS = {"first_answer": "first answer", "next_update": "next word", "resolution": "resolution"}
_OF_DUE = {DueFor.FIRST_ANSWER: "first_answer", DueFor.NEXT_UPDATE: "next_update"}


@app.command("show", cls=LeanCommand)
def show(ctx: typer.Context) -> None:
    """Show the service levels in force, and whether the file says other.

    Example: poc levels
    """
    context = Context.of(ctx)
    levels, compared = context.deadlines.levels, _compare(context)
    context.out.page(
        lambda: _page(levels, compared, context), lambda: _fields(levels, compared, context)
    )


@app.command("of", cls=LeanCommand)
def of(ctx: typer.Context, n: args.OneNumber) -> None:
    """Show at which level a request is served, and why.

    Example: poc levels of 1042
    """
    from poc_tui.store.queries.requests import facts, request

    context = Context.of(ctx)
    reader, number = context.reader(), args.number(n)
    context.wind()
    detail = request(reader, number)
    reasons = level_words.reasons(context.deadlines.levels, facts(detail))
    context.out.page(
        lambda: _page_of(detail, reasons, context),
        lambda: {
            "number": detail.number,
            **facts(detail)._asdict(),
            "levels": [
                {**reason._asdict(), "due_at": context.times.of(_due_at(detail, reason.target))}
                for reason in reasons
            ],
        },
    )


@app.command("init", cls=LeanCommand)
def init(ctx: typer.Context) -> None:
    """Write the commented file, in which every service level is given; then change it.

    Example: poc levels init
    """
    context = Context.of(ctx)
    path = levels_path(context.environ)
    write_starter(path)
    _say(context, f"wrote {path}", {"file": path})


@app.command("check", cls=LeanCommand)
def check(
    ctx: typer.Context,
    file: Annotated[
        str | None, args.argument("FILE", "Instead of the file that is applied.")
    ] = None,
) -> None:
    """Say whether the file can be used; nothing is changed.

    Example: poc levels check
    """
    context = Context.of(ctx)
    path = levels_path(context.environ) if file is None else file
    levels = parse(_content(path) if file is not None else file_now(context.environ), path)
    there = os.path.exists(path)
    words = f"{path} can be used" if there else f"{path} is not there yet; the starter can be used"
    unknown = _unknown_departments(context, levels)
    _say(context, "\n".join((words, *unknown)), {"file": path, "exists": there})


@app.command("apply", cls=LeanCommand)
def apply(ctx: typer.Context) -> None:
    """Put the file in force: every open request gets its dates anew, but for those given by hand.

    One `poc undo` takes it back.

    Example: poc levels apply
    """
    context = Context.of(ctx)
    _put_in_force(context)


@app.command("edit", cls=LeanCommand)
def edit(ctx: typer.Context) -> None:
    """Open the file in your editor, check it, and put it in force.

    It is made first where there is none. What cannot be used is kept in the file, but not applied.

    Example: poc levels edit
    """
    context = Context.of(ctx)
    path = levels_path(context.environ)
    changed = LEVELS.edit(path, context.environ)
    if not changed and not _compare(context).differs:
        _say(context, f"nothing was changed in {path}", {"requests": 0})
        return
    _put_in_force(context)


def _put_in_force(context: Context) -> None:
    """Apply the file, unless it is in force already, and say what that changed.

    Raises:
        ConfigWrong: it cannot be used; nothing was changed.
    """
    from poc_tui.cli.output.printing import bar
    from poc_tui.store.queries.queue import counts

    compared, hours = _compare(context), context.settings.hours
    path, source = compared.path, compared.content
    if compared.problem or source is None:
        raise ConfigWrong(f"{compared.problem} {_NOT_IN_FORCE}")
    if compared.in_force is not None and not compared.differs:
        _say(context, f"nothing to apply: {path} is in force already", {"requests": 0})
        return
    wanted = Deadlines(hours, parse(source, path))
    desk, now = context.desk(), context.clock.now()
    before = counts(context.reader(), now)
    with bar("counting the dates") as progress:
        done = desk.apply_levels(wanted, source, spelled(hours), progress)
    after = counts(context.reader(), now)
    requests = len(changed(context.reader(), done.journal_id, "request"))
    context.out.page(
        lambda: (
            Line(done.label),
            Line(f"  dates changed: {requests:,} of {after.open:,} open requests"),
            Line(f"  late now: {after.late:,}, before: {before.late:,}"),
            *(Line(f"  {sentence}") for sentence in _unknown_departments(context, wanted.levels)),
            Line("  poc undo takes it back"),
        ),
        lambda: {
            "done": done.label,
            "file": path,
            "requests": requests,
            "late": after.late,
            "late_before": before.late,
        },
    )


def _unknown_departments(context: Context, levels: Levels) -> Iterator[str]:
    """A sentence for each department that the file names and this desk does not have."""
    known = {fold(department.name) for department in departments(context.reader(), retired=True)}
    for name in levels.departments.keys() - known:
        yield f"“{safe(name)}” is no department of this desk; `poc departments` lists them"


def _compare(context: Context) -> LevelsComparison:
    return compare(context.reader(), context.settings.hours, context.environ)


def _page(levels: Levels, compared: LevelsComparison, context: Context) -> Iterator[Block]:
    since = "those that poc ships with; nothing was applied yet"
    if compared.in_force is not None:
        since = f"applied {context.say(compared.in_force.applied_at)}"
    yield Line(f"Service levels in force: {since}", strong=True)
    there = "" if os.path.exists(compared.path) else " (not there yet; `poc levels init` makes it)"
    yield Line(f"File: {compared.path}{there}")
    if compared.problem:
        yield Line(f"The file cannot be used: {compared.problem} {_NOT_IN_FORCE}")
    elif compared.differs:
        what = {
            (True, True): "The file and the business hours are",
            (True, False): "The file is",
            (False, True): "The business hours are",
        }[compared.file_differs, compared.hours_differ]
        yield Line(f"{what} other than what is in force: `poc levels apply` puts that right.")
    hours = context.settings.hours
    if missing := days_off.hint(hours.holidays, context.clock.now().astimezone(hours.zone).year):
        yield Line(missing)
    yield Line()
    yield from level_words.page(levels)
    yield Line(day_said(hours))


def _fields(levels: Levels, compared: LevelsComparison, context: Context) -> dict[str, Any]:
    applied = compared.in_force
    return {
        "from": "starter" if applied is None else "store",
        "applied_at": None if applied is None else context.times.of(applied.applied_at),
        "file": compared.path,
        "exists": os.path.exists(compared.path),
        "file_differs": compared.file_differs,
        "hours_differ": compared.hours_differ,
        "problem": compared.problem or None,
        "levels": level_words.as_fields(levels),
    }


def _page_of(
    detail: RequestDetail, reasons: tuple[level_words.TargetReason, ...], context: Context
) -> Iterator[Block]:
    yield Line(f"#{detail.number}  {detail.subject}", strong=True)
    vip = " (VIP)" if detail.vip else ""
    who = f"{detail.customer}{vip}" if detail.customer else "no customer"
    yield Line(f"{who} · {detail.kind} · {detail.channel} · priority {detail.priority}")
    yield Line()
    due = ((reason, _due_at(detail, reason.target)) for reason in reasons)
    rows = (
        {
            "Target": _LABELS[reason.target],
            "Within": ", ".join(reason.within),
            "Because": reason.because,
            "Due": "" if at is None else context.say(at),
        }
        for reason, at in due
    )
    yield Table(rows, gives_way="Because")
    if detail.due_for == DueFor.GIVEN and detail.due_at is not None:
        yield Line(f"A person said when they must hear from us: {context.say(detail.due_at)}")
        if detail.resolve_by is None and detail.court != CUSTOMER:
            yield Line("A target that comes no later gives way to that.")


def _due_at(detail: RequestDetail, target: str) -> datetime | None:
    """When that target must be met, where its clock runs."""
    if target == "resolution":
        return detail.resolve_by
    return detail.due_at if _OF_DUE.get(DueFor(detail.due_for or DueFor.GIVEN)) == target else None


def _content(path: str) -> bytes:
    try:
        return read_file(path, MOST_WRITTEN)
    except OSError as error:
        raise ConfigWrong(f"{path} cannot be read: {error.strerror}.") from error


def _say(context: Context, sentence: str, data: dict[str, Any]) -> None:
    context.out.say({"done": sentence, **data}, *sentence.split("\n"))
