"""Of which request one is a duplicate: a number, with the likely ones offered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from textual import events, on
from textual.widgets import Input

from poc_tui.errors import NotUnderstood
from poc_tui.models.values import Resolution
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.fields import Field, SoughtField, stepped
from poc_tui.store.queries.queue import by_number
from poc_tui.store.queries.search import likely_others

if TYPE_CHECKING:
    from collections.abc import Sequence

    from poc_tui.screens.dialogs.request_dialog import RequestDialog
    from poc_tui.store.queries.reader import Reader
    from poc_tui.store.records import QueueRow

_NUMBER = re.compile(r"#?(\d{1,18})")
_SUBJECT, _CUSTOMER = 30, 16
"""Cells in a line about a request."""


class DuplicateField(SoughtField):
    """The number of the other request, and below it which that is.

    Up and down step through those that are likely.

    Args:
        reader: where requests are looked up.
        rows: those that are duplicates.
    """

    def __init__(self, reader: Reader, rows: Sequence[QueueRow]) -> None:
        super().__init__("", "duplicate-of")
        self._reader = reader
        self._rows = rows
        self._likely: Sequence[QueueRow] | None = None
        """Looked for when the field is first shown."""

    @property
    def number(self) -> int:
        """The number of the other request.

        Raises:
            NotUnderstood: it is none, or there is no request of that number.
        """
        words = self.value.strip()
        match = _NUMBER.fullmatch(words)
        if match is None:
            ask = f"“{one_line(words, _SUBJECT)}” is no number" if words else "of which request?"
            raise NotUnderstood(f"{ask} Give the number of the other request, or take one with ↓")
        if not by_number(self._reader, [int(match[1])]):
            raise NotUnderstood(f"there is no request #{match[1]}")
        return int(match[1])

    def on_key(self, event: events.Key) -> None:
        by = {"down": 1, "up": -1}.get(event.key)
        if by is None or not self._likely:
            return
        event.stop()
        event.prevent_default()
        numbers = [str(row.number) for row in self._likely]
        current = self.value.strip().lstrip("#")
        self._line.put(numbers[stepped(numbers, current, by)])
        self._show_echo()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._show_echo()

    def offer(self) -> None:
        """Offer the likely ones. Raises what reading the store raises."""
        if self._likely is None:
            self._likely = likely_others(self._reader, self._rows)
            self._show_echo()

    def _said(self) -> str:
        if not self.value.strip():
            return f"↓ {_told(self._likely[0])}" if self._likely else "its number"
        try:
            return _told(by_number(self._reader, [self.number])[0])
        except NotUnderstood as error:
            return str(error)


def duplicate_fields(dialog: RequestDialog) -> Iterator[Field]:
    """The field that asks of which request those of the dialog are duplicates."""
    field = DuplicateField(dialog.session.reader, dialog.requests)
    yield Field("of", field, id="duplicate-field")


def ask_of_which(dialog: RequestDialog, resolution: str) -> None:
    """Show the field where it ends as a duplicate. Raises what reading raises."""
    is_one = resolution == Resolution.DUPLICATE
    dialog.query_one("#duplicate-field").set_class(not is_one, "-unused")
    if is_one:
        dialog.query_one(DuplicateField).offer()


def duplicate_of(dialog: RequestDialog, resolution: str) -> int | None:
    """The number of the other request, None where it ends otherwise.

    Raises:
        NotUnderstood: there is no such number.
    """
    if resolution != Resolution.DUPLICATE:
        return None
    with dialog.form.at("duplicate-of"):
        return dialog.query_one(DuplicateField).number


def _told(row: QueueRow) -> str:
    whose = [one_line(row.customer, _CUSTOMER)] if row.customer else []
    return " · ".join((f"#{row.number} {one_line(row.subject, _SUBJECT)}", *whose, row.state))
