"""The files of the service levels: `service-levels.toml` and the texts of the chase ladder.

A person's own file lies beside the settings, their own texts in a folder `templates` beside it.
What neither gives is as it ships with the program.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from poc_tui.errors import ConfigWrong
from poc_tui.rules.template import PLACEHOLDERS, unknown
from poc_tui.rules.text import safe
from poc_tui.settings.levels_toml import LadderText, levels_from
from poc_tui.settings.own_files import LEVELS
from poc_tui.settings.schema import nearest
from poc_tui.settings.toml_values import read_toml
from poc_tui.system.files import MOST_WRITTEN, read_file
from poc_tui.system.locations import config_path, data_dir

if TYPE_CHECKING:
    from poc_tui.rules.service.levels import Levels

_SUFFIX = ".txt"

starter_text, write_starter = LEVELS.starter, LEVELS.write_starter


def levels_path(environ: Mapping[str, str]) -> str:
    """A person's own file: `POC_LEVELS` as it is given, else beside the settings file.

    Raises:
        PocError: there is no home directory to look in.
    """
    given = environ.get("POC_LEVELS")
    return given or os.path.join(os.path.dirname(config_path(environ)), LEVELS.name)


def templates_folder(path: str) -> str:
    """The folder of a person's own texts, for their levels file `path`; it need not exist."""
    return os.path.join(os.path.dirname(path), "templates")


def parse(content: bytes, path: str) -> Levels:
    """The levels that `content` gives, laid over the starter.

    What it does not say is as in the starter; `[[special]]` and `[[ladder]]` replace the
    starter's whole list. `path` says where the texts are looked for first, and names the file in
    the sentence of a `ConfigWrong`: file, line, and what to write instead. A text of the ladder
    that cannot be used is named in its stead.
    """
    file, folder = read_toml(content, path, under=_starter_values()), templates_folder(path)
    return levels_from(
        file, LadderText(_template_names(folder), lambda name: template(name, folder))
    )


def parse_kept(content: bytes, path: str, texts: Mapping[str, str]) -> Levels:
    """The same for levels that were kept with their texts, whatever has become of the files.

    Raises:
        ConfigWrong: this program cannot read them.
    """
    file = read_toml(content, path, under=_starter_values())
    return levels_from(file, LadderText(texts, texts.__getitem__))


@cache
def starter() -> Levels:
    """What holds when nobody has a file or a text of their own."""
    return parse(b"", os.path.join(data_dir(), LEVELS.name))


def template(name: str, folder: str) -> str:
    """The text of that name, for `poc_tui.rules.template.fill`, without the last line end.

    It is looked for in `folder`, a person's own (`templates_folder`), then among those that ship.

    Raises:
        ConfigWrong: there is none, it cannot be read, says nothing or holds a placeholder that
            there is not; with file and line.
    """
    own = os.path.join(folder, name + _SUFFIX)
    path = own if os.path.lexists(own) else os.path.join(_shipped_templates(), name + _SUFFIX)
    try:
        content = read_file(path, MOST_WRITTEN)
    except OSError as error:
        raise ConfigWrong(
            f"{path} cannot be read: {error.strerror}."
            " It is a text of the chase ladder: put it there, and make it readable."
        ) from error
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").rstrip()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigWrong(f"{path}, line {line}: this is not UTF-8. Save it as UTF-8.") from error
    if not text:
        raise ConfigWrong(f"{path}, line 1: this text says nothing. Write it, or take it away.")
    for number, words in enumerate(text.split("\n"), start=1):
        for wrong in unknown(words, PLACEHOLDERS):
            raise ConfigWrong(
                f"{path}, line {number}: there is no placeholder {{{safe(wrong)}}}. The nearest"
                f" is {{{nearest(wrong, PLACEHOLDERS)}}}; a brace itself is written twice."
            )
    return text


@cache
def _starter_values() -> Mapping[str, object]:
    import tomllib

    return tomllib.loads(starter_text().decode())


def _shipped_templates() -> str:
    return os.path.join(data_dir(), "templates")


def _template_names(folder: str) -> list[str]:
    names: set[str] = set()
    for place in (_shipped_templates(), folder):
        try:
            files = os.listdir(place)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise ConfigWrong(
                f"{place} cannot be read: {error.strerror}."
                " The texts of the chase ladder lie there: make it readable."
            ) from error
        names.update(file.removesuffix(_SUFFIX) for file in files if file.endswith(_SUFFIX))
    return sorted(names)
