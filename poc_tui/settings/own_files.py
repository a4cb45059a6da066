"""The files in which a person sets something: how they are read, written and edited."""

from __future__ import annotations

import os

from poc_tui.errors import ConfigWrong, PocError, Refused
from poc_tui.system.files import MOST_WRITTEN, read_file, read_text
from poc_tui.system.locations import what_to_do

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def read_own(path: str, variable: str) -> bytes | None:
    """The content of such a file, which `variable` can name; None where there is none.

    Raises:
        ConfigWrong: it cannot be read.
    """
    try:
        return read_file(path, MOST_WRITTEN)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigWrong(
            f"{path} cannot be read: {error.strerror}."
            f" Make it readable, or name another file with {variable}."
        ) from error


def write_new(path: str, content: bytes, variable: str) -> None:
    """Write such a file where there is none, as `write` does.

    Raises:
        Refused: there is something already.
        ConfigWrong: it cannot be written.
    """
    if os.path.lexists(path):
        raise Refused(f"{path} is there already and stays as it is. Change it with an editor.")
    write(path, content, variable)


def write(path: str, content: bytes, variable: str) -> None:
    """Write such a file, readable by its owner only.

    Raises:
        ConfigWrong: it cannot be written.
    """
    from poc_tui.system.unfinished import write_private

    try:
        write_private(path, content)
    except OSError as error:
        raise ConfigWrong(
            f"{path} cannot be written: {error.strerror}."
            f" {what_to_do(error)}, or name another file with {variable}."
        ) from error
    except PocError as error:
        raise ConfigWrong(f"{path} cannot be written. {error}") from error


def edit_own(path: str, starter: bytes, variable: str, environ: Mapping[str, str]) -> bool:
    """Open such a file in the person's editor, made from `starter` where there is none.

    Returns:
        Whether it was changed; what was written is kept even if it will not do.

    Raises:
        ConfigWrong: it cannot be read or written; it is then as it was.
        PocError: as `system.editor.edit`.
    """
    from poc_tui.system.editor import edit

    if not os.path.lexists(path):
        write_new(path, starter, variable)
    try:
        before = read_text(path, MOST_WRITTEN).removesuffix("\n")
    except OSError as error:
        raise ConfigWrong(
            f"{path} cannot be read: {error.strerror}. Correct or remove it."
        ) from error
    after = edit(before, environ)
    if after != before:
        write(path, f"{after}\n".encode(), variable)
    return after != before
