"""The two files in which a person sets something: how they are read, written and edited."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from poc_tui.errors import ConfigWrong, PocError, Refused
from poc_tui.system.files import MOST_WRITTEN, read_file, read_text
from poc_tui.system.locations import data_dir, what_to_do

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsFile(NamedTuple):
    """One of the two; where it lies is handed in.

    `name` is that of the commented starter that ships with the program, `variable` the one of the
    environment that can name another file.
    """

    name: str
    variable: str

    def starter(self) -> bytes:
        """The commented file that ships, in which everything is shown that can be said."""
        return (data_dir() / self.name).read_bytes()

    def read(self, path: str) -> bytes | None:
        """The content of the file; None where there is none.

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
                f" Make it readable, or name another file with {self.variable}."
            ) from error

    def write_starter(self, path: str) -> None:
        """Write the starter where there is no file.

        Raises:
            Refused: there is something already.
            ConfigWrong: it cannot be written.
        """
        if os.path.lexists(path):
            raise Refused(f"{path} is there already and stays as it is. Change it with an editor.")
        self.write(path, self.starter())

    def write(self, path: str, content: bytes) -> None:
        """Write the file, readable by its owner only.

        Raises:
            ConfigWrong: it cannot be written.
        """
        from poc_tui.system.unfinished import write_private

        try:
            write_private(path, content)
        except OSError as error:
            raise ConfigWrong(
                f"{path} cannot be written: {error.strerror}."
                f" {what_to_do(error)}, or name another file with {self.variable}."
            ) from error
        except PocError as error:
            raise ConfigWrong(f"{path} cannot be written. {error}") from error

    def edit(self, path: str, environ: Mapping[str, str]) -> bool:
        """Open the file in the person's editor, made from the starter where there is none.

        Returns:
            Whether it was changed; what was written is kept even if it will not do.

        Raises:
            ConfigWrong: it cannot be read or written; it is then as it was.
            PocError: as `system.editor.edit`.
        """
        from poc_tui.system.editor import edit

        if not os.path.lexists(path):
            self.write_starter(path)
        try:
            before = read_text(path, MOST_WRITTEN).removesuffix("\n")
        except OSError as error:
            raise ConfigWrong(
                f"{path} cannot be read: {error.strerror}. Correct or remove it."
            ) from error
        after = edit(before, environ)
        if after != before:
            self.write(path, f"{after}\n".encode())
        return after != before


CONFIG = SettingsFile("config.toml", "POC_CONFIG")
LEVELS = SettingsFile("service-levels.toml", "POC_LEVELS")
