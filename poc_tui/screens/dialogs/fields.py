"""What a dialog is put together from: labelled fields, and lines to read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Label, Static

from poc_tui.errors import StoreBusy
from poc_tui.rules.text import safe
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import LineField, TextField, UnderstoodField

T = TypeVar("T")

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
        self._label = label

    def on_descendant_focus(self) -> None:
        self.add_class("-current")

    def on_descendant_blur(self) -> None:
        self.remove_class("-current")

    def relabel(self, label: str) -> None:
        """Call the field something else, as another field decides what it is for."""
        self._label = label
        self.query_one(Label).update(Content(label))

    def in_words(self) -> str:
        """What it is for and what it holds; empty where that is nothing."""
        said = self._holder().in_words
        return f"{self._label} {said}" if said else ""

    def enter(self) -> None:
        """Give it the keys, at once."""
        holder = self._holder()
        self.screen.set_focus(
            holder.query_one(LineField) if isinstance(holder, UnderstoodField) else holder
        )

    def _holder(self) -> FormField:
        holders = (child for child in self.query("*") if isinstance(child, FormField))
        return next(holders)


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


class SoughtField(Vertical, UnderstoodField):
    """Words for something that the store may know, and below them what that is."""

    DEFAULT_CSS = """
    SoughtField {
        height: 2; width: 1fr;
        & > Static { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """  # noqa: E501

    def _show_echo(self) -> None:
        with suppress(StoreBusy):  # the next letter looks again
            self._echo.update(Content(self._said()))

    def _said(self) -> str:
        """What the words are for, safe to show. Raises what reading raises."""
        raise NotImplementedError


def stepped(offered: Sequence[T], current: T, by: int) -> int:
    """The place of the one before or behind the current one, around the ends; of the first or the
    last where the current one is not offered."""
    if current in offered:
        return (offered.index(current) + by) % len(offered)
    return 0 if by == 1 else len(offered) - 1


class InWords(Static, can_focus=True):
    """What further fields hold; it takes the focus for the first of them."""


class LazyFields(Vertical):
    """Fields that are made when somebody goes there, as making them costs as much as all others.

    Args:
        make: gives the fields.
        in_words: what they would hold, in words; empty for nothing.
        made: is called once they are there.
    """

    DEFAULT_CSS = "LazyFields { height: auto; }"

    def __init__(
        self,
        make: Callable[[], Iterable[Widget]],
        in_words: Callable[[], str],
        made: Callable[[], object],
    ) -> None:
        super().__init__()
        self._make = make
        self._in_words = in_words
        self._made = made
        self._begun = False

    def in_words(self) -> str:
        """What they would hold; empty once they are there and say so themselves."""
        return "" if self._begun else self._in_words()

    def fill(self, then: Callable[[], object] = lambda: None) -> None:
        """Make them if they are not there, and do something `then`."""

        async def fill() -> None:
            if not self._begun:
                self._begun = True
                await self.mount(*self._make())
                self._made()
            then()

        self.call_later(fill)


class FurtherFields(Vertical):
    """Fields that are mostly right as they are: at the foot of a conversation they stand in one
    line of words, until the Tab key goes there."""

    DEFAULT_CSS = """
    FurtherFields {
        height: auto;
        & > InWords { display: none; width: 1fr; height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """  # noqa: E501

    def __init__(self, *fields: Widget) -> None:
        super().__init__(classes="-closed")
        self._fields = fields
        self._words = InWords("", markup=False)

    def compose(self) -> ComposeResult:
        yield self._words
        yield from self._fields

    def say(self) -> None:
        """Put into words what the fields hold now."""
        fields = (each for each in self.query("Field, LazyFields") if not each.has_class("-unused"))
        said = (each.in_words() for each in fields if isinstance(each, Field | LazyFields))
        self._words.update(Content(safe(" · ".join(filter(None, said)))))

    def open(self, open: bool = True) -> None:
        """Show the fields themselves, or put them into words again."""
        self.set_class(not open, "-closed")
        for late in self.query(LazyFields) if open else ():
            late.fill()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Show them to whoever goes there, who then stands in the first."""
        if event.widget is self._words:
            self.open()
            for each in self._used()[:1]:
                each.enter()  # at once: the next key is for it

    def on_descendant_blur(self) -> None:
        """Put them into words when the keys have gone elsewhere, unless the dialog has closed."""
        if self.is_attached:
            focused = self.screen.focused
            self.open(focused is not None and self in focused.ancestors)

    def _used(self) -> list[Field]:
        return [field for field in self.query(Field) if not field.has_class("-unused")]
