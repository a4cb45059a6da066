"""What is imported when: the reason the desk opens before one looks up."""

from __future__ import annotations

import sys

import pytest

from tests.helpers.imports import modules_after

HEAVY = ("sqlmodel", "sqlalchemy", "pydantic")


@pytest.mark.parametrize(
    "module",
    [
        "poc_tui.app",
        "poc_tui.screens.desk",
        "poc_tui.widgets.timeline",
        "poc_tui.store.queries.queue",
        "poc_tui.store.queries.customers",
        "poc_tui.store.queries.search",
        "poc_tui.store.drafts",
        "poc_tui.store.migrations.migrate",
        "poc_tui.settings.load",
        "poc_tui.quick.add",
    ],
)
def test_the_first_paint_does_not_wait_for_the_write_side(module: str) -> None:
    assert not modules_after(f"import {module}") & set(HEAVY)


def test_the_quick_lane_is_standard_library_only() -> None:
    loaded = modules_after(
        "import poc_tui.quick.add, poc_tui.rules.dates.human_dates, poc_tui.rules.time_source"
    )
    roots = {name.partition(".")[0] for name in loaded} - {"poc_tui", "__main__"}
    strangers = {
        name for name in roots if name not in sys.stdlib_module_names and "editable" not in name
    }
    assert not {name for name in strangers if not name.startswith(("_", "sitecustomize"))}
    assert "dataclasses" not in loaded, "it costs 10 ms of the 18"


def test_a_list_for_scripts_loads_nothing_that_takes_as_long_as_a_thousand_requests() -> None:
    loaded = modules_after("import poc_tui.quick.list_json") - modules_after("pass")
    assert not loaded & {"dataclasses", "enum", "json", "re", "typing"}


def test_the_command_line_does_not_load_textual() -> None:
    loaded = modules_after("import poc_tui.cli.main")
    assert "textual" not in loaded
    assert not loaded & set(HEAVY)
