"""The fields of a dialog: what they hold, what a person changed in them, and which is at fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from textual.widgets import Input, TextArea

from poc_tui.errors import NotUnderstood, PocError
from poc_tui.rules.service.office_hours import OfficeHours
from poc_tui.rules.service.opening_hours import next_open
from poc_tui.screens.dialogs.fields import FormField, FurtherFields
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.date_field import DateField
from poc_tui.widgets.text_fields import LineField, TextField

if TYPE_CHECKING:
    from textual.screen import Screen

    from poc_tui.screens.session import Session
    from poc_tui.store.records import Done


class Form:
    """The fields in the container `#fields` of a dialog, by their ids."""

    def __init__(self, dialog: Screen[Done | None], session: Session) -> None:
        self.fault: str | None = None
        """The id of the field in which something was not understood."""
        self._dialog = dialog
        self._session = session
        self._before: dict[str, str] = {}
        self._followed: dict[str, str] = {}
        """What the fields held when they had followed each other; only another value is a
        person's doing."""
        self._with_value: tuple[FormField, ...] = ()

    def begin(self) -> None:
        """From now on, what differs from what the fields hold now is a person's doing."""
        self._before = self.values()

    @property
    def is_begun(self) -> bool:
        """Whether the fields are there."""
        return bool(self._before)

    @property
    def is_untouched(self) -> bool:
        """Whether every field holds what it held when the dialog opened."""
        return self.values() == self._before

    @property
    def has_news(self) -> bool:
        """Whether a person has done something since the fields followed each other."""
        return self.is_begun and self.values() != self._followed

    def follow(self, change: Callable[[], object], complain: Callable[[str], object]) -> None:
        """Let `change` set fields as others now call for, once for what a person did."""
        with self._dialog.prevent(Input.Changed, TextArea.Changed, Choice.Changed):
            try:
                change()
            except PocError as error:
                complain(str(error))
        self._followed = self.values()
        for further in self._dialog.query(FurtherFields):
            further.say()

    def go_to(self, id: str) -> None:
        """Give the keys to a field, which may be one of those that stand in words."""
        field = self.field(id)
        for further in self._dialog.query(FurtherFields):
            further.open(further in field.ancestors)
        field.focus()

    def field(self, id: str) -> FormField:
        """The field of that id."""
        return next(field for field in self.all() if field.id == id)

    def value(self, id: str) -> str:
        """What the field of that id holds."""
        return self.field(id).value

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
            self.fault = id
            raise

    def date(self, id: str) -> datetime | None:
        """The date in the field `id` (aware UTC), None if it is empty.

        Raises:
            NotUnderstood: it is no date, or one that is past.
        """
        with self.at(id):
            return self._dialog.query_one(f"#{id}", DateField).moment

    def date_field(
        self,
        id: str,
        *,
        value: str = "",
        default: datetime | None = None,
        remark: str = "",
        begins: bool = False,
        kind: type[DateField] = DateField,
    ) -> DateField:
        """A field for a date, or of another `kind`, read as the settings say.

        A day without a time is its end of business, by which something is due; with `begins` its
        start, at which something is to be on the desk again.
        """
        return kind(
            self._session.clock,
            day_first=self._session.settings.day_first,
            office=OfficeHours(self._session.settings.hours, begins=begins),
            value=value,
            default=default,
            remark=remark,
            id=id,
        )

    def next_morning(self) -> datetime:
        """When business opens on the first day after today that it does (aware UTC)."""
        clock = self._session.clock
        tomorrow = clock.now().astimezone(clock.zone).date() + timedelta(days=1)
        midnight = datetime.combine(tomorrow, time(0), clock.zone).astimezone(UTC)
        return next_open(self._session.settings.hours, midnight)

    def all(self) -> Sequence[FormField]:
        """The fields with a value; looked for once, and again when more have come."""
        if not self._with_value:
            self._with_value = tuple(
                widget
                for widget in self._dialog.query_one("#fields").query("*")
                if widget.id is not None and isinstance(widget, FormField)
            )
        return self._with_value

    def values(self) -> dict[str, str]:
        """What each field holds, by its id."""
        return {field.id: field.value for field in self.all() if field.id is not None}

    def has_words(self) -> bool:
        """Whether there are words that were not there before; a choice is quickly made again."""
        return any(
            field.value != self._before.get(field.id or "")
            for field in self.all()
            if not isinstance(field, Choice)
        )

    def half_typed(self) -> dict[str, str]:
        """What is worth keeping: what fields hold that held something else, if that is words."""
        if not self.has_words():
            return {}
        return {id: words for id, words in self.values().items() if words != self._before.get(id)}


def grow(form: Form) -> None:
    """Take fields in that came later; what they hold now is nobody's doing."""
    form._with_value = ()
    for id, value in form.values().items():
        form._before.setdefault(id, value)
        form._followed.setdefault(id, value)


def put(form: Form, words: Mapping[str, str]) -> None:
    """Let fields hold these words as if a person had typed them, by their ids; in a text they
    stand behind what was half typed."""
    for id, typed in words.items():
        field = form.field(id)
        if isinstance(field, Choice):
            field.chosen = field.value = typed
        elif isinstance(field, LineField):
            field.select_on_focus = False  # who goes on typing goes on behind them
            field.put(typed)
        else:
            kept = field.value if isinstance(field, TextField) and form.is_changed(id) else ""
            field.value = "\n".join(filter(None, (kept, typed)))
