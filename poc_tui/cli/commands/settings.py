"""`poc config`, `poc keys`, `poc locate`: what is in force, and from where."""

from __future__ import annotations

import os
from datetime import UTC, datetime, tzinfo
from typing import Annotated

import typer

from poc_tui.cli import arguments as args
from poc_tui.cli.context import Context
from poc_tui.cli.output.layout import Line, Table
from poc_tui.cli.typer_startup import DefaultGroup, LeanCommand
from poc_tui.commands import COMMANDS
from poc_tui.errors import PocError
from poc_tui.rules.dates.format import say
from poc_tui.rules.text import size
from poc_tui.rules.time_source import SystemZone
from poc_tui.settings import days_off, edit as settings_edit, load
from poc_tui.settings.own_files import CONFIG
from poc_tui.system import locations

app = typer.Typer(cls=DefaultGroup, help="The settings: show, change, edit them.")


@app.command("show", cls=LeanCommand)
def show(ctx: typer.Context) -> None:
    """Show every setting that is in force, and whether the file or the program gives it.

    Example: poc config
    """
    context = Context.of(ctx)
    path = context.config_path
    load.load(path, context.environ)
    there = "" if os.path.exists(path) else " (not there yet; `poc config init` makes it)"
    rows = [
        {"key": key, "value": value, "from": "file" if given else "default"}
        for key, value, given in settings_edit.listing(path)
    ]
    cells = ({"Setting": row["key"], "Value": row["value"], "From": row["from"]} for row in rows)
    context.out.page(
        lambda: (Line(f"Settings: {path}{there}", strong=True), Table(cells, gives_way="Value")),
        lambda: {"path": path, "exists": not there, "settings": rows},
    )


@app.command("path", cls=LeanCommand)
def path(ctx: typer.Context) -> None:
    """Print where the settings file is.

    Example: poc config path
    """
    context = Context.of(ctx)
    context.out.say({"path": context.config_path}, context.config_path)


@app.command("init", cls=LeanCommand)
def init(ctx: typer.Context) -> None:
    """Write the commented settings file, in which every setting is shown and none is set.

    Example: poc config init
    """
    context = Context.of(ctx)
    settings_edit.write_starter(context.config_path)
    _say(context, f"wrote {context.config_path}")


@app.command("edit", cls=LeanCommand)
def edit(ctx: typer.Context) -> None:
    """Open the settings file in your editor; it is made first where there is none.

    Example: poc config edit
    """
    context = Context.of(ctx)
    path = context.config_path
    if not CONFIG.edit(path, context.environ):
        _say(context, f"nothing was changed in {path}")
        return
    # What was typed is kept even if it will not do: the sentence says where to go on.
    holidays = load.load(path, context.environ).hours.holidays
    days_off.check(holidays)
    _say(context, f"saved {path}", days_off.hint(holidays, _this_year(context)))


@app.command("set", cls=LeanCommand)
def set_(
    ctx: typer.Context,
    key: Annotated[str, args.argument("KEY", "Such as desk.theme or keys.forward.")],
    value: Annotated[list[str], args.argument("VALUE", "Without quotes of TOML.")],
) -> None:
    """Change one setting; comments and everything else in the file stay.

    Example: poc config set desk.theme nord
    """
    context = Context.of(ctx)
    path = context.config_path
    wanted = settings_edit.value_from_words(key, " ".join(value))
    if key == "desk.theme":
        # Only the desk knows its themes, and only here is there time to ask it.
        from textual.theme import BUILTIN_THEMES

        load.theme_name(str(wanted), ("auto", *BUILTIN_THEMES))
    remark = ""
    if key.startswith("hours."):
        settings = settings_edit.settings_with(path, {key: wanted}, context.environ)
        if key in ("hours.country", "hours.region"):
            remark = days_off.hint(settings.hours.holidays, _this_year(context))
    settings_edit.set_value(path, key, wanted, context.environ)
    (row,) = (row for row in settings_edit.listing(path) if row.key == key)
    _say(context, f"{row.key} = {row.value}", remark)


def keys(ctx: typer.Context) -> None:
    """List the keys of the desk that are in force.

    Example: poc keys
    """
    from poc_tui.settings.keymap import resolve

    context = Context.of(ctx)
    keymap = resolve(COMMANDS, context.settings.keys)
    shown, what = [(keymap.display(command.id), command) for command in COMMANDS], "What it does"
    cells = ({"Key": keys, "Command": one.id, what: one.help} for keys, one in shown)
    context.out.table(
        lambda: Table(cells, gives_way=what),
        (
            {"command": one.id, "keys": keys.split(), "label": one.label, "help": one.help}
            for keys, one in shown
        ),
    )


def locate(ctx: typer.Context) -> None:
    """Say where everything lies: store, backups, settings.

    Example: poc locate
    """
    from poc_tui.store.backups.retention import backups

    context = Context.of(ctx)
    places: list[tuple[str, str, str, dict[str, object]]] = [
        (what, path, "" if there else "not there yet", {"exists": there})
        for what, path, there in locations.locate(context.environ)
    ]
    zone = _zone(context)
    places[2:2] = [
        (
            "backup",
            found.path,
            f"{say(found.at, datetime.now(UTC), zone)}, {size(found.size)}",
            {"exists": True, "at": found.at.astimezone(zone).isoformat(), "size": found.size},
        )
        for found in backups(context.path)
    ]
    cells = ({"What": what, "Where": where, "": state} for what, where, state, _ in places)
    context.out.table(
        lambda: Table(cells),
        ({"what": what, "path": where, **more} for what, where, _, more in places),
    )


def _zone(context: Context) -> tzinfo:
    """The person's zone; the system's where the settings are looked for because they are wrong."""
    try:
        return context.settings.zone
    except PocError:
        return SystemZone()


def _this_year(context: Context) -> int:
    return context.clock.now().astimezone(context.clock.zone).year


def _say(context: Context, sentence: str, remark: str = "") -> None:
    """What was done, and what else to know."""
    remarks = {"remarks": [remark]} if remark else {}
    context.out.say({"done": sentence, **remarks}, *filter(None, (sentence, remark)))
