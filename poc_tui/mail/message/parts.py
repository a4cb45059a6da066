"""What is attached to a message: listed, and taken out again."""

from __future__ import annotations

from collections.abc import Sequence

from poc_tui.errors import NotFound
from poc_tui.mail.message import charsets
from poc_tui.mail.message.bodies import Bodies, is_text
from poc_tui.mail.message.headers import one_line
from poc_tui.mail.message.structure import Structure
from poc_tui.mail.message.transfer import MAX_UU_FILES, UuFile, uu_files
from poc_tui.rules.mail.message import Part


def parts(structure: Structure, found: Bodies) -> tuple[Part, ...]:
    """Everything attached, by the place of each among the leaves; files in uuencode come last."""
    places = {id(leaf): index for index, leaf in enumerate(structure.leaves)}
    listed = [
        Part(places[id(leaf)], leaf.name, leaf.type, len(leaf.body())) for leaf in found.attached
    ]
    listed += [
        _described(index, file) for index, file in enumerate(_uu_files(structure), len(places))
    ]
    return tuple(listed)


def part(raw: bytes, index: int) -> tuple[Part, bytes]:
    """One part of a message, decoded, by the index that `rules.mail.message.Part` gives it.

    Raises:
        NotFound: the message has no such part.
    """
    (found,) = some(raw, [index])
    return found


def some(raw: bytes, indices: Sequence[int]) -> list[tuple[Part, bytes]]:
    """Several parts of a message, in that order; the message is looked through once.

    Raises:
        NotFound: the message has not all of them.
    """
    structure = Structure(raw)
    leaves = structure.leaves
    files = _uu_files(structure) if any(index >= len(leaves) for index in indices) else []
    found = []
    for index in indices:
        if 0 <= index < len(leaves):
            leaf = leaves[index]
            data = leaf.body()
            found.append((Part(index, leaf.name, leaf.type, len(data)), data))
        elif 0 <= index - len(leaves) < len(files):
            file = files[index - len(leaves)]
            found.append((_described(index, file), file.data))
        else:
            raise NotFound(f"the mail has no part {index}; its parts are listed with it")
    return found


def _uu_files(structure: Structure) -> list[UuFile]:
    files: list[UuFile] = []
    for leaf in structure.leaves:
        is_text_of_it = leaf.type in ("text/plain", "text/html") and is_text(leaf, structure.root)
        if len(files) < MAX_UU_FILES and is_text_of_it:
            files += uu_files(leaf.body())
    return files[:MAX_UU_FILES]


def _described(index: int, file: UuFile) -> Part:
    name = one_line(charsets.decode(file.name), 255)
    return Part(index, name, "application/octet-stream", len(file.data))
