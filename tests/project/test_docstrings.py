"""What is public says what it is, in one form; ruff sees to the rest of it."""

from __future__ import annotations

import ast
import inspect
import pydoc
import re
from collections.abc import Sequence
from functools import cache

from poc_tui.errors import ConfigWrong
from poc_tui.settings.load import option_of
from tests.project.named import ROOT, exists

HANDLER = re.compile(r"(on|action|check|watch|validate)_")
"""Methods that Textual calls for a message, a key or a change, which their names say."""
ERROR_IN_PROSE = re.compile(r"\bRaises? `?[A-Z]\w+`?(?!\w| as )")
DOTTED = re.compile(r"`(?:poc_tui\.)?((?:[a-z_]+)(?:\.\w+)+)(?:\(\))?`")

Documented = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@cache
def documented() -> Sequence[tuple[str, Documented]]:
    """Every public class and function, methods too, under a name to be found by."""
    found: list[tuple[str, Documented]] = []

    def look(node: ast.Module | ast.ClassDef, name: str) -> None:
        for child in node.body:
            if isinstance(child, Documented) and not child.name.startswith("_"):
                found.append((f"{name}.{child.name}", child))
                if isinstance(child, ast.ClassDef):
                    look(child, f"{name}.{child.name}")

    for path in sorted((ROOT / "poc_tui").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        look(ast.parse(path.read_text("utf-8")), module)
    return found


def test_everything_public_says_what_it_is() -> None:
    silent = [
        name
        for name, node in documented()
        if ast.get_docstring(node) is None
        and ast.unparse(node.body[-1]) != "..."  # its protocol says in one docstring what it has
        and not HANDLER.match(node.name)
        and not any(ast.unparse(mark).endswith(".setter") for mark in node.decorator_list)
        and not inspect.getdoc(pydoc.locate(name))  # nor does a class that it derives from
    ]
    assert not silent


def test_errors_stand_in_a_section_of_their_own() -> None:
    in_prose = [
        name for name, node in documented() if ERROR_IN_PROSE.search(ast.get_docstring(node) or "")
    ]
    assert not in_prose, "a docstring ends with `Raises:`, an error a line"


def test_what_comments_and_docstrings_name_exists() -> None:
    rooms = {path.name for path in (ROOT / "poc_tui").iterdir() if path.is_dir()}
    gone = [
        f"{path.relative_to(ROOT)}: {dotted}"
        for path in sorted((ROOT / "poc_tui").rglob("*.py"))
        for dotted in DOTTED.findall(path.read_text("utf-8"))
        if dotted.partition(".")[0] in rooms
        and not exists(f"poc_tui.{dotted}")
        and not is_setting(dotted)
    ]
    assert not gone


def is_setting(dotted: str) -> bool:
    try:
        return bool(option_of(dotted))
    except ConfigWrong:
        return False
