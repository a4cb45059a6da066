"""Files that were dropped on the terminal, which pastes their paths for them."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from poc_tui.system.files import MOST_WRITTEN, read_text

_LONGEST = 20_000
"""Characters; nobody drops as many files."""

_BEGINS = ("/", "~", "'", '"', "file:")


def dropped(pasted: str) -> Sequence[str]:
    """The absolute paths of files, where such paths are all that was pasted; else none.

    Terminals write a path as it is, in quotes, with backslashes or as a URI (RFC 8089), and put
    spaces or line ends between several. Looks at the disk.
    """
    words = pasted.strip()
    if len(words) > _LONGEST or not (words.startswith(_BEGINS) or os.path.isabs(words)):
        return ()
    for reading in _readings(words):
        paths = [_path(word) for word in reading if word]
        if paths and all(os.path.isabs(path) and os.path.isfile(path) for path in paths):
            return tuple(dict.fromkeys(paths))
    return ()


def words_of(paths: Sequence[str]) -> str:
    """What the text files among these say, and the paths of the others.

    Of several files each is named before its text. A file that is too large to have been written by
    hand is among the others.
    """
    return "\n\n".join(_words(path, named=len(paths) > 1) for path in paths)


def _words(path: str, *, named: bool) -> str:
    try:
        text = read_text(path, MOST_WRITTEN)
    except OSError:
        return path
    if "\0" in text or not text.strip():
        return path
    return f"{os.path.basename(path)}:\n{text.strip()}" if named else text


def _readings(words: str) -> Iterator[Sequence[str]]:
    yield (words,)
    yield [line.strip() for line in words.splitlines()]
    try:
        yield shlex.split(words)
    except ValueError:  # a quote that is not closed
        return


def _path(word: str) -> str:
    if not word.startswith("file:"):
        return os.path.expanduser(word)
    try:
        return unquote(urlsplit(word).path)
    except ValueError:  # brackets that are no address
        return word
