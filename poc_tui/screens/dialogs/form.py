"""The fields of a dialog: what they hold, what a person changed in them, and which is at fault."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.errors import NotUnderstood, PocError
from poc_tui.rules.service.office_hours import OfficeHours
from poc_tui.screens.dialogs.fields import FormField
from poc_tui.screens.frozen_modal import FrozenModal
from poc_tui.store.records import Done
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.date_field import DateField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session


class Form(FrozenModal[Done | None]):
    """Fields by their ids, inside a container `#fields`."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._before: dict[str, str] = {}
        self._at: str | None = None
        self._with_value: tuple[FormField, ...] = ()

    def fields(self) -> Iterable[Widget]:
        """The fields, from above to below."""
        raise NotImplementedError

    def field(self, id: str) -> FormField:
        """The field of that id."""
        return next(field for field in self._form_fields() if field.id == id)

    def value(self, id: str) -> str:
        """What the field of that id holds."""
        return self.field(id).value

    def at_fault(self, error: PocError) -> str | None:
        """The id of the field in which the person can put `error` right, if it is one."""
        return self._at

    def is_changed(self, id: str) -> bool:
        """Whether the field holds something else than when the dialog opened."""
        return self.value(id) != self._before[id]

    def changed(self, id: str) -> str | None:
        """What the field holds now, None if that is what it held when the dialog opened."""
        return self.value(id) if self.is_changed(id) else None

    def prefill(self, id: str, words: str) -> None:
        """Let the field hold these words as if it always had, unless a person has changed it."""
        if not self.is_changed(id) and self.value(id) != words:
            self.field(id).value = words
            self._before[id] = self.value(id)

    @contextmanager
    def at(self, id: str) -> Iterator[None]:
        """What is not understood in this block is the fault of the field `id`."""
        try:
            yield
        except NotUnderstood:
            self._at = id
            raise

    def date(self, id: str) -> datetime | None:
        """The date in the field `id` (aware UTC), None if it is empty.

        Raises:
            NotUnderstood: it is no date, or one that is past.
        """
        with self.at(id):
            return self.query_one(f"#{id}", DateField).moment

    def date_field(
        self,
        id: str,
        *,
        value: str = "",
        default: datetime | None = None,
        remark: str = "",
        begins: bool = False,
    ) -> DateField:
        """A field for a date, read as the settings say.

        A day without a time is its end of business, by which something is due; with `begins` its
        start, at which something is to be on the desk again.
        """
        return DateField(
            self.session.clock,
            day_first=self.session.settings.day_first,
            office=OfficeHours(self.session.settings.hours, begins=begins),
            value=value,
            default=default,
            remark=remark,
            id=id,
        )

    def _form_fields(self) -> Sequence[FormField]:
        """The fields with a value; looked for once, since none comes later."""
        if not self._with_value:
            self._with_value = tuple(
                widget
                for widget in self.query_one("#fields").query("*")
                if widget.id is not None and isinstance(widget, FormField)
            )
        return self._with_value

    def _values(self) -> dict[str, str]:
        return {field.id: field.value for field in self._form_fields() if field.id is not None}

    def _typed(self) -> bool:
        """Whether there are words that were not there before; a choice is quickly made again."""
        return any(
            field.value != self._before.get(field.id or "")
            for field in self._form_fields()
            if not isinstance(field, Choice)
        )
