"""What still hangs on requests that are about to be resolved, and the fields that ask about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from poc_tui.errors import NeedsYes, PocError
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.parts import Field
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.screens.dialogs.surroundings import read
from poc_tui.store.reading.reader import Reader
from poc_tui.store.reading.reminders import of_request
from poc_tui.store.reading.requests import forwards
from poc_tui.widgets.choice import Choice

NAMES_WIDTH = 28
"""Cells for the names of departments in a choice."""


class LooseEnds(NamedTuple):
    """The departments that have not answered, and the reminders that nobody marked done."""

    departments: Sequence[str]
    reminders: Sequence[str]

    def fields(self) -> Iterator[Field]:
        """One field for each sort of loose end that there is."""
        if self.departments:
            names = one_line(", ".join(self.departments), NAMES_WIDTH)
            options = (("no", "no, keep it open"), ("yes", f"yes, withdraw from {names}"))
            yield Field("withdraw", Choice(options, "no", id="withdraw"), id="withdraw-field")
        if self.reminders:
            which = "it is" if len(self.reminders) == 1 else f"all {len(self.reminders)} are"
            stays = "it stays" if len(self.reminders) == 1 else "they stay"
            options = (("done", f"{which} done"), ("keep", stays))
            yield Field(
                "reminder", Choice(options, "done", id="reminders-done"), id="reminders-field"
            )

    def withdraw(self, dialog: RequestDialog) -> bool:
        """Whether the person said that the open questions are to be withdrawn."""
        return bool(self.departments) and dialog.value("withdraw") == "yes"

    def at_fault(self, error: PocError) -> str | None:
        """The id of the field that has to say yes, if that is what is missing."""
        return "withdraw" if isinstance(error, NeedsYes) and self.departments else None

    def reminders_done(self, dialog: RequestDialog) -> bool | None:
        """Whether the reminders are done (True) or stay; None where there are none."""
        return dialog.value("reminders-done") == "done" if self.reminders else None


def loose_ends(dialog: RequestDialog) -> LooseEnds:
    """What hangs on the requests of the dialog. Raises what reading raises."""

    def reading(reader: Reader) -> LooseEnds:
        asked = [row for number in dialog.numbers for row in forwards(reader, number)]
        noted = [row for number in dialog.numbers for row in of_request(reader, number)]
        return LooseEnds(
            tuple(dict.fromkeys(row.department for row in asked if row.is_open)),
            tuple(row.text for row in noted if row.done_at is None and not row.kept),
        )

    return read(dialog.session, reading)
