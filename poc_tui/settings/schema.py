"""One thing that can be set, how its value is read, and what is said when it will not do."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from poc_tui.errors import ConfigWrong, NotUnderstood

Values = Mapping[str, object]
"""TOML values by dotted key, such as `desk.theme`."""

YES_NO = "true or false"

_LONGEST = 200
"""Characters."""


class Setting(NamedTuple):
    """One thing that can be set, under its dotted key.

    `read` turns the TOML value into what the program uses; it raises `TypeError`, `ValueError` or
    `NotUnderstood` for a value that will not do. `expects` ends the sentence "it must be ...".
    """

    key: str
    default: object
    read: Callable[[object], Any]
    expects: str


class Given(NamedTuple):
    """The values of the settings file `path`, read setting by setting."""

    values: Values
    path: str

    def get(self, setting: Setting) -> Any:
        """What the file gives for this setting, else its default.

        Raises:
            ConfigWrong: the value will not do; it names file and key.
        """
        value = self.values.get(setting.key, setting.default)
        try:
            return setting.read(value)
        except (TypeError, ValueError, NotUnderstood) as error:
            raise self.wrong(
                f'"{setting.key}" must be {setting.expects}, not {shortened(repr(value))}.'
            ) from error

    def table(self, settings: Iterable[Setting]) -> dict[str, Any]:
        """The same for the settings of one table, by their names in it."""
        return {setting.key.rpartition(".")[2]: self.get(setting) for setting in settings}

    def wrong(self, sentence: str) -> ConfigWrong:
        """The refusal of a value, or of values that will not do together."""
        return ConfigWrong(f"{self.path}: {sentence}")

    def beside(self, file: str) -> str:
        """The absolute path of a file or directory named in the settings; "" stays."""
        if not file:
            return ""
        here = os.path.dirname(os.path.abspath(self.path))
        return os.path.join(here, os.path.expanduser(file))


def shortened(words: str) -> str:
    """What a file says, for a sentence: cut where it is longer than anybody would read."""
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def nearest(word: str, known: Iterable[str]) -> str:
    """That of the known words which was most likely meant."""
    from difflib import get_close_matches

    return get_close_matches(word, known, n=1, cutoff=0)[0]


def text(value: object) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise TypeError
    return value


def filled(value: object) -> str:
    """A text in one line, not empty, without the spaces around it."""
    words = text(value).strip()
    if not words or not words.isprintable():
        raise ValueError
    return words


def line(value: object) -> str:
    """A text in one line, or "" for none."""
    return filled(value) if value != "" else ""


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise TypeError
    return value


def entries(value: object) -> list[object]:
    """A list, its entries unchecked."""
    if not isinstance(value, list):
        raise TypeError
    return value
