"""Typer's commands, without the time that pydantic takes.

Typer asks pydantic even to make a `str` of a `str`, and importing it takes longer than listing ten
thousand requests. Words and what was not given are handed on as they are; a number still goes
Typer's way.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption


class LeanCommand(TyperCommand):
    """A command that imports pydantic only for what needs it."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its parameters, which hand words on as they are."""
        return _lean(super().get_params(ctx))


class LeanGroup(TyperGroup):
    """The same for a group of commands."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its parameters, which hand words on as they are."""
        return _lean(super().get_params(ctx))


class DefaultGroup(LeanGroup):
    """A group whose first command is meant when none is named: `poc customers meyer`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Name the first command where none is named, and put it before the options."""
        if not {"--help"}.intersection(args[:1]):
            at = _first_word(args)
            if at is None or args[at] not in self.commands:
                args = [next(iter(self.commands)), *args]
            else:
                args = [args[at], *args[:at], *args[at + 1 :]]
        return super().parse_args(ctx, args)


class _AsTyped:
    """Stands between one parameter and Typer's own conversion of it."""

    def __init__(self, param: TyperArgument | TyperOption, own: Callable[[], Any]) -> None:
        self._words = param.type_descriptor.annotation in (str, list[str])
        self._own = own

    def __call__(self) -> _AsTyped:
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        return value if self._words else self._own().coerce(value, param=param, ctx=ctx)


def _lean(params: list[Any]) -> list[Any]:
    for param in params:
        own = getattr(param, "get_runtime_param", None)
        if own is not None and not isinstance(own, _AsTyped):
            param.get_runtime_param = _AsTyped(param, own)
    return params


def _first_word(args: list[str]) -> int | None:
    """Where the first argument stands that is no option of the program."""
    skip = False
    for at, word in enumerate(args):
        if skip:
            skip = False
        elif word == "--db":
            skip = True
        elif not word.startswith("-"):
            return at
    return None
