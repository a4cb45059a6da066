"""What the desk remembers from one start to the next: how it was left, no request and no word."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

from poc_tui.errors import PocError
from poc_tui.system.files import read_file

_LARGEST = 100_000
"""Bytes; what is remembered is far less."""

Remembered = dict[str, int] | list[str]


class DeskMemory:
    """Values by their names in the file `desk.json` of the directory that `directory` gives.

    It is a convenience: a file that cannot be read or written is one that holds nothing. What two
    desks remember at the same time is that of the one that wrote last.
    """

    def __init__(self, directory: Callable[[], str]) -> None:
        self._directory = directory

    def numbers(self, name: str) -> dict[str, int]:
        """The whole numbers by name that are remembered under `name`."""
        kept = self._read().get(name)
        found = kept if isinstance(kept, dict) else {}
        return {str(key): value for key, value in found.items() if type(value) is int}

    def names(self, name: str) -> list[str]:
        """The names that are remembered under `name`, in their order."""
        kept = self._read().get(name)
        return [word for word in kept if type(word) is str] if isinstance(kept, list) else []

    def keep(self, name: str, value: Remembered) -> None:
        """Remember it from now on."""
        import json

        from poc_tui.system.unfinished import write_private

        whole = self._read() | {name: value}
        with suppress(PocError, OSError):
            write_private(self._path(), json.dumps(whole, indent=1).encode())

    def _path(self) -> str:
        return os.path.join(self._directory(), "desk.json")

    def _read(self) -> dict[str, object]:
        try:
            content = read_file(self._path(), _LARGEST)
        except (OSError, PocError):
            return {}
        import json  # not for a first paint at which nothing is remembered

        try:
            kept = json.loads(content)
        except (ValueError, RecursionError):
            return {}
        return kept if isinstance(kept, dict) else {}
