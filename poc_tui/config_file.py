"""Writing the settings file: the commented starter, and one setting at a time.

What a person wrote stays as it is, comments and order included.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from poc_tui.commands import COMMANDS
from poc_tui.config import (
    OPTIONS,
    check_keys,
    option_of,
    parse_values,
    read_values,
    settings_from,
)
from poc_tui.errors import ConfigWrong, PocError, Refused
from poc_tui.keymap import display_key
from poc_tui.locations import data_dir, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as `poc config` lists it; `value` is TOML, `given` whether the file gives it."""

    key: str
    value: str
    given: bool


def write_starter(path: str) -> None:
    """Write the commented starter, in which every setting is shown and none is set, to `path`.

    Raises `Refused` when there is something already, and `ConfigWrong` when it cannot be written.
    """
    import os

    if os.path.lexists(path):
        raise Refused(f"{path} is there already and stays as it is. Change it with an editor.")
    _write(path, _starter())


def set_value(path: str, key: str, value: object, environ: Mapping[str, str]) -> None:
    """Set the option with that dotted key in the file `path` to a TOML value.

    A file that does not exist is made from the starter. Raises `ConfigWrong`, with the file as
    it was, when the key or the value will not do or the file cannot be used or written.
    """
    option_of(key)
    text = _current(path)
    given = parse_values(text.encode(), path)
    check_keys(given, path)
    if key not in given:
        text = _uncommented(text, key)
    changed = _with_value(text, key, value)
    settings_from(parse_values(changed.encode(), path), path, environ)
    _write(path, changed)


def value_from_words(key: str, words: str) -> object:
    """The TOML value that a person means by `words` for the option with that dotted key.

    A text needs no quotes (`nord`); a list may be in TOML (`["09:00-17:00"]`) or just its entries
    (`09:00-12:30 13:30-17:00`). Whether it will do is for `set_value` to say. Raises
    `ConfigWrong` when there is no such option.
    """
    default = option_of(key).default
    if isinstance(default, str):
        return words
    value = _toml_or_text(words)
    if isinstance(default, list) and not isinstance(value, list):
        return [_toml_or_text(entry) for entry in words.split()]
    return value


def listing(path: str) -> tuple[Shown, ...]:
    """Every setting with the value that holds under the file `path`, in the starter's order.

    Raises `ConfigWrong` when the file cannot be read as TOML; values are not checked.
    """
    given = read_values(path)
    values: dict[str, object] = {key: option.default for key, option in OPTIONS.items()}
    for command in COMMANDS:
        keys = [display_key(key) for key in command.keys]
        values[f"keys.{command.id}"] = keys if len(keys) > 1 else "".join(keys)
    values.update(given)
    return tuple(Shown(key, _toml(value), key in given) for key, value in values.items())


def _starter() -> str:
    return (data_dir() / "config.toml").read_text(encoding="utf-8")


def _current(path: str) -> str:
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        return _starter()
    except UnicodeDecodeError as error:
        raise ConfigWrong(f"{path} is not UTF-8. Save it as UTF-8.") from error
    except OSError as error:
        raise ConfigWrong(f"{path} cannot be read: {error.strerror}. Make it readable.") from error


def _uncommented(text: str, key: str) -> str:
    """`text` with the starter's line for this key brought to life, so that it keeps its place."""
    table, _, name = key.rpartition(".")
    header, line = f"[{table}]", re.compile(rf"#(?={re.escape(name)} = )")
    lines = text.splitlines(keepends=True)
    inside = False
    for number, content in enumerate(lines):
        if content.startswith("["):
            inside = content.strip() == header
        elif inside and line.match(content):
            lines[number] = content[1:]
            break
    return "".join(lines)


def _with_value(text: str, key: str, value: object) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    *tables, name = key.split(".")
    table: Any = document
    for part in tables:
        table = table.setdefault(part, tomlkit.table())
    table[name] = value
    return tomlkit.dumps(document)


def _toml(value: object) -> str:
    import tomlkit

    return tomlkit.item(value).as_string()


def _toml_or_text(words: str) -> object:
    import tomllib

    try:
        return tomllib.loads(f"value = {words}")["value"]
    except tomllib.TOMLDecodeError:
        return words


def _write(path: str, text: str) -> None:
    try:
        write_private(path, text.encode())
    except OSError as error:
        raise ConfigWrong(
            f"{path} cannot be written: {error.strerror}."
            " Check who owns it, or name another file with POC_CONFIG."
        ) from error
    except PocError as error:
        raise ConfigWrong(f"{path} cannot be written. {error}") from error
