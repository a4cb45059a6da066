"""Screens are put together from objects: nothing grows by being inherited from."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from textual.screen import Screen

import poc_tui
import poc_tui.screens
from poc_tui.commands import COMMANDS
from poc_tui.screens.command_screen import CommandScreen
from poc_tui.screens.desk import DeskScreen

MOST_IN_A_CLASS, MOST_IN_A_CHAIN = 20, 45

LARGER = {
    "VirtualList": "half of its methods are called by Textual, under the names it gives them",
}
"""Classes that may have more methods, and why."""

PACKAGE = Path(poc_tui.__file__).parent


def classes() -> Iterator[tuple[str, str, int]]:
    """File and name of each class of ours, with how many methods it defines."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.ClassDef):
                methods = {
                    part.name
                    for part in node.body
                    if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))
                }
                yield str(path), node.name, len(methods)


METHODS = {(path, name): count for path, name, count in classes()}


def ours(screen: type) -> int:
    """How many methods of classes of ours a screen has, with those that it inherits."""
    return sum(
        METHODS[inspect.getfile(cls), cls.__name__]
        for cls in screen.__mro__
        if cls.__module__.startswith("poc_tui.")
    )


def screens() -> list[type]:
    """Every screen and dialog there is."""
    for module in pkgutil.walk_packages(poc_tui.screens.__path__, "poc_tui.screens."):
        import_module(module.name)
    found: list[type] = []
    rest: list[type] = [Screen]
    while rest:
        screen = rest.pop()
        rest += screen.__subclasses__()
        if screen.__module__.startswith("poc_tui.") and screen not in found:
            found.append(screen)
    return found


def test_no_class_has_more_methods_than_one_can_keep_in_mind() -> None:
    large = {name: count for (_, name), count in METHODS.items() if count > MOST_IN_A_CLASS}
    assert large.keys() == LARGER.keys(), large


def test_no_screen_inherits_more_than_one_can_keep_in_mind() -> None:
    found = screens()
    assert DeskScreen in found
    assert not {one.__name__: ours(one) for one in found if ours(one) > MOST_IN_A_CHAIN}


def test_a_screen_has_one_action_for_all_commands() -> None:
    known = {f"action_{command.id}" for command in COMMANDS}
    having = [screen for screen in screens() if issubclass(screen, CommandScreen)]
    assert len(having) > 5
    assert not {screen.__name__: here for screen in having if (here := known & vars(screen).keys())}


def test_no_handler_calls_the_one_that_is_called_for_the_class_above_anyway() -> None:
    twice = {
        f"{path}: {method.name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for method in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef))
        and method.name.startswith("on_")
        and method.name != "on_event"  # the one place where all events come in
        and f"super().{method.name}(" in ast.unparse(method)
    }
    assert not twice


def called_in(room: Path, *names: str) -> list[str]:
    """In which modules of a room something of one of these names is called."""
    return [
        path.name
        for path in sorted(room.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and node.attr in names
    ]


def test_a_worker_makes_its_coroutine_when_it_begins() -> None:
    """One that is stopped before it begins would leave a coroutine that nobody awaits."""
    assert called_in(PACKAGE, "run_worker") == ["workers.py"]


def test_what_comes_later_minds_that_its_screen_may_be_gone() -> None:
    assert called_in(PACKAGE / "screens", "set_timer") == ["workers.py"]
