"""Files of the person's own that are to go with a mail: named, looked at, and read."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence

from poc_tui.errors import NotUnderstood
from poc_tui.rules.text import counted, one_line, safe, size
from poc_tui.store.delivery import LARGEST_FILES, Attachment
from poc_tui.system.files import read_file

_NAME = 40
"""Cells."""


def paths_in(words: str) -> list[str]:
    """The paths in a line, parted by commas; one that has a comma itself stands in quotes, or
    alone.

    Raises:
        NotUnderstood: a quote is not closed.
    """
    line = words.strip()
    if not line or os.path.exists(os.path.expanduser(line)):
        return [os.path.expanduser(line)] if line else []
    parts = shlex.shlex(line, posix=True)
    parts.whitespace, parts.whitespace_split = ",", True
    parts.quotes, parts.commenters, parts.escape = '"', "", ""
    try:
        return [os.path.expanduser(part.strip()) for part in parts if part.strip()]
    except ValueError as error:
        raise NotUnderstood("a quote around a path is not closed") from error


def read(paths: Sequence[str]) -> tuple[Attachment, ...]:
    """The files, as they are now.

    Raises:
        NotUnderstood: one cannot be read or is empty, or together they are too large for a mail.
    """
    sizes(paths)  # before any is read: those of many gigabytes can be named as well
    files = []
    left = LARGEST_FILES
    for path in paths:
        try:
            raw = read_file(path, left)
        except OSError as error:
            raise NotUnderstood(_unread(path, error)) from error
        if not raw:
            raise NotUnderstood(_empty(path))
        left -= len(raw)
        files.append(Attachment(os.path.basename(path), raw))
    return tuple(files)


def sizes(paths: Sequence[str]) -> list[int]:
    """How large the files are, in bytes. Raises what reading them raises."""
    found = []
    for path in paths:
        try:
            bytes = os.stat(path).st_size
        except (OSError, ValueError) as error:
            raise NotUnderstood(_unread(path, error)) from error
        if os.path.isdir(path):
            raise NotUnderstood(f"{_named(path)} is a folder; name the files in it")
        if not bytes:
            raise NotUnderstood(_empty(path))
        found.append(bytes)
    if sum(found) > LARGEST_FILES:
        raise NotUnderstood(
            f"these files have {size(sum(found))} together, and a mail takes {size(LARGEST_FILES)};"
            " leave some out"
        )
    return found


def told(paths: Sequence[str]) -> str:
    """What is to go with a mail: `2 files, 1.3 MB`. Raises what reading them raises."""
    found = sizes(paths)
    return f"{counted(len(found), 'file')}, {size(sum(found))}" if found else ""


def names(paths: Sequence[str]) -> str:
    """What the files are called, without their folders."""
    return ", ".join(os.path.basename(path) for path in paths)


def completed(words: str) -> str:
    """The words, the last path in them gone on with as far as the disk leaves no doubt.

    Only what is harmless to show is offered.
    """
    before, comma, last = words.rpartition(",")
    typed = last.lstrip()
    gap = last[: len(last) - len(typed)]
    folder, begin = os.path.split(typed)
    if not typed or typed.startswith('"'):
        return ""
    try:
        names = sorted(
            f"{entry.name}/" if entry.is_dir() else entry.name
            for entry in os.scandir(os.path.expanduser(folder) or ".")
            if entry.name.startswith(begin) and (begin or not entry.name.startswith("."))
        )
    except OSError:
        return ""
    if not names:
        return ""
    first, last_one = names[0], names[-1]
    same = (one == other for one, other in zip(first, last_one, strict=False))
    common = first[: next((at for at, each in enumerate(same) if not each), len(first))]
    if len(common) <= len(begin) or safe(common) != common or "," in common:
        return ""
    return f"{before}{comma}{gap}{os.path.join(folder, common)}"


def _named(path: str) -> str:
    return f"“{one_line(path, _NAME)}”"


def _empty(path: str) -> str:
    return f"{_named(path)} is empty; there is nothing in it to send"


def _unread(path: str, error: OSError | ValueError) -> str:
    why = getattr(error, "strerror", None) or "that is no name of a file"
    return f"{_named(path)} cannot be read: {why}"
