"""Lines that the sender's program broke are put together again (RFC 3676, format=flowed)."""

from __future__ import annotations


def unwrapped(text: str, *, delete_space: bool) -> str:
    """`text` with each paragraph on one line; quoted ones keep a `>` for each level.

    `delete_space`: the space that marks a broken line was added and goes (DelSp=yes).
    """
    lines: list[str] = []
    open_at: int | None = None  # the quote depth of a paragraph that goes on
    pieces: list[str] = []
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content.removeprefix(" ")  # space-stuffing
        if open_at is not None and (open_at != depth or content == "-- "):
            lines.append("".join(pieces))
            open_at = None
        if open_at is None:
            pieces = ["> " if depth == 1 else f"{'>' * depth} " if depth else ""]
        flows = content.endswith(" ") and content != "-- "
        pieces.append(content[:-1] if flows and delete_space else content)
        open_at = depth if flows else None
        if not flows:
            lines.append("".join(pieces))
    if open_at is not None:
        lines.append("".join(pieces))
    return "\n".join(lines)
