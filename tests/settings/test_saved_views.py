"""Views of one's own in the settings file."""

from __future__ import annotations

from pathlib import Path

import pytest

from poc_tui.errors import ConfigWrong
from poc_tui.settings.edit import set_table, set_value
from poc_tui.settings.load import load
from poc_tui.settings.saved_views import SavedView


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "poc.toml"


def test_views_are_read_by_their_numbers(file: Path) -> None:
    file.write_text(
        "[views]\n"
        '7 = { name = "Meyer", view = "open", filter = "meyer", sort = "customer" }\n'
        '0 = { name = "Invoices", search = "invoice" }\n'
        "[views.8]\n"
        'name = "Late ones"\n'
        'view = "late"\n'
    )
    assert load(str(file), {}).views == {
        "7": SavedView("Meyer", "open", "meyer", "view", "customer"),
        "8": SavedView("Late ones", "late"),
        "0": SavedView("Invoices", "open", "invoice", "search"),
    }


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("7 = 3", '"views.7" is a table: write 7 = { name = "Late", view = "late" }.'),
        ('7 = { name = "x", sort = "size" }', '"views.7.sort" must be one of due, received'),
        ('7 = { name = "x", view = "size" }', '"views.7.view" must be one of '),
        ('7 = { name = "x", view = 1 }', '"views.7.view" must be one of '),
        ('7 = { nam = "x" }', 'there is no setting "views.7.nam". The nearest is "views.7.name".'),
        ('5 = { name = "x" }', '"views.5" is no key of a saved view: 7, 8, 9, 0 are.'),
        ('7 = { view = "open" }', '"views.7.name" must be a name of at most 24 characters'),
        (f'7 = {{ name = "{"x" * 25}" }}', '"views.7.name" must be a name of at most 24'),
        (r'7 = { name = "a\nb" }', '"views.7.name" must be a name of at most 24'),
        (
            '7 = { name = "x", search = "a", view = "open" }',
            '"views.7" has both "search" and a view or a filter.',
        ),
    ],
)
def test_what_will_not_do_is_refused_and_file_and_key_are_named(
    file: Path, written: str, sentence: str
) -> None:
    file.write_text(f"[views]\n{written}\n")
    with pytest.raises(ConfigWrong) as refused:
        load(str(file), {})
    assert str(refused.value).startswith(f"{file}: {sentence}")


def test_a_view_is_written_changed_and_taken_out_and_the_rest_stays(file: Path) -> None:
    before = '# mine\n[views]\n# seven\n7 = { name = "Old" }  # mine\n8 = { name = "Eight" }\n'
    file.write_text(before)
    entries = SavedView("New", "late", sort="priority").entries()
    set_table(str(file), "views.9", entries, {})
    assert load(str(file), {}).views["9"] == SavedView("New", "late", sort="priority")
    assert file.read_text().startswith(before)
    set_table(str(file), "views.9", None, {})
    assert file.read_text() == before
    set_table(str(file), "views.8", {"name": "Other"}, {})
    assert file.read_text() == before.replace('{ name = "Eight" }', '{name = "Other"}')


def test_one_field_of_a_view_is_set_like_any_setting(file: Path) -> None:
    file.write_text('[views]\n7 = { name = "Old" }\n')
    set_value(str(file), "views.7.name", "New", {})
    assert load(str(file), {}).views["7"].name == "New"


def test_what_will_not_do_is_not_written(file: Path) -> None:
    file.write_text("")
    with pytest.raises(ConfigWrong, match=r"views\.7\.sort"):
        set_table(str(file), "views.7", {"name": "x", "sort": "size"}, {})
    assert file.read_text() == ""
