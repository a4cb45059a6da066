"""What the palette finds: commands by their names, first what is next for what is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from poc_tui.commands import COMMANDS, Command
from poc_tui.rules.text import fold

if TYPE_CHECKING:
    from poc_tui.screens.command_screen import CommandScreen

ALIASES: Mapping[str, tuple[str, ...]] = {
    "new": ("add",),
    "quit": ("exit",),
    "search": ("find",),
    "theme": ("colours",),
}
"""What else a command is called by those who look for it."""


class Hit(NamedTuple):
    """A line of the palette. Its words may come from outside."""

    id: str
    """The command that it carries out."""
    words: str
    """What it does; or, where it does nothing, why."""
    help: str = ""
    keys: str = ""
    act: Callable[[], object] | None = None

    @property
    def is_name(self) -> bool:
        """Whether its words are the name of its command, behind which others may follow."""
        return any(self[:2] == (command.id, command.label) for command in COMMANDS)


class CommandHits:
    """The commands that work on a screen, as they stand when the palette opens.

    Args:
        screen: the one below the palette.
        recent: the ids of commands, the one that was used last first.
    """

    def __init__(self, screen: CommandScreen[Any], recent: Sequence[str]) -> None:
        self._screen = screen
        self._here = [command for command in COMMANDS if self._is_here(command)]
        vain = {id for tell in screen.in_vain for id in tell()}
        offered = {
            command.id: command
            for command in self._here
            if command.id not in vain and screen.footer.meets(command.needs)
        }
        used = [offered[id] for id in recent if id in offered]
        self._ranked = sorted(offered.values(), key=self._place)
        self._offered = [*used, *(command for command in self._ranked if command not in used)]

    def all(self) -> list[Hit]:
        """Every one: what was used lately, what is next for what is chosen, the rest."""
        return [self.hit(command) for command in self._offered]

    def named(self, words: str, *, by_help: bool) -> list[Hit]:
        """Those that are called so, the nearest first; `by_help`, also if explained so."""
        found = [
            (rank, command)
            for command in self._ranked
            if (rank := _rank(fold(words), command)) is not None and (by_help or rank < _BY_HELP)
        ]
        return [self.hit(command) for _, command in sorted(found, key=lambda each: each[0])]

    def by_name(self, word: str, among: Sequence[str]) -> str | None:
        """The id of the one command `among` these ids that is called so, or is the only one whose
        name begins so, whether or not it makes sense just now."""
        word = fold(word)
        names = {command.id: _names(command) for command in self._here if command.id in among}
        whole = [id for id in names if word in names[id]]
        begun = [id for id in names if any(name.startswith(word) for name in names[id])]
        return next((fits[0] for fits in (whole, begun) if len(fits) == 1), None)

    def hit(self, command: Command) -> Hit:
        """The line of a command by itself."""
        keys = self._screen.session.keymap.display(command.id)
        return Hit(command.id, command.label, command.help, keys, self._doing(command))

    def _doing(self, command: Command) -> Callable[[], object]:
        app = self._screen.app
        if command.scope == "app":
            return lambda: app.run_action(command.action, app)
        return lambda: self._screen.action_run(command.id)

    def _is_here(self, command: Command) -> bool:
        """Whether it works on this screen, and is none that moves or types."""
        if command.scope in ("text", "list") or command.group == "Move" or command.id == "palette":
            return False
        return command.scope == "app" or command.id in self._screen.commands

    def _place(self, command: Command) -> int:
        """What one does next with what is chosen comes first, in the order of the line of keys."""
        is_next = command.scope == "request" and self._screen.footer.meets(command.suits)
        return command.footer if is_next and command.footer else 1_000


_BY_HELP = 3


def _rank(words: str, command: Command) -> int | None:
    """How near a command's names are to folded words: 0 is nearest, None not at all."""
    names = _names(command)
    if any(name.startswith(words) for name in names):
        return 0
    if any(part.startswith(words) for name in names for part in name.split()):
        return 1
    if any(words in name for name in names):
        return 2
    said = f"{' '.join(names)} {fold(command.help)}".split()
    if all(any(part.startswith(word) for part in said) for word in words.split()):
        return _BY_HELP
    letters = iter(names[0])
    return _BY_HELP + 1 if all(letter in letters for letter in words.replace(" ", "")) else None


def _names(command: Command) -> list[str]:
    _, _, cli = command.cli.partition(":")
    names = (command.label, command.id.replace("_", " "), cli, *ALIASES.get(command.id, ()))
    return [fold(name) for name in names if name]
