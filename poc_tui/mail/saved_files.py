"""Files made of mails: names that a stranger chose, made safe, and nobody's file written over."""

from __future__ import annotations

import os
import unicodedata
from itertools import count
from pathlib import Path

from poc_tui.rules.text import safe

LONGEST_NAME = 120
"""Bytes of UTF-8; file systems take 255, and a directory's name or a number is added to it."""

LONGEST_SUFFIX = 20
"""Bytes; what is longer is no file type."""

_FORBIDDEN = str.maketrans(dict.fromkeys('/\\:*?"<>|\ufffd', "_"))
"""What separates directories somewhere, or what Windows does not take in a name."""

_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$"]
    + [f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"]
)
"""Devices of Windows, whatever type is written behind them."""


def safe_name(name: str, fallback: str) -> str:
    """`name` as that of a file in one directory, its type kept; `fallback` when nothing is left.

    What cannot be shown, and what means something to a file system, becomes `_` or goes; no name
    begins with a dot or a dash, ends with a dot, or is a device. At most `LONGEST_NAME` bytes.
    """
    shown = unicodedata.normalize("NFC", safe(name)).translate(_FORBIDDEN)
    kept = " ".join(shown.split()).strip(". ").lstrip("-_. ")
    stem, suffix = os.path.splitext(kept)
    if len(suffix.encode()) > LONGEST_SUFFIX:
        stem, suffix = kept, ""
    stem = _cut(stem, LONGEST_NAME - len(suffix.encode())).rstrip(". ")
    if not stem:
        return fallback
    if kept.partition(".")[0].strip().lower() in _RESERVED:
        stem = _cut(f"_{stem}", LONGEST_NAME - len(suffix.encode()))
    return stem + suffix


def free_path(folder: str | os.PathLike[str], name: str) -> Path:
    """The path for a file `name` (a safe one) in `folder`: `invoice (2).pdf` where one is there."""
    stem, suffix = os.path.splitext(name)
    names = (name if number == 1 else f"{stem} ({number}){suffix}" for number in count(1))
    paths = (Path(folder, free) for free in names)
    return next(path for path in paths if not os.path.lexists(path))


def write_private(path: str | os.PathLike[str], data: bytes) -> None:
    """Make the file `path`, mode 0600, of these bytes.

    Raises:
        FileExistsError: something is there, even a link to nowhere.
        OSError: the disk refuses; no half a file is left then.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        os.unlink(path)
        raise


_BINARY = getattr(os, "O_BINARY", 0)
"""Windows alone tells text from bytes."""


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore")
