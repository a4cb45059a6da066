"""The rows that verbs write are those of the models, and know their columns."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from poc_tui.store.rows import Department, Request
from poc_tui.store.taking_down import new_request
from tests.project.spelled_rows import ROWS, models, spelled

NOON = datetime(2026, 3, 2, 12, 0, 0, 250_000, UTC)


def department(**values: object) -> Department:
    return Department(**{"name": "IT", "name_folded": "it", "answer_within": 60, **values})  # type: ignore[arg-type]


def test_the_rows_are_spelled_as_the_models_have_them() -> None:
    assert ROWS.read_text("utf-8") == spelled(), "run `make rows`"


def test_the_keys_are_those_of_the_models() -> None:
    from poc_tui.store.writer import COMPUTED, KEYS

    tables = [model.__table__ for model in models()]  # type: ignore[attr-defined]
    assert {table.name: tuple(table.primary_key.columns.keys()) for table in tables} == KEYS
    computed = {t.name: column.name for t in tables for column in t.columns if column.computed}
    assert computed == COMPUTED


@pytest.mark.parametrize("column", ["nam", "table", "sort_at"])
def test_a_column_that_there_is_not_is_refused(column: str) -> None:
    with pytest.raises(AttributeError, match=column):
        department(**{column: "x"})
    with pytest.raises(AttributeError, match=column):
        setattr(department(), column, "x")


@pytest.mark.parametrize(
    ("column", "value"),
    [("name", 1), ("answer_within", "60"), ("retired_at", 1_700_000_000), ("lead", ["Ann"])],
)
def test_a_value_of_another_type_is_refused(column: str, value: object) -> None:
    with pytest.raises(TypeError, match=column):
        department(**{column: value})


def test_only_the_store_gives_an_id() -> None:
    with pytest.raises(AttributeError, match="id"):
        department(id=7)


def test_a_new_row_lacks_nothing_that_the_store_asks_for() -> None:
    with pytest.raises(AttributeError, match="answer_within, name_folded"):
        Department(name="IT")  # type: ignore[call-arg]


def test_a_moment_without_a_zone_is_refused_and_parts_of_a_second_are_cut_off() -> None:
    it = department(retired_at=NOON)
    assert it.retired_at == NOON.replace(microsecond=0)
    with pytest.raises(ValueError, match="time zone"):
        it.retired_at = NOON.replace(tzinfo=None)
    assert it.retired_at == NOON.replace(microsecond=0)


def test_a_new_request_is_what_the_models_say_where_nobody_says_otherwise() -> None:
    new = new_request("keys", "", received_at=NOON, now=NOON)
    fresh = Request(subject="keys", received_at=NOON, touched_at=NOON)
    said = ("kind", "channel", "priority", "state", "court", "text", "due_at", "due_for")
    assert {name: new[name] for name in said} == {name: getattr(fresh, name) for name in said}
    assert new.keys() < Request.columns.keys()
