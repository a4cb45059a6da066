"""Whether the settings file gives a setting, found out without reading it as TOML.

The quick lanes work with the defaults. Importing the TOML parser takes as long as all that they
do, so they look at the lines only, and whatever is not plain at a glance counts as given.
"""

from __future__ import annotations

import os
import stat

from poc_tui.system.locations import config_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LARGEST = 256_000
"""Bytes, as the full command line reads; for it to refuse what is larger."""


def may_give(environ: Mapping[str, str], *settings: str) -> bool:
    """Whether the settings file gives one of these, such as `desk.name`, or might.

    The name of a table, such as `hours`, stands for everything in it. A file that cannot be read
    might give anything; the full command line says what is wrong with it.
    """
    try:
        path = config_path(environ)
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_size > _LARGEST:
            return True
        with open(path, encoding="utf-8", errors="replace") as file:
            return _may_give(file, settings)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):  # ValueError: a zero byte in the path
        return True


def _may_give(lines: Iterable[str], settings: tuple[str, ...]) -> bool:
    table = ""
    for line in map(str.strip, lines):
        if not line or line[0] == "#":
            continue
        if line[0] == "[":
            name, closed, rest = line[1:].partition("]")
            if not closed or not _is_plain(name) or rest.lstrip()[:1] not in ("", "#"):
                return True
            table = f"{name}."
            continue
        key, _, value = line.partition("=")
        name = table + key.rstrip()
        # An inline table holds other names; within a text of several lines a line is no setting,
        # and within a list of several lines none looks plain.
        odd = value.lstrip()[:1] in ("", "{") or '"""' in value or "'''" in value
        if odd or not _is_plain(name):
            return True
        if any(f"{name}.".startswith(f"{setting}.") for setting in settings):
            return True
    return False


def _is_plain(name: str) -> bool:
    """Whether a name is written without quotes, as TOML 1.0 calls a bare or dotted key."""
    return name.isascii() and name.translate(_SIGNS).isalnum()


_SIGNS = {ord(sign): None for sign in "_-."}
