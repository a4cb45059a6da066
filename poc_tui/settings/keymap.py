"""Which key does what: the table of commands with a person's own keys laid over it.

Keys are held under the names that Textual gives them (`textual.keys`), since the bindings are
made from them; a person may write the sign itself (`/`), Textual's name (`slash`) or a common
short form (`esc`). Textual is not imported: the command line checks keys as well.
"""

from __future__ import annotations

import string
import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.commands import FORMER_IDS, LATER
from poc_tui.errors import ConfigWrong
from poc_tui.settings.schema import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from poc_tui.commands import Command, Scope

_SHORT_FORMS = {
    "bs": "backspace",
    "del": "delete",
    "esc": "escape",
    "ins": "insert",
    "pgdn": "pagedown",
    "pgup": "pageup",
    "return": "enter",
    "↑": "up",
    "↓": "down",
    "←": "left",
    "→": "right",
}
_CURSOR_KEYS = frozenset(
    ("up", "down", "left", "right", "home", "end", "pageup", "pagedown", "insert", "delete")
)
_FUNCTION_KEYS = frozenset(f"f{number}" for number in range(1, 13))
_NAMED = _CURSOR_KEYS | _FUNCTION_KEYS | {"enter", "tab", "space", "backspace", "escape"}

# The names Unicode gives these signs, and the commoner ones Textual puts in their place.
_RENAMED_SIGNS = {
    "solidus": "slash",
    "reverse_solidus": "backslash",
    "commercial_at": "at",
    "hyphen_minus": "minus",
    "plus_sign": "plus",
    "low_line": "underscore",
}

_TAKEN = {
    "escape": "it leaves a dialog",
    "ctrl+c": "it copies the selected text",
    "ctrl+q": "it always quits",
    "ctrl+h": 'a terminal sends the same for it as for "backspace"',
    "ctrl+i": 'a terminal sends the same for it as for "tab"',
    "ctrl+m": 'a terminal sends the same for it as for "enter"',
}
_DISPLAY = {"up": "↑", "down": "↓", "left": "←", "right": "→", "pageup": "pgup", "pagedown": "pgdn"}


class KeyBinding(NamedTuple):
    """What the app needs to make one Textual `Binding`.

    `keys` is Textual's comma-separated form (`j,down`), `shown` the key for the footer.
    """

    keys: str
    command: str
    action: str
    label: str
    help: str
    shown: str
    footer: int


class Keymap:
    """The keys of each command, checked: every key means one thing in every place."""

    def __init__(self, commands: Sequence[Command], keys: Mapping[str, tuple[str, ...]]) -> None:
        self._commands = commands
        self._keys = keys

    def keys(self, command: str) -> tuple[str, ...]:
        """Textual's names of the keys of a command id; empty if only the palette offers it."""
        return self._keys[command]

    def display(self, command: str) -> str:
        """All keys of a command id as a person reads them, such as `j ↓`; may be empty."""
        return " ".join(display_key(key) for key in self._keys[command])

    def first(self, command: str) -> str:
        """The key that a sentence names for a command id; the palette where it has none."""
        keys = self._keys[command]
        return display_key(keys[0]) if keys else "the palette"

    def with_alt(self) -> frozenset[str]:
        """The letters that mean something together with alt, capital where shift belongs to it."""
        chords = (key.split("+") for keys in self._keys.values() for key in keys)
        return frozenset(
            letter.upper() if "shift" in modifiers else letter
            for *modifiers, letter in chords
            if "alt" in modifiers and len(letter) == 1
        )

    def bindings(self, *scopes: Scope) -> tuple[KeyBinding, ...]:
        """What to bind in these scopes (in all, if none is named), in the order of the table."""
        return tuple(
            KeyBinding(
                ",".join(keys),
                command.id,
                command.action,
                command.label,
                command.help,
                display_key(keys[0]),
                command.footer,
            )
            for command in self._commands
            if (keys := self._keys[command.id]) and (not scopes or command.scope in scopes)
        )


def resolve(commands: Sequence[Command], overrides: Mapping[str, Sequence[str]]) -> Keymap:
    """Lay a person's own keys over the table.

    `overrides` gives for a command id the keys it shall have instead of its own; none at all, or
    an empty string, takes its keys away. What a command was called names it too. A command that
    came later (`commands.LATER`) loses the key that a person has given to another.

    Raises:
        ConfigWrong: an id is not in the table, a key is one that no terminal sends or that has
            a fixed meaning, or a key has two meanings.
    """
    table = {command.id: command for command in commands}
    keys = {command.id: command.keys for command in commands}
    for given, wanted in overrides.items():
        command_id = FORMER_IDS.get(given, given)
        if command_id not in table:
            raise ConfigWrong(
                f'There is no command "{command_id}" to give a key to.'
                f' The nearest is "{nearest(command_id, table)}".'
            )
        keys[command_id] = tuple(
            dict.fromkeys(_checked(text, table[command_id]) for text in wanted if text)
        )
    given_to = {FORMER_IDS.get(given, given) for given in overrides}
    own = {key for command_id in given_to for key in keys[command_id]}
    for command_id in LATER & keys.keys() - given_to:
        keys[command_id] = tuple(key for key in keys[command_id] if key not in own)
    _refuse_clashes(commands, keys)
    return Keymap(commands, keys)


def key_name(text: str) -> str:
    """Textual's name of the key that a person calls `text`: `?` is `question_mark`.

    Raises:
        ConfigWrong: it is not a key that every terminal sends.
    """
    if len(text) == 1 and text.isprintable() and text not in _SHORT_FORMS:
        return _sign_name(text)
    *before, base = text.strip().split("+")
    modifiers = frozenset(modifier.strip().lower() for modifier in before)
    base = base.strip()
    base = _SHORT_FORMS.get(base.lower(), base)
    if len(base) == 1:
        if base.isupper() and "alt" in modifiers:
            modifiers |= {"shift"}
        base = base.lower()
    else:
        base = _RENAMED_SIGNS.get(base.lower(), base.lower())
    if modifiers == {"shift"} and base in _LETTERS:
        return base.upper()
    if base in _SENT.get(modifiers, ()):
        return "+".join([*sorted(modifiers), base])
    near = get_close_matches(base, sorted(_NAMED | _SIGN_OF.keys()), n=1)
    hint = f' Did you mean "{near[0]}"?' if near and near[0] != base else ""
    raise ConfigWrong(
        f'"{text}" is not a key that every terminal sends.{hint}'
        ' Keys are written like "x", "X", "?", "f2", "pagedown", "ctrl+x" or "alt+x".'
    )


def display_key(name: str) -> str:
    """A key of Textual's name `name` as a person reads it: `?` for `question_mark`."""
    *modifiers, base = name.split("+")
    return "+".join([*modifiers, _DISPLAY.get(base) or _sign_of(base)])


def _sign_name(sign: str) -> str:
    """The name Textual derives for a single character, as `textual.keys` does."""
    if sign.isalnum():
        return sign
    name = unicodedata.name(sign, sign).lower().replace("-", "_").replace(" ", "_")
    return _RENAMED_SIGNS.get(name, name)


def _sign_of(name: str) -> str:
    """The character with that name, or the name itself when the key is no sign."""
    if name in _NAMED or name in _SIGN_OF:
        return _SIGN_OF.get(name, name)
    try:
        return unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return name


_LETTERS = frozenset(string.ascii_lowercase)
_SIGN_OF = {_sign_name(sign): sign for sign in string.punctuation}

# What terminals without a special keyboard protocol send so that Textual knows it, read from
# `textual._ansi_sequences` and `textual._xterm_parser`: a control character has one letter and no
# shift, Alt is an escape before a letter (b and f are taken: some terminals send them for Alt and
# an arrow), and cursor keys carry more.
_SENT: dict[frozenset[str], frozenset[str]] = {
    frozenset(): _NAMED | _SIGN_OF.keys(),
    frozenset({"shift"}): _CURSOR_KEYS | {"tab"},
    frozenset({"ctrl"}): _CURSOR_KEYS | _LETTERS,
    frozenset({"alt"}): _CURSOR_KEYS | _LETTERS - {"b", "f"},
    frozenset({"ctrl", "shift"}): _CURSOR_KEYS,
    frozenset({"alt", "shift"}): _LETTERS,
}


def _checked(text: str, command: Command) -> str:
    """The name of the key, if this command may have it."""
    name = key_name(text)
    if name in _TAKEN:
        raise ConfigWrong(
            f'"{text}" cannot be given to "{command.id}": {_TAKEN[name]}. Choose another key.'
        )
    types = not name.startswith(("ctrl+", "alt+")) and name not in _FUNCTION_KEYS
    if command.scope == "text" and types:
        raise ConfigWrong(
            f'"{text}" cannot be given to "{command.id}": it is needed for typing.'
            " Choose a key with ctrl or alt, or one of f1 to f12."
        )
    return name


def _refuse_clashes(commands: Sequence[Command], keys: Mapping[str, tuple[str, ...]]) -> None:
    holders: dict[str, list[Command]] = {}
    for command in commands:
        for key in keys[command.id]:
            for other in holders.setdefault(key, []):
                if _meet(command.scope, other.scope):
                    raise ConfigWrong(
                        f'The key "{display_key(key)}" is given to both "{other.id}"'
                        f' ({other.label}) and "{command.id}" ({command.label}).'
                        ' Give one of them another key, or "" for none.'
                    )
            holders[key].append(command)


def _meet(one: Scope, other: Scope) -> bool:
    """Whether one keypress could mean either: all but text fields are open at the same time, and
    the screen of the mail has commands of its own in place of those of requests and desk.
    """
    if one == other or "app" in (one, other):
        return True
    if "mail" in (one, other):
        return "list" in (one, other)
    return "text" not in (one, other)
