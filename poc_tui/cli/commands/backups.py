"""`poc backup` and `poc restore`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from poc_tui.cli import arguments as args
from poc_tui.cli.context import Context, agree
from poc_tui.cli.output.layout import Line, Table
from poc_tui.errors import NeedsYes, NotUnderstood, Refused
from poc_tui.rules.text import counted, size
from poc_tui.store.backups.retention import BackupCause, name_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from poc_tui.cli.output.layout import Block
    from poc_tui.quick.json_text import LocalTimes
    from poc_tui.store.backups.copying import StoreContents
    from poc_tui.store.restoring import RestorePreview


def backup(
    ctx: typer.Context,
    path: Annotated[
        str | None,
        args.argument("PATH", "A new file, or a directory; the folder of backups without it."),
    ] = None,
) -> None:
    """Back the store up now, checked; others go on working meanwhile.

    Every day's first `poc` does so by itself (`desk.daily_backup`): the last seven days and four
    weeks are kept. A backup that you ask for is kept until you take it away.

    Example: poc backup /media/stick
    """
    from poc_tui.store.backups.copying import copy_to
    from poc_tui.store.backups.making import make

    context = Context.of(ctx)
    if path is None:
        made = make(context.path, context.clock, BackupCause.ASKED)
        target, bytes = made.path, made.size
    else:
        target = os.path.abspath(path)
        if os.path.isdir(target):
            name = name_for(context.path, context.clock.now(), BackupCause.ASKED, 0)
            target = os.path.join(target, os.path.basename(name))
        if os.path.lexists(target):
            raise Refused(f"{target} is there already and stays as it is; name another file")
        bytes = copy_to(target, context.path)
    context.out.say({"file": target, "size": bytes}, f"backed up to {target} ({size(bytes)})")


def restore(
    ctx: typer.Context,
    file: Annotated[str, args.argument("FILE", "A backup; `poc locate` names them.")],
    *,
    yes: Annotated[bool, args.flag("--yes", "Do not ask.")] = False,
) -> None:
    """Put a backup in the place of the store, which stays beside it under another name.

    The backup is checked, and it is said what would change, before you are asked.

    Example: poc restore ~/.local/share/poc/backups/poc-20261127T081500Z.sqlite3
    """
    from poc_tui.store.restoring import compare, restore as put_back

    context = Context.of(ctx)
    if not file.strip():
        raise NotUnderstood("name the backup; `poc locate` lists them")
    found = compare(file, context.path)
    if not context.json:
        context.out.page(lambda: _compared(found, context), dict)
    try:
        agree(_question(found), yes=yes)
    except NeedsYes:
        if context.json:
            context.out.page(list, lambda: _fields(found, None, context.times, done=False))
        raise
    kept = put_back(file, context.path, context.clock)
    stays = "" if kept is None else f"; the one that was there is {kept}"
    fields = _fields(found, kept, context.times, done=True)
    context.out.say(fields, f"restored {context.path}{stays}")


def _compared(found: RestorePreview, context: Context) -> Iterator[Block]:
    def row(what: str, holds: StoreContents) -> dict[str, str]:
        last = holds.last_step
        return {
            "": what,
            "Requests": f"{holds.requests:,}",
            "Mails": f"{holds.mails:,}",
            "Steps": f"{holds.steps:,}",
            "Last step": "" if last is None else context.say(datetime.fromtimestamp(last, UTC)),
        }

    rows = [row("the backup", found.there)]
    if found.present is not None:
        rows.insert(0, row("the store now", found.present))
    yield Table(rows, right=("Requests", "Mails", "Steps"))
    if found.damage:
        yield Line(f"The store cannot be read: {found.damage}")


def _question(found: RestorePreview) -> str:
    if found.present is None:
        return "put the backup in the place of the store?"
    steps = found.present.steps - found.there.steps
    fewer = f", {counted(steps, 'step')} fewer" if steps > 0 else ""
    return f"put the backup in the place of the store{fewer}?"


def _fields(
    found: RestorePreview, kept: str | None, local: LocalTimes, *, done: bool
) -> dict[str, Any]:
    def of(holds: StoreContents | None) -> dict[str, Any] | None:
        if holds is None:
            return None
        last = holds.last_step
        moment = None if last is None else local.of_seconds(last)
        return {**holds._asdict(), "last_step": moment}

    return {
        "restored": done,
        "backup": of(found.there),
        "store": of(found.present),
        "damage": found.damage,
        "kept": kept,
    }
