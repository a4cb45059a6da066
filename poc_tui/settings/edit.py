"""Writing the settings file: the commented starter, and one setting at a time.

What a person wrote stays as it is, comments and order included.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from poc_tui.commands import COMMANDS
from poc_tui.errors import ConfigWrong
from poc_tui.settings.days_off import check
from poc_tui.settings.keymap import display_key
from poc_tui.settings.load import OPTIONS, flat, option_of, parse_values, read_values, settings_from
from poc_tui.settings.own_files import CONFIG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from poc_tui.settings.load import Settings
    from poc_tui.settings.schema import Values

_CLOCK = r"[0-9]+:[0-9]+"
_PART_OFF = re.compile(rf"\S+(?:\s+(?:{_CLOCK}-(?:{_CLOCK})?|-{_CLOCK})(?=\s|$))?")
"""A day off, with the part of it that may follow: `2026-12-24 12:00-`."""


class ListedSetting(NamedTuple):
    """One setting as `poc config` lists it; `value` is TOML, `given` whether the file gives it."""

    key: str
    value: str
    given: bool


write_starter = CONFIG.write_starter


def set_value(path: str, key: str, value: object, environ: Mapping[str, str]) -> None:
    """Set one option; as `set_values`."""
    set_values(path, {key: value}, environ)


def set_values(path: str, values: Values, environ: Mapping[str, str]) -> None:
    """Set the options with these dotted keys in the file `path` to TOML values, all or none.

    A file that does not exist is made from the starter.

    Raises:
        ConfigWrong: a key or a value will not do, or the file cannot be used or written; it
            is then as it was.
    """
    for key in values:
        option_of(key)
    _change(path, values, values, environ)


def set_table(
    path: str, key: str, table: Mapping[str, object] | None, environ: Mapping[str, str]
) -> None:
    """Set the table with that dotted key, such as `views.7`, to these values; None takes it out.

    A file that does not exist is made from the starter. Raises as `set_values` does.
    """
    _change(path, {key: table}, dict(flat(f"{key}.", table or {})), environ)


def settings_with(path: str, values: Values, environ: Mapping[str, str]) -> Settings:
    """What would be in force if these were set; the days off are looked up.

    Raises:
        ConfigWrong: they will not do.
    """
    settings = settings_from({**read_values(path), **values}, path, environ)
    check(settings.hours.holidays)
    return settings


def _change(path: str, changes: Values, values: Values, environ: Mapping[str, str]) -> None:
    """Write the changes, values and whole tables, where the `values` that they make will do."""
    content = CONFIG.read(path)
    content = CONFIG.starter() if content is None else content
    given = parse_values(content, path)
    kept = {k: v for k, v in given.items() if not any(f"{k}.".startswith(f"{c}.") for c in changes)}
    wanted = {**kept, **values}
    settings_from(wanted, path, environ)
    text = content.decode("utf-8-sig")
    for key, value in changes.items():
        has_line = key in given or value is None or isinstance(value, dict)
        text = text if has_line else _with_line(text, key)
    written = next((each for each in _written(text, changes) if _gives(each, wanted)), None)
    if written is None:
        raise ConfigWrong(f'{path}: "{", ".join(changes)}" finds no place there. Write it by hand.')
    CONFIG.write(path, written.encode())


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
    if not isinstance(default, list) or isinstance(value, list):
        return value
    entries = _PART_OFF.findall(words) if key == "hours.holidays" else words.split()
    return entries if key.startswith("keys.") else [_toml_or_text(entry) for entry in entries]


def listing(path: str) -> tuple[ListedSetting, ...]:
    """Every setting with the value that holds under the file `path`, in the starter's order.

    Raises:
        ConfigWrong: the file cannot be read as TOML; values are not checked.
    """
    given = read_values(path)
    values: dict[str, object] = {key: option.default for key, option in OPTIONS.items()}
    for command in COMMANDS:
        keys = [display_key(key) for key in command.keys]
        values[f"keys.{command.id}"] = keys if len(keys) > 1 else "".join(keys)
    values.update(given)
    return tuple(ListedSetting(key, _toml(value), key in given) for key, value in values.items())


def _with_line(text: str, key: str) -> str:
    """`text` with a line for this key, to be given its value, where a person would look for it.

    That is where the starter shows it, else below the header of its table; without that header
    the text stays as it is. tomlkit would put it after the comments that introduce the next table.
    """
    table, _, name = key.rpartition(".")
    lines = text.splitlines(keepends=True)
    headers = [number for number, line in enumerate(lines) if line.strip() == f"[{table}]"]
    if not headers:
        return text
    below = headers[0] + 1
    for number, line in enumerate(lines[below:], start=below):
        if line.startswith("["):
            break
        if line.startswith(f"#{name} = "):
            lines[number] = line.removeprefix("#")
            return "".join(lines)
    return "".join([*lines[:below], f"{name} = 0\n", *lines[below:]])


def _written(text: str, changes: Values) -> Iterator[str]:
    """`text` with the changes, written in each of the ways that a new table can stand there.

    Within one that a dotted key makes (`imap.host = "x"` in [mail]) a table of its own gets the
    wrong name from tomlkit.
    """
    import tomlkit

    for new in (tomlkit.table, tomlkit.inline_table):
        document = tomlkit.parse(text)
        for key, value in changes.items():
            *tables, name = key.split(".")
            table: Any = document
            for part in tables:
                inline = isinstance(table, tomlkit.items.InlineTable)
                table = table.setdefault(part, tomlkit.inline_table() if inline else new())
            if value is None:
                table.pop(name, None)
            elif isinstance(value, dict):
                table[name] = tomlkit.inline_table()
                table[name].update(value)
            else:
                table[name] = value
        yield tomlkit.dumps(document)


def _gives(text: str, values: Values) -> bool:
    """Whether a file with this text gives these values and no others."""
    try:
        return parse_values(text.encode(), "") == values
    except ConfigWrong:
        return False


def _toml(value: object) -> str:
    import tomlkit

    return tomlkit.item(value).as_string()


def _toml_or_text(words: str) -> object:
    import tomllib

    try:
        return tomllib.loads(f"value = {words}")["value"]
    except (ValueError, RecursionError):  # also a number that is too long, lists without end
        return words
