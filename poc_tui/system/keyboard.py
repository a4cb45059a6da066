"""What the keys of a terminal mean, under the kitty keyboard protocol as well.

A terminal that speaks it sends `CSI code:shifted:base ; modifiers:event ; text u`, each part but
the first as it likes (https://sw.kovidgoyal.net/kitty/keyboard-protocol/). What was typed is the
text if it is sent; else it is worked out of the rest, so that a space, a sign of AltGr or an
umlaut arrives however much the terminal says. Keys that a terminal without the protocol could not
tell apart are not told apart either: the keymap knows one meaning for both.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from textual import events
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.keys import Keys, _character_to_key

_KEY = re.compile(r"\x1b\[(?P<codes>[\d:]*(?:;[\d:]*){0,2})(?P<final>[u~ABCDEFHPQRS])")
_COMMAND = re.compile(r"\x1b\[(?!\[|<?[-\d;]*[mM]|\?\d+;\d\$y)[<-?]*[0-9;:]*[ -/]*[@-~]")
"""A whole control sequence, but for reports of the mouse and of modes and a Linux console's F1."""

_SHIFT, _ALT, _CAPS_LOCK = 1, 2, 64
_MODIFIERS = {_SHIFT: "shift", _ALT: "alt", 4: "ctrl", 8: "super", 16: "hyper", 32: "meta"}
_COMMANDS = sum(_MODIFIERS) - _SHIFT
"""All modifiers that make a command of a character; Caps Lock and Num Lock do not."""
_RELEASED = "3"

_SIGN_OF_KEYPAD = {
    "decimal": ".",
    "divide": "/",
    "multiply": "*",
    "subtract": "-",
    "add": "+",
    "equal": "=",
    "separator": ",",
}
_NO_KEYS = frozenset((*range(57358, 57364), *range(57428, 57455)))
"""Locks, print, pause, menu, media keys, and modifiers by themselves: nothing is bound to them."""

_SAME_TO_A_TERMINAL = {
    "ctrl+h": "backspace",
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+left_square_bracket": "escape",
    "ctrl+enter": "enter",
    "shift+backspace": "backspace",
    "shift+escape": "escape",
}
_CHARACTER_OF = {"enter": "\r", "tab": "\t", "backspace": "\x7f", "escape": "\x1b"}


class KeyParser(XTermParser):
    """Textual's parser of what a terminal sends, with keys read by `keys_of`.

    A control sequence that nobody knows is passed over. Textual takes its characters for keys,
    and each would press one on the desk.
    """

    @property
    def waits_until(self) -> float | None:
        """When what came so far is complete if nothing more comes, on Textual's clock."""
        return self._timeout_time

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if len(sequence) > 1:
            keys = keys_of(sequence)
            if keys is not None:
                return keys
        known = list(super()._sequence_to_key_events(sequence, alt))
        if not known and _COMMAND.fullmatch(sequence):
            return [events.Key(Keys.Ignore, sequence)]
        return known

    def _parse_extended_key(self, sequence: str) -> None:  # type: ignore[override]
        """Textual's own reading ends the app over a shifted key or a kind of event."""


def keys_of(sequence: str) -> list[events.Key] | None:
    """The keys that a sequence of the keyboard stands for; None if it is none of a keyboard.

    What means nothing here (a release, Shift by itself) gives a key to be ignored.
    """
    match = _KEY.fullmatch(sequence)
    if match is None:
        return None
    codes, modifiers, text = ([*match["codes"].split(";"), "", ""])[:3]
    final = match["final"]
    if final == "~" and codes == "27" and text:  # what xterm and tmux send in place of `u`
        codes, text, final = text, "", "u"
    code, _, others = codes.partition(":")
    shifted, _, base = others.partition(":")
    held, _, event = modifiers.partition(":")
    number, pressed = int(code or 1), max(0, int(held or 1) - 1)
    typed = "".join(map(_char, text.split(":")))
    if event == _RELEASED or (final == "u" and number in _NO_KEYS):
        return [_ignored(sequence)]
    if len(typed) > 1:  # an input method, or a dead key and what it could not be put together with
        return list(map(_typed, typed))
    name = FUNCTIONAL_KEYS.get(f"{number}{final}")
    if name is None and final != "u":
        return None
    if name is not None and name not in _SIGN_OF_KEYPAD and not name.isdecimal():
        return [_command(name, pressed)]
    char = _char(code) if name is None else _SIGN_OF_KEYPAD.get(name, name)
    if typed and not (pressed & _COMMANDS and typed.isascii() and typed.isalnum()):
        # Who sends the text has taken AltGr into account, which some call Ctrl and Alt.
        return [_typed(typed)]
    return [_of_character(char, _char(shifted), _char(base), pressed) or _ignored(sequence)]


def _of_character(char: str, shifted: str, base: str, pressed: int) -> events.Key | None:
    """A key of which is known what it has by itself, with Shift, and on a US keyboard."""
    if not char:
        return None
    if not pressed & _COMMANDS or (pressed & _ALT and _is_of_altgr(char)):
        typed = _with_shift(char, shifted, pressed)
        return _typed(typed) if typed else _command(_character_to_key(char), pressed)
    if base.isascii() and not char.isascii():
        char = base or char  # Ctrl+C is where it is, whatever the alphabet
    return _command(_character_to_key(char), pressed)


def _is_of_altgr(char: str) -> bool:
    """Whether it takes AltGr to type it, as far as no command is given with it and Alt."""
    return char.isprintable() and char != " " and not (char.isascii() and char.isalnum())


def _with_shift(char: str, shifted: str, pressed: int) -> str:
    """What Shift and Caps Lock make of a character; empty where only the keyboard knows."""
    if pressed & _SHIFT and shifted:
        return shifted
    if char.upper() == char.lower():
        return "" if pressed & _SHIFT and char != " " else char
    upper = bool(pressed & _SHIFT) != bool(pressed & _CAPS_LOCK)
    return char.upper() if upper and len(char.upper()) == 1 else char


def _command(name: str, pressed: int) -> events.Key:
    """A key with the modifiers before it, as bindings are named."""
    modifiers = sorted(called for bit, called in _MODIFIERS.items() if pressed & bit)
    name = "+".join([*modifiers, name])
    name = _SAME_TO_A_TERMINAL.get(name, name)
    return events.Key(name, _CHARACTER_OF.get(name))


def _typed(char: str) -> events.Key:
    return events.Key(_character_to_key(char), char)


def _char(code: str) -> str:
    """The character of a code; empty for what is none, or would act upon a terminal."""
    if not code.isdecimal() or len(code) > 7:
        return ""
    number = int(code)
    return chr(number) if number <= sys.maxunicode and chr(number).isprintable() else ""


def _ignored(sequence: str) -> events.Key:
    return events.Key(Keys.Ignore, sequence)
