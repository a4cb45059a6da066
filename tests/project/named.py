"""Names that texts mention, held against what there is."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[2]


def exists(dotted: str) -> bool:
    """Whether `poc_tui.store.desk.Desk.do` is a module, or something in one; fields count."""
    parts = dotted.split(".")
    for cut in range(len(parts), 0, -1):
        if not is_module(parts[:cut]):
            continue
        found: object = import_module(".".join(parts[:cut]))
        for part in parts[cut:]:
            fields = getattr(found, "__annotations__", {})
            if not hasattr(found, part):
                return part in fields
            found = inspect.getattr_static(found, part)
        return True
    return False


def is_module(parts: list[str]) -> bool:
    path = ROOT.joinpath(*parts)
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()
