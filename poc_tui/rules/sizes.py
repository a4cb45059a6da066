"""How much something is, in bytes, as a person says it."""

from __future__ import annotations


def size(bytes: int) -> str:
    """`812 B`, `12 kB`, `1.4 MB`: decimal, as the International System of Units has it."""
    if bytes < 1_000:
        return f"{bytes} B"
    if bytes < 999_500:
        return f"{round(bytes / 1_000)} kB"
    return f"{bytes / 1_000_000:.1f} MB".replace(".0 ", " ")
