"""What the shell offers when Tab is pressed. Nothing here may ever fail: a shell shows it raw."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import typer

from poc_tui.rules.text import safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from poc_tui.store.queries.reader import Reader


def _values(name: str) -> Callable[[str], list[str]]:
    """Offers the values of that type of `models.values`."""

    def offered(incomplete: str) -> list[str]:
        from poc_tui.models import values

        return _starting(getattr(values, name), incomplete)

    return offered


kinds = _values("Kind")
channels = _values("Channel")
priorities = _values("Priority")
resolutions = _values("Resolution")
outcomes = _values("Outcome")


def views(incomplete: str) -> list[str]:
    """The views of the queue."""
    from poc_tui.store.queries.views import VIEWS

    return _starting(VIEWS, incomplete)


def lists(incomplete: str) -> list[str]:
    """What becomes of mail from mailing lists."""
    from poc_tui.settings.mail import Lists

    return _starting(get_args(Lists), incomplete)


def ways(incomplete: str) -> list[str]:
    """The ways of mail that ask for a password."""
    from poc_tui.settings.mail import Way

    return _starting(get_args(Way), incomplete)


def departments(ctx: typer.Context, incomplete: str) -> list[str]:
    """The departments in use."""
    return _from_store(ctx, incomplete, "SELECT name FROM department WHERE retired_at IS NULL")


def customers(ctx: typer.Context, incomplete: str) -> list[str]:
    """Customers by the start of their name."""
    from poc_tui.rules.text import fold

    start = fold(incomplete)
    return _from_store(
        ctx,
        incomplete,
        "SELECT name FROM customer WHERE name_folded >= ? AND name_folded < ?"
        " ORDER BY name_folded LIMIT 50",
        (start, start + "\U0010ffff"),
    )


def leads(ctx: typer.Context, incomplete: str) -> list[str]:
    """Those who lead a department, as they are written there."""
    return _starting(
        _names(ctx, "SELECT DISTINCT lead FROM department WHERE retired_at IS NULL AND lead <> ''"),
        incomplete,
    )


def _starting(values: Iterable[str], incomplete: str) -> list[str]:
    return [str(value) for value in values if value.startswith(incomplete)]


def _from_store(
    ctx: typer.Context, incomplete: str, sql: str, parameters: tuple[str, ...] = ()
) -> list[str]:
    """Names that go on as what was typed begins; folded, since Typer drops what is spelt otherwise.

    A name is understood in either spelling.
    """
    from poc_tui.rules.text import fold

    typed = fold(incomplete)
    names = map(fold, _names(ctx, sql, parameters))
    return [incomplete + name[len(typed) :] for name in names if name.startswith(typed)]


def _names(ctx: typer.Context, sql: str, parameters: tuple[str, ...] = ()) -> list[str]:
    from poc_tui.cli.context import Context
    from poc_tui.store.queries.reader import Reader

    reader: Reader | None = None
    try:
        reader = Reader(Context.of(ctx).path)
        return [safe(name) for (name,) in reader.rows(sql, parameters)]
    except Exception:  # no store yet, one of another version, a lock: nothing to offer
        return []
    finally:
        if reader is not None:
            reader.close()
