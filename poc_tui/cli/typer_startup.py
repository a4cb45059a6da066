"""Typer's commands, without the time that pydantic takes.

Typer asks pydantic even to make a `str` of a `str`, and importing it takes longer than listing ten
thousand requests. Words, numbers and what was not given are handed on without; what is no number,
or not one that may be, goes Typer's way, for its sentence.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

_DIGITS = 19
"""Of a number that is larger than any that the store holds."""


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
        kind = param.type_descriptor
        self._words = kind.annotation in (str, list[str])
        self._counts = kind.annotation is int
        self._least = getattr(kind.parameter_info, "min", None) or 0
        self._most = getattr(kind.parameter_info, "max", None) or sys.maxsize
        self._own = own

    def __call__(self) -> _AsTyped:
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        if self._words:
            return value
        if self._counts and self._least <= (number := _number(value)) <= self._most:
            return number
        return self._own().coerce(value, param=param, ctx=ctx)


def _number(value: int | str) -> int:
    """What was given, or stands for what was not; -1 where it is no plain number."""
    if isinstance(value, int):
        return value
    plain = value.isascii() and value.isdigit() and len(value) < _DIGITS
    return int(value) if plain else -1


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
