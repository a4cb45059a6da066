"""How much something is, in bytes, as a person says it."""

from __future__ import annotations


def size(bytes: int) -> str:
    """`812 B`, `12 kB`, `1.4 MB`, `1.2 GB`: decimal, as the SI has it."""
    if bytes < 1_000:
        return f"{bytes} B"
    if bytes < 999_500:
        return f"{round(bytes / 1_000)} kB"
    unit, factor = ("MB", 1_000_000) if bytes < 999_950_000 else ("GB", 1_000_000_000)
    return f"{bytes / factor:.1f} {unit}".replace(".0 ", " ")
