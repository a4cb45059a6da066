"""What a dialog is put together from: labelled fields, and lines to read."""

from __future__ import annotations

from enum import StrEnum

from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, Static

from poc_tui.rules.text import safe
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import LineField, TextField, UnderstoodField

FormField = LineField | TextField | Choice | UnderstoodField
"""What has an id, a value, and a way in."""


class Field(Horizontal):
    """A label in its column, and what it labels."""

    DEFAULT_CSS = """
    Field {
        height: auto;
        & > Label { width: 13; color: $text-muted; }
        & > LineField { width: 1fr; }
        & > FieldRemark { padding: 0 1; }
        &.-current > Label { color: $text; text-style: bold; }
    }
    """

    def __init__(
        self, label: str, *contents: Widget, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(Label(label, markup=False), *contents, id=id, classes=classes)

    def on_descendant_focus(self) -> None:
        self.add_class("-current")

    def on_descendant_blur(self) -> None:
        self.remove_class("-current")

    def relabel(self, label: str) -> None:
        """Call the field something else, as another field decides what it is for."""
        self.query_one(Label).update(Content(label))


class FieldRemark(Static):
    """Lines under a field or above it that are there to be read; safe whatever they hold."""

    DEFAULT_CSS = """
    FieldRemark {
        width: 1fr; height: auto; color: $text-muted;
        text-wrap: nowrap; text-overflow: ellipsis;
    }
    """

    def __init__(
        self, words: str = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(Content(safe(words, newline=True)), id=id, classes=classes)

    def say(self, words: str) -> None:
        """Show other lines."""
        self.update(Content(safe(words, newline=True)))


def choice_of(values: type[StrEnum], value: str, id: str, *first: tuple[str, str]) -> Choice:
    """A choice among the values of an enumeration, behind the options that come `first`."""
    return Choice([*first, *((each.value, each.value) for each in values)], value, id=id)
