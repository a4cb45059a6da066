"""What the shell offers when Tab is pressed. Nothing here may ever fail: a shell shows it raw."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, get_args

import typer

from poc_tui.rules.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from poc_tui.store.queries.reader import Reader


def _values(name: str, module: str = "models.values") -> Callable[[str], list[str]]:
    """Offers the values that a type has, or the names that a table has."""

    def offered(incomplete: str) -> list[str]:
        found = getattr(import_module(f"poc_tui.{module}"), name)
        return _starting(get_args(found) or found, incomplete)

    return offered


kinds = _values("Kind")
channels = _values("Channel")
priorities = _values("Priority")
resolutions = _values("Resolution")
outcomes = _values("Outcome")
views = _values("VIEWS", "store.queries.views")
lists = _values("Lists", "settings.mail")
treated = _values("SenderTreatment", "settings.mail")
ways = _values("Way", "settings.mail")


def departments(ctx: typer.Context, incomplete: str) -> list[str]:
    """The departments in use."""
    from poc_tui.store.queries.departments import departments

    return _from_store(ctx, incomplete, lambda reader: (row.name for row in departments(reader)))


def customers(ctx: typer.Context, incomplete: str) -> list[str]:
    """Customers by the start of their name."""
    from poc_tui.store.queries.customers import names_from

    return _from_store(ctx, incomplete, lambda reader: names_from(reader, incomplete))


def leads(ctx: typer.Context, incomplete: str) -> list[str]:
    """Those who lead a department, as they are written there."""
    from poc_tui.store.queries.departments import departments

    found = _names(ctx, lambda reader: (row.lead for row in departments(reader) if row.lead))
    return _starting(dict.fromkeys(found), incomplete)


def _starting(values: Iterable[str], incomplete: str) -> list[str]:
    return [str(value) for value in values if value.startswith(incomplete)]


def _from_store(
    ctx: typer.Context, incomplete: str, names: Callable[[Reader], Iterable[str]]
) -> list[str]:
    """Names that go on as what was typed begins; folded, since Typer drops what is spelt otherwise.

    A name is understood in either spelling.
    """
    from poc_tui.rules.text import fold

    typed = fold(incomplete)
    folded = map(fold, _names(ctx, names))
    return [incomplete + name[len(typed) :] for name in folded if name.startswith(typed)]


def _names(ctx: typer.Context, names: Callable[[Reader], Iterable[str]]) -> list[str]:
    from poc_tui.cli.context import Context
    from poc_tui.store.queries.reader import Reader

    reader: Reader | None = None
    try:
        reader = Reader(Context.of(ctx).path)
        return [safe(name) for name in names(reader)]
    except Exception:  # no store yet, one of another version, a lock: nothing to offer
        return []
    finally:
        if reader is not None:
            reader.close()
