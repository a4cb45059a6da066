"""Half-typed words on the disk: those of each dialog in a file of its own, until they are saved or
thrown away."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from poc_tui.system.files import read_file

FOLDER = "drafts"
"""Among what the desk remembers, the folder for half-typed words."""

_NAMED = re.compile(
    r"([a-z]+(?:-[a-z]+)*?)((?:-[0-9]+)*)(?:-and-([0-9]+)-more-[0-9a-f]{12})?\.json"
)
"""How files are named: the dialog, and what it acts on; of many the first, and how many more."""

_LARGEST = 40_000_000
"""Bytes; what a few fields hold at the most is far less."""


class KeptWords(NamedTuple):
    """What was typed, by the id of its field, and when (aware UTC)."""

    at: datetime
    words: Mapping[str, str]


class HalfTyped:
    """The words of one dialog about certain requests of one store.

    They lie in a file of mode 0600 in `directory`. May be called from any thread; after `forget`
    nothing is written any more, so that a slow write cannot bring back what was saved.

    Args:
        directory: where half-typed words are kept.
        store: the path of the store; two stores may hold requests of the same number.
        dialog: the name of the dialog, such as `forward`.
        numbers: what the dialog acts on.
    """

    def __init__(self, directory: str, store: str, dialog: str, numbers: Sequence[int]) -> None:
        self.path = os.path.join(folder_of(directory, store), f"{dialog}{_tail(numbers)}.json")
        self._lock = threading.Lock()
        self._over = False

    def read(self) -> KeptWords | None:
        """What was kept; None if there is nothing, or nothing that can be read."""
        return _read(self.path)

    def write(self, words: Mapping[str, str], at: datetime) -> None:
        """Keep these words; without any, keep nothing.

        Raises:
            StoreUnreadable, OSError: the disk does not take them.
        """
        from poc_tui.system.unfinished import write_private

        with self._lock:
            if self._over:
                return
            if not words:
                self._remove()
                return
            content = json.dumps(
                {"at": at.isoformat(), "words": dict(words)}, ensure_ascii=False, indent=1
            )
            write_private(self.path, content.encode("utf-8", "surrogatepass"))

    def forget(self) -> None:
        """The words were saved or thrown away: nothing is kept from now on."""
        with self._lock:
            self._over = True
            self._remove()

    def _remove(self) -> None:
        try:
            os.unlink(self.path)
        except OSError:
            return


class KeptDraft(NamedTuple):
    """What was begun on requests and waits to be gone on with."""

    dialog: str
    """The name of the dialog, such as `answer`."""
    numbers: tuple[int, ...]
    """Of the requests; of many the first alone."""
    more: int
    """How many requests there are besides."""
    at: datetime
    """When it was written on last (aware UTC)."""
    text: str
    """The longest of what was typed."""


def kept_drafts(directory: str, store: str, dialogs: Sequence[str]) -> list[KeptDraft]:
    """What is kept of these dialogs, the one that was written on last first."""
    folder = folder_of(directory, store)
    found = []
    for named in _files(folder, dialogs):
        kept = _read(os.path.join(folder, named[0]))
        if kept is not None and kept.words:
            text = max(kept.words.values(), key=len)
            found.append(KeptDraft(named[1], _numbers(named), int(named[3] or 0), kept.at, text))
    return sorted(found, key=lambda draft: draft.at, reverse=True)


class DraftSigns:
    """Which requests have something begun, looked up anew when the folder has changed."""

    def __init__(self, directory: str, store: str, dialogs: Sequence[str]) -> None:
        self._folder = folder_of(directory, store)
        self._dialogs = frozenset(dialogs)
        self._as_of = -1
        self._found: dict[int, list[str]] = {}

    def of(self, number: int) -> Sequence[str]:
        """The names of the dialogs in which something was begun on the request."""
        try:
            as_of = os.stat(self._folder).st_mtime_ns
        except OSError:
            as_of = 0
        if as_of != self._as_of:
            self._as_of, self._found = as_of, {}
            for named in _files(self._folder, self._dialogs):
                for each in _numbers(named):
                    self._found.setdefault(each, []).append(named[1])
        return self._found.get(number, ())


def folder_of(directory: str, store: str) -> str:
    """Where the half-typed words about one store lie; two may hold requests of the same number."""
    which = sha256(os.path.abspath(store).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return os.path.join(directory, which)


def _files(folder: str, dialogs: Collection[str]) -> list[re.Match[str]]:
    """The files of these dialogs, each by its name as `_NAMED` reads it."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    return [named for name in names if (named := _NAMED.fullmatch(name)) and named[1] in dialogs]


def _numbers(named: re.Match[str]) -> tuple[int, ...]:
    return tuple(int(number) for number in named[2].split("-") if number)


def _read(path: str) -> KeptWords | None:
    try:
        content = read_file(path, _LARGEST)
        kept = json.loads(content.decode("utf-8", "surrogatepass"))
        at = datetime.fromisoformat(kept["at"]).astimezone(UTC)
        return KeptWords(at, {str(id): str(words) for id, words in kept["words"].items()})
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _tail(numbers: Sequence[int]) -> str:
    if len(numbers) <= 4:
        return "".join(f"-{number}" for number in numbers)
    # Hundreds of numbers do not fit into the name of a file.
    digest = sha256(",".join(map(str, numbers)).encode()).hexdigest()[:12]
    return f"-{numbers[0]}-and-{len(numbers) - 1}-more-{digest}"
