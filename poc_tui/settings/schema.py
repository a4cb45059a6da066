"""One thing that can be set, how its value is read, and what is said when it will not do."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from poc_tui.errors import ConfigWrong, NotUnderstood

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Values = Mapping[str, object]
"""TOML values by dotted key, such as `desk.theme`."""

YES_NO = "true or false"

_LONGEST = 200
"""Characters."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T_co]):
    """One thing that can be set, under its dotted key.

    `read` turns the TOML value into what the program uses; it raises `TypeError`, `ValueError` or
    `NotUnderstood` for a value that will not do. `expects` ends the sentence "it must be ...".
    """

    key: str
    default: object
    read: Callable[[object], T_co]
    expects: str


class Given:
    """The values of the settings file `path`, read option by option."""

    def __init__(self, values: Values, path: str) -> None:
        self._values = values
        self._path = path

    def get(self, option: Setting[T]) -> T:
        """What the file gives for this option, else its default.

        Raises:
            ConfigWrong: the value will not do; it names file and key.
        """
        value = self._values.get(option.key, option.default)
        try:
            return option.read(value)
        except (TypeError, ValueError, NotUnderstood) as error:
            raise ConfigWrong(
                f'{self._path}: "{option.key}" must be {option.expects},'
                f" not {shortened(repr(value))}."
            ) from error

    def wrong(self, sentence: str) -> ConfigWrong:
        """The refusal of values that will not do together."""
        return ConfigWrong(f"{self._path}: {sentence}")

    def beside(self, file: str) -> str:
        """The absolute path of a file or directory named in the settings; "" stays."""
        if not file:
            return ""
        here = os.path.dirname(os.path.abspath(self._path))
        return os.path.join(here, os.path.expanduser(file))


def shortened(words: str) -> str:
    """What a file says, for a sentence: cut where it is longer than anybody would read."""
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


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
