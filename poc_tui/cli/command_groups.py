"""Commands that are found, imported and built when they are called.

Typer takes some 2.5 ms to build a command; building all of them would take as long as everything
else that `poc list` does.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from poc_tui import commands
from poc_tui.cli.typer_startup import LeanCommand, LeanGroup
from poc_tui.errors import NotUnderstood
from poc_tui.rules.text import safe

_LIVES = ("triage", "forward", "log", "chase", "escalate", "answer", "note", "resolve", "reopen")
"""Verbs in the order in which a request meets them; the others follow as the table has them."""

_VERBS = sorted(
    (command for command in commands.COMMANDS if command.cli),
    key=lambda verb: _LIVES.index(verb.id) if verb.id in _LIVES else len(_LIVES),
)

COMMANDS = {
    "add": "add:app",
    "list": "listing:list_",
    "show": "listing:show",
    "search": "listing:search",
    "agenda": "agenda:agenda",
    "due": "due:due",
    "calendar": "calendar:calendar",
    "when": "when:when",
    **{verb.id: verb.cli for verb in _VERBS},
    "reminders": "reminders:reminders",
    "undo": "verbs:undo",
    "redo": "verbs:redo",
    "talked": "customers:talked",
    "customers": "customers:app",
    "departments": "departments:app",
    "levels": "levels:app",
    "fetch": "fetch_send:fetch",
    "send": "fetch_send:send",
    "outbox": "outbox:app",
    "drafts": "drafts:drafts",
    "mail": "mail:app",
    "import": "exchange:import_",
    "export": "exchange:export",
    "backup": "backups:backup",
    "restore": "backups:restore",
    "config": "settings:app",
    "keys": "settings:keys",
    "locate": "settings:locate",
    "demo": "demo:demo",
}
"""Where each command is: a module of this package, and a function or a Typer in it."""

FORMER_NAMES = {"spoke": "talked"}
"""What commands were called, as scripts go on to call them; no list of commands has these."""

EVERYWHERE = ("db", "json", "no_pager")
"""Options of the program that every command takes as well."""


class LazyGroup(LeanGroup):
    """The program's own group."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all commands, none of them imported."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:
        """The command of that name, or that was called so, imported now; None for none."""
        cmd_name = FORMER_NAMES.get(cmd_name, cmd_name)
        if cmd_name not in COMMANDS:
            return None
        if cmd_name not in self.commands:
            command = _built(cmd_name)
            leaves = command.commands.values() if isinstance(command, TyperGroup) else [command]
            for leaf in leaves:
                leaf.params += [param for param in self.params if param.name in EVERYWHERE]
            self.commands[cmd_name] = command
        found = self.commands[cmd_name]
        return found if isinstance(found, TyperCommand | TyperGroup) else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """What the first word calls; `NotUnderstood` names the nearest where there is none."""
        name = args[0]
        if name in (*COMMANDS, *FORMER_NAMES) or name.startswith("-") or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        near = get_close_matches(name, COMMANDS, n=1)
        hint = f"did you mean `poc {near[0]}`? " if near else ""
        raise NotUnderstood(
            f"there is no command “{safe(name)}”; {hint}`poc --help` lists them all"
        )


def _built(name: str) -> TyperCommand | TyperGroup:
    module, _, attribute = COMMANDS[name].partition(":")
    found = getattr(import_module(f"poc_tui.cli.commands.{module}"), attribute)
    if not isinstance(found, typer.Typer):
        function, found = found, typer.Typer()
        found.command(name, cls=LeanCommand)(function)
    # Markup in a help text, or in words that an error repeats, would be carried out.
    found.rich_markup_mode = None
    found._add_completion = False
    command = get_command(found)
    command.name = name
    if not isinstance(command, TyperCommand | TyperGroup):
        raise TypeError(name)
    return command
